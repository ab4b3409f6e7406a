"""Long lists: imported and taken back by jobs that can be followed and stopped, all or nothing whatever happens on the way."""

import base64
import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records import jobs_runner
from records.jobs_runner import JobCancelled
from records.models import AuditEvent, Job
from tasks.errors import Refused
from tests.veterans.conftest import NOW
from veterans import people, sensitive
from veterans.importing import applying, checking, jobs, matching, preparing, reverting, taking, updating
from veterans.models import DuplicatePair, ImportedRow, Person, PersonCategory, PersonImport, SensitiveValue

ROOT = Path(__file__).parents[2]
HEAD = "STT,Họ và tên,Năm sinh,Thôn,Xã,Đối tượng,Số CCCD,Còn sống\n"
FIVE = "".join(f"{n},A {name},193{n},Thôn {n},Hà Mòn,TNXP,06203200000{n},\n" for n, name in enumerate(("Một", "Hai", "Ba", "Tư", "Năm")))  # fmt: skip
EMPTY = {"people": 0, "histories": 0, "groups": 0, "sealed": 0, "pointed": 0}
FULL = {"people": 5, "histories": 10, "groups": 5, "sealed": 5, "pointed": 5}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _pairs(monkeypatch):
    """Two rows at a time."""
    for module in (preparing, reverting):
        monkeypatch.setattr(module, "in_chunks", lambda items, size=2: matching.in_chunks(items, 2))


@pytest.fixture
def bring(land):
    def brought(lines: str = FIVE, sender: str = "UBND xã Hà Mòn") -> PersonImport:
        checked = taking.accept(SimpleUploadedFile("ds.csv", (HEAD + lines).encode()))
        found = taking.begin(checked, sender=sender, area=land.near, by=land.of_near, now=NOW)
        checking.check(found, by=land.of_near, now=NOW)
        return found

    return brought


def stored() -> dict[str, int]:
    return {
        "people": Person.objects.count(),
        "histories": Person.history.count() + PersonCategory.history.count(),
        "groups": PersonCategory.objects.count(),
        "sealed": SensitiveValue.objects.count(),
        "pointed": ImportedRow.objects.filter(person__isnull=False).count(),
    }


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


class Steps:
    """What was said of the progress, what stood in the registry then, and whether a transaction was open."""

    def __init__(self, stop_at: int = -1) -> None:
        self.said: list[tuple[int, int]] = []
        self.people: list[int] = []
        self.is_open: set[bool] = set()
        self.stop_at = stop_at

    def __call__(self, done: int, total: int) -> None:
        self.said.append((done, total))
        self.people.append(Person.objects.count())
        self.is_open.add(connection.in_atomic_block)
        if len(self.said) - 1 == self.stop_at:
            raise JobCancelled


# --- the import ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_progress_is_told_outside_of_any_transaction_and_the_writing_is_the_last_step(bring, land):
    found, steps = bring(), Steps()

    made = applying.apply(found, by=land.of_near, now=NOW, step=steps)

    assert steps.said == [(0, 5), (2, 5), (4, 5), (5, 5)]
    assert (steps.people, steps.is_open) == ([0, 0, 0, 0], {False})
    assert (made, stored()) == ({"created": 5, "updated": 0}, FULL)


@pytest.mark.django_db
@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_an_import_that_is_stopped_at_any_step_has_written_nothing_and_can_be_begun_again(bring, land, step):
    found = bring()

    with pytest.raises(JobCancelled):
        applying.apply(found, by=land.of_near, now=NOW, step=Steps(stop_at=step))

    assert (stored(), PersonImport.objects.get().state) == (EMPTY, "checked")
    assert not AuditEvent.objects.filter(verb="import.applied").exists()
    assert applying.apply(found, by=land.of_near, now=NOW) == {"created": 5, "updated": 0}
    assert stored() == FULL


