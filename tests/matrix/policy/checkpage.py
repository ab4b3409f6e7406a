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
