"""What was read of a list, written as one JSON document: the form the agreed rules for lists give (docs/registry-lists.md).

Rows are written as they are read, so a long list takes no memory; the document is taken back when the file is refused.
"""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, TextIO

from veterans.lists.codes import FileRefused
from veterans.lists.reading import Event, RowRead, SheetRead, TableRead
from veterans.lists.rows import Person


def write_answer(events: Iterable[Event], name: str, out: TextIO) -> Counter[str]:
    """Write the answer for a file.

    Arguments: events, those of read_list; name of the file; out, empty, seekable and truncatable.
    Returns how many rows are "ok", "error" and "skip", and under the code of a refusal a one.
    """
    writer = _Writer(name, out)
    try:
        for event in events:
            writer.add(event)
    except FileRefused as refusal:
        out.seek(0)
        out.truncate()
        rejected = {"file": name, "file_outcome": "rejected", "file_error_codes": [refusal.code], "sheets": []}
        out.write(_json(rejected))
        return Counter({refusal.code: 1})
    writer.finish()
    return writer.counts


class _Writer:
    def __init__(self, name: str, out: TextIO) -> None:
        self.counts: Counter[str] = Counter()
        self._out = out
        self._sheet: SheetRead | None = None
        self._blocks: list[dict[str, Any]] = []
        self._rows = 0
        out.write(f'{{"file": {_json(name)}, "file_outcome": "ok", "file_error_codes": [], "sheets": [')

    def add(self, event: Event) -> None:
        if isinstance(event, SheetRead):
            self._end_sheet()
            self._out.write(f'{"," if self._rows else ""}{{"sheet": {_json(event.name)}, ')
            self._out.write('"hidden": true, "rows": [' if event.hidden else '"rows": [')
            self._sheet, self._blocks, self._rows = event, [], 0
        elif isinstance(event, TableRead):
            self._blocks.append(_block(event))
        else:
            self._add_row(event)

    def _add_row(self, row: RowRead) -> None:
        self.counts[row.outcome] += 1
        if not row.skip and self._blocks:
            block = self._blocks[-1]
            block["from_row"] = block["from_row"] or row.number
            block["to_row"] = row.number
        self._out.write(("," if self._rows else "") + _json(_row(row)))
        self._rows += 1

    def _end_sheet(self) -> None:
        if self._sheet is None:
            return
        first = self._blocks[0] if self._blocks else {"header_rows": [], "columns": {}}
        about = {"header_rows": first["header_rows"], "columns": first["columns"]}
        if len(self._blocks) > 1:
            about["blocks"] = self._blocks
        self._out.write(f"], {_json(about)[1:]}")
        # A comma goes before the next sheet.
        self._rows = 1

    def finish(self) -> None:
        self._end_sheet()
        self._out.write("]}")


def _block(table: TableRead) -> dict[str, Any]:
    # A column of the province says only of which time the communes are; for others it is a note.
    columns = {letter: "note" if role == "province" else role for letter, role in table.columns.items()}
    return {"header_rows": list(table.header_rows), "columns": columns, "from_row": None, "to_row": None}


def _row(row: RowRead) -> dict[str, Any]:
    shown: dict[str, Any] = {"row": row.number, "outcome": row.outcome, "error_codes": [one.code for one in row.errors]}
    if row.skip:
        shown["skip_reason"] = row.skip
    else:
        shown["warning_codes"] = [one.code for one in row.warnings]
        shown["sentences"] = row.sentences()
    if row.person:
        shown["person"] = _person(row.person)
    return shown


def _person(person: Person) -> dict[str, Any]:
    shown = person._asdict()
    shown["birth_date"] = person.birth_date.isoformat() if person.birth_date else None
    shown["evidence"] = [one._asdict() for one in person.evidence]
    return shown


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)
