"""Files that lie sealed on the disk: AES-GCM under FIELD_KEY, frame after frame, so that memory stays bounded.

A sealed file is MAGIC and frames: the length in four bytes, then what crypto.encrypt() made. Each frame is bound to
the file's checksum, its place and whether it is the last: frames cannot be swapped, left out, cut off or put into another file.
Reading is from the beginning to the end; parts of a file (HTTP ranges) are not served.
"""

import io
from collections.abc import Iterator
from typing import BinaryIO

from django.core.files.base import File

from directive_tracker import crypto

MAGIC = b"DTSEAL1\n"
FRAME = 256 * 1024
_LENGTH = 4
# What AES-GCM and the frame's own head add to the plain bytes at most.
_LONGEST = FRAME + 64


def _context(sha256: str, place: int, last: bool) -> str:
    return f"records.file:{sha256}:{place}:{'last' if last else 'more'}"


def _frames(plain: BinaryIO, sha256: str) -> Iterator[bytes]:
    """The sealed file, piece by piece."""
    yield MAGIC
    place, data = 0, plain.read(FRAME)
    while True:
        following = plain.read(FRAME)
        sealed = crypto.encrypt(data, _context(sha256, place, not following))
        yield len(sealed).to_bytes(_LENGTH, "big") + sealed
        if not following:
            return
        place, data = place + 1, following


def _plain(sealed: BinaryIO, sha256: str) -> Iterator[bytes]:
    """The plain bytes, frame by frame. Errors: crypto.Unreadable."""
    if sealed.read(len(MAGIC)) != MAGIC:
        raise crypto.Unreadable("not a sealed file")
    place, frame = 0, _next_frame(sealed)
    while frame is not None:
        following = _next_frame(sealed)
        yield crypto.decrypt(frame, _context(sha256, place, following is None))
        place, frame = place + 1, following
    if not place:
        raise crypto.Unreadable("cut off")


def _next_frame(sealed: BinaryIO) -> bytes | None:
    head = sealed.read(_LENGTH)
    if not head:
        return None
    length = int.from_bytes(head, "big")
    frame = sealed.read(length) if len(head) == _LENGTH and length <= _LONGEST else b""
    if len(frame) != length or not frame:
        raise crypto.Unreadable("cut off or damaged")
    return frame


class _Pieces(io.RawIOBase):
    """Pieces of bytes read like a file."""

    def __init__(self, pieces: Iterator[bytes], source: BinaryIO | None = None):
        self._pieces, self._source, self._left = pieces, source, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = piece
        given = self._left[: len(buffer)]
        buffer[: len(given)] = given
        self._left = self._left[len(given) :]
        return len(given)

    def close(self) -> None:
        if self._source is not None:
            self._source.close()
        super().close()


def sealing(plain: BinaryIO, sha256: str) -> File:
    """What is written to the store in place of the plain bytes; read once, from the beginning."""
    return File(io.BufferedReader(_Pieces(_frames(plain, sha256)), FRAME), name="sealed")


def opening(sealed: BinaryIO, sha256: str) -> BinaryIO:
    """The plain bytes of a sealed file; closing it closes the file. Errors while reading: crypto.Unreadable."""
    return io.BufferedReader(_Pieces(_plain(sealed, sha256), sealed), FRAME)


def key_id_of(sealed: BinaryIO) -> str:
    """Which key sealed the file: eight hex digits, "" where it is no sealed file."""
    if sealed.read(len(MAGIC)) != MAGIC:
        return ""
    return crypto.key_id(sealed.read(_LENGTH + 16)[_LENGTH:])
