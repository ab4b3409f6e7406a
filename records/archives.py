"""Office files are zip archives: looked through whole before any part of them is believed.

The directory of an archive says what is in it and how large it is; programs differ in whether they
believe it. So every member is found by its own header, unpacked by us within limits, and compared with
what the directory says: what we checked is what Word opens.
"""

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from directive_tracker.vietnamese import vn_number
from records.errors import UploadRefused
from records.markup import check_markup
from records.olefiles import OLE_MAGIC, check_ole, macros

MAX_MEMBERS = 2000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
CHUNK = 64 * 1024
# The part by which each kind is known, and the type its package must name.
OWN_MEMBER = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".odt": "content.xml", ".ods": "content.xml"}
_ODF_TYPES = {
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_ZIP, _EXECUTABLES = b"PK\x03\x04", (b"MZ", b"\x7fELF")
_END = b"PK\x05\x06"
_LOCAL = struct.Struct("<4s5H3L2H")
# "The size stands in the extra field": streaming writers say so of small files too.
_IN_EXTRA = 0xFFFFFFFF
_END_RECORD = struct.Struct("<4s4H2LH")
# Parts that only exist to run something.
_ACTIVE = re.compile(
    r"(?:^|/)(?:activex|macrosheets|customui\w*|vbaproject\w*\.bin|vbadata\.xml)(?:/|$)|^(?:basic|scripts)/"
)
# A table or chart of another office program inside a document is such a file itself.
_EMBEDDED = re.compile(r"^(?:word|xl|ppt)/embeddings/[^/]+\.(docx|xlsx|pptx)$")


def check_archive(data: bytes, name: str, extension: str) -> None:
    """Look through an office file of the kinds in OWN_MEMBER.

    Arguments: data; name, for the sentences; extension with its dot.
    Errors: UploadRefused for a damaged, lying, locked, oversized or active archive.
    """
    _check(data, name, extension, budget=_Budget(len(data), name), nested=False)


class _Budget:
    """What the whole upload may still unpack to, archives inside it included."""

    def __init__(self, packed: int, name: str) -> None:
        self.packed, self.name, self.unpacked, self.members = packed, name, 0, 0

    def spend(self, size: int) -> None:
        self.unpacked += size
        if self.unpacked > MAX_UNPACKED or self.unpacked > self.packed * MAX_RATIO:
            raise UploadRefused(
                f"Tệp “{self.name}” khi bung ra vượt giới hạn {MAX_UNPACKED // 1024 // 1024} MB hoặc {MAX_RATIO} lần cỡ tệp."
            )

    def count(self, members: int) -> None:
        self.members += members
        if self.members > MAX_MEMBERS:
            raise UploadRefused(
                f"Tệp “{self.name}” có {vn_number(self.members)} phần bên trong, vượt giới hạn {vn_number(MAX_MEMBERS)}."
            )


def _check(data: bytes, name: str, extension: str, *, budget: _Budget, nested: bool) -> None:
    if not _ends_with_its_directory(data):
        raise _damaged(name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError, struct.error) as error:
        raise _damaged(name) from error
    budget.count(len(members))
    announced = sum(member.file_size for member in members)
    if announced > MAX_UNPACKED:
        # Refused before anything is unpacked.
        budget.spend(announced)
    _check_names(members, name)
    names = {member.filename for member in members}
    if not nested and OWN_MEMBER[extension] not in names:
        raise _another_kind(name, extension)
    _check_places(data, members, name)
    for member in members:
        if not member.is_dir():
            _check_part(data, member, name, extension, budget=budget, nested=nested)
    if extension in _ODF_TYPES and "mimetype" not in names:
        raise _another_kind(name, extension)
    if extension in (".docx", ".xlsx", ".pptx") and "[Content_Types].xml" not in names:
        raise _damaged(name)


def _ends_with_its_directory(data: bytes) -> bool:
    """Nothing stands behind the archive: what did could be another file for another program."""
    place = data.rfind(_END)
    if place < 0 or len(data) - place < _END_RECORD.size:
        return False
    *_, size, offset, comment = _END_RECORD.unpack_from(data, place)
    return place + _END_RECORD.size + comment == len(data) and offset + size == place


def _check_names(members: Iterable[zipfile.ZipInfo], name: str) -> None:
    seen: set[str] = set()
    for member in members:
        path = member.orig_filename.replace("\\", "/")
        strange = path.startswith("/") or ".." in path.split("/") or re.match(r"[A-Za-z]:", path)
        if strange or any(unicodedata.category(sign) in ("Cc", "Cf") for sign in path):
            raise UploadRefused(f"Tệp “{name}” có phần mang đường dẫn lạ nên bị từ chối vì lý do an toàn.")
        # Office programs take names that differ in case only for the same part.
        if path.lower() in seen:
            raise UploadRefused(f"Tệp “{name}” có hai phần trùng tên bên trong nên bị từ chối vì lý do an toàn.")
        seen.add(path.lower())
        if member.flag_bits & 0x1:
            raise UploadRefused(f"Tệp “{name}” có mật khẩu nên không kiểm tra được. Hãy bỏ mật khẩu rồi gửi lại.")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise UploadRefused(f"Tệp “{name}” có phần mang đường dẫn lạ nên bị từ chối vì lý do an toàn.")
        if _ACTIVE.search(path.lower()):
            raise macros(name)


def _check_places(data: bytes, members: list[zipfile.ZipInfo], name: str) -> None:
    """Every member lies behind the one before it: none twice, none inside another, nothing before the first."""
    end = 0
    for number, member in enumerate(sorted(members, key=lambda one: one.header_offset)):
        start = member.header_offset
        if start < end or (number == 0 and start != 0) or start + _LOCAL.size > len(data):
            raise _damaged(name)
        end = _content_place(data, member, name) + member.compress_size


def _content_place(data: bytes, member: zipfile.ZipInfo, name: str) -> int:
    """Where the member's bytes begin, its own header being the same as its line in the directory."""
    magic, _, flags, method, _, _, crc, *sizes, name_size, extra_size = _LOCAL.unpack_from(data, member.header_offset)
    start = member.header_offset + _LOCAL.size
    encoding = "utf-8" if member.flag_bits & 0x800 else "cp437"
    announced = (crc, *(real if size == _IN_EXTRA else size for size, real in zip(sizes, _sizes(member), strict=True)))
    same = (
        magic == _ZIP
        and data[start : start + name_size].decode(encoding, errors="replace") == member.orig_filename
        and method == member.compress_type
        and not flags & 0x1
        and (bool(flags & 0x8) or announced == (member.CRC, *_sizes(member)))
    )
    if not same or method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _damaged(name)
    return start + name_size + extra_size


def _sizes(member: zipfile.ZipInfo) -> tuple[int, int]:
    return member.compress_size, member.file_size


def unpack(data: bytes, member: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """The member's bytes, chunk by chunk; never more than a chunk at once, whatever was announced.

    Errors: UploadRefused when size or checksum are not what the directory says.
    """
    start = _content_place(data, member, name)
    packed = memoryview(data)[start : start + member.compress_size]
    size = crc = 0
    for chunk in _stored(packed) if member.compress_type == zipfile.ZIP_STORED else _inflated(packed, name):
        size += len(chunk)
        crc = zlib.crc32(chunk, crc)
        if size > member.file_size:
            raise _damaged(name)
        yield chunk
    if (size, crc) != (member.file_size, member.CRC):
        raise _damaged(name)


def _stored(packed: memoryview) -> Iterator[bytes]:
    for place in range(0, len(packed), CHUNK):
        yield bytes(packed[place : place + CHUNK])


def _inflated(packed: memoryview, name: str) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    rest: bytes | memoryview = packed
    try:
        while not stream.eof:
            chunk = stream.decompress(rest, CHUNK)
            rest = stream.unconsumed_tail
            if chunk:
                yield chunk
            elif not rest and not stream.eof:
                raise _damaged(name)
    except zlib.error as error:
        raise _damaged(name) from error
    if stream.unused_data:
        raise _damaged(name)


def _check_part(
    data: bytes, member: zipfile.ZipInfo, name: str, extension: str, *, budget: _Budget, nested: bool
) -> None:
    # Not pieces that are joined: a part of 100 MB would stand there twice.
    whole = io.BytesIO()
    for chunk in unpack(data, member, name):
        budget.spend(len(chunk))
        whole.write(chunk)
    content = whole.getvalue()
    path = member.filename.replace("\\", "/").lower()
    if content.startswith(_EXECUTABLES):
        raise UploadRefused(f"Tệp “{name}” có chương trình chạy được bên trong nên bị từ chối vì lý do an toàn.")
    if content.startswith(OLE_MAGIC):
        check_ole(content, name)
    if content.startswith(_ZIP):
        _check_inner(content, path, name, budget=budget, nested=nested)
    elif path == "mimetype" and extension in _ODF_TYPES:
        if content.decode("ascii", errors="replace").strip() != _ODF_TYPES[extension]:
            raise _another_kind(name, extension)
    elif content:
        check_markup(content, path, name)


def _check_inner(content: bytes, path: str, name: str, *, budget: _Budget, nested: bool) -> None:
    inner = _EMBEDDED.match(path)
    if nested or inner is None:
        raise UploadRefused(f"Tệp “{name}” có tệp nén khác bên trong nên bị từ chối vì lý do an toàn.")
    _check(content, name, f".{inner[1]}", budget=budget, nested=True)


def _damaged(name: str) -> UploadRefused:
    return UploadRefused(f"Không đọc được tệp “{name}”: tệp bị hỏng.")


def _another_kind(name: str, extension: str) -> UploadRefused:
    return UploadRefused(f"Nội dung của tệp “{name}” không đúng với đuôi “{extension}”.")
