"""A list is taken back as a whole, within seven days: what it made goes, what it changed is as before.

As with an import everything is worked out first, which can be followed and stopped; the writing is short, all or nothing.
"""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import CASCADE, SET_NULL, Count, F, ForeignObjectRel, Q

from records.audit import record
from tasks.errors import Refused
from veterans import living, people
from veterans.importing import values
from veterans.importing.following import Step, no_step
from veterans.importing.matching import in_chunks
from veterans.importing.updating import CHUNK, COLUMNS, with_sealed
from veterans.models import ImportedRow, Person, PersonCategory, PersonImport

Outcome = ImportedRow.Outcome
DAYS = 7
MOST_NAMED = 10
_DATES = ("living_on",)
WORKED_ON = "Chưa gỡ gì: có người đang làm trên hồ sơ của danh sách này. Hãy thử lại."


def last_moment(found: PersonImport) -> datetime:
    """Until when the list can be taken back."""
    assert found.applied_at is not None
    return found.applied_at + timedelta(days=DAYS)


def may_revert(found: PersonImport, *, now: datetime) -> bool:
    """Whether it is in the registry and its time is not over."""
    return found.state == PersonImport.State.APPLIED and now <= last_moment(found)


class _Held(NamedTuple):
    """What an entry held before the list changed it."""

    row: ImportedRow
    before: dict[str, Any]


def revert(found: PersonImport, *, by: Any, now: datetime, step: Step = no_step) -> dict[str, int]:
    """Take the list back; returns how many entries were removed and put back.

    Args:
        step: called with rows done and rows to do; when both are equal the writing begins.
    Errors: Refused when its time is over, or when anybody has worked on one of its entries since: those rows are named.
        What `step` raises; nothing is taken back then.
    """
    _refuse(found, now=now)
    made = list(found.rows.filter(outcome=Outcome.CREATE, person__isnull=False).values_list("person_id", flat=True))
    updated = found.rows.filter(outcome=Outcome.UPDATE, version_after__isnull=False).order_by("pk")
    total = len(made) + updated.count()
    held: list[_Held] = []
    for chunk in in_chunks(updated.defer("sealed").iterator(chunk_size=CHUNK), CHUNK):
        step(len(held), total)
        held += [_Held(row, _before(found, row)) for row in chunk]
    step(total, total)
    counts = _write(found, made, held, by=by, now=now)
    found.refresh_from_db()
    return counts


def _before(found: PersonImport, row: ImportedRow) -> dict[str, Any]:
    return values.unseal(row.before, found, values.before_of(row.sheet, row.number)) if row.before else {}


def _refuse(row: PersonImport, *, now: datetime) -> None:
    """Errors: Refused where the list cannot be taken back."""
    if not may_revert(row, now=now):
        raise Refused(f"Chỉ gỡ được danh sách đã nhập trong {DAYS} ngày.")
    touched = touched_rows(row)
    if touched:
        named = ", ".join(_where(one) for one in touched[:MOST_NAMED])
        more = f" và {len(touched) - MOST_NAMED} dòng nữa" if len(touched) > MOST_NAMED else ""
        raise Refused(
            f"Chưa gỡ gì: sau khi nhập đã có người làm tiếp trên hồ sơ của {named}{more}."
            " Hãy sửa từng hồ sơ, hoặc đưa từng người khỏi danh sách với lý do."
        )


@transaction.atomic
def _write(found: PersonImport, made: list[int], held: list[_Held], *, by: Any, now: datetime) -> dict[str, int]:
    row = PersonImport.objects.select_for_update().get(pk=found.pk)
    _refuse(row, now=now)
    for chunk in in_chunks(held, CHUNK):
        entries = with_sealed([one.row.person_id for one in chunk if one.row.person_id], held=True)
        for one in chunk:
            if one.row.person_id in entries:
                _put_back(row, entries[one.row.person_id][0], one.before, by=by, now=now)
    _remove(made)
    row.state, row.reverted_by, row.reverted_at = PersonImport.State.REVERTED, by, now
    row.save(update_fields=["state", "reverted_by", "reverted_at"])
    counts = {"removed": len(made), "put_back": len(held)}
    record("import.reverted", by=by, at=now, target=row, data=counts)
    return counts


def touched_rows(found: PersonImport) -> list[ImportedRow]:
    """Rows whose entries somebody has worked on since: changed, verified, visited, merged, asked about, scanned.

    Five statements, however many rows.
    """
    rows = found.rows.filter(version_after__isnull=False)
    work = Q(person__version__gt=F("version_after")) | Q(person__merged_into__isnull=False)
    changed = set(rows.filter(work).values_list("pk", flat=True))
    made = rows.filter(outcome=Outcome.CREATE)
    for kind in (
        "visits",
        "scans",
        "data_requests",
        "condolences",
        "absorbed",
        "merges",
        "consents",
        "verification_steps",
    ):
        changed |= set(
            made.annotate(n=Count(f"person__{kind}")).filter(n__gt=0).order_by().values_list("pk", flat=True)
        )
    later = ImportedRow.objects.filter(
        person__in=made.values("person"),
        person_import__state=PersonImport.State.APPLIED,
        outcome__in=[Outcome.UPDATE, Outcome.KEEP],
    ).exclude(person_import=found)
    changed |= set(made.filter(person__in=later.values("person")).values_list("pk", flat=True))
    return list(ImportedRow.objects.filter(pk__in=sorted(changed)[:1000]).order_by("pk"))


def _where(row: ImportedRow) -> str:
    return f"dòng {row.number}" + (f" trang “{row.sheet}”" if row.sheet else "")


def _put_back(found: PersonImport, person: Person, before: dict[str, Any], *, by: Any, now: datetime) -> None:
    if before.pop("death", False):
        person = living.withdraw_death(person, reason=f"Gỡ danh sách nhập số {found.pk}", by=by, now=now)
    category = before.pop("category", None)
    fields = {name: date.fromisoformat(value) if name in _DATES and value else value for name, value in before.items()}
    groups = {
        group.category: people.evidence_of(group) for group in person.categories.all() if group.category != category
    }
    if fields or category:
        people.refuse_removed(person)
        same = [name for name in COLUMNS if name not in fields]
        people.change_held(person, fields=fields, categories=groups, by=by, now=now, same=same)


def _remove(ids: list[int]) -> None:
    """Entries that were only of this list, with their history: as if it had never come.

    What hangs on them goes or is let go as their models say, without a last row of history for each. Whoever works on
    one of them at this moment is asked first: Errors: Refused.
    """
    for chunk in in_chunks(ids):
        entries = Person.objects.filter(pk__in=chunk).order_by()
        if len(entries.select_for_update().filter(version=1).values_list("pk", flat=True)) != len(chunk):
            raise Refused(WORKED_ON)
        Person.history.filter(id__in=chunk)._raw_delete(entries.db)
        PersonCategory.history.filter(person_id__in=chunk)._raw_delete(entries.db)
        for relation in Person._meta.get_fields(include_hidden=True):
            if not (isinstance(relation, ForeignObjectRel) and relation.on_delete in (CASCADE, SET_NULL)):
                continue
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": chunk}).order_by()
            if relation.on_delete is CASCADE:
                rows._raw_delete(rows.db)
            else:
                rows.update(**{relation.field.name: None})
        entries._raw_delete(entries.db)
