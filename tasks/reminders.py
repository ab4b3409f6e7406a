"""Whom the tasks room tells what: at once when somebody acts, and by stages before and after a due day.

Titles are of our own making and go into mails; reasons and messages that people typed are the notice's detail and show
in the app only.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date
from directive_tracker.workdays import WorkCalendar
from notifications import kinds, outbox
from notifications.models import Notice, NoticeRule
from notifications.outbox import Telling
from tasks.enums import AssignmentRole, AssignmentState, ConditionState, DirectiveState, SectionState, Strength
from tasks.models import (
    Assignment,
    Directive,
    ExtensionRequest,
    Nudge,
    ProgressReport,
    UnitReport,
)
from units.calendar import work_calendar
from units.models import Membership, Role, Unit
from units.people import people_of, reporters_of

S = AssignmentState
ASSIGNMENT = Assignment._meta.label_lower
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


def _today(now: datetime) -> date:
    return timezone.localdate(now, ZONE)


def _name(assignment: Assignment) -> str:
    """As in lists: "1a.3 Tuyên truyền"."""
    return f"{assignment.task.code} {assignment.task.short_title}".strip()


# --- at once -------------------------------------------------------------------------------------


def tell_issued(
    directive: Directive, units: Iterable[Unit], *, by: Any, now: datetime, assignment: Assignment | None = None
) -> int:
    """Tell the reporters of the units what they have been given: one notice and one mail of its own a person and unit.

    Args:
        assignment: given when one part was added to an issued directive; only that is told then.

    Returns: how many notices are new. Units without a reporter are told nothing.
    """
    units = list(units)
    people = reporters_of([unit.pk for unit in units], today=_today(now))
    given = _given(directive, [unit.pk for unit in units]) if assignment is None else {}
    tellings = []
    for unit in units:
        if assignment is None:
            title, key = f"Giao việc: {directive.short_title} – {given.get(unit.pk, '')}", f"issued:{directive.pk}"
        else:
            title, key = f"Giao thêm việc {_name(assignment)}{_until(assignment)}", f"issued:a{assignment.pk}"
        for user in people.get(unit.pk, []):
            tellings.append(
                Telling(
                    key=f"{key}:{unit.pk}:{user.pk}",
                    kind="issued",
                    recipient=user,
                    title=title,
                    url=f"{reverse('tasks:unit_home')}?don-vi={unit.pk}",
                    target=assignment or directive,
                    unit_id=unit.pk,
                    mail="own",
                )
            )
    return outbox.tell_many(tellings, now=now)


def _given(directive: Directive, unit_ids: list[int]) -> dict[int, str]:
    """Unit → "5 việc chủ trì, 1 việc phối hợp, hạn sớm nhất 29/02/2024"; one statement."""
    rows = (
        directive.assignments.filter(unit__in=unit_ids)
        .order_by()
        .values("unit_id")
        .annotate(
            lead=Count("pk", filter=Q(role=AssignmentRole.LEAD)),
            coordinating=Count("pk", filter=Q(role=AssignmentRole.COORDINATING)),
            informed=Count("pk", filter=Q(role=AssignmentRole.INFORMED)),
            first_due=Min("due_current"),
        )
    )
    return {row["unit_id"]: _counts(row) for row in rows}


def _counts(row: dict[str, Any]) -> str:
    """The words of one unit's counts."""
    words = [("lead", "việc chủ trì"), ("coordinating", "việc phối hợp"), ("informed", "việc để biết")]
    parts = [f"{row[name]} {word}" for name, word in words if row[name]]
    if row["first_due"]:
        parts.append(f"hạn sớm nhất {vn_date(row['first_due'])}")
    return ", ".join(parts)


def _until(assignment: Assignment) -> str:
    return f", hạn {vn_date(assignment.due_current)}" if assignment.due_current else ""


