"""The form of Party documents as numbers: paper, margins, sizes, where each part stands; one profile a period.

Hướng dẫn 36-HD/VPTW of 03/4/2018 holds for documents dated until 26/5/2026, Hướng dẫn 05-HD/VPTW from 27/5/2026 on.
A change of the rules is another profile here and nothing else. Lengths in millimetres, sizes in points.
"""

from dataclasses import dataclass
from datetime import date

FONT = "Times New Roman"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"
STAR = "*"


@dataclass(frozen=True)
class PartyForm:
    """One profile. `*_pt` are sizes of letters; list_end and list_last close the lines of "Nơi nhận"."""

    code: str
    first_day: date
    last_day: date
    page_width_mm: float = 210
    page_height_mm: float = 297
    top_mm: float = 20
    bottom_mm: float = 20
    left_mm: float = 30
    right_mm: float = 15
    page_number_mm: float = 10  # from the upper edge; none on the first page
    head_left_mm: float = 75
    head_right_mm: float = 90
    party_pt: float = 15
    superior_pt: float = 14
    organ_pt: float = 14
    number_pt: float = 14
    place_pt: float = 14
    type_name_pt: float = 15
    summary_pt: float = 14
    letter_summary_pt: float = 12
    body_pt: float = 14
    table_pt: float = 12
    to_pt: float = 14
    authority_pt: float = 14
    signer_pt: float = 14
    recipients_pt: float = 14
    recipients_list_pt: float = 12
    page_number_pt: float = 14
    first_line_mm: float = 10
    before_pt: float = 6
    line_pt: float = 18
    signature_lines: int = 4
    list_end: str = ","
    list_last: str = "."
    to_words: str = "Kính gửi"


HD36 = PartyForm("HD36", date(2018, 4, 3), date(2026, 5, 26))
HD05 = PartyForm("HD05", date(2026, 5, 27), date.max, list_end=";")
FORMS = (HD36, HD05)


def form_for(day: date) -> PartyForm:
    """The profile of a document dated that day; for days before the first one, the first."""
    return next((form for form in reversed(FORMS) if form.first_day <= day), FORMS[0])


def day_words(day: date) -> str:
    """ "ngày 05 tháng 02 năm 2024": a zero before days under ten and before January and February."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"
