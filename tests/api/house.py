"""What the tests of the interface share: a small province, keys, and a program that asks with one."""

import itertools
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tasks.models import Assignment
from tests.factories import at
from units.models import ApiToken, Scope, Unit
from units.tokens import make

TODAY = date(2024, 4, 15)
NOW = at(TODAY, "09:00")
ALL = tuple(Scope.values)
_keys = itertools.count(1)


def make_token(
    user: User,
    unit: Unit | None = None,
    scopes=ALL,
    *,
    now: datetime | None = None,
    days: int = 90,
    name: str = "Phần mềm",
) -> tuple[ApiToken, str]:
    """A key with all scopes unless told otherwise, made just now in real time."""
    return make(user, name=name, unit=unit, scopes=scopes, days=days, now=now or timezone.now(), at=NOW, today=TODAY)


@dataclass
class Program:
    """Another program that knows a key (or none)."""

    secret: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def headers(self, more: dict[str, str] | None = None) -> dict[str, str]:
        return {**({"Authorization": f"Bearer {self.secret}"} if self.secret else {}), **(more or {})}

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> HttpResponse:
        return self.client.get(f"/api/v1{path}", query or {}, headers=self.headers(headers))

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> HttpResponse:
        """POST JSON under a key of its own unless one is given; key="": without one."""
        chosen = f"k-{next(_keys)}" if key is None else key
        sent = self.headers({**({"Idempotency-Key": chosen} if chosen else {}), **headers})
        data = "" if body is None else body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        return self.client.post(f"/api/v1{path}", data, content_type="application/json", headers=sent)

    def hand_in(
        self, content: bytes, name: str = "ke-hoach.pdf", *, key: str | None = None, **more: Any
    ) -> HttpResponse:
        """One file, as a form; `more`: other parts of it."""
        form = {"file": SimpleUploadedFile(name, content), **more}
        sent = self.headers({"Idempotency-Key": f"k-{next(_keys)}" if key is None else key})
        return self.client.post("/api/v1/files", form, headers=sent)


def program(user: User, unit: Unit | None = None, scopes=ALL) -> Program:
    """A program with a new key."""
    return Program(make_token(user, unit, scopes)[1])


def report_of(work: Assignment, **section: Any) -> dict[str, Any]:
    """The body of a report with one section that says something."""
    section = {"results": "Đã ban hành kế hoạch."} | section
    return {
        "directive": work.directive_id,
        "unit": work.unit_id,
        "sections": [{"assignment": work.pk, **section}],
    }


def kind(answer: HttpResponse) -> str:
    """The kind of a problem, "" of what is none."""
    if answer["Content-Type"] != "application/problem+json":
        return ""
    return answer.json()["type"].removeprefix("urn:directive-tracker:problem:")


def ids(answer: HttpResponse) -> list[int]:
    """The rows of a list."""
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["items"]]


def a_year_later() -> datetime:
    return timezone.now() + timedelta(days=366)
