"""A book of the real units."""

import pytest
from django.db import transaction

from tests.units.naming.told import THE_DAY
from units.naming import Namebook
from units.reference import load_reference


@pytest.fixture(scope="package")
def book(django_db_setup, django_db_blocker) -> Namebook:
    """The names of early 2024, read once; the rows are taken back, a book needs them no more."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference()
        made = Namebook(on=THE_DAY)
        transaction.set_rollback(True)
    return made
