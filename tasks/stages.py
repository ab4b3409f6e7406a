"""The ladder of reminding: what is told by stages before and after a due day, after giving, after a day of decision.

A rule (notifications.NoticeRule) hangs on a day of a row and lies some working days before or after it. For each rule
the days are worked out by the calendar; the database then picks the rows of these days, their people and what is new.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date
from directive_tracker.workdays import WorkCalendar
from notifications import kinds
from notifications.kinds import Coming, MailLine
from notifications.models import Anchor, Audience, Notice, NoticeRule
from notifications.planning import not_told, tell_rows, text
from tasks.duerules import explain_delivery
from tasks.enums import AssignmentRole, AssignmentState, ConditionState, DirectiveState, DueKind, Strength
from tasks.models import Assignment, AssignmentProduct, Directive, DirectiveTask
from units.calendar import work_calendar
from units.models import Membership, Role
from units.models.membership import active_q
from units.models.unit import EscalationTo

S = AssignmentState
ASSIGNMENT = Assignment._meta.label_lower
TASK = DirectiveTask._meta.label_lower
DIRECTIVE = Directive._meta.label_lower
# Missed days are caught up, but nobody is told today about a stage that passed longer ago.
LOOK_BACK = timedelta(days=10)
# The unit has it in hand; what waits for the office or is set aside is not chased.
REMINDED_STATES = (S.ASSIGNED, S.IN_PROGRESS, S.RETURNED_BY_UNIT, S.AWAITING_UNIT_HEAD, S.REDO)
REMINDED = (
    Q(state__in=REMINDED_STATES, directive__state=DirectiveState.ISSUED)
    & ~Q(role=AssignmentRole.INFORMED)
    & ~Q(task__condition_state=ConditionState.UNDECIDED)
    & ~Q(task__strength=Strength.ENCOURAGED)
)
# A day of these kinds says all by itself.
PLAIN_DAYS = (DueKind.NONE, DueKind.FIXED, DueKind.WINDOW, DueKind.CONTINUOUS)
UNDECIDED = Q(condition_state=ConditionState.UNDECIDED, directive__state=DirectiveState.ISSUED)


@dataclass(frozen=True)
class Rung:
    """A rule and the days it looks at today.

    days: the day the rule hangs on (due day, day of giving, decide-by day) → the day it speaks; but_for, only_for: ids of
    the directives that have a rule of their own for this stage, or the one whose own rule this is.
    """

    rule: NoticeRule
    days: dict[date, date]
    but_for: frozenset[int] = frozenset()
    only_for: int | None = None

    def of_directives(self, rows: QuerySet) -> QuerySet:
        """The rows of the directives for which this rule speaks."""
        if self.only_for is not None:
            return rows.filter(directive=self.only_for)
        return rows.exclude(directive__in=self.but_for) if self.but_for else rows


# --- which days ------------------------------------------------------------------------------------


def stage_days(rule: NoticeRule, *, today: date, calendar: WorkCalendar) -> dict[date, date]:
    """The days the rule hangs on whose stage falls on today or at most ten days back, each with its stage day.

    Before its due day a stage counts working days; a due day on a holiday has its day of warning before the holiday.
    """
    first = today - LOOK_BACK
    offset = rule.working_days_before
    # From any day there and back again: twice the working days and a long Tết reach far enough.
    span = abs(offset) * 2 + 20
    candidates = [first + timedelta(days=days) for days in range(-span, LOOK_BACK.days + span)]
    fits = {day: stage for day in candidates if first <= (stage := calendar.add(day, -offset)) <= today}
    # A warning that a day is near makes no sense once the day is over.
    return {day: stage for day, stage in fits.items() if offset < 0 or day >= today}


def first_day_of_week(today: date, calendar: WorkCalendar) -> date:
    """The first working day of the week of `today`; of a week without any, its Sunday."""
    monday = today - timedelta(days=today.weekday())
    days = (monday + timedelta(days=number) for number in range(7))
    return next((day for day in days if calendar.is_working_day(day)), monday + timedelta(days=6))


def week_of(day: date) -> str:
    """The week's name in keys: "2024-w16"."""
    year, week, _ = day.isocalendar()
    return f"{year}-w{week:02}"


def _weekly_days(rule: NoticeRule, *, today: date, calendar: WorkCalendar) -> dict[date, date]:
    """The due days that are told again this week: those whose first telling by this rule lies before the week's day.

    One statement, and none before that day.
    """
    speaks = first_day_of_week(today, calendar)
    if today < speaks:
        return {}
    dues = Assignment.objects.filter(REMINDED, due_current__lt=speaks).values_list("due_current", flat=True).distinct()
    return {due: speaks for due in dues.order_by() if calendar.add(due, -rule.working_days_before) < speaks}


