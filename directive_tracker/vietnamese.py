"""Vietnamese text: folding for search, sorting, names, dates and numbers.

Pure functions without database or settings, so that every room, command and migration
can use them. Searching and sorting are done on stored keys, because SQLite has no
Vietnamese collation and the order must not depend on the database.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")

# Letters that carry their stroke inside one code point and so do not decompose. Eth and
# "African D" look like Đ and are common in texts converted from TCVN3 and VNI; ƀ is a
# letter of Bahnar and Gia Rai names.
_STROKES = {"đ": "d", "ð": "d", "ɖ": "d", "ƀ": "b", "ɓ": "b"}
_FOLD = str.maketrans(_STROKES)
_LOOKALIKES = str.maketrans({"ð": "đ", "ɖ": "đ", "ƀ": "b", "ɓ": "b"})
# Zero width characters, soft hyphen and byte order mark arrive with copied Word text.
_INVISIBLE: dict[int, None] = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))

# huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_LEVEL = "0"
_END = "00"
_SPACE = "01"
_OTHER_SIGN = "09"
_OTHER_LETTER = "99"
_SIGNS = {
    sign: f"{place:02d}"
    for place, signs in enumerate(("_-‐‑–—", ",", ";:", "!?", ".", "'\"‘’“”", "()[]{}"), start=2)
    for sign in signs
}
_LETTERS = {letter: str(place) for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=60)}
_TOKENS = re.compile(r"[0-9]+|\s+|.", re.DOTALL)

_NUMERIC_DATE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SPOKEN_DATE = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}),? nam (\d{4})")
_FIRST_YEAR, _LAST_YEAR = 1800, 2199


def nfc(text: str) -> str:
    """Return the text in composed form (NFC), the form everything is stored in.

    Arguments: text, a string. Errors: none.
    """
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return the text as search sees it: no marks, no case, single spaces.

    "ĐIỆN  BIÊN", "điện biên" in NFC or NFD and "dien bien" all give "dien bien"; "Hoà" and
    "Hòa" give "hoa". Folding twice changes nothing.
    Arguments: text, a string. Errors: none.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join([plain for word in text.split() if (plain := _folded_word(word))])


@lru_cache(maxsize=20_000)
def _folded_word(word: str) -> str:
    """One word, remembered: texts differ, their words come again."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFD", word.translate(_INVISIBLE)).casefold()
    decomposed = unicodedata.normalize("NFD", decomposed).translate(_FOLD)
    return unicodedata.normalize("NFC", "".join([sign for sign in decomposed if not unicodedata.combining(sign)]))


def sort_key(text: str) -> str:
    """Return a string of digits that sorts like a Vietnamese list, under any collation.

    Letters decide first (a ă â b c d đ e ê …), then the tones of the syllables in turn (ngang,
    huyền, hỏi, ngã, sắc, nặng); case never does, nor on which vowel the tone is written, so Hoà
    and Hòa are equal. Whole numbers sort by value: "Thôn 2" before "Thôn 10". At most three
    digits for each character and three more.
    Arguments: text, a string. Errors: none.
    """
    words = [_word_places(word) for word in text.translate(_INVISIBLE).split()]
    # The end mark before the tones keeps "Án" in front of "An Bình".
    return _SPACE.join([places for places, _ in words]) + _END + "".join([tones for _, tones in words])


@lru_cache(maxsize=20_000)
def _word_places(word: str) -> tuple[str, str]:
    """The places of one word's signs, and the tone of each run of letters in it."""
    places: list[str] = []
    tones: list[str] = []
    in_syllable = False
    composed = nfc(nfc(word).casefold())
    for token in _TOKENS.findall(composed.translate(_LOOKALIKES)):
        if token.isalpha():
            place, tone = _letter_place(token)
            places.append(place)
            if not in_syllable:
                tones.append(tone)
            elif tones[-1] == _LEVEL:
                tones[-1] = tone
        elif token.isdigit() and token.isascii():
            places += _number_places(token)
        elif not unicodedata.combining(token):
            places.append(_SPACE if token.isspace() else _SIGNS.get(token, _OTHER_SIGN))
        in_syllable = token.isalpha() or (in_syllable and unicodedata.combining(token[0]) > 0)
    return "".join(places), "".join(tones)


def _number_places(digits: str) -> list[str]:
    """Two digits for each figure; the first also tells how long the number is, so longer is later."""
    digits = digits.lstrip("0") or "0"
    length = min(len(digits), 5)
    return [str(length * 10 + int(digits[0]))] + [f"1{figure}" for figure in digits[1:]]


