"""PDF files: one file for one program, with nothing in them that runs or that hides another file."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from records.errors import UploadRefused

MAX_OBJECTS = 200_000
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


def pdf_text(data: bytes, pages: int) -> str | None:
    """The words of the first pages; None where there are none (a scan). Errors: UploadRefused."""
    try:
        reader = open_pdf(data)
        found = [page.extract_text() for page, _ in zip(reader.pages, range(pages), strict=False)]
    except UploadRefused:
        raise
    except PDF_TROUBLE as error:
        raise UploadRefused(DAMAGED) from error
    return "\n".join(found) if any(text.strip() for text in found) else None


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
