"""The figures of one section of the report form: a field for each, or one for each of its parts, and a word on odd ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from tasks.forms.fields import WholeNumberField, WrittenField
from tasks.indicators.counters import WHOLE
from tasks.indicators.tallying import Tallies, differs
from tasks.models import Indicator, IndicatorCategory, ProgressReport
from tasks.rounds.places import figure_key

COMMENT_LONGEST = 500


@dataclass(frozen=True)
class CountedRow:
    """What is on record for one figure, beside its field.

    until: the last day that was counted. parts: name and number of each part, where the figure is asked for by parts.
    """

    source: str
    until: date
    value: int | None
    parts: list[tuple[str, int]]
    differs: bool


@dataclass
class FigureRow:
    """One figure as the form shows it; `why`, and the last of each part, say what is to be mended there."""

    indicator: Indicator
    field: BoundField | None
    parts: list[tuple[IndicatorCategory, BoundField, str]]
    comment: BoundField | None
    comment_open: bool
    total: int | None
    target: int | None
    last: int | None
    why: str = ""
    counted: CountedRow | None = None

    @property
    def falls(self) -> bool:
        """A running total below what was accepted last."""
        known = None not in (self.total, self.last)
        return known and self.indicator.is_cumulative and self.total < self.last


def part_name(indicator: Indicator, category: IndicatorCategory) -> str:
    return f"indicator_{indicator.pk}_{category.pk}"


def add_figure_fields(form: forms.Form, section: ProgressReport, indicators: list[Indicator], *, plain: bool) -> None:
    """Give a section's form its figures, with what the draft holds.

    Args:
        plain: the task takes words and counts only.
    """
    for indicator in indicators:
        categories = list(indicator.categories.all())
        if categories:
            typed = section.indicator_parts.get(indicator.code, {})
            for category in categories:
                name = part_name(indicator, category)
                label = f"{indicator.name}, {category.name} ({indicator.measure})"
                form.fields[name] = WholeNumberField(label=label, measure=indicator.measure)
                form.initial[name] = typed.get(category.code)
        else:
            name = f"indicator_{indicator.pk}"
            label = f"{indicator.name} ({indicator.measure})"
            form.fields[name] = WholeNumberField(label=label, measure=indicator.measure)
            form.initial[name] = section.indicator_values.get(indicator.code)
        comment = section.indicator_comments.get(indicator.code, "")
        if indicator.has_range or indicator.counter or comment:
            name = f"comment_{indicator.pk}"
            form.fields[name] = WrittenField(
                label=f"Giải thích số liệu: {indicator.name}",
                max_length=COMMENT_LONGEST,
                plain=plain,
                widget=forms.TextInput,
            )
            form.initial[name] = comment


def typed_figures(form: Any, section: ProgressReport, indicators: list[Indicator]) -> dict[str, dict]:
    """What was typed, for tasks.indicators.entry.FiguresInput; a field with an error keeps its stored value."""
    values: dict[str, int | None] = {}
    parts: dict[str, dict[str, int | None]] = {}
    comments: dict[str, str] = {}
    for indicator in indicators:
        code = indicator.code
        categories = list(indicator.categories.all())
        if categories:
            parts[code] = {item.code: form.value_of(part_name(indicator, item)) for item in categories}
            # A total from before the parts were asked for stays until somebody types one of them.
            values[code] = None if section.indicator_parts.get(code) else section.indicator_values.get(code)
        else:
            values[code] = form.value_of(f"indicator_{indicator.pk}")
        if f"comment_{indicator.pk}" in form.fields:
            comments[code] = form.value_of(f"comment_{indicator.pk}") or ""
    return {"indicator_values": values, "indicator_parts": parts, "indicator_comments": comments}


def figure_rows(
    form: Any,
    section: ProgressReport,
    indicators: list[Indicator],
    last: dict[str, int],
    why: Mapping[str, str],
    tallies: Mapping[str, Tallies],
    until: date,
) -> list[FigureRow]:
    """The rows of the page.

    Args:
        last: the figures of the last accepted report, by code.
        why: key of a place that came back → what is to be mended there (tasks/rounds/places.py).
        tallies: what is on record, by code, up to the day `until`.
    """
    return [
        _row(form, section, indicator, last.get(indicator.code), why, _counted(section, indicator, tallies, until))
        for indicator in indicators
    ]


def _counted(
    section: ProgressReport, indicator: Indicator, tallies: Mapping[str, Tallies], until: date
) -> CountedRow | None:
    known = tallies.get(indicator.code)
    if not known or indicator.counter is None:
        return None
    typed = section.indicator_parts.get(indicator.code, {})
    return CountedRow(
        source=indicator.counter.source,
        until=until,
        value=known[WHOLE].value if WHOLE in known else None,
        parts=[(part.name, known[part.code].value) for part in indicator.categories.all() if part.code in known],
        differs=differs(known, section.indicator_values.get(indicator.code), typed),
    )


def _row(
    form: Any,
    section: ProgressReport,
    indicator: Indicator,
    last: int | None,
    why: Mapping[str, str],
    counted: CountedRow | None,
) -> FigureRow:
    categories = list(indicator.categories.all())
    comment = form[f"comment_{indicator.pk}"] if f"comment_{indicator.pk}" in form.fields else None
    total = section.indicator_values.get(indicator.code)
    return FigureRow(
        indicator=indicator,
        field=None if categories else form[f"indicator_{indicator.pk}"],
        parts=[
            (
                category,
                form[part_name(indicator, category)],
                why.get(figure_key(indicator.code, category.code), ""),
            )
            for category in categories
        ],
        why=why.get(figure_key(indicator.code), ""),
        comment=comment,
        comment_open=comment is not None
        and bool(
            comment.errors or comment.value() or indicator.is_odd(total) or (counted is not None and counted.differs)
        ),
        total=total,
        target=getattr(indicator, "unit_target", None),
        last=last,
        counted=counted,
    )
