"""What a phone sends: stored once under its key, recorded at once where it can be, else it waits whole for a registrar.

Everything about one person comes one after the other: the person's row is held first, as gifts, merges and deaths hold it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from directive_tracker.vietnamese import vn_date, vn_datetime
from tasks.errors import Refused
from units.access import access_of
from veterans import gratitude
from veterans.enums import Living
from veterans.gifts import TwiceRefused
from veterans.models import Campaign, Gift, OfflineCopy, Person, PlanEntry, SentVisit, Visit
from veterans.people import day_of, locked
from veterans.village import content, copies, pictures
from veterans.village.content import Malformed, Told
from veterans.wording import line

Outcome, Why = SentVisit.Outcome, SentVisit.Why
NOT_A_STOP = "Người này không có trong kế hoạch của đoàn. Nội dung vẫn còn trên máy; hãy báo cán bộ phụ trách sổ."
NOT_SIGNED_IN = (
    "Máy gửi khi không có phiên đăng nhập của người mang theo. Người đó đăng nhập trên máy thì được ghi ngay."
)
ERASED = "Dữ liệu của người này đã được xóa theo yêu cầu; nội dung và ảnh gửi đến không được giữ."


def known(key, copy: OfflineCopy) -> SentVisit | None:
    """What has been stored under a key. Errors: Malformed when another sheet stored it."""
    row = SentVisit.objects.select_related("copy__user", "copy__delegation__plan", "person").filter(key=key).first()
    if row is not None and row.copy_id != copy.pk:
        raise Malformed(content.UNREADABLE)
    return row


@transaction.atomic
def receive(
    told: Told, copy: OfflineCopy, good: Iterable[pictures.Picture], refused: list[str], *, there: bool, now: datetime
) -> SentVisit:
    """Store one visit, and record it where it can be; the same key again answers what it became.

    Args:
        good, refused: what pictures.check said. there: whether the session that sends it is that of the copy's user.

    Errors: Malformed for somebody who is no stop of the delegation; UploadRefused when the disk is full: nothing is stored then.
    """
    before = known(told.key, copy)
    if before is not None:
        return _again(before, there=there, now=now)
    person = _followed(told.person, copy)
    sent = SentVisit(
        key=told.key,
        copy=copy,
        person=person,
        noted_at=told.noted_at or now,
        received_at=now,
        why=Why.REFUSED,
    )
    if not person.erased_at:
        content.seal(sent, told.typed | {"pictures": refused})
    try:
        with transaction.atomic():
            sent.save()
    except IntegrityError:
        # The same phone, twice at the same moment: the other one has been stored meanwhile.
        return _again(SentVisit.objects.get(key=told.key, copy=copy), there=there, now=now)
    if not person.erased_at:
        pictures.keep(sent, good, by=copy.user, now=now)
    return settle(sent, told.typed, refused, there=there, now=now)


def _again(sent: SentVisit, *, there: bool, now: datetime) -> SentVisit:
    """What it became; what only waited for its own sender to sign in is recorded once the sender is there."""
    if not (there and sent.outcome == Outcome.WAITING and sent.why == Why.ACCOUNT):
        return sent
    person = locked(sent.person)
    row = SentVisit.objects.select_for_update(of=("self",)).get(pk=sent.pk)
    if row.outcome != Outcome.WAITING or row.why != Why.ACCOUNT:
        return row
    row.person, row.copy = person, sent.copy
    typed = content.opened(row)
    return settle(row, typed, typed["pictures"], there=True, now=now)


def _followed(number: int, copy: OfflineCopy) -> Person:
    """The person, or whom the entry was merged into; held. Errors: Malformed when the plan knows nobody of the kind."""
    person = Person.objects.select_for_update().filter(pk=number).first()
    while person is not None and person.merged_into_id:
        person = Person.objects.select_for_update().get(pk=person.merged_into_id)
    if person is None or not PlanEntry.objects.filter(plan=copy.delegation.plan_id, person=person).exists():
        raise Malformed(NOT_A_STOP)
    return person


def settle(sent: SentVisit, typed: Mapping[str, Any], refused: list[str], *, there: bool, now: datetime) -> SentVisit:
    """Record it, or say why it waits. The person is held; refused: what was said of pictures that were not kept."""
    why, words = _hindrance(sent, there=there, now=now)
    if not why:
        try:
            with transaction.atomic():
                return _recorded(sent, typed, refused, now=now)
        except _Differs as difference:
            why, words = Why.DIFFERS, str(difference)
        except TwiceRefused as refusal:
            why, words = Why.TWICE, str(refusal)
        except Refused as refusal:
            why, words = Why.REFUSED, str(refusal)
        except ValidationError as error:
            dead = sent.person.is_deceased
            why, words = (Why.DECEASED if dead else Why.REFUSED), " ".join(error.messages)
    sent.outcome, sent.why, sent.why_words = Outcome.WAITING, why, _joined([words, *refused])
    sent.save()
    return sent


class _Differs(Exception):
    """Another one has written this call down with other content; the text says what differs."""


def _hindrance(sent: SentVisit, *, there: bool, now: datetime) -> tuple[str, str]:
    """Why it cannot be recorded in the sender's name, or ("", "")."""
    copy, person, user = sent.copy, sent.person, sent.copy.user
    areas = access_of(user, today=day_of(now)).area_ids if user.is_active else frozenset()
    if person.erased_at:
        return Why.GONE, ERASED
    if not user.is_active:
        return Why.ACCOUNT, f"Tài khoản của {user} đã ngừng."
    if copy.delegation.plan.area_id not in areas:
        return Why.ACCOUNT, f"{user} không còn phụ trách sổ ở địa bàn của đoàn."
    if copies.is_late(copy, now):
        return Why.LATE, f"Bản mang theo: {_ended(copy)}."
    if not there:
        return Why.ACCOUNT, NOT_SIGNED_IN
    if person.is_removed:
        return Why.GONE, f"Đã đưa khỏi danh sách ngày {vn_date(person.removed_on)}: {person.removal_reason}"
    if person.living_state == Living.MOVED or person.residence_id not in areas:
        return Why.MOVED, f"Hồ sơ nay ở {person.residence.name}{f', đến {person.moved_to}' if person.moved_to else ''}."
    return "", ""


