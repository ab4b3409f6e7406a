"""Working together: the unit's own people act, the office and the readers look; who handed a part on decides about it."""

from django.urls import reverse

from tests.matrix.policy.office import _action
from tests.matrix.policy.table import page
from tests.matrix.policy.units_work import UNIT_ACTS, UNIT_SHOWS, UNITS_PEOPLE

# relation     office deputy reader reporter unit_head monitor registrar administrator former

page(
    "tasks:together",
    of="work",
    get="""
    own          200    200    200    200      200       404     404       404           404
    below        200    200    200    403      403       404     404       404           404
    helper       200    200    200    403      403       404     404       404           404
    watched      200    200    200    404      404       403     404       404           404
    sibling      200    200    200    404      404       404     404       404           404
    foreign      200    200    200    404      404       404     404       404           404
    ended        200    200    200    404      404       404     404       404           404
    missing      404
    """,
    post=UNIT_ACTS,
    data=lambda world, relation, person: {"words": "Gửi số liệu.", "phan-viec": [world.objects["work"]["helper"].pk]},
)
page(
    "tasks:together given",
    of="given",
    get="""
    own          200    200    200    200      200       404     404       404           404
    foreign      200    200    200    404      404       404     404       404           404
    """,
    post="""
    own          403    403    403    302+     302+      404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
    """,
    data=lambda world, relation, person: {"words": "Gửi số liệu.", "phan-viec": [world.objects["part"]["own"].pk]},
)
page(
    "tasks:hand_on",
    of="work",
    get=UNIT_SHOWS,
    post=UNIT_ACTS,
    data=lambda world, relation, person: {"words": "Làm một phần.", "units": [world.units["below"].pk]},
)
LEFT = """
    own          403    403    403    200      200       404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
"""
LEFT_ENDED = LEFT.replace("200      200 ", "302+     302+")
page("tasks:parts_left", of="given", get=LEFT, post=LEFT_ENDED, data=lambda *cell: {"reason": "Việc đã xong."})
page(
    "tasks:parts_left none",
    of="work",
    get=UNIT_SHOWS.replace("200      200", "302      302"),
    post=UNIT_SHOWS.replace("200      200", "302      302"),
)
page(
    "tasks:partners",
    of="work",
    get=UNIT_SHOWS,
    post=UNIT_ACTS,
    data=lambda *cell: {"name": "Hội Người cao tuổi", "does": "Mời hội viên dự."},
)
page(
    "tasks:partners ended",
    of="given",
    get=LEFT,
    post=LEFT_ENDED,
    data=lambda world, relation, person: {"thoi": world.objects["partner"]["own"].pk},
)
page(
    "tasks:idle_work",
    get="plain        200    200    403    403      403       403     403       403           403",
    post="plain 405",
    strangers_post="405",
)

# --- parts: decided by who handed them on -------------------------------------------------------------------------------

PART_SHOWS = """
    own          200    200    403    200      200       404     404       404           404
    foreign      200    200    403    404      404       404     404       404           404
"""
PART_ACTED = """
    own          302+   302+   403    302+     302+      404     404       404           404
    foreign      302+   302+   403    404      404       404     404       404           404
"""
for _verb in ("cancel", "pause", "not_applicable", "nudge"):
    _action(_verb, "part", PART_SHOWS, PART_ACTED, note=" part")
page(
    "tasks:extension_decide part",
    of="extension part",
    get="""
    own          200    200    403    200      200       403     403       403           403
    foreign      200    200    403    403      403       403     403       403           403
    """,
    post="""
    own          302+   302+   403    302+     302+      403     403       403           403
    foreign      302+   302+   403    403      403       403     403       403           403
    """,
    data=lambda *cell: {"decision": "approve"},
)

# --- released papers ----------------------------------------------------------------------------------------------------

page(
    "tasks:release_new",
    of="delivery",
    get=LEFT,
    post=LEFT_ENDED,
    data=lambda world, relation, person: {"words": "Xin triển khai.", "units": [world.units["watched"].pk]},
)
# Opened by a recipient, the moment is the unit's; whoever is asked by the office or the sender only looks.
page(
    "tasks:release",
    of="release",
    get="""
    own          200    200    200    200      200       404     404       404           404
    received     200    200    200    200+     200+      404     404       404           404
    foreign      200    200    200    404      404       404     404       404           404
    missing      404
    """,
    post="""
    own          302+   302+   403    302+     302+      404     404       404           404
    received     302+   302+   403    403      403       404     404       404           404
    foreign      302+   302+   403    404      404       404     404       404           404
    missing      404
    """,
)
page(
    "tasks:release withdraw",
    url=lambda world, relation, person: reverse("tasks:release", args=[world.pk("release", relation, person)]),
    get="missing 404",
    post="""
    own          403    403    403    302+     302+      404     404       404           404
    received     403    403    403    403      403       404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
    missing      404
    """,
    data=lambda world, relation, person: {"do": "withdraw", "reason": "Gửi nhầm bản."},
)
page("tasks:release_list", get=f"plain        {UNITS_PEOPLE}", post="plain 405", strangers_post="405")
page(
    "records:file released",
    of="file",
    get="""
    release_own      200+   200+   200+   200+     200+      404     404       404           404
    release_received 200+   200+   200+   200+     200+      404     404       404           404
    release_foreign  200+   200+   200+   404      404       404     404       404           404
    """,
    post="release_own 405\nrelease_received 405\nrelease_foreign 405",
    strangers_post="405",
)