@pytest.mark.django_db
def test_a_list_that_was_read_again_while_its_import_was_prepared_is_not_written(bring, land):
    found = bring()

    def read_again(done: int, total: int) -> None:
        if done == total:
            checking.check(PersonImport.objects.get(), by=land.of_near, now=NOW)

    with pytest.raises(Refused, match="đang được xử lý hoặc đã nhập rồi"):
        applying.apply(found, by=land.of_near, now=NOW, step=read_again)

    assert stored() == EMPTY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stop", "state", "job_state", "rows", "said"),
    [
        (False, "checked", "done", 5, "Sổ đã thay đổi từ lúc kiểm tra danh sách nên chưa nhập gì."),
        (True, "reading", "cancelled", 0, "Việc bị dừng giữa chừng"),
    ],
)
def test_a_list_that_has_to_be_checked_again_before_its_import_is_read_as_at_first(
    client, bring, land, stop, state, job_state, rows, said
):
    found = bring()
    jobs.start_import(found, by=land.of_near, now=NOW)
    job = Job.objects.get()
    applying.apply(bring("9,Y Blô,1933,Thôn 1,Hà Mòn,DC,,\n", "Nơi khác"), by=land.of_near, now=NOW)
    job.cancel_requested = stop
    job.save()

    jobs_runner.run(job.pk, now=NOW)

    job.refresh_from_db()
    found.refresh_from_db()
    assert (found.state, job.state, found.rows.count()) == (state, job_state, rows)
    assert (Person.objects.count(), job.total) == (1, 0)
    client.force_login(land.of_near)
    assert said in words(client.get(reverse("veterans:import", args=[found.pk])))


@pytest.mark.django_db
def test_a_job_that_is_no_longer_the_one_of_the_list_writes_nothing(bring, land):
    found = bring()
    jobs.start_import(found, by=land.of_near, now=NOW)
    first = Job.objects.get()
    PersonImport.objects.update(state="checked", job=None)
    jobs.start_import(found, by=land.of_near, now=NOW)

    with pytest.raises(Refused):
        applying.apply(PersonImport.objects.get(), by=land.of_near, now=NOW, job=first)

    assert (stored(), PersonImport.objects.get().state) == (EMPTY, "applying")


@pytest.mark.django_db
def test_the_entries_of_an_import_are_those_that_somebody_would_have_typed(bring, land):
    applying.apply(bring("1,NGUYỄN VĂN HOÀ,05/3/1932,Thôn 4,Hà Mòn,TNXP,062032000017,còn sống\n"), by=land.of_near, now=NOW)  # fmt: skip
    typed = people.add_person(
        fields={
            "full_name": "Nguyễn Văn Hoà", "birth_year": 1932, "birth_month": 3, "birth_day": 5,
            "birth_is_estimated": False, "residence": land.hamon, "hamlet": "Thôn 4", "living_state": "living",
            "living_on": NOW.date(), "living_source": "Danh sách của UBND xã Hà Mòn", "id_number": "062032000017",
            "legal_basis": "Danh sách của UBND xã Hà Mòn",
        },
        categories={"youth_volunteer": ()},
        by=land.of_near,
        now=NOW,
    )  # fmt: skip
    listed = Person.objects.exclude(pk=typed.pk).get()

    def columns(row, *own: str) -> dict:
        left_out = ("_state", "id", "history_id", "history_change_reason", *own)
        return {name: value for name, value in vars(row).items() if name not in left_out}

    assert columns(listed) == columns(Person.objects.get(pk=typed.pk))
    assert columns(listed.history.get()) == columns(typed.history.get())
    assert columns(listed.categories.get(), "person_id") == columns(typed.categories.get(), "person_id")
    ours, theirs = listed.sensitive.get(), typed.sensitive.get()
    assert columns(ours, "person_id", "sealed") == columns(theirs, "person_id", "sealed")
    assert (sensitive.opened(ours), sensitive.opened(theirs)) == ("062032000017", "062032000017")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("done", "sentence", "buttons"),
    [
        (0, "Đang nhập… Có thể sang trang khác", 1),
        (2, "Đã chuẩn bị 2 trên 5 dòng.", 1),
        (5, "Đang ghi vào sổ, không dừng được nữa.", 0),
    ],
)
def test_the_page_says_how_far_an_import_is_and_when_it_cannot_be_stopped_any_more(
    client, bring, land, done, sentence, buttons
):
    found = bring()
    jobs.start_import(found, by=land.of_near, now=NOW)
    Job.objects.update(state="running", done=done, total=5)
    client.force_login(land.of_near)

    page = client.get(reverse("veterans:import", args=[found.pk]))
    job = client.get(reverse("records:job", args=[Job.objects.get().pk]))

    assert sentence in words(page)
    assert (page.content.decode().count(">Dừng</button>"), job.content.decode().count(">Hủy</button>")) == (
        buttons,
        buttons,
    )
    assert ("không dừng được nữa" in words(job)) is (buttons == 0)


