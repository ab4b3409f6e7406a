"""Python's search for rings of objects, made seldom while many rows are worked on."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

# New objects before a search: some two thousand rows of a list. Python's own 700 are those of a dozen rows.
_SELDOM = 50_000

_lock = Lock()
_inside = 0
_usual = 0


@contextmanager
def seldom() -> Iterator[None]:
    """For work whose objects are freed as soon as nobody holds them, as rows are; several threads may be in it at once.

    Each search goes through everything that is younger, and finds nothing: a tenth of the time of a long list.
    """
    global _inside, _usual
    with _lock:
        if not _inside:
            _usual, *others = gc.get_threshold()
            gc.set_threshold(_SELDOM, *others)
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                gc.set_threshold(_usual, *gc.get_threshold()[1:])
