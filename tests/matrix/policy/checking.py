"""Checking of the registry: work lists, findings, news that somebody lives, moves, calls of condolence, cells of the review."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

REGISTRAR = "own          403    403    403    403      403       403     200       403           403"
SHOWN = """
    own          404    404    404    404      404       404     200       404           404
    below        404    404    404    404      404       404     200       404           404
    sibling      404
    foreign      404
    ended        404
    missing      404
"""
READ = SHOWN.replace("200 ", "200+")
DONE = SHOWN.replace("200 ", "302+")
LEADS_TO_CARD = SHOWN.replace("200", "302")
NO_POST = "own 405\nbelow 405\nsibling 405\nforeign 405\nended 405\nmissing 405"


def _picked(world: World, relation: str, person: str) -> dict:
    """A tick at the entry of that relation, as the list would send it."""
    found = world.objects["person"].get(relation)
    return {"pick": f"{found.pk}:{found.version}" if found else "", "news-source": "Trưởng thôn"}


LISTED = """
    own          403    403    403    403      403       403     302+      403           403
    below        403    403    403    403      403       403     302+      403           403
    sibling      403    403    403    403      403       403     302       403           403
    foreign      403    403    403    403      403       403     302       403           403
    ended        403    403    403    403      403       403     302       403           403
"""
page(
    "veterans:verify_list",
    url=lambda *cell: reverse("veterans:verify_list") + "?buoc=hamlet",
    get=REGISTRAR,
    post=LISTED,
    data=_picked,
)
# Everybody was heard of today: a tick finds nobody of the own areas either.
page("veterans:living_list", get=REGISTRAR, post=LISTED.replace("302+", "302 "), data=_picked)
page("veterans:condolence_list", get=REGISTRAR, post=REGISTRAR.replace("200+", "405 ").replace("200", "405"))
page(
    "veterans:condolence_decide",
    of="condolence",
    get=SHOWN,
    post=DONE,
    data=lambda *cell: {"done": "1", "note": "Đã đến."},
)
page("veterans:person_history", of="person", get=READ, post=NO_POST)
page(
    "veterans:person_move",
    of="person",
    get=SHOWN,
    post=DONE,
    data=lambda world, relation, person: {
        "words": "Tỉnh Gia Lai",
        "on": "14/04/2024",
        "source": "Gia đình",
        "version": "1",
    },
)
page(
    "veterans:person_living", of="person", get=LEADS_TO_CARD, post=DONE, data=lambda *cell: {"news-source": "Gia đình"}
)
page(
    "veterans:person_ask_again",
    of="person found",
    get=LEADS_TO_CARD,
    post=DONE,
    data=lambda *cell: {"again-reason": "Có thêm giấy tờ."},
)


def _cell(world: World, relation: str, person: str) -> str:
    return reverse("veterans:area_review_cell", args=[world.areas[relation].pk, "veterans"])


# Names of communes are known to everybody; whose they are decides.
page(
    "veterans:area_review_cell",
    url=_cell,
    get="""
    own          403    403    403    403      403       403     200       403           403
    below        403    403    403    403      403       403     200       403           403
    sibling      403
    foreign      403
    ended        403
    """,
    post="""
    own          403    403    403    403      403       403     302+      403           403
    below        403    403    403    403      403       403     302+      403           403
    sibling      403
    foreign      403
    ended        403
    """,
    data=lambda *cell: {"state": "nobody", "was": "doing"},
)
