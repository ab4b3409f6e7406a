"""Events of units, inspections of public places, the month."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.policy.units_work import UNIT_ACTS, UNIT_SHOWS
from tests.matrix.world import MISSING, World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

# --- the month: nothing of a list is refused, it shows less ----------------------------------------------------------

UNITS_AND_ABOVE = "200    200    200    200      200       200     403       403           403"
ONLY_GET = {"post": "plain 405", "strangers_post": "405"}


def _month(name: str):
    def address(world: World, relation: str, person: str) -> str:
        whole = f"{reverse(name)}?thang=2024-04"
        if relation == "plain":
            return whole
        if relation in ("draft", "issued", "closed"):
            return f"{whole}&van-ban={world.pk('directive', relation, person)}"
        return f"{whole}&don-vi={world.units[relation].pk if relation in world.units else MISSING}"

    return address


OF_A_MONTH = f"""
    plain        {UNITS_AND_ABOVE}
    issued       {UNITS_AND_ABOVE}
    draft        404    404    404    404      404       404     403       403           403
    own          200    200    200    200      200       404     403       403           403
    below        200    200    200    200      200       404     403       403           403
    watched      200    200    200    404      404       200     403       403           403
    foreign      200    200    200    404      404       404     403       403           403
    missing      404    404    404    404      404       404     403       403           403
"""
page("tasks:month", url=_month("tasks:month"), get=OF_A_MONTH, **ONLY_GET)
page("tasks:month_file", url=_month("tasks:month_file"), get=OF_A_MONTH, **ONLY_GET)
page(
    "tasks:month day",
    url=lambda world, relation, person: f"{reverse('tasks:month')}?ngay=2024-04-15",
    get=f"plain        {UNITS_AND_ABOVE}",
    **ONLY_GET,
)

# --- events of a unit ----------------------------------------------------------------------------------------------------

SEEN = """
    own          200    200    200    200      200       404     404       404           404
    below        200    200    200    200      200       404     404       404           404
    helper       200    200    200    200      200       404     404       404           404
    watched      200    200    200    404      404       200     404       404           404
    sibling      200    200    200    404      404       404     404       404           404
    foreign      200    200    200    404      404       404     404       404           404
    ended        200    200    200    404      404       404     404       404           404
    missing      404
"""
NO_POST = "own 405\nbelow 405\nwatched 405\nforeign 405\nmissing 405"
page("tasks:activity_list", get=f"plain        {UNITS_AND_ABOVE}", **ONLY_GET)
page(
    "tasks:activity_list work",
    url=lambda world, relation, person: (
        f"{reverse('tasks:activity_list')}?phan-viec={world.pk('work', relation, person)}"
    ),
    get="""
    own          200    200    200    200      200       404     403       403           403
    watched      200    200    200    404      404       200     403       403           403
    foreign      200    200    200    404      404       404     403       403           403
    missing      404    404    404    404      404       404     403       403           403
    """,
    post="own 405",
    strangers_post="405",
)
page(
    "tasks:activity_list task",
    url=lambda world, relation, person: (
        f"{reverse('tasks:activity_list')}?nhiem-vu={world.pk('task', relation, person)}"
    ),
    get="""
    work         200    200    200    200      200       200     403       403           403
    draft        200    200    404    404      404       404     403       403           403
    missing      404    404    404    404      404       404     403       403           403
    """,
    post="work 405",
    strangers_post="405",
)
page("tasks:activity_detail", of="activity", get=SEEN, post=NO_POST, strangers_post="405")
TYPED = {"kind": "meeting", "title": "Hội nghị quán triệt", "starts_on": "15/4/2024", "held": "on"}
page("tasks:activity_new", of="work", get=UNIT_SHOWS, post=UNIT_ACTS, data=lambda *cell: TYPED)
page("tasks:activity_edit", of="activity", get=UNIT_SHOWS, post=UNIT_ACTS, data=lambda *cell: TYPED | {"version": "1"})
for _verb, _typed in (
    ("da-to-chuc", {"attendance": "120"}),
    ("lui-ngay", {"new_day": "19/4/2024", "note": "Mưa lũ"}),
    ("huy", {"note": "Trùng lịch"}),
):
    page(
        f"tasks:activity_step {_verb}",
        url=lambda world, relation, person, verb=_verb: reverse(
            "tasks:activity_step", args=[world.pk("activity", relation, person), verb]
        ),
        get=UNIT_SHOWS,
        post=UNIT_ACTS,
        data=lambda *cell, typed=_typed: typed,
    )

# --- inspections: office writes those of the office, the monitor its own ----------------------------------------------------

_TASKS: dict[str, str] = {
    "work": "work",
    "watched": "work monitored",
    "draft": "draft",
    "closed": "closed",
    "missing": "missing",
}
page("tasks:inspection_list", get=f"plain        {UNITS_AND_ABOVE}", **ONLY_GET)
page("tasks:finding_list", get=f"plain        {UNITS_AND_ABOVE}", **ONLY_GET)
page(
    "tasks:inspection_new",
    url=lambda world, relation, person: reverse(
        "tasks:inspection_new", args=[world.pk("task", _TASKS[relation], person)]
    ),
    get="""
    work         200    200    403    403      403       403     403       404           404
    watched      200    200    403    403      403       200     403       404           404
    draft        403    403    404    404      404       404     404       404           404
    closed       403    403    403    403      403       403     403       404           404
    missing      404
    """,
    post="""
    work         302+   302+   403    403      403       403     403       404           404
    watched      302+   302+   403    403      403       302+    403       404           404
    draft        403    403    404    404      404       404     404       404           404
    closed       403    403    403    403      403       403     403       404           404
    missing      404
    """,
    data=lambda *cell: {"day": "15/4/2024"},
)
# What a unit has to do with: its own places and those below it; what is not sent, whoever writes it.
SENT = """
    own          200    200    200    200      200       404     404       404           404
    below        200    200    200    200      200       404     404       404           404
    watched      200    200    200    404      404       200     404       404           404
    sibling      200    200    200    404      404       404     404       404           404
    foreign      200    200    200    404      404       404     404       404           404
    ended        200    200    200    404      404       404     404       404           404
    missing      404
