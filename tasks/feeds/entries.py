"""What stands in a calendar that other programs read: codes, short titles, units and days. No person, nothing else typed.

A line keeps its UID for ever. What is done or was set aside stays for a month as cancelled, so that programs take it off, and is
gone afterwards. Everything is bounded: days, and rows of each kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, Value
from django.urls import reverse

from directive_tracker.vietnamese import ZONE, vn_date, vn_number
from tasks.enums import OPEN_STATES, AssignmentRole, ConditionState, DirectiveState
from tasks.exports.ics import IcsEvent
from tasks.models import (
    Activity,
    Assignment,
    AssignmentProduct,
    CalendarFeed,
    DirectiveTask,
    Inspection,
    ReportingPeriod,
    ReportRound,
)
from tasks.querysets import access_for
from units.access import Access

BEFORE, AFTER = timedelta(days=90), timedelta(days=365)
# How long what is over stays as cancelled.
KEPT_OFF = timedelta(days=30)
MOST_WORK, MOST_OTHER = 1000, 300
ENDED = "Lịch này đã hết hiệu lực"
DOMAIN = "theo-doi-chi-dao"


@dataclass(frozen=True)
class Span:
    """The days a calendar shows, and from when on what is over is still told."""

    today: date
    first: date
    last: date
    off_since: datetime

    @classmethod
    def around(cls, today: date) -> "Span":
        off_since = datetime.combine(today - KEPT_OFF, time(), tzinfo=ZONE)
        return cls(today, today - BEFORE, today + AFTER, off_since)


def entries_of(feed: CalendarFeed, *, today: date) -> list[IcsEvent]:
    """Everything in the calendar, as its owner may see it on that day; a single line once nothing may be seen any more.

    At most five statements for a unit's calendar, and two more for one of the office.
    """
    access = access_for(feed.user)
    units = access.reporter_unit_ids | access.head_unit_ids
    if feed.unit_id is not None:
        units &= {feed.unit_id}
    whole = feed.unit_id is None and access.sees_all_assignments
    if not feed.user.is_active or not (units or whole):
        return [_note(feed, today)]
    span = Span.around(today)
    found: list[IcsEvent] = []
    if units:
        found += [*_dues(feed, units, span), *_milestones(feed, units, span), *_activities(feed, units, span)]
    found += _periods_and_inspections(feed, units, access, span)
    if whole:
        found += [*_conditions(feed, span), *_waiting(feed, span)]
    return found


def _note(feed: CalendarFeed, today: date) -> IcsEvent:
    modified = datetime.combine(today, time(), tzinfo=ZONE)
    return IcsEvent(f"het-hieu-luc-{feed.pk}@{DOMAIN}", ENDED, today, today, modified=modified)


def _line(
    key: str, title: str, day: date, url: str, *, modified: datetime | None = None, off: bool = False
) -> IcsEvent:
    address = f"{settings.SITE_URL}{url}"
    return IcsEvent(f"{key}@{DOMAIN}", title, day, day, url=address, cancelled=off, modified=modified)


def _work(feed: CalendarFeed, units: frozenset[int], path: str = "") -> Q:
    """The units' own work that is not only for information."""
    return Q(**{f"{path}unit__in": units}) & ~Q(**{f"{path}role": AssignmentRole.INFORMED})


def _dues(feed: CalendarFeed, units: frozenset[int], span: Span) -> Iterator[IcsEvent]:
    """Due days of open work; of what is over, for a month, that it is."""
    followed = Q(state__in=OPEN_STATES, directive__state=DirectiveState.ISSUED)
    rows = (
        Assignment.objects.visible_to(feed.user)
        .filter(_work(feed, units), followed | _over("", span), due_current__range=(span.first, span.last))
        .select_related("task", "unit", "directive")
        .only(
            *("state", "due_current", "updated_at", "task__code", "task__short_title", "unit__short_name"),
            "directive__state",
        )
        .order_by("due_current", "pk")[:MOST_WORK]
    )
    for part in rows:
        off = not (part.is_open and part.directive.is_issued)
        title = f"Hạn {part.task.code} {part.task.short_title} – {part.unit.short_name}"
        url = part.get_absolute_url()
        yield _line(f"han-{part.pk}", title, part.due_current, url, modified=part.updated_at, off=off)


def _over(path: str, span: Span) -> Q:
    """Work that was done or set aside, or whose document was ended (which touches it), in the last month."""
    over = ~Q(**{f"{path}state__in": OPEN_STATES}) | Q(**{f"{path}directive__state": DirectiveState.CLOSED})
    return over & Q(**{f"{path}updated_at__gte": span.off_since})


