"""The chain of the log: events are sealed right after their commit, one after the other, and verified at any time.

An event is written inside the transaction of what it tells of; there it has no number yet. A lock held by that
transaction would make all writers wait for each other, so numbers are given **after** its commit, in a short
transaction of its own under one lock. Between the two lie milliseconds, or a minute after a killed process (the tick
seals what is left). In that time a row may vanish unseen; afterwards it may not (docs/audit.md).
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from directive_tracker.plans import kept
from records import headfile
from records.canonical import COLUMNS, FIRST_PREVIOUS, Keys, canonical, link
from records.headfile import Head
from records.models import AuditEvent
from records.models.audit import audit_keys

BATCH = 1000
# Any number: who seals holds PostgreSQL's advisory lock of it until the end of the transaction.
LOCK = 0x41554449
_COLUMNS = ("pk", "token", *COLUMNS)
# Who waits, the end of the chain and its first row: one question, because it is asked after every act.
_WAITING = """
SELECT waiting.id, newest.number, newest.hash, beginning.uid
FROM (SELECT id FROM records_auditevent WHERE number IS NULL AND id > %s ORDER BY id LIMIT %s) AS waiting
LEFT JOIN (
    SELECT number, hash FROM records_auditevent WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1
) AS newest ON 1 = 1
LEFT JOIN (SELECT uid FROM records_auditevent WHERE number = 1) AS beginning ON 1 = 1
ORDER BY waiting.id
"""
_SEAL = """
UPDATE records_auditevent AS event SET number = new.number, prev_hash = new.prev_hash, hash = new.hash
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS new(id, number, prev_hash, hash)
WHERE event.id = new.id
"""
# The commonest case, one act of one request and no earlier one waiting, in one statement: the database itself puts the link
# together (records/canonical.py, `link`), so that nothing has to be read first. In an empty chain it does nothing.
_SEAL_ALONE = """
UPDATE records_auditevent
SET number = newest.number + 1, prev_hash = newest.hash, hash = {digest}
FROM (
    SELECT number, hash FROM records_auditevent WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1
) AS newest
WHERE records_auditevent.id = %s AND records_auditevent.number IS NULL
AND NOT EXISTS (SELECT 1 FROM records_auditevent AS other WHERE other.number IS NULL AND other.id < %s)
RETURNING records_auditevent.number, prev_hash, records_auditevent.hash, (SELECT first.uid FROM records_auditevent AS first WHERE first.number = 1)
"""
_LINK = "newest.hash || '|' || CAST(newest.number + 1 AS text) || %s"
_DIGEST = {
    "postgresql": f"encode(sha256(convert_to({_LINK}, 'UTF8')), 'hex')",
    # Django brings the function along.
    "sqlite": f"SHA256({_LINK})",
}
# Token and canonical text of rows, by their ids.
Texts = dict[int, tuple[str, str]]


@dataclass(frozen=True)
class Sealed:
    """What one round of sealing did; `forged` are rows whose token is wrong, which are left as they are."""

    count: int = 0
    forged: int = 0


class _AfterCommit:
    """What one transaction wrote, to be sealed after its commit; what fails is logged by Django, the tick tries again.

    The texts are kept from the writing: what is sealed is what the application wrote, and need not be read again.
    """

    def __init__(self) -> None:
        self.written: Texts = {}

    def seal(self) -> None:
        """Called by Django after the commit."""
        seal(self.written)


def seal_after_commit(event: AuditEvent) -> None:
    """Let an event be sealed once its transaction has committed, with the others of it; at once outside one."""
    hooks = (getattr(function, "__self__", None) for _, function, _ in connection.run_on_commit)
    known = next((hook for hook in hooks if isinstance(hook, _AfterCommit)), None)
    hook = known or _AfterCommit()
    hook.written[event.pk] = (event.token, event.canonical_text())
    if known is None:
        transaction.on_commit(hook.seal, robust=True)


def seal(written: Texts | None = None) -> Sealed:
    """Give numbers and hashes to all events that wait, in the order of their ids.

    Must not be called inside a transaction.

    Args:
        written: rows the caller has just written itself; all others are read and their tokens checked.

    Errors: those of the database.
    """
    if written and len(written) == 1 and (head := _seal_alone(*written.items())) is not None:
        headfile.advance(head)
        return Sealed(count=1)
    count = forged = last = 0
    while True:
        with transaction.atomic(durable=True):
            waiting = _waiting(after=last)
            done, head = _seal_rows(waiting, written or {})
        if head is not None:
            headfile.advance(head)
        count, forged = count + done, forged + len(waiting) - done
        if len(waiting) < BATCH:
            return Sealed(count, forged)
        last = waiting[-1][0]


def _seal_alone(event: tuple[int, tuple[str, str]]) -> Head | None:
    """Seal one event that was just written, where no earlier one waits; the new head, None where `seal` has more to do.

    Outside a transaction one message of statements is a transaction of its own: the lock holds until the row is sealed,
    and what is read has been committed before.
    """
    pk, (token, text) = event
    lock = f"SELECT pg_advisory_xact_lock({LOCK});" if connection.vendor == "postgresql" else ""
    sql, params = kept(_SEAL_ALONE.format(digest=_DIGEST[connection.vendor])).asked([f"|{pk}|{token}|{text}", pk, pk])
    with connection.cursor() as cursor:
        cursor.execute(lock + sql, params)
        row = cursor.fetchone()
    if row is None:
        return None
    number, previous, digest, first_uid = row
    before = Head(number - 1, previous)
    return Head(number, digest, str(uuid.UUID(str(first_uid))), at=timezone.now(), follows=before)


def _waiting(*, after: int) -> list[tuple]:
    """The ids that wait, each with number and hash of the newest row and the uid of the first, under the one lock.

    On SQLite the transaction has begun with the lock of the whole file. On PostgreSQL both statements go in one
    message, and the second sees what was committed while the first waited.
    """
    lock = f"SELECT pg_advisory_xact_lock({LOCK});" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(lock + _WAITING, [after, BATCH])
        return cursor.fetchall()


def _seal_rows(waiting: list[tuple], written: Texts) -> tuple[int, Head | None]:
    """Seal those whose token is right; their number and the new head of the chain, None where nothing was sealed."""
    others = [pk for pk, *_ in waiting if pk not in written]
    texts = {**written, **_genuine(others)} if others else written
    genuine = [pk for pk, *_ in waiting if pk in texts]
    if not genuine:
        return 0, None
    _, number, previous, first_uid = waiting[0]
    before = Head(number or 0, previous or FIRST_PREVIOUS)
    sealed, number, previous = [], before.count, before.hash
    for pk in genuine:
        number += 1
        digest = link(previous, number, pk, *texts[pk])
        sealed.append((pk, number, previous, digest))
        previous = digest
    _write(sealed)
    if before.count == 0:
        first_uid = AuditEvent.objects.values_list("uid", flat=True).get(number=1)
    name = str(uuid.UUID(str(first_uid))) if first_uid else ""
    return len(sealed), Head(number, previous, name, at=timezone.now(), follows=before)


def _genuine(pks: list[int]) -> Texts:
    """The rows of these ids that the application has written, by their tokens."""
    keys = audit_keys()
    texts = ((pk, token, _text(values)) for pk, token, *values in _read(pks))
    return {pk: (token, text) for pk, token, text in texts if text and keys.signed(text, token)}


def _read(pks: list[int]) -> list[tuple]:
    """Rows as tuples of _COLUMNS, in the order of their ids; of a row that cannot even be read, the id alone."""
    rows = AuditEvent.objects.filter(pk__in=pks).order_by("pk").values_list(*_COLUMNS)
    try:
        return list(rows)
    except ValueError:  # SQLite keeps whatever somebody wrote past the application
        if len(pks) == 1:
            return [(pks[0], "")]
        return [row for pk in pks for row in _read([pk])]


def _text(values: list) -> str | None:
    """The canonical text of a row, None where somebody has put something into it that no event can hold."""
    try:
        return canonical(values)
    except (ValueError, TypeError, AttributeError):
        return None


def _write(sealed: list[tuple[int, int, str, str]]) -> None:
    """Write numbers and hashes: one statement on PostgreSQL, one call of the library on SQLite."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_SEAL, [list(column) for column in zip(*sealed, strict=True)])
        else:
            cursor.executemany(
                "UPDATE records_auditevent SET number = %s, prev_hash = %s, hash = %s WHERE id = %s",
                [(number, previous, digest, pk) for pk, number, previous, digest in sealed],
            )


