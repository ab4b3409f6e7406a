"""The parts of a summary report, each from the lead work as it stood and what the office had accepted by then."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from django.db.models import Count, QuerySet

from directive_tracker.vietnamese import vn_date
from directive_tracker.workdays import WorkCalendar
from tasks.digests.freezing import condition_of
from tasks.enums import AssignmentRole, AssignmentState, ExtensionState, ProductKind, RoundDecision
from tasks.indicators import sums
from tasks.indicators.summary import line_of
from tasks.indicators.sums import NOT_COUNTED, Figure
from tasks.models import (
    Assignment,
    AssignmentProduct,
    DelayCause,
    DelayNote,
    Directive,
    DirectiveTask,
    ExtensionRequest,
    IndicatorValue,
    ReportRound,
)
from tasks.summary.asof import Moment, Standing
from tasks.summary.shape import Coming, Condition, IndicatorFigure, LateRow, Leading, Paper, Said
from tasks.timeliness import Timeliness, days_overdue, timeliness_of

S = AssignmentState


# --- what the office accepted ----------------------------------------------------------------------


@dataclass(frozen=True)
class Accepted:
    """One accepted sending about one lead work."""

    round: int
    sent_on: date
    content: dict[str, Any]

    def text(self, name: str) -> str:
        return str(self.content.get(name) or "").strip()

    @property
    def words(self) -> str:
        """What it says of the results, the boxes that were ticked first."""
        outside = self.content.get("reported_outside_on")
        parts = [
            f"Đã báo cáo ngoài hệ thống, ngày {vn_date(date.fromisoformat(outside))}." if outside else "",
            "Không phát sinh trong kỳ." if self.content.get("nothing_arose") else "",
            self.text("results"),
        ]
        return "\n".join(part for part in parts if part)


def accepted(directive: Directive, moment: Moment) -> dict[int, list[Accepted]]:
    """Lead work → what was accepted until then, the newest sending first; one statement."""
    rows = (
        ReportRound.objects.filter(
            section__assignment__directive=directive,
            section__assignment__role=AssignmentRole.LEAD,
            decision=RoundDecision.ACCEPTED,
            decided_at__lt=moment.until,
        )
        .order_by("-submitted_at", "-pk")
        .values_list("section__assignment_id", "pk", "submitted_on", "content")
    )
    found: dict[int, list[Accepted]] = defaultdict(list)
    for work, *values in rows:
        found[work].append(Accepted(*values))
    return found


def said_by(work: Assignment, sendings: list[Accepted]) -> Said | None:
    """What the unit says of the work; None where nothing was accepted, or nothing in words.

    The newest accepted sending speaks. Where it only says that nothing changed, the words of the one before it stand,
    with that said after them, and the figure leads to where the words are.
    """
    if not sendings:
        return None
    newest, spoken = sendings[0], sendings[0]
    text = newest.words
    if not text and newest.content.get("no_change"):
        spoken = next((one for one in sendings[1:] if one.words), newest)
        same = f"Báo cáo ngày {vn_date(newest.sent_on)}: không có thay đổi."
        text = f"{spoken.words}\n({same})" if spoken is not newest else same
    difficulties = newest.text("difficulties") or spoken.text("difficulties")
    proposals = newest.text("proposals") or spoken.text("proposals")
    if not (text or difficulties or proposals):
        return None
    return {
        "assignment": work.pk,
        "round": spoken.round,
        "unit_pk": work.unit_id,
        "unit": work.unit.short_name,
        "sent_on": newest.sent_on.isoformat(),
        "text": text,
        "difficulties": difficulties,
        "proposals": proposals,
    }


# --- part I ----------------------------------------------------------------------------------------


def leading(
    directive: Directive, stood: Standing, sendings: dict[int, list[Accepted]]
) -> tuple[Leading, dict[str, list[int]]]:
    """Who was to issue a document that puts the directive to work, who has, who has not; with the works behind each.

    Work that was set aside owes none, as on the page of tasks and units (tasks/matrix.py).
    """
    works = {work.pk: work for work in stood.works if work.state not in NOT_COUNTED}
    rows = AssignmentProduct.objects.filter(
        assignment__directive=directive, assignment__role=AssignmentRole.LEAD, product__kind=ProductKind.DEPLOYMENT
    ).select_related("product")
    place = {pk: number for number, pk in enumerate(stood.units)}
    owed = sorted(
        (row for row in rows if row.assignment_id in works),
        key=lambda row: (place[works[row.assignment_id].unit_id], row.product.order, row.pk),
    )
    papers: list[Paper] = []
    missing, traces = [], defaultdict(list)
    for row in owed:
        work = works[row.assignment_id]
        traces["asked"].append(work.pk)
        if _delivered(row, sendings.get(work.pk, []), stood.moment):
            traces["papers"].append(work.pk)
            papers.append(_paper(row, work))
        else:
            traces["missing"].append(work.pk)
            missing.append(work.unit.short_name)
    return {"asked": len(owed), "papers": papers, "missing": missing}, traces


def _delivered(row: AssignmentProduct, sendings: list[Accepted], moment: Moment) -> bool:
    """Whether the paper had been accepted by then; of a day that is over the row gets the identity it had then."""
    if not moment.is_past:
        return row.delivered_on is not None
    for sending in sendings:
        entry = next((one for one in sending.content.get("products", []) if one["delivery"] == row.pk), None)
        if entry is not None:
            row.number, row.symbol = entry["number"], entry["symbol"]
            row.paper_date = date.fromisoformat(entry["paper_date"]) if entry["paper_date"] else None
            return True
        if sending.content.get("claims_completion") and not row.product.has_paper:
            return True
    return False


def _paper(row: AssignmentProduct, work: Assignment) -> Paper:
    return {
        "assignment": work.pk,
        "unit_pk": work.unit_id,
        "unit": work.unit.short_name,
        "name": row.product.name,
        "identity": row.paper_identity,
        "paper_date": row.paper_date.isoformat() if row.paper_date else "",
    }


# --- part II ---------------------------------------------------------------------------------------


def figures_of_indicators(directive: Directive, stood: Standing) -> dict[int, list[Figure]]:
    """Indicator → the figures that had been accepted by then, those that add nothing among them; one statement."""
    until, states = stood.moment.until, {work.pk: work.state for work in stood.works}
    rows = IndicatorValue.objects.filter(round__section__assignment__directive=directive).totals()
    found: dict[int, list[Figure]] = defaultdict(list)
    for figure in sums.read_sent(rows.speaking(until=until)):
        if figure.role != AssignmentRole.LEAD or figure.assignment_id not in states:
            continue
        left_out = figure.left_out_at if figure.left_out_at is not None and figure.left_out_at < until else None
        found[figure.indicator_id].append(replace(figure, state=states[figure.assignment_id], left_out_at=left_out))
    return found


def indicators(
    task: DirectiveTask, works: Iterable[Assignment], figures: dict[int, list[Figure]]
) -> list[IndicatorFigure]:
    """The task's indicators, also those nobody has reported yet."""
    asked = sum(1 for work in works if work.state not in NOT_COUNTED)
    found: list[IndicatorFigure] = []
    for indicator in task.indicators.all():
        line = line_of(indicator, figures.get(indicator.pk, []), asked)
        found.append(
            {
                "pk": line.pk,
                "code": line.code,
                "name": line.name,
                "measure": line.measure,
                "value": line.sum,
                "target": line.target,
                "share": line.share,
                "reported": line.reported,
                "asked": line.asked,
            }
        )
    return found


