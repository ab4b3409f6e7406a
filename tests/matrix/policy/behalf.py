"""Reports the office enters for a unit; the Word file and the scan of the signed paper."""

from tests.matrix.policy.table import page
from tests.matrix.policy.units_work import UNIT_SHOWS

# relation     office deputy reader reporter unit_head monitor registrar administrator former

# The deputy may stand in for somebody of the foreign unit and enters nothing for it.
page(
    "tasks:report_behalf",
    of="work",
    get="""
    own          200    200    403    403      403       404     404       404           404
    below        200    200    403    403      403       404     404       404           404
    foreign      200    403    403    404      404       404     404       404           404
    watched      200    200    403    404      404       403     404       404           404
    missing      404
    """,
    post="""
    own          302+   302+   403    403      403       404     404       404           404
    below        302+   302+   403    403      403       404     404       404           404
    foreign      302+   403    403    404      404       404     404       404           404
    watched      302+   302+   403    404      404       403     404       404           404
    missing      404
    """,
    data=lambda world, relation, person: {"basis": "paper"},
)
page(
    "tasks:report_docx",
    of="report sent",
    get="""
    own          200    200    200    200      200       404     404       404           404
    below        200    200    200    200      200       404     404       404           404
    helper       200    200    200    404      404       404     404       404           404
    watched      200    200    200    404      404       404     404       404           404
    foreign      200    200    200    404      404       404     404       404           404
    missing      404
    """,
    post="own 405\nforeign 405",
    strangers_post="405",
)
page(
    "tasks:report_docx draft",
    of="report draft",
    get="""
    own          404    404    404    200      200       404     404       404           404
    below        404
    foreign      404
    """,
    post="own 405",
    strangers_post="405",
)
# Without a file nothing is written; who may is told to choose one.
page(
    "tasks:report_signed",
    of="report sent",
    get="own 405",
    strangers="405",
    strangers_post="in",
    post=UNIT_SHOWS.replace("200      200", "302      302"),
)
