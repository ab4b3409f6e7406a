"""What the pages of a list show of it."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

from directive_tracker import crypto
from directive_tracker.vietnamese import vn_datetime
from units.models import Area
from veterans.enums import Category, Sex
from veterans.importing import values
from veterans.importing.checking import NOT_NOW
from veterans.importing.errorfile import shown_value
from veterans.importing.scope import IN_SHORT
from veterans.importing.taking import opened
from veterans.lists import opening
from veterans.lists.codes import ERRORS
from veterans.lists.grid import column_index
from veterans.lists.reading import tidied
from veterans.lists.text import clean
from veterans.models import ImportedRow, PersonImport

SAMPLES = 3
# Their values show as stars on the page of columns.
_HIDDEN = frozenset({"id_number", "ethnicity", "phone"})
_OUTCOMES = (
    ("create", "tạo"),
    ("update", "cập nhật"),
    ("keep", "giữ nguyên"),
    ("error", "lỗi"),
)
_FIELD_WORDS = {"full_name": "họ và tên", "commune": "xã", "address": "địa chỉ", "category": "đối tượng"}


class Figure(NamedTuple):
    """ "tạo 12" and the rows behind it."""

    kind: str
    words: str
    count: int


class Shown(NamedTuple):
    """One row on the page."""

    row: ImportedRow
    name: str
    facts: list[str]
    errors: list[str]
    warnings: list[str]
    is_emptied: bool


def lines(found: PersonImport) -> list[Figure]:
    """What an import would do or has done: "tạo 12 · cập nhật 3 · giữ nguyên 40 · lỗi 2"."""
    counts = found.summary.get("counts", {})
    return [Figure(kind, words, counts.get(kind, 0)) for kind, words in _OUTCOMES]


def meanwhile(found: PersonImport) -> str:
    """What became of a list since somebody's page was made: who did what, and when."""
    if found.state == PersonImport.State.APPLIED:
        return f"{found.applied_by} đã nhập danh sách này lúc {vn_datetime(found.applied_at)}."
    if found.state == PersonImport.State.REVERTED:
        return f"{found.reverted_by} đã gỡ danh sách này lúc {vn_datetime(found.reverted_at)}."
    if found.state == PersonImport.State.CANCELLED:
        return "Danh sách này đã được bỏ. Muốn nhập thì gửi lại tệp."
    return NOT_NOW


def to_do(found: PersonImport) -> int:
    """How many entries an import would create or change."""
    counts = found.summary.get("counts", {})
    return counts.get("create", 0) + counts.get("update", 0)


def nothing(found: PersonImport) -> str:
    """Why there is nothing to import, and what to do; "" where there is something."""
    counts = found.summary.get("counts", {})
    if to_do(found):
        return ""
    if counts.get("keep"):
        return "Không có gì để nhập: mọi dòng đọc được đều đã có trong sổ."
    if counts.get("error"):
        return "Chưa có dòng nào nhập được. Tải các dòng lỗi, sửa rồi gửi lại."
    return "Không thấy người nào trong tệp. Danh sách cần một dòng tiêu đề có cột họ và tên, và mỗi người một dòng."


def codes(found: PersonImport) -> list[tuple[str, int]]:
    """The kinds of errors with how often each stands in the list, the most frequent first."""
    counted = sorted(found.summary.get("codes", {}).items(), key=lambda item: (-item[1], item[0]))
    return [(_what(code), count) for code, count in counted]


def _what(code: str) -> str:
    """A code in a few words: its advice, which says what would be right."""
    return IN_SHORT.get(code) or ERRORS[code].right


def converted(found: PersonImport) -> list[tuple[str, str, str]]:
    """Texts of an old encoding, before and after: (field, before, after)."""
    if not found.converted:
        return []
    try:
        kept = values.unseal(found.converted, found, values.CONVERTED)["converted"]
    except crypto.Unreadable:
        return []
    return [(_FIELD_WORDS.get(field, ""), before, after) for field, before, after in kept]


