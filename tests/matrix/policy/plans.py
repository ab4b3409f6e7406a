"""Plans of an occasion: the registrars of the area, nobody else; a plan is a district's or the province's."""

from tests.matrix.policy.table import page
from tests.matrix.world import World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

REGISTRAR = "plain        403    403    403    403      403       403     200       403           403"
NO_POST = "own 405\nbelow 405\nsibling 405\nforeign 405\nended 405\nmissing 405"

SHOWN = """
    own          404    404    404    404      404       404     200       404           404
    below        404    404    404    404      404       404     200       404           404
    sibling      404
    foreign      404
    ended        404
    missing      404
"""
DONE = SHOWN.replace("200 ", "302+")
LEADS_BACK = SHOWN.replace("200", "302")

page("veterans:plan_list", get=REGISTRAR, post=REGISTRAR.replace("200", "405"))
page(
    "veterans:plan_add",
    get=REGISTRAR,
    post=REGISTRAR.replace("200 ", "302+"),
    # The registrar of the world keeps a commune and the whole district of "below".
    data=lambda world, *cell: {"area": world.areas["below"].parent_id, "unit": world.units["own"].pk},
)


def _version(world: World, relation: str, prefix: str = "") -> dict:
    found = world.objects["plan"].get(relation)
    return {f"{prefix}version": found.version if found else 1}


def _funds(world: World, relation: str, person: str) -> dict:
    """The source keeps giving: a gift of it is promised."""
    plan = world.objects["plan"].get(relation)
    kept = {f"goods_{row.source_id}": "Sữa" for row in plan.funding.all()} if plan else {}
    return {**kept, **_version(world, relation)}


page("veterans:plan_detail", of="plan", get=SHOWN, post=NO_POST)
page("veterans:plan_people", of="plan", get=SHOWN, post=NO_POST)
page("veterans:plan_paper", of="plan", get=SHOWN, post=NO_POST)
page(
    "veterans:plan_edit",
    of="plan",
    get=SHOWN,
    post=DONE,
    data=lambda world, relation, person: {"unit": world.units["own"].pk, **_version(world, relation)},
)
page(
    "veterans:plan_money",
    of="plan",
    get=SHOWN,
    post=DONE,
    data=_funds,
)


def _chosen(world: World, relation: str, person: str) -> dict:
    found = world.objects["person"].get(relation)
    pk = found.pk if found else 0
    return {"pick": pk, f"form-{pk}": "gift"}


# The person of the world has not been verified: left out, and said so.
page("veterans:plan_choose", of="plan", get=SHOWN, post=SHOWN, data=_chosen)
# Nobody has moved away, so nothing is written.
page("veterans:plan_moved_away", of="plan", get=NO_POST, post=LEADS_BACK)
# What is approved and not changed is not sent up again, and nothing waits.
page(
    "veterans:plan_submit",
    of="plan",
    get=NO_POST,
    post=LEADS_BACK,
    data=lambda world, relation, person: _version(world, relation),
)
page(
    "veterans:plan_return",
    of="plan",
    get=LEADS_BACK,
    post=SHOWN.replace("200", "422"),
    data=lambda world, relation, person: {"return-reason": "Thiếu xã", **_version(world, relation, "return-")},
)
page(
    "veterans:plan_approve",
    of="plan",
    get=SHOWN,
    post=SHOWN.replace("200", "422"),
    data=lambda world, relation, person: {
        "number": "12",
        "approved_on": "14/04/2024",
        "signer": "Ông A",
        **_version(world, relation),
    },
)
page("veterans:plan_names", of="plan", get=LEADS_BACK, post=DONE)
# The occasion of the world leads to no task: told, and nothing is written.
page("veterans:plan_report", of="plan", get=LEADS_BACK, post=LEADS_BACK)
page(
    "veterans:plan_entry",
    of="plan entry",
    get=SHOWN,
    post=DONE,
    data=lambda *cell: {"do": "drop", "drop-reason": "Gia đình xin thôi"},
)
