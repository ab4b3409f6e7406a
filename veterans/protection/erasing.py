"""Erasing somebody: the entry stays as an empty shell, so that visits and the register keep their number; nothing of the person does.

What is emptied is listed here, table by table; a test puts a canary into every field and looks for it in the whole database
and the folder of files. A kept list that held the person's row is emptied as a whole: what stands in a spreadsheet cannot be
cut out of it without writing a list that nobody sent. Lists in which the person stands without a row that leads to the entry
are looked for by a job (other_lists).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Model, Q

from records.audit import record
from records.models import Job, StoredFile
from tasks.errors import Refused
from veterans.enums import Finding, Living, Sex, Verification
from veterans.models import (
    Condolence,
    Consent,
    DataRequest,
    DuplicatePair,
    Erasure,
    Gift,
    ImportedRow,
    Merge,
    Person,
    PersonCategory,
    PersonImport,
    PersonScan,
    PlanEntry,
    SensitiveValue,
    SentPhoto,
    SentVisit,
    VerificationStep,
    Visit,
    VisitPhoto,
    Wish,
)
from veterans.people import locked
from veterans.protection import erased_list, other_lists
from veterans.protection.jobs import EXPORT_KINDS, start_scrub

SHELL_NAME = "Đã xóa dữ liệu"
NOTHING = "đã xóa"
EMPTY: dict[str, object] = {
    "full_name": SHELL_NAME,
    "other_name": "",
    "sex": Sex.UNKNOWN,
    "birth_year": None,
    "birth_month": None,
    "birth_day": None,
    "birth_is_estimated": None,
    "hamlet": "",
    "living_state": Living.UNKNOWN,
    "living_on": None,
    "living_source": "",
    "moved_to": "",
    "death_on": None,
    "death_source": "",
    "death_reported_by": None,
    "death_reported_at": None,
    "death_confirmed_by": None,
    "death_confirmed_at": None,
    "verification": Verification.NEW,
    "verified_on": None,
    "verified_by": None,
    "finding": Finding.NONE,
    "finding_reason": "",
    "review_asked": "",
    "legal_basis": "",
    "needs_interpreter": False,
    "needs_vehicle": False,
    "removed_on": None,
    "removed_by": None,
    "removal_reason": "",
    "removal_contested": "",
}


@transaction.atomic
def erase(person: Person, *, kind: str, basis: str, by, now: datetime) -> Erasure:
    """Erase everything that is known of a person, in the entries that were merged into this one as well.

    Args:
        kind: of Erasure; basis: on what ground, in words without anything of the person.
        by: None where a restored backup is erased again.

    Errors: Refused for an entry that is erased already, or that was merged into another one.
    """
    person = locked(person)
    if person.erased_at:
        raise Refused("Dữ liệu của hồ sơ này đã được xóa trước đó.")
    if person.merged_into_id:
        raise Refused("Hồ sơ này đã gộp vào hồ sơ khác. Hãy xóa ở hồ sơ giữ lại.")
    everybody = [person, *absorbed(person)]
    numbers = [each.pk for each in everybody]
    marks, areas = other_lists.marks_of(everybody), other_lists.areas_of(everybody)
    _empty_lists(numbers)
    files = []
    for pictures in (
        PersonScan.objects.filter(person__in=numbers),
        VisitPhoto.objects.filter(visit__person__in=numbers),
        SentPhoto.objects.filter(sent__person__in=numbers),
    ):
        files += [row.file for row in pictures.select_related("file")]
        pictures.delete()
    # After the pictures: one of a person leads to the consent for it.
    _empty_rows(numbers)
    for file in files:
        file.remove()
    _empty_exports()
    for each in everybody:
        made = _empty_entry(each, kind=kind, basis=basis, by=by, now=now)
        if each.pk == person.pk:
            erasure = made
    erased_list.note_after_commit(everybody, kind=kind, at=now)
    start_scrub(marks=marks, areas=areas, by=by, now=now)
    return erasure


def absorbed(person: Person) -> list[Person]:
    """The entries that were merged into this one, and into those."""
    found, front = [], [person.pk]
    while front:
        rows = list(Person.objects.select_for_update().filter(merged_into__in=front, erased_at__isnull=True))
        found += rows
        front = [row.pk for row in rows]
    return found


def _empty_rows(numbers: list[int]) -> None:
    """The tables that hang on the entry."""
    whose = Q(person__in=numbers)
    for model in (SensitiveValue, Consent, VerificationStep):
        model.objects.filter(whose).delete()
    PersonCategory.objects.filter(whose).update(paper="", number="", issuer="", issued_on=None, witness="")
    PersonCategory.history.filter(person_id__in=numbers).delete()
    Person.history.filter(id__in=numbers).delete()
    # What was given stays an item of the accounts; the words may name somebody.
    Visit.objects.filter(whose).update(received_by="", note="")
    Gift.objects.filter(whose).exclude(goods="").update(goods="Hiện vật")
    Gift.objects.filter(whose).exclude(why="").update(why=NOTHING)
    PlanEntry.objects.filter(whose).exclude(dropped_because="").update(dropped_because=NOTHING)
    Wish.objects.filter(whose).delete()
    SentVisit.objects.filter(whose).update(sealed=None, key_id="", why_words="")
    SentVisit.objects.filter(whose).exclude(decision="").update(decision=NOTHING)
    Condolence.objects.filter(whose).update(note="")
    DataRequest.objects.filter(whose).update(asked_by="", words="", extended_because="")
    DataRequest.objects.filter(whose).exclude(outcome="").update(outcome=NOTHING)
    DuplicatePair.objects.filter(Q(first__in=numbers) | Q(second__in=numbers)).delete()
    Merge.objects.filter(Q(kept__in=numbers) | Q(absorbed__in=numbers)).update(sealed=b"", key_id="")


def _empty_lists(numbers: list[int]) -> None:
    """Rows that were brought in: their sealed content, and the kept files they stand in, whole."""
    rows = ImportedRow.objects.filter(person__in=numbers)
    lists = list(PersonImport.objects.filter(pk__in=rows.values("person_import")).select_related("file"))
    rows.update(sealed=None, before=None, key_id="", line_key="")
    for each in lists:
        other_lists.empty(each)


def _empty_exports() -> None:
    """Files that were made of the registry and are still kept: any of them may hold the person."""
    made = Job.objects.filter(kind__in=EXPORT_KINDS, result_file__isnull=False).values("result_file")
    for file in StoredFile.objects.filter(pk__in=made):
        file.empty()


def _empty_entry(person: Person, *, kind: str, basis: str, by, now: datetime) -> Erasure:
    for name, value in EMPTY.items():
        setattr(person, name, value)
    person.erased_at = now
    person.version += 1
    # History would keep the former values; the register and the log say what was done.
    person.skip_history_when_saving = True
    person.save()
    del person.skip_history_when_saving
    record("person.erased", by=by, at=now, target=person, data={"way": f"erasure_{kind}"})
    return Erasure.objects.create(person_number=person.pk, kind=kind, basis=basis, by=by, at=now)


def tables_with_words() -> Iterable[type[Model]]:
    """What an erasure has to look at; a test compares it with the models that hang on a person."""
    return (
        Condolence,
        Consent,
        DataRequest,
        DuplicatePair,
        Gift,
        ImportedRow,
        Merge,
        Person,
        PersonCategory,
        PersonScan,
        PlanEntry,
        SensitiveValue,
        SentVisit,
        VerificationStep,
        Visit,
        Wish,
    )
