"""Overview, matrix, brief, export."""

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former

page("tasks:overview_home", get="plain 302 302 302 302 302 302 403 403 403", post="plain 405", strangers_post="405")
page("tasks:matrix_home", get="plain 302 302 302 302 302 302 403 403 403", post="plain 405", strangers_post="405")
page("tasks:brief_home", get="plain 302 302 302 403 403 403 403 403 403", post="plain 405", strangers_post="405")

FIGURES = """
    issued       200    200    200    200      200       200     403       403           403
    closed       200    200    200    200      200       200     403       403           403
    draft        404    404    404    404      404       404     403       403           403
    missing      404    404    404    404      404       404     403       403           403
"""
NO_POST = "issued 405\nclosed 405\ndraft 405\nmissing 405"
page("tasks:overview", of="directive", get=FIGURES, post=NO_POST, strangers_post="405")
page("tasks:matrix", of="directive", get=FIGURES, post=NO_POST, strangers_post="405", htmx=True)
page("tasks:overview_trend", of="directive", get=FIGURES, post=NO_POST, strangers_post="405", htmx=True)
page(
    "tasks:brief",
    of="directive",
    get="""
    issued       200    200    200    403      403       403     403       403           403
    closed       200    200    200    403      403       403     403       403           403
    draft        404    404    404    403      403       403     403       403           403
    missing      404    404    404    403      403       403     403       403           403
    """,
    post=NO_POST,
    strangers_post="405",
)
page(
    "tasks:export_matrix",
    of="directive",
    get=NO_POST,
    post="""
    issued       302+   302+   302+   302+     302+      302+    403       403           403
    closed       302+   302+   302+   302+     302+      302+    403       403           403
    draft        404    404    404    404      404       404     403       403           403
    missing      404    404    404    404      404       404     403       403           403
    """,
    strangers="405",
    strangers_post="in",
)
