"""The cells of the assignment matrix as short markup: {% load assigning %}.

Built here and not by template loops, because a draft may have twelve thousand cells.
"""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tasks.assigning.grid import Cell, Row

register = template.Library()

NOTHING = "<td></td>"


@lru_cache(maxsize=64)
def cell_markup(cell: Cell) -> str:
    """One cell that holds something; the script draws the same (static/js/assigning.js)."""
    return format_html('<td class="{}" aria-label="{}">{}</td>', cell.look, cell.words, cell.letter)


@register.simple_tag
def assigning_cells(row: Row) -> SafeString:
    """All cells of a row."""
    return mark_safe("".join([NOTHING if cell is None else cell_markup(cell) for cell in row.cells]))
