"""The summary report: drafts of a directive for office and readers; the office makes them."""

from django.urls import reverse

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former

SEES = "200    200    200    403      403       403     403       403           403"
NEVER = "404    404    404    403      403       403     403       403           403"

page(
    "tasks:summary_list",
    of="directive",
    get=f"""
    draft        {NEVER}
    issued       {SEES}
    closed       {SEES}
    missing      {NEVER}
    """,
    post=f"""
    draft        {NEVER}
    issued       302+   302+   403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    missing      {NEVER}
    """,
    data=lambda *cell: {"as_of": "", "good": "Kịp thời.", "bad": "", "next": ""},
)
page(
    "tasks:summary",
    of="summary",
    get=f"made {SEES}\nmissing {NEVER}",
    post="made 405\nmissing 405",
    strangers_post="405",
)
page(
    "tasks:summary_trace",
    url=lambda world, relation, person: reverse(
        "tasks:summary_trace", args=[world.pk("summary", relation, person), "total.counted"]
    ),
    get=f"made {SEES}\nmissing {NEVER}",
    post="made 405\nmissing 405",
    strangers_post="405",
)
