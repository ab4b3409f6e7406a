"""Amounts as people type them."""

import re

from django.core.exceptions import ValidationError

from directive_tracker import vietnamese
from veterans.gifts import MOST_MONEY


def typed_money(text: str) -> int:
    """An amount as people type it, in đồng. Errors: ValidationError in words."""
    digits = re.sub(r"(dong|vnd|d)$|[\s.]", "", vietnamese.fold(text))
    if not digits:
        return 0
    if not (digits.isascii() and digits.isdigit()):
        raise ValidationError("Số tiền chỉ gồm chữ số, ví dụ 2.000.000.")
    # More figures than the limit has are not even turned into a number.
    if len(digits.lstrip("0")) > len(str(MOST_MONEY)) or int(digits) > MOST_MONEY:
        raise ValidationError("Số tiền lớn hơn 10 tỷ đồng; hãy kiểm tra lại.")
    return int(digits)
