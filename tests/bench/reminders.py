"""How fast reminders are planned, and mails built, sent and written down."""

import re
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.servers import APP, ROOT, Bench
from tests.faults.sink import HOST, Sink

MANY, FEW = 100_000, 10_000
MAILS, WORKERS = 2_000, 4
NOW = "2024-04-15T08:00"


def planning(bench: Bench, addresses: dict[int, str]) -> dict:
    """100 000 due at once, 10 000 against their floor (G12), and the quiet minute at the larger size."""
    found = {}
    for name, people, works in (("many", 1000, MANY // 1000), ("few", 1000, FEW // 1000)):
        address = bench.database(f"bench_due_{name}")
        bench.run(address, "manage.py", "migrate", "--verbosity", "0")
        bench.ask(address, "-m", "tests.bench.due", "prepare", str(people), str(works))
        bench.vacuum(address)
        found[name] = bench.ask(address, "-m", "tests.bench.due", "plan")
        found[name] |= bench.ask(address, "-m", "tests.bench.due", "floor", str(people * works))
        bench.drop(f"bench_due_{name}")
    found["quiet"] = bench.ask(addresses[max(addresses)], "-m", "tests.bench.due", "quiet")
    many, few, quiet = found["many"], found["few"], found["quiet"]
    print(f"lập {many['planned']:,} nhắc việc: {many['seconds']} s (đích ≤ 10 s); lần nữa: {many['again_seconds']} s")
    ratio = few["seconds"] / few["floor_seconds"]
    print(f"lập {few['planned']:,}: {few['seconds']} s, sàn {few['floor_seconds']} s, {ratio:.1f} F (G12 ≤ 2 F)")
    print(
        f"phút không có gì ở {quiet['assignments']:,} phần việc: {quiet['quiet_ms']} ms (đích ≤ 20), "
        f"{quiet['quiet_statements']} câu lệnh (đích ≤ 5)"
    )
    return found


def sending(bench: Bench, addresses: dict[int, str]) -> dict:
    """2 000 mails to a sink on this machine by four workers: per second, and the memory of the largest worker (G13)."""
    address = bench.database("bench_mail")
    bench.run(address, "manage.py", "migrate", "--verbosity", "0")
    bench.ask(address, "-m", "tests.bench.due", "prepare", str(MAILS), "1")
    bench.vacuum(address)
    bench.ask(address, "-m", "tests.bench.due", "plan")
    sink = Sink()
    try:
        door = sink.door()
        environment = {
            **bench.environment,
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": APP,
            "EMAIL_URL": f"smtp://{HOST}:{door}",
        }
        command = [sys.executable, "manage.py", "run_reminders", "--now", NOW]
        begun = time.monotonic()
        workers = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) for _ in range(WORKERS)
        ]
        largest = 0.0
        while any(worker.poll() is None for worker in workers):
            largest = max(largest, *(_megabytes(worker.pid) for worker in workers))
            time.sleep(0.1)
        accepted = sink.accepted
    finally:
        sink.close()
    bench.drop("bench_mail")
    # From the first mail on: starting Python is no part of sending.
    sent = sorted(send.accepted for send in accepted if send.accepted is not None)
    seconds = sent[-1] - sent[0]
    found = {
        "mails": len(sent),
        "seconds": round(seconds, 1),
        "per_second": round(len(sent) / seconds),
        "largest_worker_mb": round(largest),
        "with_start_seconds": round(time.monotonic() - begun, 1),
    }
    print(
        f"{found['mails']:,} thư, {WORKERS} bên gửi: {found['per_second']} thư/s (G13 ≥ 150), "
        f"bên lớn nhất {found['largest_worker_mb']} MB (đích ≤ 300)"
    )
    return found


def _megabytes(pid: int) -> float:
    """The most memory a process has had; 0 once it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(peak.group(1)) / 1024 if peak else 0.0
