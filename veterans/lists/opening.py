"""What a file is by its content, not its name; hostile files are refused before they are unpacked."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO

from lxml import etree

from veterans.lists.codes import FileRefused
from veterans.lists.formats import csv, ods, xls, xlsx
from veterans.lists.grid import Sheet
from veterans.lists.text import clean

MAX_UNPACKED = 100 * 1024 * 1024
MAX_MEMBERS = 5_000
# Excel allows 31 signs, OpenDocument any number.
_LONGEST_NAME = 100
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A BIFF workbook without a file system around it, as Excel 2 to 4 wrote.
_BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
_TEXT_NAMES = (".csv", ".txt", ".tsv")
_MARKUP = (
    b"<html",
    b"<!doc",
    b"<?xml",
    b"<table",
    b"<head",
    b"<body",
    b"%pdf",
    b"{\\rtf",
    b"<!--",
    b"<meta",
    b"<script",
)
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK, _BOOK = "Workbook".encode("utf-16-le"), "Book".encode("utf-16-le")
_DAMAGE = (zipfile.BadZipFile, etree.LxmlError, zlib.error, EOFError, OSError, *xls.DAMAGE)


def sheets(file: BinaryIO, name: str) -> Iterator[Sheet]:
    """The sheets of a file, each to be gone through before the next is asked for; no two have the same name.

    Arguments: file, open for reading from its beginning, seekable; name, as the sender named it.
    Errors: FileRefused, at any moment of the reading: nothing of the file may be kept then.
    """
    yield from _named(_guarded(lambda: _reader(file, name), name))


def _named(found: Iterator[Sheet]) -> Iterator[Sheet]:
    """The same with clean names, each its own: programs tell "Trang" from "Trang ", what is kept of a list does not."""
    seen: set[str] = set()
    for sheet in found:
        plain = name = clean(sheet.name)[:_LONGEST_NAME]
        number = 1
        while name in seen:
            number += 1
            name = f"{plain} ({number})"
        seen.add(name)
        yield sheet._replace(name=name)


def _guarded(found: Callable[[], Iterator[Any]], name: str) -> Iterator[Any]:
    """Turn whatever a damaged file throws into a refusal that names it, also while the rows are read."""
    try:
        for one in found():
            yield one._replace(rows=_guarded(partial(iter, one.rows), name)) if isinstance(one, Sheet) else one
    except FileRefused as refusal:
        raise refusal.of(name) from refusal
    except RuntimeError as error:
        # zipfile says so of a member that is locked.
        raise FileRefused("password_protected", name) from error
    except _DAMAGE as error:
        raise FileRefused("not_a_workbook", name, ": tệp bị hỏng") from error


def _reader(file: BinaryIO, name: str) -> Iterator[Sheet]:
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if head.startswith(_ZIP):
        return _zipped(file)
    if head.startswith(_OLE):
        return _old(file)
    if head[:2] in _BIFF and head[2:4] in (b"\x04\x00", b"\x06\x00", b"\x08\x00", b"\x10\x00"):
        return xls.sheets(file)
    is_markup = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP)
    if not name.lower().endswith(_TEXT_NAMES):
        why = ": là trang mạng hoặc văn bản" if is_markup else ""
        raise FileRefused("not_a_workbook", why=why)
    if is_markup:
        raise FileRefused("not_a_workbook", why=": là trang mạng hoặc tài liệu khác, không phải csv")
    return csv.sheets(file)


def _zipped(file: BinaryIO) -> Iterator[Sheet]:
    """Which kind of office file a zip archive is; how large it is unpacked stands in its directory."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if sum(member.file_size for member in members) > MAX_UNPACKED or len(members) > MAX_MEMBERS:
                raise FileRefused("too_large")
            if any(member.flag_bits & 1 for member in members) or "encrypted-package" in names:
                raise FileRefused("password_protected")
            if "content.xml" in names and "mimetype" in names:
                if not archive.read("mimetype").startswith(_ODS_TYPE):
                    raise FileRefused("not_a_workbook", why=": là văn bản, không phải bảng tính")
                if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                    raise FileRefused("password_protected")
                return ods.sheets(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, zlib.error) as error:
        raise FileRefused("not_a_workbook", why=": tệp bị hỏng") from error
    if "_rels/.rels" not in names or not any(name.startswith("xl/") for name in names):
        raise FileRefused("not_a_workbook")
    if "xl/workbook.bin" in names:
        raise FileRefused("not_a_workbook", why=": là bảng tính nhị phân .xlsb")
    file.seek(0)
    return xlsx.sheets(file)


def _old(file: BinaryIO) -> Iterator[Sheet]:
    data = file.read(xls.MAX_BYTES + 1)
    file.seek(0)
    if _ENCRYPTED in data:
        raise FileRefused("password_protected")
    if _WORKBOOK not in data and _BOOK not in data:
        raise FileRefused("not_a_workbook", why=": là văn bản hoặc tệp cũ khác, không phải bảng tính")
    return xls.sheets(file)
