"""The one text of an event that is signed and chained. Pure functions: pages, command and migrations share them.

**Canonical form, version 1.** A JSON array without blanks, in ASCII, keys of objects sorted:

    ["audit/1", uid, at, actor, acting for, verb, topic, kind of object, its id, its label, data, reason, address]

`uid` in hyphenated hex, `at` in UTC as 2024-04-15T02:12:00.000000+00:00, people by their ids, the address as the hex
of its bytes, whole numbers without a fraction (databases turn 100.0 into 100). JSON quotes every text, so no two
different events have one canonical form.

**Token** = 8 hex digits that name the key + 56 hex digits of HMAC-SHA256 under SECRET_KEY over the canonical form. It
is written with the event and says: the application wrote this, not somebody with the database's password. The row's
id is not in it, because the database gives it while the row is written; `uid` stands for it.

**Hash** = SHA-256 over "prev_hash|number|id|token|canonical form".

A change here makes every older row look forged; a new form needs a new version beside the old one.
"""

import hashlib
import hmac
import ipaddress
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

VERSION = "audit/1"
FIRST_PREVIOUS = "0" * 64
# The columns of an event in the order of the canonical form; people by the columns that hold their ids.
COLUMNS = (
    "uid",
    "at",
    "actor_id",
    "acting_for_id",
    "verb",
    "topic",
    "target_type",
    "target_id",
    "target_label",
    "data",
    "reason",
    "ip",
)
_KEY_NAME = 8
_encoder = json.JSONEncoder(ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":"))


def canonical(values: Sequence[Any]) -> str:
    """The canonical text of the values of COLUMNS, in that order.

    Errors: TypeError or ValueError for what JSON cannot hold (dates inside data, NaN), ValueError for no address.
    """
    uid, at, *middle, data, reason, ip = values
    return _encoder.encode([VERSION, _uid(uid), _moment(at), *middle, _plain(data), reason, _address(ip)])


def _uid(uid: uuid.UUID | str) -> str:
    return str(uid if isinstance(uid, uuid.UUID) else uuid.UUID(uid))


def _moment(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("a moment of the log has a time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@lru_cache(maxsize=4096)
def _address(ip: str | None) -> str | None:
    return ipaddress.ip_address(ip).packed.hex() if ip else None


def _plain(value: Any) -> Any:
    """JSON as every database gives it back: lists for tuples, text keys, whole numbers without a fraction."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        # By way of its digits, as PostgreSQL reads it: int(1e23) is another number.
        return int(Decimal(repr(value)))
    return value


@dataclass(frozen=True)
class Keys:
    """The secret keys that may have signed a row, the newest first."""

    by_name: dict[str, bytes]
    newest: str

    @classmethod
    def of(cls, secret: str, fallbacks: Sequence[str] = ()) -> "Keys":
        """The keys of SECRET_KEY and SECRET_KEY_FALLBACKS."""
        return _keys((secret, *fallbacks))

    def sign(self, text: str) -> str:
        """The token of a canonical text under the newest key."""
        return self.newest + self._mac(self.by_name[self.newest], text)

    def knows(self, token: str) -> bool:
        """Whether the key named in a token is one of these."""
        return token[:_KEY_NAME] in self.by_name

    def signed(self, text: str, token: str) -> bool:
        """Whether a token belongs to the text under one of these keys."""
        key = self.by_name.get(token[:_KEY_NAME])
        return key is not None and hmac.compare_digest(token[_KEY_NAME:].encode(), self._mac(key, text).encode())

    @staticmethod
    def _mac(key: bytes, text: str) -> str:
        return hmac.digest(key, text.encode("ascii"), "sha256").hex()[: 64 - _KEY_NAME]


@lru_cache(maxsize=8)
def _keys(secrets: tuple[str, ...]) -> Keys:
    """Keys of this purpose only, derived once: nothing else signed under SECRET_KEY can pass for a token."""
    derived = [hmac.digest(secret.encode(), b"records.audit.token/1", "sha256") for secret in secrets]
    named = {hashlib.sha256(b"name of " + key).hexdigest()[:_KEY_NAME]: key for key in derived}
    return Keys(by_name=named, newest=next(iter(named)))


def link(previous: str, number: int, pk: int, token: str, text: str) -> str:
    """The hash of a row: everything of it, its place, and the hash of the row before."""
    return hashlib.sha256(f"{previous}|{number}|{pk}|{token}|{text}".encode()).hexdigest()
