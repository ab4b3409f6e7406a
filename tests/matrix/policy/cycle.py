"""What a unit asks and is answered, more time after the day, taking back what was sent."""

from tests.matrix.policy.office import OFFICE_ACTED, OFFICE_ACTS, SEEN
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

# --- asking and answering ---------------------------------------------------------------------------------------------

ASKED = {"words": "Có tính cả học sinh không?", "day": "26/4/2024", "reason": "Chờ các xã gửi danh sách."}
page("tasks:question_ask", of="new", get=UNIT_SHOWS, post=UNIT_ACTS, data=lambda *cell: ASKED)
page("tasks:question_due", of="new", get=UNIT_SHOWS, post=UNIT_ACTS, data=lambda *cell: ASKED)
page(
    "tasks:question",
    of="question",
    get=SEEN,
    post="""
    own          302+   302+   403    403      403       404     404       404           404
    below        302+   302+   403    403      403       404     404       404           404
    helper       302+   302+   403    403      403       404     404       404           404
    watched      302+   302+   403    404      404       403     404       404           404
    sibling      302+   302+   403    404      404       404     404       404           404
    foreign      302+   403    403    404      404       404     404       404           404
    ended        302+   302+   403    404      404       404     404       404           404
    missing      404
    """,
    data=lambda *cell: {"words": "Có, tính cả học sinh."},
)
LED_BACK = SEEN.replace("200", "302")
page("tasks:question_withdraw", of="question", get=LED_BACK, post=UNIT_ACTS)

# --- more time --------------------------------------------------------------------------------------------------------

page("tasks:extension_withdraw", of="extension", get=LED_BACK, post=UNIT_ACTS)
PERMIT = {"until": "19/4/2024", "reason": "Mưa lũ kéo dài."}
page("tasks:extension_permit", of="late", get=OFFICE_ACTS, post=OFFICE_ACTED, data=lambda *cell: PERMIT)
