"""Keys for other programs: made, shown once, taken over, taken back, and recognised at the door.

`now` is real time, by which keys end; `at` the pages' clock, which dates the log; `today` the day whose roles count.
"""

import hashlib
import hmac
import secrets
import string
import zlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from directive_tracker.vietnamese import vn_datetime
from records.audit import record
from units.access import Access, Standing, remember, resolve_in_unit, resolve_standing
from units.errors import Refused
from units.models import ApiToken, Scope, Unit
from units.roles import Role

PREFIX = "dt_"
_LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
# 43 letters of 62 are 256 bits; the six behind them let a scanner of sources tell a key from other words.
_BODY, _CHECK = 43, 6
LENGTH = len(PREFIX) + _BODY + _CHECK
SHOWN = 8
# Days a key may live; a year at most, so that nothing is forgotten for ever.
LIVES = (30, 90, 180, 365)
# Keys one person may hold at the same time.
MOST = 20
# Roles that open anything at the interface; the others neither give a key nor end one.
ROLES = (Role.OFFICE, Role.READER, Role.REPORTER, Role.UNIT_HEAD)
USED_AGAIN = timedelta(minutes=1)
TOLD_AGAIN = timedelta(days=1)


class Bearer(NamedTuple):
    """Who asks: the key, its holder with the rights of the key put on, and these rights."""

    token: ApiToken
    user: User
    access: Access


class TokenRefused(Exception):
    """The key opens nothing; str() is the sentence, `reason` one word for programs."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


UNKNOWN = "Mã truy cập không đúng. Có thể chép thiếu, hoặc không phải mã của hệ thống này."


# --- the secret -----------------------------------------------------------------------------------------------------------


def _check_letters(body: str) -> str:
    number, letters = zlib.crc32(body.encode()), ""
    for _ in range(_CHECK):
        number, rest = divmod(number, len(_LETTERS))
        letters = _LETTERS[rest] + letters
    return letters


def new_secret() -> str:
    """ "dt_" and 49 letters, the last six of which follow from the others."""
    body = "".join(secrets.choice(_LETTERS) for _ in range(_BODY))
    return f"{PREFIX}{body}{_check_letters(body)}"


def is_wellformed(text: str) -> bool:
    """Whether it can be a key at all; what cannot is never looked up."""
    body = text[len(PREFIX) : -_CHECK]
    return (
        len(text) == LENGTH
        and text.startswith(PREFIX)
        and text.isascii()
        and text[len(PREFIX) :].isalnum()
        and hmac.compare_digest(text[-_CHECK:], _check_letters(body))
    )


def hash_of(secret: str) -> str:
    """What is stored of a secret. It is random and long, so nothing has to be slow about it."""
    return hashlib.sha256(secret.encode()).hexdigest()


# --- who may have one -----------------------------------------------------------------------------------------------------


def may_have(user: Any, access: Access) -> bool:
    """Whoever has something to ask for; nobody in another person's name."""
    return (access.works_for_a_unit or access.sees_all_assignments) and getattr(user, "acting_for", None) is None


def units_of(access: Access) -> list[Unit]:
    """The units a person may hold a key of: those the person reports for or heads."""
    return list(Unit.objects.filter(pk__in=access.reporter_unit_ids | access.head_unit_ids).in_official_order())


def _standing(user: User, unit_id: int | None, today: date) -> Standing:
    if unit_id is None:
        return resolve_standing(user, today=today)
    return resolve_in_unit(user, unit_id, today=today)


def _stamp(standing: Standing) -> list[str]:
    """The roles that open something, each with its unit: "reporter:unit:5"."""
    return sorted(word for word in standing.stamp if word.partition(":")[0] in ROLES)


# --- made, taken over, taken back -------------------------------------------------------------------------------------------


@sensitive_variables("secret")
@transaction.atomic
def make(
    user: User,
    *,
    name: str,
    unit: Unit | None,
    scopes: Iterable[str],
    days: int,
    now: datetime,
    at: datetime,
    today: date,
) -> tuple[ApiToken, str]:
    """A new key of the person, for everything or for one of the person's units.

    Returns: the row, and the key, which cannot be shown again.
    Errors: Refused: no role for it, too many keys, no scope, a life that is not offered.
    """
    wanted = set(scopes)
    if not wanted or not wanted <= set(Scope.values):
        raise Refused("Hãy chọn ít nhất một việc mà mã được làm.")
    if days not in LIVES:
        raise Refused(f"Thời hạn của mã là một trong: {', '.join(map(str, LIVES))} ngày.")
    # Two pages at once: the second counts what the first has made.
    User.objects.select_for_update().get(pk=user.pk)
    stamp = _stamp(_standing(user, unit.pk if unit else None, today))
    if not stamp:
        raise Refused("Anh/chị không có vai trò ở đơn vị này nên không tạo được mã.")
    if ApiToken.objects.alive().filter(holder=user, expires_at__gt=now).count() >= MOST:
        raise Refused(f"Mỗi người giữ nhiều nhất {MOST} mã còn hiệu lực. Xin hủy mã không dùng nữa rồi tạo lại.")
    secret = new_secret()
    token = ApiToken.objects.create(
        holder=user,
        unit=unit,
        name=name,
        token_hash=hash_of(secret),
        first_letters=secret[:SHOWN],
        stamp=stamp,
        made_by=user,
        made_at=now,
        expires_at=now + timedelta(days=days),
        **{f"may_{scope}": scope in wanted for scope in Scope.values},
    )
    data = {
        "units": unit.short_name if unit else "",
        "scopes": sorted(wanted),
        "expires_on": timezone.localdate(token.expires_at).isoformat(),
    }
    record("api_token.made", by=user, at=at, target=token, data=data)
    return token, secret


