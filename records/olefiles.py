"""The old binary office files (.doc, .xls), alone or inside a newer one: no macros, no packed programs."""

import re

from records.errors import UploadRefused

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The sheet of an old workbook that holds macros of Excel 4 (BOUNDSHEET, kind 1).
_MACRO_SHEET = re.compile(rb"\x85\x00[\x08-\xff]\x00.{4}[\x00-\x02]\x01", re.DOTALL)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def check_ole(data: bytes, name: str) -> None:
    """Errors: UploadRefused when the file is locked, has macros or carries another file as an object."""
    refuse_locked(data, name)
    if _utf16("_VBA_PROJECT") in data or (_utf16("Workbook") in data and _MACRO_SHEET.search(data)):
        raise macros(name)
    if _utf16("\x01Ole10Native") in data:
        raise UploadRefused(
            f"Tệp “{name}” có tệp khác được nhúng bên trong nên bị từ chối vì lý do an toàn. Hãy gửi riêng tệp đó."
        )


def refuse_locked(data: bytes, name: str) -> None:
    """Errors: UploadRefused when a package in cipher is inside."""
    if _utf16("EncryptedPackage") in data:
        raise UploadRefused(f"Tệp “{name}” có mật khẩu nên không kiểm tra được. Hãy bỏ mật khẩu rồi gửi lại.")


def macros(name: str) -> UploadRefused:
    """The refusal of whatever could run."""
    return UploadRefused(
        f"Tệp “{name}” có macro nên bị từ chối vì lý do an toàn. Hãy lưu lại không kèm macro rồi gửi lại."
    )
