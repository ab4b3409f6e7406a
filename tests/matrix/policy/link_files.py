"""Files in parts through a mailed link: only from whoever has typed a name on that browser, which nobody here has."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import World

MISSING = 987_654_321


def _token(world: World, relation: str) -> str:
    return world.tokens.get("begun" if relation == "another" else relation, "1-aaaaa-aaaaa-aaaaa-aaaaa")


# relation, what the announcement of a file, its next part and its end answer
_LINKS = (
    ("begun", "403"),
    ("revoked", "410"),
    ("expired", "410"),
    ("left", "410"),
    ("inactive", "410"),
    ("forged", "404"),
)
for _relation, _answer in _LINKS:
    page(
        f"tasks:report_link_parts {_relation}",
        url=lambda world, relation, person: reverse("tasks:report_link_parts", args=[_token(world, relation)]),
        get=f"{_relation} 405",
        post=f"{_relation} {_answer}",
        strangers="405",
        strangers_post=_answer,
        data=lambda *cell: {"name": "anh.jpg", "size": "100", "mark": "1"},
    )
    page(
        f"tasks:report_link_part {_relation}",
        url=lambda world, relation, person: reverse("tasks:report_link_part", args=[_token(world, relation), MISSING]),
        get=f"{_relation} {_answer}",
        post=f"{_relation} {_answer}",
        strangers=_answer,
        strangers_post=_answer,
    )
    page(
        f"tasks:report_link_attach {_relation}",
        url=lambda world, relation, person: reverse(
            "tasks:report_link_attach", args=[_token(world, relation), world.pk("linked report", "begun", person)]
        ),
        get=f"{_relation} 405",
        post=f"{_relation} {_answer}",
        strangers="405",
        strangers_post=_answer,
        data=lambda *cell: {"upload": "1", "section": "1", "checksum": "0"},
    )
