"""Monday's bulletin: on the first working day of a week each unit gets what the week asks of it, if there is anything.

Stages that are not worth a mail of their own wait for it. Its text is written when the mail leaves: what was finished
meanwhile is not in it.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date
from notifications import kinds, outbox
from notifications.kinds import Coming, MailLine
from notifications.models import Anchor, Notice, NoticeRule, Pulse
from notifications.outbox import Telling
from tasks.enums import AssignmentState
from tasks.models import Assignment
from tasks.stages import REMINDED, first_day_of_week, week_of
from units.calendar import work_calendar
from units.models import Unit
from units.people import reporters_of

S = AssignmentState
BULLETIN = "bulletin"
LONGEST = 60
NEW_AFTER = 2


def _groups(today: date) -> dict[str, tuple[str, Q]]:
    """Why a work stands in the bulletin of the week of `today`: name → words, condition; each work once, in this order."""
    sunday = today + timedelta(days=6 - today.weekday())
    redo = Q(state=S.REDO)
    overdue = ~redo & Q(due_current__lt=today)
    due = ~redo & Q(due_current__gte=today, due_current__lte=sunday)
    later = Q(due_current__gt=sunday) | Q(due_current__isnull=True)
    # What was given the day before yesterday at the latest: nobody is told off for today's post.
    given = work_calendar().add(today, -NEW_AFTER)
    new = ~redo & later & Q(state=S.ASSIGNED, acknowledged_on__isnull=True, assigned_on__lte=given)
    return {
        "redo": ("cần bổ sung", redo),
        "overdue": ("quá hạn", overdue),
        "due": ("đến hạn trong tuần", due),
        "new": ("chưa tiếp nhận", new),
    }


def _of_week(today: date) -> QuerySet[Assignment]:
    """The works any bulletin of the week speaks of."""
    some = Q()
    for _, condition in _groups(today).values():
        some |= condition
    return Assignment.objects.filter(REMINDED & some)


def _counted(today: date, *, units: Iterable[int] | None = None) -> dict[int, str]:
    """Unit → "2 quá hạn, 3 đến hạn trong tuần"; units with nothing to say are absent. One statement."""
    rows = _of_week(today)
    if units is not None:
        rows = rows.filter(unit__in=set(units))
    groups = _groups(today)
    counts = {name: Count("pk", filter=condition) for name, (_, condition) in groups.items()}
    found = rows.order_by().values("unit_id").annotate(**counts).values_list("unit_id", *groups)
    said = [words for words, _ in groups.values()]
    return {
        unit: ", ".join(f"{count} việc {words}" for count, words in zip(numbers, said, strict=True) if count)
        for unit, *numbers in found
    }


def _with_news(today: date) -> set[int]:
    """Units of whose works one changed since last Monday, or is due from last Monday on."""
    monday = today - timedelta(days=today.weekday() + 7)
    moved = Q(updated_at__gte=datetime.combine(monday, time.min, tzinfo=ZONE)) | Q(due_current__gte=monday)
    return set(_of_week(today).filter(moved).order_by().values_list("unit_id", flat=True).distinct())


def _tellings(today: date) -> list[Telling]:
    """The bulletins of the week of `today`, to each reporter of each unit.

    Whoever has only what was late before and has not moved since hears of it every second week: a mail that says the
    same each Monday is not read any more.
    """
    counted = _counted(today)
    if today.isocalendar().week % 2:
        news = _with_news(today)
        counted = {unit: words for unit, words in counted.items() if unit in news}
    people = reporters_of(counted, today=today)
    names = dict(Unit.objects.filter(pk__in=people).values_list("pk", "short_name"))
    monday = today - timedelta(days=today.weekday())
    week = f"{vn_date(monday)} – {vn_date(monday + timedelta(days=6))}"
    return [
        Telling(
            key=f"{BULLETIN}:{week_of(today)}:{unit}:{user.pk}",
            kind=BULLETIN,
            recipient=user,
            title=f"{names[unit]}, tuần {week}: {words}",
            url=f"{reverse('tasks:unit_home')}?don-vi={unit}",
            target_type=Unit._meta.label_lower,
            target_id=unit,
            unit_id=unit,
            mail="daily",
        )
        for unit, words in counted.items()
        for user in people.get(unit, [])
    ]


def _is_due(today: date) -> bool:
    """Whether the office wants bulletins and today brings them: the first working day of the week or, when nothing was
    planned on it, the next working day on which something is. What turns up later in a week waits for the next one."""
    if not NoticeRule.objects.general().active().filter(anchor=Anchor.WEEK).exists():
        return False
    calendar = work_calendar()
    first = first_day_of_week(today, calendar)
    if today == first:
        return calendar.is_working_day(today)
    planned = Pulse.objects.filter(pk=1).values_list("planned_day", flat=True).first()
    return today > first and planned is not None and planned < first and calendar.is_working_day(today)


class BulletinPlanner:
    """One bulletin a unit, person and week."""

    def plan(self, *, now: datetime, since: datetime | None) -> int:
        """Write down the week's bulletins; only when everything is looked at."""
        today = timezone.localdate(now, ZONE)
        if since is not None or not _is_due(today):
            return 0
        return outbox.tell_many(_tellings(today), now=now)

    def coming(self, *, now: datetime) -> list[Coming]:
        """The bulletins that the moment's planning would add."""
        today = timezone.localdate(now, ZONE)
        if not _is_due(today):
            return []
        tellings = _tellings(today)
        known = set(Notice.objects.filter(key__in=[item.key for item in tellings]).values_list("key", flat=True))
        return [
            Coming(item.key, item.kind, item.recipient.pk, item.unit_id, item.title)
            for item in tellings
            if item.key not in known
        ]

    def touched(self, since: datetime) -> list[QuerySet]:
        """Nothing makes a bulletin due but the week."""
        return []


