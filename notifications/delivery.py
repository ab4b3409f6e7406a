"""From waiting mails to sent ones: claim, check again, send, write down what became of it.

Any number of these may run at once. A mail is claimed by one filtered UPDATE and leased by the database's clock, so
that machines whose clocks differ agree; what is due is compared with the `now` of the round. Nothing is locked while
the mail server is talked to. A mail is never lost; a worker that dies between the server's "accepted" and our note of
it costs one copy more, with the same Message-ID; so does a server that accepts and does not say so. Where that may have
happened the mail's `suspect` counts it.

Mail and what goes to other systems (systems.py) are two queues in one table: whoever does not answer there holds up no
mail.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, Exists, F, PositiveIntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from directive_tracker.vietnamese import ZONE
from notifications import kinds, letters, outbox
from notifications.channels import Mails
from notifications.letters import Refusal
from notifications.models import ChannelKind, Message, MessageState, Notice, NoticeState, Pulse, UnitAddress
from units.calendar import work_calendar
from units.models import Membership

BATCH = 10
# Of the mail server's time-out for one answer: a whole send is cut short after three, so that a slow server cannot
# stretch it past the lease of six; none is begun with less lease left than it may take.
ONE_SEND_TIMEOUTS = 3
LEASE_TIMEOUTS = 6
# 0.2 s doubled each time up to an hour: the 36th try comes about 24 hours after the first.
MAX_ATTEMPTS = 36
LONGEST_WAIT = timedelta(hours=1)
# The database may be restarting when a mail has just been accepted: the note is tried again while the lease lasts.
NOTE_AGAIN = timedelta(milliseconds=200)
# A server that cannot be reached is not waited for again and again in one round.
PATIENCE = timedelta(seconds=45)


def one_send() -> timedelta:
    """How long one send may take."""
    return timedelta(seconds=ONE_SEND_TIMEOUTS * settings.EMAIL_TIMEOUT)


def lease() -> timedelta:
    """How long a batch of mails belongs to the round that claimed it (database's clock)."""
    return timedelta(seconds=LEASE_TIMEOUTS * settings.EMAIL_TIMEOUT)


@dataclass
class Outcome:
    """What one round did: mails sent and failed, notices that no longer applied."""

    sent: int = 0
    failed: int = 0
    superseded: int = 0


def drain(*, now: datetime, budget: timedelta | None = None) -> Outcome:
    """Send all mail that is due and may leave at this moment; each is tried at most once.

    Args:
        now: decides what is due and whether mail may leave (working hours, holidays).
        budget: begin no send after this much real time; the next round goes on. None: no limit.
    """
    outcome = Outcome()
    round_began = database_now()
    give_up_after(MAX_ATTEMPTS, before=round_began)
    ends = time.monotonic() + (budget.total_seconds() if budget else float("inf"))
    any_hour_only = not work_calendar().window_open(now)
    with Mails() as line:
        while time.monotonic() < ends and line.wasted < PATIENCE.total_seconds():
            me = f"round-{uuid4().hex}"
            # Before the claim: whatever it takes, or whoever stops this process in it, makes our lease shorter.
            leased_until = time.monotonic() + lease().total_seconds()
            batch = claim(me, now=now, round_began=round_began, any_hour_only=any_hour_only)
            if not batch:
                break
            _send_batch(batch, me, line, outcome, now=now, leased_until=leased_until, ends=ends)
    return outcome


def held_count(*, now: datetime) -> int:
    """How many mails wait: for working hours, or because somebody holds them."""
    waits = Q(state=MessageState.HELD) | Q(state=MessageState.PLANNED, due_at__gt=now)
    if not work_calendar().window_open(now):
        waits |= Q(state=MessageState.PLANNED) & ~Q(kind__in=kinds.any_hour_codes())
    return Message.objects.filter(waits).count()


def database_now() -> datetime:
    """The database's clock."""
    query = (
        "SELECT STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'now')"
        if connection.vendor == "sqlite"
        else "SELECT STATEMENT_TIMESTAMP()"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [])
        (moment,) = cursor.fetchone()
    if isinstance(moment, str):
        return datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return moment


# --- claim ---------------------------------------------------------------------------------------


def mails() -> Q:
    """What goes by the mail server: to people and to mailboxes of units."""
    return ~Q(address__in=UnitAddress.objects.exclude(channel=ChannelKind.MAIL))


def claimable(*, now: datetime) -> QuerySet[Message]:
    """Mails that a round at this moment would take: due, in the window, not worked on, their wait for a new try over."""
    return _claimable(now=now, round_began=Now(), any_hour_only=not work_calendar().window_open(now))


def _claimable(*, now: datetime, round_began: Any, any_hour_only: bool) -> QuerySet[Message]:
    """Mails that are due and that nobody works on; none while all sending is held.

    What this round has failed to send got a later `next_try_at` than the round's beginning, so that it is not tried
    twice.
    """
    waiting = Q(state=MessageState.PLANNED) & (Q(next_try_at__isnull=True) | Q(next_try_at__lte=round_began))
    abandoned = Q(state=MessageState.SENDING, lease_until__lte=round_began)
    held = Pulse.objects.filter(held_since__isnull=False)
    found = Message.objects.filter(waiting | abandoned, ~Exists(held), due_at__lte=now)
    return found.filter(kind__in=kinds.any_hour_codes()) if any_hour_only else found


@transaction.atomic
def claim(
    me: str,
    *,
    now: datetime,
    round_began: datetime,
    any_hour_only: bool = False,
    size: int = BATCH,
    among: Q | None = None,
) -> list[Message]:
    """Take up to `size` due mails for `me`; two who ask at once never get the same one.

    A lease that ran out means that somebody died over the mail: it is taken again and marked as suspect (it may have
    been sent).

    Args:
        among: which of the queues; None: mail.
    """
    due = _claimable(now=now, round_began=round_began, any_hour_only=any_hour_only)
    due = due.filter(mails() if among is None else among)
    # SQLite has no row locks; there the transaction itself (IMMEDIATE) keeps the others out.
    skip = connection.features.has_select_for_update_skip_locked
    locked = due.select_for_update(skip_locked=skip).order_by("due_at", "pk")
    pks = list(locked.values_list("pk", flat=True)[:size])
    _claimable(now=now, round_began=round_began, any_hour_only=any_hour_only).filter(pk__in=pks).update(
        suspect=Case(
            When(state=MessageState.SENDING, then=F("suspect") + 1),
            default=F("suspect"),
            output_field=PositiveIntegerField(),
        ),
        state=MessageState.SENDING,
        attempts=F("attempts") + 1,
        lease_by=me,
        lease_until=Now() + lease(),
    )
    return list(
        Message.objects.filter(pk__in=pks, lease_by=me)
        .select_related("recipient", "address__unit")
        .order_by("due_at", "pk")
    )


def give_up_after(attempts: int, *, before: datetime) -> int:
    """Give up mails over which rounds died again and again, so that one odd mail cannot stop all others."""
    dead = Message.objects.filter(state=MessageState.SENDING, lease_until__lte=before, attempts__gte=attempts)
    return bury(dead, "Nhiều lần gửi dở dang, không rõ kết quả")


# --- check again ---------------------------------------------------------------------------------


def still_to_say(batch: list[Message], outcome: Outcome, *, now: datetime) -> dict[int, list[Notice]]:
    """Mail → its notices that still apply to a person who still belongs; the others are taken back."""
    notices = list(
        Notice.objects.filter(message__in=batch, state=NoticeState.PLANNED)
        .select_related("recipient", "address")
        .order_by("due_at", "pk")
    )
    belonging = [notice for notice in notices if (notice.recipient or notice.address).is_active]
    belonging = _of_members(belonging, now=now)
    applying = kinds.still_applying(notices, now=now)
    kept = applying & {notice.pk for notice in belonging}
    # What still applies in a unit's name stays in the unit's inbox when its recipient has left.
    left = {notice.pk for notice in notices if notice.unit_id is not None} & applying - kept
    gone = {notice.pk for notice in notices} - kept - left
    for pks, state in ((gone, NoticeState.SUPERSEDED), (left, NoticeState.LEFT)):
        if pks:
            outcome.superseded += Notice.objects.filter(pk__in=pks, state=NoticeState.PLANNED).update(state=state)
    found: dict[int, list[Notice]] = {mail.pk: [] for mail in batch}
    for notice in notices:
        if notice.pk in kept:
            found[notice.message_id].append(notice)
    return found


def _of_members(notices: list[Notice], *, now: datetime) -> list[Notice]:
    """Those whose recipient still works in the unit in whose name the notice was made."""
    with_unit = [notice for notice in notices if notice.unit_id is not None and notice.recipient_id is not None]
    if not with_unit:
        return notices
    members = set(
        Membership.objects.active_on(timezone.localdate(now, ZONE))
        .filter(
            user__in={notice.recipient_id for notice in with_unit}, unit__in={notice.unit_id for notice in with_unit}
        )
        .values_list("user_id", "unit_id")
    )
    asked = {notice.pk for notice in with_unit}
    return [notice for notice in notices if notice.pk not in asked or (notice.recipient_id, notice.unit_id) in members]


# --- send ----------------------------------------------------------------------------------------


def _send_batch(
    batch: list[Message],
    me: str,
    line: Mails,
    outcome: Outcome,
    *,
    now: datetime,
    leased_until: float,
    ends: float = float("inf"),
) -> None:
    """Check and send what was claimed, as long as the lease surely lasts; the rest goes back untouched.

    Args:
        leased_until, ends: moments of time.monotonic(); after `ends` no send is begun.
    """
    to_say = still_to_say(batch, outcome, now=now)
    lines = kinds.lines_of([notice for notices in to_say.values() for notice in notices], now=now)
    links = kinds.links_of([(mail, to_say[mail.pk]) for mail in batch if to_say[mail.pk]], now=now)
    for place, mail in enumerate(batch):
        if time.monotonic() > min(ends, leased_until - one_send().total_seconds()):
            give_back(batch[place:], me)
            return
        notices = to_say[mail.pk]
        if not notices:
            withdraw(mail, me)
        elif not mail.to:
            outcome.failed += fail(mail, me, Refusal("Người nhận chưa có địa chỉ thư", for_good=True))
        else:
            said = letters.letter(mail, notices, now=now, lines=lines, links=links)
            _send_one(said, me, line, outcome, now=now, leased_until=leased_until)


def _send_one(
    said: letters.Letter,
    me: str,
    line: Mails,
    outcome: Outcome,
    *,
    now: datetime,
    leased_until: float,
) -> None:
    """Send one mail and write down what became of it."""
    mail, notices = said.mail, said.notices
    mail.subject, mail.body = letters.write(said)
    refusal = line.send(said, within=one_send().total_seconds())
    if refusal is None:
        outcome.sent += surely(lambda: note_sent(mail, notices, me, now=now), until=leased_until)
    else:
        outcome.failed += surely(lambda: fail(mail, me, refusal), until=leased_until)


def surely(note: Callable[[], int], *, until: float) -> int:
    """Write down what became of a mail, again where the database was cut off, so that it is not sent a second time.

    Args:
        note: writes it in one transaction; written twice it changes nothing.
        until: the moment of time.monotonic() at which the lease ends; from then on somebody else has the mail.

    Errors: those of the database, when it stays away.
    """
    while True:
        try:
            return note()
        except (OperationalError, InterfaceError):
            # Within somebody's transaction all is lost with the connection.
            if connection.in_atomic_block or time.monotonic() >= until:
                raise
            connection.close()
            time.sleep(NOTE_AGAIN.total_seconds())


def _mine(mail: Message, me: str) -> QuerySet[Message]:
    """The mail as long as it is leased to me; empty once somebody else took it."""
    return Message.objects.filter(pk=mail.pk, state=MessageState.SENDING, lease_by=me)


@transaction.atomic
def note_sent(mail: Message, notices: list[Notice], me: str, *, now: datetime) -> int:
    """Mark mail and notices as sent; 0 when the lease was lost, whoever has it now will count it."""
    won = _mine(mail, me).update(
        state=MessageState.SENT,
        sent_at=now,
        lease_by="",
        lease_until=None,
        next_try_at=None,
        last_error="",
        subject=mail.subject,
        body=mail.body,
    )
    if won:
        Notice.objects.filter(pk__in=[notice.pk for notice in notices], state=NoticeState.PLANNED).update(
            state=NoticeState.SENT, sent_at=now
        )
    return won


@transaction.atomic
def fail(mail: Message, me: str, refusal: Refusal) -> int:
    """Plan the next try, or give up for good with the reason."""
    _mine(mail, me).update(
        last_error=refusal.reason[:500],
        subject=mail.subject,
        body=mail.body,
        suspect=F("suspect") + (1 if refusal.in_doubt else 0),
    )
    if refusal.for_good or mail.attempts >= MAX_ATTEMPTS:
        return bury(_mine(mail, me), refusal.reason)
    return _mine(mail, me).update(
        state=MessageState.PLANNED,
        lease_by="",
        lease_until=None,
        next_try_at=Now() + back_off(mail.attempts),
    )


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many tries: 0.2 s doubled each time, at most an hour, up to a quarter less by chance."""
    longest = min(0.2 * 2 ** min(attempts, 20), LONGEST_WAIT.total_seconds())
    return timedelta(seconds=longest * random.uniform(0.75, 1))


def bury(mails: QuerySet[Message], reason: str) -> int:
    """Give mails up with the reason; their notices say so too. The number of mails."""
    with transaction.atomic():
        pks = list(mails.select_for_update().values_list("pk", flat=True))
        Notice.objects.filter(message__in=pks, state=NoticeState.PLANNED).update(state=NoticeState.DEAD)
        return Message.objects.filter(pk__in=pks).update(
            state=MessageState.DEAD, last_error=Value(reason[:500]), lease_by="", lease_until=None, next_try_at=None
        )


@transaction.atomic
def withdraw(mail: Message, me: str) -> None:
    """A claimed mail has nothing left to say, unless something joined it meanwhile."""
    if _mine(mail, me).update(state=MessageState.PLANNED, lease_by="", lease_until=None, attempts=F("attempts") - 1):
        outbox.withdraw_empty([mail.pk])


def give_back(mails: list[Message], me: str) -> None:
    """Return mails that were claimed and not tried."""
    Message.objects.filter(pk__in=[mail.pk for mail in mails], state=MessageState.SENDING, lease_by=me).update(
        state=MessageState.PLANNED, lease_by="", lease_until=None, attempts=F("attempts") - 1
    )


@transaction.atomic
def send_again(mail: Message) -> bool:
    """Put a mail that was given up back into the queue, by hand; False when it is not given up any more."""
    won = Message.objects.filter(pk=mail.pk, state=MessageState.DEAD).update(
        state=MessageState.PLANNED, attempts=0, next_try_at=None
    )
    if won:
        Notice.objects.filter(message=mail, state=NoticeState.DEAD).update(state=NoticeState.PLANNED)
    return bool(won)
