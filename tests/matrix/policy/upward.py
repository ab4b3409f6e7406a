"""Reports of the office to the bodies above, and what it says of cited documents."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import MISSING, World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

page(
    "tasks:upward_list",
    get="plain        200    200    403    403      403       403     403       403           403",
    post="plain 405",
    strangers_post="405",
)
OF_THE_OFFICE = """
    open         200    200    403    403      403       403     403       403           403
    sent         200    200    403    403      403       403     403       403           403
    draft        200    200    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
"""
WHILE_OPEN = OF_THE_OFFICE.replace("sent         200    200", "sent         403    403")
ONCE_SENT = OF_THE_OFFICE.replace("200    200", "403    403").replace(
    "sent         403    403", "sent         200    200"
)


def _done(table: str) -> str:
    return table.replace("200    200 ", "302+   302+")


page(
    "tasks:upward_detail",
    of="upward",
    get=OF_THE_OFFICE,
    post="open 405\nsent 405\ndraft 405\nmissing 405",
    strangers_post="405",
)
WORDS = {"to_whom": "Ban Tuyên giáo Trung ương", "about": "Kết quả", "due": "20/5/2024"}
page("tasks:upward_edit", of="upward", get=WHILE_OPEN, post=_done(WHILE_OPEN), data=lambda *_: WORDS)
page("tasks:upward_sent", of="upward", get=WHILE_OPEN, post=_done(WHILE_OPEN), data=lambda *_: {"sent_on": "15/4/2024"})
page("tasks:upward_drop", of="upward", get=WHILE_OPEN, post=_done(WHILE_OPEN), data=lambda *_: {"reason": "Đã gộp."})
page("tasks:upward_reopen", of="upward", get=ONCE_SENT, post=_done(ONCE_SENT), data=lambda *_: {"reason": "Ghi nhầm."})
page(
    "tasks:upward_new",
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
    data=lambda *_: WORDS,
)


def _cited(world: World, relation: str, person: str) -> str:
    """A cited document at its own directive; "other" is the draft's at the issued directive."""
    if relation == "missing":
        return reverse("tasks:cited_edit", args=[world.pk("directive", "issued", person), MISSING])
    directive, document = ("issued", "draft") if relation == "other" else (relation, relation)
    pks = [world.pk("directive", directive, person), world.pk("cited", document, person)]
    return reverse("tasks:cited_edit", args=pks)


page(
    "tasks:cited_edit",
    url=_cited,
    get="""
    draft        200    200    403    403      403       403     403       403           403
    issued       200    200    403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    other        404    404    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    post="""
    draft        302+   302+   403    403      403       403     403       403           403
    issued       403    403    403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    other        404    404    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    data=lambda *_: {"number_corrected": "12-CV/TU", "date": "15/02/2024", "issuer": "Tỉnh ủy", "title": "Trích yếu"},
)
