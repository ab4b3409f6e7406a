"""Documents, tasks, parts of the work, and what the office decides."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tasks.models import Directive
from tests.matrix.policy.table import page
from tests.matrix.world import MISSING, World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

WHOLE_OFFICE = "plain        200    200    403    403      403       403     403       403           403"
ONLY_GET = "plain        405"

page("home", get="plain        302", post="plain 405", strangers_post="405")
page("tasks:today", get=WHOLE_OFFICE, post=ONLY_GET, strangers_post="405")
page("tasks:assignment_list", get="plain 200", post=ONLY_GET, strangers_post="405", htmx=True)
page("tasks:directive_list", get="plain 200", post=ONLY_GET, strangers_post="405")

# --- one document -----------------------------------------------------------------------------------------------------

page(
    "tasks:directive_detail",
    of="directive",
    get="""
    draft        200    200    404    404      404       404     404       404           404
    issued       200    200    200    200      200       200     200       404           404
    closed       200    200    200    200      200       200     200       404           404
    missing      404
    """,
    post="draft 405\nissued 405\nclosed 405\nmissing 405",
    strangers_post="405",
)
page(
    "tasks:directive_new",
    get=WHOLE_OFFICE,
    post="plain        302+   302+   403    403      403       403     403       403           403",
    data=lambda world, relation, person: {
        "file": SimpleUploadedFile("van-ban.txt", "CÔNG VĂN\nV/v một việc mới\n1. Một nội dung.".encode()),
        "not_secret": "on",
    },
)


def _header(world: World, relation: str, person: str) -> dict:
    words = {"kind": "Công văn", "issuer": "Tỉnh ủy", "title": "Trích yếu mới", "short_title": "Tên mới"}
    return {**words, "report_original": "here"}


OFFICE_OF_DOCUMENTS = """
    draft        200    200    403    403      403       403     403       403           403
    issued       200    200    403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
"""
page(
    "tasks:directive_header",
    of="directive",
    get=OFFICE_OF_DOCUMENTS,
    post="""
    draft        302+   302+   403    403      403       403     403       403           403
    issued       302+   302+   403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    data=_header,
)
page(
    "tasks:directive_rules",
    of="directive",
    get="""
    draft        200    200    403    403      403       403     403       403           403
    issued       200    200    403    403      403       403     403       403           403
    closed       200    200    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    post="""
    draft        302    302    403    403      403       403     403       403           403
    issued       302    302    403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
)
page(
    "tasks:directive_issue",
    of="directive",
    get="""
    draft        200    200    403    403      403       403     403       403           403
    issued       302    302    403    403      403       403     403       403           403
    closed       302    302    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    post="""
    draft        302+   302+   403    403      403       403     403       403           403
    issued       302    302    403    403      403       403     403       403           403
    closed       302    302    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
)


def _sentence(world: World, relation: str, person: str) -> dict:
    """The second line of the text, which no task covers."""
    directive: Directive | None = world.objects["directive"].get(relation)
    body = directive.current_text.body if directive else ""
    return {"start": body.find("\n") + 1, "end": len(body)}


