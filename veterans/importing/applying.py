"""What was checked goes into the registry, in one transaction or not at all.

First everything is worked out, which takes long, can be followed and stopped, and locks nothing (preparing); then it is
written, which is short and is not stopped any more. Whatever ends the program on the way leaves the registry as it was.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from directive_tracker import bulk, collecting
from records import jobs_runner
from records.audit import record
from records.models import Job
from tasks.errors import Refused
from veterans.duplicates import jobs as duplicate_jobs
from veterans.importing import values
from veterans.importing.checking import NOT_NOW, begin_again, check, newest_applied
from veterans.importing.following import Step, no_step
from veterans.importing.matching import point_created
from veterans.importing.preparing import Entries, Ready, extent, prepare, unpacked
from veterans.importing.updating import update_entries
from veterans.models import Person, PersonCategory, PersonImport, SensitiveValue

State = PersonImport.State
# So many entries are written while the person waits.
AT_ONCE = 300
STALE = "Sổ đã thay đổi từ lúc kiểm tra danh sách nên chưa nhập gì. Kết quả kiểm tra mới ở bên dưới."
# Any number: who writes a list into the registry holds PostgreSQL's advisory lock of it until the end of the transaction.
LOCK = 0x4C495354


class Stale(Refused):
    """The registry is no longer as it was when the list was checked; it has been checked again."""


@collecting.seldom()
def apply(
    found: PersonImport, *, by: Any, now: datetime, step: Step = no_step, job: Job | None = None
) -> dict[str, int]:
    """Import a checked list; returns how many entries were created and updated.

    Args:
        step: called with rows done and rows to do; when both are equal the writing begins.
        job: at work on the list; without one the list has to be a checked one.
    Errors: Refused with a sentence; Stale after checking anew; what `step` raises (nothing is imported then).
    """
    try:
        _refuse_other(found, found, job)
        ready = prepare(found, by=by, now=now, step=step)
        counts = _write(found, ready, by=by, now=now, job=job)
    except Stale:
        # Said on the page, followed and stopped as any reading.
        begin_again(found)
        check(found, by=by, now=now, step=step)
        raise
    found.refresh_from_db()
    return counts


def _refuse_other(found: PersonImport, row: PersonImport, job: Job | None) -> None:
    """Errors: Refused for a list that is not to be imported, or by somebody else; Stale."""
    expected = (State.CHECKED, None) if job is None else (State.APPLYING, job.pk)
    if (row.state, row.job_id if job is not None else None) != expected:
        raise Refused(NOT_NOW)
    if row.summary.get("applied_before") != newest_applied(found):
        raise Stale(STALE)


@transaction.atomic
def _write(found: PersonImport, ready: Ready, *, by: Any, now: datetime, job: Job | None) -> dict[str, int]:
    """Write what is ready, or nothing. Errors: Refused, Stale where it is no longer right."""
    if connection.vendor == "postgresql":
        # Of two lists written at the same moment the second sees that the registry has changed.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    row = PersonImport.objects.select_for_update().get(pk=found.pk)
    _refuse_other(found, row, job)
    if extent(row) != ready.rows:
        raise Refused(NOT_NOW)
    people = bulk.Table(
        Person, *values.ENTRY, legal_basis=values.source_words(found), created_by_id=by.pk, created_at=now
    )
    groups = bulk.Table(PersonCategory, "person_id", "category")
    sealed = bulk.Table(SensitiveValue, *values.sensitive.Sealed._fields, updated_by_id=by.pk, updated_at=now)
    for packed in ready.entries:
        _write_entries(unpacked(packed), (people, groups, sealed), by=by, now=now)
    updated = update_entries(found, ready.updates, by=by, now=now)
    counts = {"created": ready.created, "updated": updated}
    row.state, row.applied_by, row.applied_at, row.job = State.APPLIED, by, now, None
    row.save(update_fields=["state", "applied_by", "applied_at", "job"])
    record("import.applied", by=by, at=now, target=row, data=counts)
    # Who may be there twice is proposed by a job; nothing is merged by a program.
    jobs_runner.start(duplicate_jobs.SEARCH, title="Tìm hồ sơ có thể trùng", arguments={}, by=by, now=now)
    return counts


def _write_entries(
    entries: Entries, tables: tuple[bulk.Table, bulk.Table, bulk.Table], *, by: Any, now: datetime
) -> None:
    """New entries with their groups, sealed values and history."""
    people, groups, sealed = tables
    people.write(entries.people)
    bulk.begin_history(Person, [row[0] for row in entries.people], by=by, at=now)
    groups.write(entries.groups)
    bulk.begin_history(PersonCategory, [row[0] for row in entries.groups], by=by, at=now)
    sealed.write(entries.sealed)
    point_created(entries.rows)
