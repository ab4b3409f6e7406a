"""The overview: wall screen, year, fragments."""

from django.urls import reverse

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former

page(
    "tasks:overview_wall",
    of="directive",
    get="""
    issued       200    200    200    403      403       403     403       403           403
    closed       200    200    200    403      403       403     403       403           403
    draft        404    404    404    403      403       403     403       403           403
    missing      404    404    404    403      403       403     403       403           403
    """,
    post="issued 405\nclosed 405\ndraft 405\nmissing 405",
    # Nobody stands before a wall: words that the session has ended, where other pages show the sign-in form.
    strangers="403",
    strangers_post="405",
    htmx=True,
)
page(
    "tasks:overview_year",
    url=lambda *cell: reverse("tasks:overview_year", args=[2024]),
    get="plain       200    200    200    403      403       403     403       403           403",
    post="plain 405",
    strangers_post="405",
)
