"""The report that a unit writes on: which one is at hand, what it asks about, when a new one begins."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from directive_tracker.prepared import Prepared
from tasks.enums import REPORTABLE_STATES, AssignmentRole, PeriodKind, ReportState, SectionState
from tasks.errors import Refused
from tasks.models import (
    Assignment,
    AssignmentProduct,
    Directive,
    ProgressReport,
    ReportingPeriod,
    SectionProduct,
    UnitReport,
)
from tasks.periods.asking import newest_of, next_of
from units.models import Unit

_WRITING = (ReportState.DRAFT, ReportState.AWAITING_UNIT_HEAD)
_CAME_BACK = (ReportState.RETURNED, ReportState.RECALLED)


def reportable_assignments(unit: Unit, directive: Directive) -> QuerySet[Assignment]:
    """What a new report of the unit asks about, in the order of the text."""
    found = reportable([unit.pk], [directive.pk])
    return found.select_related("task", "unit", "directive").order_by("task__order", "pk")


def reportable(units: Collection[int], directives: Collection[int]) -> QuerySet[Assignment]:
    """What new reports of the units ask about: open work that does not wait for a decision; in no order."""
    return (
        Assignment.objects.filter(unit__in=units, directive__in=directives, state__in=REPORTABLE_STATES)
        .exclude(role=AssignmentRole.INFORMED)
        .order_by()
    )


def _newest_opened(directives: Collection[int], today: date) -> QuerySet[ReportingPeriod]:
    # The newest of each document alone: of work that goes on for years there are thousands.
    place = Window(RowNumber(), partition_by="directive", order_by=["-cutoff_on", "-pk"])
    periods = ReportingPeriod.objects.filter(directive__in=directives, opens_on__lte=today).annotate(place=place)
    return periods.filter(place__lte=len(PeriodKind)).order_by("-cutoff_on", "-pk")


def _at_hand(units: Collection[int], directives: Collection[int]) -> QuerySet[UnitReport]:
    return (
        UnitReport.objects.of_the_unit()
        .filter(unit__in=units, directive__in=directives, state__in=[*_WRITING, *_CAME_BACK])
        .select_related("period")
        .order_by()
    )


# Of one document, of one unit: what a page asks that is about one report.
_NEWEST_OPENED = Prepared(lambda directive, today: _newest_opened([directive], today), primary=True)
_AT_HAND = Prepared(lambda unit, directive: _at_hand([unit], [directive]), primary=True)
_IS_ANY = Prepared(lambda unit, directive: reportable([unit], [directive]).values_list("pk")[:1], primary=True)


def current_period(
    unit: Unit, directive: Directive, *, today: date, but_drafts: bool = False
) -> ReportingPeriod | None:
    """The newest opened period for which the unit has no report yet, or None; `but_drafts`: no sent one.

    A quarter may be cut off on the same day as its last month: then the shorter one is asked for first.
    """
    return current_periods([unit.pk], [directive.pk], today=today, but_drafts=but_drafts)[unit.pk, directive.pk]


def current_periods(
    units: Collection[int], directives: Collection[int], *, today: date, but_drafts: bool = False
) -> dict[tuple[int, int], ReportingPeriod | None]:
    """(unit, directive) → the same for each pair of them, in two statements."""
    opened: dict[int, list[ReportingPeriod]] = {directive: [] for directive in directives}
    newest_opened = _NEWEST_OPENED.rows(*opened, today) if len(opened) == 1 else _newest_opened(opened, today)
    for period in newest_opened:
        opened[period.directive_id].append(period)
    newest = {directive: newest_of(some) for directive, some in opened.items()}
    ids = [period.pk for some in newest.values() for period in some]
    reported: dict[int, set[int]] = {unit: set() for unit in units}
    rows = UnitReport.objects.of_the_unit().filter(unit__in=units, period__in=ids).order_by()
    if but_drafts:
        rows = rows.exclude(state__in=_WRITING)
    for unit, period_id in rows.values_list("unit_id", "period_id") if ids else ():
        reported[unit].add(period_id)
    return {(unit, directive): next_of(newest[directive], reported[unit]) for unit in units for directive in directives}


def find_open_report(unit: Unit, directive: Directive) -> UnitReport | None:
    """The report the unit has at hand: a draft or one with its head, first; else one that came back."""
    return _first_of_each(_AT_HAND.rows(unit.pk, directive.pk)).get((unit.pk, directive.pk))


def open_reports(units: Collection[int], directives: Collection[int]) -> dict[tuple[int, int], UnitReport]:
    """(unit, directive) → the report the unit has at hand, where there is one. One statement."""
    return _first_of_each(_at_hand(units, directives))


def _first_of_each(reports: Iterable[UnitReport]) -> dict[tuple[int, int], UnitReport]:
    found: dict[tuple[int, int], UnitReport] = {}
    # Of drafts the newest, of what came back the oldest.
    for report in sorted(reports, key=lambda one: (0, -one.pk) if one.state in _WRITING else (1, one.pk)):
        found.setdefault((report.unit_id, report.directive_id), report)
    return found


@transaction.atomic
def open_report(unit: Unit, directive: Directive, *, by, now: datetime) -> UnitReport:
    """The report to write on: the one at hand, or a new draft with a section per open assignment.

    Raises:
        Refused: the directive is not open, or there is nothing to report on.
    """
    if not directive.is_issued:
        raise Refused("Văn bản chưa giao hoặc đã kết thúc theo dõi, không báo cáo được.")
    report = find_open_report(unit, directive)
    if report is not None:
        if report.state == ReportState.DRAFT:
            add_missing_sections(report)
        return report
    period = current_period(unit, directive, today=timezone.localdate(now))
    return begin(unit, directive, period=period, by=by, now=now) or open_report(unit, directive, by=by, now=now)


def begin(
    unit: Unit, directive: Directive, *, period: ReportingPeriod | None, by, now: datetime, **values: Any
) -> UnitReport | None:
    """A new draft with a section per open assignment; None when a colleague has begun one in the same moment.

    Args:
        values: further columns of the report.

    Raises:
        Refused: there is nothing to report on.
    """
    if not _IS_ANY.rows(unit.pk, directive.pk):
        raise Refused("Đơn vị không còn phần việc nào cần báo cáo.")
    stamps = {"created_by": by, "created_at": now, "saved_by": by, "saved_at": now}
    try:
        with transaction.atomic():
            report = UnitReport.objects.create(unit=unit, directive=directive, period=period, **stamps, **values)
    except IntegrityError:
        return None
    add_missing_sections(report, is_new=True)
    return report


def _missing(report: int, unit: int, directive: int) -> QuerySet[Assignment]:
    """What the report asks about and has no section for; what comes back in another report is mended there."""
    sections = ProgressReport.objects.filter(assignment=OuterRef("pk")).order_by()
    coming_back = sections.filter(state__in=[SectionState.RETURNED, SectionState.RECALLED])
    papers = AssignmentProduct.objects.filter(assignment=OuterRef("pk"), product__has_paper=True).order_by()
    return (
        reportable([unit], [directive])
        .filter(~Exists(sections.filter(unit_report=report)), ~Exists(coming_back.exclude(unit_report=report)))
        .annotate(has_papers=Exists(papers))
        .order_by("task__order", "pk")
    )


_MISSING = Prepared(_missing, primary=True)


def add_missing_sections(report: UnitReport, *, is_new: bool = False) -> None:
    """A section for each open work that the report does not speak of, with the papers that are known; at most five
    statements for any number.

    Args:
        is_new: made in this transaction, so that nobody else can add the same.
    """
    asked = (report.pk, report.unit_id, report.directive_id)
    missing = _MISSING.rows(*asked)
    if not missing:
        return
    if not is_new:
        # Of two who open it in the same moment the second finds what the first has added.
        UnitReport.objects.select_for_update().get(pk=report.pk)
        missing = _MISSING.rows(*asked)
    sections = ProgressReport.objects.bulk_create(
        ProgressReport(unit_report=report, assignment=assignment) for assignment in missing
    )
    with_papers = {one.assignment_id: one for one in sections if one.assignment.has_papers}
    if not with_papers:
        return
    deliveries = AssignmentProduct.objects.filter(assignment__in=with_papers, product__has_paper=True)
    SectionProduct.objects.bulk_create(
        SectionProduct(
            section=with_papers[delivery.assignment_id],
            delivery=delivery,
            number=delivery.number,
            symbol=delivery.symbol,
            paper_date=delivery.paper_date,
            signer=delivery.signer,
            file_id=delivery.file_id,
        )
        for delivery in deliveries
    )
