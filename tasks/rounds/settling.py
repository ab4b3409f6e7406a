"""The state of a report follows from its sections."""

from tasks.enums import ReportState, SectionState
from tasks.models import ProgressReport, ReportRound, UnitReport

# The first that a section is in says it for the report.
IN_ORDER = (
    (SectionState.RETURNED, ReportState.RETURNED),
    (SectionState.RECALLED, ReportState.RECALLED),
    (SectionState.SUBMITTED, ReportState.SUBMITTED),
)


def state_of(section_states: set[str]) -> ReportState:
    """Where a report with sections in these states stands: something to mend or to send again comes first."""
    return next((report for section, report in IN_ORDER if section in section_states), ReportState.DECIDED)


def settle(report: UnitReport) -> None:
    """Write down where the report stands now."""
    report.state = state_of(set(report.sections.values_list("state", flat=True)))
    UnitReport.objects.filter(pk=report.pk).update(state=report.state)


def current_round(section: ProgressReport) -> ReportRound | None:
    """The newest sending of the section, or None while it was never sent."""
    return section.rounds.select_related("decided_by").order_by("-number").first()
