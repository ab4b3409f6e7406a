"""`make bench`: measure every page at two sizes, print the table, write var/bench.json."""

import argparse
import contextlib
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tests import services
from tests.bench.extras import EXTRAS
from tests.bench.goals import BUFFERED, table_of_goals, verdicts_of_all
from tests.bench.measure import Ask, Taken, cookies, one_round, turns
from tests.bench.pages import CSRF, PAGES, Page
from tests.bench.servers import APP, FLOOR, ROOT, Bench, Server, bench

SMALL, LARGE = 20_000, 200_000
UNITS, USERS = 100, 300
ROUNDS, MANY, SINGLE = 3, 96, 40


class Place:
    """One loaded database with our servers and the floor's."""

    def __init__(
        self, bench: Bench, size: int, *, units: int, users: int, drafts: int, more: dict[str, int] | None = None
    ) -> None:
        self.bench, self.size, self.name = bench, size, f"bench_{size}"
        self.address = bench.database(self.name)
        begun = time.monotonic()
        bench.run(self.address, "manage.py", "migrate", "--verbosity", "0")
        bench.run(
            self.address,
            *("manage.py", "seed_scale", "--assignments", str(size), "--units", str(units), "--users", str(users)),
            *(part for name, number in (more or {}).items() for part in (f"--{name}", str(number))),
        )
        self.seconds = time.monotonic() - begun
        self.ours = bench.ask(self.address, "-m", "tests.bench.prepare", "office", str(drafts))
        self.floor = bench.ask(self.address, "-m", "tests.bench.prepare", "floor", settings=FLOOR)
        bench.vacuum(self.address)
        self.drafts = self.ours["drafts"]

    def asks(self, page: Page) -> list[Ask]:
        """Requests for our page, each as somebody else."""
        chosen = self.drafts if page.is_write else self.ours[page.who]
        return [
            Ask(
                page.path.format(**values),
                cookies(self.ours["cookie"], values["key"], self.ours["csrf_cookie"]),
                values["fields"] if page.is_write else None,
            )
            for values in chosen
        ]

    def asked_once(self, page: Page) -> dict:
        """One request for our page: its address, who asks, what is typed."""
        values = (self.drafts if page.is_write else self.ours[page.who])[0]
        fields = values["fields"] if page.is_write else None
        return {"path": page.path.format(**values), "key": values["key"], "fields": fields}

    def buffers(self, page: Page) -> int:
        """Pages of memory that the statements of our page touch (EXPLAIN)."""
        return self.bench.ask(
            self.address, "-m", "tests.bench.profile", "--buffers", json.dumps(self.asked_once(page))
        )["buffers"]

    def floor_asks(self, page: Page) -> list[Ask]:
        """The same on the floor."""
        chosen = self.drafts if page.is_write else self.ours[page.who]
        fields = {"message": "Đề nghị khẩn trương thực hiện.", "csrfmiddlewaretoken": CSRF}
        keys = [""] if page.who == "nobody" else self.floor["keys"]
        return [
            Ask(
                page.floor.format(**values),
                cookies(self.floor["cookie"], keys[n % len(keys)], self.floor["csrf_cookie"]),
                fields if page.is_write else None,
            )
            for n, values in enumerate(chosen)
        ]


def measure(bench: Bench, places: list[Place], pages: tuple[Page, ...], rounds: int, many: int, single: int) -> dict:
    """(page, size, "ours" or "floor") → what it took; pages, sizes and the floor in turns, round after round."""
    taken: dict = {}
    with contextlib.ExitStack() as stack:
        servers: dict[tuple[int, str], Server] = {}
        for place in places:
            servers[place.size, "ours"] = stack.enter_context(bench.server(place.address, settings=APP))
            servers[place.size, "floor"] = stack.enter_context(bench.server(place.address, settings=FLOOR))
        sources = {}
        for place in places:
            for page in pages:
                sources[page.name, place.size, "ours"] = turns(place.asks(page), once=page.is_write)
                sources[page.name, place.size, "floor"] = turns(place.floor_asks(page))
        for number in range(rounds):
            for page in pages:
                for place in places:
                    for side in ("floor", "ours"):
                        key = (page.name, place.size, side)
                        found = taken.setdefault(key, Taken())
                        one_round(bench, servers[place.size, side], sources[key], found, many=many, single=single)
            print(f"  vòng {number + 1}/{rounds} xong", flush=True)
    return taken


