"""Room for the frames of a request.

Python keeps the frames of running functions in chunks of 16 kB. The call that needs the next chunk asks the system for it, and
gives it back when it returns: a loop that happens to make its calls just there pays for that at every turn, ten times the price of
the call. A template inside a template inside seven pieces of middleware often stands just there, and which page is hit changes with
every frame above it. (CPython, Python/pystate.c, push_chunk and _PyThreadState_PopFrame; measured with 3.11.)
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

# Slots of 8 bytes that the frame of the wrapper claims. 160 kB make a chunk of 256 kB, of which 96 kB stay for all that is called
# inside; the deepest of the main pages, the matrix, takes 21 kB. Memory that is never touched costs nothing.
_SLOTS = 20_000


def roomy(call: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, called in a chunk that is large enough for everything below it."""

    @wraps(call)
    def inside(*args: Any, **kwargs: Any) -> Any:
        return call(*args, **kwargs)

    inside.__code__ = inside.__code__.replace(co_stacksize=_SLOTS)
    return inside
