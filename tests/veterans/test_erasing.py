"""Erasure: a canary in every field of a person, and none of them left in the database's bytes or the folder of files."""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from directive_tracker import crypto
from records.jobs_runner import run_waiting
from records.models import AuditEvent, Job, StoredFile
from records.results import keep_file
from records.uploads import store_upload
from tasks.errors import Refused
from tests.factories import at
from tests.services import postgres_bin
from tests.veterans.conftest import NOW, TODAY
from veterans import gifts, gratitude, people
from veterans.enums import Category, SensitiveKind
from veterans.gifts import Given
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
    SensitiveValue,
    VerificationStep,
    Visit,
)
from veterans.protection import erasing, jobs, scrubbing

WORD = "Zqcanari"
LATER = at("2024-04-16", "09:00")


@pytest.fixture(autouse=True)
def _list_of_erased(settings, tmp_path):
    settings.ERASED_FILE = str(tmp_path / "erased.jsonl")
    settings.MEDIA_ROOT = tmp_path / "media"


def canaries():
    number = iter(range(1000, 9999))
    return lambda: f"{WORD}{next(number)}"


def file_of(by, content, name="x.txt", *, sealed=True) -> StoredFile:
    return store_upload(SimpleUploadedFile(name, content.encode()), by=by, now=NOW, sealed=sealed)


@pytest.fixture
def whole(add, land):
    """Somebody of whom everything is known, with a canary in every field that takes words."""
    new, by = canaries(), land.of_province
    sealed = {kind: new() for kind in SensitiveKind.values}
    person = add(
        f"A {new()}",
        other_name=new(),
        hamlet=new(),
        living_source=new(),
        legal_basis=new(),
        categories={Category.LABOURER: (new(), new())},
        **sealed,
    )
    category = person.categories.get()
    category.issuer, category.witness = new(), new()
    category.save()
    # A second value: the history has the first.
    person = people.change_person(
        person,
        fields={"hamlet": new(), "full_name": f"A {new()}"},
        categories={Category.LABOURER: (new(), new())},
        version=person.version,
        by=by,
        now=NOW,
    )
    people.take_off(person, reason=new(), by=by, now=NOW)
    person = people.put_back(person, objection=new(), by=by, now=NOW)
    Person.objects.filter(pk=person.pk).update(
        moved_to=new(), finding="not_enough", finding_reason=new(), review_asked=new()
    )
    given = Given(land.sources["province"], money=500_000, goods=new())
    visit = {"on": date(2024, 4, 1), "unit": land.unit, "by": by, "now": NOW}
    gratitude.record_visit(person, gifts=[given], received_by=new(), note=new(), **visit)
    promised = gifts.promise(person, Given(land.sources["central"], goods=new()), unit=land.unit, by=by, now=NOW)
    gifts.withdraw(promised, why=new(), by=by, now=NOW)
    Condolence.objects.create(person=person, proposed_at=NOW, note=new())
    said = {"person": person, "recorded_by": by, "recorded_at": NOW}
    Consent.objects.create(purpose="keep", given=True, said_by=new(), way="spoken", witness=new(), on=TODAY, **said)
    DataRequest.objects.create(
        kind="correct",
        state="refused",
        asked_by=new(),
        words=new(),
        received_on=TODAY,
        answer_due=TODAY,
        done_due=TODAY,
        extended_because=new(),
        outcome=new(),
        closed_by=by,
        closed_at=NOW,
        **said,
    )
    VerificationStep.objects.create(
        person=person, kind="found", level="commune", finding="not_enough", reason=new(), by=by, at=NOW
    )
    other = add(f"A {WORD}0001", birth_year=1931)
    low, high = sorted((person, other), key=lambda each: each.pk)
    DuplicatePair.objects.create(first=low, second=high, score=90, found_at=NOW)
    absorbed = add(f"A {new()}", birth_year=1932, hamlet=new())
    Person.objects.filter(pk=absorbed.pk).update(merged_into=person)
    copy = crypto.encrypt(new().encode(), "merge")
    Merge.objects.create(kept=person, absorbed=absorbed, sealed=copy, key_id=crypto.key_id(copy), by=by, at=NOW)
    PersonScan.objects.create(
        person=person, kind="identity", file=file_of(by, new(), f"{new()}.txt"), added_by=by, added_at=NOW
    )
    brought = PersonImport.objects.create(
        file=file_of(by, new(), f"{new()}.csv"),
        sender="UBND xã",
        area=land.near,
        uploaded_by=by,
        uploaded_at=NOW,
        state="applied",
        applied_by=by,
        applied_at=NOW,
    )
    ImportedRow.objects.create(
        person_import=brought, number=7, outcome="create", person=person, sealed=copy, before=copy, line_key="a" * 64
    )
    # A file that was made of the list; unsealed here, so that its bytes would be found.
    made = keep_file(new().encode(), f"{new()}.xlsx", "x", by=by, now=NOW)
    Job.objects.create(
        kind=jobs.EXPORT, title="Xuất", started_by=by, created_at=NOW, state="done", finished_at=NOW, result_file=made
    )
    return person


