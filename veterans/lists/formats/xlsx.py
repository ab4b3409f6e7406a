"""Workbooks of Excel 2007 and later, read as a stream: memory does not grow with the rows."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO, NamedTuple

from lxml import etree

from veterans.lists.codes import FileRefused
from veterans.lists.formats import plain_rows
from veterans.lists.formats.styles import is_date_format
from veterans.lists.grid import BOOL, DATE, ERROR, NO_VALUE, TEXT, Cell, Merge, Sheet, column_index, number_cell, spread
from veterans.lists.text import ERROR_TEXTS

# More distinct texts than any list of the province has; they are kept in memory.
MAX_STRINGS, MAX_SIGNS = 1_500_000, 25_000_000
MAX_MERGES = 100_000
_CHUNK = 1 << 20
_REF = re.compile(r"\$?([A-Z]{1,4})\$?(\d{1,7})")
_MERGE = re.compile(
    rb"""<(?:\w+:)?mergeCell\s+ref\s*=\s*["']\$?([A-Z]{1,4})\$?(\d{1,7}):\$?([A-Z]{1,4})\$?(\d{1,7})["']"""
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_PARSER: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


class _Style(NamedTuple):
    font: str
    is_date: bool


_PLAIN = _Style("", False)


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    """The worksheets in the order of the workbook.

    Errors: FileRefused (too_large) for more texts than memory is for; KeyError, ValueError, zipfile.BadZipFile and
    etree.XMLSyntaxError for a damaged file, which the caller turns into a refusal.
    """
    with zipfile.ZipFile(file) as archive:
        book = _book_path(archive)
        relations = _relations(archive, book)
        styles = _styles(archive, relations)
        strings, fonts = _strings(archive, relations)
        for name, hidden, path in _sheet_paths(archive, book, relations):
            merges = _merges(archive, path)
            cells = _cells(archive, path, styles, strings, fonts)
            yield Sheet(name, hidden, spread(cells, merges))


def _tree(archive: zipfile.ZipFile, path: str) -> etree._Element:
    return etree.fromstring(archive.read(path), etree.XMLParser(**_PARSER))


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _book_path(archive: zipfile.ZipFile) -> str:
    for relation in _tree(archive, "_rels/.rels"):
        if str(relation.get("Type", "")).endswith("/officeDocument"):
            return str(relation.get("Target", "")).lstrip("/")
    return "xl/workbook.xml"


def _relations(archive: zipfile.ZipFile, book: str) -> dict[str, tuple[str, str]]:
    """Id → (kind, member)."""
    folder, base = posixpath.split(book)
    found = {}
    for relation in _tree(archive, f"{folder}/_rels/{base}.rels"):
        target = str(relation.get("Target", ""))
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[str(relation.get("Id"))] = (str(relation.get("Type", "")).rsplit("/", 1)[-1], path)
    return found


def _sheet_paths(
    archive: zipfile.ZipFile, book: str, relations: dict[str, tuple[str, str]]
) -> Iterator[tuple[str, bool, str]]:
    names = set(archive.namelist())
    for element in _tree(archive, book).iter():
        if _local(element) == "sheet":
            link = next((value for name, value in element.attrib.items() if str(name).endswith("}id")), "")
            kind, path = relations.get(str(link), ("", ""))
            if kind == "worksheet" and path in names:
                yield str(element.get("name", "")), element.get("state") in ("hidden", "veryHidden"), path


def _styles(archive: zipfile.ZipFile, relations: dict[str, tuple[str, str]]) -> list[_Style]:
    path = next((path for kind, path in relations.values() if kind == "styles"), "")
    if path not in archive.namelist():
        return []
    root = _tree(archive, path)
    groups = {_local(child): child for child in root}
    codes = {int(one.get("numFmtId", "0")): str(one.get("formatCode", "")) for one in groups.get("numFmts", ())}
    fonts = [
        next((str(part.get("val", "")) for part in font if _local(part) in ("name", "rFont")), "")
        for font in groups.get("fonts", ())
    ]
    found = []
    for one in groups.get("cellXfs", ()):
        font, number = int(one.get("fontId", "0")), int(one.get("numFmtId", "0"))
        found.append(_Style(fonts[font] if font < len(fonts) else "", is_date_format(number, codes.get(number, ""))))
    return found


def _strings(archive: zipfile.ZipFile, relations: dict[str, tuple[str, str]]) -> tuple[list[str], dict[int, str]]:
    """The shared texts, and the fonts of those that bring their own."""
    path = next((path for kind, path in relations.values() if kind == "sharedStrings"), "")
    texts: list[str] = []
    fonts: dict[int, str] = {}
    if path not in archive.namelist():
        return texts, fonts
    signs = 0
    with archive.open(path) as stream:
        for _, element in etree.iterparse(stream, events=("end",), tag="{*}si", **_PARSER):
            text, font = _rich(element)
            if font:
                fonts[len(texts)] = font
            texts.append(text)
            signs += len(text)
            if len(texts) > MAX_STRINGS or signs > MAX_SIGNS:
                raise FileRefused("too_large")
            _forget(element)
    return texts, fonts


def _rich(element: etree._Element) -> tuple[str, str]:
    """Text of a shared or inline string and the font of its first run."""
    parts, font = [], ""
    if len(element) == 1 and element[0].tag[-2:] == "}t":
        text = element[0].text or ""
        return (_unescaped(text) if "_x" in text else text), ""
    for child in element:
        name = _local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            for part in child.iter():
                if _local(part) == "t":
                    parts.append(part.text or "")
                elif _local(part) == "rFont" and not font:
                    font = str(part.get("val", ""))
    text = "".join(parts)
    return (_unescaped(text) if "_x" in text else text), font


def _unescaped(text: str) -> str:
    """Signs that XML cannot hold are written as "_x000D_"."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _forget(element: etree._Element) -> None:
    """Free what has been read."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _merges(archive: zipfile.ZipFile, path: str) -> dict[int, list[Merge]]:
    """They stand behind the rows, so the member is gone through once for them alone."""
    found: dict[int, list[Merge]] = {}
    count, rest = 0, b""
    with archive.open(path) as stream:
        while chunk := stream.read(_CHUNK):
            data = rest + chunk
            # Most of a sheet has none, and a plain search is quick.
            for left, top, right, bottom in _MERGE.findall(data) if b"mergeCell" in data else ():
                count += 1
                if count > MAX_MERGES:
                    raise FileRefused("too_large")
                merge = Merge(int(top), column_index(left.decode()), int(bottom), column_index(right.decode()))
                found.setdefault(merge.top, []).append(merge)
            # A tag that is cut in two is found in the next round; one found already ends before this.
            cut = data.rfind(b"<")
            rest = data[cut:] if len(data) - cut < 200 and not _MERGE.match(data[cut:]) else b""
    return found


def _cells(
    archive: zipfile.ZipFile, path: str, styles: list[_Style], strings: list[str], fonts: dict[int, str]
) -> Iterator[tuple[int, bool, dict[int, Cell]]]:
    number = 0
    book = _Book(styles, strings, fonts)
    with archive.open(path) as stream:
        for row in plain_rows.rows(stream, _PARSER):
            if isinstance(row, plain_rows.PlainRow):
                number = row.number or number + 1
                found, hidden = book.plain(row), row.hidden
            else:
                given = row.get("r")
                number = int(given) if given else number + 1
                found, hidden = book.parsed(row), row.get("hidden") in ("1", "true")
                _forget(row)
            if found:
                yield number, hidden, found


class _Book:
    """Makes cells: what all sheets of a workbook share."""

    def __init__(self, styles: list[_Style], strings: list[str], fonts: dict[int, str]) -> None:
        self._styles, self._strings, self._fonts = styles, strings, fonts
        self._columns: dict[str, int] = {}

    def plain(self, row: plain_rows.PlainRow) -> dict[int, Cell]:
        """The cells of a row of attributes and values."""
        found: dict[int, Cell] = {}
        columns, styles = self._columns, self._styles
        for letters, place, kind, value, inline in row.cells:
            if not value and not inline:
                continue
            style = styles[int(place)] if place and int(place) < len(styles) else _PLAIN
            if inline:
                text = _unescaped(inline) if "_x" in inline else inline
                cell = Cell(TEXT, text, style.font) if not text.isspace() else None
            else:
                cell = self._cell(kind, value, style)
            if cell is not None:
                index = columns.get(letters)
                found[self._column(letters) if index is None else index] = cell
        return found

    def parsed(self, row: etree._Element) -> dict[int, Cell]:
        """The cells of any row."""
        found: dict[int, Cell] = {}
        column = -1
        for element in row:
            ref = element.get("r")
            column = self._column(ref.rstrip("0123456789")) if ref else column + 1
            if len(element):
                cell = self._parsed_cell(element)
                if cell is not None:
                    found[column] = cell
        return found

    def _column(self, letters: str) -> int:
        index = self._columns.get(letters)
        if index is None:
            index = self._columns[letters] = column_index(letters)
        return index

    def _parsed_cell(self, element: etree._Element) -> Cell | None:
        value = rich = None
        formula = False
        for child in element:
            tag = child.tag
            if tag[-2:] == "}v":
                value = child.text or ""
            elif tag[-2:] == "}f":
                formula = True
            elif tag[-3:] == "}is":
                rich = _rich(child)
        place = element.get("s")
        style = self._styles[int(place)] if place and int(place) < len(self._styles) else _PLAIN
        if rich is not None:
            return Cell(TEXT, rich[0], rich[1] or style.font) if rich[0].strip() else None
        if not value and (value is None or element.get("t") != "str"):
            return Cell(NO_VALUE, None) if formula else None
        return self._cell(element.get("t") or "", value, style)

    def _cell(self, kind: str, value: str, style: _Style) -> Cell | None:
        """A cell that has a value. Arguments: kind, as the file says, "" for a number."""
        if kind == "s":
            index = int(value)
            text = self._strings[index]
            return Cell(TEXT, text, self._fonts.get(index, style.font)) if text.strip() else None
        if kind == "str":
            return Cell(TEXT, value, style.font) if value.strip() else None
        if kind == "e":
            return Cell(ERROR, value if value in ERROR_TEXTS else "#LỖI!")
        if kind == "b":
            return Cell(BOOL, value == "1")
        if kind == "d":
            return Cell(DATE, date.fromisoformat(value[:10]), style.font)
        if not _NUMBER.fullmatch(value):
            return Cell(TEXT, value, style.font)
        return number_cell(float(value), style.font, is_date=style.is_date)