def _letter_place(letter: str) -> tuple[str, str]:
    """The place of one composed letter and its tone."""
    tone, base = _LEVEL, []
    for sign in unicodedata.normalize("NFD", letter):
        if sign in _TONES:
            tone = _TONES[sign]
        else:
            base.append(sign)
    # A foreign letter such as ç or ñ stands with the plain one it is made of.
    return _LETTERS.get(nfc("".join(base))) or _LETTERS.get(base[0]) or _OTHER_LETTER, tone


def name_key(full_name: str) -> str:
    """Return the sort key of a person's name: tên first, then họ and tên đệm.

    The last word is the tên ("Nguyễn Thị Hoa", "A Pót"); all Hoa stand before all Hòa. What
    follows an opening bracket, as in "Trần Văn Ba (Ba Gia)", only breaks ties. At most three digits
    for each character and six more.
    Arguments: full_name, a string. Errors: none.
    """
    name, _, other_name = full_name.partition("(")
    words = name.split() or [""]
    rest = " ".join([*words[:-1], *other_name.split()])
    return sort_key(words[-1]) + sort_key(rest)


def _local(moment: datetime) -> datetime:
    """The moment as read on a clock in Việt Nam; a naive one is taken as it stands."""
    return moment if moment.tzinfo is None else moment.astimezone(ZONE)


def vn_date(day: date | None) -> str:
    """Return "07/5/2024": the month without a zero from March on, as Party documents write it.

    Arguments: day, a date, or a datetime (an aware one is read in Việt Nam's time); None gives "".
    Errors: AttributeError for anything else.
    """
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = _local(day)
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def vn_datetime(moment: datetime | None) -> str:
    """Return "08:30 07/5/2024" in Việt Nam's time.

    Arguments: moment, a datetime; None gives "". Errors: AttributeError for anything else.
    """
    if moment is None:
        return ""
    moment = _local(moment)
    return f"{moment:%H:%M} {vn_date(moment)}"


def vn_weekday(day: date | None) -> str:
    """Return the name of the weekday, "Thứ Hai" … "Chủ nhật".

    Arguments: day, a date or datetime; None gives "". Errors: AttributeError for anything else.
    """
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = _local(day)
    return WEEKDAYS[day.weekday()]


def vn_change(before: int, now: int) -> str:
    """ "+3", "−1.204" or "0": how a number moved, with the sign for minus and not a hyphen."""
    if now == before:
        return "0"
    return f"+{vn_number(now - before)}" if now > before else f"−{vn_number(before - now)}"


def vn_number(value: float | Decimal | None) -> str:
    """Return "1.234.567" or "1.234,5": points between thousands, a comma for decimals.

    Decimals are shown as they are, none added or rounded.
    Arguments: value, an int, float or Decimal; None gives "". Errors: ValueError for what is no finite number.
    """
    if value is None:
        return ""
    if type(value) is int:  # Nearly all of them; a page has hundreds.
        return f"{value:,}".replace(",", ".")
    usable = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    number = Decimal(str(value)) if usable else None
    if number is None or not number.is_finite():
        raise ValueError(f"not a number: {value!r}")
    return f"{number:,f}".translate(str.maketrans(",.", ".,"))


def parse_vn_date(text: str) -> date:
    """Return the date a person wrote the Vietnamese way: the day comes first.

    Reads 7/5/2024, 07-05-2024, 07.05.2024, 07/5/24, 2024-05-07 and "ngày 07 tháng 5 năm 2024".
    Arguments: text, a string.
    Errors: ValueError with a sentence in Vietnamese when it is no date or outside 1800–2199.
    """
    words = fold(text)
    if match := _ISO_DATE.fullmatch(words):
        year, month, day = map(int, match.groups())
    elif match := _NUMERIC_DATE.fullmatch(words) or _SPOKEN_DATE.fullmatch(words):
        day, month, year = map(int, match.groups())
        if year < 100:
            # The same turn of the century as strptime's %y, so forms and imports agree.
            year += 1900 if year >= 69 else 2000
    else:
        raise ValueError(f"“{text.strip()}” không phải là ngày. Hãy viết ngày/tháng/năm, ví dụ 07/5/2024.")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"Năm {year} nằm ngoài khoảng {_FIRST_YEAR}–{_LAST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"Không có ngày “{text.strip()}” trong lịch.") from None


def shortened(words: str, longest: int) -> str:
    """The words in `longest` signs at most, cut at a blank and marked with "…" where they are longer."""
    return words if len(words) <= longest else words[: longest - 1].rsplit(" ", 1)[0] + "…"
