"""A made list → the bytes of an xlsx, ods, xls or csv file. Written out by hand, so every odd thing can be put in."""

import csv as csv_module
import io
import struct
import zipfile
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

from tests.veterans.lists.made.grid import Failed, Formula, Page

_EPOCH = date(1899, 12, 30)
_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XLS_ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#N/A": 0x2A}


def serial(day: date) -> int:
    """The number Excel stores for a day."""
    return (day - _EPOCH).days


# --- xlsx ---------------------------------------------------------------------------------------


def xlsx(pages: list[Page]) -> bytes:
    """A workbook of Excel 2007 and later."""
    fonts = ["Calibri", *sorted({font for page in pages for font in page.fonts.values()})]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        relations = "".join(
            f'<Relationship Id="s{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in range(1, len(pages) + 1)
        )
        relations += f'<Relationship Id="st" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        package = "http://schemas.openxmlformats.org/package/2006"
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>')
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="b" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        )
        sheets = "".join(
            f"<sheet name={quoteattr(page.name)} sheetId='{number}' r:id='s{number}'"
            f"{' state=' + quoteattr('hidden') if page.hidden else ''}/>"
            for number, page in enumerate(pages, 1)
        )
        archive.writestr("xl/workbook.xml", f"<workbook {_NS} {_REL}><sheets>{sheets}</sheets></workbook>")
        listed = "".join(f"<font><name val={quoteattr(font)}/></font>" for font in fonts)
        formats = "".join(
            f'<xf fontId="{font}" numFmtId="{number}"/>' for font in range(len(fonts)) for number in (0, 14)
        )
        archive.writestr(
            "xl/styles.xml", f"<styleSheet {_NS}><fonts>{listed}</fonts><cellXfs>{formats}</cellXfs></styleSheet>"
        )
        for number, page in enumerate(pages, 1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", _xlsx_sheet(page, fonts))
    return out.getvalue()


def _xlsx_sheet(page: Page, fonts: list[str]) -> str:
    rows = []
    for row, cells in page.rows():
        written = "".join(
            _xlsx_cell(
                f"{get_column_letter(column)}{row}", value, fonts.index(page.fonts.get((row, column), "Calibri"))
            )
            for column, value in cells
        )
        rows.append(f'<row r="{row}"{" hidden=" + quoteattr("1") if row in page.hidden_rows else ""}>{written}</row>')
    merges = "".join(
        f'<mergeCell ref="{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"/>'
        for top, left, bottom, right in page.merges
    )
    columns = "".join(f'<col min="{one}" max="{one}" hidden="1"/>' for one in sorted(page.hidden_columns))
    return (
        f"<worksheet {_NS}>{f'<cols>{columns}</cols>' if columns else ''}<sheetData>{''.join(rows)}</sheetData>"
        f"{f'<mergeCells>{merges}</mergeCells>' if merges else ''}</worksheet>"
    )


def _xlsx_cell(place: str, value: object, font: int) -> str:
    if isinstance(value, Failed):
        return f'<c r="{place}" t="e"><v>{escape(value.text)}</v></c>'
    if isinstance(value, Formula):
        if value.value is None:
            return f'<c r="{place}"><f>A1</f></c>'
        kind = ' t="str"' if isinstance(value.value, str) else ""
        return f'<c r="{place}"{kind}><f>A1</f><v>{escape(str(value.value))}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="{font * 2 + 1}"><v>{serial(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}" s="{font * 2}"><v>{value}</v></c>'
    return f'<c r="{place}" s="{font * 2}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


# --- ods ----------------------------------------------------------------------------------------


def ods(pages: list[Page]) -> bytes:
    """An OpenDocument spreadsheet."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("fo", "xsl-fo-compatible"))
    )  # fmt: skip
    fonts = sorted({font for page in pages for font in page.fonts.values()})
    styles = "".join(
        f'<style:style style:name="f{number}" style:family="table-cell"><style:text-properties style:font-name={quoteattr(font)}/></style:style>'
        for number, font in enumerate(fonts)
    )
    styles += '<style:style style:name="tah" style:family="table"><style:table-properties table:display="false"/></style:style>'
    tables = "".join(_ods_table(page, fonts) for page in pages)
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return out.getvalue()


def _ods_table(page: Page, fonts: list[str]) -> str:
    spans = {
        (
            top,
            left,
        ): f' table:number-rows-spanned="{bottom - top + 1}" table:number-columns-spanned="{right - left + 1}"'
        for top, left, bottom, right in page.merges
    }
    rows, done = [], 0
    for row, cells in page.rows():
        if row - done > 1:
            rows.append(
                f'<table:table-row table:number-rows-repeated="{row - done - 1}"><table:table-cell/></table:table-row>'
            )
        written, at = [], 0
        for column, value in cells:
            if column - at > 1:
                written.append(f'<table:table-cell table:number-columns-repeated="{column - at - 1}"/>')
            font = page.fonts.get((row, column))
            style = f' table:style-name="f{fonts.index(font)}"' if font else ""
            written.append(_ods_cell(value, style + spans.get((row, column), "")))
            at = column
        hidden = ' table:visibility="collapse"' if row in page.hidden_rows else ""
        rows.append(f"<table:table-row{hidden}>{''.join(written)}</table:table-row>")
        done = row
    rows.append(
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
    )
    style = ' table:style-name="tah"' if page.hidden else ""
    return f"<table:table table:name={quoteattr(page.name)}{style}>{''.join(rows)}</table:table>"


def _ods_cell(value: object, more: str) -> str:
    if isinstance(value, Failed):
        return f'<table:table-cell{more} table:formula="of:=NA()" office:value-type="string" office:string-value=""><text:p>{value.text}</text:p></table:table-cell>'
    if isinstance(value, Formula):
        if value.value is None:
            return f'<table:table-cell{more} table:formula="of:=[.A1]"/>'
        return _ods_cell(value.value, more + ' table:formula="of:=[.A1]"')
    if isinstance(value, date):
        return f'<table:table-cell{more} office:value-type="date" office:date-value="{value}"><text:p>{value}</text:p></table:table-cell>'
    if isinstance(value, int | float):
        return f'<table:table-cell{more} office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    parts = "".join(f"<text:p>{escape(part)}</text:p>" for part in str(value).split("\n"))
    return f'<table:table-cell{more} office:value-type="string">{parts}</table:table-cell>'


# --- csv ----------------------------------------------------------------------------------------


def csv(page: Page, delimiter: str, encoding: str, end: str = "\r\n") -> bytes:
    """A text file. Dates are written as Excel in Vietnamese does; an empty row is an empty record."""
    width = max((column for _, column in page.cells), default=0)
    out = io.StringIO(newline="")
    writer = csv_module.writer(out, delimiter=delimiter, lineterminator=end)
    by_row = dict(page.rows())
    for row in range(1, max(by_row, default=0) + 1):
        cells = dict(by_row.get(row, []))
        writer.writerow([_csv_text(cells.get(column)) for column in range(1, width + 1)])
    return out.getvalue().encode(encoding)


def _csv_text(value: object) -> str:
    if isinstance(value, Failed):
        return value.text
    if isinstance(value, Formula):
        return "" if value.value is None else str(value.value)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


# --- xls ----------------------------------------------------------------------------------------


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str, length: str = "<H") -> bytes:
    return struct.pack(length, len(text)) + b"\x01" + text.encode("utf-16-le")


def xls(pages: list[Page]) -> bytes:
    """A workbook of Excel 97–2003 (BIFF8) in its file system."""
    fonts = ["Arial"] * 4 + sorted({font for page in pages for font in page.fonts.values()})
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    body += _record(0x0042, struct.pack("<H", 1200))
    for font in fonts:
        body += _record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _text(font, "<B"))
    for number in range(len(fonts)):
        # The number 4 is left out by Excel.
        index = number if number < 4 else number + 1
        for shown in (0, 14):
            body += _record(0x00E0, struct.pack("<HHHBBBBIIH", index, shown, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0))
    parts = [_xls_sheet(page, fonts) for page in pages]
    names = [_text(page.name, "<B") for page in pages]
    start = len(body) + sum(4 + 6 + len(name) for name in names) + 4
    for page, name, part in zip(pages, names, parts, strict=True):
        body += _record(0x0085, struct.pack("<IBB", start, int(page.hidden), 0) + name)
        start += len(part)
    return _ole(body + _record(0x000A, b"") + b"".join(parts))


def _xls_sheet(page: Page, fonts: list[str]) -> bytes:
    body = bytearray(_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)))
    rows = page.rows()
    last = max((row for row, _ in rows), default=0)
    width = max((column for _, column in page.cells), default=0)
    body += _record(0x0200, struct.pack("<IIHHH", 0, last, 0, width, 0))
    for row, _ in rows:
        flags = 0x0100 | (0x20 if row in page.hidden_rows else 0)
        body += _record(0x0208, struct.pack("<HHHHHHI", row - 1, 0, width, 255, 0, 0, flags))
    for row, cells in rows:
        for column, value in cells:
            font = page.fonts.get((row, column), "Arial")
            style = (fonts.index(font)) * 2
            body += _xls_cell(row - 1, column - 1, style, value)
    if page.merges:
        ranges = b"".join(
            struct.pack("<HHHH", top - 1, bottom - 1, left - 1, right - 1) for top, left, bottom, right in page.merges
        )
        body += _record(0x00E5, struct.pack("<H", len(page.merges)) + ranges)
    return bytes(body) + _record(0x000A, b"")


def _xls_cell(row: int, column: int, style: int, value: object) -> bytes:
    head = struct.pack("<HH", row, column)
    if isinstance(value, Failed):
        return _record(0x0205, head + struct.pack("<HBB", style, _XLS_ERRORS[value.text], 1))
    if isinstance(value, Formula):
        value = value.value
        if value is None:
            return b""
    if isinstance(value, date):
        return _record(0x0203, head + struct.pack("<Hd", style + 1, float(serial(value))))
    if isinstance(value, int | float):
        return _record(0x0203, head + struct.pack("<Hd", style, float(value)))
    return _record(0x0204, head + struct.pack("<H", style) + _text(str(value)))


def _ole(stream: bytes) -> bytes:
    """A compound file that holds one stream, "Workbook"."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    tables = 1
    while tables * 128 < tables + 1 + sectors:
        tables += 1
    chain = [0xFFFFFFFD] * tables + [0xFFFFFFFE] + list(range(tables + 2, tables + 1 + sectors)) + [0xFFFFFFFE]
    chain += [0xFFFFFFFF] * (tables * 128 - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += b"".join(struct.pack("<I", number if number < tables else 0xFFFFFFFF) for number in range(109))
    entries = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry("Workbook", 2, 0xFFFFFFFF, tables + 1, len(stream))
    table = b"".join(struct.pack("<I", one) for one in chain)
    return head + table + entries.ljust(512, b"\0") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1) + links + b"\0" * 36
        + struct.pack("<III", start, size, 0)
    )  # fmt: skip
