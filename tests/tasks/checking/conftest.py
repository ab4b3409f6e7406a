"""The invented letter as a draft, the office's person signed in, the clock at that morning."""

import pytest

from tests.factories import make_office_user
from tests.tasks.drafting.draft import NOW, make_bodies, record_letter


@pytest.fixture(autouse=True)
def _place(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("directive_tracker.clock.now", lambda: NOW)
    monkeypatch.setattr("directive_tracker.clock.today", lambda: NOW.date())


@pytest.fixture
def bodies(db):
    return make_bodies()


@pytest.fixture
def directive(bodies):
    return record_letter()


@pytest.fixture
def office(directive):
    return make_office_user(full_name="Nguyễn Thị Soát")


@pytest.fixture
def desk(client, office):
    """A browser of the office's person."""
    client.force_login(office)
    return client