def times(directive: Directive, moment: Moment) -> tuple[dict[int, int], dict[int, int]]:
    """Lead work → how often more time was given; lead work → how often a report came back. Two statements."""
    extended = ExtensionRequest.objects.filter(state=ExtensionState.APPROVED, decided_at__lt=moment.until)
    returned = ReportRound.objects.filter(decision=RoundDecision.RETURNED, decided_at__lt=moment.until)
    return _counted(extended, directive, "assignment"), _counted(returned, directive, "section__assignment")


def _counted(rows: QuerySet, directive: Directive, path: str) -> dict[int, int]:
    mine = rows.filter(**{f"{path}__directive": directive, f"{path}__role": AssignmentRole.LEAD})
    return dict(mine.order_by().values_list(path).annotate(n=Count("pk")))


def overdue(stood: Standing, calendar: WorkCalendar) -> list[LateRow]:
    """The longest overdue first, with what the unit had said of the delay; one statement."""
    today = stood.moment.day
    late = [work for work in stood.works if timeliness_of(work, today=today) == Timeliness.OPEN_OVERDUE]
    notes = DelayNote.objects.filter(assignment__in=late, at__lt=stood.moment.until).order_by("pk")
    said = {note.assignment_id: note for note in notes}
    place = {pk: number for number, pk in enumerate(stood.units)}
    late.sort(key=lambda work: (work.due_current, place[work.unit_id], work.pk))
    return [_late(work, said.get(work.pk), today, calendar) for work in late]


def _late(work: Assignment, note: DelayNote | None, today: date, calendar: WorkCalendar) -> LateRow:
    assert work.due_current is not None
    waits = work.state == S.SUBMITTED
    until = work.submitted_on if waits and work.submitted_on else today
    said = f"{DelayCause(note.cause).label}: {note.reason}" if note else ""
    return {
        "assignment": work.pk,
        "code": work.task.code,
        "title": work.task.short_title,
        "unit_pk": work.unit_id,
        "unit": work.unit.short_name,
        "due": work.due_current.isoformat(),
        "days": days_overdue(work, today=today),
        "working_days": calendar.count_between(work.due_current, until),
        "reason": "Đã gửi muộn, chờ xác nhận" if waits else said,
        "expected": note.expected_on.isoformat() if note and not waits else "",
    }


def conditions(stood: Standing) -> list[Condition]:
    """Tasks whose condition nobody had decided by then."""
    return [cast(Condition, condition_of(task)) for task in stood.tasks if task.is_undecided]


# --- part IV ---------------------------------------------------------------------------------------


def coming(stood: Standing) -> list[Coming]:
    """What the units still have to do, by day and task; what waits for the office is done for them."""
    found: dict[tuple[date, int], Coming] = {}
    order = {task.pk: number for number, task in enumerate(stood.tasks)}
    for work in stood.works:
        if not (work.is_counted and work.is_open) or work.state == S.SUBMITTED:
            continue
        due = work.due_current
        if due is None or due < stood.moment.day:
            continue
        row: Coming = {
            "day": due.isoformat(),
            "task": work.task_id,
            "code": work.task.code,
            "title": work.task.short_title,
            "count": 0,
        }
        found.setdefault((due, order[work.task_id]), row)["count"] += 1
    return [found[key] for key in sorted(found)]