"""
WRITTEN = """
    office       200    200    404    404      404       404     404       404           404
    watch        404    404    404    404      404       200     404       404           404
    missing      404
"""
WRITES = WRITTEN.replace("200 ", "302+")
# What was sent is known to many and changed by nobody.
SENT_STAYS = SENT.replace("200", "403")
page("tasks:inspection_detail", of="inspection sent", get=SENT, post="own 405\nforeign 405", strangers_post="405")
page("tasks:inspection_detail draft", of="inspection draft", get=WRITTEN, post="office 405", strangers_post="405")


def _place(world: World, relation: str, person: str) -> dict:
    unit = world.units["watched" if relation == "watch" else "own"]
    typed = {"kind": "road", "name": "Đường Trần Phú", "words": "Thay cờ cũ", "mend_by": "19/4/2024"}
    return typed | {"unit": unit.pk}


page("tasks:place_new", of="inspection draft", get=WRITTEN, post=WRITES, data=_place)
page("tasks:place_new sent", of="inspection sent", get=SENT_STAYS, post=SENT_STAYS, data=_place)
page("tasks:finding_new", of="place draft", get=WRITTEN, post=WRITES, data=_place)
page("tasks:finding_new sent", of="place sent", get=SENT_STAYS, post=SENT_STAYS, data=_place)
NO_GET = {"strangers": "405", "strangers_post": "in"}
page("tasks:inspection_send", of="inspection draft", get="office 405\nwatch 405\nmissing 405", post=WRITES, **NO_GET)
page("tasks:inspection_send sent", of="inspection sent", get="own 405\nforeign 405", post=SENT_STAYS, **NO_GET)
page("tasks:place_remove", of="place draft", get="office 405\nwatch 405\nmissing 405", post=WRITES, **NO_GET)
page("tasks:place_remove sent", of="place sent", get="own 405\nforeign 405", post=SENT_STAYS, **NO_GET)

# --- findings: the unit answers, office and monitor decide, nobody about the own unit ------------------------------------------

ANSWER = {"do": "answer", "answer-words": "Đã thay cờ mới", "answer-done_on": "15/4/2024"}
page(
    "tasks:finding_detail",
    of="finding open",
    get=SENT,
    # Whoever would decide is told that the unit has not answered.
    post="""
    own          302    302    403    302+     302+      404     404       404           404
    below        302    302    403    403      403       404     404       404           404
    watched      302    302    403    404      404       302     404       404           404
    sibling      302    302    403    404      404       404     404       404           404
    foreign      302    403    403    404      404       404     404       404           404
    ended        302    302    403    404      404       404     404       404           404
    missing      404
    """,
    data=lambda *cell: ANSWER,
)
DECIDED = """
    own          302+   302+   403    302      302       404     404       404           404
    below        302+   302+   403    403      403       404     404       404           404
    watched      302+   302+   403    404      404       302+    404       404           404
    sibling      302+   302+   403    404      404       404     404       404           404
    foreign      302+   403    403    404      404       404     404       404           404
    ended        302+   302+   403    404      404       404     404       404           404
    missing      404
"""
page(
    "tasks:finding_detail close",
    of="finding answered",
    get=SENT,
    post=DECIDED,
    data=lambda *cell: {"do": "close"},
)
page(
    "tasks:finding_detail send back",
    of="finding answered",
    get=SENT,
    post=DECIDED,
    data=lambda *cell: {"do": "send_back", "back-words": "Chưa đạt", "back-mend_by": "19/4/2024"},
)
page(
    "tasks:finding_detail draft",
    of="finding draft",
    get=WRITTEN,
    post="""
    office       403    403    404    404      404       404     404       404           404
    watch        404    404    404    404      404       403     404       404           404
    missing      404
    """,
    data=lambda *cell: ANSWER,
)
