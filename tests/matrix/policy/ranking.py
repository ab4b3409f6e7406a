"""Rankings of units: the office's, then each unit's own place, then the readers'."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import MISSING, World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

page(
    "tasks:ranking_list",
    get="plain        200    200    200    200      200       200     403       403           403",
    post="plain 405",
    strangers_post="405",
)
page(
    "tasks:ranking_new",
    get="plain        200    200    403    403      403       403     403       403           403",
    post="plain       302+   302+   403    403      403       403     403       403           403",
    data=lambda *cell: {"scope": "tat-ca", "day": "hom-qua", "minimum": "1"},
)
page(
    "tasks:ranking_new empty",
    get="plain        200    200    403    403      403       403     403       403           403",
    post="plain       422    422    403    403      403       403     403       403           403",
)
page(
    "tasks:ranking",
    of="ranking",
    get="""
    internal     200    200    404    404      404       404     403       403           403
    shown        200    200    404    302      302       404     403       403           403
    released     200    200    200    302      302       404     403       403           403
    withdrawn    200    200    404    404      404       404     403       403           403
    missing      404    404    404    404      404       404     403       403           403
    """,
    post="internal 405\nshown 405\nreleased 405\nwithdrawn 405\nmissing 405",
    strangers_post="405",
)

ONLY_POST = "internal 405\nfresh 405\nshown 405\nreleased 405\nwithdrawn 405\nmissing 405"

page(
    "tasks:ranking_show",
    of="ranking",
    get=ONLY_POST,
    strangers="405",
    strangers_post="in",
    post="""
    internal     302+   302+   404    404      404       404     404       404           404
    fresh        403    403    404    403      403       404     404       404           404
    shown        403    403    404    403      403       404     404       404           404
    released     403    403    403    403      403       404     404       404           404
    withdrawn    403    403    404    404      404       404     404       404           404
    missing      404    404    404    404      404       404     404       404           404
    """,
)
# One that was shown today is refused in words until its day has come.
page(
    "tasks:ranking_release",
    of="ranking",
    get=ONLY_POST,
    strangers="405",
    strangers_post="in",
    post="""
    internal     403    403    404    404      404       404     404       404           404
    fresh        302    302    404    403      403       404     404       404           404
    shown        302+   302+   404    403      403       404     404       404           404
    released     403    403    403    403      403       404     404       404           404
    withdrawn    403    403    404    404      404       404     404       404           404
    missing      404    404    404    404      404       404     404       404           404
    """,
)
page(
    "tasks:ranking_withdraw",
    of="ranking",
    get=ONLY_POST,
    strangers="405",
    strangers_post="in",
    data=lambda *cell: {"reason": "Số liệu chưa đúng"},
    post="""
    internal     302+   302+   404    404      404       404     404       404           404
    fresh        302+   302+   404    403      403       404     404       404           404
    shown        302+   302+   404    403      403       404     404       404           404
    released     302+   302+   403    403      403       404     404       404           404
    withdrawn    403    403    404    404      404       404     404       404           404
    missing      404    404    404    404      404       404     404       404           404
    """,
)
page(
    "tasks:ranking_withdraw empty",
    of="ranking",
    get="shown 405",
    strangers="405",
    strangers_post="in",
    post="shown       422    422    404    403      403       404     404       404           404",
)


def place(name: str, unit: str):
    """The address of that unit's place."""

    def address(world: World, relation: str, person: str) -> str:
        of = MISSING if unit == "missing" else world.units[unit].pk
        return reverse(f"tasks:{name}", args=[world.pk("ranking", relation, person), of])

    return address


POST_NOT = "internal 405\nshown 405\nreleased 405\nwithdrawn 405"
page(
    "tasks:ranking_unit own",
    url=place("ranking_unit", "own"),
    get="""
    internal     200    200    404    404      404       404     403       403           403
    shown        200    200    404    200      200       404     403       403           403
    released     200    200    200    200      200       404     403       403           403
    withdrawn    200    200    404    404      404       404     403       403           403
    """,
    post=POST_NOT,
    strangers_post="405",
)
for other in ("sibling", "below"):
    page(
        f"tasks:ranking_unit {other}",
        url=place("ranking_unit", other),
        get="""
        internal     200    200    404    404      404       404     403       403           403
        shown        200    200    404    404      404       404     403       403           403
        released     200    200    200    404      404       404     403       403           403
        withdrawn    200    200    404    404      404       404     403       403           403
        """,
        post=POST_NOT,
        strangers_post="405",
    )
for absent in ("watched", "missing"):
    page(
        f"tasks:ranking_unit {absent}",
        url=place("ranking_unit", absent),
        get="""
        shown        404    404    404    404      404       404     403       403           403
        released     404    404    404    404      404       404     403       403           403
        """,
        post="shown 405\nreleased 405",
        strangers_post="405",
    )


def words(*cell) -> dict[str, str]:
    """What is said."""
    return {"text": "Việc 1a.2 đã gửi đúng hạn."}


GET_NOT = "internal 405\nfresh 405\nshown 405\nreleased 405\nwithdrawn 405"
page(
    "tasks:ranking_answer own",
    url=place("ranking_answer", "own"),
    get=GET_NOT,
    strangers="405",
    strangers_post="in",
    data=words,
    post="""
    internal     403    403    404    404      404       404     404       404           404
    fresh        403    403    404    302+     302+      404     404       404           404
    shown        403    403    404    302+     302+      404     404       404           404
    released     403    403    403    403      403       404     404       404           404
    withdrawn    403    403    404    404      404       404     404       404           404
    """,
)
page(
    "tasks:ranking_answer sibling",
    url=place("ranking_answer", "sibling"),
    get="shown 405",
    strangers="405",
    strangers_post="in",
    data=words,
    post="shown       403    403    404    404      404       404     404       404           404",
)
page(
    "tasks:ranking_reply own",
    url=place("ranking_reply", "own"),
    get=GET_NOT,
    strangers="405",
    strangers_post="in",
    data=words,
    post="""
    internal     403    403    404    404      404       404     404       404           404
    fresh        302+   302+   404    403      403       404     404       404           404
    shown        302+   302+   404    403      403       404     404       404           404
    released     403    403    403    403      403       404     404       404           404
    withdrawn    403    403    404    404      404       404     404       404           404
    """,
)
# The deputy stands in for the office and works for the foreign unit: nobody replies to the own unit.
page(
    "tasks:ranking_reply foreign",
    url=place("ranking_reply", "foreign"),
    get="shown 405",
    strangers="405",
    strangers_post="in",
    data=words,
    post="shown       302+   403    404    404      404       404     404       404           404",
)
