"""Standing in for somebody: who may, naming a deputy, beginning and ending to act."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from directive_tracker.vietnamese import vn_datetime
from records import audit
from units.access import resolve_standing
from units.errors import Refused
from units.models import Deputation, Membership

# Key of the session: the person for whom the user acts.
ACTING = "acting_for"
# Days for which a person names a deputy without an administrator, first and last day included.
OWN_LONGEST_DAYS = 30
AT_ONCE = "Chưa lưu được: có người vừa lập một lần thay mặt khác cho một trong hai người. Xin xem lại."


def principals_of(user: User | AnonymousUser, today: date) -> list[Deputation]:
    """The deputations by which the user may stand in for somebody that day, with the principals loaded."""
    if not user.is_authenticated:
        return []
    return list(
        Deputation.objects.filter(deputy=user)
        .active_on(today)
        .select_related("principal")
        .order_by("principal__sort_key", "pk")
    )


def colleagues_of(user: User, today: date) -> QuerySet[User]:
    """The active people who work in one of the user's own units that day, without the user."""
    units = resolve_standing(user, today=today).own.desk_unit_ids
    rows = Membership.objects.active_on(today).filter(unit__in=units).exclude(role__in=("administrator", "registrar"))
    return User.objects.filter(pk__in=rows.values("user")).exclude(pk=user.pk).order_by("sort_key", "pk")


def span(deputation: Deputation) -> dict[str, Any]:
    """What the audit keeps of a deputation: whom, and its days."""
    return {
        "deputy": str(deputation.deputy),
        "principal": str(deputation.principal),
        "valid_from": deputation.valid_from.isoformat(),
        "valid_to": deputation.valid_to.isoformat(),
    }


def make(
    *, deputy: User, principal: User, valid_from: date, valid_to: date, reason: str, by: User, now: datetime
) -> Deputation:
    """Let one person stand in for another.

    Args:
        by: who decides it; `now`: the pages' clock.
    Errors: ValidationError with the sentences of units.models.Deputation.clean; Refused when somebody was faster.
    """
    row = Deputation(
        deputy=deputy,
        principal=principal,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        made_by=by,
        made_at=now,
    )
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
            audit.record("deputation.made", by=by, at=now, target=row, data={"to": span(row)}, reason=reason)
    except IntegrityError:
        raise Refused(AT_ONCE) from None
    return row


def make_own(
    *, deputy: User, principal: User, valid_from: date, valid_to: date, reason: str, now: datetime, today: date
) -> Deputation:
    """A person asks a colleague of the same unit to stand in, from today at the earliest and for a month at most.

    Errors: ValidationError, Refused as `make`; Refused for somebody of another unit.
    """
    if not colleagues_of(principal, today).filter(pk=deputy.pk).exists():
        raise Refused("Chỉ nhờ được người cùng đơn vị; nhờ người khác thì liên hệ quản trị hệ thống.")
    if valid_from < today:
        raise ValidationError({"valid_from": "Ngày bắt đầu không được trước hôm nay."})
    if valid_to - valid_from >= timedelta(days=OWN_LONGEST_DAYS):
        raise ValidationError(
            {"valid_to": f"Tự nhờ được nhiều nhất {OWN_LONGEST_DAYS} ngày; lâu hơn thì liên hệ quản trị hệ thống."}
        )
    return make(
        deputy=deputy,
        principal=principal,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        by=principal,
        now=now,
    )


@transaction.atomic
def end_deputation(deputation: Deputation, *, by: User, now: datetime, reason: str = "") -> bool:
    """End a deputation at this moment; False when it has ended already."""
    ended = Deputation.objects.filter(pk=deputation.pk, ended_at=None).update(ended_at=now)
    if ended:
        data = {"from": {"ended_at": None}, "to": {"ended_at": vn_datetime(now)}}
        audit.record("deputation.ended", by=by, at=now, target=deputation, data=data, reason=reason)
    return bool(ended)


def begin(request: HttpRequest, principal: User, *, now: datetime, today: date) -> Deputation:
    """Act for the principal from the next page on. Errors: Refused when the user may not."""
    row = next((row for row in principals_of(request.user, today) if row.principal_id == principal.pk), None)
    if row is None:
        raise Refused("Anh/chị không được giao thay mặt người này hôm nay.")
    end(request, now=now)
    request.session[ACTING] = principal.pk
    audit.record("deputation.acting_began", by=request.user, at=now, target=row, data={"to": str(row.principal)})
    return row


def end(request: HttpRequest, *, now: datetime) -> bool:
    """Act in one's own name from the next page on; False when the user did not act for anybody."""
    if request.session.pop(ACTING, None) is None:
        return False
    principal, request.user.acting_for = request.user.acting_for, None
    audit.record(
        "deputation.acting_ended",
        by=request.user,
        at=now,
        target=request.user,
        data={"from": str(principal)} if principal else {},
    )
    return True
