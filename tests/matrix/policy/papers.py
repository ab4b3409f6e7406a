"""Signed papers the office waits for: its own list, and the sheet of it."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import MISSING

OFFICE = "plain        200    200    403    403      403       403     403       403           403"

page("tasks:missing_scans", get=OFFICE, post="plain 405", strangers_post="405")
# With nothing chosen one is led back to the list.
page(
    "tasks:missing_scans_remind",
    get="plain        302    302    403    403      403       403     403       403           403",
    post="plain        302    302    403    403      403       403     403       403           403",
)
page(
    "tasks:missing_scans_remind chosen",
    url=lambda world, relation, person: f"{reverse('tasks:missing_scans_remind')}?bao-cao={MISSING}",
    data=lambda world, relation, person: {"bao-cao": MISSING},
    get="missing      404    404    403    403      403       403     403       403           403",
    post="missing      404    404    403    403      403       403     403       403           403",
)
