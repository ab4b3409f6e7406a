"""Whom working together tells what: parts, contributions, released papers, work that waits on nobody."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date
from notifications import outbox
from notifications.outbox import Telling
from tasks import reminders
from tasks.enums import OUTSIDE_STATES, AssignmentRole
from tasks.models import Assignment, ContributionRequest, ProductRelease, ReleaseRecipient
from units.models import Membership, Role
from units.people import reporters_of


def tell_given(part: Assignment, *, now: datetime) -> int:
    """Tell the unit what it was given a part of, by whom and until when; the words show in the app only."""
    until = f", hạn {vn_date(part.due_current)}" if part.due_current else ""
    return reminders.tell_unit(
        part,
        "issued",
        f"{part.parent.unit.short_name} giao: việc {part.task}{until}",
        detail=part.part_words,
        key=f"issued:a{part.pk}:{part.due_version}",
        now=now,
    )


def tell_office_across(assignment: Assignment, parts: list[Assignment], *, now: datetime) -> int:
    """Tell the office, in the app only, that work went to units that are not below the one that had it."""
    names = ", ".join(part.unit.short_name for part in parts)
    return reminders.tell_office(
        "handed_across",
        f"{assignment.unit.short_name} giao phần việc {assignment.task.code} cho đơn vị không trực thuộc: {names}"[
            :300
        ],
        url=assignment.get_absolute_url(),
        target=assignment,
        about=[assignment],
        now=now,
    )


def tell_parts_left(assignment: Assignment, *, now: datetime) -> int:
    """Tell a unit whose work has ended that parts it handed on are still open; silent where there are none."""
    left = assignment.parts.filter(role=AssignmentRole.PART).open().count()
    if not left:
        return 0
    return reminders.tell_unit(
        assignment,
        "parts_left",
        f"Việc {assignment.task} đã kết thúc, còn {left} phần đã giao lại chưa xong",
        url=reverse("tasks:together", args=[assignment.pk]),
        mail=None,
        now=now,
    )


def tell_asked(request: ContributionRequest, *, now: datetime) -> int:
    """Tell a unit that its contribution is asked for: in the app with the words, and once by mail as a nudge is."""
    by_when = f", trước ngày {vn_date(request.wanted_by)}" if request.wanted_by else ""
    return reminders.tell_unit(
        request.assignment,
        "contribution_asked",
        f"{request.asking.unit.short_name} đề nghị góp cho việc {request.assignment.task}{by_when}",
        detail=request.words,
        key=f"contribution_asked:{request.pk}",
        now=now,
    )


def tell_contributed(sent: Iterable[Assignment], *, now: datetime) -> int:
    """Tell the leads, in the app only, that units that coordinate their work have sent something for it (two
    statements, none where nothing of that kind was sent).

    Args:
        sent: what a unit has reported on, with task and unit.
    """
    given = {assignment.task_id: assignment for assignment in sent if assignment.role == AssignmentRole.COORDINATING}
    if not given:
        return 0
    leads = list(
        Assignment.objects.filter(task__in=given, role=AssignmentRole.LEAD)
        .exclude(state__in=OUTSIDE_STATES)
        .order_by("pk")
    )
    people = reporters_of({lead.unit_id for lead in leads}, today=timezone.localdate(now, ZONE))
    tellings = []
    for lead in leads:
        assignment = given[lead.task_id]
        tellings += [
            Telling(
                key=f"contributed:{assignment.pk}:{lead.pk}:{int(now.timestamp())}:{user.pk}",
                kind="contributed",
                recipient=user,
                title=f"{assignment.unit.short_name} đã góp cho việc {assignment.task}",
                url=reverse("tasks:together", args=[lead.pk]),
                unit_id=lead.unit_id,
            )
            for user in people.get(lead.unit_id, [])
        ]
    return outbox.tell_many(tellings, now=now)


def tell_withdrawn(release: ProductRelease, *, now: datetime) -> int:
    """Tell everybody it was handed to that a paper no longer holds, by a mail of its own; the reason shows in the app."""
    rows = list(release.recipients.order_by("pk"))
    people = reporters_of([row.unit_id for row in rows], today=timezone.localdate(now, ZONE))
    sender = release.delivery.assignment.unit.short_name
    tellings = [
        Telling(
            key=f"release_withdrawn:{row.pk}:{int(now.timestamp())}:{user.pk}",
            kind="release_withdrawn",
            recipient=user,
            title=f"Thu hồi văn bản đã gửi: {release.delivery.product.name} của {sender}",
            detail=release.withdrawal_reason,
            url=release.get_absolute_url(),
            target=row,
            unit_id=row.unit_id,
            mail="own",
        )
        for row in rows
        for user in people.get(row.unit_id, [])
    ]
    return outbox.tell_many(tellings, now=now)


def tell_released(rows: Iterable[ReleaseRecipient], *, now: datetime, again: bool = False) -> int:
    """Tell the recipients' reporters that a paper is there for their unit; the words show in the app only.

    Args:
        again: they have not opened it and are reminded.
    """
    rows = list(rows)
    people = reporters_of([row.unit_id for row in rows], today=timezone.localdate(now, ZONE))
    kind = "release_unopened" if again else "released"
    tellings = []
    for row in rows:
        release = row.release
        sender = release.delivery.assignment.unit.short_name
        title = f"{'Chưa mở văn bản' if again else 'Văn bản được gửi'}: {release.delivery.product.name} của {sender}"
        mark = f":{timezone.localdate(now, ZONE).isoformat()}" if again else ""
        tellings += [
            Telling(
                key=f"{kind}:{row.pk}{mark}:{user.pk}",
                kind=kind,
                recipient=user,
                title=title,
                detail=release.words,
                url=release.get_absolute_url(),
                target=row,
                unit_id=row.unit_id,
                mail="own",
            )
            for user in people.get(row.unit_id, [])
        ]
    return outbox.tell_many(tellings, now=now)


def tell_office_idle(count: int, *, key: str, now: datetime) -> int:
    """Tell everybody of the office, in the app only, that work was found that waits on nobody."""
    members = (
        Membership.objects.active_on(timezone.localdate(now, ZONE)).filter(role=Role.OFFICE).select_related("user")
    )
    people: dict[int, Any] = {row.user_id: row for row in members}
    tellings = [
        Telling(
            key=f"idle_work:{key}:{user_id}",
            kind="idle_work",
            recipient=row.user,
            title=f"Có {count} việc mới không ai đang làm",
            url=reverse("tasks:idle_work"),
            unit_id=row.unit_id,
        )
        for user_id, row in people.items()
    ]
    return outbox.tell_many(tellings, now=now)
