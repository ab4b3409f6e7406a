"""How long work on a list says how far it is: `step` is called with rows done and rows to do (0: not known yet).

As long as less is done than there is to do, `step` may raise and nothing has been written; when both are equal the short
writing follows, which is all or nothing and is not stopped any more.
"""

from collections.abc import Callable

Step = Callable[[int, int], None]


def no_step(done: int, total: int) -> None:
    """Nobody follows."""
