"""The chain of the log: events are sealed right after their commit, one after the other, and verified at any time.

An event is written inside the transaction of what it tells of; there it has no number yet. A lock held by that
transaction would make all writers wait for each other, so numbers are given **after** its commit, in a short
transaction of its own under one lock. Between the two lie milliseconds, or a minute after a killed process (the tick
seals what is left). In that time a row may vanish unseen; afterwards it may not (docs/audit.md).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Subquery
from django.utils import timezone

from records import headfile
from records.canonical import COLUMNS, FIRST_PREVIOUS, canonical, link
from records.headfile import Head
from records.models import AuditEvent
from records.models.audit import audit_keys

BATCH = 1000
# Any number: who seals holds PostgreSQL's advisory lock of it until the end of the transaction.
LOCK = 0x41554449
_COLUMNS = ("pk", "token", *COLUMNS)


@dataclass(frozen=True)
class Sealed:
    """What one round of sealing did; `forged` are rows whose token is wrong, which are left as they are."""

    count: int = 0
    forged: int = 0


def seal_after_commit() -> None:
    """Let the events of the present transaction be sealed once it has committed; at once outside one."""
    if not any(function is _seal_quietly for _, function, _ in connection.run_on_commit):
        transaction.on_commit(_seal_quietly, robust=True)


def _seal_quietly() -> None:
    """What runs after a commit: what fails is logged by Django, the page is answered, the tick tries again."""
    seal()


def seal() -> Sealed:
    """Give numbers and hashes to all events that wait, in the order of their ids.

    Must not be called inside a transaction. Errors: those of the database.
    """
    count = forged = last = 0
    while True:
        with transaction.atomic(durable=True):
            _lock()
            rows = _next_rows(after=last)
            done, head = _seal_rows(rows)
        if head is not None:
            headfile.advance(head)
        count, forged = count + done, forged + len(rows) - done
        if len(rows) < BATCH:
            return Sealed(count, forged)
        last = rows[-1][0]


def _lock() -> None:
    """One sealer at a time; on SQLite the transaction has begun with the lock of the whole file."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _unsealed():
    """The rows without a number, as tuples of _COLUMNS."""
    return AuditEvent.objects.filter(number__isnull=True).order_by("pk").values_list(*_COLUMNS)


def _next_rows(*, after: int) -> list[tuple]:
    """The next batch of rows without a number; of a row that cannot even be read, the id alone."""
    waiting = _unsealed().filter(pk__gt=after)
    try:
        return list(waiting[:BATCH])
    except ValueError:  # SQLite keeps whatever somebody wrote past the application
        rows = []
        for pk in waiting.values_list("pk", flat=True)[:BATCH]:
            try:
                rows.append(waiting.get(pk=pk))
            except ValueError:
                rows.append((pk, ""))
        return rows


def _text(values: list) -> str | None:
    """The canonical text of a row, None where somebody has put something into it that no event can hold."""
    try:
        return canonical(values)
    except (ValueError, TypeError, AttributeError):
        return None


def _seal_rows(rows: list[tuple]) -> tuple[int, Head | None]:
    """Seal those whose token is right; their number and the new head of the chain, None where nothing was sealed."""
    keys = audit_keys()
    texts = [(pk, token, _text(values)) for pk, token, *values in rows]
    genuine = [(pk, token, text) for pk, token, text in texts if text and keys.signed(text, token)]
    if not genuine:
        return 0, None
    first = AuditEvent.objects.filter(number__isnull=False).order_by("number").values("uid")[:1]
    newest = (
        AuditEvent.objects.filter(number__isnull=False)
        .annotate(first=Subquery(first))
        .order_by("-number")
        .values_list("number", "hash", "first")
        .first()
    )
    number, previous, first_uid = newest or (0, FIRST_PREVIOUS, None)
    before = Head(number, previous)
    sealed = []
    for pk, token, text in genuine:
        number += 1
        digest = link(previous, number, pk, token, text)
        sealed.append((pk, number, previous, digest))
        previous = digest
    _write(sealed)
    # The first row names the chain; of a chain that begins now it is the first of these.
    first_uid = first_uid or AuditEvent.objects.values_list("uid", flat=True).get(number=1)
    return len(sealed), Head(number, previous, str(first_uid), at=timezone.now(), follows=before)


def first_uid() -> str:
    """The uid of the first row of the chain, which names the chain; "" while nothing is sealed."""
    found = AuditEvent.objects.filter(number__isnull=False).order_by("number").values_list("uid", flat=True).first()
    return str(found) if found else ""


def _write(sealed: list[tuple[int, int, str, str]]) -> None:
    """Write numbers and hashes: one statement on PostgreSQL, one call of the library on SQLite."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            columns = [list(column) for column in zip(*sealed, strict=True)]
            cursor.execute(
                "UPDATE records_auditevent AS event SET number = new.number, prev_hash = new.prev_hash, hash = new.hash "
                "FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS new(id, number, prev_hash, hash) "
                "WHERE event.id = new.id",
                columns,
            )
        else:
            cursor.executemany(
                "UPDATE records_auditevent SET number = %s, prev_hash = %s, hash = %s WHERE id = %s",
                [(number, previous, digest, pk) for pk, number, previous, digest in sealed],
            )


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
    rows, old_keys, previous = 0, 0, FIRST_PREVIOUS
    with transaction.atomic():
        found = _sealed_rows()
        while row := _next_row(found, rows + 1):
            broken, known_key = _check(row, rows + 1, previous, kept)
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


def _check(row: _Row, number: int, previous: str, kept: int) -> tuple[str, bool]:
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
    keys = audit_keys()
    if keys.signed(text, row.token):
        return "", True
    # Rotated out: older rows cannot be checked by their token, but what lies beyond the kept head must be ours.
    if not keys.knows(row.token) and number <= kept:
        return "", False
    return f"{_name(row)} không do hệ thống ghi: dấu không đúng", True


def _forged() -> str:
    """What to say of the first row that has no number and no right token; rows that just wait for sealing are fine."""
    keys, last = audit_keys(), 0
    while rows := _next_rows(after=last):
        for pk, token, *values in rows:
            text = _text(values)
            if not text or not keys.signed(text, token):
                return f"dòng chưa có số (mã {pk}) không do hệ thống ghi: dấu không đúng"
        last = rows[-1][0]
    return ""
