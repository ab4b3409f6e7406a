"""What contributing units and parts have reported, put together for the report of the unit above: shown beside its
fields, copied by one click, never reported by itself."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse

from directive_tracker.prepared import Prepared
from directive_tracker.vietnamese import vn_date
from records.models import StoredFile
from tasks.drafts.inputs import SectionInput
from tasks.enums import OUTSIDE_STATES, AssignmentRole, RoundDecision
from tasks.handing.contributions import sources_of_report
from tasks.indicators.entry import FiguresInput
from tasks.indicators.sums import Figure, Number, Sum, contributed, read
from tasks.models import Indicator, IndicatorValue, ProgressReport, ReportRound, UnitReport

FIELD_WORDS = {"results": "Kết quả", "difficulties": "Khó khăn", "proposals": "Kiến nghị"}
TEXTS = tuple(FIELD_WORDS)
LONGEST = {name: ProgressReport._meta.get_field(name).max_length for name in TEXTS}


@dataclass(frozen=True)
class Gathered:
    """One indicator, put together by its rules. parts: category code → value, where it is asked for by parts."""

    indicator: Indicator
    whole: Sum
    parts: dict[str, int]

    @property
    def value(self) -> int:
        """What is copied: a mean is rounded, halves up."""
        return sum(self.parts.values()) if self.parts else whole_number(self.whole.value)

    def put_into(self, typed: FiguresInput) -> None:
        """It takes the place of what was typed."""
        code = self.indicator.code
        if self.parts:
            typed.indicator_parts[code] = {**typed.indicator_parts.get(code, {}), **self.parts}
        else:
            typed.indicator_values[code] = self.value

    def typed_total(self, typed: "FiguresInput | ProgressReport") -> int | None:
        """Of a running total what the unit has typed itself, where that is another number; else None."""
        code = self.indicator.code
        if not self.indicator.is_cumulative:
            return None
        if self.parts:
            own = {part: value for part, value in typed.indicator_parts.get(code, {}).items() if value is not None}
            return sum(own.values()) if own and {**own, **self.parts} != own else None
        value = typed.indicator_values.get(code)
        return value if value != self.value else None


@dataclass(frozen=True)
class Said:
    """What one unit reported last: its words and its papers."""

    unit_name: str
    round: ReportRound

    @property
    def url(self) -> str:
        """The page on which it can be read."""
        return reverse("tasks:contribution_review", args=[self.round.section_id])

    def text(self, name: str) -> str:
        """The words of one field as one line of the report above."""
        words = " ".join((self.round.content.get(name) or "").split())
        return f"{self.unit_name}: {words}" if words else ""

    @property
    def papers(self) -> list[str]:
        """ "Kế hoạch số 12-KH/ĐU ngày 05/4/2024"."""
        return [_paper(entry) for entry in self.round.content.get("products", [])]

    @property
    def paper_ids(self) -> list[int]:
        """The files of its papers."""
        return [entry["file"] for entry in self.round.content.get("products", []) if entry["file"]]


def _paper(entry: Mapping[str, Any]) -> str:
    identity = "-".join(part for part in (entry["number"], entry["symbol"]) if part)
    day = f" ngày {vn_date(date.fromisoformat(entry['paper_date']))}" if entry["paper_date"] else ""
    return f"{entry['name']} số {identity}{day}" if identity else str(entry["name"])


@dataclass(frozen=True)
class Together:
    """What is there for one section: how many units of those that contribute, their figures, their words."""

    units: int
    asked: int
    figures: list[Gathered] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    def lines(self, name: str) -> list[str]:
        """The lines of one text field, a unit each; with the results stand its papers."""
        found = []
        for one in self.said:
            line = one.text(name)
            if name == "results" and one.papers:
                papers = "; ".join(one.papers)
                line = f"{line} ({papers})" if line else f"{one.unit_name}: {papers}"
            if line:
                found.append(line)
        return found

    def typed_totals(self, typed: "FiguresInput | ProgressReport") -> list[tuple[Gathered, int]]:
        """The running totals of which the unit has typed another number itself, each with that number."""
        pairs = [(figure, figure.typed_total(typed)) for figure in self.figures]
        return [(figure, own) for figure, own in pairs if own is not None]

    @property
    def file_ids(self) -> set[int]:
        """The files of all papers."""
        return {pk for one in self.said for pk in one.paper_ids}

    @property
    def results(self) -> list[str]:
        """For the page."""
        return self.lines("results")


def whole_number(value: Number | None) -> int:
    """A count as it is copied; a mean is rounded, halves up."""
    return 0 if value is None else int(Fraction(value) + Fraction(1, 2))


def together_for(
    report: UnitReport, sections: Iterable[ProgressReport], last_days: Mapping[int, date]
) -> dict[int, Together]:
    """Section → what others have reported for it and was accepted; sections without anything are absent.

    Figures within a period and words count for the report of the same period; from between periods, those that came
    after the unit's own last report of the work. Of running totals the rule over periods takes the newest.

    Args:
        sections: of the report, with assignment, task and the task's indicators and their categories loaded.
        last_days: assignment → the day of the unit's last report of it.

    Statements: one, and two more where somebody contributes.
    """
    sections = list(sections)
    if not sections:
        return {}
    by_section = _sources(report, sections)
    rounds = _accepted({pk for pks in by_section.values() for pk in pks})
    if not rounds:
        return {}
    figures: dict[int, list[Figure]] = defaultdict(list)
    for figure in read(IndicatorValue.objects.filter(round__section__assignment__in=list(rounds))):
        figures[figure.assignment_id].append(figure)
    found = {}
    for section in sections:
        pks = by_section[section.pk]
        if any(pk in rounds for pk in pks):
            after = last_days.get(section.assignment_id)
            found[section.pk] = _together(section, report, pks, rounds, figures, after)
    return {pk: together for pk, together in found.items() if together.units}


def _contributing(report: int) -> QuerySet:
    columns = ("unit__sort_order", "pk", "parent_id", "task_id", "role", "unit_id")
    first, second = (rows.exclude(state__in=OUTSIDE_STATES).values_list(*columns) for rows in sources_of_report(report))
    return first.union(second, all=True)


_CONTRIBUTING = Prepared(_contributing)


def _sources(report: UnitReport, sections: list[ProgressReport]) -> dict[int, list[int]]:
    """Section → the assignments that contribute to it, in the official order of their units."""
    found: dict[int, list[int]] = {section.pk: [] for section in sections}
    for _, pk, parent, task, role, unit in sorted(_CONTRIBUTING.rows(report.pk)):
        for section in sections:
            mine = section.assignment
            is_part = role == AssignmentRole.PART and parent == mine.pk
            helps = role == AssignmentRole.COORDINATING and task == mine.task_id and unit != mine.unit_id
            if is_part or (helps and mine.is_lead):
                found[section.pk].append(pk)
    return found


def _accepted(assignment_ids: set[int]) -> dict[int, list[ReportRound]]:
    """Assignment → the newest accepted round of each of its sections, oldest first."""
    if not assignment_ids:
        return {}
    newest = (
        ReportRound.objects.filter(section__assignment__in=assignment_ids, decision=RoundDecision.ACCEPTED)
        .order_by()
        .values("section")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    found: dict[int, list[ReportRound]] = defaultdict(list)
    rows = ReportRound.objects.filter(pk__in=newest).select_related("section__unit_report", "section__assignment__unit")
    for round_ in rows.order_by("pk"):
        found[round_.section.assignment_id].append(round_)
    return found


def _fits(report: UnitReport, period_id: int | None, day: date, after: date | None) -> bool:
    """Whether something reported belongs into this report."""
    if report.period_id is not None and period_id == report.period_id:
        return True
    return after is None or day > after


def _together(
    section: ProgressReport,
    report: UnitReport,
    pks: list[int],
    rounds: Mapping[int, list[ReportRound]],
    figures: Mapping[int, list[Figure]],
    after: date | None,
) -> Together:
    said = []
    for pk in pks:
        fit = [
            one
            for one in rounds.get(pk, ())
            if _fits(report, one.section.unit_report.period_id, one.submitted_on, after)
        ]
        if fit:
            said.append(Said(fit[-1].section.assignment.unit.short_name, fit[-1]))
    gathered = []
    for indicator in section.assignment.task.indicators.all():
        mine = [figure for pk in pks for figure in figures.get(pk, []) if figure.indicator_id == indicator.pk]
        if not indicator.is_cumulative:
            mine = [one for one in mine if _fits(report, one.period_id, one.submitted_on, after)]
        one = _gathered(indicator, mine)
        if one is not None:
            gathered.append(one)
    names = {one.unit_name for one in said} | {unit.unit_name for one in gathered for unit in one.whole.units}
    return Together(len(names), len(pks), gathered, said)


def _gathered(indicator: Indicator, figures: list[Figure]) -> Gathered | None:
    whole = contributed(indicator, (figure for figure in figures if figure.category_id is None))
    if whole.value is None:
        return None
    parts = {}
    for category in indicator.categories.all():
        one = contributed(indicator, (figure for figure in figures if figure.category_id == category.pk))
        if one.value is not None:
            parts[category.code] = whole_number(one.value)
    if indicator.categories.all() and not parts:
        return None  # asked for by parts, and nobody has given any
    return Gathered(indicator, whole, parts)


def fill(typed: SectionInput, together: Together, *, attached: set[int], takes_files: bool) -> list[str]:
    """Put what others have reported into what is about to be saved: lines are added to the words, each once; figures
    take the place of what was typed, but a running total the unit has typed itself stays: only the unit knows what it
    counts besides its contributions, and the page shows both numbers to choose from; papers are attached, each once.

    Args:
        attached: files that hang on the section already.

    Returns: the names of what was filled.
    """
    filled = [FIELD_WORDS[name] for name in TEXTS if _fill_text(typed, name, together.lines(name))]
    for figure in together.figures:
        if figure.typed_total(typed) is None:
            figure.put_into(typed)
            filled.append(figure.indicator.name)
    files = StoredFile.objects.in_bulk(together.file_ids - attached) if takes_files else {}
    if files:
        typed.new_files = [*typed.new_files, *files.values()]
        filled.append(f"{len(files)} tệp")
    return filled


def _fill_text(typed: SectionInput, name: str, lines: list[str]) -> bool:
    """Add the lines that do not stand there yet, as far as the field is long; whether one was added."""
    words = getattr(typed, name)
    added = False
    for line in lines:
        longer = f"{words}\n{line}".strip()
        if line not in words and len(longer) <= LONGEST[name]:
            words, added = longer, True
    setattr(typed, name, words)
    return added
