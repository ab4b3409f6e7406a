"""Calendars for other programs: each person's own; whoever holds an address reads that calendar and nothing else."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

# Nobody has a calendar in another person's name: the deputy is acting for the office.
MAY_HAVE = "200    403    200    200      200       200     403       403           403"

page("tasks:feed_list", get=f"plain        {MAY_HAVE}", post="plain 405", strangers_post="405")
page(
    "tasks:feed_make",
    get="plain 405",
    post="plain        200+   403    200+   200+     200+      200+    403       403           403",
    strangers="405",
    strangers_post="in",
)
page(
    "tasks:feed_make unit",
    url=lambda world, relation, person: reverse("tasks:feed_make"),
    get="own 405\nbelow 405\nforeign 405\nmissing 405",
    post="""
    own          404    403    404    200+     200+      404     403       403           403
    below        404    403    404    404      404       404     403       403           403
    foreign      404    403    404    404      404       404     403       403           403
    missing      404    403    404    404      404       404     403       403           403
    """,
    data=lambda world, relation, person: {"unit": world.units[relation].pk if relation in world.units else 987_654_321},
    strangers="405",
    strangers_post="in",
)
page(
    "tasks:feed_revoke",
    of="feed",
    get="own 405\nforeign 405\nmissing 405",
    post="""
    own          302+   302+   302+   302+     302+      302+    302+      302+          302+
    foreign      404    404    404    404      404       404     404       404           404
    missing      404    404    404    404      404       404     404       404           404
    """,
    strangers="405",
    strangers_post="in",
)


def _address(world: World, relation: str, person: str) -> str:
    return reverse("tasks:feed_file", args=[world.tokens.get(f"feed {relation}", "khong-co-dia-chi-nay")])


# Signed in or not, and as whom: it makes no difference.
for _relation, _answer in (("own", "200"), ("left", "200"), ("revoked", "404"), ("forged", "404")):
    page(
        f"tasks:feed_file {_relation}",
        url=_address,
        get=f"{_relation} {_answer}",
        post=f"{_relation} 405",
        strangers=_answer,
        strangers_post="405",
    )