def tell_unit(
    assignment: Assignment,
    kind: str,
    title: str,
    *,
    now: datetime,
    detail: str = "",
    url: str = "",
    mail: str | None = "own",
    key: str = "",
    target: Any = None,
) -> int:
    """Tell the reporters of an assignment's unit one thing, by a mail of its own unless `mail=None`.

    Args:
        kind: one of the kinds registered below.
        title: words of our own making. detail: what somebody typed; shown in the app, never mailed.
        key: names the event; the assignment and the moment where it is empty.
        target: the row it is about, the assignment unless given.
    """
    people = reporters_of([assignment.unit_id], today=_today(now)).get(assignment.unit_id, [])
    key = key or f"{kind}:{assignment.pk}:{int(now.timestamp())}"
    return outbox.tell_many(
        [
            Telling(
                key=f"{key}:{user.pk}",
                kind=kind,
                recipient=user,
                title=title,
                detail=detail,
                url=url or assignment.get_absolute_url(),
                target=target or assignment,
                unit_id=assignment.unit_id,
                mail=mail,
            )
            for user in people
        ],
        now=now,
    )


def tell_returned(section: ProgressReport, *, by: Any, now: datetime) -> int:
    """Tell the unit that a section came back, with the reason in the app and a mail of its own."""
    last = section.rounds.order_by("-number").first()
    number, reason = (last.number, last.reason) if last else (0, "")
    return tell_unit(
        section.assignment,
        "returned",
        f"Cần bổ sung báo cáo: việc {_name(section.assignment)}",
        detail=reason,
        url=section.unit_report.get_absolute_url(),
        key=f"returned:{section.pk}:{number}",
        target=section,
        now=now,
    )


def tell_accepted(section: ProgressReport, *, by: Any, now: datetime) -> int:
    """Tell the unit, in the app only, that a section was accepted."""
    assignment = section.assignment
    done = assignment.state == S.COMPLETED
    last = section.rounds.order_by("-number").first()
    return tell_unit(
        assignment,
        "accepted",
        f"Đã xác nhận hoàn thành: việc {_name(assignment)}" if done else f"Đã nhận báo cáo: việc {_name(assignment)}",
        mail=None,
        key=f"accepted:{section.pk}:{last.number if last else 0}",
        now=now,
    )


def tell_extension_decided(request: ExtensionRequest, *, by: Any, now: datetime) -> int:
    """Tell the unit the answer to its request for more time, by a mail of its own."""
    name = _name(request.assignment)
    if request.granted_due:
        title = f"Đồng ý gia hạn việc {name} đến {vn_date(request.granted_due)}"
    else:
        title = f"Không đồng ý gia hạn việc {name}{_until(request.assignment)}"
    return tell_unit(
        request.assignment,
        "extension_decided",
        title,
        detail=request.decision_reason,
        key=f"extension_decided:{request.pk}",
        now=now,
    )


def tell_nudge(nudge: Nudge, *, now: datetime) -> int:
    """Tell the unit that somebody chases it, the words in the app and a mail of its own."""
    assignment = nudge.assignment
    return tell_unit(
        assignment,
        "nudge",
        f"Đôn đốc việc {_name(assignment)}{_until(assignment)}",
        detail=nudge.message,
        key=f"nudge:{nudge.pk}",
        now=now,
    )


def tell_unit_head(report: UnitReport, *, by: Any, now: datetime) -> int:
    """Ask the heads of the unit to look at a report that waits for them, by a mail of its own."""
    heads = people_of([report.unit_id], role=Role.UNIT_HEAD, today=_today(now)).get(report.unit_id, [])
    return _tell_about_report(report, heads, "to_unit_head", f"Báo cáo chờ duyệt: {report.directive}", "", now=now)


def tell_reporters(report: UnitReport, kind: str, title: str, *, now: datetime, detail: str = "") -> int:
    """Tell the reporters of a report's unit something about it, by a mail of its own."""
    people = reporters_of([report.unit_id], today=_today(now)).get(report.unit_id, [])
    return _tell_about_report(report, people, kind, f"{title}: {report.directive}", detail, now=now)


def _tell_about_report(
    report: UnitReport, people: Iterable[Any], kind: str, title: str, detail: str, *, now: datetime
) -> int:
    key = f"{kind}:{report.pk}:{int(now.timestamp())}"
    return outbox.tell_many(
        [
            Telling(
                key=f"{key}:{user.pk}",
                kind=kind,
                recipient=user,
                title=title,
                detail=detail,
                url=report.get_absolute_url(),
                target=report,
                unit_id=report.unit_id,
                mail="own",
            )
            for user in people
        ],
        now=now,
    )


