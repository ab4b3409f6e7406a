"""Word and PDF of the summary report for office and readers; the office's own templates."""

from django.urls import reverse

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former

SEES = "200    200    200    403      403       403     403       403           403"
NEVER = "404    404    404    403      403       403     403       403           403"

# The file is made where it is asked for first, and handing it over is written down.
page(
    "tasks:summary_word",
    of="summary",
    get=f"made {SEES.replace('200 ', '200+')}\nmissing {NEVER}",
    post="made 405\nmissing 405",
    strangers_post="405",
)
# Pressing starts a job; where there is no LibreOffice the page says so instead.
page(
    "tasks:summary_pdf",
    of="summary",
    get=f"made {SEES}\nmissing {NEVER}",
    post=f"made {SEES.replace('200 ', '302+')}\nmissing {NEVER}",
)
OFFICE = "200    200    403    403      403       403     403       403           403"
page("tasks:template_list", get=f"plain {OFFICE}", post=f"plain {OFFICE}".replace("200", "405"))
page(
    "tasks:template",
    url=lambda world, relation, person: reverse("tasks:template", args=["summary"]),
    get=f"plain {OFFICE}",
    post=f"plain {OFFICE}".replace("200", "302"),
    data=lambda *cell: {"do": "reset"},
)
