"""Somebody leaves: access ends at this moment, everything that was done stays.

What later rooms have to do (mails that were planned) they hang on `steps` in AppConfig.ready().
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import AccountLink, HeldForm, Session, TrustedDevice, User
from records import audit
from units.deputies import end_deputation
from units.errors import Refused
from units.models import Deputation, Membership, Role


@dataclass(frozen=True)
class Step:
    """What a later room does when somebody leaves.

    label: Vietnamese words behind the number, for the preview; count: how many rows it would touch; act: does it.
    """

    label: str
    count: Callable[[User], int]
    act: Callable[[User], int]


steps: list[Step] = []


@dataclass(frozen=True)
class Preview:
    """What would end, in numbers and words, and what to look after."""

    memberships: list[Membership]
    deputations: list[Deputation]
    sessions: int
    devices: int
    links: int
    others: list[tuple[str, int]]
    without_reporter: list[str]


def _standing_roles(user: User, today: date) -> list[Membership]:
    """The roles that have not ended before today, those yet to begin among them."""
    rows = user.memberships.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    return list(rows.select_related("unit", "area").order_by("role", "pk"))


def _standing_deputations(user: User, today: date) -> list[Deputation]:
    rows = Deputation.objects.filter(Q(deputy=user) | Q(principal=user), ended_at=None, valid_to__gte=today)
    return list(rows.select_related("deputy", "principal").order_by("pk"))


def _open_links(user: User) -> Any:
    return AccountLink.objects.filter(user=user, used_at=None, ended_at=None)


def preview(user: User, today: date) -> Preview:
    """What `leave` would end, and the units that would be left without a reporter."""
    roles = _standing_roles(user, today)
    reported = {row.unit_id: row.unit.short_name for row in roles if row.role == Role.REPORTER and row.unit}
    others = Membership.objects.active_on(today).filter(role=Role.REPORTER, unit__in=reported).exclude(user=user)
    kept = set(others.values_list("unit_id", flat=True))
    return Preview(
        memberships=roles,
        deputations=_standing_deputations(user, today),
        sessions=Session.objects.filter(user=user).count(),
        devices=TrustedDevice.objects.filter(user=user, revoked_at=None).count(),
        links=_open_links(user).count(),
        others=[(step.label, step.count(user)) for step in steps],
        without_reporter=sorted(name for pk, name in reported.items() if pk not in kept),
    )


def refusal(user: User, *, by: User, today: date) -> str:
    """Why this person cannot be let go by that one; "" when nothing is against it."""
    if user.pk == by.pk:
        return "Không ai tự cho mình thôi việc; xin nhờ một quản trị hệ thống khác."
    if not user.is_active:
        return "Tài khoản này đã khóa."
    administrators = Membership.objects.active_on(today).filter(role=Role.ADMINISTRATOR)
    if administrators.filter(user=user).exists() and not administrators.exclude(user=user).exists():
        return "Đây là quản trị hệ thống duy nhất; hãy giao vai trò ấy cho người khác trước."
    return ""


@transaction.atomic
def leave(user: User, *, by: User, now: datetime, today: date, reason: str) -> Preview:
    """Let a person go: the account is closed, roles and deputations end today, sessions, devices, links and planned
    mails at once. Roles that had not begun are taken away; everything else stays as history.

    Args:
        by: the administrator; now, today: the pages' clock; reason: why, kept in the audit.
    Returns: what has ended. Errors: Refused with a sentence.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    against = refusal(user, by=by, today=today)
    if against:
        raise Refused(against)
    if not reason.strip():
        raise Refused("Xin ghi lý do: số quyết định hoặc nơi chuyển đến.")
    ended, real_now = preview(user, today), timezone.now()
    User.objects.filter(pk=user.pk).update(is_active=False)
    for row in ended.memberships:
        if row.valid_from > today:
            row.delete()
        else:
            Membership.objects.filter(pk=row.pk).update(valid_to=today, is_contact=False)
    for deputation in ended.deputations:
        end_deputation(deputation, by=by, now=now, reason=reason)
    TrustedDevice.objects.filter(user=user, revoked_at=None).update(revoked_at=real_now)
    _open_links(user).update(ended_at=real_now)
    HeldForm.objects.filter(user=user).delete()
    for step in steps:
        step.act(user)
    Session.objects.filter(user=user).delete()
    audit.record(
        "account.left",
        by=by,
        at=now,
        target=user,
        data={"from": [_words(row) for row in ended.memberships], "to": today.isoformat()},
        reason=reason,
    )
    return ended


def _words(row: Membership) -> str:
    """One role for the audit: "Cán bộ đầu mối – Huyện ủy Đắk Hà, từ trước tới nay"."""
    return f"{row.get_role_display()} – {row.unit or row.area}, {row.days()}"
