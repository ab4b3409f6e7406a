"""Taking back what was sent."""

from tests.matrix.policy.table import page
from tests.matrix.policy.units_work import UNIT_ACTS, UNIT_SHOWS

# relation     office deputy reader reporter unit_head monitor registrar administrator former

BACK = UNIT_SHOWS.replace("200      200", "302      302")
page("tasks:report_recall", of="report sent", get=BACK, post=UNIT_ACTS)
# A second draft stands in its way here: the unit is told so, nothing changes.
WAITING = """
    own          404    404    404    302      302       404     404       404           404
    foreign      404
    missing      404
"""
page("tasks:report_take_back", of="report waiting", get=WAITING, post=WAITING)
page("tasks:report_take_back sent", of="report sent", get=BACK, post=BACK)
