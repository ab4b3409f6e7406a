"""PDF files: one file for one program, with nothing in them that runs or that hides another file."""

import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pypdf
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from records.errors import UploadRefused
from records.ocr.tools import CannotRead, run

MAX_OBJECTS = 200_000
# Letters of a page that has nothing else to say; of one whose only text is a page number or an electronic signature.
FEW_LETTERS, STAMPED_LETTERS = 20, 200
# Points of a picture that may show words; of one that shows a whole page (A4 at 100 points an inch).
SMALL_PICTURE, SCAN_POINTS = 90_000, 900_000
# Bytes of drawing on a page without letters: letters as lines.
MUCH_DRAWING = 2_000
MOST_SHOWN, DEEPEST_FORM = 200, 3
# What pypdf raises on damaged files beside its own errors.
PDF_TROUBLE = (
    PyPdfError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    EOFError,
    OSError,
    RecursionError,
    NotImplementedError,
    struct.error,
    zlib.error,
)
DAMAGED = "Không đọc được tệp PDF: tệp bị hỏng hoặc không đúng là PDF."
_LOCKED = "Tệp PDF có mật khẩu nên không kiểm tra được. Hãy bỏ mật khẩu rồi gửi lại."
_RUNS = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/RichMediaExecute", "/GoToE")
_CARRIES = ("/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/3D", "/Sound")
# Long names that do not come about by chance inside pictures; "/JS" does.
_NAMED = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
_WORDS = Path(__file__).with_name("pdf_words.py")
WORDS_SECONDS = 60
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*%PDF-\d")


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does; what stands before that would be another file for another program."""
    return _BEGINS.match(data) is not None


def check_pdf(data: bytes, name: str) -> None:
    """Look through every object a reader would reach.

    Errors: UploadRefused for a damaged or locked file, one that is an archive as well, one with
    scripts or programs to start, one that carries other files.
    """
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise UploadRefused(f"Tệp “{name}” vừa là PDF vừa là tệp nén nên bị từ chối vì lý do an toàn.")
    found = _NAMED.search(data)
    if found:
        raise _refusal(found[0].decode(), name)
    try:
        reader = open_pdf(data)
        for entry in _dictionaries(reader.trailer):
            _check_entry(entry, name)
    except UploadRefused:
        raise
    except PDF_TROUBLE as error:
        raise UploadRefused(DAMAGED) from error


def open_pdf(data: bytes) -> pypdf.PdfReader:
    """A reader, unlocked where no password is needed. Errors: UploadRefused; those of PDF_TROUBLE."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UploadRefused(_LOCKED)
    return reader


class PdfPage(NamedTuple):
    """The words of a page, and whether it is the picture of a page or has lines drawn instead of letters.

    is_picture: it has to be read from its picture. is_scan: a picture as large as the page is on it, whatever words lie
    over it (a scanner's own reading).
    """

    text: str
    is_picture: bool
    is_scan: bool


def pdf_pages(data: bytes, pages: int) -> tuple[list[PdfPage], int]:
    """The first pages, and how many there are. Errors: UploadRefused."""
    try:
        reader = open_pdf(data)
        count = len(reader.pages)
        texts = _texts(data, min(pages, count))
        return [_page(page, text) for page, text in zip(reader.pages, texts, strict=False)], count
    except UploadRefused:
        raise
    except PDF_TROUBLE as error:
        raise UploadRefused(DAMAGED) from error


def page_count(data: bytes) -> int:
    """How many pages there are. Errors: UploadRefused."""
    try:
        return len(open_pdf(data).pages)
    except UploadRefused:
        raise
    except PDF_TROUBLE as error:
        raise UploadRefused(DAMAGED) from error