def _ended(copy: OfflineCopy) -> str:
    if copy.ended:
        return f"{copy.get_ended_display().lower()} lúc {vn_datetime(copy.ended_at)}"
    return f"hết hạn lúc {vn_datetime(copy.expires_at)}"


def _recorded(sent: SentVisit, typed: Mapping[str, Any], refused: list[str], *, now: datetime) -> SentVisit:
    """Write it down in the sender's name. Errors: _Differs, those of record_visit; nothing is stored then."""
    user, delegation = sent.copy.user, sent.copy.delegation
    campaign = delegation.plan.campaign
    if campaign.state != Campaign.State.OPEN:
        raise Refused(f"Đợt “{campaign}” đã kết thúc.")
    values = content.values_of(typed, campaign)
    there_already = visit_on_record(sent, values["on"])
    if there_already is not None:
        differs = differences(there_already, values)
        if differs:
            raise _Differs(_by_whom(there_already) + f" Khác ở: {', '.join(differs)}.")
        sent.outcome, visit = Outcome.SAME, there_already
    else:
        visit = gratitude.record_visit(
            sent.person, unit=delegation.unit, entry=entry_of(sent), delegation=delegation, by=user, now=now, **values
        )
        sent.outcome = Outcome.RECORDED
    return finish(sent, visit, typed, refused, by=user, now=now)


def finish(
    sent: SentVisit, visit: Visit, typed: Mapping[str, Any], refused: list[str], *, by, now: datetime
) -> SentVisit:
    """Consent and pictures become the visit's, the row says so; its outcome has been set. Errors: Refused (consent)."""
    pictures.note_consent(sent.person, content.consent_of(typed), on=visit.on, by=by, now=now)
    left = pictures.hand_over(sent, visit, by=by, now=now)
    sent.visit, sent.why, sent.why_words = visit, Why.NOTHING, _joined([*refused, *left])
    sent.decided_at = now
    sent.save()
    return sent


def visit_on_record(sent: SentVisit, on) -> Visit | None:
    """The call of the same unit on the same person that day which somebody has written down."""
    found = Visit.objects.filter(person=sent.person, on=on, unit=sent.copy.delegation.unit_id)
    return found.select_related("recorded_by", "unit", "person").first()


def entry_of(sent: SentVisit) -> PlanEntry | None:
    """The place in the plan that the call carries out: that of the delegation first."""
    found = PlanEntry.objects.planned().filter(plan=sent.copy.delegation.plan_id, person=sent.person)
    rows = list(found.select_related("plan").order_by("pk"))
    return next((row for row in rows if row.delegation_id == sent.copy.delegation_id), rows[0] if rows else None)


def differences(visit: Visit, values: Mapping[str, Any]) -> list[str]:
    """In what a call on record differs from what was sent, in words; [] when they say the same."""
    on_record = {(row.source_id, row.money, row.goods) for row in visit.gifts.filter(kind=Gift.Kind.GIFT)}
    brought = {(each.source.pk, each.money, line(each.goods)) for each in values["gifts"]}
    pairs = (
        ("hình thức", visit.form, values["form"]),
        ("thăm gia đình", visit.to_family, values["to_family"]),
        ("người nhận thay", visit.received_by, line(values["received_by"])),
        ("ghi chú", visit.note, line(values["note"])),
        ("quà", on_record, brought),
    )
    return [name for name, one, other in pairs if one != other]


def _by_whom(visit: Visit) -> str:
    return f"{visit.recorded_by} đã ghi lần thăm này lúc {vn_datetime(visit.recorded_at)}."


def _joined(sentences: Iterable[str]) -> str:
    words = " ".join(each for each in sentences if each)
    return words if len(words) <= 300 else words[:299] + "…"
