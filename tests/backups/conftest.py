"""One original for all tests, copied for each that changes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.backups.places import BACKUP_KEY, Home, Place


@pytest.fixture(scope="session")
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Places on the database of this round."""
    server = None if settings.SQLITE else request.getfixturevalue("postgres_url")
    made = Home(server, tmp_path_factory.mktemp("home"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def original(home: Home) -> Place:
    """An installation with a little of everything; nobody may change it."""
    place = home.empty()
    place.do("prepare")
    return place


@pytest.fixture
def place(home: Home, original: Place) -> Place:
    """A copy to be changed."""
    return home.copy(original)


@pytest.fixture
def wiped(home: Home) -> Place:
    """An empty machine with the same keys."""
    return home.empty()


@pytest.fixture(scope="session")
def backup(home: Home, original: Place) -> Path:
    """A sealed backup of the original, made by a copy of it."""
    from_copy = home.copy(original)
    from_copy.settings["BACKUP_KEY"] = BACKUP_KEY
    code, _, err = from_copy.run("backup")
    assert code == 0, err
    return from_copy.backups / from_copy.shown()[0]
