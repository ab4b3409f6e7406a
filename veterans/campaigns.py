"""Occasions: which one is present, opening, changing and ending one. At most one is open; what is written belongs to that one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

from directive_tracker import vietnamese
from directive_tracker.vietnamese import ZONE, vn_date, vn_datetime
from notifications.models import Pulse
from records.audit import record
from records.models import AuditEvent
from tasks.errors import Refused
from tasks.models import DirectiveTask
from veterans import coverage
from veterans.coverage import Reach
from veterans.enums import SourceLevel
from veterans.models import Campaign, Delegation, Gift, GiftSource, Person, SentVisit
from veterans.wording import line, short_or_refuse, words_or_refuse

NONE_OPEN = "Chưa mở đợt tri ân nào. Cán bộ sổ tri ân cấp tỉnh hoặc Văn phòng mở đợt ở mục “Đợt tri ân”."
TASKS = ("review_task", "plan_task", "visit_task")
CHANGEABLE = ("name", "starts_on", "honour_day", "ends_on", "basis", *TASKS)


def open_one(*, hold: bool = False) -> Campaign:
    """The open campaign. Errors: Refused where there is none.

    Args:
        hold: it stays open until the end of the caller's transaction: ending it waits.
    """
    rows = Campaign.objects.select_for_update(no_key=True) if hold else Campaign.objects
    found = rows.current()
    if found is None:
        raise Refused(NONE_OPEN)
    return found


@transaction.atomic
def open_campaign(
    *,
    name: str,
    starts_on: date,
    honour_day: date,
    ends_on: date,
    basis: str = "",
    tasks: Mapping[str, DirectiveTask | None] | None = None,
    by,
    now: datetime,
) -> Campaign:
    """Begin an occasion, with a source for each level.

    Args:
        tasks: of TASKS, the directive's tasks the occasion carries out.

    Errors: Refused while another one is open or the name is taken; ValidationError for days out of order.
    """
    name = line(name)
    other = Campaign.objects.select_for_update().filter(state=Campaign.State.OPEN).first()
    if other is not None:
        raise Refused(f"Đợt “{other}” đang thực hiện. Hãy kết thúc đợt đó trước khi mở đợt mới.")
    found = Campaign(
        name=name,
        starts_on=starts_on,
        honour_day=honour_day,
        ends_on=ends_on,
        basis=line(basis),
        opened_by=by,
        opened_at=now,
        **{key: (tasks or {}).get(key) for key in TASKS},
    )
    found.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise Refused("Đã có một đợt mang tên này, hoặc vừa có người mở một đợt khác. Hãy tải lại trang.") from None
    for place, level in enumerate(SourceLevel):
        add_source(found, level=level, name=str(level.label), order=place, by=by, now=now)
    # The day of honour is what reminders hang on (alarms.py).
    Pulse.objects.plan_anew()
    record("registry.campaign_opened", by=by, at=now, target=found)
    return found


@transaction.atomic
def change_campaign(campaign: Campaign, *, fields: Mapping[str, Any], version: int, by, now: datetime) -> Campaign:
    """Change days, ground or tasks of the open occasion; what a field was and became stands in the log.

    Args:
        fields: of CHANGEABLE; version: the one the writer had before the eyes.

    Errors: Refused for a closed one, or one changed meanwhile, or days that leave visits outside; ValidationError.
    """
    row = _held(campaign)
    if not row.is_open:
        raise Refused("Đợt này đã kết thúc, không sửa được nữa.")
    if row.version != version:
        raise Refused(_changed_meanwhile(row))
    before = {name: _told(getattr(row, name)) for name in CHANGEABLE}
    for name in CHANGEABLE:
        if name in fields:
            value = fields[name]
            setattr(row, name, line(value) if isinstance(value, str) else value)
    row.version += 1
    row.full_clean(validate_unique=False, validate_constraints=False)
    first = row.visits.order_by("on").values_list("on", flat=True).first()
    if first is not None and first < row.starts_on:
        raise Refused(f"Đã có lần thăm ngày {vn_date(first)}; đợt không thể bắt đầu sau ngày đó.")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused("Đã có một đợt mang tên này.") from None
    after = {name: _told(getattr(row, name)) for name in CHANGEABLE}
    changed = [name for name in CHANGEABLE if before[name] != after[name]]
    if changed:
        told = {"from": {name: before[name] for name in changed}, "to": {name: after[name] for name in changed}}
        Pulse.objects.plan_anew()
        record("registry.campaign_changed", by=by, at=now, target=row, data=told)
    return row


def _changed_meanwhile(campaign: Campaign) -> str:
    """Who changed the occasion last and when, for whoever has an old page before the eyes."""
    event = AuditEvent.objects.about(campaign).select_related("actor").newest_first().first()
    if event is None:
        return "Trong lúc sửa, đợt này đã thay đổi. Hãy mở lại trang rồi sửa."
    return (
        f"Trong lúc sửa, {event.actor or 'hệ thống'} đã thay đổi đợt này lúc {vn_datetime(event.at)}."
        " Những gì đã gõ còn ở dưới; hãy mở đợt trong thẻ khác để xem rồi sửa lại."
    )


def _held(campaign: Campaign) -> Campaign:
    """The row as it stands now, held until the end of the transaction."""
    return Campaign.objects.select_for_update(of=("self",)).select_related("closed_by").get(pk=campaign.pk)


def _told(value: Any) -> Any:
    """A value as the log keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Model) else value


