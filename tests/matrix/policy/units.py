"""Deputies, the import of units and people, the first run: what the units room and the project add."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.matrix.policy.table import page
from tests.matrix.world import MISSING, World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

ADMINISTRATOR = "403    403    403    403      403       403     403       200           403"

# --- deputies -----------------------------------------------------------------------------------------------------------

# The office, readers and heads ask a colleague; not while acting for somebody.
page(
    "units:deputies",
    get="plain        200    403    200    403      200       403     403       403           403",
    post="plain        422    403    422    403      422       403     403       403           403",
    data=lambda world, relation, person: {"deputy": world.people["stranger"].pk, "reason": "Đi công tác"},
)


def _principal(world: World, relation: str, person: str) -> dict:
    return {"principal": world.people["office"].pk if relation == "own" else MISSING}


page(
    "units:act",
    get="own 405\nmissing 405",
    # Whoever was not asked is told so and nothing changes.
    post="""
    own          302    302+   302    302      302       302     302       302           302
    missing      302
    """,
    data=_principal,
)
page(
    "units:stop_acting",
    get="plain 405",
    post="plain        302    302+   302    302      302       302     302       302           302",
)
page(
    "units:deputy_end",
    of="deputation",
    get="own 405\nforeign 405\nmissing 405",
    # The person who is represented, nobody else; the deputy not even while acting.
    post="""
    own          302+   403    404    404      404       404     404       404           404
    foreign      404    403    404    404      404       404     404       404           404
    missing      404    403    404    404      404       404     404       404           404
    """,
)

# --- the import: administrators ---------------------------------------------------------------------------------------------

page(
    "units:import",
    get=f"plain        {ADMINISTRATOR}",
    post=f"plain        {ADMINISTRATOR}".replace("200", "422"),
    data=lambda *cell: {"file": SimpleUploadedFile("khong-phai.xlsx", b"khong phai tep Excel")},
)
page("units:import_template", get=f"plain        {ADMINISTRATOR}", post="plain 405", strangers_post="405")
page(
    "units:import_export",
    get="plain 405",
    post=f"plain        {ADMINISTRATOR}".replace("200 ", "200+"),
    strangers="405",
    strangers_post="in",
)
IMPORTED = f"""
    own          {ADMINISTRATOR}
    missing      {ADMINISTRATOR.replace("200", "404")}
"""
page("units:import_check", of="import", get=IMPORTED, post="own 405\nmissing 405", strangers_post="405")
page(
    "units:import_check_again",
    of="import",
    get="own 405\nmissing 405",
    post=IMPORTED.replace("200 ", "302+"),
    strangers="405",
    strangers_post="in",
)
page(
    "units:import_apply",
    of="import",
    get="own 405\nmissing 405",
    post=IMPORTED.replace("200 ", "302+"),
    strangers="405",
    strangers_post="in",
)

# --- the first run ------------------------------------------------------------------------------------------------------------

page("setup", get=f"plain        {ADMINISTRATOR}", post="plain 405", strangers_post="405")
for _name, _data in {
    "setup_office": {"name": "Văn phòng mới", "short_name": "VP"},
    "setup_reference": {},
    "setup_invite": {},
    "setup_mail": {"email": "thu@example.vn"},
}.items():
    page(
        _name,
        get="plain 405",
        # Everybody of this world has a password: there is nobody to invite.
        post=f"plain        {ADMINISTRATOR}".replace("200 ", "302 " if _name == "setup_invite" else "302+"),
        strangers="405",
        strangers_post="in",
        data=lambda world, relation, person, data=_data: data,
    )
