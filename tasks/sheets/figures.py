"""Figures: indicators with their sums, one indicator down to the reports, the overview by unit and by task."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from directive_tracker.row_ids import row_id_or_404
from records.sheetfile import Column
from records.sheets import Asked, Filter, Opened, of_rows, register
from tasks.enums import DirectiveState
from tasks.forms.whole import WholeFilterForm, asked_part
from tasks.indicators.book import IndicatorLine, build_book, build_indicator
from tasks.models import Directive, DirectiveTask, Indicator
from tasks.overview import Overview, build_overview
from tasks.querysets import access_for
from tasks.sheets.words import filters_of
from tasks.tallies import Figures
from units.calendar import with_calendar


def _number(value: int | Fraction | None) -> int | float | None:
    """A sum as Excel counts on with it."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value


def _issued(asked: Asked) -> Directive:
    """The document the page is about (`so`). Errors: PermissionDenied without a role that has figures; Http404."""
    access = access_for(asked.user)
    if not (access.sees_all_assignments or access.works_for_a_unit):
        raise PermissionDenied
    rows = Directive.objects.visible_to(asked.user).exclude(state=DirectiveState.DRAFT).select_related("office")
    return get_object_or_404(with_calendar(rows), pk=row_id_or_404(asked.params.get("so", "")))


BOOK = (
    Column("Mã việc", 9),
    Column("Việc", 36),
    Column("Chỉ tiêu", 44),
    Column("Đơn vị tính", 12),
    Column("Tổng", 14),
    Column("Mức phấn đấu", 14),
    Column("Đơn vị có số", 9),
    Column("Đơn vị được hỏi", 9),
    Column("Cách tính", 40),
    Column("Nguồn khác đếm được", 14),
    Column("Chỗ cần xem", 9),
    Column("Số không tính", 9),
    Column("Đơn vị khác số đếm được", 12),
)


def book(asked: Asked) -> Opened:
    """Số liệu theo chỉ tiêu: every indicator of the document with what it comes to."""
    directive = _issued(asked)
    found = build_book(directive, asked.user, access_for(asked.user))
    rows = [_indicator(group.task, line, whole=found.is_whole) for group in found.tasks for line in group.lines]
    return of_rows(f"Số liệu theo chỉ tiêu – {directive.short_title}", BOOK, rows, target=directive)


def _indicator(task: DirectiveTask, line: IndicatorLine, *, whole: bool) -> Sequence[Any]:
    one = line.indicator
    how = f"{one.get_mode_display()}; {one.get_over_periods_display()}, {one.get_over_units_display()}"
    return (
        *(task.code, task.short_title, one.name, one.measure, _number(line.sum.value), _number(line.target)),
        *(line.sum.reported, line.asked if whole else None, how, line.counted),
        *(line.doubts or None, line.left_out or None, line.differing or None),
    )


INDICATOR = (
    Column("Đơn vị", 34),
    Column("Kỳ báo cáo", 26),
    Column("Số", 12),
    Column("Đơn vị tính", 12),
    Column("Gồm", 40),
    Column("Có tính", 10),
    Column("Giải thích", 40),
    Column("Báo cáo ngày", 12),
    Column("Mức phấn đấu", 12),
    Column("Cộng của đơn vị", 12),
)


def indicator(asked: Asked) -> Opened:
    """One indicator (`so`): each unit, each period, each report one may trace."""
    access = access_for(asked.user)
    if not (access.sees_all_assignments or access.works_for_a_unit):
        raise PermissionDenied
    rows = Indicator.objects.visible_to(asked.user).exclude(task__directive__state=DirectiveState.DRAFT)
    one = get_object_or_404(
        rows.select_related("task__directive__office"), pk=row_id_or_404(asked.params.get("so", ""))
    )
    page = build_indicator(one, asked.user, access)
    lines = [
        (
            *(unit.name, item.figure.period_words, item.figure.value, one.measure),
            ", ".join(f"{name}: {value}" for name, value in item.parts),
            "có" if item.used else "không",
            *(item.figure.comment, item.figure.submitted_on, unit.target, unit.words),
        )
        for unit in page.units
        for item in unit.periods
    ]
    return of_rows(f"{one.task.code} {one.name}", INDICATOR, lines, target=one.task)


TALLY = (
    Column("Tính thống kê", 10),
    Column("Hoàn thành đúng hạn", 11),
    Column("Hoàn thành quá hạn", 11),
    Column("Chưa xong, trong hạn", 11),
    Column("trong đó không thời hạn", 11),
    Column("Chưa xong, quá hạn", 11),
    Column("Chờ xác nhận", 10),
    Column("Chưa tiếp nhận", 10),
    Column("Ngoài thống kê", 10),
)


def _tally(figures: Figures) -> Sequence[int]:
    return (
        *(figures.counted, figures.done_on_time, figures.done_late, figures.open_in_time, figures.open_without_due),
        *(figures.open_overdue, figures.waiting, figures.not_acknowledged, figures.outside),
    )


def _overview(asked: Asked) -> tuple[Directive, Overview, list[Filter]]:
    """The page of the document with the filters of its address, and these in words."""
    directive = _issued(asked)
    page = build_overview(directive, access_for(asked.user), today=asked.today, **asked_part(asked.params))
    if not page.is_whole:
        return directive, page, []
    form = WholeFilterForm(asked.params, part=page.part)
    form.is_valid()
    return directive, page, filters_of(form, asked.user)


REPORTS = (Column("Kỳ gửi đúng hạn", 10), Column("Kỳ đã đến hạn", 10))


def by_unit(asked: Asked) -> Opened:
    """Tổng quan, theo đơn vị: the rows the person sees, in official order."""
    directive, page, filters = _overview(asked)
    rows = [(line.name, *_tally(line.figures), *page.reports.rate(line.pk)) for line in page.units]
    columns = (Column("Đơn vị", 40), *TALLY, *REPORTS)
    title = f"Tổng quan theo đơn vị – {directive.short_title}"
    return of_rows(title, columns, rows, filters=filters, target=directive)


def by_task(asked: Asked) -> Opened:
    """Tổng quan, theo nhiệm vụ."""
    directive, page, filters = _overview(asked)
    rows = [(line.code, line.name, *_tally(line.figures)) for line in page.tasks]
    columns = (Column("Mã", 9), Column("Nhiệm vụ", 40), *TALLY)
    title = f"Tổng quan theo nhiệm vụ – {directive.short_title}"
    return of_rows(title, columns, rows, filters=filters, target=directive)


register("so-lieu", book)
register("chi-tieu", indicator)
register("tong-quan-don-vi", by_unit)
register("tong-quan-nhiem-vu", by_task)
