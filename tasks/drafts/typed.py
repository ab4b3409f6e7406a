"""What was typed in one section, as plain data: to compare two versions, to keep one aside, to take it back."""

import hashlib
import json
from dataclasses import fields
from datetime import date
from typing import Any

from tasks.drafts.inputs import PAPER_FIELDS, REPORT_FIELDS, ProductInput, ReportInput, SectionInput
from tasks.models import ProgressReport, UnitReport

# Files are attached and removed, never compared; the rest says how the typing came.
NOT_WORDS = frozenset({"new_files", "removed_file_ids", "version", "products"})
WORDS = tuple(item.name for item in fields(SectionInput) if item.name not in NOT_WORDS)
DAYS = ("expected_on", "reported_outside_on")


def stored_section(section: ProgressReport) -> SectionInput:
    """What the section holds now, as if it had just been typed."""
    return SectionInput(
        **{name: getattr(section, name) for name in WORDS},
        products={
            product.delivery_id: ProductInput(**{name: getattr(product, name) for name in PAPER_FIELDS})
            for product in section.products.all()
        },
    )


def section_content(typed: SectionInput) -> dict[str, Any]:
    """The words, boxes, figures and papers as JSON; what was left empty does not stand in it."""
    content = {name: _plain(getattr(typed, name)) for name in WORDS}
    # Where a figure is typed in parts its total is their sum.
    for code in content["indicator_parts"]:
        content["indicator_values"].pop(code, None)
    content["products"] = {
        str(delivery): paper
        for delivery, entry in typed.products.items()
        if any(paper := {name: _plain(getattr(entry, name)) for name in PAPER_FIELDS})
        and any(value for value in paper.values())
    }
    return {name: value for name, value in content.items() if value not in (None, "", False, {})}


def read_content(content: dict[str, Any]) -> SectionInput:
    """What `section_content` wrote."""
    typed = SectionInput()
    for name in WORDS:
        if name in content:
            setattr(typed, name, date.fromisoformat(content[name]) if name in DAYS else content[name])
    for delivery, paper in content.get("products", {}).items():
        day = paper.get("paper_date")
        typed.products[int(delivery)] = ProductInput(
            **{**paper, "paper_date": date.fromisoformat(day) if day else None}
        )
    return typed


def section_mark(typed: SectionInput) -> str:
    """A short mark of the content: the same for the same words."""
    return _mark(section_content(typed))


def whole_mark(of: ReportInput | UnitReport) -> str:
    """The same for the part about the report as a whole."""
    return _mark({name: _plain(getattr(of, name)) for name in REPORT_FIELDS if getattr(of, name)})


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        kept = {str(key): _plain(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", {})}
    return value


def _mark(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:20]
