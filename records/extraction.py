"""The words of an uploaded file, for the guard and for documents recorded as text. Nothing here writes."""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree

from directive_tracker.vietnamese import nfc
from records import worddocs
from records.errors import UploadRefused
from records.long_sheets import column_number, first_rows, shared_texts
from records.pdfs import PdfPage, pdf_pages

Table = list[list[str]]

MAX_ROWS, MAX_COLUMNS, MAX_SHEETS, MAX_PDF_PAGES = 200, 100, 20, 200
# A tree takes ten times the room of its text.
MAX_XML = 20 * 1024 * 1024
# Of all words together: a text that is stored once may be shown in every cell.
MAX_TEXT = 20_000_000
MAX_CELL = 32_767

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"

# Runs of Vietnamese text inside the old binary formats, which keep it as UTF-16.
_OLD_TEXT = re.compile(
    "[ -~\u00c0-\u00fd\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9–“”…\t]{3,}"
)


@dataclass
class Content:
    """text: line by line; None where none can be read (a picture, a scan). tables: their first rows.

    pages: of a PDF those that were read; page_count: how many it has.
    """

    text: str | None = None
    tables: list[Table] = field(default_factory=list)
    pages: list[PdfPage] = field(default_factory=list)
    page_count: int = 0


def read_content(
    data: bytes, extension: str, *, pages: int = MAX_PDF_PAGES, any_encoding: bool = False, long_sheets: bool = False
) -> Content:
    """Read the words of a file whose kind was checked already (records/uploads.py).

    Arguments: data; extension with its dot, small; pages, how many of a PDF are read; any_encoding, a text
    that is no Unicode is read as well as it can be (whoever takes it finds its encoding out); long_sheets, sheets of
    .xlsx may be as long as the archive allows, their first rows are read.
    Errors: UploadRefused when the file is damaged, protected by a password or holds a DTD.
    """
    if extension in (".txt", ".md", ".csv"):
        return _from_text(data, extension, any_encoding=any_encoding)
    if extension in (".docx", ".xlsx", ".odt", ".ods"):
        return _from_zip(data, extension, long_sheets=long_sheets)
    if extension == ".pdf":
        return _from_pdf(data, pages)
    if extension in (".doc", ".xls"):
        return Content(_old_office_text(data))
    return Content()


