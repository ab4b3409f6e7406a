"""The registry: registrars of the area, nobody else; figures for office and readers."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

REGISTRAR = "403    403    403    403      403       403     200       403           403"

page("veterans:person_list", get="plain 200 200 200 403 403 403 200 403 403", post="plain 405", strangers_post="in")
page(
    "veterans:person_filter",
    get=f"plain        {REGISTRAR}".replace("200", "405"),
    post=f"plain        {REGISTRAR}".replace("200", "302"),
    data=lambda *cell: {"q": "a"},
)


def _person(world: World, relation: str, person: str) -> dict:
    """Everything the form asks for, in a commune of the relation."""
    area = world.areas.get(relation, world.areas["own"])
    found = world.objects["person"].get(relation)
    return {
        "full_name": "A Mới",
        "birth_year": "1931",
        "residence": area.pk,
        "sex": "unknown",
        "living_state": "unknown",
        "is_frontline_labourer": "on",
        "version": found.version if found else 1,
        "distinct": "1",
    }


page(
    "veterans:person_add",
    get=f"own          {REGISTRAR}",
    # In somebody else's commune: a choice the form does not have.
    post="""
    own          403    403    403    403      403       403     302+      403           403
    below        403    403    403    403      403       403     302+      403           403
    sibling      403    403    403    403      403       403     422       403           403
    foreign      403    403    403    403      403       403     422       403           403
    ended        403    403    403    403      403       403     422       403           403
    """,
    data=_person,
)
page("veterans:area_review", get=f"own          {REGISTRAR}", post=f"own {REGISTRAR}".replace("200", "405"))

# --- one person: known to the registrars of the area alone ------------------------------------------------------------------

SHOWN = """
    own          404    404    404    404      404       404     200       404           404
    below        404    404    404    404      404       404     200       404           404
    sibling      404
    foreign      404
    ended        404
    missing      404
"""
DONE = SHOWN.replace("200 ", "302+")
LEADS_TO_CARD = SHOWN.replace("200", "302")

page(
    "veterans:person_detail",
    of="person",
    get=SHOWN.replace("200 ", "200+"),
    post="own 405\nbelow 405\nsibling 405\nforeign 405\nended 405\nmissing 405",
)
page("veterans:person_edit", of="person", get=SHOWN, post=DONE, data=_person)
page(
    "veterans:visit_add",
    of="person",
    get=SHOWN,
    post=DONE,
    data=lambda world, relation, person: {
        "on": "14/04/2024",
        "unit": world.units["own"].pk,
        "form": "home",
    },
)
# Into an area that is not the registrar's, a person is not moved either.
page(
    "veterans:person_edit moved",
    of="person",
    get="own          404    404    404    404      404       404     200       404           404",
    post="own          404    404    404    404      404       404     422       404           404",
    data=lambda world, relation, person: {**_person(world, relation, person), "residence": world.areas["foreign"].pk},
)


def _card_action(name: str, of: str, post: str = DONE, **values) -> None:
    page(f"veterans:{name}", of=of, get=LEADS_TO_CARD, post=post, **values)


# The registrar of the commune speaks for the hamlet; one of the district too, where the commune has nobody.
_card_action("person_verify", "person", data=lambda *cell: {"to": "hamlet"})
_card_action(
    "person_open",
    "person",
    """
    own          404    404    404    404      404       404     200+      404           404
    below        404    404    404    404      404       404     403       404           404
    sibling      404
    foreign      404
    ended        404
    missing      404
    """,
    data=lambda *cell: {"purpose-purpose": "check", "kind": "relative_phone"},
    reveals={"registrar": frozenset({"contact own"})},
)
_card_action("death_report", "person", data=lambda *cell: {"death-source": "Gia đình"})
_card_action("death_confirm", "person dead")
_card_action("death_withdraw", "person dead", data=lambda *cell: {"withdraw-reason": "Nhầm người."})
_card_action("person_take_off", "person", data=lambda *cell: {"take_off-reason": "Trùng hồ sơ."})
_card_action("person_put_back", "person removed", data=lambda *cell: {"put_back-reason": "Có ý kiến khác."})


def card_of(world: World, relation: str, person: str) -> str:
    """The card of a person of that relation."""
    return reverse("veterans:person_detail", args=[world.pk("person", relation, person)])
