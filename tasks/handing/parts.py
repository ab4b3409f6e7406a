"""What others do for a unit's work, as its page shows it: coordinating units and parts it handed on, work by work.

However much there is, the page reads a bounded number of works and of rows of each; everything about one work stands in
a table of its own (tasks/handing/contributions.py).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When, Window
from django.db.models.functions import RowNumber

from tasks.enums import OUTSIDE_STATES, DirectiveState, SectionState
from tasks.models import Assignment, ProgressReport
from tasks.paging import read_page
from units.models import Unit

# On the unit's page: works, and of each so many that sent something and so many that did not.
WORKS, SENT, MISSING = 8, 5, 12
SENT_STATES = [state for state in SectionState if state != SectionState.DRAFT]
WORDS = {
    SectionState.SUBMITTED: "đã góp, chờ chấp nhận",
    SectionState.ACCEPTED: "đã chấp nhận",
    SectionState.RETURNED: "đã trả lại để bổ sung",
    SectionState.RECALLED: "đơn vị đã rút về, chưa gửi lại",
}


@dataclass(frozen=True)
class Contribution:
    """What one unit has sent."""

    unit_name: str
    section_id: int
    state: SectionState

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def is_waiting(self) -> bool:
        return self.state == SectionState.SUBMITTED


@dataclass
class Parts:
    """One work of the unit: how many do something for it, and the first of them.

    for_work: the unit's own assignment; total, contributed, waiting: of all, not only of those that are listed.
    """

    for_work: int
    code: str
    title: str
    total: int
    contributed: int
    waiting: int
    rows: list[Contribution] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def more_rows(self) -> int:
        """How many have sent something and are not listed."""
        return self.contributed - len(self.rows)

    @property
    def more_missing(self) -> int:
        """How many have sent nothing and are not named."""
        return self.total - self.contributed - len(self.missing)


@dataclass(frozen=True)
class FirstParts:
    """The works on the unit's page; `more`: there are others."""

    works: list[Parts]
    more: bool


def first_parts(user: Any, unit: Unit) -> FirstParts:
    """The first works of the unit that others do something for, what waits for acceptance first (2 statements)."""
    helping = _helping(user, unit)
    found = list(_by_work(helping)[: WORKS + 1])
    return FirstParts(_with_rows(helping, found[:WORKS]), more=len(found) > WORKS)


def page_of_parts(user: Any, unit: Unit, asked: str | None) -> tuple[Page, list[Parts]]:
    """All of them, a page at a time, in the same order (3 statements, two more for a page too large)."""
    helping = _helping(user, unit)

    def read(part: slice, limit: int) -> tuple[list[dict[str, Any]], int]:
        works = _by_work(helping)
        return list(works[part]), helping.order_by().values("for_work").distinct()[:limit].count()

    page = read_page(asked, read)
    return page, _with_rows(helping, page.object_list)


def _helping(user: Any, unit: Unit) -> QuerySet:
    """The others' assignments that go on, each with the unit's own it is for (`for_work`) in an issued document."""
    return (
        Assignment.objects.visible_for_work_of(unit.pk, user)
        .filter(directive__state=DirectiveState.ISSUED)
        .exclude(unit=unit)
        .exclude(state__in=OUTSIDE_STATES)
    )


def _sent() -> QuerySet:
    """What was sent for an assignment."""
    return ProgressReport.objects.filter(assignment=OuterRef("pk"), state__in=SENT_STATES)


def _by_work(helping: QuerySet) -> QuerySet:
    """The works with their numbers: what waits for acceptance first, then in the order of the documents."""
    return (
        helping.order_by()
        .values("for_work", "task", "task__order", "task__code", "task__title")
        .annotate(
            total=Count("pk"),
            contributed=Count("pk", filter=Q(Exists(_sent()))),
            waiting=Count("pk", filter=Q(Exists(_sent().filter(state=SectionState.SUBMITTED)))),
        )
        .order_by(Case(When(waiting__gt=0, then=0), default=1), "task__order", "task", "for_work")
    )


def _with_rows(helping: QuerySet, works: Iterable[dict[str, Any]]) -> list[Parts]:
    """The works with the first rows of each (one statement, none without works)."""
    works = list(works)
    found = {
        row["for_work"]: Parts(
            row["for_work"], row["task__code"], row["task__title"], row["total"], row["contributed"], row["waiting"]
        )
        for row in works
    }
    if not found:
        return []
    # What waits for acceptance speaks for its unit, else the newest.
    sections = _sent().order_by(Case(When(state=SectionState.SUBMITTED, then=0), default=1), "-pk")
    waits_first = Case(When(sent_state=SectionState.SUBMITTED, then=0), When(sent_id__isnull=False, then=1), default=2)
    has_sent = Case(When(sent_id__isnull=False, then=1), default=0)
    rows = (
        helping.filter(task__in={row["task"] for row in works}, for_work__in=list(found))
        .annotate(sent_id=Subquery(sections.values("pk")[:1]), sent_state=Subquery(sections.values("state")[:1]))
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=[F("for_work"), has_sent],
                order_by=[waits_first, F("unit__sort_order").asc(), F("pk").asc()],
            )
        )
        .filter(Q(sent_id__isnull=False, place__lte=SENT) | Q(sent_id__isnull=True, place__lte=MISSING))
        .order_by("for_work", "place")
    )
    columns = ("for_work", "sent_id", "sent_state", "unit__name", "unit__short_name")
    listed: dict[int, list[tuple]] = defaultdict(list)
    for for_work, *rest in rows.values_list(*columns):
        listed[for_work].append(tuple(rest))
    for for_work, parts in found.items():
        for sent_id, state, name, short_name in listed[for_work]:
            if sent_id is None:
                parts.missing.append(short_name)
            else:
                parts.rows.append(Contribution(name, sent_id, SectionState(state)))
    return list(found.values())
