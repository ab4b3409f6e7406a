"""A program of its own that reads one list with little memory and tells how it went: python -m tests.veterans.lists.limited."""

import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

from veterans.committed_areas import committed_areas
from veterans.lists.codes import FileRefused
from veterans.lists.places import Places
from veterans.lists.reading import RowRead, read_list


def main(path: str) -> dict[str, object]:
    """Read a file. Returns how many rows of each outcome, the code of a refusal, memory in MB and time in seconds."""
    counts = {"ok": 0, "error": 0, "skip": 0}
    refused = sentence = ""
    start = time.process_time()
    try:
        with open(path, "rb") as file:
            for event in read_list(file, name=path, places=Places(committed_areas()), today=date(2026, 3, 2)):
                if isinstance(event, RowRead):
                    counts[event.outcome] += 1
    except FileRefused as refusal:
        refused, sentence = refusal.code, str(refusal)
    # The most this program held since it began; getrusage also counts what the one that started it held.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    memory = int(status.split("VmHWM:")[1].split()[0]) / 1024
    return {
        "counts": counts,
        "code": refused,
        "sentence": sentence,
        "mb": memory,
        "seconds": time.process_time() - start,
    }


if __name__ == "__main__":
    # Beyond this the program dies, and the test with it.
    resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, 1_000_000_000))
    print(json.dumps(main(sys.argv[1])))
