"""09:00 of 15/4/2024 on the pages' clock; keys live in real time."""

import pytest

from tests.api.house import NOW, Program, program
from tests.factories import make_assignment, make_directive, make_reporter, make_task, make_unit
from tests.matrix.conftest import world

__all__ = ["world"]  # the world of the matrix, a fixture


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("directive_tracker.clock.now", lambda: NOW)
    monkeypatch.setattr("directive_tracker.clock.today", lambda: NOW.date())


@pytest.fixture
def unit():
    return make_unit("Huyện ủy Đắk Hà")


@pytest.fixture
def reporter(unit):
    return make_reporter(unit, "dakha")


@pytest.fixture
def directive():
    return make_directive()


@pytest.fixture
def work(unit, directive):
    return make_assignment(make_task(directive, "1a.1"), unit)


@pytest.fixture
def asks(reporter, unit) -> Program:
    return program(reporter, unit)
