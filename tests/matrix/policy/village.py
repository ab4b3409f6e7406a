"""The phone in the village: sheets taken along, what phones send, the inbox, pictures of calls."""

import io
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.matrix.policy.table import page
from tests.matrix.world import World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

REGISTRAR = "plain 403    403    403    403      403       403     200       403           403"
NO_POST = REGISTRAR.replace("200", "405")
page("veterans:village_list", get=REGISTRAR, post=NO_POST)
page("veterans:sent_list", get=REGISTRAR, post=NO_POST)
page("veterans:copy_list", get=REGISTRAR, post=NO_POST)

# Of a delegation, a copy, what was sent: seen with the area; who keeps no registry has no such page at all.
OF_AREA = """
    own          403    403    403    403      403       403     200       403           403
    below        403    403    403    403      403       403     200       403           403
    sibling      403    403    403    403      403       403     404       403           403
    foreign      403    403    403    403      403       403     404       403           403
    ended        403    403    403    403      403       403     404       403           403
    missing      403    403    403    403      403       403     404       403           403
"""
REFUSED = OF_AREA.replace("200", "405").replace("404", "405")
page("veterans:village_page", of="delegation", get=OF_AREA, post=REFUSED)
page("veterans:take_along", of="delegation", get=REFUSED, post=OF_AREA.replace("200", "200+"))
page("veterans:copy_revoke", of="offline copy", get=REFUSED, post=OF_AREA.replace("200", "302+"))

# What is about one person: there is no such thing for everybody else.
OF_PERSON = """
    own          404    404    404    404      404       404     200+      404           404
    below        404    404    404    404      404       404     200+      404           404
    sibling      404
    foreign      404
    ended        404
    missing      404
"""
page(
    "veterans:sent_detail",
    of="sent visit",
    get=OF_PERSON,
    post=OF_PERSON.replace("200+", "302+"),
    data=lambda *cell: {"do": "aside", "aside-reason": "Trùng"},
)

OPEN = "plain 200 200 200 200 200 200 200 200 200"
page("veterans:village_shell", get=OPEN, post=OPEN.replace("200", "405"), strangers="200", strangers_post="405")
page("veterans:village_worker", get=OPEN, post=OPEN.replace("200", "405"), strangers="200", strangers_post="405")

# Authorised by a ticket alone: whoever is signed in, a wrong one is refused and nothing is stored.
NO_TICKET = "plain 403 403 403 403 403 403 403 403 403"
WITHOUT = {"strangers": "405", "strangers_post": "403"}


def _ticket(*cell) -> dict:
    return {"visit": f'{{"copy": 1, "ticket": "x", "person": 1, "key": "{uuid.uuid4()}"}}'}


page("veterans:village_send", get=NO_TICKET.replace("403", "405"), post=NO_TICKET, data=_ticket, **WITHOUT)
page("veterans:village_state", get=NO_TICKET.replace("403", "405"), post=NO_TICKET, data=_ticket, **WITHOUT)

SHOWN = OF_PERSON.replace("200+", "302 ")
DONE = OF_PERSON.replace("200+", "302+")
# The registrar of the world has the further right for the own commune alone.
OPENED = """
    own          404    404    404    404      404       404     404       404           404
    below        404    404    404    404      404       404     403       404           404
    sibling      404
    foreign      404
    ended        404
    missing      404
"""


def _photo(world: World, relation: str, person: str) -> dict:
    found = world.objects["visit photo"].get(relation)
    return {"photo": found.pk if found else 0, "photo_purpose-purpose": "check"}


def _picture(world: World, relation: str, person: str) -> dict:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, "PNG")
    found = world.objects["visit photo"].get(relation)
    file = SimpleUploadedFile("anh.png", buffer.getvalue())
    return {"photo-visit": found.visit_id if found else 0, "photo-kind": "signed_list", "photo-file": file}


page("veterans:photo_add", of="person", get=SHOWN, post=DONE, data=_picture)
# What lies on the disk of the world is no picture: the right was asked first, then it is not found.
page("veterans:photo_open", of="person", get=SHOWN, post=OPENED, data=_photo)
page("veterans:photo_remove", of="person", get=SHOWN, post=DONE, data=_photo)
