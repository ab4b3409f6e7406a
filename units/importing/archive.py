"""What the sheet reader does not tell: hidden rows, formulas never computed, and cells so far out that memory would end."""

import io
import re
import zipfile
from dataclasses import dataclass, field

from defusedxml import ElementTree

from records.errors import UploadRefused

# The reader keeps a full rectangle from the first cell to the last one.
MAX_CELLS = 5_000_000

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NUMBER = re.compile(rb"""\br=["'](\d+)["']""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
# Only what stands far out; nearer cells cannot make the rectangle large.
_FILLED = rb"""(?![^>]*(?:/>|>\s*(?:<v\s*/>|<v></v>)?\s*</c>))"""
_FAR_ROW = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["'][A-Z]{1,3}(\d{5,})["']""" + _FILLED)
_FAR_COLUMN = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{2,3})\d+["']""" + _FILLED)
_UNPLACED = re.compile(rb"""<(?:\w+:)?c\b(?![^>]*\br=)""")
_NEVER_COMPUTED = re.compile(
    rb"""<c\b[^>]*?\br=["']([A-Z]+\d+)["'][^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"""
)


@dataclass
class Notes:
    """Of one sheet: the numbers of its hidden rows, and a cell whose formula has no value."""

    hidden: set[int] = field(default_factory=set)
    never_computed: str = ""


def inspect(data: bytes, extension: str) -> dict[str, Notes]:
    """The notes on each sheet of a workbook, by its name; nothing for kinds that do not tell.

    Errors: UploadRefused when a cell stands so far out that reading would take too much memory, or
    when the file is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if extension == ".xlsx":
                return {name: _sheet_notes(archive.read(path), name) for name, path in _sheet_paths(archive).items()}
            if extension == ".ods":
                _measure_tables(ElementTree.fromstring(archive.read("content.xml"), forbid_dtd=True))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError) as error:
        raise UploadRefused("Không đọc được tệp: tệp bị hỏng hoặc không đúng với đuôi tên.") from error
    return {}


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of a sheet → the member that holds its cells."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
    found = {}
    for sheet in book.iter(f"{_S}sheet"):
        target = targets.get(sheet.get(f"{_R}id"), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in archive.namelist():
            found[sheet.get("name", "")] = path
    return found


def _sheet_notes(xml: bytes, name: str) -> Notes:
    if not xml.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") or b"\x00" in xml[:200]:
        raise UploadRefused("Không đọc được tệp: tệp bị hỏng hoặc không đúng với đuôi tên.")
    last_row = max((int(number) for number in _FAR_ROW.findall(xml)), default=9_999)
    last_column = max((_column_number(letters) for letters in set(_FAR_COLUMN.findall(xml))), default=26)
    hidden = set()
    unplaced = _UNPLACED.search(xml) is not None
    for attributes in _ROW.findall(xml):
        number = _ROW_NUMBER.search(attributes)
        if number and unplaced:
            last_row = max(last_row, int(number[1]))
        if number and _HIDDEN.search(attributes):
            hidden.add(int(number[1]))
    _refuse_giant(last_row, last_column, name)
    never = _NEVER_COMPUTED.search(xml)
    return Notes(hidden, never[1].decode() if never else "")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _measure_tables(root) -> None:
    """Refuse an OpenDocument table whose last cell with a value stands too far out."""
    for table in root.iter(f"{_TABLE}table"):
        row_number = last_row = last_column = 0
        for row in table.iter(f"{_TABLE}table-row"):
            column, valued = 0, 0
            for cell in row:
                column += _repeats(cell, "number-columns-repeated")
                if cell.get(f"{_OFFICE}value-type"):
                    valued = column
            row_number += _repeats(row, "number-rows-repeated")
            if valued:
                last_row, last_column = row_number, max(last_column, valued)
        _refuse_giant(last_row, last_column, table.get(f"{_TABLE}name", ""))


def _repeats(element, name: str) -> int:
    typed = element.get(f"{_TABLE}{name}", "1")
    return int(typed) if typed.isdigit() and len(typed) < 9 else 1


def _refuse_giant(rows: int, columns: int, name: str) -> None:
    if rows * columns > MAX_CELLS:
        raise UploadRefused(
            f"Trang “{name}” có ô ghi rất xa (hàng {rows}, cột thứ {columns}) nên không đọc được. "
            "Hãy xóa các ô thừa ở xa rồi lưu lại."
        )
