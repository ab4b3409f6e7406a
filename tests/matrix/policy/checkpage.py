"""Checking a draft beside its document: the office alone, and drafts alone; whoever comes later is led to the document."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import MISSING, World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

SHOWN = """
    draft        200    200    403    403      403       403     403       403           403
    issued       302    302    403    403      403       403     403       403           403
    closed       302    302    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
"""
page(
    "tasks:check",
    of="directive",
    get=SHOWN,
    post=SHOWN.replace("draft        200    200 ", "draft        302+   302+"),
    # The draft's only sentence that nobody has decided about.
    data=lambda *cell: {"do": "rest:2", "seen": "9"},
    htmx=True,
    pieces=True,
)


TASK = """
    draft        200    200    403    403      403       403     403       403           403
    issued       302    302    403    403      403       403     403       403           403
    other        404    404    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
"""


def _of_task(name: str):
    """The address of a page of one task; "other" is a task of the issued document at the draft."""

    def address(world: World, relation: str, person: str) -> str:
        directive = "draft" if relation == "other" else relation
        task = {"draft": "draft", "issued": "undecided", "other": "undecided"}.get(relation)
        found = world.objects["task"].get(task) if task else None
        return reverse(name, args=[world.pk("directive", directive, person), found.pk if found else MISSING])

    return address


# Its words are not marked in the text, so there is nothing to split.
page(
    "tasks:check_split",
    url=_of_task("tasks:check_split"),
    get=TASK,
    post=TASK.replace("draft        200    200 ", "draft        422    422 "),
)
page(
    "tasks:check_task",
    url=_of_task("tasks:check_task"),
    get=TASK,
    post=TASK.replace("draft        200    200 ", "draft        302+   302+"),
    data=lambda world, relation, person: {
        "code": "1",
        "title": "Tuyên truyền",
        "strength": "required",
        "reviewing_unit": world.objects["directive"]["draft"].office.name,
        "seen": "9",
    },
)
page(
    "tasks:check_product_new",
    url=_of_task("tasks:check_product_new"),
    get=TASK,
    post=TASK.replace("draft        200    200 ", "draft        302+   302+"),
    data=lambda *cell: {"kind": "plan", "name": "Kế hoạch", "seen": "9"},
)


def _of_part(name: str, parts: str):
    """The address of a product or recipient of the draft's task; "foreign" is one that is not the task's."""

    def address(world: World, relation: str, person: str) -> str:
        directive = "issued" if relation == "issued" else "draft"
        task = world.objects["task"]["draft" if directive == "draft" else "undecided"]
        part = getattr(world.objects["task"]["draft"], parts).first()
        pk = part.pk if part and relation in ("draft", "issued") else MISSING
        return reverse(name, args=[world.objects["directive"][directive].pk, task.pk, pk])

    return address


PART = """
    draft        200    200    403    403      403       403     403       403           403
    issued       302    302    403    403      403       403     403       403           403
    foreign      302    302    403    403      403       403     403       403           403
"""
page(
    "tasks:check_product",
    url=_of_part("tasks:check_product", "products"),
    get=PART,
    post=PART.replace("draft        200    200 ", "draft        302+   302+"),
    data=lambda *cell: {"kind": "plan", "name": "Kế hoạch mới", "seen": "9"},
)
page(
    "tasks:check_name",
    url=_of_part("tasks:check_name", "recipients"),
    get=PART,
    post=PART.replace("draft        200    200 ", "draft        302+   302+"),
    data=lambda world, relation, person: {"la": [f"u{world.units['own'].pk}"], "seen": "9"},
)


def _line(world: World, relation: str, person: str) -> str:
    directive = world.objects["directive"]["issued" if relation == "issued" else "draft"]
    line = directive.addressees.first()
    return reverse("tasks:check_line", args=[directive.pk, line.pk if relation != "foreign" else MISSING])


page(
    "tasks:check_line",
    url=_line,
    get=PART,
    post=PART.replace("draft        200    200 ", "draft        302+   302+"),
    data=lambda world, relation, person: {"la": [f"u{world.units['own'].pk}"]},
)