# --- killed on the way --------------------------------------------------------------------------


def address_of_database() -> str:
    """This test's database, for another program."""
    given = connection.settings_dict
    if connection.vendor == "postgresql":
        return f"postgresql://{given['USER']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    return f"sqlite:///{given['NAME']}"


def killed_at(statement: str, job: Job, scratch: Path) -> int:
    """The exit code of a program that works on the job and is killed right after this statement."""
    variables = {
        "ENV_FILE": "",
        "DEMO": "false",
        "EMBEDDED": "true",
        "VAR_DIR": str(scratch),
        "DATABASE_URL": address_of_database(),
        "DJANGO_SETTINGS_MODULE": "directive_tracker.settings",
        "FIELD_KEY": base64.urlsafe_b64encode(settings.FIELD_KEY).decode(),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.veterans.killed_import", str(job.pk), statement],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stderr == ""
    return done.returncode


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "veterans_historicalpersoncategory",
        "UPDATE veterans_importedrow SET person_id",
        "INSERT INTO \"records_job\"",
    ],
)  # fmt: skip
def test_a_program_that_is_killed_while_it_writes_leaves_nothing_and_the_list_can_be_imported(
    client, bring, land, statement, tmp_path
):
    found = bring()
    jobs.start_import(found, by=land.of_near, now=NOW)
    job = Job.objects.get()

    code = killed_at(statement, job, tmp_path / "var")

    job.refresh_from_db()
    assert (code, job.state, job.done, job.total) == (-signal.SIGKILL, "running", 5, 5)
    assert (stored(), PersonImport.objects.get().state) == (EMPTY, "applying")
    # The tick finds that whoever ran it is gone; then the list is read again and imported.
    jobs_runner.run_waiting(NOW + timedelta(minutes=21))
    client.force_login(land.of_near)
    assert "Việc bị dừng giữa chừng" in words(client.get(reverse("veterans:import", args=[found.pk])))
    client.post(reverse("veterans:import_read_again", args=[found.pk]))
    client.post(reverse("veterans:import_apply", args=[found.pk]))
    assert (stored(), PersonImport.objects.get().state) == (FULL, "applied")


# --- updates ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_a_known_entry_costs_in_statements(bring, land):
    """Two lists of one and of five known entries, each with a new hamlet."""
    costs = []
    for count in (1, 5):
        lines = FIVE.splitlines(keepends=True)[:count]
        applying.apply(bring("".join(lines), f"Nơi gửi {count}"), by=land.of_near, now=NOW)
        found = bring("".join(line.replace("Thôn", "Làng") for line in lines), f"Nơi gửi {count}")
        ready = preparing.prepare(found, by=land.of_near, now=NOW, step=Steps())
        with CaptureQueriesContext(connection) as asked:
            done = updating.update_entries(found, ready.updates, by=land.of_near, now=NOW)
        costs.append((done, len(asked)))

    assert costs == [(1, 7), (5, 19)]


# --- taken back ---------------------------------------------------------------------------------


@pytest.fixture
def imported(bring, land, monkeypatch) -> PersonImport:
    """A list in the registry that is too long to be taken back while somebody waits."""
    monkeypatch.setattr(applying, "AT_ONCE", 4)
    found = bring()
    applying.apply(found, by=land.of_near, now=NOW)
    Job.objects.all().delete()
    return found


