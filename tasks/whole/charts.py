"""Values → SVG markup and table cells: pure functions, no database, no request.

Places across are per cent and heights are pixels, so that words keep their size from 390 px to a wall screen and never
run into each other. Every class has a pattern of its own beside its colour: a chart says the same in black and white.
Colours stand in static/css/charts.css. Our own drawing, because the small libraries (pygal) write inline styles and
scripts, which the content policy of the pages refuses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from directive_tracker.vietnamese import shortened, vn_number
from tasks.timeliness import Timeliness

# In the order in which they are stacked: what is done stands below, what is overdue on top.
CLASSES = (
    Timeliness.DONE_ON_TIME,
    Timeliness.DONE_LATE,
    Timeliness.OPEN_IN_TIME,
    Timeliness.OPEN_OVERDUE,
)
# What fills a class: the pattern's side and what is drawn on it. The first is solid.
PATTERNS = {
    Timeliness.DONE_LATE: (8, '<path d="M-2 2l4-4M0 8l8-8M6 10l4-4"/>'),
    Timeliness.OPEN_IN_TIME: (6, '<circle cx="3" cy="3" r="1.1"/>'),
    Timeliness.OPEN_OVERDUE: (8, '<path d="M0 0l8 8M0 8l8-8"/>'),
}
BAR_HEIGHT = 30
PLOT_TOP, PLOT_HEIGHT, AXIS_HEIGHT = 10, 190, 22
# Where the columns begin: the numbers of the axis stand left of it, four digits at 390 px.
PLOT_LEFT = 9.0
MOST_LINES, MOST_DATES = 5, 8
UNIT_HEIGHT, UNIT_BAR = 36, 12
# So many letters of a name stand beside a number on a line of 320 px.
LONGEST_NAME = 36


@dataclass(frozen=True, slots=True)
class Stack:
    """The four classes of one moment, unit or whole, under a label; `counted` is their sum."""

    label: str
    done_on_time: int = 0
    done_late: int = 0
    open_in_time: int = 0
    open_overdue: int = 0

    @property
    def values(self) -> tuple[int, ...]:
        """The four numbers in the order of CLASSES."""
        return (self.done_on_time, self.done_late, self.open_in_time, self.open_overdue)

    @property
    def counted(self) -> int:
        return sum(self.values)

    @property
    def words(self) -> str:
        """ "18 hoàn thành đúng hạn, 3 hoàn thành quá hạn, …" without the classes that are empty."""
        parts = [
            f"{vn_number(value)} {_lower(name)}" for name, value in zip(CLASSES, self.values, strict=True) if value
        ]
        return ", ".join(parts) or "không có việc nào trong thống kê"


def stack_of(label: str, row: Any) -> Stack:
    """The stack of anything that has the four classes: Figures, Tally, FigureDay."""
    return Stack(label, row.done_on_time, row.done_late, row.open_in_time, row.open_overdue)


def _lower(name: Timeliness) -> str:
    label = str(name.label)
    return label[0].lower() + label[1:]


def class_bar(stack: Stack, *, key: str) -> SafeString:
    """One bar over the whole width, divided by the four classes; the numbers stand in its legend.

    Args:
        key: a word that no other chart of the page has; ids begin with it.
    """
    left, shares = 0.0, []
    for name, value in zip(CLASSES, stack.values, strict=True):
        share = 100 * value / stack.counted if stack.counted else 0
        if value:
            shares.append(_rect(key, name, left, 1, share, BAR_HEIGHT - 2))
        left += share
    empty = "" if shares else f'<rect class="c-empty" x="0" y="1" width="100%" height="{BAR_HEIGHT - 2}"/>'
    return _svg(key, stack.label, f"{stack.label}: {stack.words}.", BAR_HEIGHT, "".join(shares) + empty)


def columns(stacks: Sequence[Stack | None], *, key: str, title: str) -> SafeString:
    """Stacked columns side by side, the oldest first; None leaves a gap where nothing is known."""
    known = [stack for stack in stacks if stack is not None]
    lines = scale_of(max((stack.counted for stack in known), default=0))
    foot = PLOT_TOP + PLOT_HEIGHT
    drawn = [_grid_line(number, lines[-1], foot) for number in lines]
    step = (100 - PLOT_LEFT) / max(1, len(stacks))
    every = -(-len(stacks) // MOST_DATES)
    for place, stack in enumerate(stacks):
        left = PLOT_LEFT + place * step
        if stack is None:
            continue
        drawn.append(_column(key, stack, left + step * 0.12, step * 0.76, lines[-1], foot))
        # Counted from the newest, so that the last column always has its day.
        if (len(stacks) - 1 - place) % every == 0:
            drawn.append(
                f'<text x="{left + step / 2:.2f}%" y="{foot + 16}" class="c-date">{escape(stack.label)}</text>'
            )
    words = ""
    if known:
        words = f"Từ {known[0].label}: {known[0].words}. Đến {known[-1].label}: {known[-1].words}."
    return _svg(key, title, words or "Chưa có số liệu.", foot + AXIS_HEIGHT, "".join(drawn))


def scale_of(most: int) -> list[int]:
    """The numbers of the axis from 0 on, in steps of 1, 2 or 5 times a power of ten, at most six of them."""
    power = 1
    while most > 5 * power * MOST_LINES:
        power *= 10
    step = next(n * power for n in (1, 2, 5) if n * power * MOST_LINES >= most)
    return [step * number for number in range(max(1, -(-most // step)) + 1)]


def _grid_line(number: int, most: int, foot: int) -> str:
    y = foot - PLOT_HEIGHT * number / most
    return (
        f'<line class="c-grid" x1="{PLOT_LEFT}%" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="c-number" x="{PLOT_LEFT - 1.5}%" y="{y + 4:.1f}">{vn_number(number)}</text>'
    )


def _column(key: str, stack: Stack, left: float, width: float, most: int, foot: int) -> str:
    drawn, y = [f"<title>{escape(f'{stack.label}: {stack.words}')}</title>"], float(foot)
    for name, value in zip(CLASSES, stack.values, strict=True):
        height = PLOT_HEIGHT * value / most
        y -= height
        if value:
            drawn.append(_rect(key, name, left, y, width, height))
    return f"<g>{''.join(drawn)}</g>"


def unit_bars(stacks: Sequence[Stack], *, key: str, title: str) -> SafeString:
    """A bar for each unit under its name, all on one scale; "3/5" at the right is done out of counted."""
    most = max((stack.counted for stack in stacks), default=0) or 1
    drawn = []
    for place, stack in enumerate(stacks):
        top, left = place * UNIT_HEIGHT, 0.0
        done = vn_number(stack.done_on_time + stack.done_late)
        drawn.append(
            f"<g><title>{escape(f'{stack.label}: {stack.words}')}</title>"
            f'<text x="0" y="{top + 14}">{escape(shortened(stack.label, LONGEST_NAME))}</text>'
            f'<text class="c-number" x="100%" y="{top + 14}">{done}/{vn_number(stack.counted)}</text>'
        )
        for name, value in zip(CLASSES, stack.values, strict=True):
            if value:
                drawn.append(_rect(key, name, left, top + 19, 100 * value / most, UNIT_BAR))
            left += 100 * value / most
        drawn.append("</g>")
    return _svg(key, title, "Số liệu từng đơn vị ở bảng kèm theo.", len(stacks) * UNIT_HEIGHT, "".join(drawn))


def legend(stack: Stack | None = None, *, key: str) -> SafeString:
    """The four patterns with their words, and with their numbers where a stack is given; a chart with the key is there."""
    numbers = stack.values if stack is not None else (None,) * len(CLASSES)
    lines = [
        f'<li><svg class="c-key" width="18" height="14" aria-hidden="true" focusable="false">'
        f"{_rect(key, name, 0, 1, 100, 12)}</svg> {name.label}"
        + (f": <strong>{vn_number(number)}</strong>" if number is not None else "")
        + "</li>"
        for name, number in zip(CLASSES, numbers, strict=True)
    ]
    return mark_safe(f'<ul class="c-legend">{"".join(lines)}</ul>')


def bar_cells(values: Iterable[int], width: int) -> list[int]:
    """Divide a width of whole steps by the values: for a bar made of table cells, in mail and .docx.

    Every value above 0 gets at least one step; the steps add up to `width` (all are 0 where all values are).
    Errors: ValueError when there are more values above 0 than steps, or a value below 0.
    """
    values = list(values)
    total, shown = sum(values), sum(1 for value in values if value)
    if any(value < 0 for value in values) or shown > width:
        raise ValueError("a bar needs a step for each of its values")
    if not total:
        return [0] * len(values)
    cells = [max(1, value * width // total) if value else 0 for value in values]
    # The largest remainder gets what is left; what small values got too much is taken from the widest.
    by_rest = sorted((n for n, value in enumerate(values) if value), key=lambda n: -(values[n] * width % total))
    place = 0
    while sum(cells) < width:
        cells[by_rest[place % len(by_rest)]] += 1
        place += 1
    while sum(cells) > width:
        cells[cells.index(max(cells))] -= 1
    return cells


def _rect(key: str, name: Timeliness, x: float, y: float, width: float, height: float) -> str:
    fill = f' fill="url(#{key}-{name.value})"' if name in PATTERNS else ""
    return f'<rect class="c-{name.value}"{fill} x="{x:.2f}%" y="{y:.1f}" width="{width:.2f}%" height="{max(height, 1):.1f}"/>'


def _svg(key: str, title: str, words: str, height: int, drawn: str) -> SafeString:
    patterns = "".join(
        f'<pattern id="{key}-{name.value}" class="c-{name.value}" width="{side}" height="{side}" patternUnits="userSpaceOnUse">'
        f'<rect width="{side}" height="{side}"/>{drawing}</pattern>'
        for name, (side, drawing) in PATTERNS.items()
    )
    return mark_safe(
        f'<svg class="c-chart" role="img" aria-labelledby="{key}-title {key}-desc" width="100%" height="{height}" focusable="false">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(words)}</desc>'
        f"<defs>{patterns}</defs>{drawn}</svg>"
    )
