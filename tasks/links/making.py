"""Links are made when a mail leaves or when somebody passes one on, and taken back with everything passed on from them."""

import secrets
from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction

from records.audit import record
from tasks.errors import Refused
from tasks.links.opening import is_done
from tasks.models import Directive, ReportingPeriod, ReportLink
from units.calendar import work_calendar
from units.models import Unit

# Working days after the cut-off or, for work between the periods, after the mail.
LASTS = 5
# Open links that one link may be passed on to at a time.
MOST_PASSED_ON = 5


def last_day_of(period: ReportingPeriod | None, *, today: date) -> date:
    """Until when a link that leaves today serves."""
    calendar = work_calendar()
    after_mail = calendar.add(today, LASTS)
    return after_mail if period is None else max(after_mail, calendar.add(period.cutoff_on, LASTS))


def ensure(
    unit: Unit,
    directive: Directive,
    period: ReportingPeriod | None,
    user,
    *,
    now: datetime,
    today: date,
    came_from: ReportLink | None = None,
    last_day: date | None = None,
    known: ReportLink | None = None,
    looked: bool = False,
) -> ReportLink:
    """The person's link to that report, which every mail repeats; made anew when the last one has served its time.

    Args:
        now: real time. today: the pages' day.
        came_from: the link of the colleague who passed it on, where a new row is made.
        last_day: that of last_day_of, where the caller knows it already.
        known: the link, where the caller has read it. looked: the caller has, and there is none but `known`.
    """
    key = {"unit": unit, "directive": directive, "period": period, "user": user}
    last_day = last_day or last_day_of(period, today=today)
    found = known if looked else _open_of(key)
    if found is not None and (found.last_day < today or is_done(found)):
        ReportLink.objects.filter(pk=found.pk).update(revoked_at=now)
        found = None
    if found is None:
        try:
            with transaction.atomic():
                return _make(key, now=now, today=today, last_day=last_day, came_from=came_from)
        except IntegrityError:  # two mails to one person left at the same moment
            found = ReportLink.objects.get(**key, colleague="", revoked_at__isnull=True)
    if found.last_day < last_day:
        found.last_day = last_day
        found.save(update_fields=["last_day"])
    return found


def open_links(
    units: Collection[int], directives: Collection[int], users: Collection[int]
) -> dict[tuple[int, int, int | None, int], ReportLink]:
    """(unit, directive, period, person) → the person's own link to that report which was not taken back. One statement."""
    links = ReportLink.objects.filter(
        unit__in=units, directive__in=directives, user__in=users, colleague="", revoked_at__isnull=True
    ).select_related("unit", "directive")
    return {(link.unit_id, link.directive_id, link.period_id, link.user_id): link for link in links}


def _open_of(key: dict) -> ReportLink | None:
    return (
        ReportLink.objects.filter(**key, colleague="", revoked_at__isnull=True)
        .select_related("unit", "directive")
        .first()
    )


def _make(key: dict, *, now: datetime, today: date, last_day: date, **values) -> ReportLink:
    nonce = secrets.token_urlsafe(32)
    return ReportLink.objects.create(**key, nonce=nonce, made_at=now, made_on=today, last_day=last_day, **values)


@transaction.atomic
def pass_on_by_name(link: ReportLink, name: str, *, by, now: datetime, at: datetime, today: date) -> ReportLink:
    """A link of its own for a named colleague without an account; it lasts no longer than the one it comes from.

    Errors: Refused for a link that was itself handed to somebody without an account, and when too many are out.
    """
    _may_pass_on(link, today=today)
    key = {"unit": link.unit, "directive": link.directive, "period": link.period, "user": link.user}
    made = _make(key, now=now, today=today, last_day=link.last_day, colleague=name, came_from=link)
    record("report_link.passed_on", by=by, at=at, target=made)
    return made


@transaction.atomic
def pass_on_to_user(link: ReportLink, user, *, by, now: datetime, at: datetime, today: date) -> ReportLink:
    """The colleague's own link, made from this one unless the colleague has one already; the caller has it mailed.

    Errors: Refused as in `pass_on_by_name`.
    """
    _may_pass_on(link, today=today)
    made = ensure(link.unit, link.directive, link.period, user, now=now, today=today, came_from=link)
    record("report_link.passed_on", by=by, at=at, target=made)
    return made


def _may_pass_on(link: ReportLink, *, today: date) -> None:
    if link.colleague:
        raise Refused("Đường dẫn này được chuyển cho riêng anh/chị nên không chuyển tiếp được.")
    # Whoever passes on at the same moment waits here.
    ReportLink.objects.select_for_update().get(pk=link.pk)
    if link.passed_on.open(today=today).count() >= MOST_PASSED_ON:
        raise Refused(
            f"Đã có {MOST_PASSED_ON} đường dẫn chuyển từ đường dẫn này đang dùng; xin thu hồi bớt trước khi chuyển tiếp."
        )


@transaction.atomic
def revoke(link: ReportLink, *, by, now: datetime, at: datetime) -> int:
    """Take a link back, with everything that was passed on from it; how many ended. Twice changes nothing."""
    ids, level = [], [link.pk]
    while level:
        ids += level
        level = list(ReportLink.objects.filter(came_from__in=level).exclude(pk__in=ids).values_list("pk", flat=True))
    ended = ReportLink.objects.filter(pk__in=ids, revoked_at__isnull=True).update(revoked_at=now, revoked_by=by)
    if ended:
        record("report_link.revoked", by=by, at=at, target=link, data={"count": ended})
    return ended
