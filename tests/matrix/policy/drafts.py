"""Beside the unit's report form: who has it open, files that join it one by one."""

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former

# The unit's people alone, and nobody who may not open the draft itself.
page(
    "tasks:report_presence",
    of="report draft",
    get="own 405",
    strangers="405",
    strangers_post="in",
    post="""
    own          404    404    404    200+     200+      404     404       404           404
    below        404
    helper       404
    watched      404
    sibling      404
    foreign      404
    ended        404
    missing      404
    """,
)
page(
    "tasks:report_presence sent",
    of="report sent",
    get="own 405",
    strangers="405",
    strangers_post="in",
    post="""
    own          403    403    403    403      403       404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
    """,
)
page(
    "tasks:report_file",
    of="report draft",
    get="own 405",
    strangers="405",
    strangers_post="in",
    post="""
    own          404    404    404    422      404       404     404       404           404
    below        404
    foreign      404
    missing      404
    """,
    # Nothing has come of it yet: the section is not one of this report.
    data=lambda world, relation, person: {"upload": world.objects["partial upload"]["own"].pk, "section": "0"},
)
