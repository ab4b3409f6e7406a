"""Kinds of values, as they come and as they go: days and moments as ISO 8601, moments with +07:00, keys as whole numbers."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints, WithJsonSchema

from directive_tracker.api.cursors import LONGEST, MOST

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LARGEST = 2**63 - 1


def _day(value: Any) -> Any:
    if value is None or type(value) is date:
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("Phải là ngày dạng 2024-04-15.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"Không có ngày {value} trong lịch.") from None


def _key(value: Any) -> Any:
    """Of an address, where everything is words."""
    if isinstance(value, str):
        if not re.fullmatch(r"[0-9]{1,19}", value):
            raise ValueError("Phải là số nguyên dương.")
        return int(value)
    return value


def _switch(value: Any) -> Any:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise ValueError("Phải là true hoặc false.")
        return value == "true"
    return value


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    datetime,
    PlainSerializer(lambda value: timezone.localtime(value).isoformat(timespec="seconds"), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Key = Annotated[
    int,
    Field(ge=1, le=LARGEST),
    BeforeValidator(_key),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LARGEST}),
]
Switch = Annotated[bool, BeforeValidator(_switch), WithJsonSchema({"type": "boolean"})]
# What is looked for: one line.
Words = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Shown(Schema):
    """Something that is answered. Fields are only ever added."""


class Given(Schema):
    """Something that is sent: a field that is not known is a slip, and a number in the place of a word is one too."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Paging(Schema):
    """Of every list."""

    limit: Annotated[
        int,
        Field(ge=1, le=MOST),
        BeforeValidator(_key),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST}),
    ] = Field(25, description="Số dòng một lần đọc.")
    cursor: Annotated[str, StringConstraints(max_length=LONGEST, pattern=r"^[A-Za-z0-9_-]*$")] = Field(
        "", description="next_cursor của lần đọc trước; bỏ trống là từ đầu."
    )
