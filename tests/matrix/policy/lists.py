"""Lists of persons on their way into the registry: seen and handled by the registrars of their area."""

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former

SHOWN = """
    own          404    404    404    404      404       404     200+      404           404
    below        404    404    404    404      404       404     200+      404           404
    sibling      404
    foreign      404
    ended        404
    missing      404
"""
DONE = SHOWN.replace("200+", "302+")
NO_POST = "own 405\nbelow 405\nsibling 405\nforeign 405\nended 405\nmissing 405"
REGISTRAR = "403    403    403    403      403       403     200       403           403"

page("veterans:imports", get=f"plain {REGISTRAR}", post=f"plain {REGISTRAR}".replace("200", "422"))
page("veterans:import", of="list", get=SHOWN, post=NO_POST)
page(
    "veterans:import_columns",
    of="list",
    get=SHOWN,
    post=SHOWN.replace("200+", "302"),
    data=lambda *cell: {"cot-0-A": "full_name"},
)
for _name in ("import_read_again", "import_apply", "import_leave"):
    page(
        f"veterans:{_name}",
        of="list",
        get="own 405\nbelow 405\nsibling 405\nforeign 405\nended 405\nmissing 405",
        post=DONE,
    )
# The lists of the world have not been imported: it is said so.
page("veterans:import_revert", of="list", get=NO_POST, post=DONE.replace("302+", "302"))
page("veterans:import_errors", of="list", get=NO_POST, post=SHOWN)
