"""Rows that are taken from the text of a sheet are those that a parser finds; everything else is left to the parser."""

import io
from random import Random

import pytest
from lxml import etree

from veterans.lists.formats import plain_rows
from veterans.lists.formats.plain_rows import PlainRow

OPTIONS = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
HEAD = '<worksheet xmlns="urn:sheet"><sheetFormatPr/><sheetData>'
FOOT = '</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells></worksheet>'


class Dripping(io.BytesIO):
    """Gives the head at once and then little pieces, which end anywhere."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(7 if self.tell() else len(HEAD))


def sheet(*rows: str, head: str = HEAD, foot: str = FOOT) -> bytes:
    return (head + "".join(rows) + foot).encode()


def told(data: bytes, stream: type[io.BytesIO] = io.BytesIO) -> list[tuple]:
    """Of each row: whether it was plain, its number, whether it is hidden, and the texts of its cells."""
    found = []
    for row in plain_rows.rows(stream(data), OPTIONS):
        if isinstance(row, PlainRow):
            found.append((True, row.number, row.hidden, [value or inline for *_, value, inline in row.cells]))
        else:
            found.append((False, *_parsed(row)))
    return found


def _parsed(row: etree._Element) -> tuple:
    number = row.get("r")
    texts = ["".join(cell.itertext("{*}v", "{*}t")) for cell in row]
    return int(number) if number else None, row.get("hidden") == "1", texts


ROWS = [
    ('<row r="3" spans="1:2" ht="15"><c r="A3" s="1" t="s"><v>7</v></c><c r="B3"/></row>', (True, 3, False, ["7", ""])),
    ('<row r="3" hidden="1"><c r="A3"><v>1</v></c></row>', (True, 3, True, ["1"])),
    ('<row><c r="A1" t="inlineStr"><is><t>Đỗ</t></is></c></row>', (True, None, False, ["Đỗ"])),
    ('<row r="1">\n<c r="A1"><v>1</v></c></row>', (False, 1, False, ["1"])),
    ('<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> A &amp; &#7884; </t></is></c></row>',
     (True, 1, False, [" A & Ọ "])),
    ('<row r="1"><c r="A1" t="inlineStr"><is><r><t>A</t></r><r><t> Pớt</t></r></is></c></row>',
     (False, 1, False, ["A Pớt"])),
    ('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>', (False, 1, False, ["2"])),
    ('<row r="1"><c t="n" r="A1"><v>2</v></c></row>', (False, 1, False, ["2"])),
    ('<row r="1"><c r="A1" t="str"><v>a\nb</v></c></row>', (False, 1, False, ["a\nb"])),
    ('<row r="1"><c r="A1" t="str"><v><![CDATA[</row>]]></v></c></row>', (False, 1, False, ["</row>"])),
]  # fmt: skip


@pytest.mark.parametrize(("row", "meant"), ROWS)
def test_a_row_is_plain_only_where_nothing_in_it_has_to_be_resolved(row: str, meant: tuple) -> None:
    assert told(sheet(row)) == [meant]


def test_rows_of_both_kinds_come_in_the_order_of_the_file_wherever_the_pieces_of_it_end() -> None:
    chance = Random(5)
    for _ in range(60):
        data = sheet(*(row for row, _ in chance.choices(ROWS, k=chance.randrange(12))), "<row/>" * chance.randrange(2))
        meant = [_parsed(row) for row in etree.fromstring(data).iter("{*}row")]

        assert [row[1:] for row in told(data)] == meant
        assert [row[1:] for row in told(data, Dripping)] == meant


def test_a_row_in_a_comment_is_none() -> None:
    plain = '<row r="2"><c r="A2"><v>1</v></c></row>'

    assert told(sheet(f"<!-- {plain} -->", plain)) == [(False, 2, False, ["1"])]
    assert told(sheet(plain, head=HEAD.replace("<sheetData>", f"<!-- <sheetData>{plain} --><sheetData>"))) == [
        (False, 2, False, ["1"])
    ]


def test_a_row_inside_another_ends_the_reading_by_the_text() -> None:
    inner = '<row r="2"><c r="A2"><v>1</v></c></row>'

    found = told(sheet(f'<row r="1"><c r="A1">{inner}</c></row>', inner))

    assert [(row[0], row[1]) for row in found] == [(False, 2), (False, 1), (False, 2)]


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1258"])
def test_another_encoding_than_utf8_is_the_parsers(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{HEAD}<row r="1"><c r="A1" t="str"><v>đ</v></c></row>{FOOT}'

    assert told(text.encode(encoding)) == [(False, 1, False, ["đ"])]


@pytest.mark.parametrize("broken", ['<row r="1"><c r="A1"><v>&#1;</v></c></row>', '<row r="1"><c></row>'])
def test_what_a_parser_refuses_is_refused(broken: str) -> None:
    with pytest.raises(etree.XMLSyntaxError):
        told(sheet('<row r="1"><c r="A1"><v>1</v></c></row>', broken))


def test_signs_that_are_not_utf8_and_a_file_that_ends_early_are_refused() -> None:
    whole = sheet('<row r="1"><c r="A1" t="str"><v>đ</v></c></row>')

    with pytest.raises(etree.XMLSyntaxError):
        told(whole.replace("đ".encode(), b"\xff\xfe"))
    with pytest.raises(etree.XMLSyntaxError):
        told(whole[:-20])