def tell_office(kind: str, title: str, *, url: str, target: Any, about: list[Assignment], now: datetime) -> int:
    """Tell the people of the office, in the app only, that something waits for them.

    Nobody is asked about the work of a unit of the own; about the office's own work the readers of the unit that
    reviews it are told (Thường trực). The notice does not count as one about the target: "nhắc gần nhất" speaks of what
    the unit was told.

    Args:
        about: the assignments it is about, all of one unit and directive, with task and directive.
    """
    active = Membership.objects.active_on(_today(now))
    unit_id = about[0].unit_id
    if unit_id == about[0].directive.office_id:
        members = active.filter(role=Role.READER, unit__in={assignment.task.reviewing_unit_id for assignment in about})
    else:
        members = active.filter(role=Role.OFFICE).exclude(user__in=active.filter(unit=unit_id).values("user"))
    people = {membership.user_id: membership for membership in members.select_related("user")}
    key = f"{kind}:{target._meta.model_name}:{target.pk}:{int(now.timestamp())}"
    tellings = [
        Telling(key=f"{key}:{user_id}", kind=kind, recipient=row.user, title=title, url=url, unit_id=row.unit_id)
        for user_id, row in people.items()
    ]
    return outbox.tell_many(tellings, now=now)


# --- by stages -----------------------------------------------------------------------------------


def stage_days(rule: NoticeRule, *, today: date, calendar: WorkCalendar) -> list[date]:
    """The due days whose stage falls on today or at most ten days back.

    Before its due day a stage counts working days; a due day on a holiday has its day of warning before the holiday.
    """
    first = today - LOOK_BACK
    offset = rule.working_days_before
    # From any day there and back again: twice the working days and a long Tết reach far enough.
    span = abs(offset) * 2 + 20
    candidates = [first + timedelta(days=days) for days in range(-span, LOOK_BACK.days + span)]
    fits = [day for day in candidates if first <= calendar.add(day, -offset) <= today]
    # A warning that a day is near makes no sense once the day is over.
    return [day for day in fits if offset < 0 or day >= today]


def due_stages(*, now: datetime) -> Iterator[Telling]:
    """Planner: every stage that is due for work still in a unit's hands, to each reporter of the unit.

    One statement a rule and two more, whatever the number of assignments.
    """
    today = _today(now)
    calendar = work_calendar()
    found: list[tuple[NoticeRule, Assignment]] = []
    overtaken: set[date] = set()
    for rule in NoticeRule.objects.filter(is_active=True).order_by("working_days_before"):
        # A stage added in the admin gets its last check too.
        kinds.register(rule.stage, rule.name, still_applies=_stages_that_apply)
        days = stage_days(rule, today=today, calendar=calendar)
        if not rule.by_mail:
            # Where a later stage has come too, its notice in the app says all; a missed mail is still sent.
            days = [day for day in days if day not in overtaken]
        overtaken |= set(days)
        found += [
            (rule, assignment)
            for assignment in _untold(rule, days)
            # What was over before the work was given is no news to anybody.
            if calendar.add(assignment.due_current, -rule.working_days_before) >= assignment.assigned_on
        ]
    people = reporters_of({assignment.unit_id for _, assignment in found}, today=today)
    for rule, assignment in found:
        for user in people.get(assignment.unit_id, []):
            yield _stage_telling(rule, assignment, user, today=today, calendar=calendar)


def _untold(rule: NoticeRule, days: list[date]) -> Any:
    """Assignments due on these days that nobody has been told about at this stage of this version of the date."""
    told = Notice.objects.filter(
        target_type=ASSIGNMENT, target_id=OuterRef("pk"), target_version=OuterRef("due_version"), kind=rule.stage
    )
    return (
        Assignment.objects.filter(REMINDED, ~Exists(told), due_current__in=days)
        .select_related("task")
        .order_by("due_current", "pk")
    )


