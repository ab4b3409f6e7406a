"""A count as people type it: read, or refused with a sentence that says what was meant. Pure functions."""

import re

from directive_tracker.vietnamese import fold, vn_number

# Larger than any sum of money a province reports, and far inside what 64 bits hold when units are added up.
LARGEST = 10**15 - 1
# Points and spaces may stand between groups of three; people type all kinds of spaces.
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:[. ][0-9]{3})+")
# 1.234,5 as written here; 1,234.5 as machines set to English write it.
_DECIMAL = re.compile(r"([0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]+),([0-9]+)")
_FOREIGN = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
_BEGINS = re.compile(r"([0-9][0-9., ]*)\s*(.+)")
_LARGE_WORDS = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_PLAIN = "Xin ghi một số nguyên, ví dụ 1234 hoặc 1.234."


def read_count(text: str, *, measure: str = "") -> int | None:
    """The count somebody typed; None for an empty field.

    Reads 1234, 1.234, 1 234. Args: measure, the unit of measure printed beside the field.
    Errors: ValueError with one Vietnamese sentence: what is wrong and what would be right.
    """
    typed = _SPACES.sub(" ", text).strip()
    if not typed:
        return None
    if not _WHOLE.fullmatch(typed):
        raise ValueError(_why_not(typed, measure))
    number = int(re.sub(r"[. ]", "", typed))
    if number > LARGEST:
        raise ValueError(f"“{_short(typed)}” lớn quá mức ghi được. Xin xem lại số và đơn vị tính.")
    return number


def _short(typed: str) -> str:
    return typed if len(typed) <= 30 else f"{typed[:29]}…"


def _why_not(typed: str, measure: str) -> str:
    shown = f"“{_short(typed)}”"
    if re.match(r"[-−–]\s*[0-9]", typed):
        return f"{shown} là số âm: số liệu chỉ từ 0 trở lên. Nếu cần giảm số đã báo cáo, xin ghi lại số đúng."
    if match := _DECIMAL.fullmatch(typed):
        return _about_a_comma(shown, match.group(1), match.group(2))
    if match := _FOREIGN.fullmatch(typed):
        return _about_foreign_writing(shown, match.group(1), match.group(2))
    if re.fullmatch(r"[0-9. ]+", typed):
        return f"{shown}: dấu chấm ngăn từng nhóm ba chữ số, phần lẻ không ghi được. {_PLAIN}"
    if match := _BEGINS.fullmatch(typed):
        return _about_words(shown, match.group(1).strip(" .,"), match.group(2), measure)
    return f"{shown} không phải số. {_PLAIN}"


def _number(digits: str) -> int:
    return int(re.sub(r"[^0-9]", "", digits))


def _about_a_comma(shown: str, whole: str, decimals: str) -> str:
    """1.234,5 has a fraction; 1,234 may be a thousand typed the English way."""
    near = vn_number(_number(whole))
    if len(decimals) == 3 and "." not in whole and " " not in whole and len(whole) <= 3:
        thousand = vn_number(_number(whole + decimals))
        return f"{shown}: dấu phẩy ngăn phần lẻ, mục này chỉ ghi số nguyên. Nếu ý là {thousand}, xin ghi {thousand}."
    return f"{shown} có phần lẻ, mục này chỉ ghi số nguyên. Xin ghi {near} hoặc {vn_number(_number(whole) + 1)}."


def _about_foreign_writing(shown: str, whole: str, decimals: str | None) -> str:
    meant = vn_number(_number(whole))
    if decimals is None:
        return f"{shown}: hàng nghìn ngăn bằng dấu chấm, không bằng dấu phẩy. Nếu ý là {meant}, xin ghi {meant}."
    return (
        f"{shown} có phần lẻ và ngăn hàng nghìn bằng dấu phẩy; mục này chỉ ghi số nguyên, hàng nghìn ngăn bằng dấu chấm. "
        f"Xin ghi {meant} hoặc {vn_number(_number(whole) + 1)}."
    )


def _about_words(shown: str, digits: str, words: str, measure: str) -> str:
    """ "12 buổi", "10 triệu", "50-60"."""
    beside = f"đơn vị tính ({measure}) đã in bên cạnh" if measure else "đơn vị tính đã in bên cạnh"
    first, *rest = fold(words).split()
    if first in _LARGE_WORDS:
        # "3 tỷ rưỡi" says more than its first word.
        meant = _times(digits, _LARGE_WORDS[first]) if rest in ([], ["dong"], fold(measure).split()) else None
        return f"{shown}: xin ghi đủ các chữ số" + (f", ví dụ {vn_number(meant)}." if meant is not None else ".")
    if _WHOLE.fullmatch(digits) and re.fullmatch(r"[^0-9]*[^\W0-9_][^0-9]*", words):
        return f"{shown} có chữ: {beside}, chỉ ghi số. Xin ghi {vn_number(_number(digits))}."
    return f"{shown} không phải một số nguyên. {_PLAIN}"


def _times(digits: str, times: int) -> int | None:
    """1,5 × a thousand million, exactly; None where it is no whole number."""
    whole, _, decimals = digits.replace(" ", "").partition(",")
    if not re.fullmatch(r"[0-9.]+", whole) or not re.fullmatch(r"[0-9]*", decimals) or len(decimals) > 9:
        return None
    number, rest = divmod(_number(whole + decimals) * times, 10 ** len(decimals))
    return number if not rest and number <= LARGEST else None
