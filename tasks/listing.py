"""One page of the list of assignments: rows, how many there are, whom to telephone – in one statement.

Counting hundreds of thousands of rows to show twenty-five costs more than the page. So the count stops at COUNTED_UP_TO
and the page says "hơn 500"; further pages count further.
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

from tasks.models import Assignment
from tasks.querysets import AssignmentQuerySet
from tasks.today import Row, rows_of
from units.people import Contact, with_contact

PAGE_SIZE = 25
COUNTED_UP_TO = 500
LARGEST_PAGE = 1_000_000


class CountedPaginator(Paginator):
    """A paginator whose rows and count have been read already."""

    def __init__(self, number: int, rows: Sequence[Any], count: int, *, capped: bool) -> None:
        super().__init__(rows, PAGE_SIZE)
        self.number, self.capped = number, capped
        self._count = count

    @cached_property
    def count(self) -> int:
        """All rows that were counted; there are more where `capped`."""
        return self._count

    def the_page(self) -> Page:
        """The page that was read."""
        return self._get_page(self.object_list, self.number, self)


def page_of(assignments: AssignmentQuerySet, asked: str | None, *, today: date) -> tuple[Page, list[Row]]:
    """The page that was asked for (a number that is none: the first; too large: the last) with its rows.

    Arguments: assignments, visible and filtered; the order is by due day. Two statements, two more for a page too large.
    """
    number = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
    number = min(max(1, number), LARGEST_PAGE)
    found, count, limit = _read(assignments, number, today)
    if not found and number > 1:
        count = assignments.order_by().values("pk")[:limit].count()
        number = max(1, -(-min(count, limit) // PAGE_SIZE))
        found, count, limit = _read(assignments, number, today)
    capped = count >= limit
    page = CountedPaginator(number, found, limit - 1 if capped else count, capped=capped).the_page()
    read = {a.unit_id: Contact.parse(a.contact) for a in found}
    contacts = {unit: contact for unit, contact in read.items() if contact is not None}
    return page, rows_of(found, today=today, contacts=contacts)


def _read(assignments: AssignmentQuerySet, number: int, today: date) -> tuple[list[Assignment], int, int]:
    """The rows of one page, the count as far as it went, and where it stopped."""
    limit = COUNTED_UP_TO * (number * PAGE_SIZE // COUNTED_UP_TO + 1) + 1
    try:
        counted, params = assignments.order_by().values("pk")[:limit].query.sql_with_params()
    except EmptyResultSet:  # nothing can be found, e.g. for somebody without a role
        return [], 0, limit
    rows = (
        with_contact(assignments.for_table().with_last_contact().with_pending_extension(), today=today)
        .annotate(found=RawSQL(f"SELECT COUNT(*) FROM ({counted}) counted", params, output_field=IntegerField()))
        .by_due()
    )
    found = list(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
    return found, found[0].found if found else 0, limit