@transaction.atomic
def revoke(token: ApiToken, *, by: User, now: datetime, at: datetime) -> bool:
    """Take a key back, at once and for ever; False where it was taken back before."""
    if not ApiToken.objects.alive().filter(pk=token.pk).update(revoked_at=now, revoked_by=by):
        return False
    record("api_token.revoked", by=by, at=at, target=token)
    return True


@transaction.atomic
def take_over(token: ApiToken, *, by: User, now: datetime, at: datetime, today: date) -> None:
    """Hold a unit's key from now on: what the program does is done in this person's name.

    Errors: Refused: not a unit's key, taken back or expired, one's own already, or no role in the unit.
    """
    token = ApiToken.objects.select_for_update(of=("self",)).select_related("holder", "unit").get(pk=token.pk)
    if token.unit is None:
        raise Refused("Mã của cá nhân không nhận giữ thay được.")
    if token.revoked_at is not None or token.expires_at <= now:
        raise Refused("Mã đã hủy hoặc hết hạn, không nhận giữ được. Xin tạo mã mới.")
    stamp = _stamp(resolve_in_unit(by, token.unit_id, today=today))
    if not stamp:
        raise Refused(f"Anh/chị không phải cán bộ đầu mối hay lãnh đạo của {token.unit.short_name}.")
    if token.holder_id == by.pk and token.stamp == stamp:
        raise Refused("Anh/chị đang giữ mã này rồi.")
    data = {"from": str(token.holder), "to": str(by)}
    token.holder, token.stamp, token.refused_at = by, stamp, None
    token.save(update_fields=["holder", "stamp", "refused_at"])
    record("api_token.taken_over", by=by, at=at, target=token, data=data)


# --- at the door ------------------------------------------------------------------------------------------------------------


@sensitive_variables("secret")
def recognise(secret: str, *, now: datetime, at: datetime, today: date) -> Bearer:
    """Who comes with this key: two statements, one more where its last use has to be noted.

    Errors: TokenRefused, in words why.
    """
    found = None
    if is_wellformed(secret):
        wanted = hash_of(secret)
        found = ApiToken.objects.select_related("holder", "unit").filter(token_hash=wanted).first()
    if found is None or not hmac.compare_digest(found.token_hash, wanted):
        raise TokenRefused("unknown", UNKNOWN)
    standing = _standing(found.holder, found.unit_id, today)
    refusal = _refusal(found, _stamp(standing), now)
    if refusal is not None:
        _note_refused(found, refusal, now=now, at=at)
        raise refusal
    user = found.holder
    user.api_token = found
    remember(user, standing.own, today=today)
    if found.last_used_at is None or now - found.last_used_at >= USED_AGAIN:
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return Bearer(found, user, standing.own)


def _refusal(token: ApiToken, stamp: list[str], now: datetime) -> TokenRefused | None:
    if token.revoked_at is not None:
        return TokenRefused("revoked", f"Mã truy cập đã bị hủy lúc {vn_datetime(token.revoked_at)}.")
    if token.expires_at <= now:
        return TokenRefused(
            "expired", f"Mã truy cập đã hết hạn lúc {vn_datetime(token.expires_at)}. Xin tạo mã mới trên trang."
        )
    if not token.holder.is_active:
        return TokenRefused("holder-deactivated", "Tài khoản của người giữ mã đã khóa.")
    if not stamp:
        where = f" ở {token.unit.short_name}" if token.unit else ""
        return TokenRefused("membership-ended", f"Người giữ mã không còn vai trò{where}.{_way_out(token)}")
    if stamp != token.stamp:
        return TokenRefused("role-changed", f"Vai trò của người giữ mã đã đổi từ khi tạo mã.{_way_out(token)}")
    return None


def _way_out(token: ApiToken) -> str:
    return " Người của đơn vị vào trang “Mã truy cập API” để nhận giữ." if token.unit else " Xin tạo mã mới trên trang."


def _note_refused(token: ApiToken, refusal: TokenRefused, *, now: datetime, at: datetime) -> None:
    """Write down that a known key was turned away; a program that goes on asking is noted once a day."""
    due = Q(refused_at__isnull=True) | Q(refused_at__lt=now - TOLD_AGAIN)
    with transaction.atomic():
        if ApiToken.objects.filter(due, pk=token.pk).update(refused_at=now):
            record("api_token.refused", by=None, at=at, target=token, reason=str(refusal))
