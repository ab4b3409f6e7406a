"""How slow this machine is just now, for tests that promise seconds."""

import time
from collections.abc import Callable

# What the work below takes on the machine for which the promises were written (seconds of processor time).
USUAL = 0.1


def slowness(clock: Callable[[], float] = time.process_time) -> float:
    """1.0 on a machine as usual or faster; 2.0 where the same work takes twice as long, by its kind or its neighbours.

    Args:
        clock: of the promise; time.perf_counter where it is one about the clock on the wall.
    """
    began = clock()
    found = {}
    for number in range(250_000):
        word = f"{number % 1000} của tỉnh"
        found[word] = len(word.split()) + found.get(word, 0) % 7
    return max(1.0, (clock() - began) / USUAL)
