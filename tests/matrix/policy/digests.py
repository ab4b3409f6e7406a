"""The Standing Committee's digests: frozen figures of the whole."""

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former

SEES = "200    200    200    403      403       403     403       403           403"

page("tasks:digest_list", get=f"plain        {SEES}", post="plain 405", strangers_post="405")
page(
    "tasks:digest",
    of="digest",
    get=f"""
    made         {SEES}
    missing      404    404    404    403      403       403     403       403           403
    """,
    post="made 405\nmissing 405",
    strangers_post="405",
)
page(
    "tasks:digest_new",
    get="plain 405",
    post="plain        302+   302+   403    403      403       403     403       403           403",
    data=lambda *cell: {"send": "on"},
    strangers="405",
    strangers_post="in",
)
