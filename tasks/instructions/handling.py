"""Writing an instruction down, and everything that may become of it. Steps are appended; the state moves once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from directive_tracker.vietnamese import nfc, vn_date, vn_datetime
from records.audit import record
from tasks.chasing.nudging import NudgePlan, nudge_together
from tasks.chasing.rules import IN_HANDS
from tasks.enums import AssignmentRole, DueKind, DueSource, ProductKind
from tasks.errors import Refused
from tasks.instructions.rules import can_handle
from tasks.issuing import add_assignment
from tasks.lifecycle import required_reason
from tasks.models import (
    Assignment,
    Clause,
    Directive,
    DirectiveTask,
    Instruction,
    InstructionState,
    InstructionStep,
    InstructionStepKind,
    Product,
)
from units.models import Unit

CODE = "CĐ"
# What a nudge carries of the words; the rest is read on the page.
QUOTED = 300


@dataclass
class Said:
    """What was said, as it is written down."""

    words: str
    said_by: str
    said_on: date
    source: str
    tasks: list[DirectiveTask] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)


@transaction.atomic
def write(directive: Directive, said: Said, *, by, now: datetime) -> Instruction:
    """Write an instruction down. Errors: Refused when it is no sentence or the document is not followed."""
    if not directive.is_issued:
        raise Refused("Văn bản chưa giao hoặc đã kết thúc theo dõi, không ghi ý kiến chỉ đạo được.")
    words = nfc(said.words).strip()
    if len(words) < 3:
        raise Refused("Hãy ghi nội dung ý kiến chỉ đạo.")
    instruction = Instruction.objects.create(
        directive=directive,
        words=words,
        said_by=nfc(said.said_by).strip(),
        said_on=said.said_on,
        source=said.source,
        written_by=by,
        written_at=now,
    )
    instruction.tasks.set(said.tasks)
    instruction.units.set(said.units)
    record("instruction.written", by=by, at=now, target=instruction)
    return instruction


def concerned(instruction: Instruction) -> list[Unit]:
    """The units it may be turned upon: those it names, else all that have lead work in its tasks or its document."""
    named = list(instruction.units.in_official_order())
    if named:
        return named
    work = Assignment.objects.filter(directive=instruction.directive_id, role=AssignmentRole.LEAD)
    tasks = list(instruction.tasks.values_list("pk", flat=True))
    if tasks:
        work = work.filter(task__in=tasks)
    return list(Unit.objects.filter(pk__in=work.values("unit")).in_official_order())


@transaction.atomic
def nudge(instruction: Instruction, units: Iterable[Unit], *, by, now: datetime) -> NudgePlan:
    """Chase the units' open work that it is about, in the words of the instruction.

    Errors: Refused when there is nothing to chase (tasks/chasing/nudging.py says why), or somebody ended it meanwhile.
    """
    _take(instruction, InstructionState.FOLLOWED, by=by)
    units = list(units)
    work = Assignment.objects.filter(
        directive=instruction.directive_id, unit__in=[unit.pk for unit in units], state__in=IN_HANDS
    )
    tasks = list(instruction.tasks.values_list("pk", flat=True))
    if tasks:
        work = work.filter(task__in=tasks)
    plan = nudge_together(work, by=by, now=now, message=_message(instruction))
    told = ", ".join(recipient.unit.short_name for recipient in plan.recipients)
    words = f"{len(plan.assignments)} việc của {told}"
    _step(
        instruction,
        InstructionStepKind.NUDGED,
        by=by,
        now=now,
        words=words if len(words) <= 1000 else f"{words[:999]}…",
    )
    return plan


def _message(instruction: Instruction) -> str:
    words = " ".join(instruction.words.split())
    words = words if len(words) <= QUOTED else f"{words[:QUOTED]}…"
    return f"Ý kiến chỉ đạo của {instruction.said_by} ngày {vn_date(instruction.said_on)}: “{words}”"


@dataclass
class NewTask:
    """The task that an instruction becomes."""

    title: str
    short_title: str
    due: date
    units: list[Unit]


@transaction.atomic
def make_task(instruction: Instruction, new: NewTask, *, by, now: datetime) -> DirectiveTask:
    """Add a task to the issued document, with a due day and code of its own, and give it to the units.

    Errors: Refused when somebody ended the instruction meanwhile, and as tasks.issuing.add_assignment.
    """
    _take(instruction, InstructionState.FOLLOWED, by=by)
    directive = instruction.directive
    # Two at once get two codes: the second waits here.
    Directive.objects.select_for_update().get(pk=directive.pk)
    first = instruction.tasks.select_related("clause").order_by("order").first()
    clause = first.clause if first is not None else Clause.objects.filter(text__directive=directive).first()
    if clause is None:
        raise Refused("Văn bản chưa có điểm, khoản nào để thêm nhiệm vụ.")
    last = directive.tasks.order_by("-order").values_list("order", flat=True).first() or 0
    task = DirectiveTask.objects.create(
        directive=directive,
        clause=clause,
        code=_free_code(directive),
        order=last + 1,
        title=f"{new.title} ({instruction.mark})",
        short_title=new.short_title,
        reviewing_unit=directive.office,
    )
    Product.objects.create(
        task=task,
        kind=ProductKind.FIGURES,
        name="Báo cáo kết quả",
        due_kind=DueKind.FIXED,
        due_date=new.due,
        due_source=DueSource.OFFICE,
        due_basis=instruction.mark[:200],
    )
    for unit in new.units:
        add_assignment(task, unit, AssignmentRole.LEAD, by=by, now=now)
    _step(
        instruction, InstructionStepKind.TASKED, by=by, now=now, words=f"{task.code}, hạn {vn_date(new.due)}", task=task
    )
    return task


def _free_code(directive: Directive) -> str:
    """CĐ1, CĐ2, … the first that no task of the document bears."""
    taken = set(directive.tasks.values_list("code", flat=True))
    return next(code for number in range(1, len(taken) + 2) if (code := f"{CODE}{number}") not in taken)


@transaction.atomic
def follow(instruction: Instruction, *, by, now: datetime, words: str = "") -> None:
    """Keep it in sight without a nudge or task."""
    _take(instruction, InstructionState.FOLLOWED, by=by)
    _step(instruction, InstructionStepKind.FOLLOWED, by=by, now=now, words=words.strip())


@transaction.atomic
def note(instruction: Instruction, *, by, now: datetime, words: str) -> None:
    """Write down what came of it so far. Errors: Refused without words."""
    words = required_reason(words, "nội dung ghi thêm")
    _take(instruction, InstructionState(instruction.state), by=by)
    _step(instruction, InstructionStepKind.NOTED, by=by, now=now, words=words)


@transaction.atomic
def finish(instruction: Instruction, *, by, now: datetime, words: str) -> None:
    """What came of it, and no more to do. Errors: Refused without words."""
    words = required_reason(words, "kết quả thực hiện ý kiến")
    _take(instruction, InstructionState.DONE, by=by)
    _step(instruction, InstructionStepKind.DONE, by=by, now=now, words=words)


@transaction.atomic
def reopen(instruction: Instruction, *, by, now: datetime, words: str) -> None:
    """It was not finished after all. Errors: Refused without a reason, or when it is not done."""
    words = required_reason(words, "lý do mở lại")
    _may(instruction, by)
    won = Instruction.objects.filter(pk=instruction.pk, state=InstructionState.DONE).update(
        state=InstructionState.FOLLOWED
    )
    if not won:
        raise Refused("Ý kiến này chưa kết thúc, không cần mở lại.")
    instruction.state = InstructionState.FOLLOWED
    _step(instruction, InstructionStepKind.REOPENED, by=by, now=now, words=words)


def _may(instruction: Instruction, by) -> None:
    if not can_handle(by, instruction):
        raise Refused("Không ai của đơn vị được nêu trong ý kiến tự xử lý ý kiến đó; xin để người khác của Văn phòng.")


def _take(instruction: Instruction, new: InstructionState, *, by) -> None:
    """Hold the row and move it on. Errors: Refused when it has been finished, with who and when."""
    _may(instruction, by)
    row = Instruction.objects.select_for_update().get(pk=instruction.pk)
    if row.is_done:
        last = row.steps.filter(kind=InstructionStepKind.DONE).select_related("by").order_by("-pk").first()
        who = f"{last.by} đã kết thúc lúc {vn_datetime(last.at)}" if last else "đã kết thúc"
        raise Refused(f"Ý kiến này {who}. Muốn làm tiếp thì mở lại trước.")
    if row.state != new:
        row.state = new
        row.save(update_fields=["state"])
    instruction.state = row.state


def _step(instruction: Instruction, kind: InstructionStepKind, *, by, now: datetime, words: str, task=None) -> None:
    InstructionStep.objects.create(instruction=instruction, kind=kind, words=words, task=task, by=by, at=now)
    data = {"codes": [task.code]} if task is not None else {}
    record(f"instruction.{kind.value}", by=by, at=now, target=instruction, data=data)
