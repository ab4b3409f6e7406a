"""Playing the story: from the first day that was not played yet to the evening of a given day, never anything twice."""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.db import transaction

from accounts.models import User
from directive_tracker.demo_story.after_today import after_today
from directive_tracker.demo_story.campaign import campaign
from directive_tracker.demo_story.cast import Cast
from directive_tracker.demo_story.dated import dated
from directive_tracker.demo_story.steps import Step
from directive_tracker.demo_story.together import together
from directive_tracker.vietnamese import ZONE
from notifications import bell
from notifications.models import Message
from notifications.rounds import run_round
from records.audit import record
from records.models import AuditEvent
from tasks import issuing, tallies
from tasks.digests import making as digests
from tasks.errors import Refused
from tasks.ranking.days import note_day
from tasks.recording import record_directive
from units.calendar import work_calendar
from veterans.demo import planned_events, play_registry

RECORDED, ISSUED, LAST_DAY = date(2024, 2, 14), date(2024, 2, 15), date(2024, 5, 20)
TEXT = Path(__file__).parents[2] / "tasks" / "data" / "kon-tum-70-nam-dien-bien-phu.txt"
PLAYED = "demo.played"
# Mail leaves in the morning and before the offices close.
ROUNDS = (time(7, 45), time(16, 50))

logger = logging.getLogger(__name__)


class Plan:
    """Everything that is to happen, by day."""

    def __init__(self) -> None:
        self.steps: dict[date, list[Step]] = defaultdict(list)
        for step in (*campaign(), *after_today(), *dated(), *together()):
            self.steps[step.day].append(step)
        for steps in self.steps.values():
            steps.sort(key=lambda step: (step.hour, step.minute))
        self.registry = planned_events()


@dataclass
class Played:
    """What one run did."""

    days: int = 0
    steps: int = 0
    left_out: int = 0


class Hours:
    """Moments of the story, never before what is stored already: what a visitor has done stays in the past."""

    def __init__(self, newest: datetime | None) -> None:
        self._newest = newest

    def __call__(self, day: date, hour: int, minute: int) -> datetime:
        """That moment, or the next second after the newest event where that is later."""
        moment = datetime.combine(day, time(hour, minute), ZONE)
        if self._newest is not None and moment <= self._newest:
            moment = self._newest = self._newest + timedelta(seconds=1)
        return moment


def last_played() -> date | None:
    """The last day that was played, or None."""
    event = AuditEvent.objects.filter(verb=PLAYED).order_by("-pk").first()
    return date.fromisoformat(event.data["day"]) if event else None


def play(until: date) -> Played:
    """Play the days up to the evening of `until`, at most to 20/5/2024, from where the last run stopped.

    Units and people must be there. Errors: DoesNotExist or KeyError when they are not.
    """
    played = Played()
    last = last_played()
    first = last + timedelta(days=1) if last else RECORDED
    until = min(until, LAST_DAY)
    if first > until:
        return played
    newest = AuditEvent.objects.order_by("-at").values_list("at", flat=True).first()
    at = Hours(newest)
    plan = Plan()
    with bell.silenced():
        cast = _opening(at)
        for offset in range((until - first).days + 1):
            _play_day(cast, first + timedelta(days=offset), plan, at, played)
    return played


def _opening(at: Hours) -> Cast:
    """The directive is recorded as a draft on the first day; later runs find it."""
    users = {user.username: user for user in User.objects.all()}
    directive, _ = record_directive(TEXT.read_bytes(), TEXT.name, users["vanphong"], at(RECORDED, 16, 0))
    return Cast(directive=directive, users=users)


def _play_day(cast: Cast, day: date, plan: Plan, at: Hours, played: Played) -> None:
    """One day: mail in the morning, what people do, mail before evening, the figures at its end. The acts of a day are
    stored together."""
    works = work_calendar().is_working_day(day) and day >= ISSUED
    morning, evening = ROUNDS
    if works:
        run_round(now=at(day, morning.hour, morning.minute))
    with tallies.counted_once(today=day):
        if day == ISSUED:
            issuing.issue(cast.directive, by=cast.office, now=at(day, 8, 30))
        for step in plan.steps.get(day, ()):
            _take(cast, step, at, played)
        if day >= ISSUED:
            played.steps += play_registry(first=day, last=day, at=at, events=plan.registry)
        if works or day in plan.steps or day == RECORDED:
            record(PLAYED, by=None, at=at(day, evening.hour, evening.minute), data={"day": day.isoformat()})
            played.days += 1
    # A round plans too, which costs more than the acts of a quiet day.
    if works and Message.objects.waiting().exists():
        run_round(now=at(day, evening.hour, evening.minute))
    # Digests are frozen after the offices close, on days off too; their mails leave in the morning.
    digests.make_meanwhile(at(day, evening.hour, evening.minute), datetime.combine(day, time.max, ZONE))
    note_day(day, now=at(day, 23, 59))


def _take(cast: Cast, step: Step, at: Hours, played: Played) -> None:
    """One step; it is left out when a visitor of the demo has done it, or the opposite, by hand."""
    try:
        with transaction.atomic():
            step.do(cast, at(step.day, step.hour, step.minute))
    except Refused as reason:
        logger.info("%s: left out, %s", step, reason)
        played.left_out += 1
    else:
        played.steps += 1
