"""The one door for files: checked whole before anything is stored; every refusal is a sentence for the screen."""

import contextlib
import hashlib
import io
import logging
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from directive_tracker.outages import StorageAway
from directive_tracker.vietnamese import nfc, vn_number
from records import archives, pdfs, personlists, pictures, sealing, secrecy, virusscan
from records.errors import PersonListRefused, SecretDocumentRefused, StoreDoesNotAnswer, UploadRefused
from records.extraction import Content, read_content
from records.models import StoredFile
from records.olefiles import OLE_MAGIC, check_ole, refuse_locked

logger = logging.getLogger(__name__)

__all__ = [
    "ALLOWED",
    "CheckedUpload",
    "PersonListRefused",
    "SecretDocumentRefused",
    "UploadRefused",
    "check_announced",
    "check_upload",
    "limits_sentence",
    "store_checked",
    "store_upload",
]

_OPENXML = "application/vnd.openxmlformats-officedocument."
CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".docx": _OPENXML + "wordprocessingml.document",
    ".doc": "application/msword",
    ".xlsx": _OPENXML + "spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".txt": "text/plain",
    ".md": "text/plain",
    ".csv": "text/csv",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}
ALLOWED = (".pdf", ".docx", ".doc", ".xlsx", ".xls", ".odt", ".ods", ".txt", ".csv", ".jpg", ".jpeg", ".png")

MAX_NAME = 200
GUARD_PAGES = 3

_TIFF = (b"II*\x00", b"MM\x00*")
_MAGIC: dict[str, bytes | tuple[bytes, ...]] = {
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".odt": b"PK\x03\x04",
    ".ods": b"PK\x03\x04",
    ".doc": OLE_MAGIC,
    ".xls": OLE_MAGIC,
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".tif": _TIFF,
    ".tiff": _TIFF,
}
# Text has no signature of its own; what begins like something else is none.
_NO_TEXT = (
    b"PK\x03\x04",
    OLE_MAGIC,
    b"MZ",
    b"\x7fELF",
    b"%PDF-",
    b"{\\rtf",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    *_TIFF,
)
_MARKUP = ("<!doctype", "<html", "<svg", "<?xml", "<script", "<iframe", "<body")


@dataclass(frozen=True)
class CheckedUpload:
    """A file that passed every check. data is what will be stored: for pictures, encoded anew."""

    name: str
    extension: str
    content_type: str
    data: bytes = field(repr=False)
    content: Content = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def warning(self) -> str | None:
        """A sentence where the text speaks of secrecy without bearing a mark."""
        return secrecy.warns(self.content.text) if self.content.text else None


def check_upload(
    uploaded_file: UploadedFile,
    *,
    allow: Collection[str] = ALLOWED,
    declared: str = "",
    person_lists: bool = False,
    pages: int = GUARD_PAGES,
    any_encoding: bool = False,
) -> CheckedUpload:
    """Check a file completely, storing nothing.

    Arguments: allow, extensions with their dot; declared, the degree of secrecy a person chose;
    person_lists, True only where such lists belong (the registry); pages of a PDF that are read; any_encoding, True
    where whoever takes the file finds out the encoding of a text that is no Unicode.
    Errors: UploadRefused, SecretDocumentRefused, PersonListRefused with a sentence for the screen.
    """
    name, extension = _name_and_extension(uploaded_file.name or "", allow)
    data = _bytes_within_limit(uploaded_file, name)
    _check_magic(data, name, extension)
    virusscan.refuse_infected(data, name)
    if extension in archives.OWN_MEMBER:
        archives.check_archive(data, name, extension)
    elif extension in (".doc", ".xls"):
        check_ole(data, name)
    elif extension == ".pdf":
        pdfs.check_pdf(data, name)
    elif extension in pictures.FORMATS:
        data = pictures.encode_anew(data, name, extension)
    content = read_content(data, extension, pages=pages, any_encoding=any_encoding, long_sheets=person_lists)
    secrecy.guard(content.text, declared)
    if not person_lists:
        personlists.refuse_person_list(content)
    return CheckedUpload(name, extension, CONTENT_TYPES[extension], data, content)


def store_checked(checked: CheckedUpload, *, by, now: datetime, sealed: bool = False) -> StoredFile:
    """Store a file that passed the checks under a name nobody can guess.

    Args:
        sealed: it lies encrypted on the disk (lists and papers of persons); read it with StoredFile.open_plain().

    Errors: UploadRefused when there is no room or the store cannot be written, StoreDoesNotAnswer when it may be in a
    moment; nothing half written stays.
    """
    stored = StoredFile(
        original_name=checked.name,
        extension=checked.extension,
        content_type=checked.content_type,
        size=len(checked.data),
        sha256=checked.sha256,
        uploaded_by=by,
        uploaded_at=now,
        is_sealed=sealed,
    )
    content = sealing.sealing(io.BytesIO(checked.data), checked.sha256) if sealed else ContentFile(checked.data)
    field, storage = stored.file.field, stored.file.storage
    # Named here and not by save(), so that it is known what to remove.
    name = field.generate_filename(stored, checked.name)
    try:
        stored.file = storage.save(name, content, max_length=field.max_length)
    except OSError as error:
        logger.error("cannot store an upload of %s bytes: %s", len(checked.data), error.strerror)
        with contextlib.suppress(OSError):
            storage.delete(name)
        if isinstance(error, StorageAway):
            raise StoreDoesNotAnswer(
                f"Kho tệp của máy chủ chưa trả lời nên tệp “{checked.name}” chưa được nhận. Xin gửi lại sau ít phút."
            ) from error
        raise UploadRefused(
            f"Máy chủ không còn chỗ để lưu tệp “{checked.name}”; tệp chưa được nhận. "
            "Hãy báo quản trị viên rồi gửi lại sau."
        ) from error
    stored.save()
    return stored


