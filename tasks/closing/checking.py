"""What is still open in a document, before it is ended: each kind with its number and the place where it is dealt with."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from tasks.enums import (
    OPEN_STATES,
    TYPED_REPORT_STATES,
    AssignmentState,
    ConditionState,
    ExtensionState,
    ReportState,
    SectionState,
)
from tasks.models import (
    Assignment,
    Directive,
    ExtensionRequest,
    Finding,
    FindingState,
    Instruction,
    InstructionState,
    ProgressReport,
    UnitQuestion,
    UnitReport,
    UpwardReport,
)

# So many units or tasks are named below a number; the list behind the link has the rest.
NAMED = 30


@dataclass(frozen=True)
class OpenPoint:
    """One kind of thing that is not finished. names: whose, with their own numbers ("Huyện ủy Đắk Hà (3)")."""

    words: str
    count: int
    url: str
    names: tuple[str, ...] = ()


def open_points(directive: Directive, user) -> list[OpenPoint]:
    """What is open of the document, the units' work first; kinds of which there is nothing are left out.

    A fixed number of statements at any size.
    """
    return [point for point in _points(directive, user) if point.count]


def _points(directive: Directive, user) -> Iterator[OpenPoint]:
    work = Assignment.objects.visible_to(user).filter(directive=directive).order_by()
    listed = f"{reverse('tasks:assignment_list')}?directive={directive.pk}"
    yield _work(work.filter(state__in=OPEN_STATES), "Phần việc chưa xong", listed)
    yield _work(work.filter(state=AssignmentState.PAUSED), "Phần việc tạm dừng", listed)
    yield from _reports(directive, user)
    yield from _asked(directive, user, listed)
    undecided = list(
        directive.tasks.filter(condition_state=ConditionState.UNDECIDED).order_by("order").values_list("pk", "code")
    )
    if undecided:
        place = reverse("tasks:task_detail", args=[undecided[0][0]])
        codes = tuple(f"nhiệm vụ {code}" for _, code in undecided[:NAMED])
        yield OpenPoint("Điều kiện chưa quyết định", len(undecided), place, codes)
    yield from _said_and_found(directive, user)


def _work(rows, words: str, url: str) -> OpenPoint:
    """Work by unit, in official order (1 statement)."""
    units = list(
        rows.values("unit__short_name", "unit__sort_order", "unit_id")
        .annotate(number=Count("pk"))
        .order_by("unit__sort_order", "unit_id")
    )
    names = tuple(f"{row['unit__short_name']} ({row['number']})" for row in units[:NAMED])
    return OpenPoint(words, sum(row["number"] for row in units), url, names)


def _reports(directive: Directive, user) -> Iterator[OpenPoint]:
    """What was sent and waits, and what was begun and not sent."""
    waiting = ProgressReport.objects.visible_to(user).filter(
        assignment__directive=directive, state=SectionState.SUBMITTED
    )
    yield OpenPoint("Mục báo cáo chờ xem xét", waiting.count(), reverse("tasks:review_queue"))
    by_state = dict(
        UnitReport.objects.filter(directive=directive, state__in=[*TYPED_REPORT_STATES, ReportState.AWAITING_UNIT_HEAD])
        .order_by()
        .values_list("state")
        .annotate(number=Count("pk"))
    )
    at_head = by_state.pop(ReportState.AWAITING_UNIT_HEAD, 0)
    chase = f"{reverse('tasks:chase_list')}?van-ban={directive.pk}"
    yield OpenPoint("Báo cáo chờ lãnh đạo đơn vị duyệt", at_head, chase)
    yield OpenPoint("Báo cáo đơn vị đang soạn, chưa gửi", sum(by_state.values()), chase)


def _asked(directive: Directive, user, listed: str) -> Iterator[OpenPoint]:
    """What units asked and nobody has answered."""
    extensions = ExtensionRequest.objects.visible_to(user).filter(
        assignment__directive=directive, state=ExtensionState.PENDING
    )
    yield OpenPoint("Xin gia hạn chưa trả lời", extensions.count(), f"{reverse('tasks:today')}#decide")
    questions = UnitQuestion.objects.waiting().filter(assignment__directive=directive)
    first = questions.order_by("pk").values_list("pk", flat=True).first()
    place = reverse("tasks:question", args=[first]) if first else listed
    yield OpenPoint("Câu hỏi của đơn vị chưa trả lời", questions.count(), place)


def _said_and_found(directive: Directive, user) -> Iterator[OpenPoint]:
    """What was said, found at inspections, or is owed to a body above."""
    instructions = Instruction.objects.visible_to(user).filter(directive=directive)
    yield OpenPoint(
        "Ý kiến chỉ đạo chưa kết thúc",
        instructions.exclude(state=InstructionState.DONE).count(),
        f"{reverse('tasks:instruction_list')}?van-ban={directive.pk}",
    )
    findings = Finding.objects.visible_to(user).filter(place__inspection__task__directive=directive)
    yield OpenPoint(
        "Kiến nghị sau kiểm tra chưa khắc phục",
        findings.exclude(state=FindingState.CLOSED).count(),
        reverse("tasks:finding_list"),
    )
    upward = UpwardReport.objects.visible_to(user).filter(directive=directive).open()
    yield OpenPoint("Báo cáo lên cấp trên chưa gửi", upward.count(), reverse("tasks:upward_list"))