def ladder(*, today: date, calendar: WorkCalendar) -> Iterator[Rung]:
    """Every rule about work in use with its days; the later stage of one row before the earlier ones."""
    others = (Anchor.WEEK, Anchor.OCCASION)
    rules = list(NoticeRule.objects.exclude(anchor__in=others).order_by("working_days_before", "pk"))
    own: dict[str, set[int]] = {}
    for rule in rules:
        if rule.scope_type == DIRECTIVE:
            own.setdefault(rule.stage, set()).add(rule.scope_id)
    overtaken: dict[int | None, set[date]] = {}
    for rule in rules:
        if not rule.is_active or rule.scope_type not in ("", DIRECTIVE):
            continue
        directive = rule.scope_id if rule.scope_type else None
        if rule.repeats_weekly:
            days = _weekly_days(rule, today=today, calendar=calendar)
        else:
            days = stage_days(rule, today=today, calendar=calendar)
            if rule.anchor == Anchor.DUE and rule.audience == Audience.UNIT:
                told = overtaken.setdefault(directive, set())
                passed, told_now = set(told), set(days)
                if not rule.by_mail:
                    # Where a later stage has come too, its notice in the app says all; a missed mail is still sent.
                    days = {day: stage for day, stage in days.items() if day not in passed}
                told |= told_now
        if days:
            yield Rung(rule, days, frozenset(own.get(rule.stage, ())) if directive is None else frozenset(), directive)


# --- which rows, which people -----------------------------------------------------------------------


def _people_q(audience: str, path: str, unit: str, today: date) -> Q:
    """The memberships, reached by `path`, of those a rule tells; `unit` is the way to their unit."""
    active = active_q(today, path)
    reporter = Q(**{f"{path}role": Role.REPORTER})
    if audience == Audience.UNIT:
        return active & reporter
    heads = Membership.objects.active_on(today).filter(unit=OuterRef(f"{unit}_id"), role=Role.UNIT_HEAD)
    to_head = Q(**{f"{unit}__escalation_to__in": [EscalationTo.HEAD, EscalationTo.BOTH]})
    to_reporters = Q(**{f"{unit}__escalation_to__in": [EscalationTo.REPORTERS, EscalationTo.BOTH]})
    # Somebody of the unit must hear of it.
    return active & ((Q(**{f"{path}role": Role.UNIT_HEAD}) & to_head) | (reporter & (to_reporters | ~Q(Exists(heads)))))


def _on_days(column: str, days: dict[date, date], given: str = "") -> Q:
    """Rows that hang on one of the days; with `given`, the column of the day of giving, only those whose stage was not
    over by then: that would be no news to anybody."""
    found = Q(**{f"{column}__in": list(days)})
    if not given:
        return found
    by_stage: dict[date, list[date]] = {}
    for day, stage in days.items():
        by_stage.setdefault(stage, []).append(day)
    fits = Q()
    for stage, hang in by_stage.items():
        fits |= Q(**{f"{column}__in": hang, f"{given}__lte": stage})
    return found & fits


def _words(column: str, words: dict[date, str]) -> Case:
    """The words for the day in the column."""
    whens = [When(**{column: day}, then=Value(said)) for day, said in words.items()]
    return Case(*whens, default=Value(""), output_field=CharField())


def _path_of(name: str, column: str) -> Concat:
    """The address of a page by the pk in the column."""
    before, _, after = reverse(name, args=[0]).rpartition("0")
    return text(before, F(column), after)


def _left(due: date, *, today: date, calendar: WorkCalendar) -> str:
    """In words: "còn 3 ngày làm việc", "hạn hôm nay", "quá hạn 1 ngày làm việc"; as it is today, also for a stage caught up."""
    if due == today:
        return "hạn hôm nay"
    days = abs(calendar.count_between(today, due))
    return f"còn {days} ngày làm việc" if due > today else f"quá hạn {days} ngày làm việc"


def _stage_key(rung: Rung, today: date) -> str:
    """What the keys of a rung begin with; a weekly one names its week."""
    return f"{rung.rule.stage}.{week_of(today)}" if rung.rule.repeats_weekly else rung.rule.stage


