"""A directive of four tasks and two units, played through the services of the room, for the tests of summary reports."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accounts.models import User
from tasks.drafts.inputs import ProductInput, ReportInput, SectionInput
from tasks.drafts.opening import open_report
from tasks.drafts.saving import save_draft
from tasks.models import Assignment, Directive, DirectiveTask, Indicator, ProgressReport
from tasks.reporting import submit
from tasks.reviewing import accept_section, return_section
from tests.factories import (
    at,
    make_assignment,
    make_clause,
    make_directive,
    make_office_user,
    make_product,
    make_reporter,
    make_task,
    make_unit,
)
from tests.tasks.digests import make_reader
from tests.tasks.indicators.figures import make_indicator
from units.models import Unit

NOTHING = {"good": "", "bad": "", "next": ""}
DAK_HA, NGOC_HOI = "Huyện ủy Đắk Hà", "Huyện ủy Ngọc Hồi"


@dataclass
class Play:
    """works: "1a.1 Huyện ủy Đắk Hà" → the assignment."""

    directive: Directive
    office: User
    reader: User
    units: dict[str, Unit]
    reporters: dict[str, User]
    tasks: dict[str, DirectiveTask]
    indicator: Indicator
    works: dict[str, Assignment] = field(default_factory=dict)

    def work(self, code: str, unit: str) -> Assignment:
        """The row as it is now."""
        pk = self.works[f"{code} {unit}"].pk
        return Assignment.objects.select_related("task", "unit", "directive").get(pk=pk)

    def send(self, code: str, unit: str, moment: datetime, *, paper: str = "", **typed: Any) -> ProgressReport:
        """The unit reports on one work; `paper` is the number of its văn bản triển khai."""
        work, by = self.work(code, unit), self.reporters[unit]
        report = open_report(self.units[unit], self.directive, by=by, now=moment)
        section = report.sections.get(assignment=work)
        if paper:
            papers = {work.products.get().pk: ProductInput(paper, "KH/HU", moment.date(), "Bí thư")}
            typed = {**typed, "products": papers}
        save_draft(
            report,
            ReportInput(sections={section.pk: SectionInput(**typed)}),
            by=by,
            now=moment,
            version=report.version,
        )
        submit(report, by=by, now=moment)
        return self.section(section.pk)

    def section(self, pk: int) -> ProgressReport:
        return ProgressReport.objects.select_related(
            "assignment__task", "assignment__unit", "assignment__directive", "unit_report"
        ).get(pk=pk)

    def accept(self, section: ProgressReport, moment: datetime) -> None:
        accept_section(self.section(section.pk), by=self.office, now=moment)

    def give_back(self, section: ProgressReport, moment: datetime) -> None:
        return_section(self.section(section.pk), by=self.office, now=moment, reason="Thiếu số liệu của các xã")


def make_play(**values: Any) -> Play:
    """1a.1 (due 15/3, owes a paper by 29/02, counts buổi) and 1a.2 (due 10/3) for both units; 1a.5 encouraged and 2 undecided
    for the second one. Nobody has taken note of anything."""
    directive = make_directive(**values)
    first, second = make_unit(DAK_HA), make_unit(NGOC_HOI)
    clauses = {
        "1a": make_clause(directive, "1a", title="Tuyên truyền"),
        "2": make_clause(directive, "2", title="Cầu truyền hình"),
    }
    tasks = {code: make_task(directive, code, clause=clauses["1a"]) for code in ("1a.1", "1a.2")}
    tasks["1a.5"] = make_task(directive, "1a.5", clause=clauses["1a"], strength="encouraged")
    tasks["2"] = make_task(
        directive, "2", clause=clauses["2"], condition_state="undecided", condition_decide_by=date(2024, 4, 19)
    )
    play = Play(
        directive=directive,
        office=make_office_user(),
        reader=make_reader(),
        units={DAK_HA: first, NGOC_HOI: second},
        reporters={DAK_HA: make_reporter(first, "dakha"), NGOC_HOI: make_reporter(second, "ngochoi")},
        tasks=tasks,
        indicator=make_indicator(tasks["1a.1"], "CT01", target=10),
    )
    paper = make_product(tasks["1a.1"], kind="deployment", has_paper=True)
    for code, unit, due in (
        ("1a.1", first, date(2024, 3, 15)),
        ("1a.1", second, date(2024, 3, 15)),
        ("1a.2", first, date(2024, 3, 10)),
        ("1a.2", second, date(2024, 3, 10)),
        ("1a.5", second, date(2024, 4, 30)),
        ("2", second, date(2024, 4, 30)),
    ):
        work = make_assignment(tasks[code], unit, due=due)
        play.works[f"{code} {unit.name}"] = work
        if code == "1a.1":
            work.products.create(product=paper, due_date=date(2024, 2, 29))
    return play


def play_until_15_march(play: Play) -> dict[str, ProgressReport]:
    """As of the evening of 15/3: 1a.1 done in time by the first unit, sent and waiting of the second; 1a.2 late with the
    first unit, whose report came back once, and with the second."""
    sent = {}
    done = play.send(
        "1a.1",
        DAK_HA,
        at("2024-02-27", "09:00"),
        paper="12",
        results="Đã tổ chức 5 buổi.",
        difficulties="Mưa kéo dài.",
        claims_completion=True,
        indicator_values={"CT01": 5},
    )
    play.accept(done, at("2024-02-28", "10:00"))
    sent["done"] = done
    back = play.send("1a.2", DAK_HA, at("2024-03-01", "09:00"), results="Đang làm.")
    play.give_back(back, at("2024-03-04", "09:00"))
    progress = play.send(
        "1a.2", NGOC_HOI, at("2024-03-05", "09:00"), results="Treo 12 pano.", proposals="Đề nghị cấp mẫu pano."
    )
    play.accept(progress, at("2024-03-06", "09:00"))
    sent["progress"] = progress
    sent["waiting"] = play.send(
        "1a.1",
        NGOC_HOI,
        at("2024-03-14", "15:00"),
        paper="7",
        results="Đã tổ chức 3 buổi.",
        claims_completion=True,
        indicator_values={"CT01": 3},
    )
    return sent
