"""One month of everything with a day: events, inspections, due days, reports to send, the day of the occasion itself.

The number of statements does not depend on how much there is: of each day the database gives the first lines and how
many there are.
"""

import calendar as months
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.http import urlencode

from directive_tracker.vietnamese import vn_date, vn_number
from directive_tracker.workdays import WorkCalendar
from tasks.enums import AssignmentRole, AssignmentState, DirectiveState
from tasks.models import Activity, Assignment, Directive, Finding, InspectedPlace, Inspection, ReportingPeriod
from tasks.querysets import access_for

# Lines of one kind on a day of the month; the page of the day shows all.
A_DAY = 4
SPANS = 30
DUE_LINES = 1500
# What is due can still be done, or has been; what was set aside is due for nobody.
DUE_STATES = [
    str(state)
    for state in AssignmentState
    if state not in (AssignmentState.PAUSED, AssignmentState.NOT_APPLICABLE, AssignmentState.CANCELLED)
]
FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True)
class Entry:
    """One line of a day. kind: event, activity, inspection, due, mend or period.

    plain: words of our own making, without anything somebody typed, for files that leave the program.
    """

    day: date
    kind: str
    words: str
    url: str
    plain: str
    key: str
    is_off: bool = False
    last_day: date | None = None
    activity: Activity | None = None


@dataclass
class Day:
    """One day of the table. kind: off, made-up or "". why: the holiday, or what the day makes up for."""

    day: date
    in_month: bool
    kind: str
    why: str
    is_today: bool
    entries: list[Entry] = field(default_factory=list)
    more: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.entries and not self.why


@dataclass(frozen=True)
class Wanted:
    """What the address asks for: whose work, of which document."""

    user: Any
    today: date
    directive: Directive | None = None
    unit_id: int | None = None
    # The only document there is names its tasks as if it had been chosen.
    names_tasks: bool = True

    def of_work(self, rows: QuerySet, path: str = "") -> QuerySet:
        """Narrow rows that lead to an assignment by `path`."""
        if self.directive is not None:
            rows = rows.filter(**{f"{path}directive": self.directive.pk})
        return rows.filter(**{f"{path}unit": self.unit_id}) if self.unit_id is not None else rows


@dataclass(frozen=True)
class Found:
    """Entries by day, how many lines each day has besides, and what takes several days."""

    entries: dict[date, list[Entry]]
    more: dict[date, int]
    spans: list[Entry]

    @property
    def all(self) -> list[Entry]:
        return [entry for day in sorted(self.entries) for entry in self.entries[day]]


@dataclass(frozen=True)
class Month:
    """The page."""

    first: date
    weeks: list[list[Day]]
    spans: list[Entry]

    @property
    def title(self) -> str:
        return f"Tháng {self.first.month}/{self.first.year}"

    @property
    def before(self) -> str:
        return month_word(self.first - timedelta(days=1))

    @property
    def after(self) -> str:
        return month_word(self.first + timedelta(days=31))

    @property
    def word(self) -> str:
        return month_word(self.first)


def month_word(day: date) -> str:
    """ "2024-05"; "" outside the years that can be asked for."""
    return f"{day.year}-{day.month:02}" if FIRST_YEAR <= day.year <= LAST_YEAR else ""


def read_month(word: str, *, today: date) -> date | None:
    """The first day of "2024-05"; of today's month for ""; None for anything else."""
    if not word:
        return today.replace(day=1)
    year, dash, month = word.partition("-")
    if not (dash and word.isascii() and year.isdecimal() and month.isdecimal() and len(year) == 4 and len(month) <= 2):
        return None
    if not (FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12):
        return None
    return date(int(year), int(month), 1)


def build_month(first: date, wanted: Wanted, calendar: WorkCalendar) -> Month:
    """The month in weeks from Monday, the days of the neighbouring months empty."""
    last = last_of(first)
    found = gather(first, last, wanted, limit=A_DAY)
    weeks = [
        [_day(day, first, found, calendar, today=wanted.today) for day in week]
        for week in months.Calendar().monthdatescalendar(first.year, first.month)
    ]
    return Month(first, weeks, found.spans)


def last_of(first: date) -> date:
    """The last day of the month that begins on `first`."""
    return first.replace(day=months.monthrange(first.year, first.month)[1])


def _day(day: date, first: date, found: Found, calendar: WorkCalendar, *, today: date) -> Day:
    works = calendar.is_working_day(day)
    why = (calendar.why_working(day) if works else calendar.why(day)) or ""
    kind = ("made-up" if why else "") if works else "off"
    if day.month != first.month:
        return Day(day, False, "", "", False)
    return Day(day, True, kind, why, day == today, found.entries.get(day, []), found.more.get(day, 0))


