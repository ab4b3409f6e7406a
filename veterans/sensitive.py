"""Sensitive things of a person: sealed when written, opened one at a time, found again by blind indexes.

Only this module seals and opens. Whoever opens a value for somebody to read asks the right and the purpose first and
writes the log (views); this module does not know who reads.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from directive_tracker import crypto, vietnamese
from veterans.enums import SensitiveKind
from veterans.models import Person, SensitiveValue
from veterans.sensitive_words import NUMBERS, masked

# Numbers that are looked for again, whole or by their end.
INDEXED = frozenset({SensitiveKind.ID_NUMBER})
TAIL = 4
UNREADABLE = "không mở được, thiếu khóa mã hóa"


def context_of(person_id: int, kind: str) -> str:
    """Whose value it is: a sealed value that is copied to another person does not open."""
    return f"veterans.person:{person_id}:{kind}"


def blind(words: str, purpose: str, *, key: bytes | None = None) -> str:
    """HMAC-SHA256 under FIELD_KEY, 64 hex digits: equal for equal words and purpose, useless without the key.

    Args:
        key: an older one, for what has not been sealed anew yet.
    """
    return hmac.digest(key or settings.FIELD_KEY, f"{purpose}\0{words}".encode(), "sha256").hex()


class Sealed(NamedTuple):
    """The columns of a sealed row, in this order, for writers of many."""

    person_id: int
    kind: str
    sealed: bytes
    key_id: str
    blind: str
    blind_tail: str


def seal(person_id: int, kind: str, value: str, *, sealer: crypto.Sealer | None = None) -> Sealed:
    """Seal one value. value: as it is shown, not empty; sealer: whoever seals many has asked for it."""
    sealer = sealer or crypto.sealer()
    sealed = sealer.encrypt(vietnamese.nfc(value).encode(), context_of(person_id, kind))
    if kind not in INDEXED:
        return Sealed(person_id, kind, sealed, sealer.key_id, "", "")
    tail = blind(value[-TAIL:], f"{kind}.tail") if len(value) >= TAIL else ""
    return Sealed(person_id, kind, sealed, sealer.key_id, blind(value, kind), tail)


def row(person_id: int, kind: str, value: str, *, by, now: datetime) -> SensitiveValue:
    """An unsaved sealed row. value: as it is shown, not empty."""
    return SensitiveValue(**seal(person_id, kind, value)._asdict(), updated_by=by, updated_at=now)


def opened(value: SensitiveValue) -> str:
    """The words of a sealed row. Errors: crypto.Unreadable."""
    return crypto.decrypt(value.sealed, context_of(value.person_id, value.kind)).decode()


def read(person: Person, kinds: Iterable[str]) -> dict[str, str]:
    """What is known of these kinds; what is not known is missing. One statement."""
    return {value.kind: opened(value) for value in person.sensitive.filter(kind__in=list(kinds))}


def known(person: Person) -> dict[str, str]:
    """The kinds that are known of a person, each with its mask ("" for what is no number); nothing is opened for anybody.

    One statement. A number that no key of ours opens is there, without a mask.
    """
    found = {}
    for value in person.sensitive.order_by("pk"):
        try:
            found[value.kind] = masked(value.kind, opened(value)) if value.kind in NUMBERS else ""
        except crypto.Unreadable:
            found[value.kind] = UNREADABLE
    return found


def write(person: Person, values: Mapping[str, str], *, by, now: datetime) -> list[str]:
    """Make the person's values the given ones; "" takes one away. Inside the caller's transaction.

    Returns the kinds that changed, for the log, which never names a value.
    """
    # All of them: whoever changes many entries has brought them along.
    known = {value.kind: value for value in person.sensitive.all()}
    changed = []
    for kind, words in values.items():
        old = known.get(SensitiveKind(kind).value)
        words = " ".join(vietnamese.nfc(words or "").split())
        if (_opened_or_lost(old) if old else "") == words:
            continue
        changed.append(str(kind))
        if old:
            old.delete()
        if words:
            row(person.pk, kind, words, by=by, now=now).save()
    return changed


def _opened_or_lost(value: SensitiveValue) -> str:
    """The words, or something no words are equal to where no key opens them: they can still be written anew."""
    try:
        return opened(value)
    except crypto.Unreadable:
        return "\0"


def with_number(people, number: str):
    """Those of `people` whose ID number is this one, or ends with it where it has four digits."""
    digits = "".join(sign for sign in number if sign.isdigit())
    column, blinds = _blinds(digits)
    return people.filter(**{f"sensitive__{column}__in": blinds})


def people_with_number(digits: str) -> list[int]:
    """Ids of those whose ID number is this one, or ends with it where it has four digits. One statement."""
    column, blinds = _blinds(digits)
    return list(SensitiveValue.objects.filter(**{f"{column}__in": blinds}).values_list("person_id", flat=True))


def _blinds(digits: str) -> tuple[str, list[str]]:
    """The column of a number, or of its last four digits, and what stands in it."""
    column, purpose = "blind", str(SensitiveKind.ID_NUMBER)
    if len(digits) == TAIL:
        column, purpose = "blind_tail", f"{purpose}.tail"
    # While a key is being changed some numbers are still indexed under the old one.
    return column, [blind(digits, purpose, key=key) for key in (settings.FIELD_KEY, *settings.FIELD_KEY_FALLBACKS)]


def numbers(people: Iterable[int] | None = None) -> Iterator[tuple[int, str, str]]:
    """(person, kind, digits) of ID numbers and telephones, for comparing entries; never shown and never kept.

    people: ids; None is everybody. What no key of ours opens is left out. One statement.
    """
    rows = SensitiveValue.objects.filter(kind__in=(SensitiveKind.ID_NUMBER, SensitiveKind.PHONE))
    if people is not None:
        rows = rows.filter(person__in=list(people))
    for value in rows.only("person_id", "kind", "sealed").iterator(chunk_size=5_000):
        try:
            yield value.person_id, value.kind, "".join(sign for sign in opened(value) if sign.isdigit())
        except crypto.Unreadable:
            continue
