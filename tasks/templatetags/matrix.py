"""The cells of the matrix as short markup: {% load matrix %}.

Built here and not by template loops, because a matrix may hold two thousand cells. The table itself
carries what all links share (hx-boost, hx-target), so that a cell is little more than its address.
"""

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from tasks.enums import NOT_ASSIGNED_SIGN, WORD_SIGNS, UnitWord
from tasks.matrix import Cell, Column, Matrix, Row
from tasks.models import Clause

register = template.Library()

# Common fonts lack the hourglass; the page draws it once and every cell points at it.
HOURGLASS = mark_safe('<svg class="dt-icon"><use href="#g"/></svg>')
EMPTY = mark_safe(
    f'<td class="dt-cell dt-cell--none"><span aria-label="{NOT_ASSIGNED_SIGN[1]}" role="img">{NOT_ASSIGNED_SIGN[0]}</span></td>'
)
PLACE = 987654321


@lru_cache(maxsize=4096)
def _markup(kind: str, days_late: int, coordinating: bool) -> tuple[str, str]:
    """The cell's text before and after the address."""
    words = Cell(0, kind, days_late, coordinating).words
    glyph = HOURGLASS if kind == UnitWord.WAITING else WORD_SIGNS[UnitWord(kind)][0]
    late = days_late and kind not in (UnitWord.DONE, UnitWord.WAITING)
    before = format_html(
        '<td class="dt-cell dt-cell--{}{}{}"><a href="',
        kind,
        " dt-cell--late" if late else "",
        " dt-cell--coord" if coordinating else "",
    )
    after = format_html(
        '" aria-label="{}"><b>{}</b>{}</a></td>',
        words,
        glyph,
        format_html("<small>{}</small>", days_late) if days_late else "",
    )
    return before, after


@lru_cache(maxsize=1)
def _address() -> tuple[str, str]:
    """The panel's address before and after the id; reversing it for each cell would cost more than all else."""
    before, after = reverse("tasks:assignment_panel", args=[PLACE]).split(str(PLACE))
    return before, after


def cell_markup(cell: Cell | None) -> str:
    """One cell; "–" where the task is not given to the unit."""
    if cell is None:
        return EMPTY
    before, after = _markup(cell.kind, cell.days_late, cell.coordinating)
    first, last = _address()
    return f"{before}{first}{cell.pk}{last}{after}"


@register.simple_tag
def matrix_heads(columns: list[Column]) -> SafeString:
    """The heads of the units: the narrow name for the eye, the full one for the ear and on pointing."""
    return mark_safe(
        "".join(
            [
                f'<th scope="col" aria-label="{full}" title="{full}">{escape(column.name)}</th>'
                for column in columns
                for full in (escape(column.unit.name),)
            ]
        )
    )


@register.simple_tag
def matrix_row(row: Row, clause: Clause | None = None) -> SafeString:
    """A row with its head.

    Args:
        clause: named for the ear where its first row begins; the eye has the code and the thicker line.
    """
    of = (
        f'<span class="visually-hidden">Điểm {escape(f"{clause.code} {clause.title}".strip())}: </span>'
        if clause
        else ""
    )
    code = f'<span class="dt-code">{escape(row.code)}</span> ' if row.task else ""
    cells = "".join([cell_markup(cell) for cell in row.cells])
    return mark_safe(
        f'<tr><th scope="row" title="{escape(row.full_title)}">{of}{code}{escape(row.title)}</th>'
        f'<td class="num">{row.done}/{row.total}</td>{cells}</tr>'
    )


@register.simple_tag
def matrix_cells_of_unit(pairs: list[tuple[Row, Cell | None]]) -> SafeString:
    """All cells of a unit in the transposed table."""
    return mark_safe("".join([cell_markup(cell) for _, cell in pairs]))


def _summary(pairs: list[tuple[Row, Cell | None]]) -> str:
    """ "3 trên 5 xong · 1 cần đôn đốc" for the phone's list; the văn bản triển khai is no task of its own."""
    cells = [cell for row, cell in pairs if cell is not None and row.task and not cell.coordinating]
    if not cells:
        return "chỉ phối hợp"
    done = sum(1 for cell in cells if cell.kind == UnitWord.DONE)
    chase = sum(1 for cell in cells if cell.to_chase)
    return f"{done} trên {len(cells)} xong" + (f" · {chase} cần đôn đốc" if chase else "")


@lru_cache(maxsize=4096)
def _line_foot(code: str, title: str, kind: str, days_late: int, coordinating: bool, to_chase: bool) -> str:
    """What follows the address in a line for the phone; every unit has the same tasks and few states."""
    look = "dt-time dt-time--late" if to_chase else "dt-muted"
    words = escape(Cell(0, kind, days_late, coordinating).words)
    return f'">{escape(code)} {escape(title)}</a> <span class="{look}">{words}</span></li>'


@register.simple_tag
def unit_details(matrix: Matrix) -> SafeString:
    """For the phone: each unit with what it has done, unfolded its own lines with task, word, days late."""
    before, after = _address()
    units = []
    for column, pairs in matrix.by_unit():
        lines = [
            f'<li><a href="{before}{cell.pk}{after}'
            + _line_foot(row.code, row.title, cell.kind, cell.days_late, cell.coordinating, cell.to_chase)
            for row, cell in pairs
            if cell is not None
        ]
        units.append(
            f'<details class="m-unit"><summary>{escape(column.unit.short_name)} '
            f'<span class="dt-muted">{_summary(pairs)}</span></summary><ul>{"".join(lines)}</ul></details>\n'
        )
    return mark_safe("".join(units))


@register.simple_tag
def unit_links(matrix: Matrix) -> SafeString:
    """For the phone where there are too many lines: each unit with the way to its list."""
    address = f"{reverse('tasks:assignment_list')}?directive={matrix.directive.pk}&amp;unit="
    units = [
        f'<li><div class="dt-rows__main"><a href="{address}{column.unit.pk}">{escape(column.unit.short_name)}</a>'
        f'<div class="dt-rows__meta">{_summary(pairs)}</div></div></li>'
        for column, pairs in matrix.by_unit()
    ]
    return mark_safe("".join(units))