def dumped() -> bytes:
    """The whole database as somebody with the disk has it."""
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        return b"".join(path.read_bytes() for path in name.parent.glob(f"{name.name}*"))
    known = connection.settings_dict
    program = postgres_bin() / "pg_dump"
    address = f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    return subprocess.run([program, address], check=True, capture_output=True).stdout


def files_of(folder) -> list[Path]:
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def found_in(data: bytes) -> list[bytes]:
    """The canaries of the erased person; 0001 is somebody else's."""
    return [data[at_ : at_ + 12] for at_ in _places(data, WORD.encode()) if data[at_ + 8 : at_ + 12] != b"0001"]


def _places(data: bytes, word: bytes):
    place = data.lower().find(word.lower())
    while place >= 0:
        yield place
        place = data.lower().find(word.lower(), place + 1) if place < len(data) else -1


@pytest.mark.django_db(transaction=True)
def test_no_byte_of_an_erased_person_stays_in_the_database_or_the_files(whole, land):
    folder = settings.MEDIA_ROOT
    before = dumped()
    assert (WORD.encode() in before, len(files_of(folder))) == (True, 3)

    erasing.erase(whole, kind="request", basis="Yêu cầu số 1", by=land.of_province, now=LATER)
    assert run_waiting(at("2024-04-16", "09:05")) == 1
    assert Job.objects.get(kind=jobs.SCRUB).state == "done"

    after = dumped()
    shutil.rmtree(folder / "nothing", ignore_errors=True)
    assert found_in(after) == []
    assert b"0001" in after
    assert [path for path in files_of(folder) if WORD.encode() in path.read_bytes()] == []
    assert files_of(folder) == []


