"""A unit's own pages: its work in its groups, its reports; for the office the work that nobody is doing."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from django.core.exceptions import PermissionDenied

from directive_tracker.vietnamese import vn_date
from records.sheetfile import Column
from records.sheets import Asked, Filter, Opened, counter, of_queryset, of_rows, register, rows_by_chunks
from tasks import unit_work
from tasks.handing import idle
from tasks.models import Assignment, UnitReport
from tasks.querysets import access_for
from tasks.sheets.waiting import BETWEEN
from tasks.unit_reading import chosen_unit, reports_of_units
from units.models import Unit

WORK = (
    Column("Nhóm", 20),
    Column("Mã việc", 9),
    Column("Việc", 50),
    Column("Vai trò", 12),
    Column("Tình trạng", 18),
    Column("Thời hạn", 17),
    Column("Hạn", 12),
    Column("Hạn theo", 16),
    Column("Sản phẩm", 44),
    Column("Báo cáo gần nhất", 12),
    Column("Cần bổ sung, lý do", 40),
)


def unit_work_list(asked: Asked) -> Opened:
    """Việc của đơn vị: everything in the groups of the page, or one group (`nhom`)."""
    access = access_for(asked.user)
    if not access.works_for_a_unit:
        raise PermissionDenied
    own = access.reporter_unit_ids | access.head_unit_ids
    units = list(Unit.objects.filter(pk__in=own).in_official_order())
    unit = chosen_unit(asked.params.get("don-vi", ""), units, access)
    chosen = asked.params.get("nhom", "")
    keys = [chosen] if chosen in unit_work.HEADINGS else list(unit_work.HEADINGS)
    groups = {key: unit_work.group_assignments(asked.user, unit, key, today=asked.today) for key in keys}
    return Opened(
        f"Việc của đơn vị – {unit.short_name}",
        WORK,
        chain.from_iterable(rows_by_chunks(rows, _lines(key, asked)) for key, rows in groups.items()),
        lambda limit: min(limit, sum(counter(rows)(limit) for rows in groups.values())),
        filters=[Filter("Nhóm", unit_work.HEADINGS[chosen])] if chosen in unit_work.HEADINGS else [],
        target=unit,
    )


def _lines(key: str, asked: Asked) -> Callable[[list[Assignment]], Iterable[Sequence[Any]]]:
    heading = unit_work.HEADINGS[key]
    return lambda chunk: [_work(heading, row) for row in unit_work.rows_of(chunk, today=asked.today)]


def _work(heading: str, row: unit_work.Row) -> Sequence[Any]:
    work = row.assignment
    return (
        *(heading, work.task.code, work.task.title, work.get_role_display(), work.word.label, row.timeliness),
        *(work.due_current, work.get_due_source_display() if work.due_current else ""),
        "; ".join(_product(product) for product in row.products),
        row.last_round.submitted_on if row.last_round else None,
        row.reason,
    )


def _product(product: unit_work.ProductLine) -> str:
    return ": ".join((product.name, " · ".join(part for part in (vn_date(product.due), product.words) if part)))


REPORT = (
    Column("Báo cáo", 26),
    Column("Văn bản", 36),
    Column("Đơn vị", 30),
    Column("Tình trạng", 24),
    Column("Gửi lúc", 16),
    Column("Người gửi", 24),
    Column("Số mục", 8),
    Column("Đã chấp nhận", 10),
    Column("Cần bổ sung", 10),
    Column("Văn phòng nhập thay", 12),
)


def report_list(asked: Asked) -> Opened:
    """Báo cáo của đơn vị: every report of the own units and those below, newest first."""
    if not access_for(asked.user).works_for_a_unit:
        raise PermissionDenied
    return of_queryset(
        "Báo cáo của đơn vị", REPORT, reports_of_units(asked.user), lambda chunk: [_report(row) for row in chunk]
    )


def _report(row: UnitReport) -> Sequence[Any]:
    sent = row.submitted_at is not None
    return (
        *(row.period.name if row.period else BETWEEN, row.directive.short_title, row.unit.name),
        *(row.get_state_display(), row.submitted_at, str(row.sender) if sent else "", row.section_count),
        *((row.accepted_count, row.returned_count) if sent else (None, None)),
        "có" if row.on_behalf else "",
    )


IDLE = (Column("Loại", 40), Column("Việc", 50), Column("Chi tiết", 40), Column("Nên làm gì", 50))


def idle_list(asked: Asked) -> Opened:
    """Việc không ai đang làm: all of it; the page shows the first of each kind."""
    if not access_for(asked.user).is_office:
        raise PermissionDenied
    sections = idle.idle_sections(today=asked.today, most=None)
    rows = [(section.heading, row.title, row.detail, row.todo) for section in sections for row in section.rows]
    return of_rows("Việc không ai đang làm", IDLE, rows)


register("viec-cua-don-vi", unit_work_list)
register("bao-cao-don-vi", report_list)
register("viec-khong-ai-lam", idle_list)
