"""How sensitive values are typed, checked, masked and shown. Nothing here opens or seals (veterans/sensitive.py does)."""

import re
from collections.abc import Iterable

from veterans import ethnic_groups
from veterans.enums import Circumstance, Health, SensitiveKind

# Between the codes of a value that may hold several.
DIVIDER = ";"
NUMBERS = frozenset({SensitiveKind.ID_NUMBER, SensitiveKind.PHONE, SensitiveKind.RELATIVE_PHONE})
CODES = {SensitiveKind.HEALTH: Health, SensitiveKind.CIRCUMSTANCES: Circumstance}


class Unfit(ValueError):
    """What was typed is no such value; the message is a sentence for the screen."""


def clean_phone(typed: str) -> str:
    """Digits only, beginning with 0; +84 becomes 0; "" stays. Errors: Unfit."""
    digits = re.sub(r"[\s.()-]", "", typed)
    digits = re.sub(r"^\+?84(?=\d{9,10}$)", "0", digits)
    if typed and not re.fullmatch(r"0\d{9,10}", digits):
        raise Unfit("Số điện thoại gồm 10 hoặc 11 chữ số, bắt đầu bằng 0.")
    return digits


def clean_id_number(typed: str) -> str:
    """Nine digits (CMND) or twelve (CCCD, số định danh) without blanks and dots; "" stays. Errors: Unfit."""
    digits = re.sub(r"[\s.']", "", typed)
    if typed and not re.fullmatch(r"\d{9}|\d{12}", digits):
        raise Unfit("Số CMND gồm 9 chữ số, số căn cước hoặc định danh gồm 12 chữ số.")
    return digits


def clean_ethnicity(typed: str) -> str:
    """The group by the registry's name; what is none of the 54 stays as written."""
    return ethnic_groups.name_of(typed)


def joined(codes: Iterable[str]) -> str:
    """Several codes as one value."""
    return DIVIDER.join(codes)


def masked(kind: str, value: str) -> str:
    """Enough to see that there is a number, too little to use it: "0790******01", "0950***001"; "" for what is no number."""
    if kind not in NUMBERS:
        return ""
    digits = "".join(sign for sign in value if sign.isdigit())
    if kind == SensitiveKind.ID_NUMBER:
        return f"{digits[:4]}{'*' * (len(digits) - 6)}{digits[-2:]}" if len(digits) >= 9 else "***"
    return f"{digits[:4]}***{digits[-3:]}" if len(digits) >= 10 else "***"


def shown(kind: str, value: str) -> str:
    """The value in words: codes by their names, everything else as it is."""
    codes = CODES.get(SensitiveKind(kind))
    if codes is None:
        return value
    words = dict(codes.choices)
    return ", ".join(str(words.get(code, code)) for code in value.split(DIVIDER) if code)
