"""A unit's own pages: its work, its reports, contributions to what it leads."""

from django.urls import reverse

from tests.matrix.policy.office import SEEN
from tests.matrix.policy.table import page
from tests.matrix.world import MISSING, World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

UNITS_PEOPLE = "403    403    403    200      200       200     403       403           403"


def _unit(world: World, relation: str) -> int:
    return world.units[relation].pk if relation in world.units else MISSING


def _unit_home(world: World, relation: str, person: str) -> str:
    home = reverse("tasks:unit_home")
    return home if relation == "plain" else f"{home}?don-vi={_unit(world, relation)}"


page(
    "tasks:unit_home",
    url=_unit_home,
    get=f"""
    plain        {UNITS_PEOPLE}
    own          403    403    403    200      200       404     403       403           403
    below        403    403    403    200      200       404     403       403           403
    sibling      403    403    403    404      404       404     403       403           403
    foreign      403    403    403    404      404       404     403       403           403
    watched      403    403    403    404      404       404     403       403           403
    ended        403    403    403    404      404       404     403       403           403
    missing      403    403    403    404      404       404     403       403           403
    """,
    post="plain 405",
    strangers_post="405",
)
for _group in ("new", "doing", "waiting", "done", "outside", "redo", "first"):
    page(
        f"tasks:unit_home {_group}",
        url=lambda world, relation, person, group=_group: f"{_unit_home(world, relation, person)}&nhom={group}",
        get="""
        own          403    403    403    200      200       404     403       403           403
        below        403    403    403    200      200       404     403       403           403
        sibling      403    403    403    404      404       404     403       403           403
        foreign      403    403    403    404      404       404     403       403           403
        """,
        post="own 405",
        strangers_post="405",
    )
page("tasks:unit_reports", get=f"plain        {UNITS_PEOPLE}", post="plain 405", strangers_post="405")

# --- work -------------------------------------------------------------------------------------------------------------

page(
    "tasks:acknowledge_all",
    get="own 302",
    post="""
    own          404    404    404    302+     302+      404     404       404           404
    below        404    404    404    403      403       404     404       404           404
    sibling      404    404    404    404      404       404     404       404           404
    foreign      404    404    404    404      404       404     404       404           404
    ended        404    404    404    404      404       404     404       404           404
    missing      404
    """,
    data=lambda world, relation, person: {"don-vi": _unit(world, relation)},
)

# Known to whoever sees the part, done by the unit's own people alone.
UNIT_SHOWS = """
    own          403    403    403    200      200       404     404       404           404
    below        403    403    403    403      403       404     404       404           404
    helper       403    403    403    403      403       404     404       404           404
    watched      403    403    403    404      404       403     404       404           404
    sibling      403    403    403    404      404       404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
    ended        403    403    403    404      404       404     404       404           404
    missing      404
"""
UNIT_ACTS = UNIT_SHOWS.replace("200      200 ", "302+     302+")
page(
    "tasks:acknowledge",
    of="new",
    get=UNIT_SHOWS.replace("200      200", "302      302"),
    post=UNIT_ACTS,
)
REASON = {"reason": "Việc này thuộc cơ quan khác.", "new_due": "29/04/2024"}
page("tasks:give_back", of="new", get=UNIT_SHOWS, post=UNIT_ACTS, data=lambda *cell: REASON)
page("tasks:extension_request", of="work", get=UNIT_SHOWS, post=UNIT_ACTS, data=lambda *cell: REASON)
page(
    "tasks:extension_request closed",
    of="closed work",
    get="""
    own          403    403    403    200      200       404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
    """,
    post="""
    own          403    403    403    302      302       404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
    """,
    data=lambda *cell: REASON,
)

# --- contributions: the lead decides; of lead work the reviewing unit ---------------------------------------------------

page(
    "tasks:contribution_review",
    of="section sent",
    get="""
    own          200    200    403    403      403       404     404       404           404
    below        200    200    403    403      403       404     404       404           404
    helper       403    403    403    200      200       404     404       404           404
    watched      200    200    403    404      404       403     404       404           404
    sibling      200    200    403    404      404       404     404       404           404
    foreign      200    403    403    404      404       404     404       404           404
    ended        200    200    403    404      404       404     404       404           404
    missing      404
    """,
    post="""
    own          302+   302+   403    403      403       404     404       404           404
    below        302+   302+   403    403      403       404     404       404           404
    helper       403    403    403    302+     302+      404     404       404           404
    watched      302+   302+   403    404      404       403     404       404           404
    sibling      302+   302+   403    404      404       404     404       404           404
    foreign      302+   403    403    404      404       404     404       404           404
    ended        302+   302+   403    404      404       404     404       404           404
    missing      404
    """,
    data=lambda world, relation, person: {"do": "accept"},
)
DRAFTS = "own 404\nbelow 404\nhelper 404\nwatched 404\nsibling 404\nforeign 404\nended 404\nmissing 404"
page("tasks:contribution_review draft", of="section draft", get=DRAFTS, post=DRAFTS)
# A section beside the one the lead or the monitor may read, in the same report.
page(
    "tasks:contribution_review other",
    of="section other",
    get="""
    helper       200    200    403    404      404       404     404       404           404
    watched      200    200    403    404      404       404     404       404           404
    """,
    post="""
    helper       302+   302+   403    404      404       404     404       404           404
    watched      302+   302+   403    404      404       404     404       404           404
    """,
    data=lambda world, relation, person: {"do": "accept"},
)

