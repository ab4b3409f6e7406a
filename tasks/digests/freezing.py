"""The one place where the digest's numbers are made: one moment of the whole, as plain values that are never changed.

    {"sentence", "cut_at", "total": figures, "directives": [{"pk", "title", "document", "total", "units": […]}],
     "overdue": {"count", "rows"}, "waiting": […], "conditions": […], "instructions": […], "coming": {"first", "last", "count", "rows"},
     "figures": [{"directive", "title", "lines", "more"}], "registry": {"veterans": …}, "changes": None or {…}}

Figures are those of tasks.tallies.Figures; days are ISO words. Names of units and works are the office's own words;
`reason` is what a unit typed, the words of an instruction what was written down; shown on the page and never mailed. No person is named anywhere.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet

from directive_tracker.vietnamese import ZONE, vn_date, vn_number
from directive_tracker.workdays import WorkCalendar
from tasks import figures, tallies
from tasks.enums import AssignmentState, ConditionState, DirectiveState, ExtensionState, RoundDecision
from tasks.indicators.summary import summaries_of
from tasks.models import (
    Assignment,
    DelayCause,
    DelayNote,
    Digest,
    DigestKind,
    Directive,
    DirectiveTask,
    ExtensionRequest,
    Instruction,
    ReportRound,
)
from tasks.tallies import Figures
from tasks.timeliness import Timeliness, days_overdue
from tasks.whole import coming, waiting
from tasks.whole.sentence import figures_said, overdue_words
from units.calendar import work_calendar
from units.models import Unit

S, T = AssignmentState, Timeliness
# Rows of one list; beyond them the digest says how many more there are.
MOST_ROWS = 100
# Instructions on the sheet, and how much of the words of each.
INSTRUCTIONS, INSTRUCTION_LENGTH = 4, 120
# Reported figures of one document.
FIGURE_ROWS = 10
# Changed works whose names are looked up, of each sort; the numbers count all of them.
MOST_NAMED = 100
FOLLOWED = Q(directive__state=DirectiveState.ISSUED)
COMPARED = ("counted", "done", "done_on_time", "done_late", "open", "open_in_time", "open_overdue", "waiting")


@dataclass(frozen=True)
class Frozen:
    """What one digest will hold; `counted` is 0 when there is nothing to say."""

    data: dict[str, Any]
    known: dict[str, list[int]]
    headline: str
    counted: int
    previous_id: int | None


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything that is read inside is the truth of one moment, whatever others write meanwhile.

    SQLite's transaction keeps writers out. PostgreSQL reads one snapshot; a caller that holds a transaction already has
    to see to that himself, for its isolation cannot be changed any more.
    """
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def freeze(kind: DigestKind, *, now: datetime, cut_at: datetime | None = None) -> Frozen:
    """Count everything that is followed, and what changed since the last digest of the kind.

    Args:
        now: the moment of the data (the pages' clock).
        cut_at: the moment the timetable names; `now` where there is none.

    Returns: plain values; nothing is written. The number of statements does not depend on the number of rows.
    """
    with one_moment():
        return _frozen(kind, now=now, cut_at=cut_at or now)


def _frozen(kind: DigestKind, *, now: datetime, cut_at: datetime) -> Frozen:
    today, calendar = now.astimezone(ZONE).date(), work_calendar()
    previous = Digest.objects.of_kind(kind).filter(as_of__lt=now).first()
    directives = list(Directive.objects.issued().order_by("issued_on", "pk"))
    counts = tallies.counts_of_followed(today=today)
    total = tallies.total_of(counts.values())
    known = _known(today)
    data: dict[str, Any] = {
        "cut_at": cut_at.isoformat(),
        "sentence": _sentence(directives, total, today=today, calendar=calendar),
        "total": asdict(total),
        "directives": _by_directive(directives, counts),
        "overdue": {"count": total.open_overdue, "rows": _overdue(today, calendar)},
        "waiting": _waiting_rows(),
        "conditions": _conditions(),
        "instructions": _instructions(),
        "coming": _coming(today),
        "figures": _figures(directives),
        "registry": {name: asdict(value) for name, value in figures.read(today).items() if is_dataclass(value)},
        "changes": None,
    }
    if previous is not None:
        data["changes"] = _changes(previous, data, known)
    headline = f"{vn_number(total.done)}/{vn_number(total.counted)} việc hoàn thành, {overdue_words(total)}"
    return Frozen(data, known, headline, total.counted, previous.pk if previous else None)