@pytest.mark.django_db
def test_a_long_list_is_taken_back_by_a_job_whose_page_says_so(client, land, imported):
    client.force_login(land.of_near)
    address = reverse("veterans:import", args=[imported.pk])
    client.post(reverse("veterans:import_revert", args=[imported.pk]))
    client.post(reverse("veterans:import_revert", args=[imported.pk]))
    job = Job.objects.get()

    assert (job.title, job.kind) == (f"Gỡ danh sách số {imported.pk}", "registry_revert_list")
    assert "Đang gỡ…" in words(client.get(address))
    Job.objects.update(state="running", done=5, total=5)
    assert "Đang ghi lại sổ như trước, không dừng được nữa." in words(client.get(address))
    Job.objects.update(state="queued", done=0, total=0)
    jobs_runner.run(job.pk, now=NOW)

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 5, 5)
    assert (stored(), PersonImport.objects.get().state) == (EMPTY, "reverted")
    assert AuditEvent.objects.get(verb="import.reverted").data == {"removed": 5, "put_back": 0}


@pytest.mark.django_db
def test_what_stands_in_the_way_of_a_job_that_takes_back_is_said_on_the_page(client, land, imported):
    client.force_login(land.of_near)
    client.post(reverse("veterans:import_revert", args=[imported.pk]))
    people.take_off(Person.objects.get(full_name="A Ba"), reason="Không thuộc diện", by=land.of_near, now=NOW)

    jobs_runner.run(Job.objects.get().pk, now=NOW)

    page = words(client.get(reverse("veterans:import", args=[imported.pk])))
    assert "Chưa gỡ được Chưa gỡ gì: sau khi nhập đã có người làm tiếp trên hồ sơ của dòng 4." in page
    found = PersonImport.objects.get()
    assert (found.state, found.job, Person.objects.count()) == ("applied", None, 5)


@pytest.mark.django_db
@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_taking_back_that_is_stopped_at_any_step_changes_nothing(bring, land, imported, step):
    newer = bring(FIVE.replace("Thôn", "Làng"))
    applying.apply(newer, by=land.of_near, now=NOW)

    with pytest.raises(JobCancelled):
        reverting.revert(newer, by=land.of_near, now=NOW, step=Steps(stop_at=step))

    assert list(Person.objects.order_by("pk").values_list("hamlet", "version")) == [(f"Làng {n}", 2) for n in range(5)]
    assert reverting.revert(newer, by=land.of_near, now=NOW) == {"removed": 0, "put_back": 5}
    assert list(Person.objects.order_by("pk").values_list("hamlet", "version")) == [(f"Thôn {n}", 3) for n in range(5)]


@pytest.mark.django_db(transaction=True)
def test_the_progress_of_a_taking_back_is_told_outside_of_any_transaction(bring, land, imported):
    newer, steps = bring(FIVE.replace("Thôn", "Làng") + "9,Y Blô,1933,Thôn 1,Hà Mòn,DC,,\n"), Steps()
    applying.apply(newer, by=land.of_near, now=NOW)

    reverting.revert(newer, by=land.of_near, now=NOW, step=steps)

    assert (steps.said, steps.is_open) == ([(0, 6), (2, 6), (4, 6), (6, 6)], {False})


@pytest.mark.django_db
def test_what_hangs_on_the_entries_of_a_list_goes_with_them_and_nothing_else(bring, land, imported, add):
    other = add("A Một")
    mine = list(Person.objects.exclude(pk=other.pk).order_by("pk"))
    for first, second in ((mine[0], mine[1]), (mine[0], other)):
        DuplicatePair.objects.create(first=first, second=second, score=90, reasons=["same_name"], found_at=NOW)

    reverting.revert(imported, by=land.of_near, now=NOW)

    assert (list(Person.objects.all()), DuplicatePair.objects.count()) == ([other], 0)
    assert (Person.history.count(), PersonCategory.history.count()) == (1, 1)
    assert list(imported.rows.order_by("pk").values_list("outcome", "person")) == [("create", None)] * 5
