"""Files in an S3-compatible store, asked over real HTTP: stored, sealed, handed over, taken away, and what if it is gone."""

import io
import logging
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from moto.server import ThreadedMotoServer

from directive_tracker import env
from directive_tracker.outages import StorageAway
from records import partial, results, uploads
from records.errors import StoreDoesNotAnswer
from records.models import PartialUpload, StoredFile
from records.views import content_of
from tests.factories import at, make_user
from tests.services import free_port
from veterans.protection.resealing import Counts, reseal_files

NOW = at("2024-04-15")
TEXT = "Báo cáo kết quả tuyên truyền. ".encode() * 20_000


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    # Each request would be a line in every test's report.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    yield f"{host}:{port}"
    server.stop()


@pytest.fixture
def address(s3_server: str) -> str:
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{s3_server}",
        aws_access_key_id="khoa",
        aws_secret_access_key="mat/khau",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="theodoi")
    return f"s3://khoa:mat%2Fkhau@{s3_server}/theodoi?http=1"


@pytest.fixture
def store(address: str, settings, monkeypatch) -> Storage:
    """The store in the place of the folder, as STORAGE_URL puts it there."""
    return use(address, settings, monkeypatch)


def use(address: str, settings, monkeypatch) -> Storage:
    monkeypatch.setenv("STORAGE_URL", address)
    settings.STORAGES = {**settings.STORAGES, "default": env.storage("STORAGE_URL")}
    return storages["default"]


@pytest.fixture
def nobody_answers(settings, monkeypatch) -> Storage:
    """Nobody listens there."""
    return use(f"s3://khoa:mat@127.0.0.1:{free_port()}/theodoi?http=1", settings, monkeypatch)


def stored(data: bytes = TEXT, *, sealed: bool = False) -> StoredFile:
    upload = SimpleUploadedFile("ke-hoach.txt", data)
    return uploads.store_upload(upload, by=make_user(), now=NOW, sealed=sealed)


@pytest.mark.django_db
@pytest.mark.parametrize("sealed", [False, True])
def test_a_file_goes_to_the_store_and_comes_back_whole(store, sealed):
    file = stored(sealed=sealed)

    with StoredFile.objects.get(pk=file.pk).open_plain() as content:
        read = content.read()
    with store.open(file.file.name) as raw:
        lies_there = raw.read()
    assert read == TEXT
    assert (lies_there == TEXT) is not sealed
    assert store.exists(file.file.name)


@pytest.mark.django_db
def test_what_the_program_makes_goes_there_too_sealed_and_piece_by_piece(store):
    by = make_user()
    sealed = results.keep_file(TEXT, "danh-sach.xlsx", "a/b", by=by, now=NOW, sealed=True)
    pieces = results.keep_open_file(io.BytesIO(TEXT), "ho-so.zip", "a/b", by=by, now=NOW)

    assert sealed.open_plain().read() == pieces.open_plain().read() == TEXT
    assert pieces.size == store.size(pieces.file.name) == len(TEXT)


@pytest.mark.django_db
def test_a_page_hands_a_file_over_and_says_404_when_it_is_gone(store, client):
    file = stored()
    response = content_of(file)
    handed = b"".join(response.streaming_content)
    store.delete(file.file.name)
    client.force_login(file.uploaded_by)

    assert (handed, response.headers["Content-Length"]) == (TEXT, str(len(TEXT)))
    assert client.get(f"/tep/{file.pk}/").status_code == 404
    with pytest.raises(FileNotFoundError):
        StoredFile.objects.get(pk=file.pk).open_plain().read()


@pytest.mark.django_db
def test_a_removed_and_an_emptied_file_leave_the_store(store, django_capture_on_commit_callbacks):
    removed, emptied = stored(b"Mot"), stored(b"Hai")
    names = [removed.file.name, emptied.file.name]
    with django_capture_on_commit_callbacks(execute=True):
        removed.remove()
        emptied.empty()

    assert [store.exists(name) for name in names] == [False, False]
    store.delete(names[0])  # a second time is no error


@pytest.mark.django_db
def test_two_files_of_one_name_are_two(store):
    names = [store.save("a/b.txt", ContentFile(text)) for text in (b"1", b"2")]

    assert len(set(names)) == 2
    assert [store.open(name).read() for name in names] == [b"1", b"2"]
    assert len(store.listdir("a")[1]) == 2


@pytest.mark.django_db
def test_a_store_that_does_not_answer_takes_nothing_and_says_so(nobody_answers):
    with pytest.raises(StoreDoesNotAnswer) as refused:
        stored()

    assert str(refused.value).startswith("Kho tệp của máy chủ chưa trả lời nên tệp “ke-hoach.txt” chưa được nhận.")
    assert StoredFile.objects.count() == 0


