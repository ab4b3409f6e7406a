"""The office lays out, mends and removes periods; what units have begun to report on stays as it is."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from directive_tracker.vietnamese import vn_date
from records.audit import record
from tasks.errors import Refused
from tasks.models import Directive, ReportingPeriod
from tasks.models.task import DUE_YEARS
from tasks.periods.laying import MOST_PERIODS, Layout, PlannedPeriod, lay_out, look_at
from tasks.querysets import access_for
from units.calendar import work_calendar

FIELDS = ("name", "starts_on", "opens_on", "cutoff_on", "due_on")


def can_set_periods(user, directive: Directive) -> bool:
    """The office, until the directive is closed."""
    return access_for(user).is_office and not directive.is_closed


def _open(directive_id: int) -> Directive:
    directive = Directive.objects.select_for_update().get(pk=directive_id)
    if directive.is_closed:
        raise Refused("Văn bản đã kết thúc theo dõi, kỳ báo cáo không sửa được nữa.")
    return directive


def preview(directive: Directive, layout: Layout) -> list[PlannedPeriod]:
    """What laying them out would make. Errors: Refused when they are too many or of absurd years."""
    calendar = work_calendar()
    planned = lay_out(layout, calendar)
    if len(planned) > MOST_PERIODS:
        raise Refused(f"Nhiều hơn {MOST_PERIODS} kỳ: xin xem lại tháng đầu và tháng cuối.")
    if not planned:
        raise Refused("Không có kỳ nào: tháng cuối đứng trước tháng đầu.")
    look_at(planned, directive.periods.all(), calendar)
    return planned


@transaction.atomic
def lay(directive: Directive, layout: Layout, *, by, now: datetime) -> list[ReportingPeriod]:
    """Make the periods that are not there yet. Errors: Refused."""
    directive = _open(directive.pk)
    made = [
        ReportingPeriod.objects.create(
            directive=directive,
            kind=planned.kind,
            name=planned.name,
            starts_on=planned.starts_on,
            opens_on=planned.opens_on,
            cutoff_on=planned.cutoff_on,
            due_on=planned.due_on,
        )
        for planned in preview(directive, layout)
        if not planned.exists
    ]
    if made:
        data = {"count": len(made), "period": f"{made[0].name} – {made[-1].name}" if len(made) > 1 else made[0].name}
        record("period.laid", by=by, at=now, target=directive, data=data)
    return made


def problems_of(days: Mapping[str, date | None]) -> dict[str, str]:
    """field → what is wrong and what would be right; the constraints of the table hold the same.

    Args:
        days: starts_on, opens_on, cutoff_on, due_on as far as they could be read.
    """
    found = {}
    for name, day in days.items():
        if day is not None and not DUE_YEARS[0] <= day.year <= DUE_YEARS[1]:
            found[name] = f"Năm {day.year} không hợp lý. Xin ghi năm từ {DUE_YEARS[0]} đến {DUE_YEARS[1]}."
    starts, opens, cutoff, due = (days.get(name) for name in ("starts_on", "opens_on", "cutoff_on", "due_on"))
    if cutoff and starts and starts > cutoff:
        found.setdefault("starts_on", f"Ngày đầu của số liệu đứng sau ngày chốt ({vn_date(cutoff)}).")
    if cutoff and opens and opens > cutoff:
        found.setdefault("opens_on", f"Kỳ phải mở trước hoặc đúng ngày chốt ({vn_date(cutoff)}).")
    if cutoff and due and due < cutoff:
        found.setdefault("due_on", f"Ngày gửi đứng trước ngày chốt ({vn_date(cutoff)}).")
    return found


def _nobody_reported(period: ReportingPeriod) -> None:
    count = period.unit_reports.count()
    if count:
        raise Refused(f"Đã có {count} báo cáo cho kỳ này (kể cả bản nháp), nên kỳ giữ nguyên.")


@transaction.atomic
def change(period: ReportingPeriod, values: Mapping[str, Any], *, by, now: datetime) -> bool:
    """Set name and days; whether anything is different.

    Errors: Refused when somebody has reported on it, or another period of its kind is cut off on that day.
    """
    directive = _open(period.directive_id)
    stored = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    _nobody_reported(stored)
    changed = [name for name in FIELDS if getattr(stored, name) != values[name]]
    if not changed:
        return False
    twin = directive.periods.filter(kind=stored.kind, cutoff_on=values["cutoff_on"]).exclude(pk=stored.pk).first()
    if twin is not None:
        raise Refused(f"{twin.name} cũng chốt ngày {vn_date(twin.cutoff_on)}. Xin chọn ngày khác.")
    for name in changed:
        setattr(stored, name, values[name])
    stored.save(update_fields=changed)
    names = [str(ReportingPeriod._meta.get_field(name).verbose_name) for name in changed]
    record("period.changed", by=by, at=now, target=directive, data={"period": stored.name, "fields": names})
    return True


@transaction.atomic
def remove(period: ReportingPeriod, *, by, now: datetime) -> None:
    """Take a period away. Errors: Refused when somebody has reported on it, or took it away meanwhile."""
    directive = _open(period.directive_id)
    stored = ReportingPeriod.objects.select_for_update().filter(pk=period.pk).first()
    if stored is None:
        raise Refused("Kỳ này vừa được người khác bỏ.")
    _nobody_reported(stored)
    data = {"period": stored.name, "from": vn_date(stored.cutoff_on), "to": ""}
    stored.delete()
    record("period.removed", by=by, at=now, target=directive, data=data)
