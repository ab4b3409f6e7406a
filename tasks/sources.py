"""From a file to the clean text that is read: the guards of every upload first."""

from typing import NamedTuple

from django.core.files.uploadedfile import UploadedFile

from directive_tracker.old_encodings import most_of
from records.extraction import MAX_PDF_PAGES
from records.uploads import CheckedUpload, UploadRefused, check_upload
from tasks.textcleaning import CleanText, clean

KINDS = (".txt", ".md", ".docx", ".odt", ".doc", ".pdf")


class Document(NamedTuple):
    """A checked file and its clean text."""

    file: CheckedUpload
    text: CleanText


def read_document(upload: UploadedFile, *, declared: str = "") -> Document:
    """Check a document as every upload and read its words; nothing is stored.

    Arguments: declared, the degree of secrecy a person chose.
    Errors: UploadRefused (secret papers among them) with a sentence for the screen, also where no words can be read.
    """
    checked = check_upload(
        upload,
        allow=KINDS,
        declared=declared,
        # A plan may carry a table of names; it is the document itself, not an attachment of a report.
        person_lists=True,
        pages=MAX_PDF_PAGES,
    )
    if not (checked.content.text or "").strip():
        raise UploadRefused(
            f"Không đọc được chữ trong tệp “{checked.name}” (có thể là bản quét). Hãy gửi tệp văn bản có chữ."
        )
    _refuse_old_letters(checked)
    return Document(checked, clean(checked.content.text or ""))


def _refuse_old_letters(checked: CheckedUpload) -> None:
    """A document typed for the fonts of before Unicode would be read as other words. Errors: UploadRefused."""
    encoding = most_of((checked.content.text or "").splitlines())
    if encoding != "unicode":
        name = {"tcvn3": "TCVN3 (ABC, phông .Vn…)", "vni": "VNI (phông VNI-…)"}[encoding]
        raise UploadRefused(
            f"Tệp “{checked.name}” gõ bằng bảng mã cũ {name} nên đọc ra chữ khác. Hãy chuyển văn bản sang Unicode rồi gửi lại."
        )
