"""Playing the demo's story: in several goes, and among visitors who do things themselves."""

from collections import Counter
from datetime import date, datetime

import pytest
from django.db import transaction

from directive_tracker.demo_people import create_demo_people
from directive_tracker.demo_story.player import last_played, play
from directive_tracker.vietnamese import ZONE
from notifications.models import Message, Notice
from records.models import AuditEvent
from tasks.lifecycle import acknowledge
from tasks.models import Assignment, AssignmentProduct, ProgressReport, ReportRound, StatusChange, UnitReport
from units.reference import load_reference
from veterans.models import Person

ROWS = (
    Assignment,
    AssignmentProduct,
    StatusChange,
    UnitReport,
    ProgressReport,
    ReportRound,
    Notice,
    Message,
    AuditEvent,
    Person,
)


@pytest.fixture
def beginning(db, settings, tmp_path):
    """Units and people, before anything has happened; the people by username."""
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    load_reference()
    return create_demo_people("mot-mat-khau", datetime(2024, 2, 14, 8, 0, tzinfo=ZONE))


def counts() -> dict[str, int]:
    """How many rows there are of each kind."""
    return {model.__name__: model.objects.count() for model in ROWS}


def states(role: str) -> dict[str, int]:
    return dict(Counter(Assignment.objects.filter(role=role).values_list("state", flat=True)))


def test_the_draft_of_the_first_day_is_issued_on_the_second(beginning):
    assert last_played() is None
    play(date(2024, 2, 14))
    assert (last_played(), Assignment.objects.count()) == (date(2024, 2, 14), 0)
    play(date(2024, 2, 15))
    assert (last_played(), Assignment.objects.count()) == (date(2024, 2, 15), 113)


def test_going_on_in_two_goes_gives_what_one_go_gives(beginning):
    with transaction.atomic():
        play(date(2024, 3, 1))
        direct = counts(), states("lead"), states("coordinating")
        transaction.set_rollback(True)
    play(date(2024, 2, 22))
    play(date(2024, 3, 1))
    assert (counts(), states("lead"), states("coordinating")) == direct


def test_what_a_visitor_did_first_stays_and_nothing_is_dated_before_it(beginning):
    play(date(2024, 2, 15))
    mine = Assignment.objects.get(task__code="1a.1", unit__code="hu-dak-ha")
    late_evening = datetime(2024, 2, 16, 22, 0, tzinfo=ZONE)
    acknowledge(mine, by=beginning["dakha"], now=late_evening)
    last = AuditEvent.objects.order_by("-pk").first().pk

    play(date(2024, 2, 16))

    assert StatusChange.objects.filter(assignment=mine).count() == 2
    assert Assignment.objects.filter(role="lead", state="assigned").count() == 16
    assert AuditEvent.objects.filter(pk__gt=last, at__lte=late_evening).count() == 0
