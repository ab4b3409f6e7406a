"""The queue of what a person is to review, oldest first, read one after the other."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, fold
from directive_tracker.workdays import WorkCalendar
from tasks.models import ProgressReport, ReportRound
from tasks.paging import read_page
from tasks.reportview import read_round


@dataclass(frozen=True)
class Waiting:
    """One line of the queue."""

    round: ReportRound
    days: int
    is_current: bool

    @property
    def section(self) -> ProgressReport:
        return self.round.section

    @property
    def mark(self) -> str:
        """The sending that stands on the page, as a tick says it: "12-2"."""
        return f"{self.round.section_id}-{self.round.number}"

    @property
    def waits(self) -> str:
        """ "chờ 3 ngày làm việc"."""
        return f"chờ {self.days} ngày làm việc" if self.days else "gửi hôm nay"


@dataclass(frozen=True)
class Queue:
    """One page of the queue: its lines, and what comes before and after the section that is being read."""

    page: Page
    lines: list[Waiting]
    current: int | None
    before: int | None
    after: int | None

    @property
    def count(self) -> int:
        return self.page.paginator.count


def waiting_rounds(user, words: str) -> QuerySet[ReportRound]:
    """Everything that waits for the person, oldest first, without its content.

    Args:
        words: only rows whose task or unit holds all of them, without accents.
    """
    rounds = ReportRound.objects.visible_to(user).to_review_by(user)
    # A NUL comes by an address only, and PostgreSQL takes none.
    for word in fold(words.replace("\x00", " ")).split():
        rounds = rounds.filter(
            Q(section__assignment__task__search_key__contains=word)
            | Q(section__assignment__unit__search_key__contains=word)
        )
    shown = ("section__assignment__task", "section__assignment__unit", "section__unit_report__period")
    return rounds.select_related(*shown).defer("content").by_waiting()


def read_queue(
    user, words: str, asked_page: str | None, asked_section: int | None, *, today: date, calendar: WorkCalendar
) -> Queue:
    """One page of what waits for the person (two statements, two more for a page too large).

    Args:
        words: as waiting_rounds.
        asked_section: the section that is being read; None: the first one of the page.
    """
    rounds = waiting_rounds(user, words)
    page = read_page(
        asked_page, lambda part, limit: (list(rounds[part]), rounds.order_by().values("pk")[:limit].count())
    )
    found: list[ReportRound] = list(page.object_list)
    pks = [round_.section_id for round_ in found]
    current = asked_section if asked_section is not None else (pks[0] if pks else None)
    place = pks.index(current) if current in pks else -1
    lines = [
        Waiting(
            round=round_,
            days=calendar.count_between(timezone.localdate(round_.submitted_at, ZONE), today),
            is_current=round_.section_id == current,
        )
        for round_ in found
    ]
    after = pks[place + 1] if place + 1 < len(pks) else None
    return Queue(page, lines, current, before=pks[place - 1] if place > 0 else None, after=after)


def last_before(round_: ReportRound, user) -> ReportRound | None:
    """The sending before this one about the same work, made readable: what the unit said last time."""
    found = (
        ReportRound.objects.visible_to(user)
        .filter(section__assignment=round_.section.assignment_id, pk__lt=round_.pk)
        .select_related("section__unit_report__period", "submitted_by", "decided_by")
        .order_by("-pk")
        .first()
    )
    if found is not None:
        found.content = read_round(found)
    return found
