"""Two reports for one period: what the office has entered stands, the unit's draft becomes one between the periods."""

from tasks.enums import ReportState
from tasks.models import UnitReport


def make_room(report: UnitReport) -> None:
    """Before a report on behalf is sent: the period is its own unless the unit has sent a report for it already."""
    if not report.on_behalf or report.state != ReportState.DRAFT or report.period_id is None:
        return
    others = UnitReport.objects.filter(unit=report.unit_id, period=report.period_id).exclude(pk=report.pk)
    waiting = others.filter(state__in=[ReportState.DRAFT, ReportState.AWAITING_UNIT_HEAD], on_behalf=False)
    waiting.update(period=None)
    if others.of_the_unit().exists():
        UnitReport.objects.filter(pk=report.pk).update(period=None)
        report.period = None
