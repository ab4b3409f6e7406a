"""Drafts of any size for tests of the assignment matrix: invented tasks, units, a group of some of them."""

from types import SimpleNamespace

from tasks.models import Addressee, TaskRecipient
from tests.factories import at, make_directive, make_office_user, make_product, make_task, make_unit
from units.models import UnitGroup

NOW = at("2026-03-02", "09:00")
TODAY = NOW.date()


def make_draft(*, tasks: int = 2, units: int = 3, grouped: int = 2) -> SimpleNamespace:
    """A draft: every task is led by the group of the first `grouped` units; the last unit is addressed alone."""
    directive = make_directive(state="draft", short_title="Ngày hội đọc sách")
    bodies = [make_unit(f"Huyện ủy Số {number}") for number in range(units)]
    group = UnitGroup.objects.create(code="huyen-uy", name="Các huyện ủy")
    group.units.add(*bodies[:grouped])
    line = Addressee.objects.create(directive=directive, written="Các huyện ủy và đơn vị khác")
    line.groups.add(group)
    line.units.add(*bodies[grouped:])
    made = []
    for number in range(tasks):
        task = make_task(
            directive, f"1.{number + 1}", title=f"Việc {number + 1}", short_title=f"Việc {number + 1}", order=number
        )
        make_product(task, due_kind="fixed", due_date="2026-03-20")
        TaskRecipient.objects.create(task=task, role="lead", group=group, written="Các huyện ủy")
        made.append(task)
    return SimpleNamespace(directive=directive, units=bodies, group=group, tasks=made, office=make_office_user())


def rows_of(task) -> list[tuple[str, str]]:
    """(role, whom) of each recipient, as stored."""
    rows = task.recipients.select_related("unit", "group").order_by("pk")
    return [(row.role, str(row.unit or row.group or row.written)) for row in rows]
