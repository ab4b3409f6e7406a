"""What is done to an entry of the registry: add, change, verify, take off the list, put back.

Every function locks the row, writes history and log in one transaction, and names fields in the
log, never values. Rights are checked by the pages (permissions.py); the rules of the registry here.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from directive_tracker import vietnamese
from records.audit import record
from tasks.errors import Refused
from veterans import sensitive
from veterans.enums import PARTICIPANTS, Category, Finding, Living, SensitiveKind, Verification
from veterans.models import Person, PersonCategory, VerificationStep
from veterans.models.person import YEARS_OF_PARTICIPANTS
from veterans.planning import wishes
from veterans.wording import words_or_refuse

# What a registrar writes; everything else follows from what is done.
EDITABLE = (
    "full_name",
    "other_name",
    "sex",
    "birth_year",
    "birth_month",
    "birth_day",
    "birth_is_estimated",
    "residence",
    "hamlet",
    "living_state",
    "living_on",
    "living_source",
    "moved_to",
    "legal_basis",
    "needs_interpreter",
    "needs_vehicle",
)
# Of the dead these say nothing any more.
LIVING = frozenset({"living_state", "living_on", "living_source", "moved_to"})
# What lies sealed beside the entry; written with it, by the same names (veterans/sensitive.py).
SEALED = tuple(SensitiveKind.values)
# Who the person is: when one of these changes, what others confirmed was about somebody else.
IDENTITY = frozenset({"full_name", "birth_year", "birth_month", "birth_day", "residence"})

EVIDENCE_CAME = "Giấy tờ hoặc người làm chứng đã được sửa, bổ sung."


class Evidence(NamedTuple):
    """What shows that a person belongs to a group; what is not known stays empty."""

    paper: str = ""
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    witness: str = ""


# Group → its evidence; a shorter tuple leaves the rest empty.
Groups = Mapping[str, Evidence | tuple]


def day_of(now: datetime):
    """The calendar day of a moment in Việt Nam."""
    return now.astimezone(vietnamese.ZONE).date()


def locked(person: Person) -> Person:
    """Read the row again and hold it until the end of the transaction."""
    return Person.objects.select_for_update().get(pk=person.pk)


def keep(person: Person, *, by, now: datetime) -> None:
    """Save one change with its place in the history."""
    person.version += 1
    person._history_user = by
    person._history_date = now
    person.save()


def refuse_removed(person: Person) -> None:
    """Errors: Refused for somebody who is no longer on the list, or whose data were erased."""
    if person.erased_at:
        raise Refused("Dữ liệu của hồ sơ này đã được xóa; không ghi thêm vào hồ sơ này.")
    if person.merged_into_id:
        raise Refused(f"Hồ sơ này đã gộp vào hồ sơ số {person.merged_into_id}; hãy làm ở hồ sơ đó.")
    if person.is_removed:
        raise Refused("Người này đã được đưa khỏi danh sách. Hãy đưa lại vào danh sách trước.")


def check_categories(birth_year: int | None, categories) -> None:
    """Say what is wrong with the groups of a person.

    Errors: Refused without any group, or when one who took part in 1954 could not have done so.
    """
    if not categories:
        raise Refused("Hãy chọn ít nhất một đối tượng.")
    low, high = YEARS_OF_PARTICIPANTS
    if birth_year and PARTICIPANTS & set(categories) and not low <= birth_year <= high:
        raise Refused(
            f"Người trực tiếp tham gia năm 1954 phải sinh từ {low} đến {high}. Hãy kiểm tra năm sinh hoặc đối tượng."
        )


@transaction.atomic
def add_person(*, fields: Mapping, categories: Groups, by, now: datetime) -> Person:
    """Put somebody on the list.

    Args:
        fields: values of EDITABLE fields, of SEALED kinds, and wishes (forms of Honour); what is missing stays unknown.
        categories: group → its Evidence.

    Errors: ValidationError for impossible values, Refused for impossible groups.
    """
    check_categories(fields.get("birth_year"), categories)
    person = Person(created_by=by, created_at=now, **{name: fields[name] for name in EDITABLE if name in fields})
    if person.living_state == Living.DECEASED:
        raise Refused("Tin từ trần được báo ở hồ sơ, kèm nguồn tin, và cần người thứ hai xác nhận.")
    person.full_clean()
    person._history_user = by
    person._history_date = now
    person.save()
    _write_categories(person, categories, by=by, now=now)
    _write_sealed(person, fields, by=by, now=now)
    wishes.write(person, fields.get(wishes.FIELD, ()), by=by, now=now)
    record("person.added", by=by, at=now, target=person)
    return person


@transaction.atomic
def change_person(person: Person, *, fields: Mapping, categories: Groups, version: int, by, now: datetime) -> Person:
    """Change what is known of a person.

    Args:
        fields: EDITABLE fields, SEALED kinds ("" takes a sealed one away) and wishes to set; categories: all groups, each with its Evidence.
        version: the version the writer had before the eyes.

    A change of name, birth or residence puts the entry back to "mới lập": what was confirmed
    was something else. Errors: Refused, ValidationError.
    """
    person = locked(person)
    refuse_removed(person)
    if person.version != version:
        raise Refused("Trong lúc sửa, hồ sơ này đã được người khác thay đổi. Hãy mở lại hồ sơ rồi sửa.")
    return change_held(person, fields=fields, categories=categories, by=by, now=now)


def change_held(
    person: Person, *, fields: Mapping, categories: Groups, by, now: datetime, same: Collection[str] = ()
) -> Person:
    """The same for an entry that the caller holds until the end of the transaction and that is on the list.

    Args:
        same: columns that need not be checked again, because nothing is written into them.
    """
    check_categories(fields.get("birth_year", person.birth_year), categories)
    changed = []
    for name in EDITABLE:
        if name in fields and not (name in LIVING and person.is_deceased):
            before = getattr(person, name)
            setattr(person, name, fields[name])
            if before != fields[name]:
                changed.append(name)
    if fields.get("living_state") == Living.DECEASED and "living_state" in changed:
        raise Refused("Tin từ trần được báo ở hồ sơ, kèm nguồn tin, và cần người thứ hai xác nhận.")
    if _write_categories(person, categories, by=by, now=now):
        changed.append("categories")
    changed += _write_sealed(person, fields, by=by, now=now)
    if wishes.FIELD in fields and wishes.write(person, fields[wishes.FIELD], by=by, now=now):
        changed.append(wishes.FIELD)
    if not changed:
        return person
    if IDENTITY & set(changed) and person.verification != Verification.NEW:
        start_again(person, by=by, now=now)
        changed.append("verification")
    elif "categories" in changed and person.finding == Finding.NOT_ENOUGH and not person.review_asked:
        # What was missing may have come: the level that missed it looks again.
        ask_to_look_again(person, EVIDENCE_CAME, by=by, now=now)
        changed.append("review_asked")
    person.full_clean(exclude=same)
    keep(person, by=by, now=now)
    record("person.changed", by=by, at=now, target=person, data={"fields": changed})
    return person


def _write_sealed(person: Person, fields: Mapping, *, by, now: datetime) -> list[str]:
    """Write the sensitive kinds among the fields; returns the names of those that changed."""
    values = {kind: fields[kind] for kind in SEALED if kind in fields}
    return sensitive.write(person, values, by=by, now=now) if values else []


def _write_categories(person: Person, categories: Groups, *, by, now: datetime) -> bool:
    """Make the person's groups the given ones; return whether anything changed."""
    known = {row.category: row for row in person.categories.all()}
    wanted = {str(Category(name)): Evidence(*evidence) for name, evidence in categories.items()}
    changed = False
    for name, row in known.items():
        if name not in wanted:
            row._history_user, row._history_date = by, now
            row.delete()
            changed = True
    for name, evidence in wanted.items():
        row = known.get(name) or PersonCategory(person=person, category=name)
        if row.pk and evidence_of(row) == evidence:
            continue
        for field, value in evidence._asdict().items():
            setattr(row, field, value)
        row._history_user, row._history_date = by, now
        row.save()
        changed = True
    return changed