def decode(data: bytes) -> str:
    """Return the text of UTF-8 or, with its mark, UTF-16 bytes. Errors: UploadRefused for anything else."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UploadRefused(
            "Không đọc được chữ trong tệp: tệp không ghi theo bảng mã Unicode (UTF-8). Hãy mở tệp, lưu lại với bảng mã UTF-8 rồi thử lại."
        ) from error
    if "\x00" in text:
        raise UploadRefused("Tệp không phải là văn bản: bên trong có dữ liệu không phải chữ.")
    return text


def _decode_anyhow(data: bytes) -> str:
    """The text of whatever encoding it may be, for the guard alone: Unicode, or what old office programs write."""
    try:
        return decode(data)
    except UploadRefused:
        if b"\x00" not in data:
            return nfc(data.decode("cp1258", errors="replace"))
        return data.decode("utf-16-be" if data[::2].count(0) > data[1::2].count(0) else "utf-16-le", errors="replace")


def _from_text(data: bytes, extension: str, *, any_encoding: bool) -> Content:
    text = _decode_anyhow(data) if any_encoding else decode(data)
    if extension != ".csv":
        return Content(text)
    lines = text.splitlines()[:MAX_ROWS]
    separator = max(";\t,", key=lambda sign: sum(line.count(sign) for line in lines[:20]))
    rows = [[cell.strip(' "') for cell in line.split(separator)] for line in lines]
    return Content(text, [rows])


def _from_pdf(data: bytes, pages: int) -> Content:
    read, count = pdf_pages(data, pages)
    has_words = any(page.text.strip() for page in read)
    return Content("\n".join(page.text for page in read) if has_words else None, pages=read, page_count=count)


def _old_office_text(data: bytes) -> str:
    """Lines of .doc and .xls: every stretch that reads as text, at either place of the two bytes."""
    lines: list[str] = []
    for shift in (0, 1):
        for part in re.split("[\r\n\x07\x0b\x0c]", data[shift:].decode("utf-16-le", errors="replace")):
            lines += [run.strip() for run in _OLD_TEXT.findall(part) if run.strip()]
    return "\n".join(lines)


# --- office files that are zip archives -----------------------------------------------------------


def _from_zip(data: bytes, extension: str, *, long_sheets: bool) -> Content:
    readers = {".docx": _docx, ".xlsx": _xlsx, ".odt": _open_document, ".ods": _open_document}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if long_sheets and extension == ".xlsx" and _is_long(archive):
                return _long_xlsx(archive)
            return readers[extension](archive)
    except UploadRefused:
        raise
    except DefusedXmlException as error:
        raise UploadRefused("Tệp có khai báo DTD hoặc thực thể XML nên bị từ chối vì lý do an toàn.") from error
    except (
        ParseError,
        zipfile.BadZipFile,
        KeyError,
        EOFError,
        NotImplementedError,
        ValueError,
        RecursionError,
    ) as error:
        raise UploadRefused("Không đọc được tệp: tệp bị hỏng hoặc không đúng với đuôi tên.") from error


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    if archive.getinfo(name).file_size > MAX_XML:
        raise UploadRefused(
            f"Phần chữ của tệp khi bung ra vượt giới hạn {MAX_XML // 1024 // 1024} MB. Hãy chia nhỏ tệp."
        )
    return ElementTree.fromstring(archive.read(name), forbid_dtd=True)


class _Words:
    """Lines and tables of one file that together stay below MAX_TEXT. Errors: UploadRefused."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.tables: list[Table] = []
        self.size = 0

    def add_lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._spend(len(line))
            self.lines.append(line)

    def add_table(self, rows: Iterable[Iterable[str]]) -> Table:
        table: Table = []
        for row in rows:
            cells = [cell[:MAX_CELL] for cell in row]
            self._spend(sum(map(len, cells)))
            table.append(cells)
        self.tables.append(table)
        return table

    def _spend(self, size: int) -> None:
        self.size += size + 1
        if self.size > MAX_TEXT:
            raise UploadRefused("Phần chữ của tệp quá dài nên không kiểm tra được. Hãy chia nhỏ tệp.")

    def content(self) -> Content:
        return Content("\n".join(self.lines), self.tables)


def _parts(archive: zipfile.ZipFile, pattern: str) -> list[str]:
    """Members whose name matches, the numbered ones in order (sheet2 before sheet10)."""
    found = [name for name in archive.namelist() if re.fullmatch(pattern, name)]
    return sorted(found, key=lambda name: (len(name), name))


def _docx(archive: zipfile.ZipFile) -> Content:
    """Headers first, for that is where marks stand; then the body in reading order, text boxes included."""
    words = _Words()
    names = set(archive.namelist())
    numbers, styles = (
        _xml(archive, name) if name in names else None for name in ("word/numbering.xml", "word/styles.xml")
    )
    numbering = worddocs.numbering_of(numbers, styles)
    for name in [*_parts(archive, r"word/header\d*\.xml"), "word/document.xml"]:
        root = _xml(archive, name)
        words.add_lines(worddocs.lines_of(root, numbering))
        for table in root.iter(f"{_W}tbl"):
            rows = table.findall(f"{_W}tr")[:MAX_ROWS]
            words.add_table((worddocs.cell_text(cell) for cell in row.findall(f"{_W}tc")) for row in rows)
    return words.content()


def _xlsx(archive: zipfile.ZipFile) -> Content:
    shared = []
    if _SHARED in archive.namelist():
        root = _xml(archive, _SHARED)
        shared = ["".join(t.text or "" for t in item.iter(f"{_S}t")) for item in root.findall(f"{_S}si")]
    words = _Words()
    _add_drawings(archive, words)
    for name in _parts(archive, _SHEETS)[:MAX_SHEETS]:
        root = _xml(archive, name)
        _add_headers((node.text or "" for node in root.iter(f"{_S}oddHeader")), words)
        rows = list(root.iter(f"{_S}row"))[:MAX_ROWS]
        words.add_lines("\t".join(cells) for cells in words.add_table(_sheet_row(row, shared) for row in rows))
    return words.content()


