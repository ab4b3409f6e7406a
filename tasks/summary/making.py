"""Making a draft of the summary report: a frozen row that nobody changes any more."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from directive_tracker.vietnamese import ZONE
from records.audit import record
from tasks import paper_templates
from tasks.errors import Refused
from tasks.exports.party_form import form_for
from tasks.models import Directive, PaperTemplate, SummaryReport
from tasks.summary.changes import changes_between
from tasks.summary.freezing import freeze
from tasks.summary.shape import Summary, Typed
from units.models import UnitKind

KIND = "summary"
# Who presses twice gets one draft.
AGAIN_AFTER = timedelta(minutes=1)
NOT_FOLLOWED = "Văn bản chưa giao hoặc đã kết thúc theo dõi, nên không lập báo cáo tổng hợp được."
LAST_MINUTE = time(23, 59)


def make(directive: Directive, *, by: Any, now: datetime, typed: Typed, as_of: date | None = None) -> SummaryReport:
    """Freeze the next draft, with what changed since the one before.

    Args:
        by: who asked for it; None for the command.
        now: the pages' clock; typed, as_of: see tasks/summary/freezing.py.

    Errors: Refused with a sentence when the directive is not followed, or for a day that cannot be.
    Returns: the new row; the newest one where the same was made less than a minute ago.
    """
    if not directive.is_issued:
        raise Refused(NOT_FOLLOWED)
    data = freeze(directive, now=now, typed=typed, as_of=as_of)
    with transaction.atomic():
        # One after the other, so that numbers are not given twice.
        Directive.objects.select_for_update().get(pk=directive.pk)
        previous = SummaryReport.objects.filter(directive=directive).order_by("-draft_number").first()
        if previous is not None and _is_same(previous, data, now=now):
            return previous
        if previous is not None:
            data["changes"] = changes_between(previous, data)
        return _keep(directive, data, previous, by=by, now=now)


def typed_before(directive: Directive) -> Typed:
    """What the office wrote for the newest draft: it goes on until somebody writes something else."""
    words = SummaryReport.objects.filter(directive=directive).order_by("-pk").values_list("data__typed", flat=True)
    nothing: Typed = {"good": "", "bad": "", "next": ""}
    return words.first() or nothing


def _is_same(previous: SummaryReport, data: Summary, *, now: datetime) -> bool:
    """Whether the newest draft has just been made and says the same."""
    if not timedelta(0) <= now - previous.made_at < AGAIN_AFTER:
        return False
    return {**previous.data, "changes": None} == {**data, "changes": None}


def _keep(
    directive: Directive, data: Summary, previous: SummaryReport | None, *, by: Any, now: datetime
) -> SummaryReport:
    day = date.fromisoformat(data["as_of"])
    today = now.astimezone(ZONE).date()
    report = SummaryReport.objects.create(
        directive=directive,
        draft_number=previous.draft_number + 1 if previous else 1,
        as_of=now if day == today else datetime.combine(day, LAST_MINUTE, tzinfo=ZONE),
        profile=_profile(directive, today),
        previous=previous,
        template=_template(),
        data=data,
        made_by=by,
        made_at=now,
    )
    record(
        "summary.made",
        by=by,
        at=now,
        target=directive,
        data={"draft": report.draft_number, "figures_of": data["as_of"]},
    )
    return report


def _profile(directive: Directive, today: date) -> str:
    """The layout of the day on which the report is made; State bodies have one of their own."""
    return form_for(today, state=directive.office.kind == UnitKind.STATE_BODY).code


def _template() -> PaperTemplate | None:
    """The office's own template that counts, where there is one."""
    row = paper_templates.newest(KIND)
    return row if row is not None and row.file is not None else None