def _texts(data: bytes, pages: int) -> list[str]:
    """The words of the first pages. Errors: UploadRefused.

    By PDFium, which knows how wide letters are: printed from a browser or a newer Word, each Vietnamese letter with a tone
    may come from another font than its neighbours, and a reader that parts words there would part "TỐI MẬT" as well.
    """
    try:
        told = run([sys.executable, "-I", str(_WORDS), str(pages)], data, seconds=WORDS_SECONDS)
    except CannotRead as error:
        raise UploadRefused(DAMAGED) from error
    return json.loads(told)


def _page(page: pypdf.PageObject, text: str) -> PdfPage:
    letters = sum(sign.isalnum() for sign in text)
    points = _largest_picture(page.get("/Resources"), 0)
    is_scan = points >= SCAN_POINTS
    is_picture = letters < FEW_LETTERS and (points >= SMALL_PICTURE or _draws_much(page))
    # A number of the page or the words of an electronic signature may be all the text of a scanned page.
    return PdfPage(text, is_picture or (is_scan and letters < STAMPED_LETTERS), is_scan)


def _draws_much(page: pypdf.PageObject) -> bool:
    contents = page.get_contents()
    return contents is not None and len(contents.get_data()) >= MUCH_DRAWING


def _largest_picture(resources: Any, depth: int) -> int:
    """Points of the largest picture a page shows, also through forms inside forms."""
    resources = resources.get_object() if isinstance(resources, IndirectObject) else resources
    shown = resources.get("/XObject") if isinstance(resources, DictionaryObject) else None
    shown = shown.get_object() if isinstance(shown, IndirectObject) else shown
    largest = 0
    for entry in list(shown.values())[:MOST_SHOWN] if isinstance(shown, DictionaryObject) else ():
        entry = entry.get_object()
        if not isinstance(entry, DictionaryObject):
            continue
        if entry.get("/Subtype") == "/Image":
            largest = max(largest, int(entry.get("/Width", 0)) * int(entry.get("/Height", 0)))
        elif entry.get("/Subtype") == "/Form" and depth < DEEPEST_FORM:
            largest = max(largest, _largest_picture(entry.get("/Resources"), depth + 1))
    return largest


def _dictionaries(root: DictionaryObject) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached, each object once; streams stay packed."""
    waiting: list[Any] = [root]
    seen: set[tuple[int, int]] = set()
    count = 0
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, IndirectObject):
            place = (entry.idnum, entry.generation)
            if place in seen:
                continue
            seen.add(place)
            entry = entry.get_object()
        count += 1
        if count > MAX_OBJECTS * 10 or len(seen) > MAX_OBJECTS:
            raise UploadRefused("Tệp PDF có quá nhiều phần bên trong nên không kiểm tra được. Hãy chia nhỏ tệp.")
        if isinstance(entry, DictionaryObject):
            yield entry
            waiting += [value for value in entry.values() if isinstance(value, _CONTAINERS)]
        elif isinstance(entry, ArrayObject):
            waiting += [value for value in entry if isinstance(value, _CONTAINERS)]


_CONTAINERS = (IndirectObject, DictionaryObject, ArrayObject)


def _check_entry(entry: DictionaryObject, name: str) -> None:
    for key in ("/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA"):
        if key in entry:
            raise _refusal(key, name)
    action = str(entry.get("/S", ""))
    if action in _RUNS:
        raise _refusal(action, name)
    if str(entry.get("/Subtype", "")) in _CARRIES or str(entry.get("/Type", "")) == "/EmbeddedFile":
        raise _refusal("/EmbeddedFile", name)


def _refusal(what: str, name: str) -> UploadRefused:
    if what in _CARRIES or what.startswith(("/EmbeddedFile", "/EF")):
        return UploadRefused(
            f"Tệp “{name}” có tệp khác đính kèm bên trong nên bị từ chối vì lý do an toàn. Hãy gửi riêng tệp đó."
        )
    return UploadRefused(
        f"Tệp “{name}” có lệnh tự chạy bên trong (JavaScript hoặc lệnh mở chương trình) nên bị từ chối vì lý do an toàn. "
        "Hãy in lại ra PDF rồi gửi."
    )
