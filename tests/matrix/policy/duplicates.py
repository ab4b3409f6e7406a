"""Pairs that may be one person: both entries in the registrar's areas, nobody else."""

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former

REGISTRAR = "403    403    403    403      403       403     200       403           403"

page("veterans:pair_list", get=f"plain        {REGISTRAR}", post=f"plain        {REGISTRAR}".replace("200", "405"))
# The registrar of the table is of a district; the whole registry is the province's.
page(
    "veterans:pair_search",
    get=f"plain        {REGISTRAR}".replace("200", "405"),
    post=f"plain        {REGISTRAR}".replace("200", "403"),
)
page(
    "veterans:person_likely",
    get=f"plain        {REGISTRAR}".replace("200", "405"),
    post=f"plain        {REGISTRAR}",
    data=lambda *cell: {"full_name": "A"},
)
page(
    "veterans:person_search",
    get=f"plain        {REGISTRAR}".replace("200", "405"),
    post=f"plain        {REGISTRAR}",
    # What every canary begins with: all people of the world have such a name.
    data=lambda *cell: {"q": "a zqxwkvjh"},
)

SHOWN = """
    own          404    404    404    404      404       404     200       404           404
    below        404    404    404    404      404       404     200       404           404
    sibling      404
    foreign      404
    ended        404
    missing      404
"""
page(
    "veterans:pair_detail",
    of="pair",
    get=SHOWN,
    post="own 405\nbelow 405\nsibling 405\nforeign 405\nended 405\nmissing 405",
)
page("veterans:pair_merge", of="pair", get=SHOWN.replace("200", "302"), post=SHOWN.replace("200", "422"))
page("veterans:pair_different", of="pair", get=SHOWN.replace("200", "302"), post=SHOWN.replace("200 ", "302+"))
page(
    "veterans:person_take_apart",
    of="person",
    get=SHOWN.replace("200", "302"),
    # There is no such merge.
    post=SHOWN.replace("200", "404"),
)
