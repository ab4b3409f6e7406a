"""The lines of a table of assignments as short markup: {% load assignments %}.

Built here and not by template includes: twenty-five lines of seven cells are most of what a list costs.
"""

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from directive_tracker.templatetags.parts import pill, timeliness
from directive_tracker.vietnamese import vn_date
from tasks.enums import AssignmentRole
from tasks.today import Row

register = template.Library()

NO_DUE = '<span class="dt-muted">không thời hạn</span>'
NOT_TOLD = '<span class="dt-muted">chưa nhắc</span>'
NOBODY = '<span class="dt-muted">chưa có</span>'


@register.simple_tag
def assignment_rows(rows: Iterable[Row]) -> SafeString:
    """The body of tasks/office/_table.html: one line for each row (tasks.today.Row)."""
    addresses = reverse("tasks:assignment_detail", args=[0]), reverse("tasks:assignment_panel", args=[0])
    page, panel = (address.replace("/0/", "/{}/") for address in addresses)
    return mark_safe("\n".join([_line(row, page, panel) for row in rows]))


def _line(row: Row, page: str, panel: str) -> str:
    a = row.assignment
    code, title = escape(a.task.code), escape(a.task.short_title)
    role = '<span class="dt-sub">phối hợp</span>' if a.role == AssignmentRole.COORDINATING else ""
    said = getattr(a, "comment_count", 0)
    role += f'<span class="dt-sub">{said} lời trao đổi</span>' if said else ""
    time = f" {timeliness(row.time_kind, row.timeliness)}" if row.timeliness else ""
    return (
        f'<tr><th scope="row"><a href="{page.format(a.pk)}" hx-get="{panel.format(a.pk)}">'
        f'<span class="dt-code">{code}</span> {title}</a>{role}</th>'
        f'<td data-label="Đơn vị">{escape(a.unit.short_name)}</td>'
        f'<td data-label="Tình trạng"><span>{pill(a.word)}{time}</span></td>'
        f'<td data-label="Hạn" class="dt-nowrap">{_due(a)}</td>'
        f'<td data-label="Đang chờ">{_waiting(row)}</td>'
        f'<td data-label="Nhắc gần nhất">{vn_date(row.last_contact) or NOT_TOLD}</td>'
        f'<td data-label="Đầu mối">{_contact(row)}</td></tr>'
    )


def _due(assignment) -> str:
    """The due day, and from where it was moved."""
    if not assignment.due_current:
        return NO_DUE
    times = assignment.extended_times
    old = f'<span class="dt-sub">gia hạn {times} lần từ {vn_date(assignment.due_original)}</span>' if times else ""
    return f"{vn_date(assignment.due_current)}{old}"


def _waiting(row: Row) -> str:
    """Whom the work waits for, what its unit said about being late, what it promised."""
    words = [escape(row.waiting_for or "–")]
    if row.said.delay:
        words.append(f'<span class="dt-sub">{escape(row.said.delay_words)}</span>')
    if row.promise:
        promise = f"<strong>{escape(row.promise)}</strong>" if row.promise_broken else escape(row.promise)
        words.append(f'<span class="dt-sub">{promise}</span>')
    return f"<span>{''.join(words)}</span>" if len(words) > 1 else words[0]


def _contact(row: Row) -> str:
    """Whom to telephone."""
    if not row.contact:
        return NOBODY
    user = row.contact.user
    if not user.phone:
        return f"<span>{escape(user.full_name)}</span>"
    number = escape(user.phone)
    call = f'<span class="dt-sub"><a href="tel:{number.replace(" ", "")}">{number}</a></span>'
    return f"<span>{escape(user.full_name)}{call}</span>"
