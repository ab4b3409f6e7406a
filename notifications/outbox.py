"""Writing down what has to be told, and taking it back: one obligation is one row, whatever happens twice.

Mail leaves later (notifications/rounds.py); what is told in the app only is told by the row itself.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from directive_tracker import vietnamese
from directive_tracker.vietnamese import ZONE
from directive_tracker.workdays import WorkCalendar
from notifications import bell, kinds, planning
from notifications.models import Message, MessageState, Notice, NoticeState, UnitAddress
from units.calendar import work_calendar

CHUNK = 500
UNTOLD = (NoticeState.PLANNED, NoticeState.HELD)


@dataclass(frozen=True)
class Telling:
    """What one person has to be told; `outbox.tell` says what each part means."""

    key: str
    kind: str
    recipient: Any
    title: str
    url: str = ""
    detail: str = ""
    target: models.Model | None = None
    target_type: str = ""
    target_id: int | None = None
    target_version: int = 0
    unit_id: int | None = None
    mail: Literal["own", "daily"] | None = None
    # A mail of its own may be told now and leave later.
    not_before: datetime | None = None
    # The key of another notice's own mail, in which this one stands as well: one event is one mail.
    joins: str = ""

    @property
    def obligation(self) -> str:
        """The key without the person it ends with."""
        return self.key.removesuffix(f":{self.recipient.pk}")[:200]

    @property
    def message_key(self) -> str:
        """The key of the mail of its own, or of the one it joins; it begins with the kind."""
        if self.joins:
            return self.joins[:200]
        return (self.key if self.key.startswith(f"{self.kind}:") else f"{self.kind}:{self.key}")[:200]


def tell(
    *,
    key: str,
    kind: str,
    recipient: Any,
    title: str,
    now: datetime,
    url: str = "",
    detail: str = "",
    target: models.Model | None = None,
    target_version: int = 0,
    unit: models.Model | None = None,
    mail: Literal["own", "daily"] | None = None,
) -> Notice | None:
    """Write down that one person has to be told one thing; a key told before changes nothing.

    Args:
        key: names the obligation (what, version of its due date, stage, person).
        kind: as registered in notifications/kinds.py.
        recipient: the user; an inactive one is told nothing.
        title: one line for the list and the mail. Words that people typed belong into `detail`,
            which is shown in the app and never mailed.
        now: the moment of the pages' clock.
        url: path of the page that belongs to it.
        target, target_version: the row it is about and the version of its due date; version 0 says that the notice
            does not depend on the date, so that a moved date leaves it alone.
        unit: in which unit's name the person is told; whoever has left it before the mail leaves gets none.
        mail: None, in the app only; "own", a mail of its own; "daily", part of the person's one mail of the day.

    Returns: the new notice, or None when it had been told before or the recipient is not active.
    """
    telling = Telling(
        key=key,
        kind=kind,
        recipient=recipient,
        title=title,
        url=url,
        detail=detail,
        target=target,
        target_version=target_version,
        unit_id=unit.pk if unit is not None else None,
        mail=mail,
    )
    return Notice.objects.filter(key=key).first() if tell_many([telling], now=now) else None


def tell_many(tellings: Iterable[Telling], *, now: datetime) -> int:
    """Write down many things at once, in a number of statements that does not grow with them (per 500).

    Returns: how many are new. Errors: none of its own; everything belongs to the caller's transaction.
    """
    wanted = {telling.key: telling for telling in tellings if telling.recipient.is_active}
    if not wanted:
        return 0
    calendar = work_calendar()
    items, told = list(wanted.values()), 0
    for start in range(0, len(items), CHUNK):
        told += _tell_chunk(items[start : start + CHUNK], calendar=calendar, now=now)
    return told


@transaction.atomic
def _tell_chunk(items: list[Telling], *, calendar: WorkCalendar, now: datetime) -> int:
    """Up to 500 tellings with their mails in one transaction."""
    known = set(Notice.objects.filter(key__in=[item.key for item in items]).values_list("key", flat=True))
    new = [item for item in items if item.key not in known]
    if not new:
        return 0
    mails = _own_mails([item for item in new if item.mail == "own"], calendar=calendar, now=now)
    # Two processes may tell the same at the same moment: the second one's row is ignored.
    Notice.objects.bulk_create([_notice(item, mails.get(item.key), now) for item in new], ignore_conflicts=True)
    _copy_to_addresses([item for item in new if item.mail == "own"], calendar=calendar, now=now)
    if any(item.mail == "daily" for item in new):
        planning.join_daily_mails(now=now)
    if any(mail.due_at <= now for mail in mails.values()):
        bell.ring_after_commit()
    return len(new)


def _notice(item: Telling, mail: Message | None, now: datetime) -> Notice:
    """The row of one telling; without a mail it is told by standing there. A daily one joins its mail afterwards."""
    return Notice(
        key=item.key,
        kind=item.kind,
        recipient=item.recipient,
        unit_id=item.unit_id,
        obligation=item.obligation,
        target_type=item.target._meta.label_lower if item.target is not None else item.target_type,
        target_id=item.target.pk if item.target is not None else item.target_id,
        target_version=item.target_version,
        title=vietnamese.nfc(item.title)[:250],
        detail=vietnamese.nfc(item.detail)[:1000],
        url=item.url[:200],
        due_at=now,
        state=NoticeState.PLANNED if item.mail else NoticeState.SENT,
        message=mail,
        planned_at=now,
        sent_at=None if item.mail else now,
    )


def _copy_to_addresses(items: list[Telling], *, calendar: WorkCalendar, now: datetime) -> None:
    """Tell the units' own addresses, each thing once, what their people are told by mails of their own; what goes into the
    mail of the day is copied where it joins that (notifications/planning.py)."""
    told = {(item.unit_id, item.obligation): item for item in items if item.unit_id is not None}
    places = addresses_of(unit for unit, _ in told) if told else {}
    copies, mails = [], []
    opens = calendar.next_window(now)
    for (unit, obligation), item in told.items():
        for place in places.get(unit, ()):
            copy = _notice(item, None, now)
            copy.key, copy.recipient, copy.address, copy.detail = f"{obligation}:@{place.pk}"[:200], None, place, ""
            copies.append(copy)
            mail = _message(copy.key, item.kind, None, opens, subject=item.title)
            mail.address = place
            mails.append(mail)
    if not copies:
        return
    made = _make(mails)
    for copy in copies:
        copy.message = made[copy.key]
    Notice.objects.bulk_create(copies, ignore_conflicts=True)


def _own_mails(items: list[Telling], *, calendar: WorkCalendar, now: datetime) -> dict[str, Message]:
    """Telling key → its own mail, due at the next moment at which mail may leave."""
    if not items:
        return {}
    rows = []
    for item in items:
        due_at = leaves_at(item, calendar=calendar, now=now)
        rows.append(_message(item.message_key, item.kind, item.recipient, due_at, subject=item.title))
    made = _make(rows)
    return {item.key: made[item.message_key] for item in items}


def leaves_at(item: Telling, *, calendar: WorkCalendar, now: datetime) -> datetime:
    """From when on the mail of its own of something told at `now` may leave."""
    if item.kind in kinds.any_hour_codes():
        return now
    return calendar.next_window(max(now, item.not_before or now))


def addresses_of(unit_ids: Iterable[int]) -> dict[int, list[UnitAddress]]:
    """Unit → its own addresses that get what its people are told by mail; one statement."""
    places: dict[int, list[UnitAddress]] = defaultdict(list)
    for place in UnitAddress.objects.filter(unit__in=set(unit_ids), is_active=True):
        places[place.unit_id].append(place)
    return places


def _message(key: str, kind: str, recipient: Any, due_at: datetime, *, subject: str = "") -> Message:
    """A mail not yet in the database; its subject is written anew when it leaves."""
    day = timezone.localdate(due_at, ZONE)
    return Message(key=key, kind=kind, recipient=recipient, day=day, due_at=due_at, subject=subject[:200])


def _make(rows: list[Message]) -> dict[str, Message]:
    """Insert the mails that are not there; return all of them by key, locked until the transaction ends."""
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    # The lock keeps a round from taking a mail while notices join it.
    stored = Message.objects.select_for_update().filter(key__in=[row.key for row in rows])
    return {mail.key: mail for mail in stored}


@transaction.atomic
def supersede(
    target: models.Model,
    *,
    version_below: int | None = None,
    kinds: Iterable[str] | None = None,
    now: datetime,
) -> int:
    """Take back what was planned about a row and has not left; a mail left with nothing to say is taken back too.

    What was told already is history and stays.

    Args:
        target: the row the notices are about.
        version_below: only notices of an earlier version of its due date (a moved date); those that do not depend
            on the date (version 0) stay.
        kinds: only these kinds.
        now: the moment of the pages' clock.

    Returns: how many notices were taken back.
    """
    planned = Notice.objects.about(target).order_by().filter(state__in=UNTOLD)
    if version_below is not None:
        planned = planned.filter(target_version__gte=1, target_version__lt=version_below)
    if kinds is not None:
        planned = planned.filter(kind__in=list(kinds))
    return _take_back(planned)


def supersede_all(rows: Iterable[models.QuerySet]) -> int:
    """Take back whatever was planned about any of these rows and has not left; how many notices. Three statements for each
    kind of row that has some, one for each other."""
    taken_back = 0
    for wanted in rows:
        about = Notice.objects.order_by().filter(
            target_type=wanted.model._meta.label_lower,
            target_id__in=wanted.order_by().values("pk"),
            state__in=UNTOLD,
        )
        with transaction.atomic():
            taken_back += _take_back(about)
    return taken_back


def _take_back(planned: models.QuerySet) -> int:
    """Supersede these notices and the mails that have nothing left to say."""
    mails = list(planned.order_by().values_list("message_id", flat=True).distinct())
    if not mails:
        return 0
    # Lock the mails first: whoever adds a notice to one of them comes before or after us.
    list(Message.objects.select_for_update().filter(pk__in=mails).values_list("pk"))
    taken_back = planned.update(state=NoticeState.SUPERSEDED)
    withdraw_empty(mails)
    return taken_back


def withdraw_empty(message_ids: Iterable[int | None]) -> int:
    """Take back those of the mails that wait and have nothing left to say."""
    left = Notice.objects.filter(message=OuterRef("pk"), state__in=UNTOLD)
    return (
        Message.objects.filter(
            pk__in=[pk for pk in message_ids if pk], state__in=[MessageState.PLANNED, MessageState.HELD]
        )
        .exclude(Exists(left))
        .update(state=MessageState.SUPERSEDED)
    )


def waiting_for(user: models.Model) -> int:
    """How many mails to the person have not left."""
    return Message.objects.waiting().filter(recipient=user).count()


@transaction.atomic
def stop_telling(user: models.Model) -> int:
    """The person has left: take back the mails that have not gone; what was told in a unit's name stays the unit's.

    Returns: how many mails were taken back.
    """
    mails = list(
        Message.objects.select_for_update()
        .filter(recipient=user, state__in=[MessageState.PLANNED, MessageState.HELD])
        .values_list("pk", flat=True)
    )
    untold = Notice.objects.order_by().filter(message__in=mails, state__in=UNTOLD)
    untold.filter(unit_id__isnull=False).update(state=NoticeState.LEFT)
    untold.update(state=NoticeState.SUPERSEDED)
    return withdraw_empty(mails)