@pytest.fixture
def erased(whole, land, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(whole, kind="request", basis="Yêu cầu số 1", by=land.of_province, now=LATER)
    return Person.objects.get(pk=whole.pk)


@pytest.mark.django_db
def test_the_shell_keeps_its_number_its_commune_and_what_was_given(erased, land):
    visit = Visit.objects.get()
    assert (erased.full_name, erased.residence, erased.erased_at) == ("Đã xóa dữ liệu", land.hring, LATER)
    assert (visit.person_id, visit.received_by, visit.note) == (erased.pk, "", "")
    assert list(Gift.objects.order_by("pk").values_list("state", "money", "goods", "why")) == [
        ("given", 500_000, "Hiện vật", ""),
        ("withdrawn", 0, "Hiện vật", "đã xóa"),
    ]
    assert list(PersonCategory.objects.filter(person=erased).values_list("category", "paper", "number")) == [
        ("frontline_labourer", "", "")
    ]
    assert erased not in Person.objects.on_the_list()


@pytest.mark.django_db
def test_everything_that_hangs_on_the_person_is_emptied(erased):
    counts = {
        model.__name__: model.objects.filter(person=erased).count()
        for model in (SensitiveValue, Consent, VerificationStep, PersonScan)
    }
    assert counts == {"SensitiveValue": 0, "Consent": 0, "VerificationStep": 0, "PersonScan": 0}
    assert [Person.history.filter(id=erased.pk).count(), DuplicatePair.objects.count()] == [0, 0]
    row = ImportedRow.objects.get()
    assert (row.sealed, row.before, row.line_key, row.number) == (None, None, "", 7)
    assert bytes(Merge.objects.get().sealed) == b""
    assert Person.objects.get(merged_into=erased).full_name == "Đã xóa dữ liệu"


@pytest.mark.django_db
def test_the_register_and_the_log_say_that_it_was_done_and_nothing_of_the_person(erased, land):
    rows = Erasure.objects.order_by("person_number").values_list("person_number", "kind", "basis", "by__username")
    absorbed = Person.objects.get(merged_into=erased)
    assert list(rows) == [
        (erased.pk, "request", "Yêu cầu số 1", "mttq"),
        (absorbed.pk, "request", "Yêu cầu số 1", "mttq"),
    ]
    event = AuditEvent.objects.filter(verb="person.erased").latest("pk")
    assert event.data == {"way": "erasure_request"}


@pytest.mark.django_db
def test_nobody_is_erased_twice_or_beside_the_entry_that_absorbed_them(erased, add, land):
    with pytest.raises(Refused, match="đã được xóa trước đó"):
        erasing.erase(erased, kind="request", basis="x", by=land.of_province, now=LATER)
    one, two = add("A Một"), add("A Hai")
    Person.objects.filter(pk=two.pk).update(merged_into=one)
    with pytest.raises(Refused, match="gộp vào hồ sơ khác"):
        erasing.erase(two, kind="request", basis="x", by=land.of_province, now=LATER)


def test_every_model_that_hangs_on_a_person_is_looked_at():
    hanging = {
        related.related_model.__name__
        for related in Person._meta.get_fields(include_hidden=True)
        if (related.one_to_many or related.one_to_one) and not related.related_model.__name__.startswith("Historical")
    }
    assert hanging == {model.__name__ for model in erasing.tables_with_words()}


@pytest.mark.django_db
def test_a_restored_backup_is_erased_again_and_a_new_person_with_the_number_is_not(
    add, land, capsys, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(scrubbing, "scrub", lambda: True)
    back, gone, new = add("A Về"), add("A Khác"), add("A Mới")
    for each in (back, new):
        with django_capture_on_commit_callbacks(execute=True):
            erasing.erase(each, kind="request", basis="x", by=land.of_province, now=LATER)
    # The backup: one is there again, the other's number belongs to somebody who came later.
    Erasure.objects.all().delete()
    Person.objects.filter(pk=back.pk).update(erased_at=None, full_name="A Về")
    Person.objects.filter(pk=new.pk).update(erased_at=None, full_name="A Người Khác", created_at=LATER)

    with django_capture_on_commit_callbacks(execute=True):
        call_command("erase_again")

    assert "Trong sổ xóa có 2 hồ sơ; đã xóa lại 1 hồ sơ." in capsys.readouterr().out
    names = dict(Person.objects.values_list("pk", "full_name"))
    assert names == {back.pk: "Đã xóa dữ liệu", gone.pk: "A Khác", new.pk: "A Người Khác"}


@pytest.mark.django_db
def test_without_the_list_the_command_says_so(settings, tmp_path):
    settings.ERASED_FILE = str(tmp_path / "nothing.jsonl")
    with pytest.raises(CommandError, match="chưa xóa lại hồ sơ nào"):
        call_command("erase_again", list=settings.ERASED_FILE)
    (tmp_path / "nothing.jsonl").write_text("{}\n")
    with pytest.raises(CommandError, match="dòng 1 không đọc được"):
        call_command("erase_again", list=settings.ERASED_FILE)
