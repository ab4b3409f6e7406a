"""How long it takes to find who stands twice among 100 000 people, and how well it is done."""

import time

from tests.bench.servers import Bench
from tests.veterans.duplicates.population import populate, score
from veterans.duplicates.pairs import find

PEOPLE = 100_000
# Seconds of CPU on one core.
MOST = 10.0


def duplicates(bench: Bench, addresses: dict[int, str]) -> dict:
    """One run over invented people of whom 3 % stand twice; neither servers nor databases are needed."""
    mentions = populate(PEOPLE, seed=2024)
    entries = [one.entry(place) for place, one in enumerate(mentions)]
    begun = time.process_time()
    found = find(entries)
    seconds = time.process_time() - begun
    counted = score(mentions, found)
    print(
        f"duplicates among {PEOPLE}: {seconds:.1f} s (at most {MOST:.0f}), precision {counted.precision:.3f}"
        f" (at least 0.98), recall {counted.recall:.3f} (at least 0.95)"
    )
    return {
        "people": PEOPLE,
        "seconds": round(seconds, 2),
        "precision": round(counted.precision, 4),
        "recall": round(counted.recall, 4),
        "namesakes": counted.namesakes,
    }
