"""Number formats: which of them show a date."""

import re

# ECMA-376 part 1, 18.8.30: the built-in formats with a day, and those of East Asian Excel.
_BUILT_IN_DATES = frozenset((14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)))
_NOT_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_WORDS = re.compile(r"general|standard", re.IGNORECASE)


def is_date_format(number: int, code: str) -> bool:
    """Whether a number format shows a day. Arguments: number, its id; code, "" for a built-in one."""
    if not code:
        return number in _BUILT_IN_DATES
    bare = _WORDS.sub("", _NOT_CODE.sub("", code)).lower()
    return "y" in bare or ("d" in bare and ("m" in bare or bare.strip("d") == ""))
