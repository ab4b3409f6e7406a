"""A list is taken back as a whole, within seven days: what it made goes, what it changed is as before."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q

from records.audit import record
from tasks.errors import Refused
from veterans import living, people
from veterans.importing import values
from veterans.importing.matching import in_chunks
from veterans.models import ImportedRow, Person, PersonCategory, PersonImport

Outcome = ImportedRow.Outcome
DAYS = 7
MOST_NAMED = 10
_DATES = ("living_on",)


def last_moment(found: PersonImport) -> datetime:
    """Until when the list can be taken back."""
    assert found.applied_at is not None
    return found.applied_at + timedelta(days=DAYS)


def may_revert(found: PersonImport, *, now: datetime) -> bool:
    """Whether it is in the registry and its time is not over."""
    return found.state == PersonImport.State.APPLIED and now <= last_moment(found)


@transaction.atomic
def revert(found: PersonImport, *, by: Any, now: datetime) -> dict[str, int]:
    """Take the list back; returns how many entries were removed and put back.

    Errors: Refused when its time is over, or when anybody has worked on one of its entries since: those rows are named.
    """
    row = PersonImport.objects.select_for_update().get(pk=found.pk)
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
    updated = list(row.rows.filter(outcome=Outcome.UPDATE, version_after__isnull=False).select_related("person"))
    for one in updated:
        _put_back(row, one, by=by, now=now)
    made = list(row.rows.filter(outcome=Outcome.CREATE, person__isnull=False).values_list("person_id", flat=True))
    _remove(made)
    row.state, row.reverted_by, row.reverted_at = PersonImport.State.REVERTED, by, now
    row.save(update_fields=["state", "reverted_by", "reverted_at"])
    counts = {"removed": len(made), "put_back": len(updated)}
    record("import.reverted", by=by, at=now, target=row, data=counts)
    found.refresh_from_db()
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


def _put_back(found: PersonImport, row: ImportedRow, *, by: Any, now: datetime) -> None:
    place = values.before_of(row.sheet, row.number)
    before: dict[str, Any] = values.unseal(row.before, found, place) if row.before else {}
    person = row.person
    assert person is not None
    if before.pop("death", False):
        person = living.withdraw_death(person, reason=f"Gỡ danh sách nhập số {found.pk}", by=by, now=now)
    category = before.pop("category", None)
    fields = {name: date.fromisoformat(value) if name in _DATES and value else value for name, value in before.items()}
    groups = {
        group.category: people.evidence_of(group) for group in person.categories.all() if group.category != category
    }
    if fields or category:
        people.change_person(person, fields=fields, categories=groups, version=person.version, by=by, now=now)


def _remove(ids: list[int]) -> None:
    """Entries that were only of this list, with their history: as if it had never come."""
    for chunk in in_chunks(ids):
        groups = PersonCategory.objects.filter(person__in=chunk)
        PersonCategory.history.filter(person_id__in=chunk).delete()
        Person.history.filter(id__in=chunk).delete()
        groups._raw_delete(groups.db)
        Person.objects.filter(pk__in=chunk).delete()
        # Deleting writes a last row of history for each.
        PersonCategory.history.filter(person_id__in=chunk).delete()
        Person.history.filter(id__in=chunk).delete()
