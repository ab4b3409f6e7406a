"""Recognising a list of persons, which must not lie about as an attachment of a report."""

import re

from directive_tracker.vietnamese import fold
from records.errors import PersonListRefused
from records.extraction import Content, Table

HEADING_ROWS = 15
MIN_PERSONS = 1

_NAME = re.compile(r"\b(?:ho (?:va )?ten|ho, ten|ho ten|ho dem|ten nguoi|ten doi tuong)\b")
# A name beside one of these makes a person recognisable; beside a post or a telephone it is a contact list.
_PERSONAL = re.compile(
    r"\b(?:nam sinh|ngay sinh|ngay,? thang,? nam sinh|sinh nam|ngay thang sinh|tuoi|doi tuong|cccd|cmnd|cmtnd|so cmt|so dinh danh"
    r"|can cuoc|dan toc|thuong binh|benh binh|hoan canh|suc khoe)\b"
)
# Without headings: a column of personal names beside years or days of birth. Names as they are written here: two to six
# words with capitals, the first one of the usual family names or the A, Y of the region.
_NAME_CELL = re.compile(
    r"(?:nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dinh|doan|trinh|truong|dao|cao|ta|to|luong"
    r"|mai|ha|lam|thai|chau|ksor|rmah|siu|rcom|kpa|a|y)(?: [a-z']+){1,5}"
)
_BIRTH_CELL = re.compile(r"(?:\d{1,2}[/.-]\d{1,2}[/.-])?19[0-8]\d")
_BIRTH_LINE = re.compile(r"\b(?:sinh nam|sn|sinh ngay)[ :]*(?:\d{1,2}[/.-]\d{1,2}[/.-])?19[0-8]\d\b")
PERSONS_WITHOUT_HEADINGS = 3
_LETTER = re.compile(r"[^\W\d_]")


def looks_like_person_list(content: Content) -> bool:
    """Return whether a table has headings like "Họ và tên" + "Năm sinh" and somebody below them, or three rows or lines
    with a personal name and a year of birth.

    In the old binary formats and in PDF there are no cells to read, so two such headings on lines of
    their own are enough. Arguments: content as read by records.extraction. Errors: none.
    """
    if any(_is_list(table) or _is_bare_list(table) for table in content.tables):
        return True
    if content.text is not None and _lines_of_persons(content.text) >= PERSONS_WITHOUT_HEADINGS:
        return True
    return not content.tables and content.text is not None and _has_headings_alone(content.text)


def refuse_person_list(content: Content) -> None:
    """Errors: PersonListRefused when it looks like one, with a sentence saying where it belongs."""
    if looks_like_person_list(content):
        raise PersonListRefused(
            "Tệp là danh sách người (có họ tên cùng năm sinh, đối tượng hoặc số căn cước) nên không đính kèm vào báo cáo và chưa "
            "được lưu lại. Hãy gửi danh sách qua Sổ tri ân; trong báo cáo chỉ ghi số lượng."
        )


def _is_list(table: Table) -> bool:
    folded = [[fold(cell) for cell in row] for row in table[: HEADING_ROWS + 1]]
    for place, row in enumerate(folded[:HEADING_ROWS]):
        column = next((number for number, cell in enumerate(row) if len(cell) <= 60 and _NAME.search(cell)), None)
        if column is None:
            continue
        # Headings often take two rows: "Năm sinh" over "Nam | Nữ".
        around = [cell for line in folded[place : place + 2] for cell in line if len(cell) <= 60]
        if any(_PERSONAL.search(cell) for cell in around) and _persons_below(table[place + 1 :], column):
            return True
    return False


def _is_bare_list(table: Table) -> bool:
    rows = 0
    for row in table:
        folded = [fold(cell).strip() for cell in row if len(cell) <= 60]
        named = any(_NAME_CELL.fullmatch(cell) for cell in folded)
        rows += named and any(_BIRTH_CELL.fullmatch(cell) for cell in folded)
    return rows >= PERSONS_WITHOUT_HEADINGS


def _lines_of_persons(text: str) -> int:
    """Lines like "1. Nguyễn Văn A, sinh năm 1950, thôn 3"."""
    return sum(bool(_BIRTH_LINE.search(fold(line))) for line in text.splitlines()[:2000] if len(line) <= 400)


def _persons_below(rows: Table, column: int) -> bool:
    names = [row[column] for row in rows if column < len(row) and _LETTER.search(row[column])]
    return len(names) >= MIN_PERSONS


def _has_headings_alone(text: str) -> bool:
    lines = [fold(line) for line in text.splitlines()[:2000] if len(line) <= 400]
    short = [line for line in lines if len(line) <= 40]
    named = any(_NAME.match(line) for line in short)
    personal = {found[0] for line in short if (found := _PERSONAL.match(line))}
    together = any(_NAME.search(line) and _PERSONAL.search(line) and len(line) <= 200 for line in lines)
    if named and len(personal) >= 2:
        return True
    return ((named and bool(personal)) or together) and _years_of_birth(text) >= 3


def _years_of_birth(text: str) -> int:
    return len(re.findall(r"\b19[0-6]\d\b", text))
