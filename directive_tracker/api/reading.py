"""Reports and figures: read, as far as the holder of the key may."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import Field

from directive_tracker import clock
from directive_tracker.api import shapes
from directive_tracker.api.cursors import by_key, stretch
from directive_tracker.api.fields import Day, Key, Paging, Switch
from directive_tracker.api.operations import read
from tasks import tallies
from tasks.enums import ReportState
from tasks.models import Directive, IndicatorValue, Tally, UnitReport
from tasks.reportview import SectionReading, sections_for_reading, shows_whole
from tasks.tallies import FIGURE_NAMES
from tasks.whole.kept import figures_day
from units.models import Scope

router = Router(tags=["Báo cáo"])
figures = Router(tags=["Số liệu"])
REPORTS, VALUES = by_key("reports", newest=True), by_key("values", newest=True)


class ReportFilter(Paging):
    directive: Key | None = Field(None, description="Về văn bản này.")
    unit: Key | None = Field(None, description="Của đơn vị này.")
    state: ReportState | None = Field(None, description="Trạng thái.")
    submitted_from: Day | None = Field(None, description="Gửi từ ngày này.")


class ValueFilter(Paging):
    directive: Key | None = Field(None, description="Về văn bản này.")
    task: Key | None = Field(None, description="Của nhiệm vụ này.")
    unit: Key | None = Field(None, description="Của đơn vị này.")
    accepted: Switch = Field(
        True, description="true: chỉ lần gửi mới nhất đã được chấp nhận của mỗi mục; false: mọi lần đã gửi."
    )


def report_shown(row: UnitReport) -> dict[str, Any]:
    """One report; directive, unit and period at hand."""
    return {
        "id": row.pk,
        "directive": shapes.directive_ref(row.directive),
        "unit": shapes.unit_ref(row.unit),
        "period": {"id": row.period.pk, "name": row.period.name} if row.period else None,
        "state": row.state,
        "submitted_at": row.submitted_at,
        "url": f"{settings.SITE_URL}{row.get_absolute_url()}",
    }


@read(router, "/reports", scope=Scope.READ, answers=shapes.ReportPage, summary="Các báo cáo của đơn vị được xem")
def reports(request: HttpRequest, asked: Query[ReportFilter]) -> dict[str, Any]:
    """Mới nhất trước. Bản nháp chỉ đơn vị viết thấy."""
    rows = UnitReport.objects.visible_to(request.user).select_related("directive", "unit", "period")
    for name in ("directive", "unit", "state"):
        value = getattr(asked, name)
        if value is not None:
            rows = rows.filter(**{name: value})
    if asked.submitted_from is not None:
        rows = rows.filter(submitted_at__date__gte=asked.submitted_from)
    return stretch(request, rows, REPORTS, asked, lambda page: [report_shown(row) for row in page])


@read(
    router,
    "/reports/{int:report_id}",
    scope=Scope.READ,
    answers=shapes.ReportWhole,
    summary="Một báo cáo: lần gửi mới nhất của từng mục, với kết quả xem xét",
)
def report(request: HttpRequest, report_id: int) -> dict[str, Any]:
    """Chỉ những gì đã gửi, đúng như khi gửi; tệp đính kèm chỉ có tên, tải ở trang. Người chỉ được xem một số mục thì
    không thấy phần chung của báo cáo (null)."""
    visible = UnitReport.objects.visible_to(request.user).select_related("directive", "unit", "period")
    found = get_object_or_404(visible, pk=report_id)
    whole = shows_whole(found, request.access) and found.submitted_at is not None
    return {
        **report_shown(found),
        "general_note": found.general_note if whole else None,
        "paper": {
            "number": found.paper_number,
            "symbol": found.paper_symbol,
            "date": found.paper_date,
            "signer": found.paper_signer,
        }
        if whole
        else None,
        "sections": [_section(reading) for reading in sections_for_reading(found, request.user)],
    }


def _section(reading: SectionReading) -> dict[str, Any]:
    round_, content = reading.round, reading.round.content
    words = ("results", "difficulties", "proposals", "expected_on", "no_change", "claims_completion")
    return {
        "id": reading.section.pk,
        "assignment": reading.section.assignment_id,
        "task": shapes.task_ref(reading.section.assignment.task),
        "state": reading.section.state,
        "round": round_.number,
        "submitted_at": round_.submitted_at,
        **{name: content[name] for name in words},
        # Rounds of former days do not have it.
        "nothing_arose": content.get("nothing_arose", False),
        "reported_outside_on": content.get("reported_outside_on"),
        "figures": [
            {
                "code": line.code,
                "name": line.name,
                "measure": line.measure,
                "value": line.value,
                "comment": line.comment,
                "parts": [{"name": name, "value": value} for name, value in line.parts],
            }
            for line in reading.indicators
        ],
        "papers": [
            {
                "delivery": paper["delivery"],
                "name": paper["name"],
                "number": paper["number"],
                "symbol": paper["symbol"],
                "date": paper["paper_date"],
                "signer": paper["signer"],
                "file_name": paper["file_name"],
            }
            for paper in reading.products
        ],
        "files": [{"id": file.pk, "name": file.original_name, "size": file.size} for file in reading.files],
        "decision": round_.decision,
        "reason": round_.reason,
        "decided_at": round_.decided_at,
    }


# --- figures ----------------------------------------------------------------------------------------------------------------


@read(
    figures,
    "/directives/{int:directive_id}/tallies",
    scope=Scope.FIGURES,
    answers=shapes.Tallies,
    summary="Số phần việc theo bốn nhóm thời hạn, từng đơn vị và từng nhiệm vụ được xem",
)
def directive_tallies(request: HttpRequest, directive_id: int) -> dict[str, Any]:
    """Như trang “Tổng quan”; văn bản đã kết thúc thì như ngày kết thúc."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), pk=directive_id)
    day = figures_day(directive, today=clock.today())
    rows = Tally.objects.visible_to(request.user).filter(directive=directive).select_related("unit", "task")
    ordered = rows.order_by("unit__sort_order", "task__order", "pk")
    found = list(ordered)
    if directive.is_issued and any(row.day < day for row in found):
        tallies.roll_forward(directive, today=day)
        found = list(ordered.all())
    return {
        "directive": shapes.directive_ref(directive),
        "day": day,
        "units": [{"unit": shapes.unit_ref(row.unit), **_counts(row)} for row in found if row.unit is not None],
        "tasks": [{"task": shapes.task_ref(row.task), **_counts(row)} for row in found if row.task is not None],
    }