def evidence_of(row: PersonCategory) -> Evidence:
    """The evidence that stands with a group."""
    return Evidence(row.paper, row.number, row.issuer, row.issued_on, row.witness)


def start_again(person: Person, *, by, now: datetime, reason: str = "") -> None:
    """Verify from the beginning; the caller keeps the entry."""
    person.verification = Verification.NEW
    person.verified_on = person.verified_by = None
    person.finding = Finding.NONE
    person.finding_reason = person.review_asked = ""
    note_step(person, VerificationStep.Kind.RESET, by=by, now=now, reason=reason)


def ask_to_look_again(person: Person, reason: str, *, by, now: datetime) -> None:
    """Put an entry back on the work list of the level that found something last; the caller keeps the entry."""
    person.review_asked = reason
    note_step(person, VerificationStep.Kind.ASKED, by=by, now=now, reason=reason)


def note_step(person: Person, kind: str, *, by, now: datetime, finding: str = "", reason: str = "") -> None:
    """Add what was said about an entry to its steps, with the level it stands at."""
    VerificationStep.objects.create(
        person=person, kind=kind, level=person.verification, finding=finding, reason=reason, by=by, at=now
    )


@transaction.atomic
def take_off(person: Person, *, reason: str, by, now: datetime) -> Person:
    """Take somebody off the list, with a reason that stays on the entry and can be contested.

    Errors: Refused without a reason or when the person is off the list already.
    """
    reason = words_or_refuse(
        reason, "Hãy ghi lý do đưa khỏi danh sách; lý do này người khác đọc được và có thể không đồng ý."
    )
    person = locked(person)
    refuse_removed(person)
    person.removed_on = day_of(now)
    person.removed_by = by
    person.removal_reason = reason
    person.removal_contested = ""
    keep(person, by=by, now=now)
    record("person.taken_off", by=by, at=now, target=person, data={"fields": ["removal_reason"]})
    return person


@transaction.atomic
def put_back(person: Person, *, objection: str, by, now: datetime) -> Person:
    """Contest a removal: the person is on the list again and is verified from the beginning.

    Errors: Refused without words, or when the person is on the list.
    """
    objection = words_or_refuse(objection, "Hãy ghi vì sao người này phải ở trong danh sách.")
    person = locked(person)
    if not person.is_removed:
        raise Refused("Người này đang ở trong danh sách.")
    person.removed_on = person.removed_by = None
    person.removal_reason = ""
    person.removal_contested = objection
    if person.verification != Verification.NEW:
        start_again(person, by=by, now=now, reason=objection)
    keep(person, by=by, now=now)
    record("person.put_back", by=by, at=now, target=person, data={"fields": ["removal_contested"]})
    return person
