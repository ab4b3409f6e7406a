"""The occasions: read by who reads the registry's figures; kept by the office and the registrars of the province."""

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former
# The registrar of the world keeps a commune and a district, so opens and ends nothing.

READ = """
    open         200    200    200    403      403       403     200       403           403
    missing      404    404    404    403      403       403     404       403           403
"""
NO_POST = """
    open         405    405    405    403      403       403     405       403           403
    missing      405    405    405    403      403       403     405       403           403
"""
NO_GET = """
    open         405    405    403    403      403       403     403       403           403
    missing      405    405    403    403      403       403     403       403           403
"""
KEPT = """
    open         200    200    403    403      403       403     403       403           403
    missing      404    404    403    403      403       403     403       403           403
"""

page(
    "veterans:campaign",
    get="plain 200 200 200 403 403 403 200 403 403",
    post="plain 405 405 405 403 403 403 405 403 403",
)
page("veterans:campaign_of", of="campaign", get=READ, post=NO_POST)
page(
    "veterans:campaign_open",
    get="plain 200 200 403 403 403 403 403 403 403",
    post="plain 422 422 403 403 403 403 403 403 403",
    data=lambda *cell: {"name": "Tết"},
)
page(
    "veterans:campaign_change",
    of="campaign",
    get=KEPT,
    post=KEPT.replace("200 ", "302+"),
    data=lambda world, relation, person: {
        "name": "Đợt tri ân",
        "starts_on": "15/02/2024",
        "honour_day": "08/5/2024",
        "ends_on": "15/5/2024",
        "version": "1",
    },
)
page(
    "veterans:source_add",
    of="campaign",
    get=NO_GET,
    post=KEPT.replace("200 ", "302+"),
    data=lambda *cell: {"level": "company", "name": "Công ty thử"},
)
page(
    "veterans:campaign_close",
    of="campaign",
    get=KEPT,
    post=KEPT.replace("200", "422"),
    data=lambda *cell: {"words": ""},
)
page("veterans:campaign_reopen", of="campaign", get=NO_GET, post=KEPT.replace("200", "422"))