def first_uid() -> str:
    """The uid of the first row of the chain, which names the chain; "" while nothing is sealed."""
    found = AuditEvent.objects.filter(number__isnull=False).order_by("number").values_list("uid", flat=True).first()
    return str(found) if found else ""


# --- verifying ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verified:
    """What verifying found: how many rows are whole, and the first broken one in words ("" when there is none).

    `old_keys`: rows signed under a key that is no longer known; chain and head file vouch for them, their token cannot.
    """

    rows: int
    broken: str = ""
    old_keys: int = 0


def verify(heads: list[Head]) -> Verified:
    """Read the whole log once, in constant memory, and compare it with the heads that were kept outside.

    The first row that is wrong ends it. Errors: those of the database.
    """
    expected = defaultdict(list)
    for head in heads:
        expected[head.count].append(head)
    kept = max(expected, default=0)
    keys = audit_keys()
    rows, old_keys, previous = 0, 0, FIRST_PREVIOUS
    with transaction.atomic():
        found = _sealed_rows()
        while row := _next_row(found, rows + 1):
            broken, known_key = _check(row, rows + 1, previous, kept, keys)
            for head in expected.get(rows + 1, ()):
                if not broken and head.hash != row.hash:
                    broken = f"{_name(row)} không phải dòng mà {head.source} đã ghi: chuỗi đã bị viết lại"
            if broken:
                return Verified(rows, broken)
            rows, previous, old_keys = rows + 1, row.hash, old_keys + (not known_key)
    if kept > rows:
        source = expected[kept][0].source
        left = f"chỉ còn {rows}" if rows else "trống"
        return Verified(rows, f"thiếu từ dòng số {rows + 1}: {source} ghi {kept} dòng, nhật ký {left}")
    return Verified(rows, _forged(), old_keys)


