"""The world of the matrix, once for each file."""

from collections.abc import Iterator

import pytest

from tests.matrix.cells import a_world
from tests.matrix.world import World


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Built once for the file, rolled back at its end; every cell leaves it as it was."""
    with django_db_blocker.unblock(), a_world() as world:
        yield world
