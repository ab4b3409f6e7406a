"""Kept figures as short markup: {% load tallies %}; every number that is not 0 leads to the list of exactly these works.

Built here and not by template includes: a page may show a hundred units with ten links each.
"""

from collections.abc import Iterable
from functools import lru_cache
from html import escape as plainly_escaped
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from directive_tracker.reversing import row_url
from directive_tracker.vietnamese import vn_date, vn_number
from tasks.models import Directive
from tasks.tallies import Figures
from tasks.timeliness import Timeliness
from tasks.whole.kept import Line
from tasks.whole.rates import rate_words
from tasks.whole.reports import Reports

register = template.Library()

# Figure → the filter of the list of works that finds the same (tasks/forms/office.py).
FILTERS = {
    "all": "",
    "counted": "detail=counted",
    "done": "detail=done",
    "done_on_time": f"timeliness={Timeliness.DONE_ON_TIME.value}",
    "done_late": f"timeliness={Timeliness.DONE_LATE.value}",
    "open": "detail=unfinished",
    "open_in_time": f"timeliness={Timeliness.OPEN_IN_TIME.value}",
    "open_without_due": "detail=no_due",
    "open_overdue": f"timeliness={Timeliness.OPEN_OVERDUE.value}",
    "waiting": "word=waiting",
    "not_acknowledged": "detail=not_acknowledged",
    "outside": f"timeliness={Timeliness.OUTSIDE.value}",
    "encouraged": "detail=encouraged",
    "undecided": "detail=undecided",
    "paused": "detail=paused",
    "set_aside": "detail=set_aside",
}
COLUMNS = (
    *("counted", "done_on_time", "done_late", "open_in_time", "open_without_due", "open_overdue"),
    *("waiting", "not_acknowledged", "outside"),
)
_ENDS = tuple(f"&amp;{FILTERS[name]}" for name in COLUMNS)
ZERO = '<td class="num dt-muted">0</td>'


def works_address(**chosen: int | str) -> str:
    """The list of lead works with these conditions, to be continued with one of FILTERS; "&" as it stands in markup."""
    return escape(f"{_list_address()}?{urlencode({**chosen, 'role': 'lead'})}")


@lru_cache(maxsize=1)
def _list_address() -> str:
    return reverse("tasks:assignment_list")


@register.simple_tag
def figure(total: Figures, name: str, base: str = "", *, number: int | None = None) -> SafeString:
    """One figure of a sum, with the list behind it where there is a base (see works_address).

    Args:
        number: the figure where `total` has none of that name.
    """
    value = getattr(total, name) if number is None else number
    words = vn_number(value)
    if not value or not base:
        return mark_safe(words)
    more = f"&amp;{FILTERS[name]}" if FILTERS[name] else ""
    return mark_safe(f'<a href="{base}{more}">{words}</a>')


@register.simple_tag
def tally_rows(lines: Iterable[Line], kind: str, base: str, reports: Reports | None = None) -> SafeString:
    """The rows of one table.

    Args:
        kind: "unit" or "task", what a row is about.
        base: the list of works that the rows narrow (works_address), "" where there is none that holds the same.
        reports: of units, what is known of their reports.
    """
    return mark_safe("".join([_row(line, f"{base}&amp;{kind}={line.pk}" if base else "", reports) for line in lines]))


@register.simple_tag
def tally_foot(total: Figures, base: str = "", report_rate: tuple[int, int] | None = None) -> SafeString:
    """The sums under a table of figures.

    Args:
        base: the list behind them (works_address), "" where there is none that holds the same.
        report_rate: of the reports (sent in time, asked for), where the table has that column.
    """
    cells = "".join([f'<td class="num">{figure(total, name, base)}</td>' for name in COLUMNS])
    rates = _rate(total.done_on_time, total.came_due) + (_rate(*report_rate) if report_rate is not None else "")
    return mark_safe(f'<tfoot>\n  <tr><th scope="row">Cộng</th>{cells}{rates}</tr>\n</tfoot>')


@register.simple_tag
def year_rows(rows: Iterable[tuple[Directive, Figures, str]]) -> SafeString:
    """A row for each document: its name leads to its overview, its numbers to the lists behind them."""
    return mark_safe("".join([_directive_row(*row) for row in rows]))


def _directive_row(directive: Directive, figures: Figures, base: str) -> str:
    day = f"kết thúc {vn_date(directive.closed_on)}" if directive.closed_on else f"giao {vn_date(directive.issued_on)}"
    name = escape(directive.short_title)
    return (
        f'<tr><th scope="row"><a href="{row_url("tasks:overview", directive.pk)}">{name}</a>'
        f'<span class="dt-sub">{day}</span></th>{_cells(figures, base)}</tr>'
    )


def _row(line: Line, base: str, reports: Reports | None) -> str:
    # Names are plain text; django.utils.html.escape asks of each whether it is lazy or safe, at five times the price.
    name = plainly_escaped(line.name)
    if line.code:
        name = f'<span class="dt-code">{plainly_escaped(line.code)}</span> {name}'
    if base:
        name = f'<a href="{base}">{name}</a>'
    rate_of_reports = _rate(*reports.rate(line.pk)) if reports is not None else ""
    return f'<tr><th scope="row">{name}</th>{_cells(line.figures, base)}{rate_of_reports}</tr>'


def _cells(figures: Figures, base: str) -> str:
    """The numbers of one row with the lists behind them, and the rate of work done in time."""
    numbers = (
        *(figures.counted, figures.done_on_time, figures.done_late, figures.open_in_time, figures.open_without_due),
        *(figures.open_overdue, figures.waiting, figures.not_acknowledged, figures.outside),
    )
    if base:
        cells = [
            f'<td class="num"><a href="{base}{end}">{number}</a></td>' if number else ZERO
            for number, end in zip(numbers, _ENDS, strict=True)
        ]
    else:
        cells = [f'<td class="num">{number}</td>' if number else ZERO for number in numbers]
    return "".join(cells) + _rate(figures.done_on_time, figures.came_due)


def _rate(part: int, of: int) -> str:
    return f'<td class="num dt-nowrap">{rate_words(part, of)}</td>'


@register.simple_tag
def rate(part: int, of: int) -> SafeString:
    """ "3/4 (75%)", "–" where nothing was asked."""
    return format_html("{}", rate_words(part, of))
