"""The one door for files: checked whole before anything is stored; every refusal is a sentence for the screen."""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps, UnidentifiedImageError

from directive_tracker.vietnamese import nfc, vn_number
from records import personlists, secrecy
from records.errors import PersonListRefused, SecretDocumentRefused, UploadRefused
from records.extraction import Content, read_content
from records.models import StoredFile

__all__ = [
    "ALLOWED",
    "CheckedUpload",
    "PersonListRefused",
    "SecretDocumentRefused",
    "UploadRefused",
    "check_upload",
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
}
ALLOWED = (".pdf", ".docx", ".doc", ".xlsx", ".xls", ".odt", ".ods", ".txt", ".csv", ".jpg", ".jpeg", ".png")

MAX_MEMBERS = 2000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
MAX_PIXELS = 50_000_000
MAX_NAME = 200
GUARD_PAGES = 3

_MAGIC = {
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".odt": b"PK\x03\x04",
    ".ods": b"PK\x03\x04",
    ".doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ".xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".png": b"\x89PNG\r\n\x1a\n",
}
_OWN_MEMBER = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".odt": "content.xml", ".ods": "content.xml"}
_IMAGE_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}


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
) -> CheckedUpload:
    """Check a file completely, storing nothing.

    Arguments: allow, extensions with their dot; declared, the degree of secrecy a person chose;
    person_lists, True only where such lists belong (the registry); pages of a PDF that are read.
    Errors: UploadRefused, SecretDocumentRefused, PersonListRefused with a sentence for the screen.
    """
    name, extension = _name_and_extension(uploaded_file.name or "", allow)
    data = _bytes_within_limit(uploaded_file, name)
    _check_magic(data, name, extension)
    if extension in _OWN_MEMBER:
        _check_archive(data, name, extension)
    if extension in (".doc", ".xls"):
        _check_old_office(data, name)
    if extension in _IMAGE_FORMATS:
        data = _encode_anew(data, name, extension)
    content = read_content(data, extension, pages=pages)
    secrecy.guard(content.text, declared)
    if not person_lists:
        personlists.refuse_person_list(content)
    return CheckedUpload(name, extension, CONTENT_TYPES[extension], data, content)


def store_checked(checked: CheckedUpload, *, by, now: datetime) -> StoredFile:
    """Store a file that passed the checks under a name nobody can guess. Errors: OSError when the disk is full."""
    stored = StoredFile(
        original_name=checked.name,
        extension=checked.extension,
        content_type=checked.content_type,
        size=len(checked.data),
        sha256=checked.sha256,
        uploaded_by=by,
        uploaded_at=now,
    )
    stored.file.save(checked.name, ContentFile(checked.data), save=False)
    stored.save()
    return stored


def store_upload(uploaded_file: UploadedFile, *, by, now: datetime, **checks) -> StoredFile:
    """Check and store; `checks` are the arguments of check_upload. Errors: those of both."""
    return store_checked(check_upload(uploaded_file, **checks), by=by, now=now)


# --- name and size ------------------------------------------------------------------------------


