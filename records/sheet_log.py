"""Nhật ký as an Excel file: the events the person may read, with the filters of the page."""

from collections.abc import Sequence
from typing import Any

from records import sentences
from records.models import AuditEvent
from records.sheetfile import Column
from records.sheets import Asked, Filter, Opened, of_queryset
from records.topics import Topic
from records.views_log import events_for

COLUMNS = (
    Column("Thời điểm", 16),
    Column("Người làm", 28),
    Column("Thay mặt", 24),
    Column("Việc", 44),
    Column("Đối tượng", 40),
    Column("Chi tiết", 60),
    Column("Nhóm việc", 20),
    Column("Từ máy", 16),
)
# Of these fields the value may be somebody's name, or is a key nobody reads.
_TYPED = ("nguoi",)
_KEYS = ("loai", "ma")


def log_list(asked: Asked) -> Opened:
    """The events, newest first."""
    form, found = events_for(asked.user, asked.params)
    return of_queryset(
        "Nhật ký",
        COLUMNS,
        found.select_related("actor", "acting_for").newest_first(),
        lambda chunk: map(_line, chunk),
        filters=[
            Filter(str(form.fields[name].label), _words(form, name), typed=name in _TYPED)
            for name in form.fields
            if form.cleaned_data.get(name) and name not in _KEYS
        ]
        + ([Filter("chỉ", "một đối tượng")] if form.cleaned_data.get("loai") and form.cleaned_data.get("ma") else []),
    )


def _words(form: Any, name: str) -> str:
    """The chosen value as the page shows it."""
    value = form.cleaned_data[name]
    if name == "nhom":
        return str(Topic(value).label)
    return str(form[name].value())


def _line(event: AuditEvent) -> Sequence[Any]:
    told = sentences.sentence(event)
    return (
        *(event.at, told.who, told.acting_for, told.what, told.target, told.details),
        *(Topic(event.topic).label if event.topic in Topic.values else "", event.ip or ""),
    )
