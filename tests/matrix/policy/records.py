"""Stored files, jobs, notices, mails, and the small pages of the project itself."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import MISSING, World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

# Whoever opens a file stands in the log.
FILES = """
    text_draft               200+   200+   404    404      404       404     404       404           404
    text_issued              200+   200+   200+   200+     200+      200+    200+      404           404
    text_closed              200+   200+   200+   200+     200+      200+    200+      404           404
    cited_draft              200+   200+   404    404      404       404     404       404           404
    cited_issued             200+   200+   200+   200+     200+      200+    200+      404           404
    cited_closed             200+   200+   200+   200+     200+      200+    200+      404           404
    cited_before             200+   200+   200+   200+     200+      200+    200+      404           404
    upward                   200+   200+   404    404      404       404     404       404           404
    upward_before            200+   200+   404    404      404       404     404       404           404
    product_work_own         200+   200+   200+   200+     200+      404     404       404           404
    product_work_below       200+   200+   200+   200+     200+      404     404       404           404
    product_work_helper      200+   200+   200+   200+     200+      404     404       404           404
    product_work_watched     200+   200+   200+   404      404       200+    404       404           404
    product_work_sibling     200+   200+   200+   404      404       404     404       404           404
    product_work_foreign     200+   200+   200+   404      404       404     404       404           404
    product_work_ended       200+   200+   200+   404      404       404     404       404           404
    sent_own                 200+   200+   200+   200+     200+      404     404       404           404
    sent_below               200+   200+   200+   200+     200+      404     404       404           404
    sent_helper              200+   200+   200+   200+     200+      404     404       404           404
    sent_watched             200+   200+   200+   404      404       200+    404       404           404
    sent_sibling             200+   200+   200+   404      404       404     404       404           404
    sent_foreign             200+   200+   200+   404      404       404     404       404           404
    sent_ended               200+   200+   200+   404      404       404     404       404           404
    other_section_helper     200+   200+   200+   404      404       404     404       404           404
    other_section_watched    200+   200+   200+   404      404       404     404       404           404
    letter_made_own          200+   200+   404    404      404       404     404       404           404
    letter_made_foreign      200+   200+   404    404      404       404     404       404           404
    letter_sent_own          200+   200+   200+   200+     200+      404     404       404           404
    letter_sent_below        200+   200+   200+   200+     200+      404     404       404           404
    letter_sent_sibling      200+   200+   200+   404      404       404     404       404           404
    letter_sent_ended        200+   200+   200+   404      404       404     404       404           404
    summary                  200+   200+   200+   404      404       404     404       404           404
    draft_own                404    404    404    200+     200+      404     404       404           404
    draft_below              404
    draft_helper             404
    draft_watched            404
    draft_sibling            404
    draft_foreign            404
    draft_ended              404
    draft_paper_own          404    404    404    200+     200+      404     404       404           404
    draft_signed_own         404    404    404    200+     200+      404     404       404           404
    draft_paper_foreign      404
    draft_signed_foreign     404
    activity_own             200+   200+   200+   200+     200+      404     404       404           404
    activity_below           200+   200+   200+   200+     200+      404     404       404           404
    activity_watched         200+   200+   200+   404      404       200+    404       404           404
    activity_foreign         200+   200+   200+   404      404       404     404       404           404
    activity_helper          200+   200+   200+   200+     200+      404     404       404           404
    finding_open_own         200+   200+   200+   200+     200+      404     404       404           404
    finding_open_below       200+   200+   200+   200+     200+      404     404       404           404
    finding_open_watched     200+   200+   200+   404      404       200+    404       404           404
    finding_open_foreign     200+   200+   200+   404      404       404     404       404           404
    finding_open_helper      200+   200+   200+   404      404       404     404       404           404
    answer_own               200+   200+   200+   200+     200+      404     404       404           404
    answer_below             200+   200+   200+   200+     200+      404     404       404           404
    answer_watched           200+   200+   200+   404      404       200+    404       404           404
    answer_foreign           200+   200+   200+   404      404       404     404       404           404
    answer_helper            200+   200+   200+   404      404       404     404       404           404
    finding_draft_office     200+   200+   404    404      404       404     404       404           404
    finding_draft_watch      404    404    404    404      404       200+    404       404           404
    removed_own              404
    removed_foreign          404
    orphan                   404
    result_foreign           404
    missing                  404
