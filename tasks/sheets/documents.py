"""Văn bản: documents with their figures, the tasks of one, what arrived, what was handed to a unit, what is owed upwards."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404

from directive_tracker.row_ids import row_id, row_id_or_404
from records.sheetfile import Column
from records.sheets import Asked, Filter, Opened, of_queryset, register
from tasks import tallies
from tasks.arriving.reading import tab_of
from tasks.enums import AssignmentRole
from tasks.handing.releasing import received_list
from tasks.instructions.reading import list_of
from tasks.instructions.rules import sees_instructions
from tasks.models import Directive, DirectiveTask, IncomingFile, Instruction, UpwardReport
from tasks.querysets import access_for
from tasks.upward.listing import upward_of

DIRECTIVE = (
    Column("Văn bản", 50),
    Column("Cơ quan ban hành", 26),
    Column("Số, ký hiệu", 16),
    Column("Ngày văn bản", 12),
    Column("Trạng thái", 16),
    Column("Giao ngày", 12),
    Column("Số nhiệm vụ", 9),
)
CLASSES = ("done_on_time", "done_late", "open_in_time", "open_overdue")
FIGURES = (
    Column("Hoàn thành đúng hạn", 11),
    Column("Hoàn thành quá hạn", 11),
    Column("Chưa xong, trong hạn", 11),
    Column("Chưa xong, quá hạn", 11),
)


def directive_list(asked: Asked) -> Opened:
    """Văn bản chỉ đạo, newest first; with the four classes for whoever sees all work."""
    whole = access_for(asked.user).sees_all_assignments
    found = Directive.objects.visible_to(asked.user).annotate(task_count=Count("tasks", distinct=True)).order_by("-pk")
    if whole:
        tallies.roll_forward(today=asked.today)

    def lines(chunk: list[Directive]) -> Iterable[Sequence[Any]]:
        figures = tallies.sums([row.pk for row in chunk]) if whole else {}
        for row in chunk:
            figure = figures.get(row.pk)
            counted = tuple(figure[name] for name in CLASSES) if figure else ()
            yield (
                *(row.title, row.issuer, row.number, row.issued_date, row.get_state_display(), row.issued_on),
                *(row.task_count, *counted),
            )

    return of_queryset("Văn bản chỉ đạo", DIRECTIVE + FIGURES if whole else DIRECTIVE, found, lines)


TASK = (
    Column("Mã", 9),
    Column("Nhiệm vụ", 60),
    Column("Tính chất", 13),
    Column("Điều kiện", 30),
    Column("Tình trạng điều kiện", 16),
    Column("Đơn vị xem xét", 26),
    Column("Sản phẩm", 36),
    Column("Số đơn vị chủ trì", 9),
)


def task_list(asked: Asked) -> Opened:
    """The tasks of one document (`so`), as on its page."""
    directives = Directive.objects.visible_to(asked.user)
    directive = get_object_or_404(directives, pk=row_id_or_404(asked.params.get("so", "")))
    leads = Count("assignments", filter=Q(assignments__role=AssignmentRole.LEAD))
    found = (
        DirectiveTask.objects.visible_to(asked.user)
        .filter(directive=directive)
        .select_related("reviewing_unit")
        .prefetch_related("products")
        .annotate(leads=leads)
        .order_by("order", "pk")
    )
    return of_queryset(
        f"Nhiệm vụ – {directive.short_title}", TASK, found, lambda chunk: map(_task, chunk), target=directive
    )


def _task(task: DirectiveTask) -> Sequence[Any]:
    return (
        task.code,
        task.title,
        task.get_strength_display(),
        task.condition_text,
        task.get_condition_state_display() if task.condition_text else "",
        task.reviewing_unit.name if task.reviewing_unit else "",
        "; ".join(product.name for product in task.products.all()),
        task.leads,
    )


INCOMING = (
    Column("Tệp", 44),
    Column("Đến lúc", 16),
    Column("Cỡ (byte)", 12),
    Column("Tình trạng", 14),
    Column("Văn bản đã ghi", 40),
    Column("Vì sao không nhận", 40),
    Column("Xử lý lúc", 16),
    Column("Người xử lý", 22),
)


def incoming_list(asked: Asked) -> Opened:
    """Văn bản đến: the files of the chosen tab."""
    _office_only(asked)
    tab = tab_of(asked.params.get("xem", ""))
    found = IncomingFile.objects.visible_to(asked.user).filter(state__in=tab.states)
    return of_queryset(
        "Văn bản đến",
        INCOMING,
        found.select_related("directive", "decided_by").order_by("-seen_at", "-pk"),
        lambda chunk: map(_incoming, chunk),
        filters=[Filter("Danh sách", tab.words)],
    )


def _incoming(row: IncomingFile) -> Sequence[Any]:
    decided = None if row.is_waiting else row.decided_at
    return (
        *(row.name, row.seen_at, row.size or None, row.get_state_display()),
        *(row.directive.title if row.directive else "", row.refusal, decided),
        str(row.decided_by) if decided and row.decided_by else "",
    )


def _office_only(asked: Asked) -> None:
    if not access_for(asked.user).is_office:
        raise PermissionDenied


UPWARD = (
    Column("Báo cáo", 44),
    Column("Văn bản", 30),
    Column("Gửi đến", 30),
    Column("Hạn gửi", 12),
    Column("Quá hạn", 9),
    Column("Đã gửi", 36),
    Column("Ghi chú", 30),
)


def upward_list(asked: Asked) -> Opened:
    """Báo cáo lên cấp trên: the reports of the chosen tab."""
    _office_only(asked)
    state, found = upward_of(asked.user, asked.params.get("xem", ""))

    def line(row: UpwardReport) -> Sequence[Any]:
        late = "quá hạn" if row.is_overdue(today=asked.today) else ""
        sent = row.sent_words if row.is_sent else ""
        return row.about, row.directive.short_title, row.to_whom, row.due, late, sent, row.note

    return of_queryset(
        "Báo cáo lên cấp trên",
        UPWARD,
        found,
        lambda chunk: map(line, chunk),
        filters=[Filter("Danh sách", str(state.label))],
    )


RECEIVED = (
    Column("Văn bản", 50),
    Column("Đơn vị gửi", 30),
    Column("Đơn vị nhận", 30),
    Column("Gửi lúc", 16),
    Column("Mở lúc", 16),
    Column("Đã thu hồi", 10),
)


def release_list(asked: Asked) -> Opened:
    """Văn bản được gửi: what was handed to one's units and those below."""
    if not access_for(asked.user).works_for_a_unit:
        raise PermissionDenied
    return of_queryset(
        "Văn bản được gửi",
        RECEIVED,
        received_list(asked.user),
        lambda chunk: (
            (
                *(
                    str(row.release),
                    row.release.delivery.assignment.unit.name,
                    row.unit.name,
                    row.sent_at,
                    row.opened_at,
                ),
                "đã thu hồi" if row.release.is_withdrawn else "",
            )
            for row in chunk
        ),
    )


