"""How fast people are found by name among a million, by every kind of question and registrar (G15)."""

import time

from tests.bench.servers import Bench

PEOPLE = 1_000_000
ASKS = 100
# Times the floor's p95: the worst of its classes against the worst of ours.
MOST = 1.5


def name_search(bench: Bench, addresses: dict[int, str]) -> dict:
    """A registry of its own, loaded with COPY; each question so often as each registrar, in a process without a server."""
    address = bench.database("bench_names")
    try:
        begun = time.monotonic()
        bench.run(address, "manage.py", "migrate", "--verbosity", "0")
        bench.run(address, "-m", "tests.bench.name_asks", "areas")
        none = ("--assignments", "0", "--units", "1", "--users", "2")
        bench.run(address, "manage.py", "seed_scale", *none, "--people", str(PEOPLE), "--today", "2024-04-15")
        bench.vacuum(address)
        loaded = round(time.monotonic() - begun)
        found = bench.ask(address, "-m", "tests.bench.name_asks", str(ASKS))
    finally:
        bench.drop("bench_names")
    found = {"people": PEOPLE, "asks": ASKS, "load_seconds": loaded, **found}
    show(found)
    return found


def show(found: dict) -> None:
    """The table, and whether the goal is reached."""
    print(f"tìm tên trong {found['people']:,} người (nạp {found['load_seconds']} s), p50/p95 mili giây CPU:")
    roles = list(found["worst"])
    print("  " + "loại".ljust(22) + "sàn".rjust(15) + "".join(role.rjust(17) for role in roles))
    for name, times in found["classes"].items():
        cells = [times["floor"], *(times[role] for role in roles)]
        print("  " + name.ljust(22) + "".join(f"{one['p50']:.1f} / {one['p95']:.1f}".rjust(16) for one in cells))
    most = MOST * found["floor_p95_ms"]
    for role, worst in found["worst"].items():
        verdict = "" if worst <= most else "  chưa đạt –"
        print(f"{verdict}  {role}: p95 xấu nhất {worst} ms (đích ≤ {MOST} F = {most:.0f} ms)")
