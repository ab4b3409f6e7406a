"""What rooms after this one have on record that makes up a figure: they register a counter when the application starts.

Only numbers come through here. A counter says how many people a number stands for, and which numbers are not told outside
their unit; this room does what it says.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from tasks.enums import CountedFrom

Key = TypeVar("Key", bound=Hashable)
# The key of the whole in what a counter answers; the others are codes of parts.
WHOLE = ""


@dataclass(frozen=True)
class Ask:
    """What is to be counted: of these units together, for a document, from a day to a day, both included.

    first: None counts from the beginning. parts: code and name of each part of the figure; () for one number.
    """

    unit_ids: frozenset[int]
    directive_id: int
    first: date | None
    last: date
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Tally:
    """What was counted, and how many people it stands for; None where nobody could be recognised by it."""

    value: int
    people: int | None = None


@dataclass(frozen=True)
class Untold:
    """Words in the place of a number; `among`: what the number can be, None where nothing may be concluded."""

    words: str
    among: range | None = None

    def excludes(self, value: int) -> bool:
        """Whether the words alone say that the number is another one."""
        return self.among is not None and value not in self.among


# Each ask → by WHOLE and the codes of parts what was counted; {} where nothing is kept about it. A part that the counter
# does not know is absent, and then the whole is.
Count = Callable[[Sequence[Ask]], list[dict[str, Tally]]]
# Numbers that are read side by side → those that are not told outside.
Hide = Callable[[Mapping[Any, Tally]], Mapping[Any, Untold]]


def tells_all(_cells: Mapping[Any, Tally]) -> Mapping[Any, Untold]:
    """Nothing to hide."""
    return {}


@dataclass(frozen=True)
class Counter:
    """One kind of number. source: where it is on record, in words; label: what it is."""

    code: str
    source: str
    label: str
    measure: str
    count: Count
    hide: Hide = tells_all


_counters: dict[str, Counter] = {}


def register(counter: Counter) -> None:
    """Offer a counter. Its code has a point ("room.what"), which those of this room have not.

    Errors: ValueError for another form of code, or one that another counter has.
    """
    room, _, what = counter.code.partition(".")
    if not room or not what:
        raise ValueError(f"the code of a counter reads room.what: {counter.code!r}")
    if _counters.get(counter.code, counter) != counter:
        raise ValueError(f"counter {counter.code!r} is registered twice")
    _counters[counter.code] = counter


def forget(code: str) -> None:
    """Take a counter back."""
    _counters.pop(code, None)


def find(code: str) -> Counter | None:
    """The counter of that code; None for nothing and for what this room counts itself."""
    return _counters.get(code)


def choices() -> list[tuple[str, str]]:
    """Everything a figure may be counted from, for a form."""
    offered = [(code, f"{one.label} ({one.source.lower()})") for code, one in _counters.items()]
    return [*CountedFrom.choices, *offered]