page(
    "tasks:sentence_dismiss",
    of="directive",
    get="draft 405\nissued 405\nclosed 405\nmissing 405",
    post="""
    draft        302+   302+   403    403      403       403     403       403           403
    issued       302+   302+   403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    strangers="405",
    strangers_post="in",
    data=_sentence,
)


def _cited(world: World, relation: str, person: str) -> str:
    """A cited document at its own directive; "other" is the draft's at the issued directive."""
    if relation == "missing":
        return reverse("tasks:cited_file", args=[world.pk("directive", "issued", person), 987_654_321])
    directive, document = ("issued", "draft") if relation == "other" else (relation, relation)
    return reverse(
        "tasks:cited_file", args=[world.pk("directive", directive, person), world.pk("cited", document, person)]
    )


page(
    "tasks:cited_file",
    url=_cited,
    get="draft 405\nissued 405\nclosed 405\nother 405\nmissing 405",
    post="""
    draft        302+   302+   403    403      403       403     403       403           403
    issued       302+   302+   403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    other        404    404    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    strangers="405",
    strangers_post="in",
    data=lambda world, relation, person: {"file": SimpleUploadedFile("vien-dan.txt", "Nội dung viện dẫn.".encode())},
)

# --- one task ---------------------------------------------------------------------------------------------------------

page(
    "tasks:task_detail",
    of="task",
    get="""
    work         200    200    200    200      200       200     200       404           404
    foreign      200    200    200    200      200       200     200       404           404
    closed       200    200    200    200      200       200     200       404           404
    draft        200    200    404    404      404       404     404       404           404
    missing      404
    """,
    post="work 405\nforeign 405\nclosed 405\ndraft 405\nmissing 405",
    strangers_post="405",
)


def _product(world: World, relation: str, person: str) -> str:
    task = world.objects["task"].get(relation)
    product = task.products.order_by("pk").first().pk if task else MISSING
    return reverse("tasks:product_due", args=[task.pk if task else MISSING, product])


# Only while nobody has been given the work.
page(
    "tasks:product_due",
    url=_product,
    get="""
    draft        200    200    403    403      403       403     403       403           403
    work         403
    closed       403
    missing      404    404    403    403      403       403     403       403           403
    """,
    post="""
    draft        302+   302+   403    403      403       403     403       403           403
    work         403
    closed       403
    missing      404    404    403    403      403       403     403       403           403
    """,
    data=lambda world, relation, person: {
        "due_kind": "fixed",
        "due_date": "29/02/2024",
        "due_on_day_off": "keep",
        "due_source": "office",
    },
)
page(
    "tasks:task_coordinating",
    of="task",
    get="""
    work         200    200    403    200      200       403     403       404           404
    foreign      200    200    403    403      403       403     403       404           404
    closed       403    403    403    403      403       403     403       404           404
    draft        403    403    404    404      404       404     404       404           404
    missing      404
    """,
    post="""
    work         302+   302+   403    302+     302+      403     403       404           404
    foreign      302+   302+   403    403      403       403     403       404           404
    closed       403    403    403    403      403       403     403       404           404
    draft        403    403    404    404      404       404     404       404           404
    missing      404
    """,
    data=lambda world, relation, person: {"units": [world.units["watch"].pk]},
)
page(
    "tasks:condition_set",
    of="task",
    get="""
    undecided    200    200    403    403      403       403     403       403           403
    work         403    403    403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    draft        200    200    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    post="""
    undecided    302+   302+   403    403      403       403     403       403           403
    work         403    403    403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    draft        302+   302+   403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
    """,
    data=lambda world, relation, person: {"decide_by": "25/4/2024"},
)
# Readers get this far because the Standing Committee decides what is about the office's own work.
page(
    "tasks:condition_decide",
    of="task",
    get="""
    undecided    200    200    403    403      403       403     403       403           403
    work         403    403    403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    draft        403    403    404    403      403       403     403       403           403
    missing      404    404    404    403      403       403     403       403           403
    """,
    post="""
    undecided    302+   302+   403    403      403       403     403       403           403
    work         403    403    403    403      403       403     403       403           403
    closed       403    403    403    403      403       403     403       403           403
    draft        403    403    404    403      403       403     403       403           403
    missing      404    404    404    403      403       403     403       403           403
    """,
    data=lambda world, relation, person: {"applies": "yes", "reason": "Công văn số 5."},
)

# --- one part of the work ---------------------------------------------------------------------------------------------

SEEN = """
    own          200    200    200    200      200       404     404       404           404
    below        200    200    200    200      200       404     404       404           404
    helper       200    200    200    200      200       404     404       404           404
    watched      200    200    200    404      404       200     404       404           404
    sibling      200    200    200    404      404       404     404       404           404
    foreign      200    200    200    404      404       404     404       404           404
    ended        200    200    200    404      404       404     404       404           404
    missing      404
"""
NO_POST = "own 405\nbelow 405\nhelper 405\nwatched 405\nsibling 405\nforeign 405\nended 405\nmissing 405"
page("tasks:assignment_detail", of="work", get=SEEN, post=NO_POST, strangers_post="405")
page("tasks:assignment_told", of="work", get=SEEN, post=NO_POST, strangers_post="405")
page("tasks:assignment_panel", of="work", get=SEEN, post=NO_POST, strangers_post="405", htmx=True)

# The deputy reports for the foreign unit: nobody decides about the own unit's work.
OFFICE_ACTS = """
    own          200    200    403    403      403       404     404       404           404
    below        200    200    403    403      403       404     404       404           404
    helper       200    200    403    403      403       404     404       404           404
    watched      200    200    403    404      404       403     404       404           404
    sibling      200    200    403    404      404       404     404       404           404
    foreign      200    403    403    404      404       404     404       404           404
    ended        200    200    403    404      404       404     404       404           404
    missing      404
"""
OFFICE_ACTED = """
    own          302+   302+   403    403      403       404     404       404           404
    below        302+   302+   403    403      403       404     404       404           404
    helper       302+   302+   403    403      403       404     404       404           404
    watched      302+   302+   403    404      404       403     404       404           404
    sibling      302+   302+   403    404      404       404     404       404           404
    foreign      302+   403    403    404      404       404     404       404           404
    ended        302+   302+   403    404      404       404     404       404           404
    missing      404
"""
MONITOR_ACTS = OFFICE_ACTS.replace(
    "watched      200    200    403    404      404       403",
    "watched      200    200    403    404      404       200",
)
MONITOR_ACTED = OFFICE_ACTED.replace(
    "watched      302+   302+   403    404      404       403",
    "watched      302+   302+   403    404      404       302+",
)


def _action(verb: str, kind: str, get: str, post: str, *, note: str = "") -> None:
    page(
        f"tasks:assignment_action {verb}{note}",
        url=lambda world, relation, person: reverse(
            "tasks:assignment_action", args=[world.pk(kind, relation, person), verb]
        ),
        get=get,
        post=post,
        data=lambda world, relation, person: {"reason": "Theo ý kiến chỉ đạo.", "message": "Đề nghị khẩn trương."},
    )


_action("keep", "given_back", OFFICE_ACTS, OFFICE_ACTED)
_action("cancel", "work", OFFICE_ACTS, OFFICE_ACTED)
_action("pause", "work", OFFICE_ACTS, OFFICE_ACTED)
_action("resume", "paused", OFFICE_ACTS, OFFICE_ACTED)
_action("not_applicable", "work", OFFICE_ACTS, OFFICE_ACTED)
_action("reopen", "done", OFFICE_ACTS, OFFICE_ACTED)
_action("nudge", "work", MONITOR_ACTS, MONITOR_ACTED)

# Nothing is done to the work of a document that is no longer followed.
CLOSED = """
    own          403    403    403    403      403       404     404       404           404
    foreign      403    403    403    404      404       404     404       404           404
"""
for _verb in ("keep", "cancel", "pause", "resume", "not_applicable", "reopen", "nudge"):
    _action(_verb, "closed work", CLOSED, CLOSED, note=" closed")

# --- decisions --------------------------------------------------------------------------------------------------------

page(
    "tasks:extension_decide",
    of="extension",
    get="""
    own          200    200    403    403      403       403     403       403           403
    below        200    200    403    403      403       403     403       403           403
    helper       200    200    403    403      403       403     403       403           403
    watched      200    200    403    403      403       403     403       403           403
    sibling      200    200    403    403      403       403     403       403           403
    foreign      200    403    403    403      403       403     403       403           403
    ended        200    200    403    403      403       403     403       403           403
    missing      404    404    404    403      403       403     403       403           403
    """,
    post="""
    own          302+   302+   403    403      403       403     403       403           403
    below        302+   302+   403    403      403       403     403       403           403
    helper       302+   302+   403    403      403       403     403       403           403
    watched      302+   302+   403    403      403       403     403       403           403
    sibling      302+   302+   403    403      403       403     403       403           403
    foreign      302+   403    403    403      403       403     403       403           403
    ended        302+   302+   403    403      403       403     403       403           403
    missing      404    404    404    403      403       403     403       403           403
    """,
    data=lambda world, relation, person: {"decision": "approve"},
)


def _section(world: World, relation: str, person: str) -> dict:
    section = world.objects["section sent"].get(relation)
    pk = section.pk if section else 987_654_321
    return {"decision": "accept", "section": pk, "seen": f"{pk}-1"}


# The reviewing unit accepts lead work, the lead its contributions, nobody the own unit's.
REVIEWED = """
    own          302+   302+   403    403      403       404     404       404           404
    below        302+   302+   403    403      403       404     404       404           404
    helper       403    403    403    302+     302+      404     404       404           404
    watched      302+   302+   403    404      404       403     404       404           404
    sibling      302+   302+   403    404      404       404     404       404           404
    foreign      302+   403    403    404      404       404     404       404           404
    ended        302+   302+   403    404      404       404     404       404           404
    missing      404
"""
page("tasks:report_review", of="report sent", get=SEEN, post=REVIEWED, data=_section)


def _all_that_stood_on_the_page(world: World, relation: str, person: str) -> dict:
    report = world.objects["report sent"].get(relation)
    pks = report.sections.values_list("pk", flat=True) if report else []
    return {"decision": "accept_all", "seen": [f"{pk}-1" for pk in pks]}


page(
    "tasks:report_review all",
    of="report sent",
    get=SEEN,
    # Of the helper's report the office accepts the other section, which is lead work; the lead its contribution.
    post=REVIEWED.replace("helper       403    403", "helper       302+   302+"),
    data=_all_that_stood_on_the_page,
)
page(
    "tasks:report_review draft",
    of="report draft",
    get="own 404\nbelow 404\nwatched 404\nsibling 404\nforeign 404\nended 404\nmissing 404",
    post="own 404\nbelow 404\nwatched 404\nsibling 404\nforeign 404\nended 404\nmissing 404",
    data=lambda world, relation, person: {"decision": "accept_all"},
)
# A section of another report is not accepted through the address of one that may be read.
page(
    "tasks:report_review mixed",
    of="report sent",
    get=SEEN,
    post="""
    own          404    404    404    404      404       404     404       404           404
    below        404    404    404    404      404       404     404       404           404
    helper       404    404    404    404      404       404     404       404           404
    watched      404    404    404    404      404       404     404       404           404
    missing      404
    """,
    data=lambda world, relation, person: {"decision": "accept", "section": world.objects["section sent"]["foreign"].pk},
)
