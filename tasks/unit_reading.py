"""A report that was not sent yet, made readable like a sent one: for the unit and its head."""

from tasks.indicators.reading import lines_of
from tasks.models import ReportRound, UnitReport
from tasks.reporting import content_of
from tasks.reportview import SectionReading, changes_of, read_round
from tasks.rounds.differences import Differences, between


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
    changes = _changes(section, sent, draft)
    draft.content = read_round(draft)
    return SectionReading(
        section=section,
        round=draft,
        rounds=sent,
        indicators=lines_of(section.assignment.task.indicators.all(), draft.content),
        products=draft.content["products"],
        files=[item.file for item in section.files.all() if item.removed_at is None],
        changes=changes,
    )


def _changes(section, sent: list[ReportRound], draft: ReportRound) -> list[Differences]:
    """What is new since the last sending, then what changed before."""
    if not sent or not section.is_editable:
        return changes_of(section, sent)
    measures = {item.code: (item.name, item.measure) for item in section.assignment.task.indicators.all()}
    step = between(sent[-1], draft, measures)
    was = {file.pk: file.original_name for file in sent[-1].files.all()}
    now = {item.file_id: item.file.original_name for item in section.files.all() if item.removed_at is None}
    step.compare_files(was, now)
    return [*([step] if step else []), *changes_of(section, sent)]