def _stage_telling(
    rule: NoticeRule, assignment: Assignment, user: Any, *, today: date, calendar: WorkCalendar
) -> Telling:
    """What one reporter is told about one assignment at one stage."""
    return Telling(
        key=f"{rule.stage}:{assignment.pk}:{assignment.due_version}:{user.pk}",
        kind=rule.stage,
        recipient=user,
        title=f"Việc {_name(assignment)}{_until(assignment)} – "
        f"{_left(assignment.due_current, today=today, calendar=calendar)}",
        url=assignment.get_absolute_url(),
        target_type=ASSIGNMENT,
        target_id=assignment.pk,
        target_version=assignment.due_version,
        unit_id=assignment.unit_id,
        mail="daily" if rule.by_mail else None,
    )


def _left(due: date, *, today: date, calendar: WorkCalendar) -> str:
    """In words: "còn 3 ngày làm việc", "hạn hôm nay", "quá hạn 1 ngày làm việc"; as it is today, also for a stage caught up."""
    if due == today:
        return "hạn hôm nay"
    days = abs(calendar.count_between(today, due))
    return f"còn {days} ngày làm việc" if due > today else f"quá hạn {days} ngày làm việc"


# --- the last check before a mail leaves ----------------------------------------------------------


def _stages_that_apply(notices: list[Notice], *, now: datetime) -> set[int]:
    """Still the unit's work, still the same version of its date."""
    versions = dict(
        Assignment.objects.filter(REMINDED, pk__in={notice.target_id for notice in notices}).values_list(
            "pk", "due_version"
        )
    )
    return {notice.pk for notice in notices if versions.get(notice.target_id) == notice.target_version}


def _still_issued(notices: list[Notice], *, now: datetime) -> set[int]:
    """The directive is still followed, the added part still open."""
    directives = _existing(notices, Directive, Q(state=DirectiveState.ISSUED))
    assignments = _existing(notices, Assignment, Q(state__in=REMINDED_STATES, directive__state=DirectiveState.ISSUED))
    return directives | assignments


def _still_returned(notices: list[Notice], *, now: datetime) -> set[int]:
    """The section has not been sent again."""
    return _existing(notices, ProgressReport, Q(state=SectionState.RETURNED))


def _still_nudged(notices: list[Notice], *, now: datetime) -> set[int]:
    """The unit still has something to do."""
    return _existing(notices, Assignment, Q(state__in=REMINDED_STATES))


def _existing(notices: list[Notice], model: Any, condition: Q) -> set[int]:
    """The pks of the notices about rows of the model that meet the condition."""
    label = model._meta.label_lower
    targets = {notice.target_id for notice in notices if notice.target_type == label}
    if not targets:
        return set()
    fit = set(model.objects.filter(condition, pk__in=targets).values_list("pk", flat=True))
    return {notice.pk for notice in notices if notice.target_type == label and notice.target_id in fit}


for _stage, _label in (
    ("due-7", "Trước hạn 7 ngày làm việc"),
    ("due-3", "Trước hạn 3 ngày làm việc"),
    ("due-1", "Trước hạn 1 ngày làm việc"),
    ("due-0", "Đúng ngày đến hạn"),
    ("overdue-1", "Quá hạn 1 ngày làm việc"),
):
    kinds.register(_stage, _label, still_applies=_stages_that_apply)
kinds.register("issued", "Giao việc", still_applies=_still_issued)
kinds.register("returned", "Cần bổ sung", still_applies=_still_returned)
kinds.register("accepted", "Đã xác nhận")
kinds.register("extension_decided", "Trả lời gia hạn")
kinds.register("nudge", "Đôn đốc", still_applies=_still_nudged)
kinds.register("kept", "Giữ nguyên việc")
kinds.register("reopened", "Mở lại việc")
kinds.register("condition", "Quyết định điều kiện")
kinds.register("to_unit_head", "Báo cáo chờ duyệt")
kinds.register("head_returned", "Lãnh đạo đề nghị sửa")
kinds.register("report", "Báo cáo mới")
kinds.register("extension", "Xin gia hạn")
kinds.register("given_back", "Đơn vị trả lại việc")
kinds.planners.append(due_stages)