def _sentence(directives: list[Directive], total: Figures, *, today: date, calendar: WorkCalendar) -> str:
    """ "40 trên 90 việc hoàn thành · 3 việc quá hạn · 5 việc chờ xác nhận · còn 14 ngày làm việc đến 07/5/2024"."""
    parts = figures_said(total)
    events = [row.event_date for row in directives if row.event_date and row.event_date >= today]
    if events:
        event = min(events)
        days = calendar.count_between(today, event)
        parts.append(f"còn {days} ngày làm việc đến {vn_date(event)}" if days else f"đến sát ngày {vn_date(event)}")
    return " · ".join(parts)


def _followed() -> QuerySet[Assignment]:
    """The works of the figures, counted or beside them."""
    return Assignment.objects.filter(FOLLOWED).lead().order_by()


def _known(today: date) -> dict[str, list[int]]:
    """The works that are done and those that are overdue: what the next digest of the kind is compared with."""
    rows = _followed().counted().with_timeliness(today=today)
    interesting = rows.filter(timeliness__in=[T.DONE_ON_TIME, T.DONE_LATE, T.OPEN_OVERDUE])
    known: dict[str, list[int]] = {"done": [], "overdue": []}
    for pk, name in interesting.order_by("pk").values_list("pk", "timeliness"):
        known["overdue" if name == T.OPEN_OVERDUE else "done"].append(pk)
    return known


# --- by directive and unit -------------------------------------------------------------------------


def _by_directive(directives: list[Directive], counts: dict[tuple[int, int], Figures]) -> list[dict[str, Any]]:
    """Each directive with its figures and its units in official order."""
    units = {
        pk: (place, name)
        for place, (pk, name) in enumerate(
            Unit.objects.filter(pk__in={unit for _, unit in counts})
            .order_by("sort_order", "pk")
            .values_list("pk", "short_name")
        )
    }
    approved = ExtensionRequest.objects.filter(state=ExtensionState.APPROVED)
    extensions = _times(approved, "assignment__")
    returned = _times(ReportRound.objects.filter(decision=RoundDecision.RETURNED), "section__assignment__")
    found = []
    for directive in directives:
        mine = sorted(
            ((unit, row) for (pk, unit), row in counts.items() if pk == directive.pk), key=lambda item: units[item[0]]
        )
        found.append(
            {
                "pk": directive.pk,
                "title": directive.short_title,
                "document": " ".join(part for part in (directive.kind, directive.number) if part),
                "total": asdict(tallies.total_of(row for _, row in mine)),
                "extensions": sum(extensions.get((directive.pk, unit), 0) for unit, _ in mine),
                "returned": sum(returned.get((directive.pk, unit), 0) for unit, _ in mine),
                "units": [
                    {
                        "pk": unit,
                        "name": units[unit][1],
                        **asdict(row),
                        "extensions": extensions.get((directive.pk, unit), 0),
                        "returned": returned.get((directive.pk, unit), 0),
                    }
                    for unit, row in mine
                ],
            }
        )
    return found


def _times(rows: QuerySet, path: str) -> dict[tuple[int, int], int]:
    """How many of the rows hang on the lead works of each (directive, unit)."""
    names = f"{path}directive_id", f"{path}unit_id"
    mine = rows.filter(**{f"{path}directive__state": DirectiveState.ISSUED, f"{path}role": "lead"})
    counted = mine.order_by().values_list(*names).annotate(n=Count("pk"))
    return {(directive, unit): n for directive, unit, n in counted}


# --- late, waiting, coming -------------------------------------------------------------------------


