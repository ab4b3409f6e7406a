"""How long a document is read for its tasks: fifty pages, and whether ten times as much takes ten times as long."""

import time
from pathlib import Path

from tasks.intake.reading import propose
from tasks.textcleaning import clean
from tests.bench.servers import Bench

DOCUMENTS = Path(__file__).parents[1] / "tasks/intake/documents"
PAGES = 50
# Characters of a page of an official letter.
PAGE = 2_500
# Seconds of CPU on one core; ten times the text may take so many times as long.
MOST, MOST_TIMES = 2.0, 15.0


def intake(bench: Bench, addresses: dict[int, str]) -> dict:
    """The invented documents of the tests one after another; neither servers nor databases are needed."""
    some = "\n".join(path.read_text(encoding="utf-8") for path in sorted(DOCUMENTS.glob("*.txt")))
    once = clean((some * (PAGES * PAGE // len(some) + 1))[: PAGES * PAGE]).body
    propose(once)  # the lists of words are read once
    seconds, tasks = _read(once)
    ten, _ = _read("\n".join([once] * 10))
    times = ten / seconds
    print(
        f"đọc văn bản {PAGES} trang: {seconds:.2f} s (đích ≤ {MOST:.0f} s), {tasks} nhiệm vụ;"
        f" dài gấp 10: {ten:.1f} s, gấp {times:.1f} lần (đích ≤ {MOST_TIMES:.0f})"
    )
    return {"pages": PAGES, "seconds": round(seconds, 3), "ten_times_seconds": round(ten, 2), "ratio": round(times, 1)}


def _read(body: str) -> tuple[float, int]:
    """(CPU seconds, tasks found)."""
    begun = time.process_time()
    found = len(propose(body).tasks)
    return time.process_time() - begun, found
