"""The number of an identity paper.

Rule: 9 (CMND) or 12 (CCCD, số định danh) digits; blanks, dots and a leading apostrophe go; lost zeros come back:
8 digits → 9, 10 or 11 digits → 12. Not 8 to 12 digits, or letters in it: invalid.
"""

import re

from veterans.lists.text import folded, is_blank_mark

_DROPPED = re.compile(r"[\s.]")
_NONE = frozenset(("khong", "khong co", "chua co", "khong ro", "khong nho", "mat"))


def parse_id(text: str) -> tuple[str | None, str]:
    """Returns the number and a code, "" where nothing is wrong."""
    if is_blank_mark(text) or folded(text) in _NONE:
        return None, ""
    digits = _DROPPED.sub("", text.lstrip("'’‘`"))
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 12):
        return None, "id_invalid"
    return digits.zfill(9 if len(digits) <= 9 else 12), ""