def rows(found: PersonImport, kept: Iterable[ImportedRow]) -> list[Shown]:
    """Rows as the page shows them: sensitive things are only said to be there. One statement besides the rows."""
    opened_rows = [
        (row, values.said_in(row.sealed, row.sheet, row.number, found) if row.sealed else None) for row in kept
    ]
    ids = {said.content.residence for _, said in opened_rows if said and said.content}
    communes = dict(Area.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [_shown(row, said, communes) for row, said in opened_rows]


def _shown(row: ImportedRow, said: values.Said | None, communes: Mapping[int, str]) -> Shown:
    if said is None:
        return Shown(row, "", [], [], [], is_emptied=True)
    content = said.content
    name = content.full_name if content else said.name
    facts = _facts(content, communes) if content else []
    return Shown(row, name, facts, said.errors, said.warnings, is_emptied=False)


def _facts(content: values.Content, communes: Mapping[int, str]) -> list[str]:
    birth = "/".join(str(part) for part in (content.birth_day, content.birth_month, content.birth_year) if part)
    estimated = "khoảng " if content.birth_is_estimated else ""
    living = {True: "còn sống", False: "đã mất", None: ""}[content.living]
    kinds = [str(values.SensitiveKind(kind).label).split(",")[0].lower() for kind in content.sealed]
    return [
        part
        for part in (
            Sex(content.sex).label if content.sex != Sex.UNKNOWN else "",
            f"sinh {estimated}{birth}" if birth else "chưa rõ năm sinh",
            ", ".join(place for place in (content.hamlet, communes.get(content.residence, "")) if place),
            str(Category(content.category).label),
            f"{living}{f' {content.death_year}' if content.death_year else ''}",
            f"có {', '.join(kinds)}" if kinds else "",
        )
        if part
    ]


# --- columns -------------------------------------------------------------------------------------


def field_name(table: int, letter: str) -> str:
    """The name of a column's select."""
    return f"cot-{table}-{letter}"


def chosen_columns(found: PersonImport, posted: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Sheet → column letter → role, as the page was sent."""
    chosen: dict[str, dict[str, str]] = {}
    for place, table in enumerate(found.columns):
        for letter in table["headings"]:
            role = posted.get(field_name(place, letter))
            if role is not None:
                chosen.setdefault(table["sheet"], {})[letter] = role
    return chosen


def tables_with_samples(found: PersonImport, chosen: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """The tables with, for each column, its heading, its role and up to three values; what is sensitive as stars.

    Args:
        chosen: sheet → column letter → role of a page that was sent and held back, so that nothing chosen is lost.

    Errors: OSError, crypto.Unreadable, FileRefused when the file is gone or damaged.
    """
    samples = _samples(found)
    shown = []
    for place, table in enumerate(found.columns):
        columns = []
        for letter, heading in sorted(table["headings"].items(), key=lambda item: column_index(item[0])):
            read_as = table["columns"].get(letter, "note")
            role = chosen.get(table["sheet"], {}).get(letter, read_as)
            values_here = samples.get((place, letter), [])
            columns.append(
                {
                    "letter": letter,
                    "heading": heading,
                    "role": role,
                    "name": field_name(place, letter),
                    # Three times the same says no more than once.
                    "samples": ["•••"] if {role, read_as} & _HIDDEN and values_here else values_here,
                    "is_taught": letter in table["taught"],
                }
            )
        shown.append({"sheet": table["sheet"], "hidden": table["hidden"], "columns": columns})
    return shown


def _samples(found: PersonImport) -> dict[tuple[int, str], list[str]]:
    """(place of a table, column letter) → its first values below the heading."""
    result: dict[tuple[int, str], list[str]] = {}
    by_sheet: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for place, table in enumerate(found.columns):
        by_sheet.setdefault(table["sheet"], []).append((place, table))
    for sheet in opening.sheets(opened(found), found.file.original_name):
        rest = tidied(sheet.rows)
        for place, table in by_sheet.get(clean(sheet.name), []):
            last = max(table["header_rows"], default=0)
            below = (row for row in rest if row.number > last)
            for row in islice(below, SAMPLES * 4):
                for letter in table["headings"]:
                    cell = row.own.get(column_index(letter))
                    kept = result.setdefault((place, letter), [])
                    if cell is not None and len(kept) < SAMPLES and (value := str(shown_value(cell)).strip()):
                        kept.append(value[:40])
        for _ in rest:  # sheets are gone through in turn
            pass
    return result
