"""Text files of values: encoding and delimiter are found out, then records are read as a stream."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from directive_tracker.old_encodings import from_tcvn3, from_vni
from directive_tracker.syllables import score
from directive_tracker.vietnamese import nfc
from veterans.lists.codes import FileRefused
from veterans.lists.grid import ERROR, TEXT, Cell, Row, Sheet
from veterans.lists.text import ERROR_TEXTS

MAX_BYTES = 100 * 1024 * 1024
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = (",", ";", "\t")
_SAMPLE = 200_000
_BLOCK = 1 << 16


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    """One sheet without a name; records are counted, empty ones too.

    Errors: FileRefused (too_large, not_a_workbook when it is no text).
    """
    file.seek(0, io.SEEK_END)
    if file.tell() > MAX_BYTES:
        raise FileRefused("too_large")
    encoding, errors = find_encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")
    try:
        sample = text.read(_SAMPLE)
        delimiter = find_delimiter(sample)
        text.seek(0)
        yield Sheet("", False, _rows(text, delimiter, composed=encoding == "cp1258"))
    finally:
        text.detach()


def find_encoding(file: BinaryIO) -> tuple[str, str]:
    """The encoding of a text file and what to do with broken letters ("strict", "replace").

    UTF-8 and UTF-16 say or prove what they are. Anything else is Windows-1258 or one of the old encodings
    (as Latin-1, turned into Unicode cell by cell): whichever makes more Vietnamese syllables.
    Errors: FileRefused (not_a_workbook) for zero bytes, which no such text has.
    """
    file.seek(0)
    head = file.read(_SAMPLE)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, "replace"
    if b"\x00" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) * 3 > len(head) // 2:
            return ("utf-16-be" if even > odd else "utf-16-le"), "replace"
        raise FileRefused("not_a_workbook", why=": trong tệp có dữ liệu không phải chữ")
    broken, accented = _utf8_damage(file)
    if not broken:
        return "utf-8", "strict"
    if accented > 10 * broken:
        return "utf-8", "replace"
    plain = head.decode("latin-1")
    ways = {
        "cp1258": score(nfc(head.decode("cp1258", errors="replace"))),
        "latin-1": max(score(from_tcvn3(plain)), score(from_vni(plain))),
    }
    best = max(ways, key=lambda way: ways[way])
    return best, "replace"


def _utf8_damage(file: BinaryIO) -> tuple[int, int]:
    """How many places of the file are no UTF-8, and how many letters beyond ASCII are right."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = accented = 0
    file.seek(0)
    while block := file.read(_BLOCK):
        text = decoder.decode(block)
        if not text.isascii():
            wrong = text.count("\ufffd")
            broken += wrong
            accented += sum(1 for sign in text if sign > "\x7f") - wrong
    return broken + decoder.decode(b"", True).count("\ufffd"), accented


def find_delimiter(sample: str) -> str:
    """The delimiter that gives most records the same, and a larger, number of fields."""
    if sample[:4].lower() == "sep=" and len(sample) > 4:
        return sample[4]
    best, points = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = Counter()
        try:
            for number, record in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)):
                widths[len(record)] += 1
                if number > 300:
                    break
        except csv.Error:
            continue
        # One field everywhere says nothing.
        found = max(((width - 1) * count for width, count in widths.items() if width > 1), default=0)
        if found > points:
            best, points = delimiter, found
    return best


def _rows(text: io.TextIOWrapper, delimiter: str, *, composed: bool) -> Iterator[Row]:
    reader = csv.reader(text, delimiter=delimiter)
    try:
        for number, record in enumerate(reader, start=1):
            if number == 1 and record and record[0].lower().startswith("sep=") and len(record) <= 2:
                continue
            found = {}
            for column, value in enumerate(record):
                if value and not value.isspace():
                    kind = ERROR if value in ERROR_TEXTS else TEXT
                    found[column] = Cell(kind, nfc(value) if composed else value)
            if found:
                yield Row(number, False, found, found)
    except csv.Error as error:
        raise FileRefused("not_a_workbook", why=": có ô dài quá mức hoặc dấu nháy không khép") from error
