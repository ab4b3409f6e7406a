"""09:00 of 15/4/2024 on the pages' clock; keys live in real time."""

import pytest

from tests.api.house import NOW
from tests.matrix.conftest import world

__all__ = ["world"]  # the world of the matrix, a fixture


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("directive_tracker.clock.now", lambda: NOW)
    monkeypatch.setattr("directive_tracker.clock.today", lambda: NOW.date())
