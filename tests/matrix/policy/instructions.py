"""Leaders' instructions: read by office, readers and the units they concern; written by office and readers; handled by the office."""

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former

page(
    "tasks:instruction_list",
    get="plain        200    200    200    200      200       200     403       403           403",
    post="plain 405",
    strangers_post="405",
)
page(
    "tasks:instruction",
    of="instruction",
    get="""
    own          200    200    200    200      200       404     404       404           404
    foreign      200    200    200    404      404       404     404       404           404
    watched      200    200    200    404      404       404     404       404           404
    missing      404
    """,
    # The deputy works for the foreign unit as well: nobody says of the own unit that it did what was asked.
    post="""
    own          302+   302+   403    403      403       404     404       404           404
    foreign      302+   403    403    404      404       404     404       404           404
    missing      404
    """,
    data=lambda *cell: {"do": "done", "w-words": "Các đơn vị đã làm xong."},
)
page(
    "tasks:instruction_new",
    of="directive",
    get="""
    issued       200    200    200    403      403       403     403       404           404
    closed       403    403    403    403      403       403     403       404           404
    draft        403    403    404    404      404       404     404       404           404
    missing      404
    """,
    post="""
    issued       302+   302+   302+   403      403       403     403       404           404
    closed       403    403    403    403      403       403     403       404           404
    draft        403    403    404    404      404       404     404       404           404
    missing      404
    """,
    data=lambda *cell: {
        "words": "Đẩy nhanh tuyên truyền.",
        "said_by": "Đồng chí Bí thư",
        "said_on": "15/4/2024",
        "source": "briefing",
    },
)