def _milestones(feed: CalendarFeed, units: frozenset[int], span: Span) -> Iterator[IcsEvent]:
    """Earlier days of single products of the work."""
    path = "assignment__"
    followed = Q(assignment__state__in=OPEN_STATES, assignment__directive__state=DirectiveState.ISSUED)
    rows = (
        AssignmentProduct.objects.visible_to(feed.user)
        .filter(
            _work(feed, units, path),
            followed | _over(path, span),
            due_date__range=(span.first, span.last),
            due_date__lt=F("assignment__due_current"),
        )
        .filter(Q(delivered_on__isnull=True) | Q(delivered_on__gte=span.off_since.date()))
        .select_related("product", "assignment__task", "assignment__unit", "assignment__directive")
        .order_by("due_date", "pk")[:MOST_OTHER]
    )
    for paper in rows:
        part = paper.assignment
        off = paper.delivered_on is not None or not (part.is_open and part.directive.is_issued)
        title = f"Mốc {part.task.code} {paper.product.get_kind_display().lower()} – {part.unit.short_name}"
        url = part.get_absolute_url()
        yield _line(f"moc-{paper.pk}", title, paper.due_date, url, modified=part.updated_at, off=off)


def _activities(feed: CalendarFeed, units: frozenset[int], span: Span) -> Iterator[IcsEvent]:
    """The units' events, with their hours: kind, unit and code, as in the month's file."""
    rows = Activity.objects.visible_to(feed.user).filter(assignment__unit__in=units).between(span.first, span.last)
    for activity in rows.for_listing()[:MOST_OTHER]:
        part = activity.assignment
        title = f"{activity.get_kind_display()} – {part.unit.short_name} ({part.task.code})"
        line = _line(
            f"su-kien-{activity.pk}",
            title,
            activity.starts_on,
            activity.get_absolute_url(),
            modified=activity.saved_at,
            off=activity.is_cancelled,
        )
        yield replace(line, last=activity.ends_on, starts_at=activity.starts_at, ends_at=activity.ends_at)


def _periods_and_inspections(
    feed: CalendarFeed, units: frozenset[int], access: Access, span: Span
) -> Iterator[IcsEvent]:
    """Days by which reports are sent, and days of inspections; read together in one statement.

    A unit's: of documents in which it has work, and of inspections by it or at places it answers for.
    """
    days = (span.first, span.last)
    periods = ReportingPeriod.objects.visible_to(feed.user).filter(
        directive__state=DirectiveState.ISSUED, due_on__range=days
    )
    inspections = Inspection.objects.visible_to(feed.user).filter(day__range=days)
    if units:
        with_work = Assignment.objects.visible_to(feed.user).filter(_work(feed, units), state__in=OPEN_STATES)
        periods = periods.filter(directive__in=with_work.values("directive"))
        inspections = inspections.filter(Q(unit__in=units) | Q(pk__in=_inspected(feed, units)))
    reports = periods.order_by().values_list(
        Value("ky"), "pk", "due_on", "cutoff_on", Value(""), Value(""), "directive_id"
    )
    visits = inspections.order_by().values_list(
        Value("kiem-tra"), "pk", "day", "day", "task__code", "unit__short_name", "task__directive_id"
    )
    rows = reports.union(visits, all=True).order_by("due_on", "pk")[:MOST_OTHER]
    for kind, pk, day, cutoff, code, unit, directive in rows:
        if kind == "ky":
            url = reverse("tasks:directive_detail", args=[directive])
            yield _line(f"ky-gui-{pk}", f"Gửi báo cáo kỳ chốt {vn_date(cutoff)} chậm nhất", day, url)
        else:
            url = reverse("tasks:inspection_detail", args=[pk])
            yield _line(f"kiem-tra-{pk}", f"Kiểm tra {code} – {unit}", day, url)


def _inspected(feed: CalendarFeed, units: frozenset[int]) -> Any:
    return Inspection.objects.visible_to(feed.user).filter(places__unit__in=units).values("pk")


def _conditions(feed: CalendarFeed, span: Span) -> Iterator[IcsEvent]:
    """Days by which conditions of tasks are decided."""
    tasks = DirectiveTask.objects.visible_to(feed.user).filter(
        condition_state=ConditionState.UNDECIDED,
        directive__state=DirectiveState.ISSUED,
        condition_decide_by__range=(span.first, span.last),
    )
    for task in tasks.order_by("condition_decide_by", "pk")[:MOST_OTHER]:
        title = f"Quyết định điều kiện {task.code} {task.short_title}"
        if task.condition_decide_by:
            yield _line(f"dieu-kien-{task.pk}", title, task.condition_decide_by, task.get_absolute_url())


def _waiting(feed: CalendarFeed, span: Span) -> Iterator[IcsEvent]:
    """What waits for the person's review, on today's day: one line that moves on until nothing waits."""
    count = ReportRound.objects.visible_to(feed.user).to_review_by(feed.user).count()
    if count:
        modified = datetime.combine(span.today, time(), tzinfo=ZONE)
        title = f"{vn_number(count)} mục báo cáo chờ xem xét"
        yield _line(f"cho-xem-xet-{feed.pk}", title, span.today, reverse("tasks:review_queue"), modified=modified)
