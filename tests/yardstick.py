"""How slow this machine is just now, for tests that promise seconds of processor time."""

import time

# What the work below takes on the machine for which the promises were written (seconds of processor time).
USUAL = 0.1


def slowness() -> float:
    """1.0 on a machine as usual or faster; 2.0 where the same work takes twice as long, by its kind or its neighbours."""
    began = time.process_time()
    found = {}
    for number in range(250_000):
        word = f"{number % 1000} của tỉnh"
        found[word] = len(word.split()) + found.get(word, 0) % 7
    return max(1.0, (time.process_time() - began) / USUAL)
