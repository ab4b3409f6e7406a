"""Servers of the scenarios, and the table at the end."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests import services
from tests.faults.harness import House, OwnRedis, OwnServer, Scenario, Server, Verdict, scenario, table
from tests.faults.sink import Behaviour

PROPERTY, LOG = "fault", "log"
Stage = Callable[..., Scenario]
Report = Callable[..., Verdict]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is not marked is the short selection, for the round on PostgreSQL; `make faults` takes what people do too."""
    here = str(Path(__file__).parent)
    ours = [item for item in items if str(item.path).startswith(here)]
    if config.option.markexpr == "faults":
        for item in ours:
            if item.path.name == "test_application.py":
                item.add_marker("faults")
    elif settings.SQLITE:
        short = [item for item in ours if not item.get_closest_marker("faults")]
        config.hook.pytest_deselected(items=short)
        items[:] = [item for item in items if item not in short]


@pytest.fixture(scope="session")
def shared_house(postgres_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Databases of our own on the PostgreSQL and the Redis of the other tests; nothing there is stopped."""
    house = House(Server(postgres_url), redis_url, tmp_path_factory.mktemp("house"), patience=1)
    yield house
    house.close()


@pytest.fixture(scope="session")
def own_server() -> Iterator[OwnServer]:
    """A PostgreSQL that writes to a disk as in production, and may be crashed."""
    # Not below pytest's own folder, which the account postgres cannot enter.
    folder = Path(tempfile.mkdtemp(prefix="tracker-faults-"))
    server = None
    try:
        server = OwnServer(folder)
        yield server
    except services.Unavailable as reason:
        services.give_up(str(reason))
    finally:
        if server is not None:
            server.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def own_redis() -> Iterator[OwnRedis]:
    """A Redis that may be emptied and killed."""
    redis = OwnRedis()
    yield redis
    redis.close()


@pytest.fixture(scope="session")
def house(own_server: OwnServer, own_redis: OwnRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Servers of our own."""
    found = House(own_server, own_redis.url, tmp_path_factory.mktemp("house"))
    yield found
    found.close()


@pytest.fixture
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """stage(people, behaviour) → a scenario; the short selection runs in the shared house."""
    with ExitStack() as open_scenarios:

        def enter(people: int, behaviour: Behaviour | None = None) -> Scenario:
            place = "house" if request.node.get_closest_marker("faults") else "shared_house"
            return open_scenarios.enter_context(scenario(request.getfixturevalue(place), people, tmp_path, behaviour))

        yield enter


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Report:
    """report(name, injected, verdict) writes the scenario into the table and returns the verdict."""

    def note(name: str, injected: str, verdict: Verdict) -> Verdict:
        record_property(PROPERTY, json.dumps(verdict.row(name, injected)))
        return verdict

    return note


@pytest.fixture
def log(record_property: Callable[[str, object], None]) -> Callable[[str, list[str]], None]:
    """log(name, lines) shows the lines under that name at the end of the run."""

    def note(name: str, lines: list[str]) -> None:
        record_property(LOG, json.dumps([name, lines]))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table, in the order of the run."""
    rows: list[dict[str, Any]] = []
    logs: list[tuple[str, list[str]]] = []
    for reports in terminalreporter.stats.values():
        for found in reports:
            if isinstance(found, pytest.TestReport) and found.when == "call":
                rows += [json.loads(str(value)) for name, value in found.user_properties if name == PROPERTY]
                logs += [json.loads(str(value)) for name, value in found.user_properties if name == LOG]
    if rows:
        terminalreporter.section("faults")
        for line in table(rows):
            terminalreporter.write_line(line)
    for name, lines in logs:
        terminalreporter.section(name)
        for line in lines:
            terminalreporter.write_line(line)
