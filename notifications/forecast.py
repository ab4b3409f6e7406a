"""What leaves next: mails that wait, and mails that the coming morning's planning will add; any of them can be held."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from directive_tracker.vietnamese import ZONE
from notifications import kinds, outbox
from notifications.kinds import Coming
from notifications.models import Message, MessageState, Notice, Pulse, UnitAddress
from notifications.outbox import UNTOLD
from notifications.planning import daily_key
from records.audit import record
from units.calendar import work_calendar


@dataclass
class NextMail:
    """One mail of the next window; `message` is None while nothing of it is written down."""

    key: str
    kind: str
    user_id: int | None
    address_id: int | None = None
    message: Message | None = None
    titles: list[str] = field(default_factory=list)
    planned: int = 0

    @property
    def is_held(self) -> bool:
        return self.message is not None and self.message.state == MessageState.HELD

    @property
    def count(self) -> int:
        """How many things it tells."""
        return self.planned + len(self.titles)


@dataclass(frozen=True)
class Forecast:
    """When the next window opens, and what leaves then."""

    opens: datetime
    mails: list[NextMail]
    pulse: Pulse | None = None

    @property
    def all_held(self) -> bool:
        """Whether nothing leaves before the office lets everything go."""
        return self.pulse is not None and self.pulse.held_since is not None

    @property
    def leaving(self) -> int:
        return sum(1 for mail in self.mails if not mail.is_held)

    @property
    def held(self) -> int:
        return len(self.mails) - self.leaving


def forecast(*, now: datetime) -> Forecast:
    """The mails of the next opening of the sending window after `now`, by kind and key.

    Within working hours everything due is on its way, unless everything is held; the question is about the next morning
    then. The number of statements does not depend on the number of mails.
    """
    pulse = Pulse.objects.filter(pk=1).first()
    calendar = work_calendar()
    waiting = Message.objects.filter(state__in=[MessageState.PLANNED, MessageState.HELD])
    later = now
    if calendar.window_open(now):
        tomorrow = timezone.localdate(now, ZONE) + timedelta(days=1)
        later = datetime.combine(tomorrow, time.min, tzinfo=ZONE)
        if pulse is None or pulse.held_since is None:
            waiting = waiting.filter(due_at__gt=now)
    opens = calendar.next_window(later)
    waiting = waiting.filter(due_at__lte=opens)
    found: dict[str, NextMail] = {}
    for mail in waiting.defer("body").order_by("pk"):
        found[mail.key] = NextMail(mail.key, mail.kind, mail.recipient_id, mail.address_id, mail)
    by_pk = {mail.message.pk: mail for mail in found.values() if mail.message is not None}
    told = Notice.objects.filter(message__in=waiting, state__in=UNTOLD)
    for message_id, title in told.order_by("pk").values_list("message_id", "title"):
        if message_id in by_pk:
            by_pk[message_id].titles.append(title)
    day = timezone.localdate(opens, ZONE)
    coming = [item for planner in kinds.planners for item in planner.coming(now=opens)]
    places: dict[int, list[int]] = defaultdict(list)
    for pk, unit in UnitAddress.objects.filter(is_active=True).values_list("pk", "unit_id"):
        places[unit].append(pk)
    for item in coming:
        _add(found, item, day, places.get(item.unit_id or 0, []))
    return Forecast(opens, sorted(found.values(), key=lambda mail: (mail.kind, mail.key)), pulse)


def _add(found: dict[str, NextMail], item: Coming, day: date, places: list[int]) -> None:
    """Put one thing into the mail of its person, and into those of the unit's addresses, there once."""
    key, kind = (item.key, item.kind) if item.own_mail else (daily_key(item.user_id, day), kinds.DAILY)
    found.setdefault(key, NextMail(key, kind, item.user_id)).titles.append(item.title)
    for place in places:
        own = f"{item.key.removesuffix(f':{item.user_id}')}:@{place}"
        key = own if item.own_mail else daily_key(f"@{place}", day)
        mail = found.setdefault(key, NextMail(key, kind, None, place))
        if item.title not in mail.titles:
            mail.titles.append(item.title)


@transaction.atomic
def hold(keys: list[str], *, by: Any, now: datetime) -> int:
    """Keep mails of the next window back until somebody lets them go; what is planned for them later joins them.

    Args:
        keys: of mails in the forecast at this moment; others are left alone.

    Returns: how many are held now that were not.
    """
    seen = forecast(now=now)
    wanted = [mail for mail in seen.mails if mail.key in set(keys) and not mail.is_held]
    new = [mail for mail in wanted if mail.message is None]
    people = User.objects.in_bulk([mail.user_id for mail in new if mail.user_id is not None])
    day = timezone.localdate(seen.opens, ZONE)
    Message.objects.bulk_create(
        [
            Message(
                key=mail.key,
                kind=mail.kind,
                recipient=people.get(mail.user_id),
                address_id=mail.address_id,
                day=day,
                due_at=seen.opens,
                state=MessageState.HELD,
            )
            for mail in new
        ],
        ignore_conflicts=True,
    )
    found = Message.objects.filter(key__in=[mail.key for mail in wanted], state=MessageState.PLANNED)
    held = len(new) + found.update(state=MessageState.HELD)
    if held:
        record("message.held", by=by, at=now, data={"count": held})
    return held


@transaction.atomic
def release(keys: list[str], *, by: Any, now: datetime) -> int:
    """Let held mails go: they leave in the next window; one that has nothing left to say is taken back.

    Returns: how many go.
    """
    held = Message.objects.filter(key__in=keys, state=MessageState.HELD)
    pks = list(held.select_for_update().values_list("pk", flat=True))
    released = Message.objects.filter(pk__in=pks).update(state=MessageState.PLANNED)
    outbox.withdraw_empty(pks)
    if released:
        record("message.released", by=by, at=now, data={"count": released})
    return released
