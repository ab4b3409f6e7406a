"""What was checked goes into the registry, in one transaction or not at all."""

from datetime import datetime
from typing import Any

from django.db import transaction

from directive_tracker import crypto
from records import jobs_runner
from records.audit import record
from tasks.errors import Refused
from veterans import living, people, sensitive
from veterans.duplicates import jobs as duplicate_jobs
from veterans.enums import SensitiveKind
from veterans.importing import values
from veterans.importing.checking import NOT_NOW, Step, check, compare, content_in, newest_applied, no_step, with_sealed
from veterans.importing.matching import in_chunks, point_rows
from veterans.importing.scope import scope_of
from veterans.models import ImportedRow, Person, PersonCategory, PersonImport, SensitiveValue

Outcome = ImportedRow.Outcome
State = PersonImport.State
# So many entries are written while the person waits.
AT_ONCE = 300
STALE = "Sổ đã thay đổi từ lúc kiểm tra danh sách nên chưa nhập gì. Kết quả kiểm tra mới ở bên dưới."
NOTHING = "Không có gì để nhập: mọi dòng đọc được đều đã có trong sổ."
OUTSIDE = "Địa bàn anh/chị phụ trách đã thay đổi nên chưa nhập gì. Hãy kiểm tra lại danh sách."


class Stale(Refused):
    """The registry is no longer as it was when the list was checked; it has been checked again."""


def apply(found: PersonImport, *, by: Any, now: datetime, step: Step = no_step) -> dict[str, int]:
    """Import a checked list; returns how many entries were created and updated.

    Args:
        step: called with rows done and rows to do.
    Errors: Refused with a sentence; Stale after checking anew; what `step` raises (nothing is imported then).
    """
    try:
        with transaction.atomic():
            counts = _apply(found, by=by, now=now, step=step)
            # Who may be there twice is proposed by a job; nothing is merged by a program.
            jobs_runner.start(duplicate_jobs.SEARCH, title="Tìm hồ sơ có thể trùng", arguments={}, by=by, now=now)
            return counts
    except Stale:
        check(found, by=by, now=now)
        raise


def _apply(found: PersonImport, *, by: Any, now: datetime, step: Step) -> dict[str, int]:
    row = PersonImport.objects.select_for_update().get(pk=found.pk)
    if row.state not in (State.CHECKED, State.APPLYING):
        raise Refused(NOT_NOW)
    if row.summary.get("applied_before") != newest_applied(found):
        raise Stale(STALE)
    within = scope_of(found, by).within
    updates = dict(found.rows.filter(outcome=Outcome.UPDATE).order_by("pk").values_list("pk", "person_id"))
    creates = list(found.rows.filter(outcome=Outcome.CREATE).order_by("pk").values_list("pk", flat=True))
    total, done = len(creates) + len(updates), 0
    if not total:
        raise Refused(NOTHING)
    for chunk in in_chunks(creates):
        _create(found, chunk, within, by=by, now=now)
        done += len(chunk)
        step(done, total)
    # What others changed since the check is looked at again, row by row.
    changed = compare(found, updates)
    for pk, person in updates.items():
        if changed[pk] == Outcome.UPDATE:
            _update(found, pk, person, by=by, now=now)
        done += 1
        if done % 100 == 0:
            step(done, total)
    counts = {"created": len(creates), "updated": sum(1 for one in changed.values() if one == Outcome.UPDATE)}
    row.state, row.applied_by, row.applied_at, row.job = State.APPLIED, by, now, None
    row.save(update_fields=["state", "applied_by", "applied_at", "job"])
    record("import.applied", by=by, at=now, target=row, data=counts)
    found.refresh_from_db()
    return counts


def _create(found: PersonImport, pks: list[int], within: frozenset[int], *, by: Any, now: datetime) -> None:
    """New entries with their groups, sealed values and history."""
    rows = list(ImportedRow.objects.filter(pk__in=pks).order_by("pk"))
    contents = [content_in(row, found) for row in rows]
    if any(content.residence not in within for content in contents):
        raise Refused(OUTSIDE)
    made = Person.objects.bulk_create(values.new_person(content, found, by=by, now=now) for content in contents)
    Person.history.bulk_history_create(made, default_user=by, default_date=now)
    groups = PersonCategory.objects.bulk_create(
        PersonCategory(person=person, category=content.category) for person, content in zip(made, contents, strict=True)
    )
    PersonCategory.history.bulk_history_create(groups, default_user=by, default_date=now)
    SensitiveValue.objects.bulk_create(
        sensitive.row(person.pk, kind, words, by=by, now=now)
        for person, content in zip(made, contents, strict=True)
        for kind, words in content.sealed.items()
    )
    point_rows(((row.pk, person.pk, Outcome.CREATE) for row, person in zip(rows, made, strict=True)), version=1)


def _update(found: PersonImport, pk: int, person_id: int, *, by: Any, now: datetime) -> None:
    """Bring what the list knows newer into an entry; what it held before is kept, sealed, for the way back."""
    row = ImportedRow.objects.get(pk=pk)
    content = content_in(row, found)
    person, known, categories = with_sealed([person_id])[person_id]
    changed = values.changes(person, content, known, found)
    before: dict[str, Any] = {
        name: _plain(known.get(name, "") if name in SensitiveKind.values else getattr(person, name)) for name in changed
    }
    groups = {group.category: people.evidence_of(group) for group in person.categories.all()}
    if content.category not in categories:
        before["category"] = content.category
        groups[content.category] = ("", "")
    if changed or content.category not in categories:
        person = people.change_person(person, fields=changed, categories=groups, version=person.version, by=by, now=now)
    if values.reports_death(person, content):
        before["death"] = True
        source = values.living_fields(content, found, now=now, by=by)["death_source"]
        person = living.report_death(person, source=source, by=by, now=now)
    row.before = values.seal(before, found, values.before_of(row.sheet, row.number))
    row.key_id = crypto.key_id(row.before)
    row.version_after = person.version
    row.save(update_fields=["before", "key_id", "version_after"])


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if hasattr(value, "isoformat") else value
