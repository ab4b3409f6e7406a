"""A small issued directive with people, for tests of the verbs and pages."""

from dataclasses import dataclass

from accounts.models import User
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.opening import open_report
from tasks.drafts.saving import save_draft
from tasks.models import Assignment, Directive, DirectiveTask, ProgressReport, UnitReport
from tasks.reporting import submit
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_office_user,
    make_product,
    make_reporter,
    make_task,
    make_unit,
)
from units.models import Unit


@dataclass
class Story:
    directive: Directive
    task: DirectiveTask
    unit: Unit
    other_unit: Unit
    office: User
    reporter: User
    stranger: User
    assignment: Assignment
    other_assignment: Assignment


def make_story(**assignment_values) -> Story:
    """One directive, one task, two units with a reporter each; the first unit's work is `assignment`."""
    directive = make_directive()
    office = make_office_user()
    task = make_task(directive, "1a.1")
    unit, other = make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy Ngọc Hồi")
    reporter, stranger = make_reporter(unit, "dakha"), make_reporter(other, "ngochoi")
    return Story(
        directive=directive,
        task=task,
        unit=unit,
        other_unit=other,
        office=office,
        reporter=reporter,
        stranger=stranger,
        assignment=make_assignment(task, unit, **assignment_values),
        other_assignment=make_assignment(task, other),
    )


def owe_paper(assignment: Assignment, name: str = "Kế hoạch"):
    """The assignment owes a paper with số, ký hiệu."""
    product = make_product(assignment.task, kind="plan", name=name, has_paper=True)
    return assignment.products.create(product=product)


def write(story: Story, *, moment, sections: dict[int, SectionInput] | None = None, **typed) -> UnitReport:
    """Open the unit's report and save what is typed for the story's assignment."""
    report = open_report(story.unit, story.directive, by=story.reporter, now=moment)
    if sections is None:
        section = report.sections.get(assignment=story.assignment)
        sections = {section.pk: SectionInput(**({"results": "Đã ban hành kế hoạch."} | typed))}
    save_draft(report, ReportInput(sections=sections), by=story.reporter, now=moment, version=report.version)
    return report


def send(story: Story, *, day: str = "2024-04-10", clock_time: str = "09:00", **typed) -> ProgressReport:
    """Write and send; the section of the story's assignment, waiting for the office."""
    moment = at(day, clock_time)
    report = write(story, moment=moment, **typed)
    submit(report, by=story.reporter, now=moment)
    section = report.sections.select_related(
        "assignment__task", "assignment__unit", "assignment__directive", "unit_report"
    ).get(assignment=story.assignment)
    story.assignment = section.assignment
    return section
