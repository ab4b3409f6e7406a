"""From a file to the clean text that is read: the guards of every upload first."""

from collections.abc import Mapping
from typing import NamedTuple

from django.core.files.uploadedfile import UploadedFile

from directive_tracker.old_encodings import most_of
from directive_tracker.vietnamese import vn_number
from records import pictures, secrecy
from records.extraction import MAX_PDF_PAGES
from records.uploads import CheckedUpload, UploadRefused, check_upload
from tasks.enums import TextOrigin
from tasks.textcleaning import CleanText, clean

KINDS = (".txt", ".md", ".docx", ".odt", ".doc", ".pdf")
PICTURES = tuple(pictures.FORMATS)
# Said of a scan whose words a scanner's own program has laid under the picture.
SCANNER = "máy quét"


class Document(NamedTuple):
    """A checked file and its clean text; how its words were come by (DirectiveText has the same)."""

    file: CheckedUpload
    text: CleanText
    read_by: str = TextOrigin.FILE
    read_with: str = ""
    read_pages: str = ""


class ReadPages(NamedTuple):
    """What was read from the pictures of pages: page (from 1) → words; the program that read."""

    pages: Mapping[int, str]
    program: str


class NotRead(UploadRefused):
    """A scan without words of its own."""


def check_document(upload: UploadedFile, *, declared: str = "") -> CheckedUpload:
    """Check a document as every upload; nothing is stored.

    Arguments: declared, the degree of secrecy a person chose.
    Errors: UploadRefused (secret papers among them) with a sentence for the screen.
    """
    checked = check_upload(
        upload,
        allow=(*KINDS, *PICTURES),
        declared=declared,
        # A plan may carry a table of names; it is the document itself, not an attachment of a report.
        person_lists=True,
        pages=MAX_PDF_PAGES,
    )
    if checked.content.page_count > MAX_PDF_PAGES:
        raise UploadRefused(
            f"Tệp “{checked.name}” có {vn_number(checked.content.page_count)} trang, vượt giới hạn "
            f"{vn_number(MAX_PDF_PAGES)} trang. Hãy tách phần văn bản chỉ đạo ra tệp riêng rồi gửi lại."
        )
    return checked


def pages_to_read(checked: CheckedUpload) -> list[int]:
    """The pages (from 1) whose words stand in pictures alone."""
    if checked.extension in PICTURES:
        return list(range(1, pictures.frames_of(checked.data, checked.extension) + 1))
    return [number for number, page in enumerate(checked.content.pages, 1) if page.is_picture]


def document_of(checked: CheckedUpload, read: ReadPages | None = None) -> Document:
    """The clean text of a checked file.

    Arguments: read, what was read from its pictures; without it such pages are left out, and the document says so.
    Errors: NotRead for a file that is nothing but pictures; UploadRefused where no words can be read, and
    (SecretDocumentRefused) where those read from pictures bear a mark.
    """
    wanted = pages_to_read(checked)
    text = _whole_text(checked, read)
    if not text.strip():
        if wanted and read is None:
            raise NotRead(
                f"Tệp “{checked.name}” là bản quét, không có lớp chữ nên chưa đọc được. "
                "Hãy gửi tệp có chữ (Word, hoặc PDF xuất từ Word)."
            )
        raise UploadRefused(
            f"Không đọc được chữ trong tệp “{checked.name}” (có thể là bản quét). Hãy gửi tệp văn bản có chữ."
        )
    _refuse_old_letters(text, checked.name)
    if read is not None:
        secrecy.guard(text, from_picture=True)
    return Document(checked, clean(text), *_origin(checked, wanted, read))


def read_document(upload: UploadedFile, *, declared: str = "") -> Document:
    """Check a document as every upload and read its words; nothing is stored.

    Arguments: declared, the degree of secrecy a person chose.
    Errors: UploadRefused (secret papers among them) with a sentence for the screen, also where no words can be read.
    """
    return document_of(check_document(upload, declared=declared))


def _whole_text(checked: CheckedUpload, read: ReadPages | None) -> str:
    if read is None:
        return checked.content.text or ""
    if checked.extension in PICTURES:
        return "\n".join(read.pages[number] for number in sorted(read.pages))
    return "\n".join(read.pages.get(number, page.text) for number, page in enumerate(checked.content.pages, 1))


def _origin(checked: CheckedUpload, wanted: list[int], read: ReadPages | None) -> tuple[str, str, str]:
    """How the words were come by, with which program, and on which pages where not on all."""
    count = max(checked.content.page_count, len(wanted))
    pages = ", ".join(map(str, wanted))[:200] if len(wanted) < count else ""
    if wanted:
        if read is None:
            return TextOrigin.PART, "", pages
        return TextOrigin.PICTURE, read.program, pages
    scanned = [number for number, page in enumerate(checked.content.pages, 1) if page.is_scan]
    if scanned:
        pages = ", ".join(map(str, scanned))[:200] if len(scanned) < count else ""
        return TextOrigin.PICTURE, SCANNER, pages
    return TextOrigin.FILE, "", ""


def _refuse_old_letters(text: str, name: str) -> None:
    """A document typed for the fonts of before Unicode would be read as other words. Errors: UploadRefused."""
    encoding = most_of(text.splitlines())
    if encoding != "unicode":
        old = {"tcvn3": "TCVN3 (ABC, phông .Vn…)", "vni": "VNI (phông VNI-…)"}[encoding]
        raise UploadRefused(
            f"Tệp “{name}” gõ bằng bảng mã cũ {old} nên đọc ra chữ khác. Hãy chuyển văn bản sang Unicode rồi gửi lại."
        )
