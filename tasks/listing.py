"""One page of the list of assignments: rows, how many there are, whom to telephone – in one statement."""

from datetime import date

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page
from django.db.models import IntegerField, QuerySet
from django.db.models.expressions import RawSQL

from directive_tracker.prepared import Prepared
from tasks.chosen import Chosen
from tasks.models import Assignment
from tasks.paging import read_page
from tasks.querysets import AssignmentQuerySet, access_for
from tasks.talking.querysets import with_comments
from tasks.today import Row, rows_of
from units.access import Access, Seer
from units.people import Contact, with_contact


def page_of(user, chosen: Chosen, asked: str | None, *, today: date) -> tuple[Page, list[Row]]:
    """The page that was asked for (a number that is none: the first; too large: the last) with its rows, of what the user
    sees and was chosen; the order is by due day. Two statements, two more for a page too large."""
    access = access_for(user)
    page = read_page(asked, lambda part, limit: _read(access, chosen, part, limit, today))
    found: list[Assignment] = list(page.object_list)
    read = {a.unit_id: Contact.parse(a.contact) for a in found}
    contacts = {unit: contact for unit, contact in read.items() if contact is not None}
    return page, rows_of(found, today=today, contacts=contacts)


def all_chosen(user, chosen: Chosen, *, today: date) -> AssignmentQuerySet:
    """All rows of the list, of what the user sees and was chosen, in its order; for whoever writes them into a file."""
    return _visible(access_for(user), chosen, today).by_due()


def _read(access: Access, chosen: Chosen, part: slice, limit: int, today: date) -> tuple[list[Assignment], int]:
    """The rows of one page with the count, in one statement; of a page that holds nothing counted by another."""
    asked = (access, chosen, today, part.start, part.stop, limit)
    # What is looked for is another each time; the rest is chosen again and again.
    found = list(_listed(*asked)) if chosen.words else _LISTED.rows(key=asked)
    if found:
        return found, found[0].found
    return [], _counted(access, chosen, today, limit).count() if part.start else 0


def _visible(access: Access, chosen: Chosen, today: date) -> AssignmentQuerySet:
    return Assignment.objects.visible_to(
        Seer(access),
        many=True,
        own=not chosen.reaches_others,
        within=lambda rows: chosen.filter(rows, today=today),
    )


def _counted(access: Access, chosen: Chosen, today: date, limit: int) -> QuerySet:
    return _visible(access, chosen, today).order_by().values("pk")[:limit]


def _listed(access: Access, chosen: Chosen, today: date, start: int, stop: int, limit: int) -> AssignmentQuerySet:
    """The rows from `start` to `stop`, each with the count of all up to the limit."""
    try:
        sql, params = _counted(access, chosen, today, limit).query.sql_with_params()
    except EmptyResultSet:  # nothing can be found, e.g. for somebody without a role
        return Assignment.objects.none()
    rows = with_comments(_visible(access, chosen, today), Seer(access))
    return (
        with_contact(rows.for_table().with_last_contact().with_pending_extension(), today=today)
        .annotate(found=RawSQL(f"SELECT COUNT(*) FROM ({sql}) counted", params, output_field=IntegerField()))
        .by_due()[start:stop]
    )


_LISTED = Prepared(_listed)
