"""Phần việc: the office's list with all its filters, a unit's own page, late work that is chased."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from records.sheetfile import Column
from records.sheets import Asked, Opened, of_queryset, register
from tasks.enums import AssignmentState
from tasks.forms.office import AssignmentFilterForm
from tasks.listing import all_chosen
from tasks.models import Assignment
from tasks.sheets.words import filters_of
from tasks.timeliness import days_overdue
from tasks.today import Row, rows_of

COLUMNS = (
    Column("Văn bản", 26),
    Column("Mã việc", 9),
    Column("Việc", 36),
    Column("Đơn vị", 26),
    Column("Vai trò", 11),
    Column("Tình trạng", 18),
    Column("Thời hạn", 17),
    Column("Hạn ban đầu", 12),
    Column("Hạn hiện nay", 12),
    Column("Số ngày quá hạn", 9),
    Column("Đang chờ", 22),
    Column("Đơn vị nêu", 30),
    Column("Nhắc gần nhất", 15),
    Column("Gửi ngày", 12),
    Column("Xong ngày", 12),
)


def assignment_list(asked: Asked) -> Opened:
    """Phần việc của các đơn vị, as tasks/views/office.assignment_list."""
    form = AssignmentFilterForm(asked.params, user=asked.user)
    form.is_valid()  # as on the page: a condition that means nothing is left out
    return of_queryset(
        "Phần việc của các đơn vị",
        COLUMNS,
        for_sheet(all_chosen(asked.user, form.chosen, today=asked.today)),
        lambda chunk: lines(chunk, today=asked.today),
        filters=filters_of(form, asked.user),
    )


def for_sheet(assignments: Any) -> Any:
    """The rows with everything a line of the sheet says."""
    return assignments.select_related("task", "unit", "directive").with_last_contact().with_pending_extension()


def lines(chunk: Sequence[Assignment], *, today: date) -> Iterable[Sequence[Any]]:
    """The values of these assignments, two statements at most."""
    return [_line(row, today=today) for row in rows_of(list(chunk), today=today, contacts={})]


def _line(row: Row, *, today: date) -> Sequence[Any]:
    work = row.assignment
    return (
        work.directive.short_title,
        work.task.code,
        work.task.title,
        work.unit.name,
        work.get_role_display(),
        work.word.label,
        row.timeliness,
        work.due_original,
        work.due_current,
        days_overdue(work, today=today) or None,
        row.waiting_for,
        "; ".join(words for words in (row.said.delay_words, row.promise) if words),
        row.last_contact,
        work.submitted_on if work.state == AssignmentState.SUBMITTED else None,
        work.completed_on,
    )


register("phan-viec", assignment_list)