def result_of(page: Page, taken: dict, places: list[Place]) -> dict:
    """The figures of one page: at the larger size, with the growth from the smaller one."""
    small, large = places[0], places[-1]
    ours, floor = taken[page.name, large.size, "ours"], taken[page.name, large.size, "floor"]
    before = taken[page.name, small.size, "ours"]
    counted = large.ours["counted"][page.name]
    return {
        "cpu_ms": round(ours.cpu_ms, 2),
        "floor_ms": round(floor.cpu_ms, 2),
        "floor_ratio": round(ours.cpu_ms / floor.cpu_ms, 2),
        "growth": round(ours.cpu_ms / before.cpu_ms, 2),
        "queries": counted["queries"],
        "bytes": counted["bytes"],
        "gzip_bytes": counted["gzip_bytes"],
        "p50_ms": round(ours.p50, 1),
        "p95_ms": round(ours.p95, 1),
        "cpu_ms_small": round(before.cpu_ms, 2),
        "queries_small": small.ours["counted"][page.name]["queries"],
    }


def verdicts(page: Page, found: dict) -> list[str]:
    """The goals that are not reached, in words."""
    missed = []
    if page.target and found["floor_ratio"] > page.target:
        missed.append(f"{page.goal}: {found['floor_ratio']} > {page.target} F")
    if found["growth"] > page.growth:
        missed.append(f"G7: tăng {found['growth']} > {page.growth}")
    if found["p95_ms"] > page.spread * found["p50_ms"]:
        missed.append(f"G8: p95/p50 {found['p95_ms'] / found['p50_ms']:.1f} > {page.spread}")
    too_many = page.statements and found["queries"] > page.statements
    if too_many or found["queries"] != found["queries_small"]:
        missed.append(
            f"G9: {found['queries']} câu lệnh, {found['queries_small']} ở cỡ nhỏ, đích {page.statements or 'như nhau'}"
        )
    if page.name in ("list", "list_unit", "overdue") and (found["bytes"] > 20_000 or found["gzip_bytes"] > 5_000):
        missed.append(f"G10: {found['bytes']} / {found['gzip_bytes']} byte > 20000 / 5000")
    return missed


def show(results: dict[str, dict]) -> None:
    """The table."""
    head = ("trang", "CPU ms", "sàn ms", "tỷ lệ", "đích", "tăng", "p50", "p95", "SQL", "byte", "gzip")
    widths = (15, 7, 7, 6, 5, 6, 7, 7, 4, 7, 6)
    print(" ".join(word.rjust(width) for word, width in zip(head, widths, strict=True)))
    for page in PAGES:
        found = results.get(page.name)
        if found is None:
            continue
        cells = (
            page.name,
            *(found[name] for name in ("cpu_ms", "floor_ms", "floor_ratio")),
            page.target or "–",
            *(found[name] for name in ("growth", "p50_ms", "p95_ms", "queries", "bytes", "gzip_bytes")),
        )
        print(" ".join(str(cell).rjust(width) for cell, width in zip(cells, widths, strict=True)))
    for page in PAGES:
        for line in verdicts(page, results[page.name]) if page.name in results else []:
            print(f"  chưa đạt – {page.name}: {line}")


