"""What tests of the browser let others do through the services: reports that are there before the page is opened."""

from collections.abc import Mapping

from accounts.models import User
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.opening import open_report
from tasks.drafts.saving import save_draft
from tasks.models import Assignment, UnitReport
from tasks.reporting import submit
from tests.factories import at

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDTHS: dict[int, dict] = {1366: {}, 390: PHONE}


def report_of(username: str, sections: Mapping[str, SectionInput], *, day: str = "2024-02-20") -> UnitReport:
    """The unit's focal point takes note of these tasks, writes and sends; a unit whose head approves is not for this.

    Args:
        sections: task code → what is typed.
    """
    person, moment = User.objects.get(username=username), at(day, "09:00")
    unit = person.memberships.filter(role="reporter").get().unit
    work = Assignment.objects.filter(unit=unit, task__code__in=sections)
    work.filter(state="assigned").update(state="in_progress", acknowledged_on=moment.date())
    report = open_report(unit, work[0].directive, by=person, now=moment)
    typed = {report.sections.get(assignment__task__code=code).pk: words for code, words in sections.items()}
    save_draft(report, ReportInput(sections=typed), by=person, now=moment, version=report.version)
    submit(report, by=person, now=moment)
    return report
