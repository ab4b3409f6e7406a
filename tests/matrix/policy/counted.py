"""Figures that another room counts: the office holds them against what is on record."""

from tests.matrix.policy.indicators import DECIDED, DECIDES
from tests.matrix.policy.table import page

page(
    "tasks:figure_reconcile",
    of="figure",
    get=DECIDES,
    post=DECIDED,
    data=lambda world, relation, person: {"do": "done", "reason": "Sổ chưa ghi ba người."},
)
