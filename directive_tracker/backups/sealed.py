"""A stream of bytes sealed under BACKUP_KEY: AES-GCM in frames of one size (the STREAM construction), constant memory.

The file is MAGIC, the key's public name, a salt, then frames. Each file has a key of its own, derived from BACKUP_KEY and the
salt (HKDF). The nonce of a frame is its place and whether it is the last one, and the head is bound to all of them: frames
that are changed, swapped, left out, put in from another backup or cut off do not open.
"""

import hashlib
import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from directive_tracker.backups.errors import Damaged, Refused

MAGIC = b"DTBACKUP1\n"
FRAME = 256 * 1024
_ID, _SALT, _TAG = 4, 16, 16
HEAD = len(MAGIC) + _ID + _SALT


def key_name(key: bytes) -> str:
    """The public name of a key, eight hex digits: says which key is needed, nothing of what it is."""
    return hashlib.sha256(b"directive_tracker.backup" + key).digest()[:_ID].hex()


def _cipher(key: bytes, head: bytes) -> AESGCM:
    derive = HKDF(algorithm=SHA256(), length=32, salt=head[-_SALT:], info=b"directive_tracker.backup/1")
    return AESGCM(derive.derive(key))


def _nonce(place: int, last: bool) -> bytes:
    return place.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


class Sealing(io.RawIOBase):
    """A file to write to; what is written goes sealed into `target`. finish() writes the last frame, nothing else does."""

    def __init__(self, target: BinaryIO, key: bytes) -> None:
        self._target = target
        self._head = MAGIC + bytes.fromhex(key_name(key)) + os.urandom(_SALT)
        self._cipher = _cipher(key, self._head)
        self._waiting, self._place = bytearray(), 0
        target.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._waiting += data
        # One byte more than a frame: which frame is the last is known only when there is no more.
        while len(self._waiting) > FRAME:
            self._frame(bytes(self._waiting[:FRAME]), last=False)
            del self._waiting[:FRAME]
        return len(data)

    def finish(self) -> None:
        """Seal what is left as the last frame."""
        self._frame(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _frame(self, plain: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._place, last), plain, self._head))
        self._place += 1


class Opening(io.RawIOBase):
    """The plain bytes of a sealed file, from the beginning to the end.

    Errors while reading: Damaged.
    """

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        """Errors: Refused where the file was sealed under another key."""
        self._source = source
        head = source.read(HEAD)
        if len(head) != HEAD or not head.startswith(MAGIC):
            raise Damaged("Bản sao lưu bị cắt ngay ở phần đầu.")
        name = head[len(MAGIC) : len(MAGIC) + _ID].hex()
        if name != key_name(key):
            raise Refused(
                f"Bản sao lưu được mã hóa bằng khóa {name}, còn BACKUP_KEY trên máy này là khóa {key_name(key)}. "
                "Hãy đặt BACKUP_KEY là khóa đã dùng khi sao lưu."
            )
        self._head, self._cipher = head, _cipher(key, head)
        self._place, self._left, self._ended = 0, b"", False
        self._following = source.read(FRAME + _TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self._left and not self._ended:
            self._left = self._next()
        given = self._left[: len(buffer)]
        buffer[: len(given)] = given
        self._left = self._left[len(given) :]
        return len(given)

    def _next(self) -> bytes:
        frame, self._following = self._following, self._source.read(FRAME + _TAG)
        self._ended = not self._following
        try:
            plain = self._cipher.decrypt(_nonce(self._place, self._ended), frame, self._head)
        except (InvalidTag, ValueError):
            where = HEAD + self._place * (FRAME + _TAG)
            raise Damaged(
                f"Bản sao lưu bị hỏng hoặc bị cắt: phần mã hóa từ byte {where} không mở được (khóa đúng, nội dung sai)."
            ) from None
        self._place += 1
        return plain


def name_of_key(file: BinaryIO) -> str:
    """Which key sealed the file, "" where it is not sealed; the file is left at its beginning."""
    head = file.read(len(MAGIC) + _ID)
    file.seek(0)
    return head[len(MAGIC) :].hex() if head.startswith(MAGIC) else ""
