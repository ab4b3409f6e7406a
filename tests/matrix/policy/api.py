"""Keys for other programs, and what the interface answers to a browser: nothing, whoever is signed in (who comes with a key:
tests/api/test_matrix.py)."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import MISSING

# relation     office deputy reader reporter unit_head monitor registrar administrator former

# --- keys -----------------------------------------------------------------------------------------------------------------

# Nobody has a key in another person's name: the deputy is acting for the office.
page(
    "units:tokens",
    get="plain        200    403    200    200      200       200     403       403           403",
    post="plain        422    403    422    422      422       422     403       403           403",
)
page(
    "units:token_revoke",
    of="api token",
    get="own 405\nunit 405\nforeign 405\nmissing 405",
    post="""
    own          302+   403    302+   302+     302+      302+    404       404           404
    unit         404    403    404    302+     302+      404     404       302+          404
    foreign      404    403    404    404      404       404     404       302+          404
    missing      404    403    404    404      404       404     404       404           404
    """,
)
page(
    "units:token_take_over",
    of="api token",
    get="own 405\nunit 405\nforeign 405\nmissing 405",
    # A person's own is held by that person for ever; the unit's by whoever works for it.
    post="""
    own          302    403    302    302      302       302     403       403           403
    unit         404    403    404    302+     302+      404     403       403           403
    foreign      404    403    404    404      404       404     403       403           403
    missing      404    403    404    404      404       404     403       403           403
    """,
)

# --- the interface, without a key -------------------------------------------------------------------------------------------

page("api_docs", get="plain 200", post="plain 405", strangers="200", strangers_post="405")
page("api:openapi-json", get="plain 200", post="plain 200", strangers="200", other="GET")
page("api:api-root", get="plain 404", post="plain 404", strangers="404", other="GET")

page("api:reports", get="plain 401", post="plain 401", strangers="401")
page("api:hand_in_file", get="plain 405", post="plain 401", strangers="405", strangers_post="401")
for _name in ("acknowledge_assignment", "attach_signed"):
    page(
        f"api:{_name}",
        url=lambda world, relation, person, name=_name: reverse(f"api:{name}", args=[MISSING]),
        get="missing 405",
        post="missing 401",
        strangers="405",
        strangers_post="401",
    )
for _name in ("me", "directives", "tasks", "units", "assignments", "values"):
    page(f"api:{_name}", get="plain 401", post="plain 405", strangers="401", strangers_post="405")
for _name in ("directive", "task", "unit", "assignment", "report", "directive_tallies"):
    page(
        f"api:{_name}",
        url=lambda world, relation, person, name=_name: reverse(f"api:{name}", args=[MISSING]),
        get="missing 401",
        post="missing 405",
        strangers="401",
        strangers_post="405",
    )