def clean_name(name: str) -> str:
    """Return the file's name without folders, control and direction signs, NFC, at most 200 characters."""
    last = re.split(r"[/\\]", nfc(name))[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    shown = " ".join(re.sub(r'[<>:"|?*]', "_", shown).split()).lstrip(".")
    stem, dot, extension = shown.rpartition(".")
    if not dot:
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
        raise UploadRefused(_too_large(name, uploaded_file.size, limit))
    uploaded_file.seek(0)
    # What was announced need not be what comes.
    data = uploaded_file.read(limit + 1)
    uploaded_file.seek(0)
    if len(data) > limit:
        raise UploadRefused(_too_large(name, len(data), limit))
    if not data:
        raise UploadRefused(f"Tệp “{name}” trống, không có nội dung.")
    return data


def _too_large(name: str, size: int, limit: int) -> str:
    return f"Tệp “{name}” nặng {_megabytes(size)} MB, vượt giới hạn {_megabytes(limit)} MB cho một tệp."


# --- what is inside -----------------------------------------------------------------------------


def _check_magic(data: bytes, name: str, extension: str) -> None:
    if extension == ".pdf":
        fits = b"%PDF-" in data[:1024]
    elif extension in _MAGIC:
        fits = data.startswith(_MAGIC[extension])
    else:
        # Text has no signature of its own; what has another's is none.
        fits = not data.startswith((b"PK\x03\x04", b"MZ", b"\x7fELF", b"%PDF-", *_MAGIC.values()))
    if not fits:
        raise UploadRefused(f"Nội dung của tệp “{name}” không đúng với đuôi “{extension}”. Hãy lưu lại đúng định dạng.")


def _check_archive(data: bytes, name: str, extension: str) -> None:
    """Limits of zip archives: members, size unpacked, ratio; no macros, no ways out of the folder."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise UploadRefused(
                    f"Tệp “{name}” có {vn_number(len(members))} phần bên trong, vượt giới hạn {vn_number(MAX_MEMBERS)}."
                )
            _check_members(members, len(data), name)
            names = {member.filename for member in members}
            if _OWN_MEMBER[extension] not in names:
                raise UploadRefused(f"Nội dung của tệp “{name}” không đúng với đuôi “{extension}”.")
            if extension in (".docx", ".xlsx") and b"macroEnabled" in archive.read("[Content_Types].xml"):
                raise UploadRefused(_macros(name))
            if extension in (".odt", ".ods"):
                kind = archive.read("mimetype").decode("ascii", errors="replace")
                if kind.strip() != CONTENT_TYPES[extension]:
                    raise UploadRefused(f"Nội dung của tệp “{name}” không đúng với đuôi “{extension}”.")
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UploadRefused(f"Không đọc được tệp “{name}”: tệp bị hỏng.") from error


def _check_members(members: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or unpacked > packed * MAX_RATIO:
        raise UploadRefused(
            f"Tệp “{name}” khi bung ra nặng {_megabytes(unpacked)} MB (gấp {vn_number(unpacked // max(packed, 1))} lần), vượt giới hạn "
            f"{_megabytes(MAX_UNPACKED)} MB hoặc {MAX_RATIO} lần."
        )
    for member in members:
        path = member.orig_filename.replace("\\", "/")
        if path.startswith("/") or ".." in path.split("/") or re.match(r"[A-Za-z]:", path):
            raise UploadRefused(f"Tệp “{name}” có phần mang đường dẫn lạ nên bị từ chối vì lý do an toàn.")
        if member.flag_bits & 0x1:
            raise UploadRefused(f"Tệp “{name}” có mật khẩu nên không kiểm tra được. Hãy bỏ mật khẩu rồi gửi lại.")
        if path.lower().endswith("vbaproject.bin") or path.startswith(("Basic/", "Scripts/")):
            raise UploadRefused(_macros(name))


def _check_old_office(data: bytes, name: str) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UploadRefused(f"Tệp “{name}” có mật khẩu nên không kiểm tra được. Hãy bỏ mật khẩu rồi gửi lại.")
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise UploadRefused(_macros(name))


def _macros(name: str) -> str:
    return f"Tệp “{name}” có macro nên bị từ chối vì lý do an toàn. Hãy lưu lại không kèm macro rồi gửi lại."


def _encode_anew(data: bytes, name: str, extension: str) -> bytes:
    """The picture turned upright and written again, so that place, camera and anything hidden stay behind."""
    damaged = f"Không đọc được ảnh “{name}”: tệp bị hỏng hoặc không đúng là ảnh."
    try:
        with Image.open(io.BytesIO(data), formats=[_IMAGE_FORMATS[extension]]) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise UploadRefused(
                    f"Ảnh “{name}” có {vn_number(width)} × {vn_number(height)} điểm ảnh, vượt giới hạn {vn_number(MAX_PIXELS)} điểm ảnh."
                )
            upright = ImageOps.exif_transpose(picture)
            see_through = extension == ".png" and ("A" in upright.getbands() or "transparency" in upright.info)
            mode = "RGBA" if see_through else ("L" if upright.mode in ("1", "L") else "RGB")
            # A new picture of the points alone carries no metadata of any kind.
            bare = Image.new(mode, upright.size)
            bare.paste(upright.convert(mode))
    except UploadRefused:
        raise
    except (Image.DecompressionBombError, UnidentifiedImageError, OSError, SyntaxError, EOFError, ValueError) as error:
        raise UploadRefused(damaged) from error
    written = io.BytesIO()
    options = {"quality": 90} if extension != ".png" else {}
    bare.save(written, _IMAGE_FORMATS[extension], **options)
    return written.getvalue()
