"""The tables of an archive: the same rows as a sheet for people and as JSON for programs."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from directive_tracker.vietnamese import vn_datetime
from records.spreadsheets import workbook
from tasks import tallies
from tasks.enums import ConditionState
from tasks.models import (
    Assignment,
    AssignmentProduct,
    Directive,
    DueChange,
    ExtensionRequest,
    Instruction,
    StatusChange,
)
from tasks.timeliness import timeliness_words

AT_ONCE = 500


@dataclass(frozen=True)
class Table:
    """One table: title of its sheet, names of its columns, its rows."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


def as_xlsx(tables: Iterable[Table], *, lines: Sequence[str]) -> bytes:
    """A workbook with a sheet for each table. lines: what stands above each (the line of trial data)."""
    sheets = {table.title: [*((line,) for line in lines), table.head, *map(_cells, table.rows)] for table in tables}
    return workbook(sheets, widths=(14, 40, 30, 18, 18, 18, 18, 18, 18, 18, 18, 18))


def _cells(row: Sequence[Any]) -> list[Any]:
    # A sheet knows no zones: moments are written as pages write them.
    return [vn_datetime(value) if isinstance(value, datetime) else value for value in row]


def as_json(tables: Iterable[Table]) -> bytes:
    """{title: [{column: value}]}; days and moments as ISO."""
    data = {table.title: [dict(zip(table.head, row, strict=True)) for row in table.rows] for table in tables}
    return json.dumps(data, ensure_ascii=False, indent=1, default=_iso).encode()


def _iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def work(directive: Directive, user, *, today: date) -> list[Table]:
    """The tasks and who carried them."""
    return [_tasks(directive), _assignments(directive, user, today=today), _papers(directive, user)]


def _tasks(directive: Directive) -> Table:
    head = ("Mã", "Nhiệm vụ", "Điểm", "Mức độ", "Điều kiện", "Kết quả điều kiện", "Đơn vị xem xét")
    tasks = directive.tasks.select_related("clause", "reviewing_unit").order_by("order", "pk")
    rows = [
        (
            task.code,
            task.title,
            task.clause.code,
            task.get_strength_display(),
            task.condition_text,
            "" if task.condition_state == ConditionState.NONE else task.get_condition_state_display(),
            task.reviewing_unit.name,
        )
        for task in tasks
    ]
    return Table("Nhiệm vụ", head, rows)


def _assignments(directive: Directive, user, *, today: date) -> Table:
    head = (
        *("Mã", "Nhiệm vụ", "Đơn vị", "Vai trò", "Tình trạng", "Thời hạn", "Lý do"),
        *("Hạn ban đầu", "Hạn hiện nay", "Tiếp nhận", "Báo cáo đến ngày", "Hoàn thành ngày"),
    )
    rows = [
        (
            part.task.code,
            part.task.title,
            part.unit.name,
            part.get_role_display(),
            part.get_state_display(),
            timeliness_words(part, today=today),
            part.state_reason,
            part.due_original,
            part.due_current,
            part.acknowledged_on,
            part.submitted_on,
            part.completed_on,
        )
        for part in _parts(directive, user)
    ]
    return Table("Phần việc", head, rows)


def _parts(directive: Directive, user) -> Iterator[Assignment]:
    found = Assignment.objects.visible_to(user).filter(directive=directive).for_listing()
    return found.order_by("task__order", "unit__sort_order", "pk").iterator(chunk_size=AT_ONCE)


def _papers(directive: Directive, user) -> Table:
    head = ("Mã", "Sản phẩm", "Đơn vị", "Số", "Ký hiệu", "Ngày văn bản", "Người ký", "Hạn", "Gửi ngày", "Chấp nhận")
    parts = Assignment.objects.visible_to(user).filter(directive=directive)
    papers = (
        AssignmentProduct.objects.filter(assignment__in=parts)
        .select_related("assignment__task", "assignment__unit", "product")
        .order_by("assignment__task__order", "assignment__unit__sort_order", "product__order", "pk")
    )
    rows = [
        (
            paper.assignment.task.code,
            paper.product.name,
            paper.assignment.unit.name,
            paper.number,
            paper.symbol,
            paper.paper_date,
            paper.signer,
            paper.due_date,
            paper.submitted_on,
            paper.delivered_on,
        )
        for paper in papers.iterator(chunk_size=AT_ONCE)
    ]
    return Table("Sản phẩm", head, rows)


FIGURES = (
    *("done_on_time", "done_late", "open_in_time", "open_overdue"),
    *("open_without_due", "outside", "paused", "undecided", "encouraged"),
)
FIGURE_HEAD = (
    *("Hoàn thành đúng hạn", "Hoàn thành quá hạn", "Chưa hoàn thành, trong hạn", "Chưa hoàn thành, quá hạn"),
    *("Trong đó không thời hạn", "Ngoài thống kê", "Trong đó tạm dừng", "Trong đó chờ quyết định"),
    "Trong đó khuyến khích",
)