@dataclass(frozen=True)
class Left:
    """What is still open in an occasion."""

    not_visited: int
    promised: int
    from_phones: int
    delegations: int

    @property
    def is_something(self) -> bool:
        return any((self.not_visited, self.promised, self.from_phones, self.delegations))


def what_is_left(campaign: Campaign, *, today: date) -> Left:
    """People not reached, gifts promised, calls from phones nobody has looked at, delegations without a result."""
    waiting = [Reach.NONE, Reach.PLANNED]
    people = coverage.reached(Person.objects.verified_living(), waiting, campaign=campaign.pk, today=today)
    return Left(
        not_visited=people.count(),
        promised=Gift.objects.filter(source__campaign=campaign, state=Gift.State.PROMISED).count(),
        from_phones=SentVisit.objects.filter(
            copy__delegation__plan__campaign=campaign, outcome=SentVisit.Outcome.WAITING
        ).count(),
        delegations=Delegation.objects.filter(plan__campaign=campaign, state=Delegation.State.PLANNED).count(),
    )


@transaction.atomic
def close_campaign(campaign: Campaign, *, words: str, by, now: datetime) -> Campaign:
    """End an occasion; afterwards nothing of it is written any more.

    Errors: Refused when it has ended already, while calls from phones wait to be looked at, or when something else is
    open and nobody says why it is ended all the same.
    """
    row = _held(campaign)
    if not row.is_open:
        raise Refused(f"Đợt này đã được {row.closed_by} kết thúc ngày {vn_date(row.closed_at.astimezone(ZONE))}.")
    left = what_is_left(row, today=now.astimezone(ZONE).date())
    words = short_or_refuse(words)
    if left.from_phones:
        raise Refused("Còn lần thăm gửi từ máy chờ xem. Hãy xem hết trước: đợt đã kết thúc thì không ghi được nữa.")
    if left.is_something and not words:
        raise Refused("Vẫn còn việc chưa xong. Hãy ghi vì sao kết thúc đợt lúc này.")
    row.state, row.closed_by, row.closed_at, row.closing_words = Campaign.State.CLOSED, by, now, words
    row.version += 1
    row.save()
    record("registry.campaign_closed", by=by, at=now, target=row, reason=words)
    return row


@transaction.atomic
def reopen_campaign(campaign: Campaign, *, reason: str, by, now: datetime) -> Campaign:
    """Take an ending back. Errors: Refused without a reason, for one that is open, or while another one is."""
    reason = words_or_refuse(reason, "Hãy ghi vì sao mở lại đợt.")
    other = Campaign.objects.select_for_update().filter(state=Campaign.State.OPEN).first()
    if other is not None:
        same = other.pk == campaign.pk
        raise Refused("Đợt này đang thực hiện." if same else f"Đợt “{other}” đang thực hiện; mỗi lúc chỉ một đợt.")
    row = _held(campaign)
    row.state, row.closed_by, row.closed_at, row.closing_words = Campaign.State.OPEN, None, None, ""
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused("Vừa có người mở một đợt khác. Hãy tải lại trang.") from None
    Pulse.objects.plan_anew()
    record("registry.campaign_reopened", by=by, at=now, target=row, reason=reason)
    return row


def add_source(campaign: Campaign, *, level: str, name: str, order: int | None = None, by, now: datetime) -> GiftSource:
    """Add somebody who gives in this campaign. Errors: Refused without a name, or for one that is there already."""
    name = line(name)
    key = vietnamese.fold(name)[:120]
    if not any(sign.isalnum() for sign in key):
        raise Refused("Hãy ghi tên nguồn quà, bằng chữ.")
    if len(name) > 120:
        raise Refused(f"Tên nguồn quà dài nhất 120 ký tự; đang có {len(name)}.")
    if order is None:
        order = campaign.sources.count()
    try:
        with transaction.atomic():
            made = GiftSource.objects.create(
                campaign=campaign,
                level=SourceLevel(level),
                name=name,
                name_key=key,
                order=order,
                added_by=by,
                added_at=now,
            )
    except IntegrityError:
        raise Refused(f"Đợt này đã có nguồn “{name}”.") from None
    return made


@transaction.atomic
def add_named_source(campaign: Campaign, *, level: str, name: str, by, now: datetime) -> GiftSource:
    """Add a giver by name to the open occasion, as a page does it. Errors: as add_source; Refused for a closed one."""
    row = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not row.is_open:
        raise Refused("Đợt này đã kết thúc, không thêm nguồn được nữa.")
    made = add_source(row, level=level, name=name, by=by, now=now)
    record("registry.source_added", by=by, at=now, target=row, data={"source": made.pk})
    return made
