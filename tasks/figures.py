"""Figures that later rooms count and that pages of this room show.

The room of tasks may not import the rooms after it, so they register a function when the
application starts (AppConfig.ready) and the overview reads them all here.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from tasks.summary.shape import Registry

_sources: dict[str, Callable[[date], Any]] = {}
_tables: dict[str, Callable[[date], Registry]] = {}


def register(name: str, count: Callable[[date], Any]) -> None:
    """Offer figures under a name.

    Args:
        name: the key in what `read` returns, e.g. "veterans".
        count: called with the day, returns a value fit for every reader of the overview.

    Errors: ValueError when another function already has the name.
    """
    known = _sources.get(name)
    if known is not None and known is not count:
        raise ValueError(f"figures {name!r} are registered twice")
    _sources[name] = count


def read(today: date) -> dict[str, Any]:
    """Count everything that is registered, as of that day."""
    return {name: count(today) for name, count in _sources.items()}


def register_table(name: str, count: Callable[[date], Registry]) -> None:
    """Offer a table by area that may leave the office: an appendix of the summary report.

    Args:
        count: called with the day; what is too small to be told is put together or left out already.

    Errors: ValueError when another function already has the name.
    """
    if _tables.setdefault(name, count) is not count:
        raise ValueError(f"the table {name!r} is registered twice")


def read_table(name: str, today: date) -> Registry | None:
    """Count that table as of the day; None where no room offers one."""
    count = _tables.get(name)
    return count(today) if count is not None else None
