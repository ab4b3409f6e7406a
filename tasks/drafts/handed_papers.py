"""A paper that another room knows of already, put into the unit's draft where the report owes it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from records.models import StoredFile
from tasks.drafts.inputs import PAPER_FIELDS
from tasks.drafts.saving import update_section, via_of
from tasks.enums import ProductKind
from tasks.errors import Refused
from tasks.models import DirectiveTask, ProgressReport, SectionProduct, UnitReport


@dataclass(frozen=True)
class HandedPaper:
    """The identity of a signed paper. file: its scan, None where there is none."""

    number: str
    symbol: str
    paper_date: date
    signer: str
    file: StoredFile | None = None


@transaction.atomic
def fill_in(report: UnitReport, task: DirectiveTask, paper: HandedPaper, *, by, now: datetime) -> bool:
    """Write the paper into the first plan that the report owes for the task and nobody has typed; whether there was one.

    What somebody typed stays. Whoever has the form open is told, as of a colleague who saved the section.

    Errors: Refused when the report is not the unit's to type on now.
    """
    held = UnitReport.objects.select_for_update().get(pk=report.pk)
    if not held.is_editable:
        raise Refused(f"Báo cáo đang ở trạng thái “{held.get_state_display()}”, không sửa được.")
    section = held.sections.filter(assignment__task=task).first()
    owed = _open_plan(section) if section is not None and section.is_editable else None
    if section is None or owed is None:
        return False
    for name in PAPER_FIELDS:
        setattr(owed, name, getattr(paper, name))
    owed.file = paper.file
    owed.save(update_fields=[*PAPER_FIELDS, "file"])
    section.version += 1
    section.saved_by, section.saved_at, section.saved_in = by, now, ""
    update_section(section, ("version", "saved_by", "saved_at", "saved_in"))
    held.version += 1
    held.saved_by, held.saved_at = by, now
    for name, value in via_of(by).items():
        setattr(held, name, value)
    held.save(update_fields=["version", "saved_by", "saved_at", "via_name", "via_position"])
    return True


def _open_plan(section: ProgressReport) -> SectionProduct | None:
    papers = section.products.filter(delivery__product__kind=ProductKind.PLAN, delivery__product__has_paper=True)
    rows = papers.order_by("delivery__product__order", "pk")
    return next((row for row in rows if not row.is_filled and not (row.symbol or row.paper_date or row.signer)), None)