def _overdue(today: date, calendar: WorkCalendar) -> list[dict[str, Any]]:
    """The longest overdue first, with what the unit says of the delay."""
    late = _followed().overdue(today=today).for_listing().order_by("due_current", "unit__sort_order", "pk")
    rows = list(late[:MOST_ROWS])
    said = {note.assignment_id: note for note in DelayNote.objects.filter(assignment__in=rows).order_by("pk")}
    found = []
    for row in rows:
        note = said.get(row.pk)
        waits = row.state == S.SUBMITTED
        found.append(
            {
                "assignment": row.pk,
                "directive": row.directive_id,
                "code": row.task.code,
                "title": row.task.short_title,
                "unit_pk": row.unit_id,
                "unit": row.unit.short_name,
                "due": row.due_current.isoformat(),
                "days": days_overdue(row, today=today),
                "working_days": calendar.count_between(row.due_current, row.submitted_on if waits else today),
                "waits": waits,
                "cause": DelayCause(note.cause).label.lower() if note else "",
                "reason": note.reason if note else "",
                "expected": note.expected_on.isoformat() if note and not waits else "",
            }
        )
    return found


def _waiting_rows() -> list[dict[str, Any]]:
    """For whom work waits: {"what", "who", "who_pk", "count", "since"}, by what and in official order."""
    return [
        {**asdict(row), "since": row.since.isoformat() if row.since else ""} for row in waiting.waiting_of(_followed())
    ]


def condition_of(task: DirectiveTask) -> dict[str, Any]:
    """An undecided task as it is frozen, here and in the summary report: what is asked, who decides, by when."""
    return {
        "task": task.pk,
        "code": task.code,
        "title": task.short_title,
        "question": task.condition_question or task.condition_text,
        "decider": task.condition_decider.short_name if task.condition_decider else "",
        "decide_by": task.condition_decide_by.isoformat() if task.condition_decide_by else "",
    }


def _conditions() -> list[dict[str, Any]]:
    """Tasks whose condition nobody has decided: nobody owes them until somebody does."""
    rows = (
        DirectiveTask.objects.filter(FOLLOWED, condition_state=ConditionState.UNDECIDED)
        .select_related("condition_decider")
        .order_by(F("condition_decide_by").asc(nulls_last=True), "directive", "order")[:MOST_ROWS]
    )
    return [condition_of(row) for row in rows]


def _instructions() -> list[dict[str, Any]]:
    """What leaders said and what is not finished yet, the newest first."""
    rows = (
        Instruction.objects.unfinished()
        .filter(directive__state=DirectiveState.ISSUED)
        .order_by("-said_on", "-pk")[:INSTRUCTIONS]
    )
    return [
        {
            "pk": row.pk,
            "words": row.words[:INSTRUCTION_LENGTH] + ("…" if len(row.words) > INSTRUCTION_LENGTH else ""),
            "said_on": row.said_on.isoformat(),
            "state": row.get_state_display(),
        }
        for row in rows
    ]


def _figures(directives: list[Directive]) -> list[dict[str, Any]]:
    """What units reported in numbers, document by document, documents without any left out."""
    summaries = summaries_of(directives, most=FIGURE_ROWS)
    return [
        {
            "directive": row.pk,
            "title": row.short_title,
            "lines": [asdict(line) for line in summaries[row.pk].lines],
            "more": summaries[row.pk].more,
        }
        for row in directives
        if row.pk in summaries
    ]


def _coming(today: date) -> dict[str, Any]:
    """What is due from that day on through the next seven, by day and task; work that waits for the office is done."""
    rows, last = list(coming.coming(_followed(), day=today)), coming.last_day(today)
    return {
        "first": today.isoformat(),
        "last": last.isoformat(),
        "count": sum(row["n"] for row in rows),
        "rows": [
            {
                "day": row["due_current"].isoformat(),
                "directive": row["directive_id"],
                "task": row["task_id"],
                "code": row["task__code"],
                "title": row["task__short_title"],
                "count": row["n"],
            }
            for row in rows[:MOST_ROWS]
        ],
        "more": max(0, len(rows) - MOST_ROWS),
    }


# --- what changed ----------------------------------------------------------------------------------


