"""How near what was read is to the right answer, by the agreed way of counting (docs/registry-lists.md)."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

FIELDS = (
    "full_name", "birth_year", "commune", "category", "sex", "birth_date", "birth_is_estimated", "ethnicity", "district",
    "address", "living", "death_year", "id_number", "phone",
)  # fmt: skip
_PLAIN = {"village": "address"}
_UNCOUNTED = ("note", "unit", "hometown", "no")


@dataclass
class Counts:
    """Right and compared, for each thing that is counted."""

    rows: list[int] = field(default_factory=lambda: [0, 0])
    codes: list[int] = field(default_factory=lambda: [0, 0])
    headings: list[int] = field(default_factory=lambda: [0, 0])
    columns: list[int] = field(default_factory=lambda: [0, 0])
    fields: dict[str, list[int]] = field(default_factory=lambda: {name: [0, 0] for name in FIELDS})
    wrong: list[str] = field(default_factory=list)

    def count(self, pair: list[int], right: bool, *words: object) -> None:
        """One more compared."""
        pair[0] += right
        pair[1] += 1
        if not right:
            self.wrong.append(" | ".join(map(str, words)))


def share(pair: list[int]) -> float:
    """Right of compared; 1.0 where nothing was compared."""
    return pair[0] / pair[1] if pair[1] else 1.0


def compare(answer: dict[str, Any], read: dict[str, Any], counts: Counts) -> None:
    """Count one file. Arguments: answer, what is right; read, what was read, both in the agreed form."""
    name = answer["file"]
    sheets = {_same(sheet["sheet"]): sheet for sheet in read["sheets"]}
    for sheet in answer["sheets"]:
        got = sheets.get(_same(sheet["sheet"]), {"header_rows": [], "columns": {}, "rows": []})
        counts.count(
            counts.headings, got["header_rows"] == sheet["header_rows"], name, sheet["header_rows"], got["header_rows"]
        )
        for letter, role in sheet["columns"].items():
            if role not in _UNCOUNTED:
                found = got["columns"].get(letter)
                counts.count(
                    counts.columns, _PLAIN.get(found, found) == _PLAIN.get(role, role), name, letter, role, found
                )
        _rows(name, sheet, got, counts)


def _rows(name: str, sheet: dict[str, Any], got: dict[str, Any], counts: Counts) -> None:
    read = {row["row"]: row for row in got["rows"]}
    for row in sheet["rows"]:
        found = read.pop(row["row"], {"outcome": "skip"})
        where = (name, sheet["sheet"], row["row"])
        counts.count(counts.rows, found["outcome"] == row["outcome"], *where, row, found)
        if row["outcome"] == "error":
            right = found["outcome"] == "error" and sorted(found["error_codes"]) == row["error_codes"]
            counts.count(counts.codes, right, *where, row["error_codes"], found.get("error_codes"))
        if row["outcome"] == found["outcome"] == "ok":
            for key in FIELDS:
                one, other = row["person"][key], found["person"][key]
                counts.count(counts.fields[key], _value(key, one) == _value(key, other), *where, key, one, other)
    for number, row in read.items():
        if row["outcome"] != "skip":
            counts.count(counts.rows, False, name, sheet["sheet"], number, "no such row")


def _value(key: str, value: object) -> tuple[str, object]:
    """With its type: True is not 1."""
    if isinstance(value, str):
        value = _same(value).strip() or None
        if key == "address" and isinstance(value, str):
            value = re.sub(r"\s+", " ", value).casefold()
    return type(value).__name__, value


def _same(text: str) -> str:
    return unicodedata.normalize("NFC", text or "")
