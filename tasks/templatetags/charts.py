"""Charts of the four classes: {% load charts %}. The page loads static/css/charts.css and shows the numbers beside them."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from directive_tracker.vietnamese import vn_number
from tasks.whole import charts
from tasks.whole.charts import Stack, stack_of

register = template.Library()

# Mail programs know neither style sheets nor patterns: ground and ink of each class, the number stands on it.
MAIL_INKS = (("#1d5e35", "#ffffff"), ("#bfe3cb", "#1b1f24"), ("#e3edf9", "#1b1f24"), ("#9b1c1c", "#ffffff"))
# A number of three digits has room in so many hundredths of a mail's width.
NARROWEST = 6


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


@register.simple_tag
def mail_bar(figures: Any) -> SafeString:
    """The same bar for a mail: a table of four cells, no picture; the mail's own table has words and numbers."""
    stack = stack_of("Bốn nhóm thống kê", figures)
    widths = charts.bar_cells(stack.values, 100)
    cells = format_html_join(
        "",
        '<td width="{}%" bgcolor="{}" style="color:{};border:1px solid #59636e;text-align:center;font-size:13px;height:24px">{}</td>',
        (
            (width, ground, ink, vn_number(value) if width >= NARROWEST else "")
            for width, value, (ground, ink) in zip(widths, stack.values, MAIL_INKS, strict=True)
            if width
        ),
    )
    if not cells:
        return SafeString("")
    return format_html(
        '<table role="img" aria-label="{}: {}" width="100%" cellspacing="0" cellpadding="0" '
        'style="border-collapse:collapse;max-width:480px;margin-bottom:6px"><tr>{}</tr></table>',
        stack.label,
        stack.words,
        cells,
    )
