"""A district with three communes below it, for tests of working together."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.opening import open_report
from tasks.drafts.saving import save_draft
from tasks.handing.giving import PartInput, hand_on
from tasks.models import Assignment, Indicator, ProgressReport
from tasks.reporting import submit
from tasks.reviewing import accept_section
from tests.factories import at, make_reporter, make_unit
from tests.tasks.story import Story, make_story
from units.models import Unit

NOW = at("2024-04-01", "09:00")
DUE = date(2024, 4, 12)


@dataclass
class District:
    """The story, the communes below its unit and their reporters."""

    story: Story
    communes: list[Unit]
    people: list[User]

    @property
    def work(self) -> Assignment:
        return self.story.assignment


def make_district(count: int = 3, **assignment_values) -> District:
    """The story's unit leads work in progress and has communes below it."""
    story = make_story(**({"state": "in_progress"} | assignment_values))
    communes = [make_unit(f"Đảng ủy xã {number}", parent=story.unit) for number in range(1, count + 1)]
    people = [make_reporter(unit, f"xa{number}") for number, unit in enumerate(communes, start=1)]
    return District(story, communes, people)


def give(district: District, units=None, **values) -> list[Assignment]:
    """Hand a part on to the communes."""
    data = PartInput(**({"words": "Tuyên truyền trên loa, báo cáo số buổi.", "due": DUE} | values))
    return hand_on(district.work, units or district.communes, data, by=district.story.reporter, now=NOW)


def count_sessions(district: District, **values) -> Indicator:
    """The task asks for a count of sessions."""
    values = {"code": "CT01", "order": 1, "name": "Số buổi", "measure": "buổi", "mode": "in_period"} | values
    return Indicator.objects.create(task=district.story.task, **values)


def report(part: Assignment, person: User, *, day: str = "2024-04-05", accept_by=None, **typed) -> ProgressReport:
    """The part's unit reports on it; its parent accepts where `accept_by` is given."""
    moment = at(day)
    unit_report = open_report(part.unit, part.directive, by=person, now=moment)
    section = unit_report.sections.get(assignment=part)
    words = SectionInput(**({"results": "Đã tuyên truyền."} | typed))
    save_draft(
        unit_report, ReportInput(sections={section.pk: words}), by=person, now=moment, version=unit_report.version
    )
    submit(unit_report, by=person, now=moment)
    section = ProgressReport.objects.select_related(
        "assignment__task", "assignment__unit", "assignment__directive", "assignment__parent", "unit_report"
    ).get(pk=section.pk)
    if accept_by is not None:
        accept_section(section, by=accept_by, now=at(day, "10:00"))
    return section
