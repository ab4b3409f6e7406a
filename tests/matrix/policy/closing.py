"""Ending a document, following it again, its archive."""

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former

page(
    "tasks:directive_end",
    of="directive",
    get="""
    issued       200    200    403    403      403       403     403       404           404
    closed       200    200    200    403      403       403     403       404           404
    draft        403    403    404    404      404       404     404       404           404
    missing      404
    """,
    post="""
    issued       302+   302+   403    403      403       403     403       404           404
    closed       302    302    403    403      403       403     403       404           404
    draft        403    403    404    404      404       404     404       404           404
    missing      404
    """,
    data=lambda *cell: {"closed_on": "15/4/2024", "report_number": "125-BC/VPTU", "anyway": "on"},
)
page(
    "tasks:directive_end unsaid",
    of="directive",
    get="issued       200    200    403    403      403       403     403       404           404",
    post="issued       422    422    403    403      403       403     403       404           404",
    data=lambda *cell: {"closed_on": "15/4/2024", "report_number": "125-BC/VPTU"},
)
page(
    "tasks:directive_follow_again",
    of="directive",
    get="closed 405\nissued 405\nmissing 405",
    post="""
    closed       302+   302+   403    403      403       403     403       403           403
    issued       302    302    403    403      403       403     403       403           403
    draft        302    302    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    data=lambda *cell: {"reason": "Kết thúc nhầm."},
    strangers="405",
    strangers_post="in",
)
page(
    "tasks:directive_archive",
    of="directive",
    get="closed 405\nissued 405\nmissing 405",
    post="""
    closed       302+   302+   403    403      403       403     403       403           403
    issued       403    403    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    strangers="405",
    strangers_post="in",
)