def _counts(row: Tally) -> dict[str, int]:
    return {"counted": row.counted, **{name: getattr(row, name) for name in FIGURE_NAMES}}


@read(figures, "/values", scope=Scope.FIGURES, answers=shapes.ValuePage, summary="Số liệu các đơn vị đã báo cáo")
def values(request: HttpRequest, asked: Query[ValueFilter]) -> dict[str, Any]:
    """Mỗi dòng một con số của một lần gửi; part là phần của con số (theo đối tượng), null là tổng."""
    rows = IndicatorValue.objects.visible_to(request.user)
    if asked.accepted:
        rows = rows.speaking()
    places = {
        "directive": "indicator__task__directive",
        "task": "indicator__task",
        "unit": "round__section__assignment__unit",
    }
    for name, place in places.items():
        value = getattr(asked, name)
        if value is not None:
            rows = rows.filter(**{place: value})
    rows = rows.select_related("indicator__task", "category", "round__section__assignment__unit")
    return stretch(request, rows, VALUES, asked, _values)


def _values(page: Sequence[IndicatorValue]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "task": shapes.task_ref(row.indicator.task),
            "unit": shapes.unit_ref(row.round.section.assignment.unit),
            "indicator": row.indicator.code,
            "name": row.indicator.name,
            "measure": row.indicator.measure,
            "part": row.category.code if row.category else None,
            "value": row.value,
            "comment": row.comment,
            "report": row.round.section.unit_report_id,
            "round": row.round.number,
            "submitted_on": row.round.submitted_on,
            "decision": row.round.decision,
            "left_out": row.left_out_at is not None,
        }
        for row in page
    ]