INSTRUCTION = (
    Column("Ý kiến", 60),
    Column("Người cho ý kiến", 24),
    Column("Ngày", 12),
    Column("Nguồn", 14),
    Column("Tình trạng", 14),
    Column("Văn bản", 30),
    Column("Việc", 14),
    Column("Đơn vị", 36),
)


def instruction_list(asked: Asked) -> Opened:
    """Ý kiến chỉ đạo: what is still open first."""
    if not sees_instructions(asked.user):
        raise PermissionDenied
    chosen = row_id(asked.params.get("van-ban"))
    named = Directive.objects.visible_to(asked.user).filter(pk=chosen).first() if chosen else None
    return of_queryset(
        "Ý kiến chỉ đạo",
        INSTRUCTION,
        list_of(asked.user, chosen),
        lambda chunk: map(_instruction, chunk),
        filters=[Filter("Văn bản", named.short_title if named else "–")] if chosen else [],
    )


def _instruction(row: Instruction) -> Sequence[Any]:
    return (
        *(row.words, row.said_by, row.said_on, row.get_source_display(), row.get_state_display()),
        *(row.directive.short_title, ", ".join(task.code for task in row.tasks.all())),
        ", ".join(unit.short_name for unit in row.units.all()),
    )


register("van-ban", directive_list)
register("nhiem-vu", task_list)
register("van-ban-den", incoming_list)
register("bao-cao-cap-tren", upward_list)
register("van-ban-duoc-gui", release_list)
register("y-kien", instruction_list)
