"""Who may do what at which address. The tables are the expectation and are never computed from the code under test."""

from tests.matrix.policy import (
    accounts,
    administration,
    chasing,
    cycle,
    digests,
    drafts,
    events,
    figures,
    indicators,
    instructions,
    links,
    office,
    records,
    units,
    units_work,
    veterans,
)
from tests.matrix.policy.table import PAGES, Page, all_patterns

__all__ = [
    "PAGES",
    "Page",
    "accounts",
    "administration",
    "all_patterns",
    "chasing",
    "cycle",
    "digests",
    "drafts",
    "events",
    "figures",
    "indicators",
    "instructions",
    "links",
    "office",
    "records",
    "units",
    "units_work",
    "veterans",
]
