"""What protects the people of the registry: the page of a person's data, requests, the sheet, exports, retention."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.matrix.policy.table import page
from tests.matrix.world import World

# relation     office deputy reader reporter unit_head monitor registrar administrator former

SHOWN = """
    own          404    404    404    404      404       404     200       404           404
    below        404    404    404    404      404       404     200       404           404
    sibling      404
    foreign      404
    ended        404
    missing      404
"""
READ = SHOWN.replace("200 ", "200+")
DONE = SHOWN.replace("200 ", "302+")
LEADS_BACK = SHOWN.replace("200", "302")
NO_POST = "own 405\nbelow 405\nsibling 405\nforeign 405\nended 405\nmissing 405"
# The registrar of the world has the further right for the own commune alone.
OPENED = """
    own          404    404    404    404      404       404     200+      404           404
    below        404    404    404    404      404       404     403       404           404
    sibling      404
    foreign      404
    ended        404
    missing      404
"""
REVEALS = {"registrar": frozenset({"contact own"})}

page("veterans:person_data", of="person", get=READ, post=NO_POST)
page("veterans:person_notice", of="person", get=READ, post=NO_POST)


def _action(name: str, post: str = DONE, **values) -> None:
    page(f"veterans:{name}", of="person", get=LEADS_BACK, post=post, **values)


def _scan(world: World, relation: str, person: str) -> dict:
    found = world.objects["scan"].get(relation)
    return {"scan": found.pk if found else 0, "purpose-purpose": "check"}


def _photo(*cell) -> dict:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, "PNG")
    return {"scan-kind": "identity", "scan-file": SimpleUploadedFile("giay.png", buffer.getvalue())}


_action(
    "consent_add",
    data=lambda *cell: {
        "consent-purpose": "photo",
        "consent-given": "no",
        "consent-said_by": "Con gái",
        "consent-way": "phone",
        "consent-on": "14/04/2024",
    },
)
_action("scan_add", data=_photo)
_action("scan_open", OPENED, data=_scan, reveals=REVEALS)
_action("scan_remove", data=_scan)
_action(
    "request_add",
    data=lambda *cell: {
        "request-kind": "see",
        "request-asked_by": "Con gái",
        "request-words": "Xin xem",
        "request-received_on": "14/04/2024",
    },
)
_action("person_sheet", OPENED, data=lambda *cell: {"sheet-purpose": "asked", "as": "page"}, reveals=REVEALS)

REGISTRAR = "403    403    403    403      403       403     200       403           403"
page("veterans:data_requests", get=f"plain {REGISTRAR}", post=f"plain {REGISTRAR}".replace("200", "405"))
page(
    "veterans:export",
    get=f"plain {REGISTRAR}",
    post=f"plain {REGISTRAR}".replace("200", "302+"),
    data=lambda *cell: {"purpose": "plan_visits"},
)
page(
    "veterans:retention",
    get="plain        200    200    403    403      403       403     200       403           403",
    # The registrar of the world keeps a commune; the office and who stands in for it set the rule.
    post="plain        302+   302+   403    403      403       403     403       403           403",
    data=lambda *cell: {
        "do": "rule",
        "rule-purpose_ends_on": "31/12/2030",
        "rule-keep_months": "24",
        "rule-living_days": "30",
    },
)
page("veterans:data_request", of="data request", get=READ, post=NO_POST)
page("veterans:data_request_act", of="data request", get=LEADS_BACK, post=DONE, data=lambda *cell: {"do": "answer"})
