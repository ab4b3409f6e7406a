"""Template filters for Vietnamese dates and numbers: {% load vn %}."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template

from directive_tracker import vietnamese

register = template.Library()


def _shown(function: Callable[[Any], str], value: Any) -> Any:
    """Apply a function of the Vietnamese layer; what it cannot read is shown as it is, "" stays "".

    A template must not fail over one odd value.
    """
    if value is None or value == "":
        return ""
    try:
        return function(value)
    except (AttributeError, TypeError, ValueError):
        return value


@register.filter(expects_localtime=True)
def vn_date(day: date | None) -> Any:
    """{{ due_on|vn_date }} → 07/5/2024. Takes a date or datetime; None gives "". Errors: none."""
    return _shown(vietnamese.vn_date, day)


@register.filter(expects_localtime=True)
def vn_datetime(moment: datetime | None) -> Any:
    """{{ sent_at|vn_datetime }} → 08:30 07/5/2024. Takes a datetime; None gives "". Errors: none."""
    return _shown(vietnamese.vn_datetime, moment)


@register.filter(expects_localtime=True)
def vn_weekday(day: date | None) -> Any:
    """{{ due_on|vn_weekday }} → Thứ Ba. Takes a date or datetime; None gives "". Errors: none."""
    return _shown(vietnamese.vn_weekday, day)


@register.filter
def vn_number(number: float | Decimal | None) -> Any:
    """{{ amount|vn_number }} → 1.234.567. Takes a number; None gives "". Errors: none."""
    return _shown(vietnamese.vn_number, number)


@register.filter
def days_words(days: int | None, unit: str = "ngày") -> Any:
    """{{ days_left|days_words }} → "còn 3 ngày", "hôm nay" or "quá hạn 2 ngày".

    Arguments: days, whole days until the due date, negative once it is over; unit, for instance
    "ngày làm việc". None gives "". Errors: none.
    """
    return _shown(lambda number: _days_words(int(number), unit), days)


def _days_words(days: int, unit: str) -> str:
    """The words for a whole number of days."""
    if days == 0:
        return "hôm nay"
    size = f"{vietnamese.vn_number(abs(days))} {unit}"
    return f"còn {size}" if days > 0 else f"quá hạn {size}"
