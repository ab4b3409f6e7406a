"""The list of late work that somebody may chase: its rows and filters, for the page and for its file."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from directive_tracker.row_ids import row_id_or_404
from tasks.chasing.rules import chaser_of, late
from tasks.enums import AssignmentRole
from tasks.models import Assignment, CallNote, DelayNote, Directive, Nudge
from units.models import Unit

FILTERS = (("", "Tất cả việc quá hạn"), ("chua-neu", "Chưa nêu lý do"), ("lo-hen", "Đã lỡ hẹn"))


def chaseable(user: Any, *, today: date) -> QuerySet:
    """Late lead work that this person may chase."""
    rows = late(Assignment.objects.visible_to(user).filter(role=AssignmentRole.LEAD), today=today)
    return chaser_of(user).narrow(rows)


def narrowed(user: Any, params: Mapping[str, str], assignments: QuerySet) -> QuerySet:
    """Only one document's (`van-ban`) or one unit's (`don-vi`), where the address says so.

    Errors: Http404 for what the person may not know of.
    """
    if wanted := params.get("van-ban", ""):
        directives = Directive.objects.visible_to(user)
        assignments = assignments.filter(directive=get_object_or_404(directives, pk=row_id_or_404(wanted)))
    if wanted := params.get("don-vi", ""):
        assignments = assignments.filter(unit=get_object_or_404(Unit, pk=row_id_or_404(wanted)))
    return assignments


def late_work(user: Any, params: Mapping[str, str], *, today: date) -> QuerySet:
    """The rows of the list in its order, the earliest due first; `last_nudge_at` says when the unit was last chased.

    Errors: as narrowed.
    """
    rows = narrowed(user, params, chaseable(user, today=today))
    last = Nudge.objects.visible_to(user).filter(assignment=OuterRef("pk")).order_by("-pk")
    return (
        _filtered(user, rows, params.get("loc", ""), today=today)
        .select_related("task", "unit", "directive")
        .annotate(last_nudge_at=Subquery(last.values("at")[:1]))
        .with_pending_extension()
        .order_by("due_current", "pk")
    )


def _filtered(user: Any, assignments: QuerySet, chosen: str, *, today: date) -> QuerySet:
    """Only what the unit has not answered (or whose day is over), or what was promised and not done."""
    if chosen == "chua-neu":
        answers = DelayNote.objects.visible_to(user).filter(assignment=OuterRef("pk"))
        newest = answers.order_by("-pk").values("expected_on")[:1]
        expected = assignments.annotate(expected=Subquery(newest))
        return expected.filter(Q(expected__isnull=True) | Q(expected__lt=today))
    if chosen == "lo-hen":
        calls = CallNote.objects.visible_to(user).filter(assignment=OuterRef("pk"), corrected_by__isnull=True)
        newest = calls.order_by("-called_on", "-pk").values("promised_until")[:1]
        return assignments.annotate(promised=Subquery(newest)).filter(promised__lt=today)
    return assignments
