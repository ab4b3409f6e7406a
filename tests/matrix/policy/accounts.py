"""Signing in and out, one's own account, sessions, the second factor, mailed links."""

from django.urls import reverse

from tests.matrix.policy.table import page
from tests.matrix.world import World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

page(
    "accounts:login",
    get="plain 200",
    post="plain 200+",
    strangers="200",
    strangers_post="200+",
    data=lambda *cell: {"username": "khong-co-ai", "password": "sai-mat-khau-roi"},
)
page("accounts:demo_sign_in", get="plain 405", post="plain 404", strangers="405", strangers_post="404")
page("accounts:logout", get="plain 405", post="plain 302+", strangers="405", strangers_post="302")
page(
    "accounts:profile",
    get="plain 200",
    post="plain 302+",
    data=lambda *cell: {"full_name": "Tên Mới", "phone": "0260 3862 111", "email": "moi@example.vn"},
)
page("accounts:password", get="plain 302", post="plain 200+", data=lambda *cell: {"old_password": "sai-mat-khau"})
page("accounts:first_administrator", get="plain 404", post="plain 404", strangers="404")

# --- mailed links: open to whoever holds one; a forged one opens nothing -------------------------------------------------

for _name in ("invitation", "password_reset_link"):
    page(
        f"accounts:{_name}",
        url=lambda world, relation, person, name=_name: reverse(f"accounts:{name}", args=["khong-phai-ma-that"]),
        get="forged 404",
        post="forged 404",
        strangers="404",
        data=lambda *cell: {"new_password1": "mot-mat-khau-dai-moi", "new_password2": "mot-mat-khau-dai-moi"},
    )
page(
    "accounts:password_reset",
    get="plain 200",
    # Whoever is named, the answer is the same; the wait after it is written down.
    post="plain 200+",
    strangers="200",
    strangers_post="200+",
    data=lambda *cell: {"who": "khong-co-ai"},
)

# --- the second factor: nobody of this world has one, nobody needs one -----------------------------------------------------

page("accounts:second_factor", get="plain 302", post="plain 302", strangers="302")
page("accounts:second_factor_setup", get="plain 200", post="plain 200", data=lambda *cell: {"code": "123456"})
for _name in ("recovery", "replace", "off"):
    page(f"accounts:second_factor_{_name}", get="plain 302", post="plain 302")

# --- sessions, trusted machines, late forms: one's own -----------------------------------------------------------------------

page("accounts:sessions", get="plain 200", post="plain 405", strangers_post="405")
page("accounts:sessions_end_others", get="plain 405", post="plain 302", strangers="405", strangers_post="in")


def _mark(world: World, relation: str, person: str) -> str:
    return reverse("accounts:session_end", args=[world.marks[relation if relation == "foreign" else person]])


page(
    "accounts:session_end",
    url=lambda world, relation, person: (
        reverse("accounts:session_end", args=["0" * 32]) if relation == "missing" else _mark(world, relation, person)
    ),
    get="own 405\nforeign 405\nmissing 405",
    post="own 302+\nforeign 404\nmissing 404",
    strangers="405",
    strangers_post="in",
)
page(
    "accounts:device_untrust",
    of="device",
    get="own 405\nforeign 405\nmissing 405",
    post="own 302+\nforeign 404\nmissing 404",
    strangers="405",
    strangers_post="in",
)
# A late form opens on the browser it was typed in, for its person alone; here nobody has come back to one.
page(
    "accounts:held_form",
    of="held",
    get="foreign 404\nmissing 404",
    post="foreign 405\nmissing 405",
    strangers_post="405",
)
page(
    "accounts:held_form_drop",
    of="held",
    get="foreign 405\nmissing 405",
    post="foreign 404\nmissing 404",
    strangers="405",
    strangers_post="in",
)
