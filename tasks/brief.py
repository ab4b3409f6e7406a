"""Trình Thường trực: one sheet that tells the truth about one directive."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from directive_tracker.vietnamese import shortened, vn_date
from tasks import figures
from tasks.chasing.notes import NOTHING, Note, said_about
from tasks.enums import AssignmentState, ConditionState, RoundDecision
from tasks.indicators.summary import Summary, summaries_of
from tasks.models import Assignment, Directive, DirectiveTask, ExtensionRequest, Instruction, ReportRound
from tasks.overview import sentence_of
from tasks.tallies import Figures
from tasks.timeliness import days_overdue
from tasks.whole.kept import read_kept, total_of
from units.calendar import work_calendar
from units.models import UnitKind

# What fits on one sheet; the rest is said in a line.
OVERDUE_ROWS = 9
QUESTIONS = 5
INSTRUCTIONS = 4
REPORTED = 3
REASON_LENGTH = 110
# An extension longer than this, or a second one, is a question for the Standing Committee.
LONG_EXTENSION_DAYS = 5


@dataclass(frozen=True)
class OverdueRow:
    """One overdue part: who, what, how long, why, and when the unit expects to be done."""

    assignment: Assignment
    days: int
    reason: str
    expected_on: date | None


@dataclass(frozen=True)
class Question:
    """Something the Standing Committee is asked, with room to write beside it."""

    text: str
    detail: str = ""


@dataclass(frozen=True)
class Brief:
    """Everything the sheet shows."""

    directive: Directive
    sentence: str
    total: Figures
    overdue: list[OverdueRow]
    overdue_more: int
    questions: list[Question]
    questions_more: int
    instructions: list[Instruction]
    registry: Any | None
    reported: Summary | None


def build_brief(directive: Directive, user, *, today: date) -> Brief:
    """Gather the sheet for the office or a reader, in a fixed number of statements."""
    kept = read_kept(directive, today=today)
    total = total_of(kept.units)
    visible = Assignment.objects.visible_to(user).filter(directive=directive)
    overdue = list(visible.overdue(today=kept.day).for_listing().order_by("due_current", "unit__sort_order", "pk"))
    shown = overdue[:OVERDUE_ROWS]
    questions = _questions(directive, visible)
    return Brief(
        directive=directive,
        sentence=sentence_of(directive, total, kept.conditions, today=today, calendar=work_calendar()),
        total=total,
        overdue=_overdue_rows(shown, today=kept.day),
        overdue_more=len(overdue) - len(shown),
        questions=questions[:QUESTIONS],
        questions_more=max(0, len(questions) - QUESTIONS),
        instructions=list(
            Instruction.objects.visible_to(user)
            .filter(directive=directive)
            .unfinished()
            .order_by("-said_on", "-pk")[:INSTRUCTIONS]
        ),
        registry=figures.read(today).get("veterans"),
        reported=summaries_of([directive], most=REPORTED).get(directive.pk),
    )


def _overdue_rows(assignments: list[Assignment], *, today: date) -> list[OverdueRow]:
    contents = _newest_contents(assignments)
    requests = _newest_requests(assignments)
    said = said_about([assignment.pk for assignment in assignments])
    rows = []
    for assignment in assignments:
        sent_at, content = contents.get(assignment.pk, (None, {}))
        answer = said.get(assignment.pk, NOTHING).delay
        # What the unit said last counts, in a report or when it was asked.
        if (
            answer is not None
            and assignment.state != AssignmentState.SUBMITTED
            and (not sent_at or answer.at > sent_at)
        ):
            rows.append(_answered(assignment, answer, today=today))
            continue
        request = requests.get(assignment.pk)
        expected = assignment.state != AssignmentState.SUBMITTED and content.get("expected_on")
        rows.append(
            OverdueRow(
                assignment=assignment,
                days=days_overdue(assignment, today=today),
                reason=_reason(assignment, content, request),
                expected_on=(
                    date.fromisoformat(expected)
                    if expected
                    else request.requested_due
                    if request is not None and request.state == "pending"
                    else None
                ),
            )
        )
    return rows


def _answered(assignment: Assignment, answer: Note, *, today: date) -> OverdueRow:
    """A line with what the unit said of the delay."""
    return OverdueRow(
        assignment=assignment,
        days=days_overdue(assignment, today=today),
        reason=_one_line(f"{answer.head}: {answer.text}"),
        expected_on=answer.until,
    )


def _newest_contents(assignments: list[Assignment]) -> dict[int, tuple[datetime, dict]]:
    """The newest sent report on each assignment and when it was sent; frozen, not what the unit types now."""
    rounds = (
        ReportRound.objects.filter(section__assignment__in=assignments)
        .exclude(decision=RoundDecision.WITHDRAWN)
        .order_by("pk")
        .values_list("section__assignment_id", "submitted_at", "content")
    )
    return {pk: (sent_at, content) for pk, sent_at, content in rounds}


def _newest_requests(assignments: list[Assignment]) -> dict[int, ExtensionRequest]:
    requests = ExtensionRequest.objects.filter(assignment__in=assignments).order_by("pk")
    return {request.assignment_id: request for request in requests}


def _reason(assignment: Assignment, content: dict, request: ExtensionRequest | None) -> str:
    """What the unit says itself, else why it asked for time, else how far the work is."""
    if assignment.state == AssignmentState.SUBMITTED:
        return f"gửi muộn, ngày {vn_date(assignment.submitted_on)}; đang chờ xác nhận"
    said = (content.get("difficulties") or "").strip()
    if not said and request is not None:
        said = request.reason
    if not said and assignment.state == AssignmentState.ASSIGNED:
        said = "chưa tiếp nhận"
    if not said:
        said = assignment.state_reason or "đơn vị chưa nêu"
    return _one_line(said)


def _one_line(said: str) -> str:
    return shortened(" ".join(said.split()), REASON_LENGTH)


def _questions(directive: Directive, visible) -> list[Question]:
    """Conditions not decided, long or repeated extensions, work given back, the office's own results."""
    return [
        *_conditions(directive),
        *_extensions(visible),
        *(
            Question(
                f"Giao đơn vị nào làm {a.task.code} {a.task.short_title}?",
                f"{a.unit.short_name} trả lại: {a.state_reason}",
            )
            for a in visible.filter(state=AssignmentState.RETURNED_BY_UNIT)
            .for_listing()
            .order_by("unit__sort_order", "pk")[:QUESTIONS]
        ),
        *(
            Question(
                f"Công nhận {a.unit.short_name} hoàn thành {a.task.code} {a.task.short_title}?",
                f"Báo cáo đến ngày {vn_date(a.submitted_on)}",
            )
            for a in visible.filter(
                state=AssignmentState.SUBMITTED,
                task__reviewing_unit__kind=UnitKind.STANDING_COMMITTEE,
            )
            .for_listing()
            .order_by("pk")[:QUESTIONS]
        ),
    ]


