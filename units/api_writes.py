"""Writes of programs, once each: what was done under a key is answered again, not done again."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from units.models import ApiToken, ApiWrite

KEPT_FOR = timedelta(days=7)


class Answer(NamedTuple):
    """What a program was told; `replayed`: before, and nothing was done now."""

    status: int
    body: Any
    replayed: bool = False


class OtherRequest(Exception):
    """Something else was done under this key before."""


class InProgress(Exception):
    """The same key is being worked on at this moment."""


class Once:
    """One write under its key: either `before` holds what was answered then, or `keep` keeps what is answered now."""

    def __init__(self, token: ApiToken, key: str, request_hash: str, now: datetime) -> None:
        self.token, self.key, self.request_hash, self.now = token, key, request_hash, now
        self.before = self._before()

    def _before(self) -> Answer | None:
        row = ApiWrite.objects.filter(token=self.token, key=self.key, made_at__gt=self.now - KEPT_FOR).first()
        if row is None:
            return None
        if row.request_hash != self.request_hash:
            raise OtherRequest
        return Answer(row.status, row.answer, replayed=True)

    def keep(self, status: int, body: Any) -> Answer:
        """Keep the answer in the transaction of the act."""
        # One whose week is over may still lie there until it is tidied away.
        ApiWrite.objects.filter(token=self.token, key=self.key).delete()
        ApiWrite.objects.create(
            token=self.token, key=self.key, request_hash=self.request_hash, status=status, answer=body, made_at=self.now
        )
        return Answer(status, body)


@contextmanager
def once(token: ApiToken, key: str, *, method: str, path: str, body: bytes, now: datetime) -> Iterator[Once]:
    """A transaction in which the act and its answer are written, both or neither.

    Args:
        key: chosen by the program, for each thing it wants done another one.
        now: real time.

    Errors: OtherRequest, InProgress.
    """
    digest = hashlib.sha256(b"\0".join([method.encode(), path.encode(), body])).hexdigest()
    with transaction.atomic():
        _hold(token, key)
        yield Once(token, key, digest, now)


def _hold(token: ApiToken, key: str) -> None:
    """Let nobody else work on this key until the transaction ends. SQLite has one writer at a time anyway, who is waited for."""
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(hashlib.sha256(f"api write {token.pk} {key}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise InProgress


def forget(*, now: datetime) -> int:
    """Take away what is older than a week; how many."""
    return ApiWrite.objects.filter(made_at__lte=now - KEPT_FOR).delete()[0]
