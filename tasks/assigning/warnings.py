"""What stands beside the matrix because somebody should look at it before issuing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tasks.assigning.bodies import key_of
from tasks.assigning.grid import Grid
from tasks.issuing import IssuePreview

# So many of one kind are named.
NAMED = 12


@dataclass(frozen=True)
class Warning:
    """One kind of trouble. rows: (short name, place in the page or "") of each; kind: look of the notice."""

    title: str
    rows: list[tuple[str, str]]
    more: int = 0
    kind: str = "warn"


def warnings_of(grid: Grid) -> list[Warning]:
    """Those that apply, the ones that stop the issue first; places are heads of rows and columns of the grid."""
    return warnings_in(grid.preview, shown={column.key for column in grid.columns})


def warnings_in(preview: IssuePreview, *, shown: set[str]) -> list[Warning]:
    """The same of a preview. Arguments: shown, keys of bodies that have a place in the page."""

    def place(body: Any) -> str:
        key = key_of(body)
        return f"#{key}" if key in shown else ""

    return list(
        _said(
            (
                "Đơn vị tự xem xét việc của mình",
                "bad",
                ((f"{item.task.code} – {item.unit.short_name}", f"#t{item.task.pk}") for item in preview.own_reviews),
            ),
            ("Nhiệm vụ chưa có đơn vị chủ trì", "warn", ((task.code, f"#t{task.pk}") for task in preview.without_lead)),
            (
                "Được giao việc nhưng không có trong nơi kính gửi",
                "warn",
                ((unit.short_name, place(unit)) for unit in preview.not_addressed),
            ),
            (
                "Có trong nơi kính gửi nhưng chưa được giao việc nào",
                "warn",
                ((unit.short_name, place(unit)) for unit in preview.not_tasked),
            ),
        )
    )


def _said(*kinds: tuple[str, str, Iterable[tuple[str, str]]]) -> Iterator[Warning]:
    for title, kind, rows in kinds:
        listed = list(rows)
        if listed:
            yield Warning(f"{title} ({len(listed)})", listed[:NAMED], max(0, len(listed) - NAMED), kind)
