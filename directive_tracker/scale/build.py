"""Everything in one transaction: units, people, documents, work, figures."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from accounts.models import User
from directive_tracker.scale.directives import Documents, at, share_out
from directive_tracker.scale.loader import Rows, loading
from directive_tracker.scale.people import USERNAME, make_cast
from directive_tracker.scale.registry import make_people
from directive_tracker.scale.trend import Trend
from directive_tracker.scale.work import Work
from tasks import tallies
from tasks.desk.filling import fill_words
from tasks.models import Directive, Tally

TASKS_A_DIRECTIVE = 20
PERIODS = 3


@dataclass(frozen=True)
class Size:
    """How much of everything; None: as many as fit the assignments."""

    assignments: int
    units: int
    users: int
    directives: int | None = None
    reports: int | None = None
    people: int = 0

    @property
    def directive_count(self) -> int:
        """The documents asked for, else one for twenty tasks."""
        if self.directives is not None:
            return self.directives
        return -(-self.assignments // (self.units * TASKS_A_DIRECTIVE))


@dataclass(frozen=True)
class Made:
    """What was made: rows of each table, and the one password of all accounts."""

    rows: dict[str, int]
    password: str


def is_there() -> bool:
    """Whether invented data of this kind have been loaded before."""
    return User.objects.filter(username=USERNAME.format(1)).exists()


def build(size: Size, *, today: date, seed: int, say: Callable[[str], object]) -> Made:
    """Load invented data. The same size, day and seed give the same rows, but for the password.

    Args:
        today: the day around which due dates are spread.
        say: called with a word before each step.
    """
    password = secrets.token_urlsafe(9)
    with loading() as tables:
        say("Đơn vị, tài khoản…")
        cast = make_cast(
            units=size.units,
            users=size.users,
            password=password,
            now=at(today, 8),
            random=Random(f"{seed} people"),
        )
        say("Văn bản, phần việc, báo cáo…")
        shares = share_out(size.assignments, size.units, size.directive_count)
        periods, reports = _reports(size, shares)
        documents = Documents(tables, cast, today=today, seed=seed)
        work = Work(tables, cast, today=today, reports=reports)
        first_task = 0
        for number, tasks in enumerate(shares):
            random = Random(f"{seed} {number}")
            plan = documents.write(number, tasks, first_task=first_task, periods=periods, random=random)
            work.write(plan, random=random)
            first_task += len(tasks)
        make_people(
            tables,
            size.people,
            by=cast.officers[0] if cast.officers else None,
            today=today,
            random=Random(f"{seed} registry"),
        )
        for table in tables:
            table.flush()
        fill_words(Directive.objects.filter(pk__gt=documents.directives.first_pk))
        say("Con số tổng hợp…")
        _count(tables, first_pk=documents.directives.first_pk, today=today)
    rows = {str(table.model._meta.verbose_name): table.count for table in tables if table.count}
    return Made({"đơn vị": size.units, "tài khoản": size.users, **rows}, password)


def _reports(size: Size, shares: list[list[list[int]]]) -> tuple[int, int]:
    """Periods a document, and reports altogether."""
    pairs = sum(len({unit for units in tasks for unit in units}) for tasks in shares)
    if size.reports is None:
        return PERIODS, PERIODS * pairs
    return max(PERIODS, -(-size.reports // pairs)) if pairs else PERIODS, size.reports


def _count(tables: list[Rows], *, first_pk: int, today: date) -> None:
    """The kept figures, by the function that counts them live, and what they were; two statements a document."""
    kept = Rows(Tally, "directive_id", "unit_id", "task_id", *tallies.FIGURE_NAMES, day=today)
    tables.append(kept)
    trend = Trend(tables, today=today)
    for directive in Directive.objects.filter(pk__gt=first_pk).order_by("pk"):
        for kind in ("unit", "task"):
            counted = dict(sorted(tallies.live_counts(directive, kind, today=today).items()))
            for pk, figures in counted.items():
                place = (pk, None) if kind == "unit" else (None, pk)
                kept.add(directive.pk, *place, *(getattr(figures, name) for name in tallies.FIGURE_NAMES))
            if kind == "unit":
                trend.write(directive.pk, counted)
