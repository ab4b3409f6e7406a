"""What the parts of a check share: the snapshot, the day, the errors so far and the rows that have one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from units.importing.names import Directory, Entry, People
from units.importing.plan import Item, Plan, Problem, typed
from units.importing.reading import Remark, Row, tidy
from units.importing.snapshot import Snapshot
from units.importing.values import Mended, Parser, Wrong


class Check:
    """One check of one book."""

    def __init__(self, snapshot: Snapshot, today: date) -> None:
        self.snapshot, self.today = snapshot, today
        self.plan = Plan()
        self.areas = Directory("địa bàn", today)
        self.units = Directory("đơn vị", today)
        self.people = People()
        self._bad: set[tuple[str, int]] = set()
        self._counted: set[tuple[str, str, int]] = set()

    def fail(self, row: Row, name: str, wrong: str, right: str = "", *, line: str) -> None:
        """Write down an error at a cell; the row is then left out."""
        place = row.places.get(name)
        self.plan.problems.append(
            Problem(
                row.sheet,
                row.number,
                place.letter if place else "",
                place.header if place else row.layout.column(name).header,
                typed(row, name),
                wrong,
                right,
            )
        )
        self._bad.add((row.sheet, row.number))
        mark = (line, row.sheet, row.number)
        if mark not in self._counted:
            self._counted.add(mark)
            self.plan.count(line, "error")

    def is_bad(self, row: Row | tuple[str, int] | None) -> bool:
        """Whether the row has an error."""
        place = (row.sheet, row.number) if isinstance(row, Row) else row
        return place in self._bad

    def remark(self, row: Row, text: str) -> None:
        """Write down something to know."""
        self.plan.remarks.append(Remark(row.sheet, row.number, text))

    def read(self, row: Row, parsers: dict[str, Parser], *, line: str) -> dict[str, Any]:
        """The values of the row's filled cells; wrong ones are written down and left out."""
        found = {}
        for name, parse in parsers.items():
            if name not in row.values:
                continue
            try:
                value = parse(row.values[name])
            except Wrong as wrong:
                self.fail(row, name, wrong.wrong, wrong.right, line=line)
                continue
            if isinstance(value, Mended):
                self.remark(row, value.remark)
                value = str(value)
            found[name] = value
        return found

    def need(self, row: Row, values: dict[str, Any], names: Iterable[str], *, line: str) -> bool:
        """Write down what is missing; a cell that is wrong already is not missing as well."""
        complete = True
        for name in names:
            if name in values:
                continue
            complete = False
            if name not in row.values:
                column = row.layout.column(name)
                right = f"Một trong: {column.choices_said}." if column.choices else column.says
                self.fail(row, name, f"Thiếu {column.header}.", right, line=line)
        return complete

    def find(self, directory: Directory, row: Row, name: str, *, line: str) -> Entry | None:
        """The area or unit a cell means; None where it is wrong (written down) or not filled."""
        value = row.values.get(name)
        if value is None:
            return None
        try:
            entry = directory.find(str(value))
        except Wrong as wrong:
            self.fail(row, name, wrong.wrong, wrong.right, line=line)
            return None
        return entry

    def refuse_unmade(self, row: Row, name: str, entry: Entry | None, word: str, *, line: str) -> bool:
        """Write down that the row which would make the entry has an error itself."""
        if entry is None or entry.made_by is None or not self.is_bad(entry.made_by):
            return False
        sheet, number = entry.made_by
        self.fail(
            row,
            name,
            f"{word} “{entry.names[0]}” ở dòng {number} trang “{sheet}” có lỗi nên chưa tạo được.",
            "Sửa dòng ấy trước.",
            line=line,
        )
        return True

    def settle(
        self, line: str, key: Any, row: Row, label: str, known: Any, values: dict[str, Any], before: dict[str, Any]
    ) -> None:
        """Count a good row and keep what it writes: everything of a new one, else what differs."""
        if known is None:
            self.plan.items.append(Item(line, key, None, label, row.sheet, row.number, values, {}))
            self.plan.count(line, "create")
            return
        changed = {name: value for name, value in values.items() if not _same(value, before[name])}
        if not changed:
            self.plan.count(line, "same")
            return
        old = {name: before[name] for name in changed}
        self.plan.items.append(Item(line, key, known.pk, label, row.sheet, row.number, changed, old))
        self.plan.count(line, "update")


def _same(value: Any, kept: Any) -> bool:
    """Whether a value of the file is the one that is kept; stray blanks of old rows do not count."""
    return value == kept or (isinstance(kept, str) and value == (tidy(kept) or ""))
