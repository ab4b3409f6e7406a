"""Rows and filters of the lists of events and of findings, for their pages and for their files."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from directive_tracker.row_ids import row_id_or_404
from tasks.events.querysets import ASKS_UNIT
from tasks.models import Activity, Assignment, DirectiveTask, Finding, FindingState, InspectedPlace

FINDING_FILTERS = (
    ("", "Chưa xong"),
    ("qua-ngay", "Quá ngày khắc phục"),
    ("cho-xac-nhan", "Chờ xác nhận"),
    ("da-xong", "Đã khắc phục"),
)


def activities_of(user: Any, params: Mapping[str, str]) -> tuple[QuerySet, Assignment | DirectiveTask | None]:
    """The events one may see, the newest day first; of one part of the work (`phan-viec`) or one task (`nhiem-vu`) where
    the address says so, and which that is.

    Errors: Http404 for what the person may not know of.
    """
    rows = Activity.objects.visible_to(user)
    about: Assignment | DirectiveTask | None = None
    if wanted := params.get("phan-viec", ""):
        assignments = Assignment.objects.visible_to(user).select_related("task", "unit__area", "directive")
        about = get_object_or_404(assignments, pk=row_id_or_404(wanted))
        rows = rows.filter(assignment=about)
    elif wanted := params.get("nhiem-vu", ""):
        about = get_object_or_404(DirectiveTask.objects.visible_to(user), pk=row_id_or_404(wanted))
        rows = rows.filter(assignment__task=about)
    return rows.for_listing().order_by("-starts_on", "-pk"), about


def findings_of(user: Any, chosen: str, *, today: date) -> QuerySet:
    """The sent findings one may see by the day to mend them, of one of FINDING_FILTERS; any other word: those not mended."""
    findings = Finding.objects.visible_to(user).sent()
    if chosen == "qua-ngay":
        findings = findings.filter(state__in=ASKS_UNIT, mend_by__lt=today)
    elif chosen == "cho-xac-nhan":
        findings = findings.filter(state=FindingState.ANSWERED)
    elif chosen == "da-xong":
        findings = findings.filter(state=FindingState.CLOSED)
    else:
        findings = findings.exclude(state=FindingState.CLOSED)
    return findings.for_listing()


def counts_of(user: Any, pks: list[int]) -> dict[int, tuple[int, int, int]]:
    """Inspection → places, findings, closed ones, as far as the person may see them (one statement)."""
    rows = (
        InspectedPlace.objects.visible_to(user)
        .filter(inspection__in=pks)
        .order_by()
        .values("inspection")
        .annotate(
            places=Count("pk", distinct=True),
            all_findings=Count("findings", distinct=True),
            closed=Count("findings", distinct=True, filter=Q(findings__state=FindingState.CLOSED)),
        )
    )
    return {row["inspection"]: (row["places"], row["all_findings"], row["closed"]) for row in rows}
