"""What goes to other systems and telephones: its own queue, so that whoever does not answer holds up no mail.

Several addresses are talked to at the same time, one message at a time each. An address that fails is left alone for the rest
of the round and then for a while that grows; another worker leaves alone what this one talks to. After three days of
nothing but failures, or when it says that it is gone (410), it is switched off and the administrators are told.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from accounts.models import User
from directive_tracker.vietnamese import ZONE
from notifications import channels, delivery, letters, outbox
from notifications.delivery import Outcome
from notifications.models import ChannelKind, DeliveryTry, Message, MessageState, UnitAddress
from notifications.outbox import Telling
from notifications.posting import Answer
from records.audit import record
from units.calendar import work_calendar
from units.models import Membership, Role

PAUSED = "address_paused"
# An address rests after a failure, longer each time; whoever comes back is asked again within this time.
LONGEST_REST = timedelta(minutes=10)
PAUSE_AFTER = timedelta(days=3)
# Two failures with a long holiday in between are no three days of failures.
PAUSE_LEAST = 10
GONE = 410


def others() -> Q:
    """Messages to other systems and telephones that may be sent: their address does not rest, and nobody talks to it."""
    awake = Q(rest_until__isnull=True) | Q(rest_until__lte=Now())
    talked_to = Message.objects.filter(
        address=OuterRef("address"), state=MessageState.SENDING, lease_until__gt=Now(), address__isnull=False
    )
    places = UnitAddress.objects.exclude(channel=ChannelKind.MAIL).filter(awake)
    return Q(~Exists(talked_to), address__isnull=False, address__in=places)


@dataclass
class _Hand:
    """One message in hand, ready to be sent."""

    said: letters.Letter
    call: Callable[[float], Answer]

    @property
    def mail(self) -> Message:
        return self.said.mail


@dataclass
class _Round:
    """What one round knows: whose messages these are, which addresses have failed and which have refused something in it,
    what came of it."""

    now: datetime
    ends: float
    me: str = ""
    leased_until: float = 0.0
    tired: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    outcome: Outcome = field(default_factory=Outcome)


def drain(*, now: datetime, budget: timedelta | None = None) -> Outcome:
    """Send everything of this queue that is due and may leave; each message is tried at most once, none after a failure of
    its address.

    Args:
        now: decides what is due and whether it may leave (working hours, holidays).
        budget: begin no send after this much real time. None: no limit.
    """
    this = _Round(now, time.monotonic() + (budget.total_seconds() if budget else float("inf")))
    round_began = delivery.database_now()
    delivery.give_up_after(delivery.MAX_ATTEMPTS, before=round_began)
    any_hour_only = not work_calendar().window_open(now)
    while time.monotonic() < this.ends:
        this.me = f"round-{uuid4().hex}"
        this.leased_until = time.monotonic() + delivery.lease().total_seconds()
        among = others() & ~Q(address__in=this.tired)
        batch = delivery.claim(this.me, now=now, round_began=round_began, any_hour_only=any_hour_only, among=among)
        if not batch:
            break
        _send_batch(batch, this)
    return this.outcome


def one_call() -> float:
    """Seconds that one sending may take."""
    return min(delivery.one_send().total_seconds(), settings.WEBHOOK_TIMEOUT)


def _send_batch(batch: list[Message], this: _Round) -> None:
    """Check what was claimed, send it, give back what was not tried, switch off what has failed too long."""
    to_say = delivery.still_to_say(batch, this.outcome, now=this.now)
    waiting: dict[int, list[_Hand]] = defaultdict(list)
    for mail in batch:
        if notices := to_say[mail.pk]:
            said = letters.letter(mail, notices, now=this.now, lines={}, links={})
            mail.subject, mail.body = letters.write(said)
            waiting[mail.address_id].append(_Hand(said, channels.call(said)))
        else:
            delivery.withdraw(mail, this.me)
    _talk(waiting, this)
    delivery.give_back([hand.mail for hands in waiting.values() for hand in hands], this.me)
    for address in this.refused:
        pause_if_hopeless(address, now=this.now)
    this.refused.clear()


def _talk(waiting: dict[int, list[_Hand]], this: _Round) -> None:
    """Send each address's messages one after the other, the addresses beside each other, and note every answer as it comes.

    What was not tried stays in `waiting`.
    """
    with ThreadPoolExecutor(max_workers=max(len(waiting), 1)) as pool:
        under_way: dict[Future[Answer], _Hand] = {}

        def next_of(address: int) -> None:
            """Begin the address's next message, while there is time for it."""
            if waiting[address] and time.monotonic() <= min(this.ends, this.leased_until - one_call()):
                hand = waiting[address].pop(0)
                under_way[pool.submit(hand.call, one_call())] = hand

        for address in list(waiting):
            next_of(address)
        while under_way:
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                hand = under_way.pop(future)
                if _note(hand, future.result(), this):
                    next_of(hand.mail.address_id)
                else:
                    this.tired.add(hand.mail.address_id)


