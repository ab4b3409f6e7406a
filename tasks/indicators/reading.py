"""The figures of a round, made readable."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tasks.indicators.comparing import Check
from tasks.models import Indicator
from tasks.rounds.places import figure_key


@dataclass(frozen=True)
class FigureLine:
    """One figure as it was sent."""

    name: str
    value: int
    measure: str
    parts: list[tuple[str, int]] = field(default_factory=list)
    comment: str = ""
    # Its places (tasks/rounds/places.py): its own, then those of its parts.
    keys: tuple[str, ...] = field(default=(), compare=False)
    code: str = field(default="", compare=False)
    # What is on record for it, on pages that compare.
    check: Check | None = field(default=None, compare=False)


def lines_of(indicators: Iterable[Indicator], content: dict[str, Any]) -> list[FigureLine]:
    """The figures of a round's content in the order of the task's indicators; rounds of former days have no parts."""
    values = content.get("indicators") or {}
    parts = content.get("indicator_parts") or {}
    comments = content.get("indicator_comments") or {}
    if not values:
        return []
    return [
        FigureLine(
            name=indicator.name,
            code=indicator.code,
            value=values[indicator.code],
            measure=indicator.measure,
            parts=[(part["name"], part["value"]) for part in parts.get(indicator.code, [])],
            comment=comments.get(indicator.code, ""),
            keys=(
                figure_key(indicator.code),
                *(figure_key(indicator.code, part.get("code", "")) for part in parts.get(indicator.code, [])),
            ),
        )
        for indicator in indicators
        if indicator.code in values
    ]
