"""Files that lie sealed on the disk: what a thief of the disk finds, and what the view hands over."""

import io
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import ProtectedError

from directive_tracker import crypto
from records import access, sealing
from records.models import AuditEvent, Job, StoredFile
from records.results import keep_file
from records.uploads import store_upload
from tests.factories import at, make_user

NOW = at("2024-04-15")
CANARY = b"Nguyen Van Canari 079030000001"
MEGABYTE = 1024 * 1024


def sealed(data: bytes, sha="a" * 64) -> bytes:
    return sealing.sealing(io.BytesIO(data), sha).read()


def opened(data: bytes, sha="a" * 64) -> bytes:
    return sealing.opening(io.BytesIO(data), sha).read()


@pytest.mark.parametrize("size", [0, 1, sealing.FRAME - 1, sealing.FRAME, sealing.FRAME + 1, 3 * sealing.FRAME])
def test_what_was_sealed_opens_whatever_its_size(size):
    data = (CANARY * (size // len(CANARY) + 1))[:size]
    assert opened(sealed(data)) == data


def _frames(data: bytes) -> list[bytes]:
    """The frames of a sealed file with their lengths."""
    found, place = [], len(sealing.MAGIC)
    while place < len(data):
        length = 4 + int.from_bytes(data[place : place + 4], "big")
        found.append(data[place : place + length])
        place += length
    return found


THREE = sealed(b"1" * sealing.FRAME + b"2" * sealing.FRAME + b"3")


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(THREE[: len(sealing.MAGIC)], id="no frame"),
        pytest.param(sealing.MAGIC + b"".join(_frames(THREE)[:2]), id="last frame left out"),
        pytest.param(sealing.MAGIC + b"".join(_frames(THREE)[1:]), id="first frame left out"),
        pytest.param(sealing.MAGIC + b"".join(_frames(THREE)[place] for place in (1, 0, 2)), id="two frames swapped"),
        pytest.param(sealing.MAGIC + b"".join(_frames(THREE) * 2), id="twice"),
        pytest.param(THREE[:-1], id="cut off"),
        pytest.param(THREE[:-1] + bytes([THREE[-1] ^ 1]), id="one bit"),
        pytest.param(sealing.MAGIC + b"\xff\xff\xff\xff" + b"x" * 100, id="a length that would fill the memory"),
        pytest.param(b"%PDF-1.4 not sealed at all", id="plain"),
    ],
)
def test_a_damaged_file_is_not_opened(damaged):
    with pytest.raises(crypto.Unreadable):
        opened(damaged)


def test_a_file_put_in_the_place_of_another_is_not_opened():
    with pytest.raises(crypto.Unreadable):
        opened(THREE, sha="b" * 64)


def test_memory_stays_small_however_large_the_file(tmp_path):
    (tmp_path / "plain").write_bytes(b"x" * (40 * MEGABYTE))
    tracemalloc.start()
    with open(tmp_path / "plain", "rb") as plain, open(tmp_path / "sealed", "wb") as out:
        out.writelines(sealing.sealing(plain, "a" * 64).chunks(sealing.FRAME))
    with sealing.opening(open(tmp_path / "sealed", "rb"), "a" * 64) as content:
        size = sum(len(part) for part in iter(lambda: content.read(65536), b""))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == 40 * MEGABYTE
    assert peak < 4 * MEGABYTE


@pytest.fixture
def person(db):
    return make_user("nguoighi")


@pytest.fixture
def stored(person):
    upload = SimpleUploadedFile("Giấy tờ ông Canari.txt", CANARY)
    return store_upload(upload, by=person, now=NOW, sealed=True)


def on_disk(file: StoredFile) -> bytes:
    with file.file.storage.open(file.file.name) as content:
        return content.read()


def test_the_disk_holds_nothing_of_a_sealed_upload_and_the_row_says_what_it_was(stored):
    assert CANARY not in on_disk(stored)
    assert on_disk(stored).startswith(sealing.MAGIC)
    assert (stored.size, stored.is_sealed, stored.open_plain().read()) == (len(CANARY), True, CANARY)


def test_what_the_program_makes_can_be_sealed_too(person):
    made = keep_file(CANARY * 20_000, "danh-sach.xlsx", "application/xlsx", by=person, now=NOW, sealed=True)
    assert CANARY not in on_disk(made)
    assert made.open_plain().read() == CANARY * 20_000


def test_a_plain_file_opens_as_before(person):
    made = keep_file(CANARY, "a.txt", "text/plain", by=person, now=NOW)
    assert (made.is_sealed, made.open_plain().read(), on_disk(made)) == (False, CANARY, CANARY)


@pytest.fixture
def _allowed(monkeypatch):
    monkeypatch.setitem(access._checkers, "test", lambda user, file: True)


@pytest.mark.usefixtures("_allowed")
def test_the_view_hands_over_the_plain_bytes_and_the_log_does_not_keep_the_files_name(client, person, stored):
    client.force_login(person)
    answer = client.get(f"/tep/{stored.pk}/")
    assert b"".join(answer.streaming_content) == CANARY
    assert answer.headers["Content-Length"] == str(len(CANARY))
    assert AuditEvent.objects.get(verb="file.downloaded").target_label == f"Tệp mã hóa số {stored.pk}"


@pytest.mark.usefixtures("_allowed")
def test_without_its_key_a_file_is_not_served_and_the_page_says_why(client, person, stored, settings):
    settings.FIELD_KEY = b"k" * 32
    client.force_login(person)
    answer = client.get(f"/tep/{stored.pk}/")
    assert answer.status_code == 404
    assert AuditEvent.objects.filter(verb="file.downloaded").count() == 0


def test_a_removed_file_is_gone_from_the_disk(stored, django_capture_on_commit_callbacks):
    name, storage = stored.file.name, stored.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        stored.remove()
    assert (StoredFile.objects.count(), storage.exists(name)) == (0, False)


def test_a_file_that_is_still_needed_stays(stored, person, django_capture_on_commit_callbacks):
    Job.objects.create(kind="x", title="x", started_by=person, created_at=NOW, result_file=stored)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ProtectedError):
        stored.remove()
    assert stored.file.storage.exists(stored.file.name)
