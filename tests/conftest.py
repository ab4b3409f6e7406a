"""What every test may rely on: services, a browser that speaks Vietnamese, no network, an empty cache."""

import os
import shutil
import socket
from collections.abc import Iterator
from importlib import import_module
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache

from directive_tracker.breaker import redis_breaker
from tests import services

RULES = (
    "notifications.migrations.0002_notice_rules",
    "notifications.migrations.0005_ladder_rules",
    "notifications.migrations.0007_occasion",
)

# Playwright runs an event loop in the thread of the test; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

LONGEST_FILES = ("tests/browser/test_pages.py", "tests/matrix/")
# What a browser shows, who may do what, and what is read out of files and texts does not hang on the database: a part of it on
# both, the rest once.
ONCE = (
    "tests/browser/",
    "tests/matrix/",
    "tests/units/naming/",
    "tests/tasks/intake/",
    "tests/tasks/texts/",
    "tests/tasks/test_hostile_documents.py",
    "tests/tasks/test_scans.py",
    "tests/records/test_hostile_files.py",
    "tests/records/test_long_sheets.py",
    "tests/records/test_office_suite.py",
    "tests/veterans/lists/test_hostile.py",
    "tests/directive_tracker/test_headers.py",
    "tests/directive_tracker/test_deploy_",
)
ON_BOTH = ("tests/browser/test_story.py", "tests/matrix/test_matrix_reports.py")
OWN_HOSTS = ("127.0.0.1", "localhost", "::1")
QUIET_CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what opens a page, and leave out what is about the other database."""
    other = "pg" if settings.SQLITE else "embedded"
    kept, left_out = [], []
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        once = (
            item.nodeid.startswith(ONCE) and not item.nodeid.startswith(ON_BOTH) and not item.get_closest_marker("pg")
        )
        (left_out if item.get_closest_marker(other) or (once and other == "embedded") else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    # Files are handed to the two workers in this order: one that takes minutes must not begin last.
    items[:] = sorted(kept, key=lambda item: not item.nodeid.startswith(LONGEST_FILES))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much of the matrix of rights was asked (tests/matrix)."""
    asked: dict[str, list] = {}
    seconds = 0.0
    for report in [report for reports in terminalreporter.stats.values() for report in reports]:
        if isinstance(report, pytest.TestReport) and report.when == "call" and "tests/matrix/" in report.nodeid:
            seconds += report.duration
            for name, value in report.user_properties:
                asked.setdefault(name, []).append(value)
    if asked:
        patterns, cells = len(set(asked.get("pattern", ()))), sum(asked.get("cells", ()))
        tried, caught = sum(asked.get("tried", ())), sum(asked.get("caught", ()))
        terminalreporter.write_line(
            f"matrix: {patterns} patterns, {cells} cells, {seconds:.0f} s; scope taken off: {caught} caught of {tried}"
        )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder of this process (a worker of xdist ends without running atexit)."""
    shutil.rmtree(settings.SCRATCH, ignore_errors=True)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Throttles and other cached things of one test must not reach the next."""
    yield
    cache.clear()
    redis_breaker.works()


def bring_rules_back() -> None:
    """Write the rows of migrations again where they are gone; a fixture of a whole module has to ask for it."""
    for migration in RULES:
        import_module(migration).add_rules(apps, None)


_flushed: list[str] = []


@pytest.fixture(autouse=True)
def _rules_of_reminding(request: pytest.FixtureRequest) -> Iterator[None]:
    """A transactional test empties every table at its end, the rows of migrations too; the next tests need them back."""
    marker = request.node.get_closest_marker("django_db")
    transactional = bool(marker and marker.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server"} & set(request.fixturenames)
    )
    if _flushed and (marker or transactional or "db" in request.fixturenames):
        request.getfixturevalue("transactional_db" if transactional else "db")
        bring_rules_back()
    yield
    if transactional:
        _flushed.append(request.node.nodeid)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """A test that calls another machine fails."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in OWN_HOSTS:
            raise AssertionError(f"a test called {address[0]}")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    try:
        with services.postgres() as url:
            yield url
    except services.Unavailable as reason:
        services.give_up(str(reason))


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of an empty Redis."""
    try:
        with services.redis_server() as url:
            yield url
    except services.Unavailable as reason:
        services.give_up(str(reason))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """The system's Chromium, without calls of its own."""
    path = services.chromium_path()
    if path is None:
        services.give_up("không có Chromium trên máy (gói Debian: chromium)")
    return {**browser_type_launch_args, "executable_path": path, "args": list(QUIET_CHROMIUM)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    """An office PC in Việt Nam."""
    return {
        **browser_context_args,
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "viewport": {"width": 1366, "height": 768},
    }


@pytest.fixture
def context(context):
    """Playwright's browser context; the test fails when a page asks another server for anything."""
    foreign: list[str] = []

    def note(request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about") and address.hostname not in OWN_HOSTS:
            foreign.append(request.url)

    context.on("request", note)
    yield context
    assert foreign == []
