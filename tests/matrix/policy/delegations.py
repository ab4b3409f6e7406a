"""Delegations and their papers: registrars of the plan's area, nobody else."""

from tests.matrix.policy.table import page
from tests.matrix.world import World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

REGISTRAR = "403    403    403    403      403       403     200       403           403"
SHOWN = """
    own          404    404    404    404      404       404     200       404           404
    below        404    404    404    404      404       404     200       404           404
    sibling      404
    foreign      404
    ended        404
    missing      404
"""
DONE = SHOWN.replace("200 ", "302+")
NO_POST = "own 405\nbelow 405\nsibling 405\nforeign 405\nended 405\nmissing 405"


def _details(world: World, relation: str, person: str) -> dict:
    """Everything the form asks for, in the plan of the relation."""
    plan = world.objects["plan"].get(relation)
    return {
        "plan": plan.pk if plan else 0,
        "name": "Đoàn mới",
        "unit": world.units["office"].pk,
        "leader": "Ông Trưởng đoàn",
        "on": "16/04/2024",
        "version": "1",
    }


def _stop(world: World, relation: str, person: str) -> dict:
    entry = world.objects["plan entry"].get(relation)
    return {"do": f"off-{entry.pk if entry else 0}", "version": "1"}


page("veterans:delegation_list", get=f"plain {REGISTRAR}", post=f"plain {REGISTRAR}".replace("200", "405"))
page(
    "veterans:delegation_add",
    get=f"own {REGISTRAR}",
    # In the plan of somebody else's area: a choice the form does not have.
    post=f"own {REGISTRAR}\nforeign {REGISTRAR}".replace("200", "302+", 1).replace("200", "422"),
    data=_details,
)
page("veterans:delegation", of="delegation", get=SHOWN, post=NO_POST)
page("veterans:delegation_edit", of="delegation", get=SHOWN, post=DONE, data=_details)
page("veterans:delegation_pick", of="delegation", get=SHOWN, post=SHOWN.replace("200", "302"))
page("veterans:delegation_route", of="delegation", get=NO_POST, post=DONE, data=_stop)
page(
    "veterans:delegation_state",
    of="delegation",
    get=NO_POST,
    post=DONE,
    data=lambda *cell: {"do": "cancel", "why": "Trời mưa lớn", "version": "1"},
)
page(
    "veterans:delegation_paper",
    of="delegation",
    get=NO_POST,
    post=SHOWN.replace("200 ", "200+"),
    data=lambda *cell: {"giay-to-paper": "paper_sheet", "giay-to-purpose": "paper_for_going"},
)
page(
    "veterans:plan_papers",
    get=f"own {REGISTRAR}",
    post=f"own {REGISTRAR}\nforeign {REGISTRAR}".replace("200", "302+", 1).replace("200", "422"),
    data=lambda world, relation, person: {
        "plan": _details(world, relation, person)["plan"],
        "paper": "paper_press",
        "purpose": "paper_for_news",
    },
)
# The words of letters are the office's and the province's; the registrar of the world keeps a commune.
KEEPERS = "200    200    403    403      403       403     403       403           403"
page("veterans:template_list", get=f"plain {KEEPERS}", post=f"plain {KEEPERS}".replace("200", "405"))
page(
    "veterans:template",
    url=lambda world, relation, person: "/so-tri-an/mau-giay-to/paper_invitations/",
    get=f"plain {KEEPERS}",
    post=f"plain {KEEPERS}".replace("200", "302"),
    data=lambda *cell: {"do": "reset"},
)
