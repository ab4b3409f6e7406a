"""Chasing: the list of late work, nudges, calls, what a unit says of a delay, letters."""

from django.urls import reverse

from tests.matrix.policy.office import MONITOR_ACTED, MONITOR_ACTS
from tests.matrix.policy.table import page
from tests.matrix.policy.units_work import UNIT_ACTS, UNIT_SHOWS
from tests.matrix.world import MISSING, World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

CHASERS = "200    200    403    403      403       200     403       403           403"

page("tasks:chase_list", get=f"plain        {CHASERS}", post="plain 405", strangers_post="405")


page(
    "tasks:chase_list document",
    url=lambda world, relation, person: (
        f"{reverse('tasks:chase_list')}?van-ban={world.pk('directive', relation, person)}"
    ),
    get="""
    issued       200    200    403    403      403       200     403       403           403
    closed       200    200    403    403      403       200     403       403           403
    draft        200    200    403    403      403       404     403       403           403
    missing      404    404    403    403      403       404     403       403           403
    """,
    post="issued 405",
    strangers_post="405",
)


def _preview(world: World, relation: str, person: str) -> str:
    return f"{reverse('tasks:nudge_preview')}?viec={world.pk('late', relation, person)}"


def _nudge(world: World, relation: str, person: str) -> dict:
    return {"viec": world.pk("late", relation, person), "message": "Đề nghị khẩn trương."}


# Who monitors nothing has no such page; the deputy is told why the own unit's work is left out.
page(
    "tasks:nudge_preview",
    url=_preview,
    get="""
    own          200    200    403    403      403       404     403       403           403
    below        200    200    403    403      403       404     403       403           403
    helper       200    200    403    403      403       404     403       403           403
    watched      200    200    403    403      403       200     403       403           403
    sibling      200    200    403    403      403       404     403       403           403
    foreign      200    200    403    403      403       404     403       403           403
    ended        200    200    403    403      403       404     403       403           403
    missing      404    404    403    403      403       404     403       403           403
    """,
    post="""
    own          302+   302+   403    403      403       404     403       403           403
    below        302+   302+   403    403      403       404     403       403           403
    helper       302+   302+   403    403      403       404     403       403           403
    watched      302+   302+   403    403      403       302+    403       403           403
    sibling      302+   302+   403    403      403       404     403       403           403
    foreign      302+   422    403    403      403       404     403       403           403
    ended        302+   302+   403    403      403       404     403       403           403
    missing      404    404    403    403      403       404     403       403           403
    """,
    data=_nudge,
)
CALL = {"spoke_with": "Chánh văn phòng", "called_on": "15/4/2024", "said": "Hẹn gửi trong tuần."}
page("tasks:call_note", of="work", get=MONITOR_ACTS, post=MONITOR_ACTED, data=lambda *cell: CALL)
CLOSED = """
    own          403    403    403    403      403       404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
"""
page("tasks:call_note closed", of="closed work", get=CLOSED, post=CLOSED, data=lambda *cell: CALL)


def _delay(world: World, relation: str, person: str) -> dict:
    pk = world.pk("late", relation, person)
    return {f"v{pk}-cause": "subjective", f"v{pk}-reason": "Chờ các xã.", f"v{pk}-expected_on": "19/4/2024"}


page("tasks:delay_note", of="late", get=UNIT_SHOWS, post=UNIT_ACTS, data=_delay)
IN_TIME = UNIT_SHOWS.replace("200      200 ", "302      302 ")
page("tasks:delay_note in time", of="work", get=IN_TIME, post=IN_TIME, data=_delay)

# --- letters ----------------------------------------------------------------------------------------------------------

OFFICE = "200    200    403    403      403       403     403       403           403"
page("tasks:chase_letters", get=f"plain        {OFFICE}", post="plain 405", strangers_post="405")


def _letter_to(world: World, relation: str, person: str) -> dict:
    return {
        "don-vi": world.units[relation].pk if relation in world.units else MISSING,
        "report_by": "19/4/2024",
        "superior": "Tỉnh ủy",
        "organ": "Văn phòng",
        "symbol": "CV/VPTU",
        "place": "Kon Tum",
        "position": "Chánh Văn phòng",
    }


page(
    "tasks:chase_letter_new",
    get=f"own          {OFFICE}\nforeign      {OFFICE}",
    post="""
    own          302+   302+   403    403      403       403     403       403           403
    below        302+   302+   403    403      403       403     403       403           403
    foreign      302+   422    403    403      403       403     403       403           403
    ended        302+   302+   403    403      403       403     403       403           403
    office       422    422    403    403      403       403     403       403           403
    missing      422    422    403    403      403       403     403       403           403
    """,
    data=_letter_to,
)
SENT = {"number": "10-CV/VPTU", "sent_on": "15/4/2024"}
page(
    "tasks:chase_letter",
    of="letter made",
    get="""
    own          200    200    404    404      404       404     404       404           404
    below        200    200    404    404      404       404     404       404           404
    foreign      200    200    404    404      404       404     404       404           404
    ended        200    200    404    404      404       404     404       404           404
    missing      404
    """,
    post="""
    own          302+   302+   404    404      404       404     404       404           404
    below        302+   302+   404    404      404       404     404       404           404
    foreign      302+   403    404    404      404       404     404       404           404
    ended        302+   302+   404    404      404       404     404       404           404
    missing      404
    """,
    data=lambda *cell: SENT,
)
# Sent is sent: read by the unit and those above, changed by nobody.
page(
    "tasks:chase_letter sent",
    of="letter sent",
    get="""
    own          200    200    200    200      200       404     404       404           404
    below        200    200    200    200      200       404     404       404           404
    sibling      200    200    200    404      404       404     404       404           404
    foreign      200    200    200    404      404       404     404       404           404
    ended        200    200    200    404      404       404     404       404           404
    """,
    post="""
    own          403    403    403    403      403       404     404       404           404
    below        403    403    403    403      403       404     404       404           404
    sibling      403    403    403    404      404       404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
    ended        403    403    403    404      404       404     404       404           404
    """,
    data=lambda *cell: SENT,
)
