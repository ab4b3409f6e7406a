"""What tests of events and inspections begin with: one monitored task, its units, the people."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from tasks.events.inspections import add_finding, add_place, begin_inspection, send_inspection
from tasks.models import Assignment, DirectiveTask, Finding, Inspection
from tests.factories import at, make_assignment, make_reporter, make_unit
from tests.tasks.story import Story, make_story
from units.models import Unit

NOW, TODAY = at("2024-04-15", "09:00"), date(2024, 4, 15)
MEND_BY = date(2024, 4, 18)


@dataclass
class Field:
    """A task with its units, the unit that monitors it and its reporter."""

    story: Story
    monitor_unit: Unit
    monitor: User

    @property
    def task(self) -> DirectiveTask:
        return self.story.task

    @property
    def assignment(self) -> Assignment:
        return self.story.assignment


def make_field(**assignment_values: Any) -> Field:
    """The story's task, monitored by a unit of its own."""
    story = make_story(state="in_progress", **assignment_values)
    unit = make_unit("Ban Tuyên giáo")
    story.task.monitors.add(unit)
    return Field(story, unit, make_reporter(unit, "tuyengiao"))


def inspect(field: Field, *, by: User | None = None, day: date = TODAY) -> Inspection:
    """A notebook begun by the monitor."""
    return begin_inspection(field.task, day=day, by=by or field.monitor, now=NOW)


def find(
    field: Field,
    *,
    unit: Unit | None = None,
    words: str = "Băng rôn phai màu",
    mend_by: date = MEND_BY,
    inspection: Inspection | None = None,
) -> Finding:
    """A finding at a road of the unit, not sent yet."""
    inspection = inspection or inspect(field)
    place = add_place(
        inspection, kind="road", name="Đường Hùng Vương", unit=unit or field.story.unit, by=field.monitor, now=NOW
    )
    return add_finding(place, words=words, mend_by=mend_by, photo=None, by=field.monitor, now=NOW)


def sent(field: Field, **values: Any) -> Finding:
    """The same, sent to the unit."""
    finding = find(field, **values)
    send_inspection(finding.place.inspection, by=field.monitor, now=NOW)
    return Finding.objects.select_related("place__unit", "place__inspection__task__directive").get(pk=finding.pk)


def other_task_of(field: Field, unit: Unit) -> Assignment:
    """The unit's part of the same task, where it has none yet."""
    return make_assignment(field.task, unit)
