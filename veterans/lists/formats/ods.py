"""OpenDocument spreadsheets, read as a stream."""

import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from lxml import etree

from veterans.lists.codes import FileRefused
from veterans.lists.formats.xlsx import _PARSER, _forget
from veterans.lists.grid import BOOL, DATE, ERROR, MAX_SPREAD, NO_VALUE, TEXT, Cell, Merge, Sheet, number_cell, spread
from veterans.lists.text import ERROR_TEXTS

_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_O = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_S = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_F = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_X = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_C = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
# A row with values that is written once and repeated: by hand nobody makes more.
MAX_REPEATED = 20_000
_HIDDEN = ("collapse", "filter")


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    """The tables in the order of the document.

    Each must be gone through before the next is asked for. Errors: FileRefused (too_large);
    KeyError, ValueError, zipfile.BadZipFile and etree.XMLSyntaxError for a damaged file.
    """
    with zipfile.ZipFile(file) as archive, archive.open("content.xml") as stream:
        reader = _Reader(stream)
        while (sheet := reader.next_sheet()) is not None:
            yield sheet


class _Reader:
    """The document as a stream: first the styles, then table after table."""

    def __init__(self, stream: Any) -> None:
        tags = (f"{_T}table", f"{_T}table-row", f"{_T}table-column", f"{_S}style", f"{_S}font-face")
        self._events = etree.iterparse(stream, events=("start", "end"), tag=tags, **_PARSER)
        self._fonts: dict[str, str] = {}  # of a style
        self._faces: dict[str, str] = {}
        self._shown: dict[str, bool] = {}  # of a table's style
        self._columns: list[tuple[int, str]] = []

    def next_sheet(self) -> Sheet | None:
        for event, element in self._events:
            if event == "start" and element.tag == f"{_T}table":
                self._columns = []
                merges: dict[int, list[Merge]] = {}
                hidden = not self._shown.get(element.get(f"{_T}style-name"), True)
                return Sheet(str(element.get(f"{_T}name", "")), hidden, spread(self._rows(merges), merges))
            if event == "end":
                self._learn(element)
        return None

    def _learn(self, element: Any) -> None:
        if element.tag == f"{_S}font-face":
            family = element.get("{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}font-family", "")
            self._faces[element.get(f"{_S}name", "")] = family.strip("'\"")
        elif element.tag == f"{_S}style":
            name = element.get(f"{_S}name", "")
            for part in element:
                if part.tag == f"{_S}text-properties":
                    face = part.get(f"{_S}font-name") or ""
                    self._fonts[name] = self._faces.get(face, face) or (part.get(f"{_F}font-family") or "").strip("'\"")
                elif part.tag == f"{_S}table-properties":
                    self._shown[name] = part.get(f"{_T}display") != "false"

    def _rows(self, merges: dict[int, list[Merge]]) -> Iterator[tuple[int, bool, dict[int, Cell]]]:
        number = 1
        for event, element in self._events:
            if event == "start":
                continue
            if element.tag == f"{_T}table":
                _forget(element)
                return
            if element.tag == f"{_T}table-column":
                self._columns.append(
                    (_count(element, "number-columns-repeated"), element.get(f"{_T}default-cell-style-name", ""))
                )
            elif element.tag == f"{_T}table-row":
                times = _count(element, "number-rows-repeated")
                found = self._cells(element, number, merges)
                if found and times > MAX_REPEATED:
                    raise FileRefused("too_large")
                for step in range(times if found else 0):
                    yield number + step, element.get(f"{_T}visibility") in _HIDDEN, found
                number += times
                _forget(element)

    def _cells(self, row: Any, number: int, merges: dict[int, list[Merge]]) -> dict[int, Cell]:
        found: dict[int, Cell] = {}
        column = 0
        for element in row:
            times = _count(element, "number-columns-repeated")
            if element.tag == f"{_T}table-cell" and (
                len(element) or element.get(f"{_O}value-type") or element.get(f"{_T}formula")
            ):
                cell = self._cell(element, column)
                if cell is not None:
                    for place in range(column, column + min(times, MAX_SPREAD)):
                        found[place] = cell
                    below, across = _count(element, "number-rows-spanned"), _count(element, "number-columns-spanned")
                    if below > 1 or across > 1:
                        merge = Merge(number, column, number + below - 1, column + across - 1)
                        merges.setdefault(number, []).append(merge)
            column += times
        return found

    def _font(self, element: Any, column: int) -> str:
        style = element.get(f"{_T}style-name") or ""
        if not style:
            for times, name in self._columns:
                if column < times:
                    style = name
                    break
                column -= times
        return self._fonts.get(style, "")

    def _cell(self, element: Any, column: int) -> Cell | None:
        kind = element.get(f"{_O}value-type")
        text = "\n".join(_text(part) for part in element if part.tag == f"{_X}p")
        if element.get(f"{_C}value-type") == "error" or (
            element.get(f"{_T}formula") and (text in ERROR_TEXTS or text.startswith("Err:"))
        ):
            return Cell(ERROR, text or "#LỖI!")
        font = self._font(element, column)
        if kind in ("float", "percentage", "currency"):
            return number_cell(float(element.get(f"{_O}value", "")), font, is_date=False)
        if kind == "date":
            return Cell(DATE, date.fromisoformat(element.get(f"{_O}date-value", "")[:10]), font)
        if kind == "boolean":
            return Cell(BOOL, element.get(f"{_O}boolean-value") == "true")
        if not text.strip():
            return Cell(NO_VALUE, None) if element.get(f"{_T}formula") and not kind else None
        return Cell(TEXT, text, font)


def _count(element: Any, name: str) -> int:
    typed = element.get(f"{_T}{name}", "1")
    return max(int(typed), 1) if typed.isdigit() and len(typed) < 9 else 1


def _text(paragraph: Any) -> str:
    """The words of a paragraph; several blanks are written as an element."""
    parts = [paragraph.text or ""]
    for part in paragraph:
        if part.tag == f"{_X}s" or part.tag in (f"{_X}tab", f"{_X}line-break"):
            parts.append(" ")
        else:
            parts.append(_text(part))
        parts.append(part.tail or "")
    return "".join(parts)
