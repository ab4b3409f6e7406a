"""Whom the tasks room tells what at once when somebody acts; what comes by stages stands in tasks/stages.py.

Titles are of our own making and go into mails; reasons and messages that people typed are the notice's detail and show
in the app only.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone

from directive_tracker.prepared import Prepared
from directive_tracker.vietnamese import ZONE, nfc, vn_date
from notifications import outbox, planning
from notifications.outbox import Telling
from tasks.enums import AssignmentRole, AssignmentState
from tasks.models import (
    Assignment,
    Directive,
    ExtensionRequest,
    Nudge,
    ProgressReport,
    UnitReport,
)
from units.models import Membership, Role, Unit
from units.people import people_of, reporters_of

S = AssignmentState
# More codes than this make the subject of a mail too long.
NUDGE_CODES = 10


def _today(now: datetime) -> date:
    return timezone.localdate(now, ZONE)


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
    given = _given(directive, [unit.pk for unit in units]) if assignment is None else {}
    return outbox.tell_many(
        issued_tellings(directive, units, given, now=now, assignment=assignment),
        now=now,
    )


def issued_tellings(
    directive: Directive,
    units: Iterable[Unit],
    given: Mapping[int, str],
    *,
    now: datetime,
    assignment: Assignment | None = None,
) -> list[Telling]:
    """Who is told what when a directive is issued: nothing is written, so that it can be shown before; one statement.

    Args:
        given: what each unit gets in words (`given_words`).
        assignment: as in `tell_issued`.
    """
    units = list(units)
    people = reporters_of([unit.pk for unit in units], today=_today(now))
    tellings = []
    for unit in units:
        if assignment is None:
            title, key = f"Giao việc: {directive.short_title} – {given.get(unit.pk, '')}", f"issued:{directive.pk}"
        else:
            title, key = f"Giao thêm việc {assignment.task}{_until(assignment)}", f"issued:a{assignment.pk}"
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
    return tellings


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
    return {row["unit_id"]: given_words(row) for row in rows}


def given_words(row: Mapping[str, Any]) -> str:
    """ "5 việc chủ trì, 1 việc phối hợp, hạn sớm nhất 29/02/2024" from lead, coordinating, informed and first_due."""
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
        f"Cần bổ sung báo cáo: việc {section.assignment.task}",
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
        f"Đã xác nhận hoàn thành: việc {assignment.task}" if done else f"Đã nhận báo cáo: việc {assignment.task}",
        mail=None,
        key=f"accepted:{section.pk}:{last.number if last else 0}",
        now=now,
    )


def tell_extension_decided(request: ExtensionRequest, *, by: Any, now: datetime) -> int:
    """Tell the unit the answer to its request for more time, by a mail of its own."""
    name = request.assignment.task
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
        f"Đôn đốc việc {assignment.task}{_until(assignment)}",
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


def tell_entered(report: UnitReport, *, now: datetime) -> int:
    """Tell the reporters of a unit, in the app only, that the office has entered and sent a report of theirs."""
    people = reporters_of([report.unit_id], today=_today(now)).get(report.unit_id, [])
    title = f"Văn phòng đã nhập thay báo cáo của đơn vị: {report.directive}"
    return _tell_about_report(report, people, "entered", title, report.behalf_words, now=now, mail=None)


def tell_heads_taken(report: UnitReport, *, by: Any, now: datetime) -> int:
    """Tell the heads of the unit, in the app only and but for the one who did it, that a report waits for them no more."""
    heads = people_of([report.unit_id], role=Role.UNIT_HEAD, today=_today(now)).get(report.unit_id, [])
    others = [head for head in heads if head != by]
    title = f"Báo cáo được lấy lại để sửa: {report.directive}"
    return _tell_about_report(report, others, "taken_from_head", title, "", now=now, mail=None)


def _tell_about_report(
    report: UnitReport,
    people: Iterable[Any],
    kind: str,
    title: str,
    detail: str,
    *,
    now: datetime,
    mail: str | None = "own",
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
                mail=mail,
            )
            for user in people
        ],
        now=now,
    )


def tell_office(kind: str, title: str, *, url: str, target: Any, about: list[Assignment], now: datetime) -> int:
    """Tell the people of the office, in the app only, that something waits for them.

    Nobody is asked about the work of a unit of the own; about the office's own work the readers of the unit that
    reviews it are told (Thường trực), about a part that was handed on the unit that handed it on. The notice does not count as one about the target: "nhắc gần nhất" speaks of what
    the unit was told.

    Args:
        about: the assignments it is about, all of one unit and directive, with task and directive.
    """
    parts = [assignment for assignment in about if assignment.is_part]
    about = [assignment for assignment in about if not assignment.is_part]
    if parts:
        _tell_who_handed_on(kind, title, parts, target=target, now=now)
    if not about:
        return len(parts)
    unit_id, today = about[0].unit_id, _today(now)
    obligation = f"{kind}:{target._meta.model_name}:{target.pk}:{int(now.timestamp())}"
    told = (obligation, f"{obligation}:", nfc(title)[:250], url[:200], now)
    if unit_id == about[0].directive.office_id:
        reviewers = frozenset(assignment.task.reviewing_unit_id for assignment in about)
        return planning.insert_told(*_READERS.statement(*told, key=(kind, today, reviewers)))
    return planning.insert_told(*_OFFICE.statement(unit_id, *told, key=(kind, today)))


def _office_told(kind: str, today: date, but: int, *told: Any) -> QuerySet:
    """Everybody of the office but for the people of one unit."""
    active = Membership.objects.active_on(today)
    people = active.filter(role=Role.OFFICE).exclude(user__in=active.filter(unit=but).values("user"))
    return _told(people, kind, *told)


def _readers_told(kind: str, today: date, units: frozenset[int], *told: Any) -> QuerySet:
    """The readers of these units."""
    people = Membership.objects.active_on(today).filter(role=Role.READER, unit__in=sorted(units))
    return _told(people, kind, *told)


def _told(people: QuerySet, kind: str, obligation: str, key: str, title: str, url: str, now: datetime) -> QuerySet:
    rows = people.annotate(
        told_key=planning.text(key, F("user_id")),
        told_obligation=Value(obligation),
        told_user=F("user_id"),
        told_unit=F("unit_id"),
        told_title=Value(title),
        told_url=Value(url),
    )
    return planning.told_in_app(rows, kind=kind, now=now)


_OFFICE, _READERS = Prepared(_office_told), Prepared(_readers_told)


def tell_reviewing_units(report: UnitReport, sent: Iterable[Assignment], title: str, *, now: datetime) -> int:
    """Tell the reporters of the units that review lead work in place of the office, in the app only, that something of it
    waits for them (no statement where there are none).

    Args:
        sent: what the report is about, with task and directive.
    """
    units = {
        assignment.task.reviewing_unit_id
        for assignment in sent
        if assignment.role == AssignmentRole.LEAD
        and assignment.task.reviewing_unit_id not in (assignment.directive.office_id, assignment.unit_id)
    }
    if not units:
        return 0
    people = reporters_of(units, today=_today(now))
    key, url = f"report:{report.pk}:{int(now.timestamp())}:reviews", report.get_review_url()
    tellings = [
        Telling(key=f"{key}:{unit}:{user.pk}", kind="report", recipient=user, title=title, url=url, unit_id=unit)
        for unit in sorted(units)
        for user in people.get(unit, [])
    ]
    return outbox.tell_many(tellings, now=now)


def _tell_who_handed_on(kind: str, title: str, parts: list[Assignment], *, target: Any, now: datetime) -> int:
    """Tell the reporters of the units that handed the parts on, in the app only, that something waits for them."""
    above = {part.parent_id: part.parent for part in parts}
    people = reporters_of([parent.unit_id for parent in above.values()], today=_today(now))
    key = f"{kind}:{target._meta.model_name}:{target.pk}:{int(now.timestamp())}"
    tellings = [
        Telling(
            key=f"{key}:{parent.pk}:{user.pk}",
            kind=kind,
            recipient=user,
            title=title,
            url=reverse("tasks:together", args=[parent.pk]),
            unit_id=parent.unit_id,
        )
        for parent in above.values()
        for user in people.get(parent.unit_id, [])
    ]
    return outbox.tell_many(tellings, now=now)


def tell_nudges(nudges: list[Nudge], *, now: datetime) -> int:
    """Tell the units of nudges that one person sent at one moment: each unit of everything in one notice and one mail.

    A unit chased about one piece of work is told as by `tell_nudge`. Statements do not grow with units or work.

    Args:
        nudges: with assignment, task and directive loaded, in the order in which the work shall be named.

    Returns: how many notices are new.
    """
    by_unit: dict[int, list[Nudge]] = {}
    for nudge in nudges:
        by_unit.setdefault(nudge.assignment.unit_id, []).append(nudge)
    people = reporters_of(by_unit, today=_today(now))
    tellings = []
    for unit_id, group in by_unit.items():
        first, one = group[0], len(group) == 1
        for user in people.get(unit_id, []):
            tellings.append(
                Telling(
                    key=f"{'nudge' if one else 'nudges'}:{first.pk}:{user.pk}",
                    kind="nudge" if one else "nudges",
                    recipient=user,
                    title=nudge_title([nudge.assignment for nudge in group]),
                    detail=first.message,
                    url=first.assignment.get_absolute_url()
                    if one
                    else f"{reverse('tasks:unit_home')}?don-vi={unit_id}",
                    target=first.assignment if one else first,
                    unit_id=unit_id,
                    mail="own",
                )
            )
    return outbox.tell_many(tellings, now=now)


def nudge_title(assignments: list[Assignment]) -> str:
    """What a unit reads first, and the subject of its mail: the work and the earliest day, no typed words."""
    if len(assignments) == 1:
        return f"Đôn đốc việc {assignments[0].task}{_until(assignments[0])}"
    codes = [assignment.task.code for assignment in assignments]
    named = ", ".join(codes[:NUDGE_CODES]) + (", …" if len(codes) > NUDGE_CODES else "")
    days = [assignment.due_current for assignment in assignments if assignment.due_current]
    return f"Đôn đốc {len(codes)} việc: {named}" + (f", hạn sớm nhất {vn_date(min(days))}" if days else "")


def tell_due_moved(assignments: list[Assignment], *, reason: str, now: datetime) -> int:
    """Tell the units, in the app only, that days of theirs moved with the working calendar: each unit in one notice.

    Work outside the figures is silent. The first reminder of the new day says the day by mail.

    Args:
        assignments: with task and directive loaded, in the order in which the work shall be named.
        reason: what changed in the calendar.

    Returns: how many notices are new.
    """
    by_unit: dict[int, list[Assignment]] = {}
    for assignment in assignments:
        if assignment.is_open:
            by_unit.setdefault(assignment.unit_id, []).append(assignment)
    people = reporters_of(by_unit, today=_today(now))
    tellings = []
    for unit_id, group in by_unit.items():
        first, one = group[0], len(group) == 1
        for user in people.get(unit_id, []):
            tellings.append(
                Telling(
                    key=f"due_moved:{first.pk}:{first.due_version}:{user.pk}",
                    kind="due_moved",
                    recipient=user,
                    title=_moved_title(group),
                    detail=reason[:1000],
                    url=first.get_absolute_url() if one else f"{reverse('tasks:unit_home')}?don-vi={unit_id}",
                    target=first if one else None,
                    unit_id=unit_id,
                )
            )
    return outbox.tell_many(tellings, now=now)


def _moved_title(assignments: list[Assignment]) -> str:
    if len(assignments) == 1:
        (one,) = assignments
        return f"Hạn việc {one.task} chuyển sang {vn_date(one.due_current)} theo lịch làm việc"
    codes = [assignment.task.code for assignment in assignments]
    named = ", ".join(codes[:NUDGE_CODES]) + (", …" if len(codes) > NUDGE_CODES else "")
    return f"Hạn của {len(codes)} việc chuyển theo lịch làm việc: {named}"
