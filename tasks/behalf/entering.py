"""The office's own draft of a unit's report."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tasks.drafts.opening import add_missing_sections, begin, current_period
from tasks.enums import BehalfBasis, ReportState
from tasks.errors import Refused
from tasks.models import Directive, UnitReport
from tasks.permissions import can_report_on_behalf
from units.models import Unit


@transaction.atomic
def open_on_behalf(unit: Unit, directive: Directive, *, basis: str, by, now: datetime) -> UnitReport:
    """The office's draft of the unit's report: the one begun already, or a new one. The unit's own draft is not touched.

    Args:
        basis: a value of BehalfBasis: from what it is entered.
    Errors: Refused when the document is not open, the person may not, or nothing is left to report on.
    """
    if basis not in BehalfBasis.values:
        raise Refused("Hãy chọn nhập theo văn bản giấy, thư điện tử hay điện thoại.")
    if not can_report_on_behalf(by, unit.pk, directive):
        raise Refused("Không nhập thay được: văn bản đã kết thúc theo dõi, hoặc đây là việc của chính đơn vị mình.")
    drafts = UnitReport.objects.filter(unit=unit, directive=directive, on_behalf=True, state=ReportState.DRAFT)
    report = drafts.first()
    if report is not None:
        drafts.update(behalf_basis=basis)
        add_missing_sections(report)
        return report
    period = current_period(unit, directive, today=timezone.localdate(now), but_drafts=True)
    begun = begin(unit, directive, period=period, by=by, now=now, on_behalf=True, behalf_basis=basis)
    return begun or open_on_behalf(unit, directive, basis=basis, by=by, now=now)
