"""Rows of kept figures as short markup: {% load tallies %}.

Built here and not by template includes: a page may show a hundred units with seven links each.
"""

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tasks.models import Tally
from tasks.timeliness import Timeliness

register = template.Library()


@register.simple_tag
def tally_rows(rows: Iterable[Tally], kind: str) -> SafeString:
    """The rows of one table; every number that is not 0 leads to the list behind it.

    Args:
        kind: "unit" or "task", what a row is about.
    """
    address = reverse("tasks:assignment_list")
    return mark_safe("".join([_row(row, kind, address) for row in rows]))


def _row(row: Tally, kind: str, address: str) -> str:
    if kind == "unit":
        name = format_html("{}", row.unit.short_name)
    else:
        name = format_html('<span class="dt-code">{}</span> {}', row.task.code, row.task.short_title)
    list_url = f"{address}?directive={row.directive_id}&amp;{kind}={getattr(row, f'{kind}_id')}&amp;role=lead"

    def linked(number: int, timeliness: str = "") -> str:
        if not number:
            return '<td class="num dt-muted">0</td>'
        only = f"&amp;timeliness={timeliness}" if timeliness else ""
        return f'<td class="num"><a href="{list_url}{only}">{number}</a></td>'

    def plain(number: int) -> str:
        return f'<td class="num{"" if number else " dt-muted"}">{number}</td>'

    cells = (
        plain(row.counted),
        linked(row.done_on_time, Timeliness.DONE_ON_TIME.value),
        linked(row.done_late, Timeliness.DONE_LATE.value),
        linked(row.open_in_time, Timeliness.OPEN_IN_TIME.value),
        plain(row.open_without_due),
        linked(row.open_overdue, Timeliness.OPEN_OVERDUE.value),
        plain(row.waiting),
        plain(row.not_acknowledged),
        linked(row.outside, Timeliness.OUTSIDE.value),
    )
    return f'<tr><th scope="row"><a href="{list_url}">{name}</a></th>{"".join(cells)}</tr>'
