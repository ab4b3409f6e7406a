"""The layout profiles (thể thức) of layouts.toml as typed values, and which one holds for a day.

The file is read once, at import; a key that is missing, unknown or of another kind stops the program there, before a paper
with half a layout is signed.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

LAYOUTS = Path(__file__).with_name("layouts.toml")


class LayoutError(ValueError):
    """layouts.toml does not hold what it should; the message names the place."""


@dataclass(frozen=True)
class Letters:
    """How one part is written: size in points and style; upper: in capitals."""

    pt: float
    bold: bool = False
    italic: bool = False
    underline: bool = False
    upper: bool = False


@dataclass(frozen=True)
class Page:
    """Paper, edges, columns of the head. `*_share`: how much of a line of text a drawn line below it is long."""

    font: str
    width_mm: float
    height_mm: float
    top_mm: float
    bottom_mm: float
    left_mm: float
    right_mm: float
    number_mm: float
    head_left_mm: float
    head_right_mm: float
    line_eighths_pt: int
    organ_line_share: float
    summary_line_share: float
    across_top_mm: float
    across_bottom_mm: float
    across_left_mm: float
    across_right_mm: float

    @property
    def text_mm(self) -> float:
        """How wide the text is."""
        return self.width_mm - self.left_mm - self.right_mm

    @property
    def across_text_mm(self) -> float:
        """How wide the text of an appendix across the page is."""
        return self.height_mm - self.across_left_mm - self.across_right_mm


@dataclass(frozen=True)
class Text:
    """Spaces between lines and paragraphs. line: points for "exactly", lines for "multiple"."""

    before_pt: float
    first_line_mm: float
    line_rule: Literal["exactly", "multiple"]
    line: float
    to_before_pt: float
    to_after_pt: float
    to_list_mm: float
    summary_inset_mm: float
    signature_lines: int
    cell_pt: float


@dataclass(frozen=True)
class Words:
    """Signs and words that the rule fixes. headings: how part, section and point begin."""

    right: tuple[str, ...]
    star: str
    number: str
    symbol_joint: str
    under_summary: str
    to: str
    propose_to: str
    about: str
    list_end: str
    list_last: str
    filing: str
    for_all: str
    for_head: str
    by_order: str
    draft: str
    headings: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """The letters of each part of a document."""

    right_first: Letters
    right_last: Letters
    superior: Letters
    organ: Letters
    star: Letters
    number: Letters
    place: Letters
    type_name: Letters
    summary: Letters
    under_summary: Letters
    letter_summary: Letters
    body: Letters
    heading_1: Letters
    heading_2: Letters
    heading_3: Letters
    authority: Letters
    position: Letters
    signer: Letters
    to: Letters
    to_names: Letters
    recipients: Letters
    recipients_list: Letters
    draft: Letters
    page_number: Letters
    table_head: Letters
    table: Letters
    note: Letters
    demo: Letters


@dataclass(frozen=True)
class PartyForm:
    """One profile. state: of State bodies; source: the rule it comes from, as it is cited."""

    code: str
    source: str
    first_day: date
    last_day: date
    state: bool
    page: Page
    text: Text
    words: Words
    parts: Parts


def read_layouts(text: str) -> dict[str, PartyForm]:
    """The profiles of a file, by code. Errors: LayoutError."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LayoutError(str(error)) from None
    found: dict[str, dict[str, Any]] = {}
    for code, own in raw.items():
        if not isinstance(own, dict):
            raise LayoutError(f"{code}: a profile is a table")
        like = own.pop("like", None)
        if like is not None and like not in found:
            raise LayoutError(f"{code}.like: no profile {like!r} above it")
        found[code] = _merged(found[like], own) if like else own
    return {code: _typed(PartyForm, {"code": code, **values}, code) for code, values in found.items()}


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """A profile like another one, but for what it says itself; a part is replaced as a whole."""
    result = dict(base)
    for name, value in own.items():
        known = base.get(name)
        is_section = isinstance(value, dict) and isinstance(known, dict) and "pt" not in value
        result[name] = _merged(known, value) if is_section else value  # type: ignore[arg-type]
    return result


def _typed(kind: Any, value: Any, place: str) -> Any:
    """A value of the kind that a field asks for. Errors: LayoutError with the place."""
    if is_dataclass(kind):
        return _table(kind, value, place)
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise LayoutError(f"{place}: a list of texts is wanted")
        return tuple(value)
    if choices := get_args(kind):
        if value not in choices:
            raise LayoutError(f"{place}: one of {', '.join(choices)} is wanted")
        return value
    fits = isinstance(value, int | float) if kind is float else isinstance(value, kind)
    # True is an int to Python, and no length.
    if not fits or (isinstance(value, bool) and kind is not bool):
        raise LayoutError(f"{place}: {kind.__name__} is wanted")
    return value


def _table(kind: Any, value: Any, place: str) -> Any:
    if not isinstance(value, dict):
        raise LayoutError(f"{place}: a table is wanted")
    hints, optional = get_type_hints(kind), _optional(kind)
    if unknown := sorted(set(value) - set(hints)):
        raise LayoutError(f"{place}: unknown {', '.join(unknown)}")
    if missing := [name for name in hints if name not in value and name not in optional]:
        raise LayoutError(f"{place}: missing {', '.join(missing)}")
    return kind(**{name: _typed(hints[name], each, f"{place}.{name}") for name, each in value.items()})


def _optional(kind: Any) -> set[str]:
    """Only a style that is not there may be left out."""
    return {field.name for field in fields(kind) if field.default is False}


FORMS = read_layouts(LAYOUTS.read_text("utf-8"))
HD36, HD05, ND30 = FORMS["HD36"], FORMS["HD05"], FORMS["ND30"]


def form_for(day: date, *, state: bool = False) -> PartyForm:
    """The profile of a document dated that day; for days before the first one, the first.

    Args:
        state: of a State body, which follows Nghị định 30, not the Party's guidance.
    """
    forms = [form for form in FORMS.values() if form.state == state]
    return next((form for form in reversed(forms) if form.first_day <= day), forms[0])


def day_words(day: date) -> str:
    """ "ngày 05 tháng 02 năm 2024": a zero before days under ten and before January and February."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"
