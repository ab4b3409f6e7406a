"""Figures: sums, doubles, what is asked for, periods."""

from django.urls import reverse

from tests.matrix.policy.figures import FIGURES, NO_POST
from tests.matrix.policy.office import OFFICE_OF_DOCUMENTS
from tests.matrix.policy.table import page
from tests.matrix.world import World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

page("tasks:directive_figures", of="directive", get=FIGURES, post=NO_POST, strangers_post="405")
page("tasks:indicator_detail", of="indicator", get=FIGURES, post=NO_POST, strangers_post="405")
page(
    "tasks:figure_doubts",
    of="directive",
    get="""
    issued       200    200    200    403      403       403     403       403           403
    closed       200    200    200    403      403       403     403       403           403
    draft        404    404    404    403      403       403     403       403           403
    missing      404    404    404    403      403       403     403       403           403
    """,
    post=NO_POST,
    strangers_post="405",
)

# Who acts for the office but reports for the foreign unit decides nothing about that one.
DECIDES = """
    own          200    200    403    403      403       404     403       403           403
    below        200    200    403    403      403       404     403       403           403
    helper       200    200    403    403      403       404     403       403           403
    watched      200    200    403    404      404       403     403       403           403
    sibling      200    200    403    404      404       404     403       403           403
    foreign      200    403    403    404      404       404     403       403           403
    ended        200    200    403    404      404       404     403       403           403
    missing      404    404    404    404      404       404     403       403           403
"""
DECIDED = DECIDES.replace("200 ", "302+")
page(
    "tasks:figure_leave_out",
    of="figure",
    get=DECIDES,
    post=DECIDED,
    data=lambda world, relation, person: {"reason": "Đã báo cáo ở kỳ trước."},
)


def _both(world: World, relation: str, person: str) -> str:
    return reverse(
        "tasks:figures_keep_both",
        args=[world.pk("figure", relation, person), world.pk("figure later", relation, person)],
    )


page(
    "tasks:figures_keep_both",
    url=_both,
    get=DECIDES,
    post=DECIDED,
    data=lambda world, relation, person: {"reason": "Cả hai số đều đúng."},
)


def _one_right(world: World, relation: str, person: str) -> str:
    """The second figure is another unit's."""
    return reverse(
        "tasks:figures_keep_both",
        args=[world.pk("figure", relation, person), world.objects["figure later"]["foreign"].pk],
    )


# What may be known of one is not learnt of the other.
page(
    "tasks:figures_keep_both other",
    url=_one_right,
    get="""
    own          200    403    403    403      403       404     403       403           403
    foreign      200    403    403    404      404       404     403       403           403
    """,
    post="""
    own          302+   403    403    403      403       404     403       403           403
    foreign      302+   403    403    404      404       404     403       403           403
    """,
    data=lambda world, relation, person: {"reason": "Cả hai số đều đúng."},
)

RULES = {
    "name": "Chỉ tiêu mới",
    "measure": "lượt",
    "mode": "in_period",
    "over_periods": "largest",
    "over_units": "sum",
    "target": "40",
}
SET_BY_OFFICE = """
    draft        302+   302+   403    403      403       403     403       403           403
    issued       302+   302+   403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
"""
page(
    "tasks:indicator_rules",
    of="indicator",
    get=OFFICE_OF_DOCUMENTS,
    post=SET_BY_OFFICE,
    data=lambda world, relation, person: RULES,
)
page(
    "tasks:indicator_new",
    of="task",
    get=OFFICE_OF_DOCUMENTS.replace("issued ", "work   "),
    post=SET_BY_OFFICE.replace("issued ", "work   "),
    data=lambda world, relation, person: RULES,
)
page(
    "tasks:indicator_targets",
    of="indicator",
    get=OFFICE_OF_DOCUMENTS,
    # Nobody leads a draft's task yet, so there is nothing to write.
    post=SET_BY_OFFICE.replace("draft        302+   302+", "draft        302    302 "),
    data=lambda world, relation, person: {f"u{world.units['own'].pk}": "40"},
)

LAYOUT = {
    "kind": "monthly",
    "first": "01/6/2024",
    "last": "01/6/2024",
    "cutoff_day": "14",
    "opened_before": "7",
    "sent_after": "2",
}
page(
    "tasks:period_list",
    of="directive",
    get=OFFICE_OF_DOCUMENTS.replace("closed       403    403", "closed       200    200"),
    post=SET_BY_OFFICE,
    data=lambda world, relation, person: LAYOUT,
)
page(
    "tasks:period_edit",
    of="period",
    get=OFFICE_OF_DOCUMENTS,
    post=SET_BY_OFFICE,
    data=lambda world, relation, person: {
        "name": "Kỳ mới",
        "opens_on": "20/5/2024",
        "cutoff_on": "25/5/2024",
        "due_on": "27/5/2024",
    },
)
page(
    "tasks:period_edit remove",
    of="period",
    get=OFFICE_OF_DOCUMENTS,
    post=SET_BY_OFFICE,
    data=lambda world, relation, person: {"do": "remove"},
)
