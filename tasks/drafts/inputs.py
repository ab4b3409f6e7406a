"""What was typed in the form of a report, read and typed; not yet saved."""

from dataclasses import dataclass, field
from datetime import date

from records.models import StoredFile
from tasks.indicators.entry import FiguresInput

TEXT_FIELDS = ("results", "difficulties", "proposals")
SECTION_FIELDS = (
    *TEXT_FIELDS,
    "expected_on",
    "no_change",
    "nothing_arose",
    "claims_completion",
    "reported_outside_on",
)
PAPER_FIELDS = ("number", "symbol", "paper_date", "signer")
REPORT_FIELDS = ("general_note", "paper_number", "paper_symbol", "paper_date", "paper_signer")


@dataclass
class ProductInput:
    """A product's paper identity as typed; `file` only when a new one was uploaded."""

    number: str = ""
    symbol: str = ""
    paper_date: date | None = None
    signer: str = ""
    file: StoredFile | None = None


@dataclass
class SectionInput(FiguresInput):
    """What was typed in one section. Indicator values by code, None where left empty.

    version: the one the section had when the page was opened; None where the report's own version speaks for all.
    """

    results: str = ""
    difficulties: str = ""
    proposals: str = ""
    expected_on: date | None = None
    no_change: bool = False
    nothing_arose: bool = False
    claims_completion: bool = False
    reported_outside_on: date | None = None
    products: dict[int, ProductInput] = field(default_factory=dict)
    new_files: list[StoredFile] = field(default_factory=list)
    removed_file_ids: set[int] = field(default_factory=set)
    version: int | None = None


@dataclass
class ReportInput:
    """What was typed; sections by ProgressReport id, those left out stay as they are.

    keeps_whole: the part about the whole report stays as it is. whole_version: as SectionInput.version.
    page: which opened page it comes from, "" where nobody said.
    """

    general_note: str = ""
    paper_number: str = ""
    paper_symbol: str = ""
    paper_date: date | None = None
    paper_signer: str = ""
    sections: dict[int, SectionInput] = field(default_factory=dict)
    keeps_whole: bool = False
    whole_version: int | None = None
    page: str = ""
