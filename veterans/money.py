"""Amounts as people type them."""

import re

from django.core.exceptions import ValidationError

from directive_tracker import vietnamese
from veterans.gifts import MOST_MONEY


def typed_money(text: str, *, most: int = MOST_MONEY) -> int:
    """An amount as people type it, in đồng, and no more than `most`. Errors: ValidationError in words."""
    digits = re.sub(r"(dong|vnd|d)$|[\s.]", "", vietnamese.fold(text))
    if not digits:
        return 0
    if not (digits.isascii() and digits.isdigit()):
        raise ValidationError("Số tiền chỉ gồm chữ số, ví dụ 2.000.000.")
    # More figures than the limit has are not even turned into a number.
    if len(digits.lstrip("0")) > len(str(most)) or int(digits) > most:
        raise ValidationError(f"Số tiền lớn hơn {vietnamese.vn_number(most // 10**9)} tỷ đồng; hãy kiểm tra lại.")
    return int(digits)