def gather(first: date, last: date, wanted: Wanted, *, limit: int | None) -> Found:
    """Everything from `first` to `last`; with a limit, so many lines of events and of inspections a day."""
    entries: dict[date, list[Entry]] = defaultdict(list)
    more: dict[date, int] = defaultdict(int)
    spans: list[Entry] = []
    for entry in [*_occasions(first, last, wanted), *_periods(first, last, wanted), *_dues(first, last, wanted)]:
        entries[entry.day].append(entry)
    for entry in _mends(first, last, wanted):
        entries[entry.day].append(entry)
    for source in (_activities, _inspections):
        for entry, in_day in source(first, last, wanted, limit=limit):
            entries[entry.day].append(entry)
            more[entry.day] += max(0, in_day - limit) if limit and entry is _first_of(entries[entry.day], entry) else 0
    for activity in _several_days(first, last, wanted):
        spans.append(_activity_entry(activity))
    return Found(entries, more, spans)


def _first_of(lines: list[Entry], entry: Entry) -> Entry:
    """The first line of the entry's kind: what is hidden is counted once."""
    return next(line for line in lines if line.kind == entry.kind)


def _first_of_each_day(rows: QuerySet, column: str, order: list, *, limit: int | None) -> QuerySet:
    """Annotate `in_day`; with a limit keep so many rows of each day."""
    rows = rows.annotate(in_day=Window(Count("pk"), partition_by=[F(column)]))
    if limit is None:
        return rows
    place = Window(RowNumber(), partition_by=[F(column)], order_by=order)
    return rows.annotate(place_in_day=place).filter(place_in_day__lte=limit)


# --- what has a day -----------------------------------------------------------------------------------


def activities_of(wanted: Wanted) -> QuerySet:
    """The events of the work that is asked for."""
    return wanted.of_work(Activity.objects.visible_to(wanted.user), "assignment__")


def _activities(first: date, last: date, wanted: Wanted, *, limit: int | None) -> list[tuple[Entry, int]]:
    """Events of one day."""
    rows = activities_of(wanted).filter(starts_on__gte=first, starts_on__lte=last, ends_on=F("starts_on"))
    order = [F("starts_at").asc(nulls_first=True), F("pk").asc()]
    rows = _first_of_each_day(rows.for_listing(), "starts_on", order, limit=limit)
    return [(_activity_entry(activity), activity.in_day) for activity in rows]


def _several_days(first: date, last: date, wanted: Wanted) -> list[Activity]:
    """Events that take more than a day and touch the month."""
    rows = activities_of(wanted).between(first, last).filter(ends_on__gt=F("starts_on"))
    return list(rows.for_listing()[:SPANS])


def _activity_entry(activity: Activity) -> Entry:
    assignment = activity.assignment
    hour = f"{activity.starts_at:%H:%M} " if activity.starts_at else ""
    kind = activity.get_kind_display()
    return Entry(
        day=activity.starts_on,
        kind="activity",
        words=f"{hour}{activity.title} – {assignment.unit.short_name}",
        url=activity.get_absolute_url(),
        plain=f"{kind} – {assignment.unit.short_name} ({assignment.task.code})",
        key=f"su-kien-{activity.pk}",
        is_off=activity.is_cancelled,
        last_day=activity.ends_on if activity.ends_on != activity.starts_on else None,
        activity=activity,
    )


def _inspections(first: date, last: date, wanted: Wanted, *, limit: int | None) -> list[tuple[Entry, int]]:
    rows = Inspection.objects.visible_to(wanted.user).filter(day__gte=first, day__lte=last)
    if wanted.directive is not None:
        rows = rows.filter(task__directive=wanted.directive)
    if wanted.unit_id is not None:
        places = InspectedPlace.objects.visible_to(wanted.user).filter(inspection=OuterRef("pk"), unit=wanted.unit_id)
        rows = rows.filter(Q(unit=wanted.unit_id) | Exists(places))
    rows = _first_of_each_day(rows.for_listing(), "day", [F("pk").asc()], limit=limit)
    return [(_inspection_entry(inspection), inspection.in_day) for inspection in rows]


def _inspection_entry(inspection: Inspection) -> Entry:
    words = f"Kiểm tra {inspection.task.code} – {inspection.unit.short_name}"
    return Entry(inspection.day, "inspection", words, inspection.get_absolute_url(), words, f"kiem-tra-{inspection.pk}")


