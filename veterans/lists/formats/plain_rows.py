"""The rows of a worksheet as nearly all are written: attributes and values, nothing to be resolved.

Such a row is taken from the text of the file by two patterns, in a third of the time of a parser. Whatever is not exactly
so – a formula, rich text, a comment, another order of attributes – is the parser's, byte by byte, and so is the rest of
the file once it cannot be told from outside where a row ends.
"""

import re
from collections.abc import Generator, Iterator
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from lxml import etree

_CHUNK = 1 << 18
# A row that is longer than this is for the parser; so is the end of the file behind its last row.
_LONGEST = 4 << 20
_END = b"</row>"
_BEGIN = re.compile(rb"<sheetData(?: [^<>/]*)?>")
_ENCODING = re.compile(rb"""<\?xml[^<>]*?encoding\s*=\s*["']([^"']*)["']""")
_OPENED, _CLOSED = re.compile(rb"<row[\s>/]"), re.compile(rb"<row(?:\s[^<>]*)?/>")

# No line break (a parser would turn some of them), nothing that XML does not allow, no entity but those of XML itself.
_SIGNS = r"[^<&\x00-\x1f\ufffe\uffff]*+"
_REFERENCE = r"&(?:#\d{2,6}|#x[0-9A-Fa-f]{2,5}|amp|lt|gt|quot|apos);"
_TEXT = rf"{_SIGNS}(?:{_REFERENCE}{_SIGNS})*+"
_FOUND = re.compile(_REFERENCE)
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_VALUE = r'[^<&"\x00-\x1f\ufffe\uffff]*'
_CELL = re.compile(
    r'<c r="([A-Z]{1,4})\d{1,7}"(?: s="(\d{1,6})")?(?: t="([a-zA-Z]+)")?'
    rf'(?:/>|>(?:<v>({_TEXT})</v>|<is><t(?: xml:space="preserve")?>({_TEXT})</t></is>)?</c>)'
)
_PLAIN_CELL = re.sub(r"\((?!\?)", "(?:", _CELL.pattern)
_ROW = re.compile(rf'\s*<row((?: [A-Za-z0-9:]+="{_VALUE}")*)>(?:{_PLAIN_CELL})*+</row>')
_NUMBER, _HIDDEN = re.compile(r' r="(\d{1,7})"'), re.compile(r' hidden="(?:1|true)"')


class PlainRow(NamedTuple):
    """number: None where the file does not say; cells: (column letters, style, kind, value, inline text), "" for none."""

    number: int | None
    hidden: bool
    cells: list[tuple[str, str, str, str, str]]


def rows(stream: BinaryIO, options: dict) -> Iterator[PlainRow | etree._Element]:
    """The rows in the order of the file, as elements where they are not plain.

    Args:
        options: of the parser. Errors: etree.XMLSyntaxError, and what reading the stream raises.
    """
    parser = etree.XMLPullParser(events=("end",), tag="{*}row", **options)
    left = yield from _from_text(stream, parser)
    while left:
        parser.feed(left)
        yield from _parsed(parser)
        left = stream.read(_CHUNK)
    parser.close()
    yield from _parsed(parser)


def _from_text(stream: BinaryIO, parser: etree.XMLPullParser) -> Generator[PlainRow | etree._Element, None, bytes]:
    """Rows as long as the text tells where they end; returns what has been read and nobody looked at."""
    data, at = stream.read(_CHUNK), 0
    begin = _BEGIN.search(data)
    if begin is None or not _is_simple(data[: begin.start()]):
        return data
    at = begin.end()
    parser.feed(data[:at])
    while True:
        end = data.find(_END, at)
        if end < 0:
            more = stream.read(_CHUNK)
            data, at = data[at:] + more, 0
            if not more or len(data) > _LONGEST:
                return data
            continue
        end += len(_END)
        piece = data[at:end]
        at = end
        plain = _plain(piece)
        if plain is not None:
            yield plain
            continue
        parser.feed(piece)
        yield from _parsed(parser)
        if b"<!" in piece or b"<?" in piece or len(_OPENED.findall(piece)) - len(_CLOSED.findall(piece)) != 1:
            # What follows may stand inside something else.
            return data[at:] or stream.read(_CHUNK)


def _is_simple(head: bytes) -> bool:
    """Whether what stands before the rows leaves no doubt about what follows: UTF-8, no comment, no entity of its own."""
    encoding = _ENCODING.search(head)
    return b"<!" not in head and b"\0" not in head and (encoding is None or encoding[1].lower() in (b"utf-8", b"utf8"))


def _plain(piece: bytes) -> PlainRow | None:
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        # The parser says so.
        return None
    row = _ROW.fullmatch(text)
    if row is None:
        return None
    number = _NUMBER.search(row[1])
    cells = _CELL.findall(text, row.end(1))
    if b"&" in piece:
        try:
            cells = [
                (*cell[:3], _resolved(cell[3]), _resolved(cell[4])) if "&" in cell[3] + cell[4] else cell
                for cell in cells
            ]
        except ValueError:
            return None
    return PlainRow(int(number[1]) if number else None, bool(_HIDDEN.search(row[1])), cells)


@lru_cache(maxsize=20_000)
def _resolved(text: str) -> str:
    """The text with signs for references. Errors: ValueError for a sign that XML does not allow."""
    return _FOUND.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    return _sign_of(match[0])


@lru_cache(maxsize=5_000)
def _sign_of(reference: str) -> str:
    name = reference[1:-1]
    if name in _NAMED:
        return _NAMED[name]
    code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
    if code < 0x20 or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF) or code > 0x10FFFF:
        raise ValueError(reference)
    return chr(code)


def _parsed(parser: etree.XMLPullParser) -> Iterator[etree._Element]:
    for _, element in parser.read_events():
        yield element
