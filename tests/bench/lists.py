"""How long it takes to bring in a list of 100 000 persons: read with all checks, and imported (G14)."""

from tests.bench.servers import Bench

ROWS = 100_000


def lists(bench: Bench, addresses: dict[int, str]) -> dict:
    """One list into an empty registry, by a process of its own."""
    address = bench.database("bench_list")
    bench.run(address, "manage.py", "migrate", "--verbosity", "0")
    found = bench.ask(address, "-m", "tests.bench.list_import", str(ROWS))
    bench.drop("bench_list")
    print(
        f"nhập danh sách {found['rows']:,} người: đọc và kiểm tra {found['read_seconds']} s, ghi vào sổ "
        f"{found['import_seconds']} s (đích ≤ 30 s; máy tính {' + '.join(map(str, found['cpu_seconds']))} s), "
        f"{found['megabytes']} MB (đích ≤ 400)"
    )
    return found
