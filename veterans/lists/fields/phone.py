"""The telephone number.

Rule: digits, beginning with 0; blanks, dots, brackets, hyphens go; +84… and 84… (with 9 or 10 more digits) → 0…; a number
that does not begin with 0 gets one; 10 or 11 digits are right, anything else is None with a warning.
"""

import re

from veterans.lists.text import folded, is_blank_mark

_DROPPED = re.compile(r"[\s.()\-–]")
_ABROAD = re.compile(r"\+?84(\d{9,10})")
_NONE = frozenset(("khong", "khong co", "chua co"))


def parse_phone(text: str) -> tuple[str | None, str]:
    """Returns the number and a warning, "" where nothing is wrong."""
    if is_blank_mark(text) or folded(text) in _NONE:
        return None, ""
    digits = _DROPPED.sub("", text.lstrip("'’‘`"))
    if match := _ABROAD.fullmatch(digits):
        digits = match[1]
    if digits.isascii() and digits.isdigit():
        if not digits.startswith("0"):
            digits = "0" + digits
        if len(digits) in (10, 11):
            return digits, ""
    return None, "phone_invalid"
