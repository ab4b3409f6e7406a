"""A row of a list as it is compared."""

from collections.abc import Hashable

from veterans.duplicates import entries
from veterans.duplicates.entries import Entry
from veterans.lists.rows import Person


def entry_of(person: Person, key: Hashable) -> Entry:
    """What is compared of a person as a list gives it. key: how the caller finds the row again."""
    return Entry(
        key=key,
        names=entries.names(person.full_name),
        year=person.birth_year,
        day=(person.birth_date.month, person.birth_date.day) if person.birth_date else None,
        is_estimated=bool(person.birth_is_estimated),
        commune=(person.commune, person.district),
        hamlet=entries.hamlet(person.address or ""),
        id_mark=person.id_number or "",
        id_digits=len(person.id_number or ""),
        phone_mark=person.phone or "",
        sex=person.sex or "",
        categories=entries.categories([person.category]),
    )
