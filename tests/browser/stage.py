"""What stands behind the pages of the browser tests: the demo's people, the real directive as a draft, or the played campaign."""

import os
from datetime import date, datetime, timedelta
from pathlib import Path

from accounts.models import User
from directive_tracker import clock
from directive_tracker.demo_people import create_demo_people
from directive_tracker.demo_story.player import play
from tasks.issuing import issue
from tasks.models import Directive
from tasks.recording import record_directive
from tests.factories import at
from units.reference import load_reference

ROOT = Path(__file__).parents[2]
TEXT = ROOT / "tasks" / "data" / "kon-tum-70-nam-dien-bien-phu.txt"
PICTURES = ROOT / "docs" / "screenshots"
PASSWORD = "mat-khau-cua-ban-thu"
WANTS_PICTURES = os.environ.get("SCREENSHOTS") == "1"
# By this evening the units have reported once, which puts every state on the pages in a third of the time.
PLAYED_UNTIL = date(2024, 4, 14) if WANTS_PICTURES else date(2024, 3, 19)


class Stage:
    """The demo behind a live server: builds its rows, moves its clock."""

    def __init__(self, url: str) -> None:
        self.url = url

    def draft(self) -> Directive:
        """Thursday 15/02/2024, 08:30: units, people, and the real directive waiting to be issued."""
        load_reference()
        create_demo_people(PASSWORD, at("2024-02-14", "08:00"))
        office = User.objects.get(username="vanphong")
        directive, _ = record_directive(TEXT.read_bytes(), TEXT.name, office, at("2024-02-14", "16:00"))
        self.turn_clock("2024-02-15", "08:30")
        return directive

    def issued(self) -> Directive:
        """The same, issued that morning; nobody has answered yet."""
        directive = self.draft()
        issue(directive, by=User.objects.get(username="vanphong"), now=at("2024-02-15", "08:30"))
        return directive

    def played(self) -> Directive:
        """The campaign as seed_demo plays it, on the morning after its last day."""
        load_reference()
        create_demo_people(PASSWORD, at("2024-02-14", "08:00"))
        play(PLAYED_UNTIL)
        self.turn_clock(PLAYED_UNTIL + timedelta(days=1), "08:05")
        return Directive.objects.get()

    def turn_clock(self, day: date | str, clock_time: str = "08:30") -> datetime:
        """Set the demo's clock; it runs on from there."""
        moment = at(day, clock_time)
        clock.set_demo_clock(moment)
        return moment
