"""Phân công: the assignment matrix of a draft, the office's alone."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import MISSING, World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

NOBODY_ELSE = "403    403      403       403     403       403           403"
READ = f"""
    draft        200    200    {NOBODY_ELSE}
    issued       302    302    {NOBODY_ELSE}
    closed       302    302    {NOBODY_ELSE}
    missing      404    404    {NOBODY_ELSE}
    """
NO_GET = "draft 405\nissued 405\nclosed 405\nmissing 405"
NO_POST = "draft 405\nissued 405\nclosed 405\nmissing 405"


def _at(name: str, *more):
    """The address below the directive of the relation."""

    def url(world: World, relation: str, person: str) -> str:
        return reverse(name, args=[world.pk("directive", relation, person), *(part(world, relation) for part in more)])

    return url


def _task(world: World, relation: str) -> int:
    """A task of that directive."""
    directive = world.objects["directive"].get(relation)
    return directive.tasks.order_by("pk").values_list("pk", flat=True).first() if directive else MISSING


def _unit(world: World, relation: str = "") -> str:
    return f"u{world.units['own'].pk}"


def _cell(world: World, relation: str, person: str) -> dict:
    return {"tasks": _task(world, relation), "bodies": _unit(world), "role": "coordinating", "shown": _unit(world)}


page(
    "tasks:assigning",
    of="directive",
    get=READ,
    post=f"""
    draft        302+   302+   {NOBODY_ELSE}
    issued       302    302    {NOBODY_ELSE}
    closed       302    302    {NOBODY_ELSE}
    missing      404    404    {NOBODY_ELSE}
    """,
    data=_cell,
)
page(
    "tasks:assigning_cells",
    of="directive",
    get=NO_GET,
    post=f"""
    draft        200+   200+   {NOBODY_ELSE}
    issued       409    409    {NOBODY_ELSE}
    closed       409    409    {NOBODY_ELSE}
    missing      404    404    {NOBODY_ELSE}
    """,
    data=_cell,
    strangers="405",
    strangers_post="in",
)
# The step that every draft of this world has.
page(
    "tasks:assigning_undo",
    of="directive",
    get=NO_GET,
    post=f"""
    draft        302+   302+   {NOBODY_ELSE}
    issued       302    302    {NOBODY_ELSE}
    closed       302    302    {NOBODY_ELSE}
    missing      404    404    {NOBODY_ELSE}
    """,
    strangers="405",
    strangers_post="in",
)
# A group that is none.
page(
    "tasks:assigning_unfold",
    of="directive",
    get=NO_GET,
    post=f"""
    draft        404    404    {NOBODY_ELSE}
    issued       404    404    {NOBODY_ELSE}
    closed       404    404    {NOBODY_ELSE}
    missing      404    404    {NOBODY_ELSE}
    """,
    data=lambda world, relation, person: {"group": MISSING},
    strangers="405",
    strangers_post="in",
)
page("tasks:assigning_find", of="directive", get=READ, post=NO_POST, strangers_post="405")
page(
    "tasks:assigning_task",
    url=_at("tasks:assigning_task", _task),
    get=READ,
    post=f"""
    draft        422    422    {NOBODY_ELSE}
    issued       302    302    {NOBODY_ELSE}
    closed       302    302    {NOBODY_ELSE}
    missing      404    404    {NOBODY_ELSE}
    """,
)
page(
    "tasks:assigning_body",
    url=_at("tasks:assigning_body", _unit),
    get=READ,
    post=f"""
    draft        302+   302+   {NOBODY_ELSE}
    issued       302    302    {NOBODY_ELSE}
    closed       302    302    {NOBODY_ELSE}
    missing      404    404    {NOBODY_ELSE}
    """,
    data=lambda world, relation, person: {"number": "99", f"t{_task(world, relation)}": "coordinating"},
)
