"""Signed papers the office waits for: its own list, and the sheet of it."""

from tests.matrix.policy.table import page

OFFICE = "plain        200    200    403    403      403       403     403       403           403"

page("tasks:missing_scans", get=OFFICE, post="plain 405", strangers_post="405")
page("tasks:missing_scans_sheet", get=OFFICE, post="plain 405", strangers_post="405")
