"""What a check finds: what would be made or changed, what is wrong, what is worth knowing."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from directive_tracker.vietnamese import vn_date, vn_number
from units.importing.layout import LONG_AGO_WORD
from units.importing.reading import Remark, Row
from units.models import AreaLevel, Role, UnitKind

LONG_AGO = date(1900, 1, 1)

# One line of figures each, in the order in which they are imported.
LINES = {
    "areas": "Địa bàn",
    "units": "Đơn vị",
    "persons": "Người",
    "roles": "Vai trò",
    "deputies": "Thay mặt",
}
_CHOICES: dict[str, Any] = {"level": AreaLevel, "kind": UnitKind, "role": Role}


@dataclass(frozen=True)
class Ref:
    """Another row by its own key – a code, a user name – whether it is there or only about to be made."""

    key: Any
    label: str = field(compare=False, hash=False)

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where, and what would be right. row None: the whole sheet."""

    sheet: str
    row: int | None
    letter: str
    header: str
    value: str
    wrong: str
    right: str

    @property
    def column(self) -> str:
        """The column as people find it: "F (Vai trò)"."""
        return f"{self.letter} ({self.header})" if self.letter else self.header


@dataclass
class Item:
    """One row of a table to be made (pk None) or changed; `values` holds only what is written."""

    line: str
    key: Any
    pk: int | None
    label: str
    sheet: str
    row: int
    values: dict[str, Any]
    before: dict[str, Any]

    @property
    def is_new(self) -> bool:
        return self.pk is None


@dataclass
class Plan:
    """The outcome of a check. items: in the order of LINES; what stays as it is has none."""

    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    counts: dict[str, Counter] = field(default_factory=dict)

    def of(self, line: str) -> list[Item]:
        """The items of one line."""
        return [item for item in self.items if item.line == line]

    def count(self, line: str, what: str, times: int = 1) -> None:
        """Add to a figure: what is one of create, update, same, error."""
        self.counts.setdefault(line, Counter())[what] += times

    @property
    def has_work(self) -> bool:
        return bool(self.items)

    def figures(self) -> dict[str, dict[str, int]]:
        """The figures of every line that the file speaks of."""
        return {
            line: {what: self.counts[line][what] for what in ("create", "update", "same", "error")}
            for line in LINES
            if line in self.counts
        }

    def digest(self) -> str:
        """A mark of everything that would be written and refused: two equal plans have the same."""
        found = hashlib.sha256()
        for item in self.items:
            values = sorted((name, repr(value)) for name, value in item.values.items())
            found.update(repr((item.line, item.key, item.pk, values)).encode())
        for problem in self.problems:
            found.update(repr(problem).encode())
        return found.hexdigest()


def sentence_of(figures: dict[str, int]) -> str:
    """ "tạo 12 · cập nhật 3 · giữ nguyên 40 · lỗi 2"."""
    words = {"create": "tạo", "update": "cập nhật", "same": "giữ nguyên", "error": "lỗi"}
    return " · ".join(f"{words[what]} {vn_number(figures[what])}" for what in words)


def show(name: str, value: Any) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return "(trống)"
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, date):
        return LONG_AGO_WORD if value == LONG_AGO else vn_date(value)
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    return str(value)


def typed(row: Row, name: str) -> str:
    """What stands in a cell, for the table of errors."""
    value = row.values.get(name)
    return "" if value is None else show("", value)


def problems_by_row(problems: Iterable[Problem]) -> dict[tuple[str, int | None], list[Problem]]:
    """(sheet, row) → its problems, in order."""
    found: dict[tuple[str, int | None], list[Problem]] = {}
    for problem in problems:
        found.setdefault((problem.sheet, problem.row), []).append(problem)
    return found