def run_profile(name: str, size: int, to: Path) -> int:
    """Where one page's time goes: Python by function (cProfile) and each of its statements with its plan; for a goal that is
    missed. The exit code."""
    page = next(page for page in PAGES if page.name == name)
    with bench() as found:
        found.run(found.postgres, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        place = Place(found, size, units=UNITS, users=USERS, drafts=1)
        try:
            said = found.run(place.address, "-m", "tests.bench.profile", json.dumps(place.asked_once(page)))
        finally:
            found.drop(place.name)
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(said)
    print(said[:6000])
    print(f"Đã ghi {to}")
    return 0


def machine() -> str:
    """On what it was measured."""
    model = ""
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{os.cpu_count()} lõi {model}, Python {platform.python_version()}"


def run(
    sizes: Sequence[int],
    rounds: int,
    many: int,
    single: int,
    names: list[str],
    to: Path,
    *,
    extras: bool,
    units: int = UNITS,
    users: int = USERS,
    more: dict[str, int] | None = None,
) -> int:
    """Measure and report; the exit code. more: of what else so many at the larger size, a share of it at the smaller.
    A goal that is not reached is said, not an error; a wrong answer is one."""
    pages = tuple(page for page in PAGES if not names or page.name in names)
    needed = rounds * (many + single + 8) + 1
    with bench() as found:
        print(f"{machine()}, {found.version}", flush=True)
        found.run(found.postgres, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        places = []
        try:
            for size in sizes:
                share = {name: -(-number * size // sizes[-1]) for name, number in (more or {}).items()}
                places.append(Place(found, size, units=units, users=users, drafts=needed, more=share))
                print(f"  {size} phần việc: nạp trong {places[-1].seconds:.0f} giây", flush=True)
            taken = measure(found, places, pages, rounds, many, single)
            results = {page.name: result_of(page, taken, places) for page in pages}
            show(results)
            buffers = {page.name: places[-1].buffers(page) for page in pages if page.name in BUFFERED}
            extra_results = {
                name: extra(found, {p.size: p.address for p in places}) for name, extra in EXTRAS.items() if extras
            }
        finally:
            for size in sizes:
                found.drop(f"bench_{size}")
        goals = verdicts_of_all(results, buffers, extra_results)
        print(*table_of_goals(goals), sep="\n")
        written = {
            "pages": results,
            "buffers": buffers,
            "goals": goals,
            "sizes": list(sizes),
            "more": more or {},
            "machine": machine(),
            "postgres": found.version,
            "at": datetime.now().astimezone().isoformat(timespec="seconds"),
            **extra_results,
        }
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n")
    print(f"Đã ghi {to}")
    return 0


def run_extras(names: list[str], to: Path) -> int:
    """Only these benches, which load what they need themselves; what else stands in the file stays."""
    with bench() as found:
        print(f"{machine()}, {found.version}", flush=True)
        results = {name: EXTRAS[name](found, {}) for name in names}
    known = json.loads(to.read_text()) if to.exists() else {}
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(json.dumps(known | results, ensure_ascii=False, indent=1) + "\n")
    print(f"Đã ghi {to}")
    return 0


def main(arguments: list[str]) -> int:
    """Read the arguments and run; without PostgreSQL it says so and measures nothing."""
    parser = argparse.ArgumentParser(prog="make bench", description="Đo tốc độ các trang so với sàn.")
    parser.add_argument("--small", type=int, default=SMALL)
    parser.add_argument("--large", type=int, default=LARGE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--many", type=int, default=MANY, help="số trang mỗi vòng ở 8 kết nối")
    parser.add_argument("--single", type=int, default=SINGLE, help="số trang mỗi vòng ở 1 kết nối")
    parser.add_argument("--pages", nargs="*", default=[], choices=[page.name for page in PAGES], metavar="TRANG")
    alone = ("duplicates", "lists", "name_search")  # the others want the loaded databases of the pages
    parser.add_argument("--extras", nargs="*", default=[], choices=alone, metavar="PHÉP ĐO", help="chỉ các phép đo này")
    parser.add_argument("--to", type=Path, default=ROOT / "var" / "bench.json")
    parser.add_argument("--growth", type=int, default=0, metavar="N", help="so cỡ lớn với N phần việc, một lần")
    parser.add_argument("--directives", type=int, default=0, metavar="N", help="số văn bản ở cỡ lớn")
    parser.add_argument("--reports", type=int, default=0, metavar="N", help="số báo cáo ở cỡ lớn")
    parser.add_argument("--people", type=int, default=0, metavar="N", help="số người trong danh sách tri ân ở cỡ lớn")
    parser.add_argument(
        "--profile", choices=[page.name for page in PAGES], metavar="TRANG", help="xem một trang tốn ở đâu"
    )
    given = parser.parse_args(arguments)
    if given.growth:
        given.small, given.large = given.large, given.growth
    services.install([name for name in services.missing_packages() if name != "chromium"])
    try:
        if given.profile:
            return run_profile(given.profile, given.large, given.to.with_name(f"profile-{given.profile}.txt"))
        if given.extras:
            return run_extras(given.extras, given.to)
        return run(
            (given.small, given.large),
            *(given.rounds, given.many, given.single, given.pages, given.to),
            extras=not given.pages,
            more={name: getattr(given, name) for name in ("directives", "reports", "people") if getattr(given, name)},
        )
    except services.Unavailable as reason:
        print(f"Không đo được: {reason}")
        return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
