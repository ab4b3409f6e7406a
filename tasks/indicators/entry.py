"""The figures of a section while a unit types them: kept in the draft, checked before sending, frozen in the round."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tasks.indicators.counters import WHOLE
from tasks.indicators.tallying import Tallies, differs
from tasks.models import Indicator, IndicatorValue, ProgressReport, ReportRound

FIGURE_FIELDS = ("indicator_values", "indicator_parts", "indicator_comments")


@dataclass
class FiguresInput:
    """What was typed of a section's figures, by the codes of indicators and categories; None where left empty."""

    indicator_values: dict[str, int | None] = field(default_factory=dict)
    indicator_parts: dict[str, dict[str, int | None]] = field(default_factory=dict)
    indicator_comments: dict[str, str] = field(default_factory=dict)


def keep_figures_typed(section: ProgressReport, typed: FiguresInput) -> None:
    """Put what was typed on the draft (not saved yet). Where parts were typed, the total is their sum."""
    values = {code: value for code, value in typed.indicator_values.items() if value is not None}
    parts = {}
    for code, by_category in typed.indicator_parts.items():
        known = {category: value for category, value in by_category.items() if value is not None}
        if known:
            parts[code] = known
            values[code] = sum(known.values())
    section.indicator_values = values
    section.indicator_parts = parts
    section.indicator_comments = {code: text for code, text in typed.indicator_comments.items() if text}


def fill_from_last(typed: FiguresInput, indicators: Iterable[Indicator], accepted: Mapping[str, Any]) -> None:
    """Fill empty running totals from an accepted round's content.

    Figures counted within a period are left out: copied, they would be counted twice.
    """
    for indicator in indicators:
        code = indicator.code
        asked = typed.indicator_parts.get(code)
        if not indicator.is_cumulative or any(part is not None for part in (asked or {}).values()):
            continue
        known = (accepted.get("indicator_parts") or {}).get(code)
        if asked is not None and known:
            typed.indicator_parts[code] = {part["code"]: part["value"] for part in known}
        elif typed.indicator_values.get(code) is None:
            typed.indicator_values[code] = (accepted.get("indicators") or {}).get(code)


def odd_without_a_word(section: ProgressReport, tallies: Mapping[str, Tallies]) -> list[tuple[str, str]]:
    """(field, sentence) of each figure that nobody explained: outside its plausible range, or not what is on record.

    Args:
        tallies: by the code of the figure (tasks/indicators/tallying.py).
    """
    found = []
    for indicator in section.assignment.task.indicators.all():
        code = indicator.code
        if section.indicator_comments.get(code):
            continue
        value = section.indicator_values.get(code)
        if indicator.is_odd(value):
            found.append((f"comment_{indicator.pk}", odd_sentence(indicator)))
        elif code in tallies and differs(tallies[code], value, section.indicator_parts.get(code, {})):
            found.append((f"comment_{indicator.pk}", differing_sentence(indicator)))
    return found


def differing_sentence(indicator: Indicator) -> str:
    """Why a word is asked for. It names no number: it may be read by who must not see a small one."""
    source = indicator.counter.source if indicator.counter else ""
    return f"{indicator.name}: số này khác số {source} đếm được. Nếu đúng, xin ghi một câu giải thích."


def odd_sentence(indicator: Indicator) -> str:
    """Why a word is asked for."""
    return f"{indicator.name}: số này ngoài mức thường gặp ({indicator.range_words}). Nếu đúng, xin ghi một câu giải thích."


def frozen_figures(section: ProgressReport) -> dict:
    """The figures as a round keeps them: totals and comments by code, parts with their names of this day."""
    parts = {}
    if section.indicator_parts:
        for indicator in section.assignment.task.indicators.all():
            typed = section.indicator_parts.get(indicator.code)
            if typed:
                parts[indicator.code] = [
                    {"code": category.code, "name": category.name, "value": typed[category.code]}
                    for category in indicator.categories.all()
                    if category.code in typed
                ]
    return {
        "indicators": section.indicator_values,
        "indicator_parts": parts,
        "indicator_comments": section.indicator_comments,
    }


def values_of(
    round_: ReportRound,
    section: ProgressReport,
    indicators: Iterable[Indicator],
    tallies: Mapping[str, Tallies],
) -> list[IndicatorValue]:
    """The rows that hang on a round that is being sent: a total for each figure, and its parts, with what was on record.

    Args:
        tallies: by the code of the figure.
    """
    rows = []
    for indicator in indicators:
        total = section.indicator_values.get(indicator.code)
        if total is None:
            continue
        comment = section.indicator_comments.get(indicator.code, "")
        counted = tallies.get(indicator.code, {})
        row = IndicatorValue(round=round_, indicator=indicator, value=total, comment=comment)
        rows.append(_with_counted(row, counted, WHOLE))
        typed = section.indicator_parts.get(indicator.code)
        if typed:
            rows += [
                _with_counted(
                    IndicatorValue(round=round_, indicator=indicator, category=category, value=typed[category.code]),
                    counted,
                    category.code,
                )
                for category in indicator.categories.all()
                if category.code in typed
            ]
    return rows


def _with_counted(row: IndicatorValue, tallies: Tallies, part: str) -> IndicatorValue:
    """Write down what was on record at the moment of sending."""
    if part in tallies:
        row.counted, row.counted_people = tallies[part].value, tallies[part].people
    return row
