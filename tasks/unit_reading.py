"""A report that was not sent yet, made readable like a sent one: for the unit and its head."""

from tasks.indicators.reading import lines_of
from tasks.models import ReportRound, UnitReport
from tasks.reporting import content_of
from tasks.reportview import SectionReading, read_round


def drafted_sections(report: UnitReport) -> list[SectionReading]:
    """Every section as it would be sent now, in the order of the tasks.

    The round of each reading is not stored; it has no sender. A fixed number of statements.
    """
    sections = (
        report.sections.select_related(
            "assignment__task__directive", "assignment__unit", "assignment__directive", "unit_report"
        )
        .prefetch_related(
            "products__delivery__product",
            "products__file",
            "files__file",
            "rounds__submitted_by",
            "rounds__decided_by",
            "rounds__files",
            "assignment__task__indicators__categories",
        )
        .order_by("assignment__task__order", "pk")
    )
    return [_reading(section) for section in sections]


def _reading(section) -> SectionReading:
    sent = sorted(section.rounds.all(), key=lambda item: item.number)
    draft = ReportRound(section=section, number=len(sent) + 1, content=content_of(section))
    draft.content = read_round(draft)
    return SectionReading(
        section=section,
        round=draft,
        rounds=sent,
        indicators=lines_of(section.assignment.task.indicators.all(), draft.content),
        products=draft.content["products"],
        files=[item.file for item in section.files.all() if item.removed_at is None],
    )