_SHEETS, _SHARED, _DRAWINGS = r"xl/worksheets/[^/]+\.xml", "xl/sharedStrings.xml", r"xl/drawings/drawing\d+\.xml"


def _is_long(archive: zipfile.ZipFile) -> bool:
    """Whether a sheet or the texts of its cells are too large for a tree."""
    names = [*_parts(archive, _SHEETS), *_parts(archive, re.escape(_SHARED))]
    return any(archive.getinfo(name).file_size > MAX_XML for name in names)


def _long_xlsx(archive: zipfile.ZipFile) -> Content:
    """As _xlsx, with memory that does not grow with the rows."""
    words = _Words()
    _add_drawings(archive, words)
    sheets = [
        first_rows(archive, name, rows=MAX_ROWS, columns=MAX_COLUMNS, signs=MAX_CELL)
        for name in _parts(archive, _SHEETS)[:MAX_SHEETS]
    ]
    wanted = {cell for rows, _ in sheets for row in rows for cell in row.values() if isinstance(cell, int)}
    has_shared = _SHARED in archive.namelist()
    shared = shared_texts(archive, _SHARED, wanted, signs=MAX_CELL) if has_shared else {}
    for rows, headers in sheets:
        _add_headers(headers, words)
        table = words.add_table(
            [
                shared.get(cell, "") if isinstance(cell := row.get(column, ""), int) else cell
                for column in range(max(row, default=-1) + 1)
            ]
            for row in rows
        )
        words.add_lines("\t".join(cells) for cells in table)
    return words.content()


def _add_headers(headers: Iterable[str], words: _Words) -> None:
    words.add_lines(re.sub(r"&[LCR]|&\"[^\"]*\"|&\d+", "\n", header) for header in headers)


def _add_drawings(archive: zipfile.ZipFile, words: _Words) -> None:
    """First: whoever opens the sheet sees a stamp drawn over it before any cell."""
    for name in _parts(archive, _DRAWINGS):
        words.add_lines("".join(t.text or "" for t in p.iter(f"{_A}t")) for p in _xml(archive, name).iter(f"{_A}p"))


def _sheet_row(row: Element, shared: list[str]) -> list[str]:
    """The cells in their columns: files leave empty ones out."""
    cells: list[str] = []
    for cell in list(row)[:MAX_COLUMNS]:
        letters = re.match(r"[A-Z]{1,3}", cell.get("r", ""))
        column = column_number(letters[0]) if letters else len(cells)
        if column >= MAX_COLUMNS:
            break
        cells += [""] * (column - len(cells))
        cells.append(_sheet_cell(cell, shared))
    return cells


def _sheet_cell(cell: Element, shared: list[str]) -> str:
    value = cell.find(f"{_S}v")
    if cell.get("t") == "s" and value is not None and (value.text or "").isdigit():
        number = int(value.text or "0")
        return shared[number] if number < len(shared) else ""
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_S}t"))
    return (value.text or "") if value is not None else ""


def _open_document(archive: zipfile.ZipFile) -> Content:
    words = _Words()
    names = [name for name in ("styles.xml", "content.xml") if name in archive.namelist()]
    for name in names:
        root = _xml(archive, name)
        words.add_lines("".join(node.itertext()) for node in root.iter() if node.tag in (f"{_TEXT}p", f"{_TEXT}h"))
        for table in root.iter(f"{_TABLE}table"):
            rows = list(table.iter(f"{_TABLE}table-row"))[:MAX_ROWS]
            words.add_table(_open_row(row) for row in rows)
    return words.content()


def _open_row(row: Element) -> list[str]:
    """The cells in their columns: one element may stand for many equal ones."""
    cells: list[str] = []
    for cell in row.iter(f"{_TABLE}table-cell"):
        repeated = cell.get(f"{_TABLE}number-columns-repeated", "1")
        times = min(int(repeated), MAX_COLUMNS - len(cells)) if repeated.isdigit() else 1
        cells += ["".join(cell.itertext()).strip()] * times
    return cells