# --- reports ----------------------------------------------------------------------------------------------------------


def _open(world: World, relation: str, person: str) -> str:
    """Open the own unit's report for a document, or another unit's for the issued one."""
    documents = {"draft": "draft", "closed": "closed", "no_document": "missing"}
    directive = world.pk("directive", documents.get(relation, "issued"), person)
    unit = _unit(world, "own" if relation in documents else relation)
    return reverse("tasks:report_open", args=[directive, unit])


# The draft at hand opens; there is nothing to write yet.
page(
    "tasks:report_open",
    url=_open,
    get="""
    own          404    404    404    302      302       404     404       404           404
    below        404    404    404    403      403       404     404       404           404
    sibling      404
    foreign      404
    ended        404
    missing      404
    draft        404
    closed       404    404    404    302      302       404     404       404           404
    """,
    post="""
    own          404    404    404    302      302       404     404       404           404
    below        404    404    404    403      403       404     404       404           404
    sibling      404
    foreign      404
    ended        404
    missing      404
    draft        404
    closed       404    404    404    302      302       404     404       404           404
    """,
)
NO_POST = "own 405\nbelow 405\nhelper 405\nwatched 405\nsibling 405\nforeign 405\nended 405\nmissing 405"
page("tasks:report_detail", of="report sent", get=SEEN, post=NO_POST, strangers_post="405")
page(
    "tasks:report_detail draft",
    of="report draft",
    # The writer's draft opens for typing.
    get="""
    own          404    404    404    302      302       404     404       404           404
    below        404
    helper       404
    watched      404
    sibling      404
    foreign      404
    ended        404
    missing      404
    """,
    post="own 405\nbelow 405",
    strangers_post="405",
)
page(
    "tasks:report_detail waiting",
    of="report waiting",
    get="""
    own          404    404    404    200      200       404     404       404           404
    foreign      404
    """,
    post="own 405\nforeign 405",
    strangers_post="405",
)
page(
    "tasks:report_detail returned",
    of="report returned",
    get="""
    own          200    200    200    200      200       404     404       404           404
    foreign      200    200    200    404      404       404     404       404           404
    """,
    post="own 405\nforeign 405",
    strangers_post="405",
)
page(
    "tasks:report_review returned",
    of="report returned",
    get="""
    own          200    200    200    200      200       404     404       404           404
    foreign      200    200    200    404      404       404     404       404           404
    """,
    # Nothing in it waits for anybody.
    post="""
    own          302    302    302    302      302       404     404       404           404
    foreign      302    302    302    404      404       404     404       404           404
    """,
    data=lambda world, relation, person: {"decision": "accept_all"},
)


def _typed(kind: str):
    def data(world: World, relation: str, person: str) -> dict:
        report = world.objects[kind].get(relation)
        return {"do": "save", "chung-version": report.version if report else 1, "chung-general_note": "Đã sửa."}

    return data


DRAFT_SHOWS = """
    own          404    404    404    200      200       404     404       404           404
    below        404
    helper       404
    watched      404
    sibling      404
    foreign      404
    ended        404
    missing      404
"""
page(
    "tasks:report_edit",
    of="report draft",
    get=DRAFT_SHOWS,
    post=DRAFT_SHOWS.replace("200      200 ", "302+     302+"),
    data=_typed("report draft"),
)
# What was sent is read only; known to its readers, typed by the unit alone.
SENT_SHOWS = UNIT_SHOWS.replace("200      200", "302      302")
page("tasks:report_edit sent", of="report sent", get=SENT_SHOWS, post=SENT_SHOWS, data=_typed("report sent"))
page(
    "tasks:report_edit returned",
    of="report returned",
    get="""
    own          403    403    403    200      200       404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
    """,
    post="""
    own          403    403    403    302+     302+      404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
    """,
    data=_typed("report returned"),
)
page(
    "tasks:report_edit closed",
    of="closed report",
    get="""
    own          403    403    403    302      302       404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
    """,
    post="""
    own          403    403    403    302      302       404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
    """,
    data=_typed("closed report"),
)
page(
    "tasks:report_head",
    of="report waiting",
    get="""
    own          404    404    404    403      200       404     404       404           404
    foreign      404
    missing      404
    """,
    post="""
    own          404    404    404    403      302+      404     404       404           404
    foreign      404
    missing      404
    """,
    data=lambda world, relation, person: {"do": "approve"},
)
page(
    "tasks:report_head sent",
    of="report sent",
    get=UNIT_SHOWS.replace("200      200", "403      302"),
    post=UNIT_SHOWS.replace("200      200", "403      302"),
    data=lambda world, relation, person: {"do": "approve"},
)
