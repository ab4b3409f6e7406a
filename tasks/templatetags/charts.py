"""Charts of the four classes: {% load charts %}. The page loads static/css/charts.css and shows the numbers beside them."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks.whole import charts
from tasks.whole.charts import Stack, stack_of

register = template.Library()


@register.simple_tag
def class_bar(figures: Any, key: str, title: str = "Bốn nhóm thống kê") -> SafeString:
    """One bar of the four classes with its numbers under it.

    Args:
        figures: anything with the four classes (Figures, Tally, FigureDay).
        key: a word that no other chart of the page has.
    """
    stack = stack_of(title, figures)
    return format_html(
        '<figure class="c-figure">{}{}</figure>', charts.class_bar(stack, key=key), charts.legend(stack, key=key)
    )


@register.simple_tag
def class_columns(stacks: Iterable[Stack | None], key: str, title: str) -> SafeString:
    """Stacked columns, the oldest first."""
    drawing = charts.columns(list(stacks), key=key, title=title)
    return format_html('<figure class="c-figure">{}{}</figure>', charts.legend(key=key), drawing)


@register.simple_tag
def unit_bars(rows: Iterable[Any], key: str, title: str = "Bốn nhóm thống kê theo đơn vị") -> SafeString:
    """A bar for each row that has a unit and the four classes; the page's table has the numbers."""
    stacks = [stack_of(row.unit.short_name, row) for row in rows]
    drawing = charts.unit_bars(stacks, key=key, title=title)
    return format_html('<figure class="c-figure">{}{}</figure>', charts.legend(key=key), drawing)
