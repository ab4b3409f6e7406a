"""What a document does to earlier ones."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import MISSING, World

# relation     office deputy reader reporter unit_head monitor registrar administrator former


def _address(world: World, relation: str, person: str) -> str:
    """The form for one task of the issued document; "other" is a task that does not belong to it."""
    pk = world.pk("directive", relation if relation in ("issued", "closed", "missing") else "draft", person)
    amended = world.pk("directive", "issued", person)
    task = world.pk("task", "closed" if relation == "other" else "work", person)
    return f"{reverse('tasks:amendments', args=[pk])}?van-ban={amended}&nhiem-vu={task}&kieu=ends"


page(
    "tasks:amendments",
    of="directive",
    get="""
    draft        200    200    403    403      403       403     403       403           403
    issued       200    200    403    403      403       403     403       403           403
    closed       200    200    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    # Without a document and a task nothing can be written down.
    post="""
    draft        404    404    403    403      403       403     403       403           403
    issued       403    403    403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
)
page(
    "tasks:amendments chosen",
    url=_address,
    get="""
    draft        200    200    403    403      403       403     403       403           403
    other        404    404    403    403      403       403     403       403           403
    closed       200    200    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    post="""
    draft        302+   302+   403    403      403       403     403       403           403
    other        404    404    403    403      403       403     403       403           403
    issued       403    403    403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    data=lambda world, relation, person: {"words": "Kết thúc."},
)


def _row(world: World, relation: str, person: str) -> str:
    """An amendment at its own document; "other" is that of the draft at the issued one."""
    document, amendment = ("issued", "draft") if relation == "other" else (relation, relation)
    pk = world.pk("directive", document, person)
    row = MISSING if relation == "missing" else world.pk("amendment", amendment, person)
    return reverse("tasks:amendment_remove", args=[pk, row])


page(
    "tasks:amendment_remove",
    url=_row,
    get="draft 405\nissued 405\nother 405\nmissing 405",
    post="""
    draft        302+   302+   403    403      403       403     403       403           403
    issued       403    403    403    403      403       403     403       403           403
    other        404    404    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    strangers="405",
    strangers_post="in",
)
