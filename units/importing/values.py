"""From what stands in a cell to a value: each function returns it or raises Wrong with two sentences."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices

from accounts.models import User
from directive_tracker.vietnamese import fold, parse_vn_date, vn_date
from units.importing.layout import EMPTY_WORD, LONG_AGO_WORD
from units.importing.plan import LONG_AGO

_DASHES = {EMPTY_WORD, "–", "—"}
_TWO_FIGURE_YEAR = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2}")
_PHONE = re.compile(r"[0-9 .+]{8,20}")
_SLUG = re.compile(r"[A-Za-z0-9_-]+")
_USERNAME = re.compile(r"[\w.@+-]+")
_YES = {"co", "x", "1", "dung", "yes", "true", "v", "✓"}
_NO = {"khong", "0", "sai", "no", "false"}
_EXCEL_EPOCH = date(1899, 12, 30)

Parser = Callable[[Any], Any]


class Wrong(Exception):
    """A cell that cannot stand: what is wrong with it, and what would be right."""

    def __init__(self, wrong: str, right: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.right = wrong, right


class Mended(str):
    """A text that was put right on the way, with the sentence that says so."""

    remark: str

    def __new__(cls, value: str, remark: str) -> "Mended":
        """The text, carrying its remark."""
        made = super().__new__(cls, value)
        made.remark = remark
        return made


def is_cleared(value: Any) -> bool:
    """Whether the cell says that the value has to become empty (an empty cell leaves it alone)."""
    return isinstance(value, str) and value in _DASHES


def as_text(value: Any) -> str:
    """A cell as text, numbers without ".0"; dates as people write them."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    return vn_date(value) if isinstance(value, date) else str(value)


def text(limit: int) -> Parser:
    """A text of at most `limit` signs."""

    def parse(value: Any) -> str:
        words = as_text(value)
        if len(words) > limit:
            raise Wrong(f"Dài {len(words)} chữ, quá giới hạn.", f"Nhiều nhất {limit} chữ.")
        return words

    return parse


def optional(parse: Parser, empty: Any = "") -> Parser:
    """The same, but a dash empties the value."""
    return lambda value: empty if is_cleared(value) else parse(value)


def day(value: Any) -> date:
    """A day: a real date, or dd/mm/yyyy as text; "Từ trước" is long ago."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 20_000 < value < 80_000:
        likely = vn_date(_EXCEL_EPOCH + timedelta(days=value))
        raise Wrong(f"“{value}” là một con số, không phải ngày.", f"Có phải {likely}? Hãy định dạng ô là Ngày.")
    words = as_text(value)
    if fold(words) == fold(LONG_AGO_WORD):
        return LONG_AGO
    if _TWO_FIGURE_YEAR.fullmatch(words):
        raise Wrong(f"“{words}” viết năm hai chữ số nên không rõ.", "Viết đủ năm, ví dụ 07/5/2024.")
    try:
        found = parse_vn_date(words)
    except ValueError as error:
        raise Wrong(str(error).partition(" Hãy ")[0], "Viết ngày/tháng/năm, ví dụ 07/5/2024.") from error
    return found


def yes_no(value: Any) -> bool:
    """Có or Không, also x, 1, 0."""
    if isinstance(value, bool):
        return value
    words = fold(as_text(value))
    if words in _YES:
        return True
    if words in _NO or is_cleared(value):
        return False
    raise Wrong(f"Không rõ “{as_text(value)}” là có hay không.", "Ghi Có hoặc Không.")


def phone(value: Any) -> str:
    """A telephone number; the zero that a spreadsheet took off a number is put back, and said."""
    words = as_text(value)
    if isinstance(value, int) and re.fullmatch(r"[35789]\d{8}|2\d{9}", words):
        return Mended(f"0{words}", f"Excel đã bỏ số 0 ở đầu “{words}”; đọc là 0{words}.")
    if not _PHONE.fullmatch(words):
        raise Wrong(f"“{words}” không phải số điện thoại.", "8 đến 20 chữ số, ví dụ 0260 3862 524.")
    return words


def same_phone(one: str, other: str) -> bool:
    """Whether two spellings are one number."""
    return re.sub(r"\D", "", one) == re.sub(r"\D", "", other) and one[:1] == other[:1]


def email(value: Any) -> str:
    """A mail address."""
    words = as_text(value)
    try:
        validate_email(words)
    except ValidationError as error:
        raise Wrong(f"“{words}” không phải địa chỉ thư.", "Ví dụ dakha@tinhuy.example.") from error
    if len(words) > 254:
        raise Wrong("Địa chỉ thư quá dài.", "Nhiều nhất 254 chữ.")
    return words


def whole(value: Any) -> int:
    """A whole number from nought."""
    words = as_text(value)
    if not re.fullmatch(r"\d{1,9}", words):
        raise Wrong(f"“{words}” không phải số nguyên.", "Ghi một số từ 0 trở lên, ví dụ 120.")
    return int(words)


def unit_code(value: Any) -> str:
    """The code of a unit."""
    words = as_text(value)
    if len(words) > 40 or not _SLUG.fullmatch(words):
        raise Wrong(
            f"Mã “{words}” không dùng được.", "Chữ không dấu, số, gạch ngang; nhiều nhất 40 chữ, ví dụ hu-dak-ha."
        )
    return words


def username(value: Any) -> str:
    """A user name in its one spelling."""
    words = User.normalize_username(as_text(value))
    if len(words) > 150 or not words or not _USERNAME.fullmatch(words):
        raise Wrong(
            f"Tên đăng nhập “{as_text(value)}” không dùng được.", "Chữ không dấu và số, viết liền, ví dụ dakha."
        )
    return words


def choice(choices: type[TextChoices], word: str, also: dict[str, str] | None = None) -> Parser:
    """One of the choices, as on the screen or by its code, accents or not; `also`: further words, folded."""
    known = {fold(label): value for value, label in choices.choices}
    known |= {fold(value): value for value in choices.values}
    known |= also or {}
    labels = "; ".join(str(label) for label in choices.labels)

    def parse(value: Any) -> str:
        words = as_text(value)
        if found := known.get(fold(words)):
            return found
        near = get_close_matches(fold(words), known, n=1, cutoff=0.6)
        right = f"Có phải “{choices(known[near[0]]).label}”?" if near else f"Một trong: {labels}."
        raise Wrong(f"Không có {word} “{words}”.", right)

    return parse
