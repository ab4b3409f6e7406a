"""An invented issued document with four tasks, and a later draft that may change it."""

from dataclasses import dataclass, field
from datetime import date

from tasks.amending.writing import Wanted
from tasks.amending.writing import add as add_amendment
from tasks.models import Assignment, Directive, DirectiveTask, TaskRecipient
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_office,
    make_office_user,
    make_product,
    make_reporter,
    make_task,
    make_unit,
)

NOW = at("2024-03-20", "09:00")
OLD_DUE, NEW_DUE = date(2024, 4, 19), date(2024, 4, 26)


@dataclass
class Papers:
    """The two documents with who carries what."""

    earlier: Directive
    later: Directive
    new: DirectiveTask
    office: object
    tasks: dict[str, DirectiveTask] = field(default_factory=dict)
    units: dict[str, object] = field(default_factory=dict)

    def amend(self, kind: str, code: str | None = None, **values):
        """Write one amendment down on the later document."""
        task = self.tasks[code] if code else None
        wanted = Wanted(kind=kind, task=task, **values)
        return add_amendment(self.later, self.earlier, wanted, by=self.office, now=NOW)

    def part(self, code: str, unit: str) -> Assignment:
        return Assignment.objects.get(task=self.tasks[code], unit=self.units[unit])

    def states(self, code: str) -> dict[str, tuple]:
        """Unit → (role, state, day)."""
        rows = Assignment.objects.filter(task=self.tasks[code]).order_by("pk")
        return {row.unit.short_name: (row.role, row.state, row.due_current) for row in rows.select_related("unit")}


def make_papers(*, by=None) -> Papers:
    """1 is led by north (at work) and south (done), helped by youth; 2 by north; 3 by the office; 4 by nobody yet."""
    make_office()
    office = by or make_office_user()
    earlier = make_directive(
        title="Tổ chức ngày hội", short_title="Ngày hội", number="41-CV/TU", issued_on=date(2024, 2, 15)
    )
    papers = Papers(
        earlier,
        make_directive(
            state="draft", title="Điều chỉnh ngày hội", short_title="Điều chỉnh", kind="Công văn", number="57-CV/TU"
        ),
        None,
        office,
    )
    for name in ("north", "south", "youth", "west"):
        papers.units[name] = make_unit(name, short_name=name)
        make_reporter(papers.units[name], f"cb-{name}")
    for code in ("1", "2", "3", "4"):
        papers.tasks[code] = make_task(earlier, code, short_title=f"Việc {code}")
        make_product(papers.tasks[code], due_kind="fixed", due_date=OLD_DUE)
    work = {"due": OLD_DUE, "due_source": "text"}
    make_assignment(papers.tasks["1"], papers.units["north"], state="in_progress", **work)
    make_assignment(papers.tasks["1"], papers.units["south"], state="completed", **work)
    make_assignment(papers.tasks["1"], papers.units["youth"], role="coordinating", **work)
    make_assignment(papers.tasks["2"], papers.units["north"], **work)
    papers.new = make_task(papers.later, "1", short_title="Việc mới")
    make_product(papers.new, due_kind="fixed", due_date=date(2024, 5, 10))
    TaskRecipient.objects.create(task=papers.new, role="lead", unit=papers.units["north"])
    return papers
