"""The figures at the end of a day, kept: what the trend by week and the ranking's "four weeks before" read.

A row is written only where something changed since the row before (docs/decisions/0012), so a day without rows may be a
quiet one or one that nobody counted. The log says which: each counted day leaves the mark `figures.noted`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from directive_tracker.vietnamese import ZONE
from records.audit import record
from records.models import AuditEvent
from tasks.enums import DirectiveState
from tasks.models import Assignment, Directive, FigureDay
from tasks.tallies import Figures, counts_by_unit, total_of

NOTED = "figures.noted"
# The columns of a row, which are named like the figures.
KEPT = ("done_on_time", "done_late", "open_in_time", "open_overdue", "open_without_due", "outside", "waiting")
BATCH = 2_000
# Any number: who notes a day holds PostgreSQL's advisory lock of it until the end of the transaction.
LOCK = 0x46494744

# (directive, unit or None for the whole) → what its columns hold.
Rows = dict[tuple[int, int | None], tuple[int, ...]]


@dataclass(frozen=True)
class _End:
    """What stood at the end of a day: of which directive which day, and the figures of its units."""

    days: dict[int, date]
    counts: dict[tuple[int, int], Figures]
    # Ended directives: their whole is written even where nothing changed, so that they are not asked for again.
    is_last: bool


def note_missed(*, now: datetime) -> int:
    """Note yesterday, if nobody has; how many rows were written.

    Of several days that nobody counted only the newest is noted: what was on the others is not known any more, and is
    not invented.
    """
    return note_day(now.astimezone(ZONE).date() - timedelta(days=1), now=now)


def note_days(first: date, last: date, *, now: datetime) -> int:
    """Note each of these days, for the demo's clock, which jumps: nothing was done while it did, so what is true now was
    true on each of them."""
    return sum(note_day(first + timedelta(days=offset), now=now) for offset in range((last - first).days + 1))


def last_noted() -> date | None:
    """The newest day whose figures stand, or None."""
    event = AuditEvent.objects.filter(verb=NOTED).order_by("-pk").first()
    return date.fromisoformat(event.data["day"]) if event else None


def noted_days(first: date) -> set[date]:
    """The days from `first` on whose figures stand; of the others nothing is known but what stood before."""
    began = datetime.combine(first, time.min, tzinfo=ZONE)
    marks = AuditEvent.objects.filter(verb=NOTED, at__gte=began).order_by().values_list("data", flat=True)
    return {date.fromisoformat(data["day"]) for data in marks}


def note_day(day: date, *, now: datetime) -> int:
    """Write down the figures at the end of a day, of each followed directive and unit where they changed.

    A directive that was ended gets its last rows on the day it ended. Counted is what is true now, so the day should have
    ended just before; `noted_at` says how late it was. The number of statements does not depend on how much is followed,
    but for the writing of many rows.

    Returns: how many rows were written; 0 when this day or a later one stands already.
    Errors: ValueError for a day to come. Of the day itself the caller knows that it is over (the demo's last minute).
    """
    if day > now.astimezone(ZONE).date():
        raise ValueError(f"{day} has not come")
    with transaction.atomic():
        _wait_for_others()
        noted = last_noted()
        if noted is not None and noted >= day:
            return 0
        rows = [row for end in (_followed(day), _ended(day)) for row in _changed(end, now)]
        FigureDay.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
        if rows or Directive.objects.issued().exists():
            record(NOTED, by=None, at=now, data={"day": day.isoformat(), "count": len(rows)})
    return len(rows)


def _wait_for_others() -> None:
    """Two workers note one day one after the other; on SQLite a transaction is alone anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _followed(day: date) -> _End:
    """The directives that were followed when the day ended."""
    still = Q(state=DirectiveState.ISSUED) | Q(state=DirectiveState.CLOSED, closed_on__gt=day)
    directives = Directive.objects.filter(still, issued_on__lte=day)
    counts = counts_by_unit(Assignment.objects.filter(directive__in=directives), today=day)
    return _End({directive: day for directive, _ in counts}, counts, is_last=False)


def _ended(day: date) -> _End:
    """The directives that were ended until then and have no last row."""
    last = FigureDay.objects.filter(directive=OuterRef("pk"), unit=None, day__gte=OuterRef("closed_on"))
    directives = Directive.objects.filter(~Exists(last), state=DirectiveState.CLOSED, closed_on__lte=day)
    days = dict(directives.order_by().values_list("pk", "closed_on"))
    if not days:
        return _End({}, {}, is_last=True)
    counts = counts_by_unit(Assignment.objects.filter(directive__in=list(days)), today=F("directive__closed_on"))
    return _End(days, counts, is_last=True)


def _changed(end: _End, now: datetime) -> Iterator[FigureDay]:
    """The rows to be written, the whole of each directive before its units."""
    before = _newest(FigureDay.objects.filter(directive__in=list(end.days)))
    for key, figures in _rows(end, before).items():
        if figures != before.get(key) or (end.is_last and key[1] is None):
            directive, unit = key
            values = dict(zip(KEPT, figures, strict=True))
            yield FigureDay(directive_id=directive, unit_id=unit, day=end.days[directive], noted_at=now, **values)


def _rows(end: _End, before: Rows) -> Rows:
    """What each row would hold; a unit that has lost all its work holds nothing from now on."""
    nothing = dict.fromkeys((key for key in before if key[1] is not None), Figures())
    units = {**nothing, **end.counts}
    parts: dict[int, list[Figures]] = {directive: [] for directive in end.days}
    for (directive, _), figures in units.items():
        parts[directive].append(figures)
    whole: Rows = {(directive, None): _columns(total_of(found)) for directive, found in sorted(parts.items())}
    return {**whole, **{key: _columns(figures) for key, figures in units.items()}}


def _columns(figures: Figures) -> tuple[int, ...]:
    return tuple(getattr(figures, name) for name in KEPT)


def _newest(rows: QuerySet[FigureDay]) -> Rows:
    """The newest row of each place. Rows of one place are written in the order of their days, so the last is the newest."""
    last = rows.order_by().values("directive_id", "unit_id").annotate(last=Max("pk")).values("last")
    found = FigureDay.objects.filter(pk__in=last).values_list("directive_id", "unit_id", *KEPT)
    return {(directive, unit): tuple(figures) for directive, unit, *figures in found}


def at_end_of(rows: QuerySet[FigureDay], day: date) -> Iterable[FigureDay]:
    """The figures of each place at the end of that day: its newest row until then; places without one are left out."""
    last = rows.filter(day__lte=day).order_by().values("directive_id", "unit_id").annotate(last=Max("pk"))
    return FigureDay.objects.filter(pk__in=last.values("last"))