def _dues(first: date, last: date, wanted: Wanted) -> list[Entry]:
    """Due days: a line for each task where one document is looked at or the person's own work, else one for the day."""
    rows = (
        wanted.of_work(Assignment.objects.visible_to(wanted.user))
        .filter(
            due_current__gte=first,
            due_current__lte=last,
            state__in=DUE_STATES,
            directive__state=DirectiveState.ISSUED,
        )
        .exclude(role=AssignmentRole.INFORMED)
        .order_by()
    )
    by_task = wanted.names_tasks or not access_for(wanted.user).sees_all_assignments
    columns = ("due_current", "task", "task__code", "task__short_title") if by_task else ("due_current",)
    counted = (
        rows.values(*columns)
        .annotate(
            parts=Count("pk"),
            undone=Count("pk", filter=~Q(state=AssignmentState.COMPLETED)),
            only=Min("pk"),
            tasks=Count("task", distinct=True),
        )
        .order_by(*(("due_current", "task__code", "task") if by_task else ("due_current",)))
    )
    return [_due_entry(row, wanted) for row in counted[:DUE_LINES]]


def _due_entry(row: dict, wanted: Wanted) -> Entry:
    day, parts, undone = row["due_current"], row["parts"], row["undone"]
    state = "xong" if not undone else (f"{vn_number(undone)} chưa xong" if undone < parts else "chưa xong")
    if "task" in row:
        many = f", {vn_number(parts)} đơn vị" if parts > 1 else ""
        words = f"Hạn {row['task__code']} {row['task__short_title']}{many}: {state}"
    else:
        words = f"Hạn {vn_number(row['tasks'])} nhiệm vụ, {vn_number(parts)} phần việc: {state}"
    if parts == 1:
        url = reverse("tasks:assignment_detail", args=[row["only"]])
    else:
        chosen = {"due": day.isoformat()}
        chosen |= {"task": row["task"]} if "task" in row else {}
        chosen |= {"directive": wanted.directive.pk} if wanted.directive else {}
        chosen |= {"unit": wanted.unit_id} if wanted.unit_id is not None else {}
        url = f"{reverse('tasks:assignment_list')}?{urlencode(chosen)}"
    return Entry(day, "due", words, url, words, f"han-{day.isoformat()}-{row.get('task', 'ngay')}")


def _periods(first: date, last: date, wanted: Wanted) -> list[Entry]:
    rows = ReportingPeriod.objects.visible_to(wanted.user).filter(
        Q(cutoff_on__gte=first, cutoff_on__lte=last) | Q(due_on__gte=first, due_on__lte=last),
        directive__state=DirectiveState.ISSUED,
    )
    if wanted.directive is not None:
        rows = rows.filter(directive=wanted.directive)
    found = []
    for period in rows.select_related("directive").order_by("cutoff_on", "pk")[:SPANS]:
        url = period.directive.get_absolute_url()
        for day, what, key in (
            (period.cutoff_on, "chốt số liệu", "chot"),
            (period.due_on, "gửi báo cáo chậm nhất", "gui"),
        ):
            if first <= day <= last:
                words = f"{period.name}: {what}"
                found.append(Entry(day, "period", words, url, words, f"ky-{key}-{period.pk}"))
    return found


def _occasions(first: date, last: date, wanted: Wanted) -> list[Entry]:
    """The day each document is about."""
    rows = Directive.objects.visible_to(wanted.user).filter(event_date__gte=first, event_date__lte=last)
    if wanted.directive is not None:
        rows = rows.filter(pk=wanted.directive.pk)
    rows = rows.exclude(state=DirectiveState.DRAFT).order_by("event_date", "pk")[:SPANS]
    return [
        Entry(
            directive.event_date,
            "event",
            directive.event_name or directive.short_title,
            directive.get_absolute_url(),
            directive.event_name or directive.short_title,
            f"van-ban-{directive.pk}",
        )
        for directive in rows
        if directive.event_date
    ]


def _mends(first: date, last: date, wanted: Wanted) -> list[Entry]:
    """Days by which something has to be mended after an inspection, one line a day."""
    rows = Finding.objects.visible_to(wanted.user).waiting().filter(mend_by__gte=first, mend_by__lte=last)
    if wanted.directive is not None:
        rows = rows.filter(place__inspection__task__directive=wanted.directive)
    if wanted.unit_id is not None:
        rows = rows.filter(place__unit=wanted.unit_id)
    counted = rows.order_by().values("mend_by").annotate(count=Count("pk"), only=Min("pk")).order_by("mend_by")
    found = []
    for row in counted:
        words = f"Khắc phục sau kiểm tra: {vn_number(row['count'])} kiến nghị"
        one = row["count"] == 1
        url = reverse("tasks:finding_detail", args=[row["only"]]) if one else reverse("tasks:finding_list")
        found.append(Entry(row["mend_by"], "mend", words, url, words, f"khac-phuc-{row['mend_by'].isoformat()}"))
    return found


def day_title(day: date, calendar: WorkCalendar) -> str:
    """What the calendar says of a day: "nghỉ lễ …", "làm bù …", or ""."""
    words = calendar.why_working(day) if calendar.is_working_day(day) else calendar.why(day)
    if words:
        return words
    return "" if calendar.is_working_day(day) else f"Ngày nghỉ ({vn_date(day)})"
