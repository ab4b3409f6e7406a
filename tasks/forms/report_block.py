"""One section of the report form: its fields, what came back, what stands beside it."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from records.models import StoredFile
from tasks.drafts.copies import other_versions
from tasks.drafts.reading import Beside
from tasks.drafts.saving import Clash
from tasks.drafts.typed import section_mark, stored_section
from tasks.events.counting import NOTHING, Counted
from tasks.forms.indicators import FigureRow, figure_rows
from tasks.forms.reports import SectionForm
from tasks.handing.gathering import Gathered, Together
from tasks.indicators.reading import FigureLine, lines_of
from tasks.indicators.tallying import Tallies
from tasks.models import DraftCopy, ProgressReport, ReportRound, SectionFile
from tasks.passages import Passage
from tasks.reportview import read_round
from tasks.rounds.places import NO_WORDS, Mend, file_key, mends_of, product_key

COPIED_FIELDS = ("results", "difficulties", "proposals")


@dataclass
class ProductRow:
    """One paper of a section: what it is, by when, its fields and the file that is already there."""

    name: str
    due: date | None
    number: object
    symbol: object
    paper_date: object
    signer: object
    upload: object | None
    file: StoredFile | None
    is_required: bool
    why: str
    delivery: int


@dataclass
class Block:
    """One section as the page shows it; `form` is None where nothing may be typed."""

    section: ProgressReport
    form: SectionForm | None
    word: str
    timeliness: str
    is_late: bool
    beside: Beside
    returned: ReportRound | None
    wants_action: bool
    is_open: bool = False
    theirs: list[tuple[str, str]] = field(default_factory=list)
    clash: Clash | None = None

    @property
    def was_posted(self) -> bool:
        """Whether the section came with what was sent; a draft that saves itself sends only what was touched."""
        return self.form is not None and self.form.is_bound

    @cached_property
    def mark(self) -> str:
        """What the section holds as stored: sent back unchanged, nobody touched it."""
        return section_mark(stored_section(self.section))

    @property
    def other_versions(self) -> list[DraftCopy]:
        """What was typed in it as well and does not stand in it."""
        return other_versions(self.section, self.beside.copies.get(self.section.pk, []))

    @property
    def assignment(self):
        return self.section.assignment

    @property
    def passages(self) -> list[Passage]:
        """What the directive says."""
        return self.beside.passages[self.assignment.task_id]

    @property
    def last_round(self) -> ReportRound | None:
        """What was accepted or sent last time, in another report."""
        return self.beside.last_rounds.get(self.assignment.pk)

    @cached_property
    def last(self) -> dict | None:
        """The same, read for the page."""
        return read_round(self.last_round) if self.last_round else None

    @property
    def anchor(self) -> str:
        return f"muc-{self.section.pk}"

    @property
    def last_indicators(self) -> list[FigureLine]:
        """The figures of the last report."""
        return lines_of(self.assignment.task.indicators.all(), self.last or {})

    @property
    def figure_rows(self) -> list[FigureRow]:
        """The figures that are asked for."""
        last = (self.last or {}).get("indicators") or {}
        return figure_rows(
            self.form, self.section, self.form.indicators, last, self.why, self.tallies, self.beside.until
        )

    @property
    def tallies(self) -> dict[str, Tallies]:
        """What other rooms have on record, by the codes of the figures."""
        return self.beside.tallies.get(self.section.pk, {})

    @property
    def counted(self) -> Counted:
        """What events and inspections on record add up to."""
        return self.beside.counted.get(self.section.pk, NOTHING)

    @property
    def together(self) -> Together | None:
        """What contributing units and parts have reported for it."""
        return self.beside.together.get(self.section.pk)

    @property
    def typed_totals(self) -> list[tuple[Gathered, int]]:
        """The running totals whose own number in the draft is not that of the contributions."""
        return self.together.typed_totals(self.section) if self.together else []

    @cached_property
    def mends(self) -> list[Mend]:
        """The places that came back."""
        return mends_of(self.returned) if self.returned else []

    @cached_property
    def why(self) -> dict[str, str]:
        """Key of a place that came back → what is to be mended there, to stand at its field."""
        return {mend.key: mend.why or NO_WORDS for mend in self.mends}

    @property
    def attached(self) -> list[tuple[SectionFile, str]]:
        """The files that hang on it now, each with what is to be mended."""
        return [(item, self.why.get(file_key(item.file_id), "")) for item in self.form.attached]

    @property
    def product_rows(self) -> list[ProductRow]:
        return [
            ProductRow(
                name=product.delivery.product.name,
                due=product.delivery.due_date,
                number=self.form[f"number_{product.delivery_id}"],
                symbol=self.form[f"symbol_{product.delivery_id}"],
                paper_date=self.form[f"paper_date_{product.delivery_id}"],
                signer=self.form[f"signer_{product.delivery_id}"],
                upload=None if self.form.plain else self.form[f"paper_{product.delivery_id}"],
                file=product.file,
                is_required=product.delivery.product.is_required,
                why=self.why.get(product_key(product.delivery_id), ""),
                delivery=product.delivery_id,
            )
            for product in self.section.products.all()
        ]

    @property
    def is_typed(self) -> bool:
        """Something stands in it already, or was typed just now."""
        if self.form is None:
            return True
        if self.form.attached or not self.form.is_bound:
            return bool(self.form.attached) or not self.section.is_empty
        names = (*COPIED_FIELDS, "no_change", "nothing_arose", "claims_completion", "reported_outside_on")
        numbers = [name for name in self.form.fields if name.startswith("indicator_")]
        return any(self.form.value_of(name) not in (None, "", False) for name in (*names, *numbers))
