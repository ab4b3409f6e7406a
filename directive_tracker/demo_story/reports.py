"""Filling in a unit's report as a focal point would: some sections with words, figures, papers, a file."""

from dataclasses import dataclass
from datetime import date, datetime

from directive_tracker.demo_story import papers, words
from directive_tracker.demo_story.cast import Cast
from directive_tracker.demo_story.figures import figures_of
from directive_tracker.vietnamese import ZONE
from tasks.drafts import saving
from tasks.drafts.inputs import ProductInput, ReportInput, SectionInput
from tasks.enums import AssignmentRole
from tasks.indicators.tallying import differs, tallies_for
from tasks.models import ProgressReport, UnitReport


@dataclass(frozen=True)
class Told:
    """What is said in one section."""

    code: str
    done: bool = False
    # Kinds of products whose paper is reported; with_file attaches it.
    papers: tuple[str, ...] = ()
    with_file: bool = False
    # What the office will miss.
    without_figures: bool = False
    hard: str = ""
    expected_on: date | None = None


def fill_in(cast: Cast, report: UnitReport, told: tuple[Told, ...], *, now: datetime) -> None:
    """Type the sections into the report's form and save it; sections the form does not have are left out."""
    unit = report.unit
    day = now.astimezone(ZONE).date()
    sections = {
        section.assignment.task.code: section
        for section in report.sections.select_related("assignment__task", "assignment__unit").prefetch_related(
            "assignment__task__indicators__categories", "products__delivery__product"
        )
    }
    present = [item for item in told if item.code in sections]
    typed = {sections[item.code].pk: _section(cast, sections[item.code], item, day=day, now=now) for item in present}
    _explain(report, [sections[item.code] for item in present], typed, day=day)
    paper = papers.report_paper(unit, day, cast.head(unit.code).full_name)
    # Several sections are a report with a paper; one alone is a message between periods.
    named = len(present) > 1
    saving.save_draft(
        report,
        ReportInput(
            general_note=words.general_note(unit.code, day) if named else report.general_note,
            paper_number=paper.number if named else report.paper_number,
            paper_symbol=paper.symbol if named else report.paper_symbol,
            paper_date=day if named else report.paper_date,
            paper_signer=paper.signer if named else report.paper_signer,
            sections=typed,
        ),
        by=cast.reporter(unit.code),
        now=now,
        version=report.version,
    )


def _section(cast: Cast, section: ProgressReport, told: Told, *, day: date, now: datetime) -> SectionInput:
    """What is typed in one section."""
    unit = section.assignment.unit
    leads = section.assignment.role == AssignmentRole.LEAD
    indicators = section.assignment.task.indicators.all() if leads else ()
    codes = [indicator.code for indicator in indicators if not indicator.categories.all()]
    values = figures_of(unit.code, told.code, codes, day)
    parts = {
        indicator.code: figures_of(unit.code, told.code, [part.code for part in indicator.categories.all()], day)
        for indicator in indicators
        if indicator.categories.all()
    }
    shown = values | {code: value for by_category in parts.values() for code, value in by_category.items()}
    products, identity = _products(cast, section, told, day=day, now=now)
    return SectionInput(
        results=words.results(unit.code, told.code, _kind(told, leads), day, shown, identity),
        difficulties=told.hard or (words.difficulties(unit.code, told.code, day) if leads else ""),
        proposals=words.proposals(unit.code, told.code, day) if leads else "",
        expected_on=told.expected_on,
        claims_completion=told.done,
        indicator_values={} if told.without_figures else dict(values),
        indicator_parts={} if told.without_figures else parts,
        products=products,
    )


def _explain(report: UnitReport, sections: list[ProgressReport], typed: dict[int, SectionInput], *, day: date) -> None:
    """A word to every figure that is not what the registry has counted by then."""
    found = tallies_for(report, sections, today=day)
    for section in sections:
        told = typed[section.pk]
        for code, tallies in found.get(section.pk, {}).items():
            if differs(tallies, told.indicator_values.get(code), told.indicator_parts.get(code, {})):
                told.indicator_comments[code] = words.BEYOND_THE_REGISTRY


def _kind(told: Told, leads: bool) -> str:
    """Which words fit."""
    if not leads:
        return "contributed"
    if told.done:
        return "done"
    if "plan" in told.papers:
        return "prepared"
    return "deployed" if told.papers else "going_on"


def _products(
    cast: Cast, section: ProgressReport, told: Told, *, day: date, now: datetime
) -> tuple[dict[int, ProductInput], str]:
    """The papers that are reported now, and the identity of the last one known."""
    unit = section.assignment.unit
    signer = cast.head(unit.code).full_name
    typed, identity = {}, ""
    for row in section.products.all():
        kind = row.delivery.product.kind
        if kind not in told.papers:
            continue
        paper = papers.paper_of(unit, told.code, kind, day, signer)
        identity = paper.identity
        file = None
        if told.with_file:
            file = papers.file_of(
                paper, unit, section.assignment.task.short_title, by=cast.reporter(unit.code), now=now
            )
        typed[row.delivery_id] = ProductInput(paper.number, paper.symbol, paper.day, paper.signer, file)
    return typed, identity
