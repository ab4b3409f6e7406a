"""What the tables of states share: everybody who may come near a unit's work, and the asking of one cell."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction

from tasks.enums import ReportState, SectionState
from tasks.errors import Refused
from tasks.models import ProgressReport, ReportRound, UnitReport
from tasks.reporting import content_of
from tests.factories import at, make_area, make_assignment, make_membership, make_unit, make_user
from tests.tasks.story import make_story
from units.models import Deputation, Role, UnitKind

NOW = at("2024-03-25", "09:00")
TODAY = date(2024, 3, 25)


class Cast:
    """One unit's work with everybody who may come near it."""

    def __init__(self) -> None:
        story = self.story = make_story(due=date(2024, 4, 19), due_source="office")
        story.unit.needs_head_approval = True
        story.unit.save()
        watch = make_unit("Ban Tuyên giáo")
        story.task.monitors.add(watch)
        story.assignment.delete()
        self.people = {"office": story.office, "reporter": story.reporter, "stranger": story.stranger}
        for name, unit, role in (
            ("reader", make_unit("Thường trực", kind=UnitKind.STANDING_COMMITTEE), Role.READER),
            ("unit_head", story.unit, Role.UNIT_HEAD),
            ("monitor", watch, Role.REPORTER),
            ("administrator", make_unit("Trung tâm tin học"), Role.ADMINISTRATOR),
            ("deputy", make_unit("Đơn vị khác"), Role.REPORTER),
        ):
            self.people[name] = make_user(name)
            make_membership(self.people[name], unit, role)
        self.people["registrar"] = make_user("registrar")
        make_membership(self.people["registrar"], role=Role.REGISTRAR, area=make_area())
        deputy = self.people["deputy"]
        Deputation.objects.create(
            deputy=deputy,
            principal=story.office,
            valid_from=TODAY,
            valid_to=TODAY,
            reason="Đi công tác",
            made_by=self.people["administrator"],
            made_at=NOW,
        )
        deputy.acting_for = story.office

    def assignment(self, state: str, **values):
        """The unit's part of the task, in that state."""
        story = self.story
        return make_assignment(
            story.task, story.unit, state=state, due=values.pop("due", date(2024, 4, 19)), due_source="office", **values
        )

    def report(self, state: str) -> UnitReport:
        sent = state not in (ReportState.DRAFT, ReportState.AWAITING_UNIT_HEAD)
        return UnitReport.objects.create(
            directive=self.story.directive,
            unit=self.story.unit,
            state=state,
            created_by=self.story.reporter,
            created_at=NOW,
            saved_by=self.story.reporter,
            saved_at=NOW,
            **({"submitted_by": self.story.reporter, "submitted_at": NOW} if sent else {}),
        )

    def section(self, report: UnitReport, state: str) -> ProgressReport:
        """A section of the unit's work with words; sent unless it is a draft."""
        section = ProgressReport.objects.create(
            unit_report=report, assignment=self.assignment("in_progress"), state=state, results="Đã làm."
        )
        if state != SectionState.DRAFT:
            decided = {
                SectionState.ACCEPTED: "accepted",
                SectionState.RETURNED: "returned",
                SectionState.RECALLED: "withdrawn",
            }.get(SectionState(state))
            ReportRound.objects.create(
                section=section,
                number=1,
                submitted_by=self.story.reporter,
                submitted_at=NOW,
                submitted_on=TODAY,
                content=content_of(section),
                **({"decision": decided, "decided_by": self.story.office, "decided_at": NOW} if decided else {}),
            )
        return section


def table(text: str) -> dict[str, dict[str, set[str]]]:
    """action → person → states in which the person may do it."""
    found: dict[str, dict[str, set[str]]] = {}
    for line in text.strip().splitlines():
        action, people, states = (part.strip() for part in line.split("|"))
        for person in people.split():
            found.setdefault(action, {}).setdefault(person, set()).update(states.split())
    return found


def done(user, target, guard: Callable, act: Callable) -> bool:
    """Whether guard and service both let it happen; nothing has happened afterwards."""
    if not guard(user, target):
        return False
    fresh = type(target)._default_manager.get(pk=target.pk)
    try:
        with transaction.atomic():
            act(fresh, user)
            transaction.set_rollback(True)
    except Refused:
        return False
    return True


def cells(cast: Cast, make: Callable[[str], Any], states, action) -> dict[str, set[str]]:
    """person → the states in which the action was done."""
    found: dict[str, set[str]] = {}
    for state in states:
        with transaction.atomic():
            target = make(state)
            for person, user in cast.people.items():
                if done(user, target, *action):
                    found.setdefault(person, set()).add(str(state))
            transaction.set_rollback(True)
    return found