@dataclass(frozen=True)
class _Row:
    number: int
    prev_hash: str = ""
    hash: str = ""
    pk: int = 0
    token: str = ""
    values: list | None = None


def _sealed_rows() -> Iterator[_Row]:
    """All rows with a number, in their order."""
    columns = ("number", "prev_hash", "hash", *_COLUMNS)
    found = AuditEvent.objects.filter(number__isnull=False).order_by("number", "pk").values_list(*columns)
    for number, prev_hash, digest, pk, token, *values in found.iterator(chunk_size=2000):
        yield _Row(number, prev_hash, digest, pk, token, values)


def _next_row(rows: Iterator[_Row], number: int) -> _Row | None:
    """The next row; one without values where they cannot be read (SQLite keeps whatever was written)."""
    try:
        return next(rows, None)
    except ValueError:
        return _Row(number)


def _name(row: _Row) -> str:
    return f"dòng số {row.number} (mã {row.pk})" if row.pk else f"dòng số {row.number}"


def _check(row: _Row, number: int, previous: str, kept: int, keys: Keys) -> tuple[str, bool]:
    """What is wrong with a row, "" for nothing; and whether the key it was signed under is still known."""
    text = _text(row.values) if row.values else None
    if text is None or not isinstance(row.number, int):
        return f"{_name(row)} đã bị sửa: có giá trị không đọc được", True
    if row.number > number:
        return f"thiếu dòng số {number}: tại đó lại là {_name(row)}", True
    if row.number < number:
        return f"{_name(row)} mang số không đúng chỗ", True
    if row.prev_hash != previous:
        return f"{_name(row)} không nối vào dòng trước: mã của dòng trước không khớp", True
    if link(previous, number, row.pk, row.token, text) != row.hash:
        return f"{_name(row)} đã bị sửa: nội dung không khớp mã của dòng", True
    if keys.signed(text, row.token):
        return "", True
    # Rotated out: older rows cannot be checked by their token, but what lies beyond the kept head must be ours.
    if not keys.knows(row.token) and number <= kept:
        return "", False
    return f"{_name(row)} không do hệ thống ghi: dấu không đúng", True


def _forged() -> str:
    """What to say of the first row that has no number and no right token; rows that just wait for sealing are fine."""
    last = 0
    while pks := list(
        AuditEvent.objects.filter(number__isnull=True, pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        genuine = _genuine(pks)
        for pk in pks:
            if pk not in genuine:
                return f"dòng chưa có số (mã {pk}) không do hệ thống ghi: dấu không đúng"
        last = pks[-1]
    return ""