def _conditions(directive: Directive) -> list[Question]:
    tasks = (
        DirectiveTask.objects.filter(directive=directive, condition_state=ConditionState.UNDECIDED)
        .select_related("condition_decider")
        .order_by("condition_decide_by", "order")
    )
    return [
        Question(
            f"{task.condition_question or task.condition_text} (điểm {task.code})",
            ", ".join(
                part
                for part in (
                    f"quyết định trước {vn_date(task.condition_decide_by)}" if task.condition_decide_by else "",
                    f"bên quyết định: {task.condition_decider.short_name}" if task.condition_decider else "",
                )
                if part
            ),
        )
        for task in tasks
    ]


def _extensions(visible) -> list[Question]:
    """Pending requests that ask for much, or not for the first time."""
    requests = list(
        ExtensionRequest.objects.pending()
        .filter(assignment__in=visible)
        .select_related("assignment__task", "assignment__unit")
        .order_by("requested_at", "pk")
    )
    repeated = set(
        ExtensionRequest.objects.filter(
            assignment__in=[request.assignment_id for request in requests], state="approved"
        ).values_list("assignment_id", flat=True)
    )
    calendar = work_calendar()
    return [
        Question(
            f"Đồng ý cho {r.assignment.unit.short_name} gia hạn {r.assignment.task.code} "
            f"từ {vn_date(r.old_due)} đến {vn_date(r.requested_due)}?",
            " ".join(r.reason.split())[:REASON_LENGTH],
        )
        for r in requests
        if r.assignment_id in repeated
        or r.old_due is None
        or calendar.count_between(r.old_due, r.requested_due) > LONG_EXTENSION_DAYS
    ]