"""


def _file(world: World, relation: str, person: str) -> str:
    found = world.objects["file"].get(relation)
    return reverse("records:file", args=[found.pk if found else MISSING])


NO_POST = "own 405\nforeign 405\nmissing 405"
page("records:file", url=_file, get=FILES, post="text_issued 405\nmissing 405", strangers_post="405")
page("records:file result", of="result", get="own 200+", post="own 405", strangers_post="405")
page("records:job", of="job", get="own 200\nforeign 404\nmissing 404", post=NO_POST, strangers_post="405", htmx=True)
page(
    "records:job_cancel",
    of="job",
    get=NO_POST,
    # The jobs of this world are done: there is nothing left to cancel.
    post="own 302\nforeign 404\nmissing 404",
    strangers="405",
    strangers_post="in",
)

# --- notices and mails --------------------------------------------------------------------------------------------------

page("notifications:inbox", get="plain 200", post="plain 405", strangers_post="in")
page("notifications:mark_all_read", get="plain 405", post="plain 302+")
page("notifications:mark_read", of="notice", get=NO_POST, post="own 302+\nforeign 404\nmissing 404")
page("notifications:open", of="notice", get=NO_POST, post="own 302+\nforeign 404\nmissing 404")
page(
    "notifications:message_detail",
    of="mail",
    get="""
    own          200
    foreign      200    200    404    404      404       404     404       404           404
    missing      404
    """,
    post=NO_POST,
)
page(
    "notifications:resend",
    of="mail",
    get=NO_POST,
    # One's own mail is sent already; the stranger's was given up.
    post="""
    own          302    302    403    403      403       403     403       403           403
    foreign      302+   302+   403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
)
page("notifications:ledger", get="plain 200 200 403 403 403 403 403 403 403", post="plain 405")
page(
    "notifications:rules",
    get="plain 200 200 403 403 403 403 403 403 403",
    post="plain 302 302 403 403 403 403 403 403 403",
)
page("notifications:addresses", get="plain 200", post="plain 405")
page(
    "notifications:address",
    of="unit address",
    # The office and administrators see every unit's; everybody else those of the units they work for.
    get="""
    own          200    200    404    200      200       404     404       200           404
    foreign      200    200    404    404      404       404     404       200           404
    missing      404
    """,
    post=NO_POST,
)
page(
    "notifications:try_out",
    of="unit address",
    get=NO_POST,
    # The own one is a mailbox, to which nothing is tried out; the stranger's lies inside the network, which is logged.
    post="""
    own          302    302    404    302      302       404     404       302           404
    foreign      302+   302+   404    404      404       404     404       302+          404
    missing      404
    """,
)
page(
    "notifications:send_again",
    of="unit address",
    get=NO_POST,
    # Nothing was given up.
    post="""
    own          302    302    404    403      403       404     404       302           404
    foreign      302    302    404    404      404       404     404       302           404
    missing      404
    """,
)
page("notifications:next_mails", get="plain 200 200 403 403 403 403 403 403 403", post="plain 405")
page("notifications:hold", get="plain 405", post="plain 302 302 403 403 403 403 403 403 403")
page("notifications:hold_all", get="plain 405", post="plain 302 302 403 403 403 403 403 403 403")
page("notifications:release_all", get="plain 405", post="plain 302 302 403 403 403 403 403 403 403")

# --- the project itself -------------------------------------------------------------------------------------------------

page("parts_gallery", get="plain 200", post="plain 405", strangers="200", strangers_post="405", htmx=True)
page("demo_tour", get="plain 404", post="plain 404", strangers="404", other="404")
page("demo_next_day", get="plain 404", post="plain 404", strangers="404", other="404")
page("healthz", get="plain 200", post="plain 405", strangers="200", strangers_post="405")
# Without METRICS_TOKEN there is no such page; with one, tests/directive_tracker/test_metrics.py.
page("metrics", get="plain 404", post="plain 405", strangers="404", strangers_post="405")
page("readyz", get="plain 200", post="plain 405", strangers="200", strangers_post="405")

# --- the log: everybody the own acts, the rest by topic ----------------------------------------------------------------------

page("records:log", get="plain 200", post="plain 405")

# --- files that come in parts ---------------------------------------------------------------------------------------------

EVERYBODY_POSTS = "200+   200+   200+   200+     200+      200+    200+      200+          200+"
page(
    "records:partial_begin",
    get="plain 405",
    strangers="405",
    strangers_post="in",
    post=f"plain        {EVERYBODY_POSTS}",
    data=lambda world, relation, person: {"name": "anh.jpg", "size": "100", "mark": "1"},
)
page(
    "records:partial_part",
    of="partial upload",
    get="own          404    404    404    200      404       404     404       404           404\nmissing 404",
    post="own          404    404    404    409      404       404     404       404           404\nmissing 404",
)
page(
    "records:thumbnail",
    url=lambda world, relation, person: reverse(
        "records:thumbnail", args=[world.objects["file"]["photo own"].pk if relation == "photo own" else MISSING]
    ),
    get="photo_own    404    404    404    200      200       404     404       404           404\nmissing 404",
    post="photo_own 405\nmissing 405",
    strangers_post="405",
)
