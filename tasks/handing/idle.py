"""Work that waits on nobody: found by a check every hour, listed for the office with what to do about each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from directive_tracker.vietnamese import ZONE
from tasks.enums import (
    OPEN_STATES,
    AssignmentRole,
    AssignmentState,
    ConditionState,
    DirectiveState,
    SectionState,
)
from tasks.handing import telling
from tasks.models import (
    Assignment,
    DirectiveTask,
    ExtensionRequest,
    Finding,
    FindingState,
    IdleKind,
    IdleWork,
    ProgressReport,
)
from units.access import NO_DESK
from units.models import Membership, Role, Unit

S = AssignmentState
# Held while the check runs.
LOCK = 0x49444C45
# Rows of each kind on the page; the number of all stands beside.
ROWS = 50
WORKERS = (Role.REPORTER, Role.UNIT_HEAD)


@dataclass(frozen=True)
class Row:
    """One thing that waits on nobody, and what to do."""

    target_id: int
    title: str
    detail: str
    url: str
    todo: str


@dataclass(frozen=True)
class Section:
    """All of one kind."""

    kind: IdleKind
    count: int
    rows: list[Row]

    @property
    def heading(self) -> str:
        return self.kind.label

    @property
    def hidden(self) -> int:
        """How many are not listed."""
        return self.count - len(self.rows)


def _staffed(unit: str, roles: tuple[str, ...], today: date) -> Exists:
    """Whether the unit in the column has anybody in one of the roles today."""
    return Exists(Membership.objects.active_on(today).filter(unit=OuterRef(unit), role__in=roles, user__is_active=True))


def _desk(unit: str, today: date) -> Exists:
    """The like of whoever may decide for it."""
    return Exists(
        Membership.objects.active_on(today).filter(unit=OuterRef(unit), user__is_active=True).exclude(role__in=NO_DESK)
    )


def _owed() -> QuerySet:
    """Open work of documents that are followed."""
    return Assignment.objects.filter(state__in=OPEN_STATES, directive__state=DirectiveState.ISSUED).exclude(
        role=AssignmentRole.INFORMED
    )


def _units(today: date) -> QuerySet:
    works = _owed().filter(unit=OuterRef("pk"))
    return Unit.objects.filter(Exists(works)).annotate(
        works=Count(
            "assignments",
            filter=Q(assignments__state__in=OPEN_STATES, assignments__directive__state=DirectiveState.ISSUED),
        )
    )


def _empty_units(today: date) -> QuerySet:
    return _units(today).valid_on(today).filter(~_staffed("pk", WORKERS, today)).in_official_order()


def _ended_units(today: date) -> QuerySet:
    return _units(today).filter(valid_to__lt=today).in_official_order()


def _left_parts(today: date) -> QuerySet:
    ended = (S.COMPLETED, S.NOT_APPLICABLE, S.CANCELLED)
    return (
        _owed()
        .filter(role=AssignmentRole.PART, parent__state__in=ended)
        .select_related("unit", "task", "parent__unit")
        .order_by("pk")
    )


def _reviews(today: date) -> QuerySet:
    """Sent sections: of leads the reviewing unit, of parts who handed them on, of contributions the leads."""
    leads = Assignment.objects.filter(task=OuterRef("assignment__task"), role=AssignmentRole.LEAD)
    led = leads.filter(_staffed("unit", WORKERS, today))
    return (
        ProgressReport.objects.filter(state=SectionState.SUBMITTED, assignment__directive__state=DirectiveState.ISSUED)
        .filter(
            Q(assignment__role=AssignmentRole.LEAD) & ~Q(_desk("assignment__task__reviewing_unit", today))
            | Q(assignment__role=AssignmentRole.PART) & ~Q(_staffed("assignment__parent__unit", WORKERS, today))
            | Q(assignment__role=AssignmentRole.COORDINATING) & ~Q(Exists(led))
        )
        .select_related("assignment__unit", "assignment__task", "unit_report")
        .order_by("pk")
    )


def _extensions(today: date) -> QuerySet:
    return (
        ExtensionRequest.objects.pending()
        .filter(assignment__role=AssignmentRole.PART, assignment__directive__state=DirectiveState.ISSUED)
        .filter(~_staffed("assignment__parent__unit", WORKERS, today))
        .select_related("assignment__unit", "assignment__task", "assignment__parent__unit")
        .order_by("pk")
    )


def _conditions(today: date) -> QuerySet:
    return (
        DirectiveTask.objects.filter(
            condition_state=ConditionState.UNDECIDED,
            directive__state=DirectiveState.ISSUED,
            condition_decider__isnull=False,
        )
        .filter(~_desk("condition_decider", today))
        .select_related("condition_decider")
        .order_by("directive", "order")
    )


def _findings(today: date) -> QuerySet:
    """Those that wait for a unit in which nobody would hear of them."""
    nobody = ~_staffed("place__unit", WORKERS, today) | Q(place__unit__valid_to__lt=today)
    return (
        Finding.objects.filter(
            nobody, state__in=[FindingState.OPEN, FindingState.SENT_BACK], place__inspection__sent_at__isnull=False
        )
        .select_related("place__unit")
        .order_by("pk")
    )


def _work_page(unit: Unit) -> str:
    return f"{reverse('tasks:assignment_list')}?unit={unit.pk}"


@dataclass(frozen=True)
class _Check:
    """How one kind is found and said."""

    rows: Callable[[date], QuerySet]
    say: Callable[..., Row]


def _empty_row(unit: Unit) -> Row:
    todo = "Đề nghị quản trị gắn cán bộ đầu mối cho đơn vị, hoặc giao việc cho đơn vị khác."
    return Row(unit.pk, unit.name, f"{unit.works} việc đang mở", _work_page(unit), todo)


def _ended_row(unit: Unit) -> Row:
    return Row(
        unit.pk,
        unit.name,
        f"{unit.works} việc đang mở, đơn vị hết hoạt động ngày {unit.valid_to:%d/%m/%Y}",
        _work_page(unit),
        "Giao việc cho đơn vị kế thừa, hoặc hủy phần việc và ghi lý do.",
    )


def _part_row(part: Assignment) -> Row:
    return Row(
        part.pk,
        f"{part.task.code} – {part.unit.name}",
        f"{part.parent.unit.name} đã giao lại; việc của đơn vị này: {part.parent.get_state_display().lower()}",
        part.get_absolute_url(),
        "Đề nghị đơn vị giao kết thúc phần này; Văn phòng cũng hủy được.",
    )


def _review_row(section: ProgressReport) -> Row:
    return Row(
        section.pk,
        f"{section.assignment.task.code} – {section.assignment.unit.name}",
        f"{section.assignment.get_role_display()}, báo cáo đã gửi",
        section.assignment.get_absolute_url(),
        "Đề nghị quản trị gắn người cho bên xem xét, hoặc đổi đơn vị xem xét.",
    )


def _extension_row(request: ExtensionRequest) -> Row:
    part = request.assignment
    return Row(
        request.pk,
        f"{part.task.code} – {part.unit.name}",
        f"xin đến {request.requested_due:%d/%m/%Y}; {part.parent.unit.name} không có người",
        part.get_absolute_url(),
        "Văn phòng quyết định thay.",
    )


def _condition_row(task: DirectiveTask) -> Row:
    return Row(
        task.pk,
        str(task),
        f"{task.condition_decider}: {task.condition_text}",
        task.get_absolute_url(),
        "Văn phòng ghi quyết định khi có ý kiến, hoặc đề nghị gắn người cho bên quyết định.",
    )


def _finding_row(finding: Finding) -> Row:
    return Row(
        finding.pk,
        finding.words[:120],
        f"{finding.place.name}; {finding.place.unit.name} không có người",
        reverse("tasks:finding_detail", args=[finding.pk]),
        "Đề nghị quản trị gắn người cho đơn vị, hoặc bên kiểm tra làm việc trực tiếp.",
    )


CHECKS: dict[IdleKind, _Check] = {
    IdleKind.UNIT_EMPTY: _Check(_empty_units, _empty_row),
    IdleKind.UNIT_ENDED: _Check(_ended_units, _ended_row),
    IdleKind.PART_LEFT: _Check(_left_parts, _part_row),
    IdleKind.REVIEW: _Check(_reviews, _review_row),
    IdleKind.EXTENSION: _Check(_extensions, _extension_row),
    IdleKind.CONDITION: _Check(_conditions, _condition_row),
    IdleKind.FINDING: _Check(_findings, _finding_row),
}


def idle_sections(*, today: date, most: int | None = ROWS) -> list[Section]:
    """Everything that waits on nobody, kinds without anything left out (two statements a kind).

    Args:
        most: so many rows of each kind; None for all of them.
    """
    found = []
    for kind, check in CHECKS.items():
        rows = check.rows(today)
        listed = [check.say(row) for row in (rows if most is None else rows[: most + 1])]
        count = len(listed) if most is None or len(listed) <= most else rows.count()
        if listed:
            found.append(Section(kind, count, listed[:most]))
    return found


def _wait_for_others() -> None:
    """Two checks at once come one after the other, or the office would be told twice; on SQLite a transaction is alone anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def look(*, now: datetime) -> int:
    """The check: note what is new and what is over, tell the office of what is new. How many are new."""
    _wait_for_others()
    today = timezone.localdate(now, ZONE)
    new: list[IdleWork] = []
    for kind, check in CHECKS.items():
        ids = set(check.rows(today).order_by().values_list("pk", flat=True))
        known = set(IdleWork.objects.standing().filter(kind=kind).values_list("target_id", flat=True))
        gone = known - ids
        if gone:
            IdleWork.objects.standing().filter(kind=kind, target_id__in=gone).update(ended_at=now)
        new += [IdleWork(kind=kind, target_id=pk, found_at=now) for pk in sorted(ids - known)]
    IdleWork.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    if new:
        telling.tell_office_idle(len(new), key=f"{int(now.timestamp())}", now=now)
    return len(new)
