"""Which task comes before another one: the office alone, until the document is no longer followed."""

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former

SET = """
    work         200    200    403    403      403       403     403       404           404
    foreign      200    200    403    403      403       403     403       404           404
    closed       403    403    403    403      403       403     403       404           404
    draft        200    200    404    404      404       404     404       404           404
    missing      404
"""
page(
    "tasks:task_waits",
    of="task",
    get=SET,
    post=SET.replace("200", "422"),
    data=lambda *cell: {"code": "không có"},
)