def _note(hand: _Hand, answer: Answer, this: _Round) -> bool:
    """Write down what became of one try. Whether its address may be asked again in this round."""
    refusal, number = channels.refusal_of(answer), uuid4()

    @transaction.atomic
    def sent() -> int:
        note_try(number, hand.mail.address, channels.event_of(hand.mail), answer, message=hand.mail)
        return delivery.note_sent(hand.mail, hand.said.notices, this.me, now=this.now)

    @transaction.atomic
    def failed() -> int:
        note_try(number, hand.mail.address, channels.event_of(hand.mail), answer, message=hand.mail)
        return delivery.fail(hand.mail, this.me, refusal)

    if refusal is None:
        this.outcome.sent += delivery.surely(sent, until=this.leased_until)
        return True
    this.refused.add(hand.mail.address_id)
    this.outcome.failed += delivery.surely(failed, until=this.leased_until)
    # A message that it refuses says nothing about the next one.
    return refusal.for_good and answer.code not in (None, GONE)


@transaction.atomic
def note_try(
    number: UUID,
    address: UnitAddress,
    event: str,
    answer: Answer,
    *,
    message: Message | None = None,
    by: User | None = None,
) -> DeliveryTry:
    """Append one try to the log and keep what it says of the address. The same number is noted once.

    Args:
        message: what was sent; by: who tried it out. One of them.
    """
    row = DeliveryTry(
        pk=number,
        address=address,
        message=message,
        event=event,
        at=Now(),
        code=answer.code,
        milliseconds=answer.milliseconds,
        trouble=answer.trouble[:300],
        in_doubt=answer.in_doubt,
        tried_by=by,
    )
    known = DeliveryTry.objects.filter(pk=number).exists()
    if known:
        return row
    row.save(force_insert=True)
    place = UnitAddress.objects.filter(pk=address.pk)
    refusal = channels.refusal_of(answer)
    if refusal is None:
        place.exclude(failures=0, failing_since=None, rest_until=None).update(
            failures=0, failing_since=None, rest_until=None
        )
    elif by is None:
        place.update(failures=F("failures") + 1, failing_since=Coalesce("failing_since", Now()))
        if not refusal.for_good:
            failures = place.values_list("failures", flat=True).get()
            rest = min(delivery.back_off(failures), LONGEST_REST)
            place.update(rest_until=Now() + max(rest, timedelta(seconds=answer.retry_after)))
    return row


# --- switching off -------------------------------------------------------------------------------------------------


def pause_if_hopeless(address_id: int, *, now: datetime) -> bool:
    """Switch another system off that has failed for three days, or has said that it is gone; tell the administrators.

    What waits for it is given up with the reason, and can be sent again from its page. Returns whether it was.
    """
    found = UnitAddress.objects.filter(pk=address_id, channel=ChannelKind.WEBHOOK, is_active=True)
    last = DeliveryTry.objects.filter(address=address_id, message__isnull=False).first()
    if last is not None and last.code == GONE:
        why = "Bên nhận báo địa chỉ này không còn dùng (410)"
    else:
        found = found.filter(failures__gte=PAUSE_LEAST, failing_since__lte=Now() - PAUSE_AFTER)
        why = f"Gửi hỏng liên tục {PAUSE_AFTER.days} ngày"
        if last is not None:
            why += f"; lần cuối: {trouble_of(last)}"
    with transaction.atomic():
        if not found.update(is_active=False, paused_at=Now(), paused_why=why[:300]):
            return False
        waiting = Message.objects.filter(address=address_id, state__in=[MessageState.PLANNED, MessageState.HELD])
        delivery.bury(waiting, f"Địa chỉ đã tạm dừng: {why}")
        address = UnitAddress.objects.select_related("unit").get(pk=address_id)
        record("address.paused", by=None, at=now, target=address, reason=why[:200])
        _tell_administrators(address, now=now)
    return True


def trouble_of(row: DeliveryTry) -> str:
    """In words what came of a try that was not taken."""
    return row.trouble or f"bên nhận trả lời {row.code}"


def _tell_administrators(address: UnitAddress, *, now: datetime) -> None:
    """One notice each, in the app and by mail; the title names the unit and nothing of the address."""
    members = Membership.objects.active_on(timezone.localdate(now, ZONE)).filter(role=Role.ADMINISTRATOR)
    people = User.objects.filter(is_active=True, pk__in=members.values("user"))
    outbox.tell_many(
        [
            Telling(
                key=f"{PAUSED}:{address.pk}:{address.paused_at:%Y%m%d%H%M%S}:{person.pk}",
                kind=PAUSED,
                recipient=person,
                title=f"Đã tạm dừng gửi tin đến hệ thống của {address.unit}"[:250],
                detail=address.paused_why,
                url=address.get_absolute_url(),
                target=address,
                mail="own",
            )
            for person in people
        ],
        now=now,
    )


def send_again(address: UnitAddress) -> int:
    """Put everything that was given up for an address back into the queue; how many messages."""
    if not address.is_active:
        return 0
    return sum(delivery.send_again(mail) for mail in Message.objects.filter(address=address, state=MessageState.DEAD))
