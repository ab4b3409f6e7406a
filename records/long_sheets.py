"""The first rows of sheets that are too long for a tree: gone through as a stream, so that memory does not grow with them."""

import re
import zipfile
from collections.abc import Callable, Iterator
from xml.parsers import expat

from defusedxml import DTDForbidden

_CHUNK = 1 << 16
_HEADER = re.compile(rb"<(?:\w+:)?oddHeader(?:\s[^>]*)?>([^<]{0,4096})<")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_LETTERS = re.compile(r"[A-Z]{1,3}")


class _Enough(Exception):
    """What was looked for has been seen."""


def first_rows(
    archive: zipfile.ZipFile, name: str, *, rows: int, columns: int, signs: int
) -> tuple[list[dict[int, str | int]], list[str]]:
    """The first rows of one worksheet, column → its text or the number of a shared one, and the page headers.

    Args:
        rows, columns: how many of each; signs, how many of one cell.
    Errors: ValueError for what is no XML; DTDForbidden.
    """
    found = _Sheet(rows, columns, signs)
    with archive.open(name) as stream:
        chunks = iter(lambda: stream.read(_CHUNK), b"")
        headers: list[str] = []
        rest = b""
        for chunk in _parsed(chunks, found.parser):
            # Headers stand behind the rows; that part is only searched.
            data = rest + chunk
            headers += [_plain(header) for header in _HEADER.findall(data)]
            rest = data[-8192:] if not _HEADER.search(data[-8192:]) else b""
    return found.rows, headers


def shared_texts(archive: zipfile.ZipFile, name: str, wanted: set[int], *, signs: int) -> dict[int, str]:
    """Those of the shared texts that are wanted, by their number. Errors as first_rows."""
    found = _Shared(wanted, signs)
    with archive.open(name) as stream:
        next(_parsed(iter(lambda: stream.read(_CHUNK), b""), found.parser), None)
    return found.texts


def _parsed(chunks: Iterator[bytes], parser: expat.XMLParserType) -> Iterator[bytes]:
    """Parse until the handlers have seen enough; what was not parsed is handed on, the chunk in hand first."""
    try:
        for chunk in chunks:
            try:
                parser.Parse(chunk, False)
            except _Enough:
                yield chunk
                yield from chunks
                return
        parser.Parse(b"", True)
    except _Enough:
        return
    except expat.ExpatError as error:
        raise ValueError("no XML") from error


def _parser(start: Callable, end: Callable, text: Callable) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = _refuse_dtd
    return parser


def _refuse_dtd(name: str, system: str | None, public: str | None, _inside: int) -> None:
    raise DTDForbidden(name, system, public)


class _Text:
    """The text of one element while it is read, so many signs at most."""

    def __init__(self, signs: int) -> None:
        self.signs, self.is_open, self.size = signs, False, 0
        self.parts: list[str] = []

    def begin(self) -> None:
        self.size = 0
        self.parts.clear()

    def add(self, text: str) -> None:
        if self.is_open and self.size < self.signs:
            self.parts.append(text[: self.signs - self.size])
            self.size += len(text)

    def taken(self) -> str:
        return "".join(self.parts)


class _Sheet:
    """The first rows of a worksheet, and headers of a short one."""

    def __init__(self, rows: int, columns: int, signs: int) -> None:
        self._most, self._columns = rows, columns
        self.rows: list[dict[int, str | int]] = []
        self._row: dict[int, str | int] | None = None
        self._column, self._kind = -1, ""
        self._text = _Text(signs)
        self.parser = _parser(self._start, self._end, self._text.add)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "row":
            if len(self.rows) >= self._most:
                raise _Enough
            self._row, self._column = {}, -1
        elif name == "c" and self._row is not None:
            letters = _LETTERS.match(attributes.get("r", ""))
            self._column = column_number(letters[0]) if letters else self._column + 1
            self._kind = attributes.get("t", "")
            self._text.begin()
        elif name in ("v", "t"):
            self._text.is_open = self._row is not None and 0 <= self._column < self._columns

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name in ("v", "t"):
            self._text.is_open = False
        elif name == "c" and self._row is not None and self._column < self._columns:
            text = self._text.taken()
            if text:
                self._row[self._column] = int(text) if self._kind == "s" and text.isdigit() else text
        elif name == "row" and self._row is not None:
            self.rows.append(self._row)
            self._row = None
        elif name == "sheetData":
            raise _Enough


class _Shared:
    """The wanted ones of the shared texts."""

    def __init__(self, wanted: set[int], signs: int) -> None:
        self._wanted, self._last, self._number = wanted, max(wanted, default=-1), -1
        self.texts: dict[int, str] = {}
        self._text = _Text(signs)
        self.parser = _parser(self._start, self._end, self._text.add)

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "si":
            self._number += 1
            if self._number > self._last:
                raise _Enough
            self._text.begin()
        elif name == "t":
            self._text.is_open = self._number in self._wanted

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "t":
            self._text.is_open = False
        elif name == "si" and self._number in self._wanted:
            self.texts[self._number] = self._text.taken()


def column_number(letters: str) -> int:
    """ "A" → 0, "AB" → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _plain(header: bytes) -> str:
    """The words of a header as they were found."""
    text = header.decode(errors="replace")
    text = re.sub(r"&#(x?)([0-9a-fA-F]{1,6});", _sign, text)
    return re.sub("|".join(_ENTITIES), lambda match: _ENTITIES[match[0]], text)


def _sign(match: re.Match[str]) -> str:
    number = int(match[2], 16 if match[1] else 10) if match[1] or match[2].isdigit() else 0xFFFD
    return chr(number) if number < 0x110000 else "\ufffd"
