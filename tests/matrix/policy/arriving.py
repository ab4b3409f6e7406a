"""Documents on their way in: the office's own business."""

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former

OFFICE = "200    200    403    403      403       403     403       403           403"
DOES = "302+   302+   403    403      403       403     403       403           403"
TOLD = "302    302    403    403      403       403     403       403           403"
UNKNOWN = "404    404    403    403      403       403     403       403           403"
POST_ONLY = "waiting 405\nignored 405\nrefused 405\nrecorded 405\nmissing 405"

page("tasks:incoming_list", get=f"plain        {OFFICE}", post="plain 405", strangers_post="405")
# Nothing is watched here, so that the file is nowhere to be found: said, and nothing changes.
page(
    "tasks:incoming_record",
    of="incoming",
    get=POST_ONLY,
    post=f"waiting {TOLD}\nignored {TOLD}\nrefused {TOLD}\nrecorded {TOLD}\nmissing {UNKNOWN}",
    strangers="405",
    strangers_post="in",
)
page(
    "tasks:incoming_ignore",
    of="incoming",
    get=POST_ONLY,
    post=f"waiting {DOES}\nignored {TOLD}\nrefused {TOLD}\nrecorded {TOLD}\nmissing {UNKNOWN}",
    strangers="405",
    strangers_post="in",
)
page(
    "tasks:incoming_bring_back",
    of="incoming",
    get=POST_ONLY,
    post=f"waiting {TOLD}\nignored {DOES}\nrefused {TOLD}\nrecorded {TOLD}\nmissing {UNKNOWN}",
    strangers="405",
    strangers_post="in",
)
page(
    "tasks:scan",
    of="scanned",
    get=f"reading {OFFICE}\nended {OFFICE}\nmissing {UNKNOWN}",
    post="reading 405\nended 405\nmissing 405",
    strangers_post="405",
    htmx=True,
)
page(
    "tasks:scan_stop",
    of="scanned",
    get="reading 405\nended 405\nmissing 405",
    post=f"reading {DOES}\nended {TOLD}\nmissing {UNKNOWN}",
    strangers="405",
    strangers_post="in",
)
