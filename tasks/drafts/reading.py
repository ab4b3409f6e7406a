"""What the form of a report shows: its sections, and what is read beside them."""

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Exists, Max, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from directive_tracker.prepared import Prepared
from tasks.enums import RoundDecision, SectionState
from tasks.events.counting import Counted, counted_for
from tasks.handing.gathering import Together, together_for
from tasks.indicators.tallying import Tallies, tallies_for
from tasks.models import (
    DraftCopy,
    Indicator,
    ProgressReport,
    ReportRound,
    SectionFile,
    SectionProduct,
    TaskSpan,
    UnitReport,
)
from tasks.passages import Passage, passages_in

# What hangs on a section, and the flag that says whether there is any of it: most sections have none, and each kind is a
# statement of its own.
_PRODUCTS = ("products__delivery__product", "products__file")
_FILES = ("files__file",)


def _whole_sections(report: int) -> QuerySet:
    """Of a report found through its door."""
    return (
        ProgressReport.objects.filter(unit_report=report)
        .select_related("assignment__task", "assignment__unit", "assignment__directive", "saved_by")
        .annotate(
            has_indicators=Exists(Indicator.objects.filter(task=OuterRef("assignment__task")).order_by()),
            has_products=Exists(SectionProduct.objects.filter(section=OuterRef("pk"))),
            has_files=Exists(SectionFile.objects.filter(section=OuterRef("pk")).order_by()),
            has_copies=Exists(DraftCopy.objects.filter(section=OuterRef("pk")).order_by()),
        )
        .order_by("assignment__task__order", "pk")
    )


_WHOLE_SECTIONS = Prepared(_whole_sections)


def load_sections(report: UnitReport) -> list[ProgressReport]:
    """The report's sections with everything the form shows, in a fixed number of statements."""
    sections: list[ProgressReport] = _WHOLE_SECTIONS.rows(report.pk)
    for section in sections:
        section.unit_report, section.may_have_copies = report, section.has_copies
    tasks = [section.assignment.task for section in sections]
    if any(section.has_indicators for section in sections):
        asked = Indicator.objects.with_target_of(report.unit_id).order_by("order").prefetch_related("categories")
        prefetch_related_objects(tasks, Prefetch("indicators", queryset=asked))
    else:
        _has_none(tasks, "indicators", Indicator.objects.none())
    _fill(sections, "products", any(section.has_products for section in sections), *_PRODUCTS)
    _fill(sections, "files", any(section.has_files for section in sections), *_FILES)
    return sections


def editable_sections(report: UnitReport) -> list[ProgressReport]:
    """Those of them that the unit may type on."""
    return [section for section in load_sections(report) if section.is_editable]


def _fill(rows: list[ProgressReport], name: str, is_any: bool, *lookups: str) -> None:
    """Read what hangs on the sections; where there is none, they are told so without a statement."""
    if is_any:
        prefetch_related_objects(rows, *lookups)
    else:
        _has_none(rows, name, ProgressReport._meta.get_field(name).related_model._default_manager.none())


def _has_none(rows: list[Any], name: str, nothing: QuerySet) -> None:
    """Tell the rows that none of that name hangs on them."""
    # As prefetch_related leaves what it has read: nothing is asked or put together for it again.
    nothing._result_cache = []
    for row in rows:
        row._prefetched_objects_cache = {**getattr(row, "_prefetched_objects_cache", {}), name: nothing}


def _newest_rounds(rounds: QuerySet[ReportRound]) -> QuerySet[ReportRound]:
    newest = rounds.order_by().values("section__assignment").annotate(newest=Max("pk")).values("newest")
    return ReportRound.objects.filter(pk__in=newest).select_related("section", "decided_by").order_by("pk")


def _last_rounds(report: int) -> QuerySet[ReportRound]:
    standing = [RoundDecision.ACCEPTED, RoundDecision.PENDING]
    asked = ProgressReport.objects.filter(unit_report=report).order_by().values("assignment")
    others = ReportRound.objects.filter(section__assignment__in=asked, decision__in=standing)
    return _newest_rounds(others.exclude(section__unit_report=report))


def _copies(report: int) -> QuerySet[DraftCopy]:
    return DraftCopy.objects.filter(section__unit_report=report).select_related("by")


def _spans(report: int) -> QuerySet[TaskSpan]:
    asked = ProgressReport.objects.filter(unit_report=report).order_by().values("assignment__task")
    return TaskSpan.objects.filter(task__in=asked).select_related("text").order_by("task_id", "start")


_LAST_ROUNDS, _COPIES, _SPANS = Prepared(_last_rounds), Prepared(_copies), Prepared(_spans)


def last_rounds(report: UnitReport) -> dict[int, ReportRound]:
    """Of each assignment in the report the newest round that was accepted or waits, of other reports, by assignment id
    (1 statement)."""
    return {round_.section.assignment_id: round_ for round_ in _LAST_ROUNDS.rows(report.pk)}


def returned_rounds(sections: list[ProgressReport]) -> dict[int, ReportRound]:
    """The newest round of each section that came back, by section (1 statement, none where nothing came back)."""
    ids = [section.pk for section in sections if section.state == SectionState.RETURNED]
    return (
        {round_.section_id: round_ for round_ in _newest_rounds(ReportRound.objects.filter(section__in=ids))}
        if ids
        else {}
    )


class Beside:
    """What is read beside the sections of a report, each kind once and only when a page shows it or a button asks for it."""

    def __init__(self, report: UnitReport, sections: list[ProgressReport], *, today: date):
        self.report, self.sections, self.today = report, sections, today
        self.editable = [section for section in sections if section.is_editable]

    @cached_property
    def last_rounds(self) -> dict[int, ReportRound]:
        """What was accepted or sent last of each assignment; read when a page shows it, which a sent report never does."""
        return last_rounds(self.report)

    @cached_property
    def counted(self) -> dict[int, Counted]:
        """What is on record for the figures, by section; read when a page shows it or a button asks for it."""
        return counted_for(self.report, self.editable, today=self.today)

    @property
    def until(self) -> date:
        """The last day that the figures speak of."""
        return min(self.report.period.cutoff_on, self.today) if self.report.period else self.today

    @cached_property
    def tallies(self) -> dict[int, dict[str, Tallies]]:
        """What other rooms have on record for the figures, by section and code of the figure. The office, which enters
        for a unit, is not told what stays with the unit."""
        return {} if self.report.on_behalf else tallies_for(self.report, self.editable, today=self.today)

    @cached_property
    def together(self) -> dict[int, Together]:
        """What others have reported for the sections; read when a page shows it or a button asks for it."""
        days = {assignment: round_.submitted_on for assignment, round_ in self.last_rounds.items()}
        return together_for(self.report, self.editable, days)

    @cached_property
    def copies(self) -> dict[int, list[DraftCopy]]:
        """Other versions of the sections, by section, newest first; read when a page shows them."""
        found: dict[int, list[DraftCopy]] = {}
        for copy in _COPIES.rows(self.report.pk):
            found.setdefault(copy.section_id, []).append(copy)
        return found

    @cached_property
    def passages(self) -> dict[int, list[Passage]]:
        """What the directive says, by task; read when a page shows it."""
        found: dict[int, list[TaskSpan]] = {section.assignment.task_id: [] for section in self.sections}
        for span in _SPANS.rows(self.report.pk):
            found[span.task_id].append(span)
        return {task: passages_in(rows) for task, rows in found.items()}
