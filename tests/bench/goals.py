"""G1–G16 in one table: what was measured in this run, met or missed; what was not measured says so."""

from collections.abc import Callable

from tests.bench.pages import PAGES

# Pages whose statements may touch so many buffers together, at every size.
MOST, LEAST = "most", "least"
BUFFERED, BUFFERS = ("list", "overdue", "detail"), 60
# Goal, what, how it is read from the figures of a bench that is no page, at most or at least, how much, of what.
ELSEWHERE: tuple[tuple[str, str, str, Callable[[dict], float], str, float, str], ...] = (
    (
        "G12",
        "lập 10 000 nhắc việc",
        "planning",
        lambda f: f["few"]["seconds"] / f["few"]["floor_seconds"],
        MOST,
        2,
        "F",
    ),
    ("G13", "gửi thư", "sending", lambda f: f["per_second"], LEAST, 150, "thư/giây"),
    ("G14", "nhập 100 000 dòng", "lists", lambda f: f["read_seconds"] + f["import_seconds"], MOST, 30, "giây"),
    ("G14", "bộ nhớ khi nhập", "lists", lambda f: f["megabytes"], MOST, 400, "MB"),
    ("G15", "tìm tên, p95", "name_search", lambda f: max(f["worst"].values()) / f["floor_p95_ms"], MOST, 1.5, "F"),
    ("G16", "tìm trùng 100 000 người", "duplicates", lambda f: f["seconds"], MOST, 10, "giây"),
    ("G16", "tìm trùng: độ bao phủ", "duplicates", lambda f: f["recall"], LEAST, 0.95, ""),
    ("G16", "tìm trùng: độ chính xác", "duplicates", lambda f: f["precision"], LEAST, 0.98, ""),
)
NOT_MEASURED = "không đo lần này"


def _row(goal: str, what: str, found: float | None, kind: str, limit: float, unit: str) -> dict:
    """One line; found None: not measured."""
    met = None if found is None else (found <= limit if kind == MOST else found >= limit)
    return {"goal": goal, "what": what, "measured": found, "kind": kind, "limit": limit, "unit": unit, "met": met}


def verdicts_of_all(pages: dict[str, dict], buffers: dict[str, int], more: dict[str, dict]) -> list[dict]:
    """The lines of the table.

    Args:
        pages: what each page took. buffers: page → buffers touched. more: results of the other benches by name.
    """
    rows = []
    measured = [page for page in PAGES if page.name in pages]
    for page in sorted((page for page in measured if page.target), key=lambda page: page.goal):
        rows.append(_row(page.goal, page.name, pages[page.name]["floor_ratio"], MOST, page.target, "F"))
    for page in measured:
        found = pages[page.name]
        rows.append(_row("G7", page.name, found["growth"], MOST, page.growth, "lần"))
    for page in measured:
        found = pages[page.name]
        if found["p50_ms"]:
            rows.append(
                _row("G8", page.name, round(found["p95_ms"] / found["p50_ms"], 2), MOST, page.spread, "p95/p50")
            )
    for page in (page for page in measured if page.statements):
        rows.append(_row("G9", page.name, pages[page.name]["queries"], MOST, page.statements, "câu lệnh"))
    for name in ("list", "overdue", "list_unit"):
        if name in pages:
            rows.append(_row("G10", f"{name} nén", pages[name]["gzip_bytes"], MOST, 5_000, "byte"))
            rows.append(_row("G10", f"{name} không nén", pages[name]["bytes"], MOST, 20_000, "byte"))
    rows += [_row("EXPLAIN", name, number, MOST, BUFFERS, "buffer") for name, number in buffers.items()]
    for goal, what, bench, read, kind, limit, unit in ELSEWHERE:
        value = round(read(more[bench]), 3) if bench in more else None
        rows.append(_row(goal, what, value, kind, limit, unit))
    return rows


def table_of_goals(rows: list[dict]) -> list[str]:
    """The table, and how many are met."""
    lines = ["", "Đích G1–G16 (performance.md):"]
    for row in rows:
        sign = {None: "·", True: "đạt", False: "CHƯA"}[row["met"]]
        measured = NOT_MEASURED if row["measured"] is None else row["measured"]
        limit = f"{'≤' if row['kind'] == MOST else '≥'} {row['limit']} {row['unit']}"
        lines.append(f"{sign:>5} {row['goal']:>8} {row['what']:<28} {measured!s:>18} {limit}")
    met, missed = (sum(row["met"] is wanted for row in rows) for wanted in (True, False))
    lines.append(f"Đạt {met}, chưa đạt {missed}, chưa đo {len(rows) - met - missed}.")
    return lines