def _still_something(notices: list[Notice], *, now: datetime) -> set[int]:
    """The bulletins of units that still have something to do, within the week they were made for."""
    today = timezone.localdate(now, ZONE)
    counted = _counted(today, units=[notice.target_id for notice in notices if notice.target_id])
    week = week_of(today)
    return {notice.pk for notice in notices if notice.target_id in counted and notice.key.split(":")[1] == week}


def _lines(notices: list[Notice], *, now: datetime) -> dict[int, list[MailLine]]:
    """The works of each unit as they are now: what is to be mended, what is late, what is due, what is new."""
    today = timezone.localdate(now, ZONE)
    return {notice.pk: _lines_of(notice, today) for notice in notices}


def _lines_of(notice: Notice, today: date) -> list[MailLine]:
    groups = _groups(today)
    rows = list(
        _of_week(today)
        .filter(unit=notice.target_id)
        .select_related("task")
        .order_by(F("due_current").asc(nulls_last=True), "task__order", "pk")[: LONGEST + 1]
    )
    found = []
    for name, (words, _) in groups.items():
        found += [MailLine(_line(row, words), row.get_absolute_url()) for row in rows if _group_of(row, today) == name]
    return found[:LONGEST]


def _group_of(row: Assignment, today: date) -> str:
    """As `_groups` says it to the database."""
    if row.state == S.REDO:
        return "redo"
    if row.due_current and row.due_current < today:
        return "overdue"
    if row.due_current and row.due_current <= today + timedelta(days=6 - today.weekday()):
        return "due"
    return "new"


def _line(row: Assignment, words: str) -> str:
    due = f", hạn {vn_date(row.due_current)}" if row.due_current else ""
    return f"{row.task.code} {row.task.short_title}{due} – {words}"


def register() -> None:
    """Make the kind and its planner known (tasks/reminders.py)."""
    kinds.register(BULLETIN, "Bản tin đầu tuần", still_applies=_still_something, in_app=False, lines=_lines)
    kinds.planners.append(BulletinPlanner())
