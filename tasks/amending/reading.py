"""What pages say of amendments: on the amended document, on its tasks, on the parts of units."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tasks.models import Amendment, AmendmentKind, Directive, DirectiveTask


@dataclass(frozen=True)
class Line:
    """One amendment for a page; document is None where the person may not open it."""

    amendment: Amendment
    what: str


_SAID = {
    AmendmentKind.ADDS: "Được bổ sung bởi",
    AmendmentKind.DUE: "Được đổi hạn bởi",
    AmendmentKind.ENDS: "Được kết thúc bởi",
    AmendmentKind.REPLACES: "Được thay thế bởi",
    AmendmentKind.UNITS: "Được sửa đổi bởi",
}


def amended_by(directive: Directive, *, user: Any, task: DirectiveTask | None = None) -> list[Line]:
    """What later documents did to this one, newest last; of one task what was done to it or to the whole. One statement."""
    rows = Amendment.objects.visible_to(user).applied().filter(amended=directive)
    if task is not None:
        rows = rows.filter(task=task) | rows.filter(task__isnull=True)
    return lines(rows.select_related("document", "task", "new_task").order_by("applied_at", "pk"))


def done_by_task(task: DirectiveTask, *, user: Any) -> list[Amendment]:
    """The earlier tasks or documents that this task supplements or replaces. One statement."""
    rows = Amendment.objects.visible_to(user).filter(new_task=task)
    return list(rows.select_related("amended", "task").order_by("pk"))


def lines(rows: Iterable[Amendment]) -> list[Line]:
    """Each amendment with how it is said."""
    return [Line(row, _SAID[AmendmentKind(row.kind)]) for row in rows]
