"""Versions of a document's text, and marking a task again."""

from tests.matrix.policy.table import page
from tests.matrix.world import World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

page(
    "tasks:text_versions",
    of="directive",
    get="""
    draft        200    200    404    404      404       404     404       404           404
    issued       200    200    200    200      200       200     200       404           404
    closed       200    200    200    200      200       200     200       404           404
    missing      404
    """,
    post="draft 405\nissued 405\nclosed 405\nmissing 405",
    strangers_post="405",
)


def _corrected(world: World, relation: str, person: str) -> dict:
    """The text with one more sentence."""
    directive = world.objects["directive"].get(relation)
    text = directive.current_text if directive else None
    return {
        "words": f"{text.body if text else ''}\nMột câu thêm.",
        "reason": "Theo bản ký",
        "not_secret": "on",
        "seen": text.version if text else 1,
    }


page(
    "tasks:text_version_new",
    of="directive",
    get="""
    draft        200    200    403    403      403       403     403       403           403
    issued       200    200    403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    post="""
    draft        302+   302+   403    403      403       403     403       403           403
    issued       302+   302+   403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    data=_corrected,
)


def _first_sentence(world: World, relation: str, person: str) -> dict:
    """The sentence that the world's text of a draft offers."""
    task = world.objects["task"].get(relation)
    if task is None:
        return {}
    return {"place": f"3-{task.directive.current_text.body.index(chr(10))}"}


page(
    "tasks:task_mark_again",
    of="task",
    get="""
    draft        200    200    403    403      403       403     403       403           403
    work         403    403    403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    post="""
    draft        302+   302+   403    403      403       403     403       403           403
    work         403    403    403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    data=_first_sentence,
)
