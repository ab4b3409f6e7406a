"""The desk: the queue of what waits for a review, going anywhere by words, saved filters, words beside the work."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import MISSING, World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

WORKERS = "200    200    200    200      200       200     403       403           403"
SENT = "section sent"


def _reading(world: World, relation: str, person: str) -> str:
    address = reverse("tasks:review_queue")
    return address if relation == "plain" else f"{address}?muc={world.pk(SENT, relation, person)}"


def _answer(world: World, relation: str, person: str) -> dict:
    pk = world.pk(SENT, relation, person) if relation != "plain" else MISSING
    return {"decision": "accept", "section": pk, "seen": f"{pk}-1"}


# Read by whoever may read the section, answered by whose it is; a deputy never answers for the own unit.
page(
    "tasks:review_queue",
    url=_reading,
    get=f"""
    plain        {WORKERS}
    own          200    200    200    200      200       404     403       403           403
    below        200    200    200    200      200       404     403       403           403
    helper       200    200    200    200      200       404     403       403           403
    watched      200    200    200    404      404       200     403       403           403
    sibling      200    200    200    404      404       404     403       403           403
    foreign      200    200    200    404      404       404     403       403           403
    ended        200    200    200    404      404       404     403       403           403
    missing      404    404    404    404      404       404     403       403           403
    """,
    post="""
    plain        404    404    404    404      404       404     403       403           403
    own          302+   302+   403    403      403       404     403       403           403
    below        302+   302+   403    403      403       404     403       403           403
    helper       403    403    403    302+     302+      404     403       403           403
    watched      302+   302+   403    404      404       403     403       403           403
    sibling      302+   302+   403    404      404       404     403       403           403
    foreign      302+   403    403    404      404       404     403       403           403
    ended        302+   302+   403    404      404       404     403       403           403
    missing      404    404    404    404      404       404     403       403           403
    """,
    data=_answer,
)


def _chosen(world: World, relation: str, person: str) -> dict:
    return {"decision": "accept_chosen", "chon": [f"{world.pk(SENT, relation, person)}-1"]}


# Whoever may not answer a ticked row is told so and changes nothing, also of a row that is not known.
page(
    "tasks:review_queue chosen",
    url=lambda world, relation, person: reverse("tasks:review_queue"),
    get=f"own          {WORKERS}",
    post="""
    own          302+   302+   302    302      302       302     403       403           403
    below        302+   302+   302    302      302       302     403       403           403
    helper       302    302    302    302+     302+      302     403       403           403
    watched      302+   302+   302    302      302       302     403       403           403
    sibling      302+   302+   302    302      302       302     403       403           403
    foreign      302+   302    302    302      302       302     403       403           403
    ended        302+   302+   302    302      302       302     403       403           403
    missing      302    302    302    302      302       302     403       403           403
    """,
    data=_chosen,
)

# --- going anywhere -------------------------------------------------------------------------------------------------

# Asked for the beginning of every canary: whatever comes back must be the person's to read.
page(
    "tasks:go",
    url=lambda world, relation, person: f"{reverse('tasks:go')}{'?q=zqxwkvjh' if relation == 'words' else ''}",
    get="plain 200\nwords 200",
    post="plain 405\nwords 405",
    strangers_post="405",
    htmx=True,
)

# --- filters that are kept --------------------------------------------------------------------------------------------

page("tasks:filter_list", get="plain 200", post="plain 405", strangers_post="405", htmx=True)
page(
    "tasks:filter_new",
    url=lambda world, relation, person: f"{reverse('tasks:filter_new')}?trang=assignments&loc=role%3Dlead",
    get="plain 200",
    post="plain 302+",
    data=lambda *cell: {"name": "Việc chủ trì"},
)
# The owner's; the office reads what it shares.
page(
    "tasks:filter_change",
    of="filter",
    get="""
    own          200    200    200    200      200       200     200       200           200
    shared       403    403    404    404      404       404     404       404           404
    foreign      404
    missing      404
    """,
    post="""
    own          302+   302+   302+   302+     302+      302+    302+      302+          302+
    shared       403    403    404    404      404       404     404       404           404
    foreign      404
    missing      404
    """,
    data=lambda *cell: {"do": "remove"},
)

# --- words beside the work --------------------------------------------------------------------------------------------

WORDS_SEEN = """
    own          200    200    200    200      200       404     404       404           404
    below        200    200    200    200      200       404     404       404           404
    helper       200    200    200    200      200       404     404       404           404
    watched      200    200    200    404      404       200     404       404           404
    sibling      200    200    200    404      404       404     404       404           404
    foreign      200    200    200    404      404       404     404       404           404
    ended        200    200    200    404      404       404     404       404           404
    missing      404
"""
page(
    "tasks:assignment_talk",
    of="work",
    get=WORDS_SEEN,
    post=WORDS_SEEN.replace("200", "302+"),
    data=lambda *cell: {"text": "Đề nghị gửi số liệu."},
)
page(
    "tasks:assignment_talk closed",
    of="closed work",
    get="""
    own          200    200    200    200      200       404     404       404           404
    foreign      200    200    200    404      404       404     404       404           404
    """,
    post="""
    own          403    403    403    403      403       404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
    """,
    data=lambda *cell: {"text": "Đề nghị gửi số liệu."},
)
page(
    "tasks:assignment_people",
    of="work",
    get=WORDS_SEEN,
    post="own 405\nbelow 405\nhelper 405\nwatched 405\nsibling 405\nforeign 405\nended 405\nmissing 405",
    strangers_post="405",
)
# Open words of the office's person: the author alone takes them back, not who acts in the author's name.
page(
    "tasks:comment_take_back",
    of="comment",
    get="own 405\nhelper 405\nwatched 405\nforeign 405\ninside 405\nmissing 405",
    post="""
    own          302+   403    403    403      403       404     404       404           404
    helper       302+   403    403    403      403       404     404       404           404
    watched      302+   403    403    404      404       403     404       404           404
    foreign      302+   403    403    404      404       404     404       404           404
    inside       302+   403    404    404      404       404     404       404           404
    missing      404
    """,
    strangers="405",
    strangers_post="in",
)
