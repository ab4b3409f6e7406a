"""A directive in which every state meets every due day and every kind of task, for tests of the overview."""

import re
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from tasks import tallies
from tasks.enums import AssignmentState
from tasks.models import Assignment, Clause, Directive, DirectiveTask
from tests.factories import (
    at,
    make_clause,
    make_directive,
    make_membership,
    make_office_user,
    make_task,
    make_unit,
    make_user,
)
from units.models import Unit, UnitGroup, UnitKind
from units.models.unit import GroupMember

TODAY = date(2024, 4, 15)
NOW = at("2024-04-15", "08:00")
STATES = tuple(AssignmentState)
# Without a day; long late; new since Monday a week ago; today; still to come.
DUES = (None, date(2024, 4, 7), date(2024, 4, 8), date(2024, 4, 15), date(2024, 4, 16))
KINDS = (
    {},
    {"strength": "encouraged"},
    {"condition_state": "undecided", "condition_decide_by": date(2024, 4, 12)},
    {"condition_state": "applies"},
)


@dataclass
class Full:
    directive: Directive
    office: User
    reader: User
    units: list[Unit]
    tasks: list[DirectiveTask]
    clauses: list[Clause]
    group: UnitGroup


def make_full() -> Full:
    """Ten units lead twenty tasks: each state once with each due day and kind of task; four of the units are a group."""
    directive = make_directive()
    reader = make_user("thuongtruc")
    make_membership(reader, make_unit("Thường trực Tỉnh ủy", kind=UnitKind.STANDING_COMMITTEE), "reader")
    clauses = [
        make_clause(directive, "1a", title="Tuyên truyền"),
        make_clause(directive, "1b", title="Tri ân & lễ <b>"),
    ]
    units = [make_unit(f"Huyện ủy <Số> & {number}") for number in range(len(STATES))]
    full = Full(
        directive, make_office_user(), reader, units, [], clauses, UnitGroup.objects.create(code="hu", name="Nhóm & 1")
    )
    for number, unit in enumerate(units[:5]):
        left = date(2024, 4, 1) if number == 4 else None
        GroupMember.objects.create(group=full.group, unit=unit, valid_to=left)
    for kind_number, kind in enumerate(KINDS):
        for due_number, due in enumerate(DUES):
            task = make_task(directive, f"{kind_number}.{due_number}", clause=clauses[due_number % 2], **kind)
            full.tasks.append(task)
            for number, unit in enumerate(units):
                _give(task, unit, STATES[(number + due_number + 3 * kind_number) % len(STATES)], due)
    count(full)
    return full


def _give(task: DirectiveTask, unit: Unit, state: str, due: date | None) -> Assignment:
    values: dict = {
        "task": task,
        "directive": task.directive,
        "unit": unit,
        "role": "lead",
        "state": state,
        "due_original": due,
        "due_current": due,
        "assigned_on": date(2024, 2, 15),
        "updated_at": at("2024-02-15"),
    }
    if state == AssignmentState.SUBMITTED:
        values["submitted_on"] = date(2024, 4, 8)
    if state == AssignmentState.COMPLETED:
        values["completed_on"] = date(2024, 4, 8)
    if state == AssignmentState.PAUSED:
        values["paused_from"] = AssignmentState.IN_PROGRESS
    return Assignment.objects.create(**values)


def count(full: Full) -> None:
    """Keep the figures as they are now."""
    tallies.refresh(
        full.directive,
        unit_ids=[unit.pk for unit in full.units],
        task_ids=[task.pk for task in full.tasks],
        today=TODAY,
    )


LINK = re.compile(r'<a href="(/phan-viec/\?[^"]*)"[^>]*>([\d.]+)(?: (?:việc|đề nghị))?</a>')


def numbers_of(page: bytes) -> list[tuple[str, int]]:
    """Every number of the page that leads to a list of works: (address, number)."""
    found = LINK.findall(page.decode())
    return [(address.replace("&amp;", "&"), int(number.replace(".", ""))) for address, number in found]


def words_of(page: bytes) -> str:
    """The words of a page with single blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.decode()))
