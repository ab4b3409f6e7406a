"""Sự kiện, kiểm tra, kiến nghị sau kiểm tra."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied

from records.sheetfile import Column
from records.sheets import Asked, Filter, Opened, of_queryset, register
from tasks.events.listing import FINDING_FILTERS, activities_of, counts_of, findings_of
from tasks.models import Activity, Finding, Inspection
from tasks.querysets import access_for

ACTIVITY = (
    Column("Sự kiện", 44),
    Column("Loại", 18),
    Column("Từ ngày", 12),
    Column("Đến ngày", 12),
    Column("Thời gian", 26),
    Column("Địa điểm", 28),
    Column("Địa bàn", 22),
    Column("Tình trạng", 14),
    Column("Đơn vị", 28),
    Column("Mã việc", 9),
    Column("Lượt người", 10),
)
INSPECTION = (
    Column("Ngày", 12),
    Column("Mã việc", 9),
    Column("Việc", 40),
    Column("Đơn vị kiểm tra", 30),
    Column("Số nơi", 8),
    Column("Kiến nghị", 10),
    Column("Đã khắc phục", 10),
    Column("Gửi các đơn vị lúc", 16),
)
FINDING = (
    Column("Kiến nghị", 50),
    Column("Nơi kiểm tra", 30),
    Column("Đơn vị phụ trách", 28),
    Column("Mã việc", 9),
    Column("Ngày kiểm tra", 12),
    Column("Đơn vị kiểm tra", 28),
    Column("Tình trạng", 16),
    Column("Khắc phục chậm nhất", 12),
    Column("Quá ngày", 10),
)


def _may(asked: Asked) -> None:
    access = access_for(asked.user)
    if not (access.works_for_a_unit or access.sees_all_assignments):
        raise PermissionDenied


def activity_list(asked: Asked) -> Opened:
    """Every event one may see; of one part of the work or of one task where the page is about that."""
    _may(asked)
    found, about = activities_of(asked.user, asked.params)
    return of_queryset(
        "Sự kiện",
        ACTIVITY,
        found,
        lambda chunk: map(_activity, chunk),
        filters=[Filter("Việc", str(about))] if about else [],
    )


def _activity(row: Activity) -> Sequence[Any]:
    return (
        *(row.title, row.get_kind_display(), row.starts_on, row.ends_on, row.when, row.place),
        *(row.area.name if row.area else "", row.get_state_display()),
        *(row.assignment.unit.name, row.assignment.task.code, row.attendance),
    )


def inspection_list(asked: Asked) -> Opened:
    """The inspections one may see, with as much of each as one may see."""
    _may(asked)

    def lines(chunk: list[Inspection]) -> Iterable[Sequence[Any]]:
        counts = counts_of(asked.user, [row.pk for row in chunk])
        return [
            (row.day, row.task.code, row.task.title, row.unit.name, *counts.get(row.pk, (0, 0, 0)), row.sent_at)
            for row in chunk
        ]

    return of_queryset("Kiểm tra", INSPECTION, Inspection.objects.visible_to(asked.user).for_listing(), lines)


def finding_list(asked: Asked) -> Opened:
    """The findings of the chosen filter, by the day to mend them."""
    _may(asked)
    chosen = asked.params.get("loc", "")
    words = dict(FINDING_FILTERS).get(chosen, dict(FINDING_FILTERS)[""])

    def line(row: Finding) -> Sequence[Any]:
        inspection = row.place.inspection
        return (
            *(row.words, row.place.name, row.place.unit.name, inspection.task.code, inspection.day),
            *(inspection.unit.name, row.get_state_display(), row.mend_by),
            "quá ngày" if row.is_overdue(today=asked.today) else "",
        )

    return of_queryset(
        "Kiến nghị sau kiểm tra",
        FINDING,
        findings_of(asked.user, chosen, today=asked.today),
        lambda chunk: map(line, chunk),
        filters=[Filter("Danh sách", words)],
    )


register("su-kien", activity_list)
register("kiem-tra", inspection_list)
register("kien-nghi", finding_list)
