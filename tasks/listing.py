"""One page of the list of assignments: rows, how many there are, whom to telephone – in one statement."""

from datetime import date

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page
from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

from tasks.models import Assignment
from tasks.paging import read_page
from tasks.querysets import AssignmentQuerySet
from tasks.today import Row, rows_of
from units.people import Contact, with_contact


def page_of(assignments: AssignmentQuerySet, asked: str | None, *, today: date) -> tuple[Page, list[Row]]:
    """The page that was asked for (a number that is none: the first; too large: the last) with its rows.

    Arguments: assignments, visible and filtered; the order is by due day. Two statements, two more for a page too large.
    """
    page = read_page(asked, lambda part, limit: _read(assignments, part, limit, today))
    found: list[Assignment] = list(page.object_list)
    read = {a.unit_id: Contact.parse(a.contact) for a in found}
    contacts = {unit: contact for unit, contact in read.items() if contact is not None}
    return page, rows_of(found, today=today, contacts=contacts)


def _read(assignments: AssignmentQuerySet, part: slice, limit: int, today: date) -> tuple[list[Assignment], int]:
    """The rows of one page with the count, in one statement; of a page that holds nothing counted by another."""
    counted = assignments.order_by().values("pk")[:limit]
    try:
        sql, params = counted.query.sql_with_params()
    except EmptyResultSet:  # nothing can be found, e.g. for somebody without a role
        return [], 0
    rows = (
        with_contact(assignments.for_table().with_last_contact().with_pending_extension(), today=today)
        .annotate(found=RawSQL(f"SELECT COUNT(*) FROM ({sql}) counted", params, output_field=IntegerField()))
        .by_due()
    )
    found = list(rows[part])
    if found:
        return found, found[0].found
    return [], counted.count() if part.start else 0