def store_upload(uploaded_file: UploadedFile, *, by, now: datetime, sealed: bool = False, **checks) -> StoredFile:
    """Check and store; `checks` are the arguments of check_upload. Errors: those of both."""
    return store_checked(check_upload(uploaded_file, **checks), by=by, now=now, sealed=sealed)


def check_announced(name: str, size: int, *, allow: Collection[str] = ALLOWED) -> str:
    """Before a file is sent in parts: its clean name. Errors: UploadRefused for a kind or size that would be refused."""
    cleaned, _ = _name_and_extension(name, allow)
    if size > settings.UPLOAD_MAX_BYTES:
        raise UploadRefused(too_large(cleaned, size))
    if not size:
        raise UploadRefused(f"Tệp “{cleaned}” trống, không có nội dung.")
    return cleaned


def limits_sentence() -> str:
    """What is said before somebody chooses files."""
    return f"pdf, Word, Excel, ảnh jpg hoặc png; mỗi tệp đến {_megabytes(settings.UPLOAD_MAX_BYTES)} MB."


# --- name and size ------------------------------------------------------------------------------


def clean_name(name: str) -> str:
    """Return the file's name without folders, control and direction signs, NFC, at most 200 characters."""
    last = re.split(r"[/\\]", nfc(name))[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    shown = " ".join(re.sub(r'[<>:"|?*]', "_", shown).split()).lstrip(".")
    stem, dot, extension = shown.rpartition(".")
    if not dot or len(extension) > MAX_NAME // 2:
        return shown[:MAX_NAME] or "tep"
    return f"{(stem or 'tep')[: MAX_NAME - len(extension) - 1]}.{extension}"


def _name_and_extension(typed: str, allow: Collection[str]) -> tuple[str, str]:
    name = clean_name(typed)
    extension = "." + name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in allow or extension not in CONTENT_TYPES:
        kinds = ", ".join(sorted(kind.lstrip(".") for kind in allow))
        raise UploadRefused(f"Không nhận tệp “{name}”. Chỉ nhận các loại tệp: {kinds}.")
    return name, extension


def _megabytes(size: int) -> str:
    return vn_number(round(size / (1024 * 1024), 1)).removesuffix(",0")


def _bytes_within_limit(uploaded_file: UploadedFile, name: str) -> bytes:
    limit = settings.UPLOAD_MAX_BYTES
    if uploaded_file.size and uploaded_file.size > limit:
        raise UploadRefused(too_large(name, uploaded_file.size))
    uploaded_file.seek(0)
    # What was announced need not be what comes.
    data = uploaded_file.read(limit + 1)
    uploaded_file.seek(0)
    if len(data) > limit:
        raise UploadRefused(too_large(name, len(data)))
    if not data:
        raise UploadRefused(f"Tệp “{name}” trống, không có nội dung.")
    return data


def too_large(name: str, size: int) -> str:
    """What is said of a file of so many bytes."""
    limit = _megabytes(settings.UPLOAD_MAX_BYTES)
    return f"Tệp “{name}” nặng {_megabytes(size)} MB, vượt giới hạn {limit} MB cho một tệp."


# --- what is inside -----------------------------------------------------------------------------


def _check_magic(data: bytes, name: str, extension: str) -> None:
    if extension == ".pdf":
        fits = pdfs.is_pdf(data)
    elif extension in _MAGIC:
        # The second: a reader of PDF looks for its sign in the first thousand bytes of anything.
        fits = data.startswith(_MAGIC[extension]) and (extension in pictures.FORMATS or b"%PDF-" not in data[:1024])
    else:
        begins = data[:200].removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").decode("utf-8", errors="ignore")
        fits = not data.startswith(_NO_TEXT) and not begins.lstrip("\ufeff \t\r\n").lower().startswith(_MARKUP)
    if not fits:
        if extension in archives.OWN_MEMBER and data.startswith(OLE_MAGIC):
            # So office programs lock a newer file: the archive in cipher, inside an old one.
            refuse_locked(data, name)
        raise UploadRefused(f"Nội dung của tệp “{name}” không đúng với đuôi “{extension}”. Hãy lưu lại đúng định dạng.")
