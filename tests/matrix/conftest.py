"""The world of the matrix, once for each file."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.matrix.cells import a_world
from tests.matrix.world import World


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Built once for the file, rolled back at its end; every cell leaves it as it was.

    So nobody is ever seen to do anything, and whoever is asked for again after half an hour would have to sign in anew.
    """
    longest = override_settings(SESSION_IDLE_MINUTES=720)
    with longest, django_db_blocker.unblock(), a_world() as world:
        yield world