def _changes(previous: Digest, data: dict[str, Any], known: dict[str, list[int]]) -> dict[str, Any]:
    """From the last digest of the kind to this one; done before + newly done − no longer done = done now."""
    before, now = previous.data, data
    was = {name: set(pks) for name, pks in previous.known.items()}
    now_known = {name: set(pks) for name, pks in known.items()}
    sorts = {
        "done": now_known["done"] - was["done"],
        "undone": was["done"] - now_known["done"],
        "overdue": now_known["overdue"] - was["overdue"],
        "recovered": was["overdue"] - now_known["overdue"],
    }
    named = {name: sorted(pks)[:MOST_NAMED] for name, pks in sorts.items()}
    wanted = {pk for pks in named.values() for pk in pks}
    works = {
        row.pk: row
        for row in Assignment.objects.filter(pk__in=wanted)
        .select_related("task", "unit", "directive")
        .order_by("directive_id", "task__order", "task_id", "unit__sort_order", "pk")
    }
    old, new = Figures(**before["total"]), Figures(**now["total"])
    titles_before = {row["pk"]: row["title"] for row in before["directives"]}
    titles_now = {row["pk"]: row["title"] for row in now["directives"]}
    return {
        "previous": previous.pk,
        "previous_words": previous.period_words,
        "previous_as_of": previous.as_of.isoformat(),
        "figures": {name: [getattr(old, name), getattr(new, name)] for name in COMPARED},
        **{name: {"count": len(pks), "rows": _grouped(works, named[name], name)} for name, pks in sorts.items()},
        "extensions": _extended_since(previous.as_of),
        "registry": _registry_changes(before["registry"], now["registry"]),
        "directives_new": [title for pk, title in titles_now.items() if pk not in titles_before],
        "directives_gone": [title for pk, title in titles_before.items() if pk not in titles_now],
    }


def _grouped(works: dict[int, Assignment], pks: Iterable[int], sort: str) -> list[dict[str, Any]]:
    """The works by task, in the order of the text; of those that left a class also how."""
    wanted, groups = set(pks), {}
    for pk, row in works.items():
        if pk not in wanted:
            continue
        how = _how(row) if sort in ("undone", "recovered") else ""
        group = groups.setdefault(
            (row.task_id, how),
            {
                "directive": row.directive_id,
                "task": row.task_id,
                "code": row.task.code,
                "title": row.task.short_title,
                "how": how,
                "units": [],
            },
        )
        group["units"].append(row.unit.short_name)
    return list(groups.values())[:MOST_ROWS]


def _how(row: Assignment) -> str:
    """Why work left its class."""
    if row.directive.state != DirectiveState.ISSUED:
        return "văn bản đã kết thúc theo dõi"
    if row.state == S.COMPLETED:
        return "đã hoàn thành"
    if not row.is_counted:
        return "ra ngoài thống kê"
    if row.state == S.SUBMITTED:
        return "đã gửi, chờ xác nhận"
    return f"hạn mới {vn_date(row.due_current)}" if row.due_current else "không còn thời hạn"


def _extended_since(moment: datetime) -> dict[str, Any]:
    """Extensions granted after that moment, the newest first."""
    rows = ExtensionRequest.objects.filter(
        state=ExtensionState.APPROVED,
        decided_at__gt=moment,
        assignment__directive__state=DirectiveState.ISSUED,
        assignment__role="lead",
    )
    newest = rows.select_related("assignment__task", "assignment__unit").order_by("-decided_at", "-pk")
    return {
        "count": rows.count(),
        "rows": [
            {
                "assignment": row.assignment_id,
                "code": row.assignment.task.code,
                "title": row.assignment.task.short_title,
                "unit": row.assignment.unit.short_name,
                "from": row.old_due.isoformat() if row.old_due else "",
                "to": row.granted_due.isoformat() if row.granted_due else "",
            }
            for row in newest[:MOST_ROWS]
        ],
    }


def _registry_changes(before: dict[str, Any], now: dict[str, Any]) -> dict[str, list[Any]]:
    """ "veterans.visited": ["12", "31"]; figures that stayed are left out."""
    found = {}
    for source, values in now.items():
        old = before.get(source, {})
        for name, value in values.items():
            if name in old and old[name] != value and name not in ("note", "sentence"):
                found[f"{source}.{name}"] = [old[name], value]
    return found
