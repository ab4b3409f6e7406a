"""How fast a long list is written into an Excel file, and in how much memory: a process of its own, no database."""

import tempfile
from pathlib import Path

from tests.bench.servers import Bench
from tests.records.test_sheets import measured

ROWS = 100_000


def sheets(bench: Bench, databases: dict[int, str]) -> dict:
    """100 000 rows of twelve columns: at least 3 000 a second, at most 150 MB more than before (issue "what leaders read")."""
    with tempfile.TemporaryDirectory() as folder:
        speed, grown = measured(ROWS, Path(folder) / "danh-sach.xlsx")
    print(f"sheets      {ROWS} rows x 12: {speed} rows/s of CPU, memory +{grown} MB")
    return {"rows": ROWS, "rows_per_second": speed, "memory_mb": grown}