def _assignment_rows(rung: Rung, *, today: date, calendar: WorkCalendar, since: datetime | None) -> QuerySet:
    """Assignment × person, annotated with what is told."""
    rule = rung.rule
    path = "unit__memberships__"
    people = _people_q(rule.audience, path, "unit", today)
    if rule.anchor == Anchor.DUE:
        which = REMINDED & _on_days("due_current", rung.days, "assigned_on")
        ends = {day: f", hạn {vn_date(day)} – {_left(day, today=today, calendar=calendar)}" for day in rung.days}
        column = "due_current"
    else:
        which = REMINDED & Q(state=S.ASSIGNED, acknowledged_on__isnull=True) & _on_days("assigned_on", rung.days)
        ends = {day: f" giao ngày {vn_date(day)} chưa được tiếp nhận" for day in rung.days}
        column = "assigned_on"
    rows = rung.of_directives(Assignment.objects.filter(which & people))
    if since is not None:
        rows = rows.filter(updated_at__gte=since)
    key = _stage_key(rung, today)
    return rows.annotate(
        told_user=F(f"{path}user_id"),
        told_unit=F("unit_id"),
        told_key=text(f"{key}:", F("pk"), ":", F("due_version"), ":", F(f"{path}user_id")),
        told_obligation=text(f"{key}:", F("pk"), ":", F("due_version")),
        told_title=text("Việc ", F("task__code"), " ", F("task__short_title"), _words(column, ends)),
        told_url=_path_of("tasks:assignment_detail", "pk"),
    )


def _office_rows(rung: Rung, *, today: date) -> QuerySet:
    """Directive × day × person of the office: how many units' works reached the stage, in one notice."""
    column = "due_current" if rung.rule.anchor == Anchor.DUE else "assigned_on"
    which = REMINDED & _on_days(column, rung.days)
    if rung.rule.anchor == Anchor.ASSIGNED:
        which &= Q(state=S.ASSIGNED, acknowledged_on__isnull=True)
    path = "directive__office__memberships__"
    people = active_q(today, path) & Q(**{f"{path}role": Role.OFFICE})
    rows = rung.of_directives(Assignment.objects.filter(which & people, role=AssignmentRole.LEAD))
    days = abs(rung.rule.working_days_before)
    over = (
        f" quá hạn {days} ngày làm việc, hạn " if rung.rule.anchor == Anchor.DUE else " chưa được tiếp nhận, giao ngày "
    )
    page = reverse("tasks:assignment_list") + ("?timeliness=open_overdue" if rung.rule.anchor == Anchor.DUE else "")
    said = {day: f"{over}{vn_date(day)}: " for day in rung.days}
    return (
        rows.values("directive_id", column, f"{path}user_id", "directive__office_id", "directive__short_title")
        .annotate(told_count=Count("pk", distinct=True))
        .annotate(
            told_user=F(f"{path}user_id"),
            told_unit=F("directive__office_id"),
            told_key=text(f"{rung.rule.stage}:", F("directive_id"), ":", F(column), ":", F(f"{path}user_id")),
            told_obligation=text(f"{rung.rule.stage}:", F("directive_id"), ":", F(column)),
            told_title=text(
                Cast("told_count", CharField()), " phần việc", _words(column, said), F("directive__short_title")
            ),
            told_url=Value(page),
        )
    )


def _decision_rows(rung: Rung, *, today: date) -> QuerySet:
    """Undecided task × person of the decider, or of the office."""
    to_office = rung.rule.audience == Audience.OFFICE
    unit = "directive__office" if to_office else "condition_decider"
    path = f"{unit}__memberships__"
    if to_office:
        people = active_q(today, path) & Q(**{f"{path}role": Role.OFFICE})
    else:
        people = _people_q(rung.rule.audience, path, unit, today)
    rows = rung.of_directives(
        DirectiveTask.objects.filter(UNDECIDED & _on_days("condition_decide_by", rung.days) & people)
    )
    said = {day: f" chưa có quyết định về điều kiện, hạn quyết định {vn_date(day)}" for day in rung.days}
    return rows.annotate(
        told_user=F(f"{path}user_id"),
        told_unit=F(f"{unit}_id"),
        told_key=text(f"{rung.rule.stage}:", F("pk"), ":", F("condition_decide_by"), ":", F(f"{path}user_id")),
        told_obligation=text(f"{rung.rule.stage}:", F("pk"), ":", F("condition_decide_by")),
        told_title=text("Việc ", F("code"), " ", F("short_title"), _words("condition_decide_by", said)),
        told_url=_path_of("tasks:task_detail", "pk"),
    )


@dataclass(frozen=True)
class Told:
    """The rows of a rung and what its notices are about."""

    rows: QuerySet
    target: dict[str, Any]


def _told(rung: Rung, *, today: date, calendar: WorkCalendar, since: datetime | None) -> Told:
    if rung.rule.anchor == Anchor.DECISION:
        return Told(_decision_rows(rung, today=today), {"target_type": TASK, "target_id": F("pk")})
    if rung.rule.audience == Audience.OFFICE:
        return Told(_office_rows(rung, today=today), {"target_type": DIRECTIVE, "target_id": F("directive_id")})
    rows = _assignment_rows(rung, today=today, calendar=calendar, since=since)
    about = {"target_type": ASSIGNMENT, "target_id": F("pk"), "target_version": F("due_version")}
    return Told(rows, about)


# --- the planner ------------------------------------------------------------------------------------


