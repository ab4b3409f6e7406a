"""Erased people in kept lists that do not lead to their entry: rows with errors, lists left, taken back, of other senders."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from records import jobs_runner
from records.models import Job
from tests.factories import at
from tests.veterans.conftest import NOW
from veterans.importing import applying, checking, matching, reverting, taking
from veterans.models import Person, PersonImport
from veterans.protection import erasing, other_lists

pytestmark = pytest.mark.django_db

HEAD = "STT,Họ và tên,Năm sinh,Thôn,Xã,Đối tượng,Số CCCD\n"
WRONG = "1,A Khum,19x4,Thôn 1,Hà Mòn,DC,062034000018\n2,Y Blô,1930,Thôn 2,Hà Mòn,DC,\n"
RIGHT = "1,Ông A KHUM,1934,Thôn 1,Hà Mòn,DC,062034000018\n"
OTHERS = "1,Y Blô,1930,Thôn 2,Hà Mòn,DC,\n"
LATER = at("2024-04-16", "09:00")


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT, settings.ERASED_FILE = tmp_path / "media", str(tmp_path / "erased.jsonl")


@pytest.fixture
def bring(land):
    def brought(text: str, *, sender="UBND xã Hà Mòn", area=None, by=None, apply=False) -> PersonImport:
        by = by or land.of_province
        checked = taking.accept(SimpleUploadedFile("ds.csv", (HEAD + text).encode()))
        found = taking.begin(checked, sender=sender, area=area or land.near, by=by, now=NOW)
        checking.check(found, by=by, now=NOW)
        if apply:
            applying.apply(found, by=by, now=NOW)
        return found

    return brought


@pytest.fixture
def erase(land, django_capture_on_commit_callbacks):
    def erased(person: Person) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            erasing.erase(person, kind="request", basis="Yêu cầu số 1", by=land.of_province, now=LATER)
        with django_capture_on_commit_callbacks(execute=True):
            job = Job.objects.get(kind="registry_scrub")
            other_lists.empty_lists_with(job.arguments["marks"], job.arguments["areas"])

    return erased


def kept(found: PersonImport) -> tuple[str, bool, int, int]:
    """State, whether the file is there, rows, rows with sealed content."""
    found.refresh_from_db()
    found.file.refresh_from_db()
    return found.state, found.file.size > 0, found.rows.count(), found.rows.exclude(sealed=None).count()


def test_lists_with_the_person_are_emptied_and_all_others_stay(bring, erase, land):
    wrong = bring(WRONG, apply=True)
    waiting = bring(RIGHT, sender="Hội Cựu chiến binh")
    bring(RIGHT, apply=True)
    reverted = bring(RIGHT.replace("062034000018", ""), sender="Hội Người cao tuổi", apply=True)
    reverting.revert(reverted, by=land.of_province, now=NOW)
    of_others, far = bring(OTHERS, sender="Mặt trận xã"), bring(RIGHT, area=land.far, sender="Nơi khác")

    erase(Person.objects.get(full_name="A Khum"))

    assert [kept(found) for found in (wrong, waiting, reverted, of_others, far)] == [
        ("applied", False, 2, 1),
        ("cancelled", False, 0, 0),
        ("reverted", False, 1, 0),
        ("checked", True, 1, 1),
        ("checked", True, 1, 1),
    ]
    waiting.refresh_from_db()
    assert waiting.refusal.startswith("Một người trong danh sách này đã được xóa dữ liệu")
    assert Person.objects.get(full_name="Y Blô").imported_rows.filter(sealed__isnull=False).count() == 1


def test_a_list_that_waits_to_change_the_erased_entry_is_left_and_imports_nothing(client, bring, erase, land):
    bring(RIGHT, apply=True)
    waiting = bring(RIGHT.replace("Thôn 1", "Thôn 9") + OTHERS, sender="Hội Cựu chiến binh")
    assert waiting.summary["counts"]["update"] == 1

    erase(Person.objects.get())
    client.force_login(land.of_province)
    page = client.post(reverse("veterans:import_apply", args=[waiting.pk]), follow=True)

    assert kept(waiting) == ("cancelled", False, 0, 0)
    assert "Danh sách này đã được bỏ." in page.content.decode()
    assert Person.objects.get().full_name == "Đã xóa dữ liệu"


def test_after_an_erasure_the_pages_of_the_list_say_that_its_file_is_gone(client, bring, erase, land):
    found = bring(WRONG + RIGHT.replace("1,Ông", "3,Ông"), apply=True)
    client.force_login(land.of_province)

    erase(Person.objects.get(full_name="A Khum"))

    gone = "Không còn đọc được tệp này. Hãy gửi lại tệp."
    errors = client.post(reverse("veterans:import_errors", args=[found.pk]), follow=True)
    pages = [client.get(f"{reverse('veterans:import', args=[found.pk])}?xem={kind}") for kind in ("error", "create")]
    assert gone in errors.content.decode()
    assert [page.status_code for page in pages] == [200, 200]
    assert [("A Khum" in page.content.decode(), "19x4" in page.content.decode()) for page in pages] == [
        (False, False)
    ] * 2


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("1,A KHUM (đã mất),1934,Thôn 1,Hà Mòn,DC,\n", True),
        ("1,Bà  a khum,x,,Hà Mòn,DC,\n", True),
        ("1,Người khác,x,,Hà Mòn,DC,62034000018\n", True),
        ("1,Người khác,x,,Hà Mòn,DC,062.034.000018\n", True),
        ("1,A Khu,1934,Thôn 1,Hà Mòn,DC,062034000019\n", False),
        ("1,A Khum Ba,1934,Thôn 1,Hà Mòn,DC,\n", False),
    ],
)
def test_a_person_is_known_by_the_whole_name_or_the_number_however_they_are_typed(bring, erase, text, gone):
    bring(RIGHT, apply=True)
    other = bring(text, sender="Nơi khác")

    erase(Person.objects.get())

    assert kept(other)[1] is not gone


def test_family_and_given_name_in_two_columns_are_found(bring, erase, land):
    bring(RIGHT, apply=True)
    text = "STT,Họ và tên đệm,Tên,Năm sinh,Xã,Đối tượng\n1,A,Khum,19x4,Hà Mòn,DC\n"
    checked = taking.accept(SimpleUploadedFile("ds.csv", text.encode()))
    other = taking.begin(checked, sender="Nơi khác", area=land.hamon, by=land.of_near, now=NOW)
    checking.check(other, by=land.of_near, now=NOW)

    erase(Person.objects.get())

    assert kept(other) == ("cancelled", False, 0, 0)


def test_an_imported_list_of_a_namesake_stays_unless_the_number_stands_in_it(bring, erase, land):
    bring(RIGHT, apply=True)
    of_namesake = "1,A Khum,1930,Thôn 7,Hà Mòn,TNXP,062030000099\n"
    namesakes = bring(of_namesake, sender="Mặt trận xã", apply=True)
    with_number = bring(
        f"{of_namesake.replace('099', '077')}2,Y Blô,1930,Thôn 2,Hà Mòn,DC,062.034.000018\n", sender="B"
    )
    applying.apply(with_number, by=land.of_province, now=NOW)
    waiting = bring(of_namesake, sender="Nơi gửi khác")
    with_wrong_row = bring(of_namesake.replace("099", "088") + "2,A Khum,19x4,,Hà Mòn,DC,\n", sender="C", apply=True)

    erase(Person.objects.get(birth_year=1934))

    assert [kept(found)[1] for found in (namesakes, with_number, waiting, with_wrong_row)] == [
        True,
        False,
        False,
        False,
    ]
    assert kept(namesakes) == ("applied", True, 1, 1)
    assert Person.objects.filter(full_name="A Khum").count() == 3


def test_a_list_that_is_read_while_somebody_in_it_is_erased_is_left_and_nothing_of_it_kept(
    bring, erase, land, monkeypatch
):
    monkeypatch.setattr(checking, "in_chunks", lambda items: matching.in_chunks(items, 1))
    bring(RIGHT, apply=True)
    text = f"{HEAD}{RIGHT}{OTHERS}3,A Lang,1931,Thôn 1,Hà Mòn,DC,\n"
    upload = taking.accept(SimpleUploadedFile("ds.csv", text.encode()))
    reading = taking.begin(upload, sender="Nơi khác", area=land.near, by=land.of_province, now=NOW)
    seen = []

    def erased_meanwhile(done: int, total: int) -> None:
        seen.append(done)
        if done == 2:
            erase(Person.objects.get(full_name="A Khum"))

    checking.check(reading, by=land.of_province, now=NOW, step=erased_meanwhile)

    assert seen == [1, 2]
    assert (reading.state, reading.columns) == ("cancelled", [])
    assert kept(reading) == ("cancelled", False, 0, 0)
    assert reading.refusal.startswith("Một người trong danh sách này đã được xóa dữ liệu")


def test_an_erasure_after_the_last_row_was_read_is_not_undone_by_the_end_of_the_reading(bring, erase, land):
    bring(RIGHT, apply=True)
    upload = taking.accept(SimpleUploadedFile("ds.csv", (HEAD + RIGHT).encode()))
    reading = taking.begin(upload, sender="Nơi khác", area=land.near, by=land.of_province, now=NOW)

    checking.check(
        reading, by=land.of_province, now=NOW, step=lambda done, total: erase(Person.objects.get(full_name="A Khum"))
    )

    assert kept(reading) == ("cancelled", False, 0, 0)


def test_the_job_forgets_by_what_it_looked_and_holds_no_name(
    bring, land, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("veterans.protection.scrubbing.scrub", lambda: True)
    bring(RIGHT, apply=True)
    erasing.erase(Person.objects.get(), kind="request", basis="x", by=land.of_province, now=LATER)
    job = Job.objects.get(kind="registry_scrub")
    assert [len(mark) for mark in job.arguments["marks"]] == [64, 64]
    assert [word for word in ("khum", "062034000018") if word in str(job.arguments).lower()] == []

    jobs_runner.run(job.pk, now=LATER)

    job.refresh_from_db()
    assert (job.state, job.arguments) == ("done", {})


def test_a_list_whose_file_is_damaged_does_not_stop_the_search(bring, erase, settings):
    first = bring(RIGHT, apply=True)
    # Without the number nothing leads to the entry.
    unnumbered = RIGHT.replace("062034000018", "")
    broken, other = bring(unnumbered, sender="Nơi một"), bring(unnumbered, sender="Nơi hai")
    with open(settings.MEDIA_ROOT / broken.file.file.name, "wb") as file:
        file.write(b"DTSEAL1\nbroken")

    erase(Person.objects.get())

    assert [kept(found)[1] for found in (first, broken, other)] == [False, True, False]
