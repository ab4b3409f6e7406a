"""The same document as different programs leave it: wrapped, with page numbers, in two columns, as Word or PDF file."""

import io
import re
import textwrap
import unicodedata
from collections.abc import Callable

import docx
from docx.document import Document

_TITLE = re.compile(r"(?:CHỈ THỊ|KẾ HOẠCH|THÔNG BÁO|HƯỚNG DẪN|CÔNG ĐIỆN).*|Kính gửi.*")
_RIGHT = re.compile(r"CỘNG HÒA XÃ HỘI|Độc lập|ĐẢNG CỘNG SẢN|, ngày ")
_RULE = re.compile(r"[-*]+")
_MARK = re.compile(r"(?:[IVX]+|\d+(?:\.\d+)*|[a-zđ])[.)] |- ")
LINES_OF_A_PAGE = 33


def wrapped(text: str) -> str:
    """Lines of at most 80 characters."""
    return _wrapped(text, "", 80)


def indented(text: str) -> str:
    """The same with the first line of each paragraph further in."""
    return _wrapped(text, "      ", 78)


def paged(text: str) -> str:
    """Wrapped, with the numbers of pages between the lines, in the ways offices print them."""
    found: list[str] = []
    for number, line in enumerate(wrapped(text).split("\n")):
        found.append(line)
        if number and number % LINES_OF_A_PAGE == 0:
            page = number // LINES_OF_A_PAGE + 1
            found += ["", (f"{page}", f"- {page} -", f"Trang {page}/7")[page % 3], ""]
    return "\n".join(found)


def side_by_side(text: str) -> str:
    """The head in two columns set apart by blanks."""
    left, right, rest = parts_of(text)
    height = max(len(left), len(right))
    left += [""] * (height - len(left))
    right[-1:-1] = [""] * (height - len(right))
    rows = [f"{one[:44]:<46}{other}".rstrip() for one, other in zip(left, right, strict=True)]
    return "\n".join([*rows, "", rest])


def decomposed(text: str) -> str:
    """Accents as characters of their own."""
    return unicodedata.normalize("NFD", text)


def marked_up(text: str) -> str:
    """Headings in bold, as Markdown has them."""
    bold = re.compile(r"[IVX]+\. ")
    return "\n".join(f"**{line}**" if bold.match(line) or line.isupper() else line for line in text.split("\n"))


TEXTS: dict[str, Callable[[str], str]] = {
    "wrapped": wrapped,
    "indented": indented,
    "paged": paged,
    "side by side": side_by_side,
    "decomposed": decomposed,
    "marked up": marked_up,
}


def as_word(text: str) -> bytes:
    """A Word file: head in a table without lines, tables of work as tables."""
    left, right, rest = parts_of(text)
    document = docx.Document()
    head = document.add_table(1, 2)
    for cell, lines in zip(head.rows[0].cells, (left, right), strict=True):
        cell.text = "\n".join(lines)
    rows: list[list[str]] = []
    for line in [*rest.split("\n"), ""]:
        if line.count("|") > 1:
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        if rows:
            _table(document, rows)
            rows = []
        if line.strip():
            document.add_paragraph(line.strip())
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _table(document: Document, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), max(map(len, rows)))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=False):
            cell.text = words


def parts_of(text: str) -> tuple[list[str], list[str], str]:
    """Left and right column of the head, and what stands below."""
    lines = text.split("\n")
    end = next(place for place, line in enumerate(lines) if _TITLE.fullmatch(line.strip()))
    cells = [cell for line in lines[:end] for cell in re.split(r"\s{3,}", line.strip())]
    head = [cell for cell in cells if cell and not _RULE.fullmatch(cell)]
    left = [line for line in head if not _RIGHT.search(line)]
    return left, [line for line in head if _RIGHT.search(line)], "\n".join(lines[end:])


def _wrapped(text: str, first: str, width: int) -> str:
    found: list[str] = []
    for line in text.split("\n"):
        if line.count("|") > 1 or (len(line) <= width - len(first) and not (first and _MARK.match(line))):
            found.append(line)
        else:
            found += textwrap.wrap(line, width, initial_indent=first, break_long_words=False, break_on_hyphens=False)
    return "\n".join(found)
