"""A sent report as its readers see it: the frozen rounds, never the fields being edited."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from records.models import StoredFile
from tasks.indicators.comparing import checks_of_rounds
from tasks.indicators.reading import FigureLine, lines_of
from tasks.models import ProgressReport, ReportRound, UnitReport
from tasks.rounds.differences import Differences, steps_of
from units.access import Access


@dataclass
class SectionReading:
    """One section with its newest round made readable; `form`, `may_decide` are the view's."""

    section: ProgressReport
    round: ReportRound
    rounds: list[ReportRound]
    indicators: list[FigureLine]
    products: list[dict]
    files: list[StoredFile]
    timeliness: str = ""
    time_kind: str = "in-time"
    may_decide: bool = False
    form: object | None = field(default=None, repr=False)
    changes: list[Differences] = field(default_factory=list)
    review: str = ""


def read_round(round_: ReportRound) -> dict:
    """The content of a round with its dates as dates."""
    content = dict(round_.content)
    for name in ("expected_on", "reported_outside_on"):
        if content.get(name):
            content[name] = date.fromisoformat(content[name])
    content["products"] = [
        {
            **entry,
            "paper_date": date.fromisoformat(entry["paper_date"]) if entry["paper_date"] else None,
            "identity": "-".join(part for part in (entry["number"], entry["symbol"]) if part),
        }
        for entry in content.get("products", [])
    ]
    return content


def shows_whole(report: UnitReport, access: Access) -> bool:
    """Whether the words about the report as a whole are for this reader: the unit, who is above it,
    office and readers. A lead or a monitor reads only the sections of its tasks."""
    return access.sees_all_assignments or report.unit_id in access.visible_unit_ids


def sections_for_reading(report: UnitReport, user, *, only: int | None = None) -> list[SectionReading]:
    """The sections the user may see that were sent at least once, in the order of the tasks.

    A fixed number of statements whatever the number of sections. `only`: the one section with this pk.
    """
    sections = (
        report.sections.visible_to(user)
        .select_related(
            "assignment__task__directive",
            "assignment__task__reviewing_unit",
            "assignment__unit",
            "assignment__directive",
            "unit_report",
        )
        .prefetch_related(
            "rounds__submitted_by",
            "rounds__decided_by",
            "rounds__files",
            "assignment__task__indicators__categories",
            "products__delivery__product",
        )
        .order_by("assignment__task__order", "pk")
    )
    readings = []
    for section in sections.filter(pk=only) if only is not None else sections:
        rounds = sorted(section.rounds.all(), key=lambda item: item.number)
        if rounds:
            readings.append(_reading(section, rounds))
    return readings


def put_beside(readings: Iterable[SectionReading], access: Access) -> None:
    """Put what is on record beside the figures that are counted (tasks/indicators/comparing.py)."""
    items = list(readings)
    tasks = {item.section.assignment.task_id: item.section.assignment.task for item in items}
    checks = checks_of_rounds(
        [item.round.pk for item in items],
        [one for task in tasks.values() if not task.words_and_counts_only for one in task.indicators.all()],
        {pk: task.directive_id for pk, task in tasks.items()},
        access,
    )
    for item in items if checks else ():
        item.indicators = [replace(line, check=checks.get((item.round.pk, line.code))) for line in item.indicators]


def _reading(section: ProgressReport, rounds: list[ReportRound]) -> SectionReading:
    newest = rounds[-1]
    changes = changes_of(section, rounds)
    newest.content = read_round(newest)
    return SectionReading(
        section=section,
        round=newest,
        rounds=rounds,
        indicators=lines_of(section.assignment.task.indicators.all(), newest.content),
        products=newest.content["products"],
        files=list(newest.files.all()),
        changes=changes,
    )


def changes_of(section: ProgressReport, rounds: list[ReportRound]) -> list[Differences]:
    """What changed from each sending to the next, newest first.

    Args:
        section: with the indicators of its task at hand.
        rounds: by number, with files at hand, as they were stored.
    """
    if len(rounds) < 2:
        return []
    measures = {item.code: (item.name, item.measure) for item in section.assignment.task.indicators.all()}
    files = {item.pk: {file.pk: file.original_name for file in item.files.all()} for item in rounds}
    return steps_of(rounds, measures, files)
