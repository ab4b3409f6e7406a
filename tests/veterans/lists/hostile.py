"""Files that are made to do harm, or that went wrong on the way. Each function gives the bytes, or writes a large one."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

from tests.veterans.lists.made import writers
from tests.veterans.lists.made.grid import Page
from veterans.lists.grid import column_letter

HEADING = ["TT", "Họ và tên", "Năm sinh", "Xã", "Đối tượng"]
ROW = [1, "A Thử", 1931, "Đăk Pxi", "TNXP"]


def page(*rows: list, name: str = "Trang 1") -> Page:
    """A sheet of plain rows."""
    cells = {(row, column): value for row, line in enumerate(rows, 1) for column, value in enumerate(line, 1)}
    return Page(name, cells)


def good() -> bytes:
    """A list that is right."""
    return writers.xlsx([page(HEADING, ROW)])


def with_sheet(sheet: bytes, *, more: dict[str, bytes] | None = None) -> bytes:
    """A workbook whose first sheet is this XML; more: other members put in or replaced."""
    out = io.BytesIO()
    replaced = {"xl/worksheets/sheet1.xml": sheet} | (more or {})
    with zipfile.ZipFile(io.BytesIO(good())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member not in replaced:
                new.writestr(member, old.read(member))
        for member, data in replaced.items():
            new.writestr(member, data)
    return out.getvalue()


_HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_TAIL = b"</sheetData></worksheet>"


def _line(number: int, values: list) -> bytes:
    cells = "".join(
        f'<c r="{letter}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
        for letter, value in zip("ABCDEFGHIJ", values, strict=False)
    )
    return f'<row r="{number}">{cells}</row>'.encode()


def bomb(megabytes: int = 160) -> bytes:
    """A sheet that unpacks to so many megabytes of blanks."""
    return with_sheet(_HEAD + b" " * (megabytes << 20) + _TAIL)


def lying_bomb() -> bytes:
    """A sheet of 160 MB whose directory says that it has a thousand bytes."""
    data = bytearray(bomb())
    name = b"xl/worksheets/sheet1.xml"
    # The size stands 22 bytes before the name's end of the entry's fixed part: in the directory, and in front of the data.
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.find(mark)
        while place >= 0:
            length = 46 if mark == b"PK\x01\x02" else 30
            if data[place + length : place + length + len(name)] == name:
                struct.pack_into("<I", data, place + offset, 1000)
            place = data.find(mark, place + 4)
    return bytes(data)


def entity_bomb() -> bytes:
    """Entities that multiply."""
    entities = b"".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">'.encode() for number in range(1, 12))
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">' + entities + b"]>"
    return with_sheet(head + _HEAD + _line(1, HEADING) + _line(2, [1, "&e11;", 1931, "a", "b"]) + _TAIL)


def outer_entity() -> bytes:
    """An entity that names a file of this machine."""
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return with_sheet(head + _HEAD + _line(1, HEADING) + _line(2, [1, "A Thu &e;", 1931, "Dak Pxi", "TNXP"]) + _TAIL)


def wide(columns: int = 20_000) -> bytes:
    """A heading of so many columns, beyond what Excel allows."""
    cells = "".join(
        f'<c r="{column_letter(one - 1)}1" t="inlineStr"><is><t>Năm sinh {one}</t></is></c>'
        for one in range(1, columns + 1)
    )
    first = f'<row r="1">{cells}</row>'.replace("Năm sinh 1<", "Họ và tên<", 1)
    return with_sheet(_HEAD + first.encode() + _TAIL)


def far(row: int) -> bytes:
    """A short list, and one empty and one blank cell far below."""
    rest = f'<row r="{row}"><c r="A{row}" s="0"/><c r="B{row}" t="inlineStr"><is><t> </t></is></c></row>'
    return with_sheet(_HEAD + _line(1, HEADING) + _line(2, ROW) + rest.encode() + _TAIL)


def empty_rows(count: int) -> bytes:
    """A short list and so many rows that only have a format."""
    rest = b"".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>'.encode() for row in range(3, count))
    return with_sheet(_HEAD + _line(1, HEADING) + _line(2, ROW) + rest + _TAIL)


def big_merges() -> bytes:
    """A cell merged over the whole sheet, and many merges besides."""
    merges = '<mergeCell ref="A3:XFD1048576"/>' + "".join(
        f'<mergeCell ref="A{row}:J{row + 900}"/>' for row in range(4, 50_000)
    )
    rows = b"".join(_line(row, ROW) for row in range(2, 60))
    return with_sheet(
        _HEAD + _line(1, HEADING) + rows + b"</sheetData><mergeCells>" + merges.encode() + b"</mergeCells></worksheet>"
    )


def word_document() -> bytes:
    """A text document with another name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", "<Relationships/>")
        archive.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def locked() -> bytes:
    """A member that says it is locked with a password."""
    data = bytearray(good())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    return bytes(data)


def office_locked() -> bytes:
    """As Excel locks a workbook: a compound file that holds the package in cipher."""
    plain = writers._ole(b"cipher" * 2000)
    return plain.replace("Workbook".encode("utf-16-le") + b"\0\0", "EncryptedPackage".encode("utf-16-le") + b"\0\0", 1)


def old_locked() -> bytes:
    """An old workbook with a password."""
    data = writers.xls([page(HEADING, ROW)])
    return data.replace(struct.pack("<HHH", 0x0042, 2, 1200), struct.pack("<HHH", 0x002F, 2, 0), 1)


def long_cell() -> bytes:
    """One cell of 5 MB."""
    return with_sheet(_HEAD + _line(1, HEADING) + _line(2, [1, "A" * 5_000_000, 1931, "Dak Pxi", "TNXP"]) + _TAIL)


def write_text_bomb(path: Path, megabytes: int = 200) -> None:
    """A text file of so many megabytes."""
    line = ("1,A Thử,1931,Đăk Pxi,TNXP\n" * 4000).encode()
    with path.open("wb") as file:
        file.write("TT,Họ và tên,Năm sinh,Xã,Đối tượng\n".encode())
        for _ in range((megabytes << 20) // len(line) + 1):
            file.write(line)


def ods(content: bytes, kind: str = "spreadsheet") -> bytes:
    """An OpenDocument file with this content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", content)
    return out.getvalue()


def repeated_ods(rows: int, columns: int) -> bytes:
    """One cell that is repeated over rows and columns."""
    whole = writers.ods([page(HEADING, ROW)])
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        content = archive.read("content.xml").decode()
    cell = f'<table:table-cell office:value-type="string" table:number-columns-repeated="{columns}"><text:p>Kinh</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    return ods(content.replace("</table:table>", row + "</table:table>").encode())


def broken(data: bytes, at: float) -> bytes:
    """The same with a part in the middle lost."""
    place = int(len(data) * at)
    return data[:place] + zlib.compress(b"x" * 40) + data[place + 60 :]
