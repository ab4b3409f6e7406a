"""Which pages are measured, as whom, and against which page of the floor."""

from dataclasses import dataclass

HOST = "bench.local"
# Any 32 letters are a CSRF secret; the form repeats the cookie.
CSRF = "b" * 32


@dataclass(frozen=True)
class Page:
    """One page.

    path: with places for what prepare.py chose ({part}, {directive}, {year}, {matrix} …); who: "office",
    "unit" (whose reporters have much work), "writer" (who has a draft open) or "nobody" (not signed in).
    floor: the same kind on the floor. target, aim: CPU over the floor's (goal G1 …); statements: at most so many (G9).
    growth: at most so much CPU at ten times the data (G7). spread: p95 over p50 at one connection (G8).
    No target (0): no goal names the page's cost; growth, spread and the same statements at every size hold all the same.
    """

    name: str
    who: str
    path: str
    floor: str
    goal: str
    target: float
    statements: int
    is_write: bool = False
    growth: float = 1.15
    spread: float = 1.8


PAGES = (
    Page("list", "office", "/phan-viec/?word=doing&role=lead", "/list/", "G1", 1.6, 5),
    Page("overdue", "office", "/phan-viec/?timeliness=open_overdue", "/overdue/", "G2", 1.6, 5),
    Page("detail", "office", "/phan-viec/{part}/", "/detail/{part}/", "G3", 1.8, 7),
    Page("search", "office", "/phan-viec/?q={q}", "/search/?q={q}", "G4", 2.0, 5, growth=1.6, spread=2.5),
    Page("overview", "office", "/tong-quan/{directive}/", "/summary/{directive}/", "G5", 1.6, 9),
    # Every document of the year, 25 with their sums and the sum of all.
    Page("overview_year", "office", "/tong-quan/nam/{year}/", "/summary/{directive}/", "G5", 1.6, 6),
    # Sixteen tasks and twenty-two units (prepare.a_matrix), against twenty-five rows of a list.
    Page("matrix", "office", "/ma-tran/{matrix}/", "/list/", "ma trận", 3.0, 9),
    # No session, no rights: what middleware costs alone.
    Page("constant", "nobody", "/healthz", "/healthz", "G11", 2.0, 0, growth=1.5, spread=2.5),
    Page("today", "office", "/hom-nay/", "/list/", "", 0, 0),
    Page("review_queue", "office", "/cho-xem-xet/", "/list/", "", 0, 0),
    Page("directives", "office", "/van-ban/", "/list/", "", 0, 0),
    Page("directive", "office", "/van-ban/{directive}/", "/list/", "", 0, 0),
    Page("summary_reports", "office", "/van-ban/{directive}/bao-cao-tong-hop/", "/list/", "", 0, 0),
    Page("chase", "office", "/don-doc/", "/overdue/", "", 0, 0),
    Page("month", "office", "/lich/", "/list/", "", 0, 0),
    Page("ranking", "office", "/xep-hang/", "/list/", "", 0, 0),
    Page("digests", "office", "/bao-cao-nhanh/", "/list/", "", 0, 0),
    # Ctrl-K.
    Page("go", "office", "/tim/?q={q}", "/search/?q={q}", "", 0, 0, growth=1.6, spread=2.5),
    Page("unit_home", "unit", "/don-vi/", "/list/?unit={unit}", "", 0, 0),
    Page("unit_reports", "unit", "/don-vi/bao-cao/", "/list/?unit={unit}", "", 0, 0),
    Page("report_form", "writer", "/don-vi/bao-cao/{report}/soan/", "/detail/{part}/", "", 0, 0),
    Page("month_unit", "unit", "/lich/", "/list/?unit={unit}", "", 0, 0),
    Page("search_unit", "unit", "/phan-viec/?q={q}", "/search/?q={q}", "G4", 2.0, 5, growth=1.6, spread=2.5),
    Page("list_unit", "unit", "/phan-viec/?word=doing&role=lead", "/list/?unit={unit}", "G1", 1.6, 5),
    Page("detail_unit", "unit", "/phan-viec/{part}/", "/detail/{part}/", "G3", 1.8, 7),
    Page("submit", "unit", "/don-vi/bao-cao/{report}/soan/", "/write/{part}/", "G6", 4.0, 16, is_write=True),
)