@pytest.mark.django_db
def test_parts_stay_while_the_store_does_not_answer_and_the_end_is_all_that_is_sent_again(
    address, settings, monkeypatch
):
    by = make_user()
    upload = partial.begin(name="a.txt", size=3, mark="", owner=by, now=NOW)
    partial.append(upload, start=0, data=b"Hai", now=NOW)
    upload.refresh_from_db()
    checksum = f"{zlib.crc32(b'Hai'):08x}"
    use(f"s3://khoa:mat@127.0.0.1:{free_port()}/theodoi?http=1", settings, monkeypatch)
    with pytest.raises(StoreDoesNotAnswer):
        partial.finish(upload, checksum=checksum, by=by, now=NOW)
    kept = PartialUpload.objects.filter(pk=upload.pk).exists()
    use(address, settings, monkeypatch)
    file = partial.finish(upload, checksum=checksum, by=by, now=NOW)

    assert (kept, file.open_plain().read(), PartialUpload.objects.count()) == (True, b"Hai", 0)


@pytest.mark.django_db
def test_a_page_with_a_file_is_busy_while_the_store_does_not_answer(address, settings, monkeypatch, client):
    use(address, settings, monkeypatch)
    file = stored()
    use(f"s3://khoa:mat@127.0.0.1:{free_port()}/theodoi?http=1", settings, monkeypatch)
    monkeypatch.setattr("records.access.may_see", lambda user, stored: True)
    client.force_login(file.uploaded_by)
    response = client.get(f"/tep/{file.pk}/")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


@pytest.mark.django_db
def test_what_cannot_be_taken_away_is_named_in_the_log_and_fails_nobody(
    address, settings, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    use(address, settings, monkeypatch)
    file = stored()
    name = file.file.name
    use(f"s3://khoa:mat@127.0.0.1:{free_port()}/theodoi?http=1", settings, monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        StoredFile.objects.get(pk=file.pk).remove()

    assert f"{name} could not be taken off the store" in caplog.text
    assert "khoa" not in caplog.text


def test_a_wrong_key_is_an_outage_and_names_no_key(nobody_answers):
    with pytest.raises(StorageAway) as caught:
        nobody_answers.exists("a")

    assert "khoa" not in str(caught.value)
    assert urlsplit(nobody_answers.endpoint_url).hostname not in str(caught.value)


@pytest.mark.django_db
def test_sealed_files_are_sealed_anew_under_another_key_in_the_store(store, settings):
    file = stored(sealed=True)
    old = file.file.name
    settings.FIELD_KEY_FALLBACKS = [settings.FIELD_KEY]
    settings.FIELD_KEY = bytes(range(100, 132))
    counts = Counts()
    list(reseal_files(counts))
    file = StoredFile.objects.get(pk=file.pk)

    assert (counts.sealed, file.open_plain().read()) == (1, TEXT)
    assert not store.exists(old)


def test_a_name_in_the_network_may_be_asked_over_http_and_nothing_else(monkeypatch):
    good = {
        "s3://k:m@kho.example.vn/theodoi": "https://kho.example.vn",
        "s3://k:m@kho.example.vn:9000/theodoi?region=hanoi": "https://kho.example.vn:9000",
        "s3://k:m@10.1.2.3:9000/theodoi?http=1": "http://10.1.2.3:9000",
        "s3://k:m@minio:9000/theodoi?http=1": "http://minio:9000",
    }
    found = {}
    for address in good:
        monkeypatch.setenv("STORAGE_URL", address)
        found[address] = env.storage("STORAGE_URL")["OPTIONS"]["endpoint_url"]

    assert found == good


@pytest.mark.parametrize(
    "address",
    [
        "https://k:m@kho.example.vn/theodoi",
        "s3://kho.example.vn/theodoi",
        "s3://k:m@kho.example.vn/",
        "s3://k:m@kho.example.vn/a/b",
        "s3://k:m@kho.example.vn:cong/theodoi",
        "s3://k:m@kho.example.vn/theodoi?http=1",
        "s3://k:m@8.8.8.8/theodoi?http=1",
        "s3://k:m@10.0.0.1/theodoi?http=0",
        "s3://k:m@kho.example.vn/theodoi?vung=hanoi",
    ],
)
def test_an_address_that_is_not_understood_stops_the_start_without_naming_the_key(monkeypatch, address):
    monkeypatch.setenv("STORAGE_URL", address)
    with pytest.raises(env.SettingError) as stopped:
        env.storage("STORAGE_URL")

    assert "STORAGE_URL" in str(stopped.value)
    assert ":m@" not in str(stopped.value)
