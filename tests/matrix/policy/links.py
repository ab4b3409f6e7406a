"""Mailed links to a unit's report: whoever holds one may use it, signed in as whom ever; nobody reads more by it.

Everything that stands behind these links is without canaries: any that is heard there is of something else.
"""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import World

NAME = {"name": "Trần Văn Bình", "position": "Phó Chánh Văn phòng"}


def _token(world: World, relation: str) -> str:
    return world.tokens.get(relation, "1-aaaaa-aaaaa-aaaaa-aaaaa")


# relation, what looking answers, what opening the report by POST answers
_LINKS = (
    ("open", "200", "302+"),
    ("begun", "200", "302"),
    ("colleague", "200", "302+"),
    ("revoked", "410", "410"),
    ("expired", "410", "410"),
    # Whose membership is over, and whose account is switched off.
    ("left", "410", "410"),
    ("inactive", "410", "410"),
    ("unwanted", "410", "410"),
    ("forged", "404", "404"),
)
for _relation, _get, _post in _LINKS:
    page(
        f"tasks:report_link {_relation}",
        url=lambda world, relation, person: reverse("tasks:report_link", args=[_token(world, relation)]),
        get=f"{_relation} {_get}",
        post=f"{_relation} {_post}",
        strangers=_get,
        strangers_post=_post,
        data=lambda *cell: {"do": "open", **NAME},
    )
page(
    "tasks:report_link unnamed",
    url=lambda world, relation, person: reverse("tasks:report_link", args=[_token(world, relation)]),
    get="open 200",
    post="open 422",
    strangers="200",
    strangers_post="422",
    data=lambda *cell: {"do": "open", "name": "", "position": ""},
)


def _form(world: World, relation: str, person: str) -> str:
    """The form of the link's own report, or another unit's under the same link."""
    kind = ("report draft", "own") if relation == "another" else ("linked report", "begun")
    return reverse("tasks:report_link_form", args=[_token(world, "begun"), world.pk(*kind, person)])


# Without a name nothing is shown and nothing done.
page(
    "tasks:report_link_form",
    url=_form,
    get="own 302",
    post="own 422",
    strangers="302",
    strangers_post="422",
)
page(
    "tasks:report_link_form another",
    url=_form,
    get="another 404",
    post="another 404",
    strangers="404",
)


def _file(world: World, relation: str, person: str) -> str:
    place = {"own": "linked", "another": "draft own", "sent": "sent own"}[relation]
    return reverse("tasks:report_link_file", args=[_token(world, "begun"), world.pk("file", place, person)])


page(
    "tasks:report_link_file",
    url=_file,
    get="own 200+",
    post="own 405",
    strangers="200+",
    strangers_post="405",
)
page(
    "tasks:report_link_file another",
    url=_file,
    get="another 404\nsent 404",
    post="another 405\nsent 405",
    strangers="404",
    strangers_post="405",
)

# --- the list, and taking back ----------------------------------------------------------------------------------------

# relation     office deputy reader reporter unit_head monitor registrar administrator former

page(
    "tasks:report_links",
    get="plain        200    200    403    200      200       200     403       403           403",
    post="plain 405",
    strangers_post="405",
)
page(
    "tasks:report_link_revoke",
    of="report link",
    get="own 405\nforeign 405\nmissing 405",
    post="""
    own          302+   302+   404    302+     302+      404     404       404           404
    foreign      302+   302+   404    404      404       404     404       404           404
    missing      404
    """,
    strangers="405",
    strangers_post="in",
)
