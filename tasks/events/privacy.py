"""Inspections and captions speak of offices and public places, never of a house or of somebody by name.

What is looked for are the words by which people here write down a house ("nhà ông …", "hộ dân", "số nhà 12") or a
person ("bà Nguyễn Thị …"). Streets, schools and markets that are called after somebody ("đường Bà Triệu") are none.
"""

import re

from directive_tracker.vietnamese import nfc

_SPOKEN_TO = "ông|bà|anh|chị|cụ|cô|chú|bác|thầy|em|đồng chí|đ/c"
_HOUSE = re.compile(
    rf"(?<!\w)(?<!ủng )(?<!bảo )(?:(?:nhà|hộ|gia đình|tư gia)\s+(?:{_SPOKEN_TO})|nhà riêng|nhà dân|nhà ở(?: của)?|tư gia|số nhà"
    r"|hộ\s+(?:dân|gia đình|kinh doanh|nghèo|cận nghèo))(?!\w)",
    re.IGNORECASE,
)
_LETTER_UP = "A-ZĐÀ-ÖØ-ÝĂÂÊÔƠƯẠ-Ỹ"
# In the middle of a sentence a person is written "bà Nguyễn", a street "đường Bà Triệu".
_PERSON = re.compile(rf"(?<!\w)(?:{_SPOKEN_TO})\s+([{_LETTER_UP}]\w*)")
_PERSON_FIRST = re.compile(
    rf"(?:^|[.;:!?\n(–-])\s*((?:Ông|Bà|Anh|Chị|Cụ|Cô|Chú|Bác|Thầy|Em|Đồng chí|Đ/c)\s+[{_LETTER_UP}]\w*)"
)
WHAT_IS_RIGHT = (
    "chỉ ghi trụ sở cơ quan và nơi công cộng, không ghi nhà riêng hay tên người. "
    "Xin ghi tên trục đường, trụ sở, tổ dân phố; tên đường thì viết cả chữ “đường”."
)


def _upper(letter: str) -> bool:
    """Capital letters of Vietnamese; ranges of Unicode mix them with small ones."""
    return letter == letter.upper() and letter != letter.lower()


def private_words(text: str) -> str:
    """The words that name a house or a person, as they stand in the text; "" where there are none."""
    text = nfc(text)
    if found := _HOUSE.search(text):
        return found[0]
    for found in _PERSON.finditer(text):
        if _upper(found[1][0]):
            return found[0]
    for found in _PERSON_FIRST.finditer(text):
        if _upper(found[1].split()[-1][0]):
            return found[1]
    return ""


def privacy_error(text: str, what: str) -> str:
    """The sentence for a text that names a house or a person; "" where it will do.

    Args:
        what: how the sentence begins: "Nơi kiểm tra", "Kiến nghị", "Chú thích ảnh".
    """
    found = private_words(text)
    return f"{what} {WHAT_IS_RIGHT} Chỗ cần sửa: “{found}”." if found else ""
