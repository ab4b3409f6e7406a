"""After an occasion: numbers for who reads the registry's figures; times set by the office and the province."""

from django.urls import reverse

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former
# The registrar of the world keeps a commune and a district, so sets nothing.

page(
    "veterans:campaign_after",
    of="campaign",
    get="""
    open         200    200    200    403      403       403     200       403           403
    missing      404    404    404    403      403       403     404       403           403
    """,
    post="""
    open         405    405    405    403      403       403     405       403           403
    missing      405    405    405    403      403       403     405       403           403
    """,
)
SET = """
    open         200    200    403    403      403       403     403       403           403
    missing      404    404    404    403      403       403     404       403           403
"""
page(
    "veterans:campaign_keeping",
    url=lambda world, relation, person: reverse(
        "veterans:campaign_keeping", args=[world.pk("campaign", relation, person), "pictures"]
    ),
    get=SET,
    post=SET.replace("200 ", "302+"),
    data=lambda *cell: {"basis": "Sự đồng ý cho chụp ảnh", "months": "6"},
)
page(
    "veterans:campaign_keeping others",
    url=lambda world, relation, person: reverse(
        "veterans:campaign_keeping", args=[world.pk("campaign", relation, person), "others"]
    ),
    get=SET,
    post=SET.replace("200 ", "302+"),
    data=lambda *cell: {"purpose_ends_on": "31/05/2024", "keep_months": "24", "living_days": "30"},
)