def figures(directive: Directive) -> list[Table]:
    """The figures as they stood when the document was ended: by unit with their sum, and by task."""
    units, tasks = tallies.by_unit(directive), tallies.by_task(directive)
    total = tallies.total_of(units)
    by_unit = [(tally.unit.name, *_figures(tally)) for tally in units]
    by_task = [(tally.task.code, tally.task.title, *_figures(tally)) for tally in tasks]
    return [
        Table("Theo đơn vị", ("Đơn vị", *FIGURE_HEAD), [*by_unit, ("Tổng cộng", *_figures(total))]),
        Table("Theo nhiệm vụ", ("Mã", "Nhiệm vụ", *FIGURE_HEAD), by_task),
    ]


def _figures(tally: Any) -> list[int]:
    return [getattr(tally, name) for name in FIGURES]


def decisions(directive: Directive, user) -> list[Table]:
    """What was asked and decided: extensions, moved days, conditions, changes of state, instructions."""
    parts = Assignment.objects.visible_to(user).filter(directive=directive)
    return [
        _extensions(parts),
        _due_changes(parts),
        _conditions(directive),
        _states(parts),
        _instructions(directive, user),
    ]


def _extensions(parts) -> Table:
    head = (
        *("Mã", "Đơn vị", "Hạn lúc xin", "Xin đến", "Lý do", "Xin lúc"),
        *("Kết quả", "Gia hạn đến", "Ý kiến", "Người quyết định", "Quyết định lúc"),
    )
    found = ExtensionRequest.objects.filter(assignment__in=parts).select_related(
        "assignment__task", "assignment__unit", "decided_by"
    )
    rows = [
        (
            one.assignment.task.code,
            one.assignment.unit.name,
            one.old_due,
            one.requested_due,
            one.reason,
            one.requested_at,
            one.get_state_display(),
            one.granted_due,
            one.decision_reason,
            str(one.decided_by or ""),
            one.decided_at,
        )
        for one in found.order_by("pk")
    ]
    return Table("Xin gia hạn", head, rows)


def _due_changes(parts) -> Table:
    head = ("Mã", "Đơn vị", "Hạn cũ", "Hạn mới", "Nguồn", "Lý do", "Người đổi", "Lúc")
    found = DueChange.objects.filter(assignment__in=parts).select_related("assignment__task", "assignment__unit", "by")
    rows = [
        (
            one.assignment.task.code,
            one.assignment.unit.name,
            one.old_due,
            one.new_due,
            one.get_source_display(),
            one.reason,
            str(one.by or ""),
            one.at,
        )
        for one in found.order_by("pk")
    ]
    return Table("Đổi hạn", head, rows)


def _conditions(directive: Directive) -> Table:
    head = ("Mã", "Điều kiện", "Kết quả", "Căn cứ", "Người quyết định", "Quyết định lúc")
    found = directive.tasks.exclude(condition_state=ConditionState.NONE).select_related("condition_decided_by")
    rows = [
        (
            task.code,
            task.condition_text,
            task.get_condition_state_display(),
            task.condition_reason,
            str(task.condition_decided_by or ""),
            task.condition_decided_at,
        )
        for task in found.order_by("order", "pk")
    ]
    return Table("Điều kiện", head, rows)


def _states(parts) -> Table:
    head = ("Mã", "Đơn vị", "Từ", "Sang", "Ghi chú", "Người làm", "Lúc")
    found = StatusChange.objects.filter(assignment__in=parts).select_related(
        "assignment__task", "assignment__unit", "by"
    )
    rows = [
        (
            one.assignment.task.code,
            one.assignment.unit.name,
            one.get_old_state_display(),
            one.get_new_state_display(),
            one.note,
            str(one.by or ""),
            one.at,
        )
        for one in found.order_by("pk").iterator(chunk_size=AT_ONCE)
    ]
    return Table("Chuyển trạng thái", head, rows)


def _instructions(directive: Directive, user) -> Table:
    head = ("Ngày", "Người cho ý kiến", "Nội dung", "Nguồn", "Tình trạng", "Đã làm")
    found = Instruction.objects.visible_to(user).filter(directive=directive).prefetch_related("steps")
    rows = [
        (
            one.said_on,
            one.said_by,
            one.words,
            one.get_source_display(),
            one.get_state_display(),
            "\n".join(f"{vn_datetime(step.at)} {step.get_kind_display()}: {step.words}" for step in one.steps.all()),
        )
        for one in found.order_by("said_on", "pk")
    ]
    return Table("Ý kiến chỉ đạo", head, rows)