class LadderPlanner:
    """Every stage that is due for work still in a unit's hands (notifications/kinds.py: Planner).

    One statement a rule and a few more, whatever the number of assignments.
    """

    def plan(self, *, now: datetime, since: datetime | None) -> int:
        """Write down what is due."""
        today = timezone.localdate(now, ZONE)
        calendar = work_calendar()
        planned = 0
        for rung in ladder(today=today, calendar=calendar):
            told = _told(rung, today=today, calendar=calendar, since=since)
            planned += tell_rows(told.rows, kind=rung.rule.stage, by_mail=rung.rule.by_mail, now=now, **told.target)
        return planned

    def coming(self, *, now: datetime) -> list[Coming]:
        """What the mails of that moment will say."""
        today = timezone.localdate(now, ZONE)
        calendar = work_calendar()
        found = []
        for rung in ladder(today=today, calendar=calendar):
            if rung.rule.by_mail:
                rows = not_told(_told(rung, today=today, calendar=calendar, since=None).rows)
                columns = ("told_key", "told_user", "told_unit", "told_title")
                found += [
                    Coming(key=key, kind=rung.rule.stage, user_id=user, unit_id=unit, title=title)
                    for key, user, unit, title in rows.order_by("pk").values_list(*columns)
                ]
        return found

    def touched(self, since: datetime) -> list[QuerySet]:
        """Assignments written since."""
        return [Assignment.objects.filter(updated_at__gte=since)]


# --- the last check before a mail leaves --------------------------------------------------------------


def _due_applies(notices: list[Notice], *, now: datetime) -> set[int]:
    """Still the unit's work, still the same version of its date."""
    return _same_version(notices, Assignment.objects.filter(REMINDED))


def _assigned_applies(notices: list[Notice], *, now: datetime) -> set[int]:
    """Still not taken note of."""
    return _same_version(notices, Assignment.objects.filter(REMINDED, state=S.ASSIGNED, acknowledged_on__isnull=True))


def _same_version(notices: list[Notice], rows: QuerySet) -> set[int]:
    versions = dict(rows.filter(pk__in={notice.target_id for notice in notices}).values_list("pk", "due_version"))
    return {notice.pk for notice in notices if versions.get(notice.target_id) == notice.target_version}


def _decision_applies(notices: list[Notice], *, now: datetime) -> set[int]:
    """Still undecided."""
    tasks = set(
        DirectiveTask.objects.filter(UNDECIDED, pk__in={notice.target_id for notice in notices}).values_list(
            "pk", flat=True
        )
    )
    return {notice.pk for notice in notices if notice.target_id in tasks}


def _why_due(notices: list[Notice], *, now: datetime) -> dict[int, list[MailLine]]:
    """How a day came about that is not simply printed in the document; three statements, whatever their number."""
    parts = (
        Assignment.objects.filter(pk__in={notice.target_id for notice in notices})
        .select_related("directive")
        .prefetch_related(Prefetch("products", queryset=AssignmentProduct.objects.select_related("product")))
    )
    calendar = work_calendar()
    said = {part.pk: words for part in parts if (words := _due_words(part, calendar))}
    return {notice.pk: [MailLine(f"Hạn: {said[notice.target_id]}")] for notice in notices if notice.target_id in said}


def _due_words(part: Assignment, calendar: WorkCalendar) -> str:
    """The steps to the day; "" for a fixed one."""
    if part.is_extended:
        return (
            f"đã gia hạn từ {vn_date(part.due_original)} đến {vn_date(part.due_current)}" if part.due_original else ""
        )
    for delivery in part.products.all():
        if delivery.due_date == part.due_current and delivery.product.due_kind not in PLAIN_DAYS:
            return explain_delivery(delivery, part, calendar)
    return ""


def _days_word(before: str) -> Callable[[str], str]:
    """The words of a stage by what follows in its code: the number of days, and whom else it tells."""

    def words(rest: str) -> str:
        days, _, whom = rest.partition("-")
        said = f"{before} {days} ngày làm việc" if days.isdecimal() else before
        return f"{said}, báo động" if whom == "head" else said

    return words


kinds.register("due-0", "Đúng ngày đến hạn", still_applies=_due_applies, reminds=True)
kinds.register("overdue-week", "Quá hạn, nhắc hằng tuần", still_applies=_due_applies, reminds=True)
kinds.register_family("due-", _days_word("Trước hạn"), still_applies=_due_applies, lines=_why_due)
kinds.register_family("overdue-", _days_word("Quá hạn"), still_applies=_due_applies, lines=_why_due)
kinds.register_family("assigned-", _days_word("Chưa tiếp nhận sau"), still_applies=_assigned_applies)
kinds.register_family("decision-", lambda rest: "Chờ quyết định điều kiện", still_applies=_decision_applies)
kinds.register_family("office-assigned-", _days_word("Chưa tiếp nhận sau"))
kinds.register_family("office-", _days_word("Quá hạn"))
