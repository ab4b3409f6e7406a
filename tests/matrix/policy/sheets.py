"""Excel out of lists, and the own files."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.policy.units_work import DRAFT_SHOWS

# relation     office deputy reader reporter unit_head monitor registrar administrator former

page("records:own_files", get="plain 200", post="plain 405", strangers_post="405")
page(
    "records:own_file_remove",
    of="job",
    get="own 405\nforeign 405\nmissing 405",
    strangers="405",
    strangers_post="in",
    post="own 302+\nforeign 404\nmissing 404",
)


def sheet(key: str, answers: str, loc=lambda world: "", name: str = "") -> None:
    """The button of one list: a short list is handed over at once, and the log says so.

    Args:
        answers: of the signed-in people, as in a table. loc: what the page's address says.
    """
    page(
        f"records:sheet {name or key}",
        url=lambda world, relation, person: reverse("records:sheet", args=[key]),
        get="plain 405",
        post=f"plain {answers}",
        data=lambda world, relation, person: {"loc": loc(world)},
        strangers="405",
        strangers_post="in",
    )


EVERYBODY = "200+ 200+ 200+ 200+ 200+ 200+ 200+ 200+ 200+"

sheet("khong-co", "404 404 404 404 404 404 404 404 404")
sheet("phan-viec", EVERYBODY)
OFFICE = "200+ 200+ 403 403 403 403 403 403 403"
READING = "200+ 200+ 200+ 403 403 403 403 403 403"
UNITS = "403 403 403 200+ 200+ 200+ 403 403 403"
WORKING = "200+ 200+ 200+ 200+ 200+ 200+ 403 403 403"

sheet("van-ban", EVERYBODY)
sheet("van-ban-den", OFFICE)
sheet("bao-cao-cap-tren", OFFICE)
sheet("van-ban-duoc-gui", UNITS)
sheet("y-kien", WORKING)
sheet("su-kien", WORKING)
sheet("kiem-tra", WORKING)
sheet("kien-nghi", WORKING)
sheet("cho-xem-xet", WORKING)
sheet("xin-gia-han", OFFICE)
sheet("don-doc", "200+ 200+ 403 403 403 200+ 403 403 403")
sheet("cong-van-don-doc", OFFICE)
sheet("thieu-ban-chup", OFFICE)
sheet("viec-cua-don-vi", UNITS)
sheet("bao-cao-don-vi", UNITS)
sheet("viec-khong-ai-lam", OFFICE)
sheet("cac-bao-cao-nhanh", READING)
sheet("nhat-ky", EVERYBODY)


def sheet_of(key: str, of: str, table: str) -> None:
    """The button of a page about one object, whose number goes along."""
    relations = [line.split()[0] for line in table.strip().splitlines()]
    page(
        f"records:sheet {key}",
        url=lambda world, relation, person: reverse("records:sheet", args=[key]),
        get="\n".join(f"{relation} 405" for relation in relations),
        post=table,
        data=lambda world, relation, person: {"loc": f"so={world.pk(of, relation, person)}"},
        strangers="405",
        strangers_post="in",
    )


sheet_of(
    "nhiem-vu",
    "directive",
    """
    draft        200+   200+   404    404    404       404     404       404           404
    issued       200+   200+   200+   200+   200+      200+    200+      404           404
    closed       200+   200+   200+   200+   200+      200+    200+      404           404
    missing      404
    """,
)
FIGURES = """
    draft        404    404    404    404    404       404     403       403           403
    issued       200+   200+   200+   200+   200+      200+    403       403           403
    closed       200+   200+   200+   200+   200+      200+    403       403           403
    missing      404    404    404    404    404       404     403       403           403
"""
for figures in ("so-lieu", "tong-quan-don-vi", "tong-quan-nhiem-vu"):
    sheet_of(figures, "directive", FIGURES)
sheet_of("chi-tieu", "indicator", FIGURES)
for digest in ("bao-cao-nhanh", "bao-cao-nhanh-don-vi"):
    sheet_of(
        digest,
        "digest",
        """
    made         200+   200+   200+   403    403       403     403       403           403
    missing      404    404    404    403    403       403     403       403           403
    """,
    )

# --- a unit's figures by Excel: who types on the draft ------------------------------------------------------------------------

page(
    "tasks:report_figures_form",
    of="report draft",
    get=DRAFT_SHOWS,
    post="own 405\nmissing 405",
    strangers_post="405",
)
# Without a file it says so.
page(
    "tasks:report_figures_fill",
    of="report draft",
    get=DRAFT_SHOWS,
    post=DRAFT_SHOWS.replace("200      200 ", "422      422 "),
)
