"""Documents, their texts with offsets, tasks, products, indicators, periods: everything that stands before the work."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from random import Random

from directive_tracker import vietnamese
from directive_tracker.scale import words
from directive_tracker.scale.loader import Rows
from directive_tracker.scale.people import Cast
from tasks.enums import ConditionState, DirectiveState, DueKind, DueSource, ProductKind, Strength
from tasks.models import (
    Clause,
    Directive,
    DirectiveTask,
    DirectiveText,
    Indicator,
    Product,
    ReportingPeriod,
    TaskSpan,
)

KINDS = ("Công văn", "Chỉ thị", "Kế hoạch", "Thông báo")
ISSUER = "Tỉnh ủy"
TASKS_A_CLAUSE = 5
# Of 20 tasks, these are already past their due day; the others are still to come.
PAST = frozenset(range(0, 20, 2)) | {19}
TWENTY = 20
# One task in so many.
ENCOURAGED_EVERY, UNDECIDED_EVERY, WITHOUT_DUE_EVERY = 23, 41, 37
INDICATOR_EVERY, PAPER_EVERY = 4, 3
FIRST_ISSUED_BEFORE, ISSUED_WITHIN = 120, 60  # days
LONGEST_PAST, LONGEST_AHEAD = 60, 45  # days


@dataclass
class TaskPlan:
    """One task: who gets it and by when."""

    pk: int
    due: date | None
    is_counted: bool
    product: int
    has_paper: bool
    indicator: int | None
    indicator_code: str
    product_name: str
    units: list[int]  # places in Cast.units


@dataclass
class PeriodPlan:
    """One period: when it is cut off."""

    pk: int
    cutoff: date


@dataclass
class DirectivePlan:
    """One document with everything below it."""

    pk: int
    short_title: str
    issued_on: date
    tasks: list[TaskPlan] = field(default_factory=list)
    periods: list[PeriodPlan] = field(default_factory=list)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """That moment in Việt Nam."""
    return datetime.combine(day, time(hour, minute), vietnamese.ZONE)


def workday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def share_out(assignments: int, units: int, directives: int) -> list[list[list[int]]]:
    """Directive → task → places of the units that get it; the assignments add up exactly.

    No task goes to a unit twice, so there are as many tasks as that asks for, and at least one a directive.
    """
    if not directives:
        return []
    tasks = max(-(-assignments // units), directives)
    each, more = divmod(assignments, tasks)
    shares: list[list[list[int]]] = [[] for _ in range(directives)]
    at_unit = 0
    for task in range(tasks):
        count = each + (task < more)
        shares[task * directives // tasks].append([(at_unit + step) % units for step in range(count)])
        at_unit = (at_unit + count) % units
    return shares


class Documents:
    """Writes the documents of a plan."""

    def __init__(self, tables: list[Rows], cast: Cast, *, today: date, seed: int) -> None:
        self.cast, self.today, self.seed = cast, today, seed
        self.directives = Rows(
            Directive,
            *("kind", "number", "issued_date", "title", "short_title", "event_date", "issued_on", "recorded_at"),
            "search_key",
            issuer=ISSUER,
            event_name="Hội nghị tổng kết",
            state=DirectiveState.ISSUED.value,
            office_id=cast.office.pk,
            issued_by_id=cast.officers[0] if cast.officers else None,
            recorded_by_id=cast.officers[0] if cast.officers else None,
        )
        self.texts = Rows(DirectiveText, "directive_id", "body", "source_sha256", "created_at")
        self.clauses = Rows(Clause, "text_id", "code", "title", "order", "start", "end")
        self.tasks = Rows(
            DirectiveTask,
            *("directive_id", "clause_id", "code", "order", "title", "short_title", "strength"),
            *("condition_text", "condition_question", "condition_state", "condition_decide_by", "search_key"),
            reviewing_unit_id=cast.office.pk,
        )
        self.spans = Rows(TaskSpan, "task_id", "text_id", "start", "end")
        self.products = Rows(
            Product,
            *("task_id", "kind", "name", "has_paper", "due_kind", "due_date", "due_source", "due_basis"),
            order=1,
        )
        self.indicators = Rows(
            Indicator, "task_id", code="so-luong", order=1, name="Số đơn vị đã triển khai", measure="đơn vị"
        )
        self.periods = Rows(ReportingPeriod, "directive_id", "name", "starts_on", "opens_on", "cutoff_on", "due_on")
        tables += [
            *(self.directives, self.texts, self.clauses, self.tasks, self.spans),
            *(self.products, self.indicators, self.periods),
        ]

    def write(
        self, number: int, shares: list[list[int]], *, first_task: int, periods: int, random: Random
    ) -> DirectivePlan:
        """One document.

        Args:
            number: its place among all documents, from 0.
            shares: task → places of units.
            first_task: how many tasks the documents before it have.
        """
        issued_on = workday(self.today - timedelta(days=FIRST_ISSUED_BEFORE + number * 13 % ISSUED_WITHIN))
        subject = words.SUBJECTS[number % len(words.SUBJECTS)]
        kind = KINDS[number % len(KINDS)]
        symbol = f"{number + 1}-{''.join(word[0] for word in kind.split()).upper()}/TU"
        title = f"Về việc thực hiện {subject} (đợt {number + 1})"
        short_title = f"{subject[:1].upper()}{subject[1:]}, đợt {number + 1}"[:80]
        pk = self.directives.add(
            *(kind, symbol, issued_on, title, short_title),
            self.today + timedelta(days=20 + number % 60),
            issued_on,
            at(issued_on, 8),
            vietnamese.fold(f"{symbol} {title} {short_title} {ISSUER}")[:700],
        )
        plan = DirectivePlan(pk, short_title, issued_on)
        named = [words.task_words(first_task + step) for step in range(len(shares))]
        titles = [f"{name} (việc {first_task + step + 1})" for step, (name, _) in enumerate(named)]
        body, places, clauses = _body(title, titles)
        text = self.texts.add(pk, body, sha256(f"{self.seed} {number} {body}".encode()).hexdigest(), at(issued_on, 8))
        clause_pks = [
            self.clauses.add(text, code, name, order, *span) for order, (code, name, span) in enumerate(clauses, 1)
        ]
        for step, (units, task_title, span) in enumerate(zip(shares, titles, places, strict=True)):
            clause = step // TASKS_A_CLAUSE
            code = f"{clause + 1}{'abcde'[step % TASKS_A_CLAUSE]}"
            task = self._task(
                pk, clause_pks[clause], code, step, first_task + step, task_title, named[step][1], units, random
            )
            self.spans.add(task.pk, text, *span)
            plan.tasks.append(task)
        days = (self.today - issued_on).days - 2
        starts = issued_on
        for period in range(periods):
            opens = issued_on + timedelta(days=days * period // periods + (1 if period else 0))
            cutoff = issued_on + timedelta(days=days * (period + 1) // periods)
            name = f"Kỳ {period + 1}, chốt ngày {vietnamese.vn_date(cutoff)}"
            plan.periods.append(
                PeriodPlan(self.periods.add(pk, name, starts, opens, cutoff, cutoff + timedelta(days=2)), cutoff)
            )
            starts = cutoff + timedelta(days=1)
        return plan

    def _task(self, directive, clause, code, order, number, title, short_title, units, random: Random) -> TaskPlan:
        due: date | None = None
        if number % WITHOUT_DUE_EVERY != WITHOUT_DUE_EVERY - 1:
            late = number % TWENTY in PAST
            days = -random.randint(1, LONGEST_PAST) if late else random.randint(0, LONGEST_AHEAD)
            due = self.today + timedelta(days=days)
        encouraged = number % ENCOURAGED_EVERY == ENCOURAGED_EVERY - 1
        undecided = not encouraged and number % UNDECIDED_EVERY == UNDECIDED_EVERY - 1
        pk = self.tasks.add(
            *(directive, clause, code, order + 1, title[:300], short_title),
            Strength.ENCOURAGED.value if encouraged else Strength.REQUIRED.value,
            "nếu cấp trên có hướng dẫn" if undecided else "",
            "Cấp trên có hướng dẫn không?" if undecided else "",
            ConditionState.UNDECIDED.value if undecided else ConditionState.NONE.value,
            self.today + timedelta(days=7) if undecided else None,
            vietnamese.fold(f"{code} {title} {short_title}")[:500],
        )
        has_paper = number % PAPER_EVERY == 0
        name = "Văn bản triển khai" if has_paper else "Báo cáo kết quả"
        product = self.products.add(
            *(pk, ProductKind.DEPLOYMENT.value if has_paper else ProductKind.FIGURES.value, name, has_paper),
            DueKind.FIXED.value if due else DueKind.NONE.value,
            due,
            DueSource.TEXT.value if number % 2 else DueSource.OFFICE.value,
            "Ghi trong văn bản" if due and number % 2 else "",
        )
        indicator = self.indicators.add(pk) if number % INDICATOR_EVERY == 1 else None
        return TaskPlan(
            pk, due, not encouraged and not undecided, product, has_paper, indicator, "so-luong", name, units
        )


def _body(title: str, titles: list[str]) -> tuple[str, list[tuple[int, int]], list[tuple[str, str, tuple[int, int]]]]:
    """The text, where each task stands in it, and its clauses (code, title, span)."""
    body = f"{title}\n\nCăn cứ chương trình công tác năm, đề nghị các cơ quan, đơn vị thực hiện các nội dung sau:\n"
    places, clauses = [], []
    for first in range(0, len(titles), TASKS_A_CLAUSE):
        number, start = first // TASKS_A_CLAUSE + 1, len(body)
        name = f"Nhóm nhiệm vụ {number}"
        body += f"{number}. {name}\n"
        for letter, words_ in zip("abcde", titles[first : first + TASKS_A_CLAUSE], strict=False):
            body += f"{letter}) "
            places.append((len(body), len(body) + len(words_) + 1))
            body += f"{words_}.\n"
        clauses.append((str(number), name, (start, len(body) - 1)))
    return body, places, clauses
