"""One cell: a person asks an address with a method and gets what the policy says, and nothing that sings."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.urls import reverse

from directive_tracker import clock
from tests.matrix.canaries import contents
from tests.matrix.policy import PAGES, Page
from tests.matrix.policy.table import SIGN_IN
from tests.matrix.rows import build_rows
from tests.matrix.world import NOW, World, build_people, sign_in_all

OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
# A session that is touched, a form that is kept for later, a password tried: no business was done.
QUIET_TABLES = ("accounts_session", "accounts_heldform")
_WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE)(?: OR IGNORE)?(?: INTO| FROM)?\s+\"?(\w+)", re.IGNORECASE)
# CSRF tokens and nonces: new in every answer.
_TOKEN = re.compile(rb'\b[A-Za-z0-9]{64}\b|nonce="[^"]*"')


@contextmanager
def a_world() -> Iterator[World]:
    """The world in a transaction that is rolled back; 09:00 of 15/4/2024 on every page."""
    patch = pytest.MonkeyPatch()
    patch.setattr(clock, "now", lambda: NOW)
    try:
        with transaction.atomic():
            world = World()
            build_people(world)
            build_rows(world)
            sign_in_all(world)
            yield world
            transaction.set_rollback(True)
    finally:
        patch.undo()


@contextmanager
def savepoint() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Writes:
    """Which tables were written to."""

    tables: list[str] = field(default_factory=list)

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        result = execute(sql, params, many, context)
        found = _WRITES.match(sql)
        # An UPDATE of no row changed nothing; of an INSERT that returns its id SQLite does not know the count yet.
        if found and found[2] not in QUIET_TABLES and (found[1].upper() == "INSERT" or context["cursor"].rowcount):
            self.tables.append(found[2])
        return result


@dataclass(frozen=True)
class Answer:
    """What came back: the status as the policy writes it, and everything that can be read."""

    said: str
    status: int
    texts: list[bytes]
    body: bytes
    tables: tuple[str, ...]


def ask(world: World, page: Page, person: str, relation: str, method: str, *, htmx: bool = False) -> Answer:
    """Ask once, in a savepoint of its own."""
    address = page.url(world, relation, person)
    values: dict[str, Any] = {"headers": {"HX-Request": "true"}} if htmx else {}
    if method == "POST":
        values["data"] = page.data(world, relation, person)
    writes = Writes()
    with savepoint(), connection.execute_wrapper(writes):
        response = getattr(world.client(person), method.lower())(address, **values)
        body = _body(response)
    heads = "\n".join(f"{name}: {value}" for name, value in response.items()) + response.cookies.output()
    texts = [heads.encode(), *contents(body)]
    return Answer(_said(response, bool(writes.tables)), response.status_code, texts, body, tuple(writes.tables))


def _body(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def _said(response: HttpResponseBase, wrote: bool) -> str:
    target = response.get("HX-Redirect") or response.get("Location", "")
    if target.startswith(reverse("accounts:login") + "?next=") and response.status_code in (200, 302):
        return SIGN_IN + ("+" if wrote else "")
    return f"{response.status_code}{'+' if wrote else ''}"


def without_address(body: bytes, address: str) -> bytes:
    """The body as it would be for any id: without the address, tokens and nonces. The menu may lead to the same page
    without a question."""
    for asked in (address, address.partition("?")[0]):
        for spelled in (asked, quote(asked, safe="/"), quote(asked, safe="")):
            body = body.replace(spelled.encode(), b"ADDRESS")
    return _TOKEN.sub(b"", body)


@dataclass
class Cells:
    """The cells of one page and one person, with what was wrong."""

    world: World
    page: Page
    person: str
    count: int = 0
    problems: list[str] = field(default_factory=list)
    unknown: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def check(self, relation: str, method: str, expected: set[str], *, htmx: bool = False) -> None:
        """Ask and compare."""
        self.count += 1
        where = f"{method}{' (htmx)' if htmx else ''} {self.page.name} [{relation}] as {self.person}"
        answer = ask(self.world, self.page, self.person, relation, method, htmx=htmx)
        if answer.said not in expected:
            wrote = f", wrote {sorted(set(answer.tables))}" if answer.tables else ""
            self.problems.append(f"{where}: {answer.said} instead of {' or '.join(sorted(expected))}{wrote}")
        revealed = (self.page.reveals or {}).get(self.person, frozenset()) if method == "POST" else frozenset()
        leaks = self.world.cage.forbidden(self.person, answer.texts, revealed)
        if leaks:
            self.problems.append(f"{where}: shows {', '.join(leaks[:8])}{' …' if len(leaks) > 8 else ''}")
        if answer.status == 404 and method in ("GET", "POST") and not htmx:
            self._same_as_unknown(relation, method, answer, where)

    def _same_as_unknown(self, relation: str, method: str, answer: Answer, where: str) -> None:
        """A 404 of what is there reads like one of what is not."""
        address = self.page.url(self.world, relation, self.person)
        body = without_address(answer.body, address)
        first = self.unknown.setdefault(method, (relation, body))
        if first[1] != body:
            self.problems.append(f"{where}: its 404 differs from that of [{first[0]}]")

    def get_and_post(self, *, everything: bool = False) -> None:
        """All relations by GET and POST; `everything`: also as htmx asks, by HEAD and by the other methods."""
        for relation in sorted(self.page.get, key=lambda name: name != "missing"):
            expected = self.page.get[relation][self.person]
            self.check(relation, "GET", {expected})
            if self.page.htmx or everything:
                self.check(relation, "GET", {expected}, htmx=True)
        for relation in sorted(self.page.post, key=lambda name: name != "missing"):
            expected = self.page.post[relation][self.person]
            self.check(relation, "POST", {expected})
            if everything:
                piece = expected.replace("302", "200") if self.page.pieces else expected
                self.check(relation, "POST", {piece}, htmx=True)

    def other_methods(self, relations: list[str], methods: tuple[str, ...] = OTHER_METHODS) -> None:
        """HEAD answers like GET (what is not read need not be logged); what is no method of the page writes nothing."""
        for relation in relations:
            shown = self.page.get[relation][self.person]
            self.check(relation, "HEAD", {shown, shown.rstrip("+")})
            refused = {"405", shown.rstrip("+")} if self.page.other == "GET" else {"405"}
            for method in methods:
                self.check(relation, method, refused)

    def conclude(self) -> int:
        """How many cells there were. Errors: AssertionError with every cell that was not as it should be."""
        assert not self.problems, "\n".join(["", *self.problems])
        return self.count


def names_of(part: str) -> list[str]:
    """The pages of one file of tests: "tasks" and "tasks reports", "administration", and the "rooms" that are left.

    The rules are the same code on both databases: all pages on SQLite, every third one on PostgreSQL.
    """
    names = [name for name in PAGES if _part(name) == part]
    return names if settings.SQLITE else names[::3]


def _part(name: str) -> str:
    if name.startswith(("admin:", "/quan-tri/")):
        return "administration"
    if name.startswith(("tasks:report", "tasks:contribution", "tasks:assignment_action")):
        return "reports"
    return "tasks" if name.startswith("tasks:") else "rooms"
