"""Making digests: by the clock, each period once; at the office's word at any time. Whoever makes one tells the readers."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from directive_tracker.vietnamese import ZONE
from notifications import kinds, outbox
from notifications.kinds import Coming
from notifications.models import Notice
from notifications.outbox import Telling
from notifications.rounds import MARGIN
from records.audit import record
from tasks.digests.freezing import Frozen, freeze
from tasks.digests.periods import Period, due_periods, hours_between, may_begin_between
from tasks.digests.reading import shown
from tasks.errors import Refused
from tasks.models import Assignment, Digest, DigestKind, Directive
from units.calendar import work_calendar
from units.models import Membership, Role

DIGEST = "digest"
# Who presses twice gets one digest.
AGAIN_AFTER = timedelta(minutes=1)
NOTHING = "Chưa có việc nào đang theo dõi để tổng hợp, nên chưa chốt được số liệu."


# --- by the clock ----------------------------------------------------------------------------------


def make_due(now: datetime) -> int:
    """Freeze the periods whose data are due and that nobody has frozen, and tell the readers.

    Called before each planning, outside its transaction (notifications/rounds.py).

    Returns: how many notices were written down. Of two processes at once one makes the digest.
    """
    return sum(_make(period, now=now) for period in _missing(now))


def make_meanwhile(after: datetime, until: datetime) -> int:
    """What a server that ran from one moment to the other would have frozen, of the hours in between: for the demo's
    clock, which jumps."""
    return sum(make_due(moment) for moment in hours_between(after, until))


def _missing(now: datetime) -> list[Period]:
    """Periods that are due, not frozen yet, and have something to say: a directive that was followed by their end."""
    periods = due_periods(now=now, calendar=work_calendar())
    if not periods:
        return []
    made = set(
        Digest.objects.filter(kind__in=[str(period.kind) for period in periods])
        .filter(period_to__in=[period.last for period in periods])
        .values_list("kind", "period_to")
    )
    missing = [period for period in periods if (str(period.kind), period.last) not in made]
    if not missing:
        return []
    followed = Directive.objects.issued().filter(pk__in=Assignment.objects.counted().values("directive"))
    first = followed.order_by("issued_on").values_list("issued_on", flat=True).first()
    return [period for period in missing if first is not None and first <= period.last]


def _make(period: Period, *, now: datetime) -> int:
    frozen = freeze(period.kind, now=now, cut_at=period.cut_at)
    if not frozen.counted:
        return 0
    due_at = work_calendar().next_window(max(now, period.mail_at))
    try:
        with transaction.atomic():
            digest = _keep(
                frozen,
                kind=period.kind,
                period_from=period.first,
                period_to=period.last,
                cut_at=period.cut_at,
                as_of=now,
                due_at=due_at,
            )
            return _tell(digest, now=now)
    except IntegrityError:
        # Somebody else has frozen the period meanwhile.
        if Digest.objects.filter(kind=period.kind, period_to=period.last).exists():
            return 0
        raise


def _keep(frozen: Frozen, *, by: Any = None, **values: Any) -> Digest:
    digest = Digest.objects.create(
        made_by=by,
        previous_id=frozen.previous_id,
        headline=frozen.headline,
        data=frozen.data,
        known=frozen.known,
        **values,
    )
    record("digest.made", by=by, at=digest.as_of, target=digest)
    return digest


# --- at the office's word --------------------------------------------------------------------------


def make_now(*, by: Any, now: datetime, send: bool) -> Digest:
    """Freeze the figures of this moment at the office's word.

    Args:
        send: whether the readers get it by mail too (at once within working hours).

    Errors: Refused with a sentence when there is nothing to say, or somebody has just done it.
    """
    newest = Digest.objects.of_kind(DigestKind.ON_DEMAND).defer("data", "known").first()
    if newest is not None and timedelta(0) <= now - newest.as_of < AGAIN_AFTER:
        raise Refused(f"Vừa chốt số liệu xong ({newest.period_words}). Xin đợi một phút rồi chốt lại.")
    frozen = freeze(DigestKind.ON_DEMAND, now=now)
    if not frozen.counted:
        raise Refused(NOTHING)
    today = timezone.localdate(now, ZONE)
    first = newest.period_to if newest else Directive.objects.issued().order_by("issued_on").first().issued_on
    with transaction.atomic():
        digest = _keep(
            frozen,
            by=by,
            kind=DigestKind.ON_DEMAND,
            period_from=min(first or today, today),
            period_to=today,
            cut_at=now,
            as_of=now,
            due_at=work_calendar().next_window(now) if send else None,
        )
        if send:
            _tell(digest, now=now)
    return digest


# --- telling ---------------------------------------------------------------------------------------


def _readers(now: datetime) -> dict[int, Membership]:
    """Person → the membership by which the person reads digests on that day."""
    memberships = (
        Membership.objects.active_on(timezone.localdate(now, ZONE))
        .filter(role=Role.READER)
        .select_related("user")
        .order_by("-pk")
    )
    return {membership.user_id: membership for membership in memberships}


def _key(kind: str, period: Any, user_id: int) -> str:
    return f"{DIGEST}:{kind}:{period}:{user_id}"


def _tell(digest: Digest, *, now: datetime) -> int:
    """A mail of its own to each reader, from `due_at` on; it says what was frozen, whatever comes meanwhile."""
    period = f"{digest.period_to}" if digest.kind != DigestKind.ON_DEMAND else digest.pk
    return outbox.tell_many(
        [
            Telling(
                key=_key(digest.kind, period, user_id),
                kind=DIGEST,
                recipient=membership.user,
                title=digest.title,
                url=digest.get_absolute_url(),
                target=digest,
                unit_id=membership.unit_id,
                mail="own",
                not_before=digest.due_at,
            )
            for user_id, membership in sorted(_readers(now).items())
        ],
        now=now,
    )


def _still_read(notices: list[Notice], *, now: datetime) -> set[int]:
    """The person still reads digests, and no newer one of the same timetable has been frozen."""
    readers = _readers(now)
    newest = dict(
        Digest.objects.exclude(kind=DigestKind.ON_DEMAND).order_by().values_list("kind").annotate(newest=Max("pk"))
    )
    asked_for = Digest.objects.filter(kind=DigestKind.ON_DEMAND, pk__in=[notice.target_id for notice in notices])
    fit = {*newest.values(), *asked_for.values_list("pk", flat=True)}
    return {notice.pk for notice in notices if notice.recipient_id in readers and notice.target_id in fit}


def _words(notice: Notice) -> dict[str, Any]:
    """What the template of the mail shows: the frozen row."""
    digest = Digest.objects.defer("known").get(pk=notice.target_id)
    return {"digest": digest, "shown": shown(digest)}


class DigestPlanner:
    """Nothing is left to plan; it says what is coming, and when a quiet minute has to look."""

    def plan(self, *, now: datetime, since: datetime | None) -> int:
        """Nothing: digests are made before planning (`make_due`), and told with that."""
        return 0

    def coming(self, *, now: datetime) -> list[Coming]:
        """The mails of digests that would be frozen by then."""
        missing = _missing(now)
        readers = sorted(_readers(now).items()) if missing else []
        return [
            Coming(
                key=_key(period.kind, period.last, user_id),
                kind=DIGEST,
                user_id=user_id,
                unit_id=membership.unit_id,
                title=f"Báo cáo nhanh {period.words}",
                own_mail=True,
            )
            for period in missing
            for user_id, membership in readers
        ]

    def touched(self, since: datetime) -> list:
        """Whether the hour of some period's data falls into the minutes after `since`."""
        return [Directive.objects.issued()] if may_begin_between(since, since + 2 * MARGIN) else []


def register() -> None:
    """Make the kind known and let rounds make digests (tasks/reminders.py)."""
    kinds.register(DIGEST, "Báo cáo nhanh", still_applies=_still_read, words=_words)
    kinds.planners.append(DigestPlanner())
    kinds.before_planning.append(make_due)
