"""A form that comes twice: clicked twice, or sent again after an answer that never arrived."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from directive_tracker import clock
from records.models import StoredFile
from records.uploads import check_upload, store_upload
from tasks.drafts.files import keep_file
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.reading import load_sections
from tasks.drafts.saving import save_draft
from tasks.errors import Refused
from tasks.models import SectionFile, UnitReport
from tests.factories import at, make_user
from tests.tasks.test_report_form import Scene

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15")
WORDS = "Kế hoạch tuyên truyền\n".encode()


@pytest.fixture
def scene(monkeypatch, settings, tmp_path, client):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: date(2024, 4, 15))
    settings.MEDIA_ROOT = tmp_path
    scene = Scene()
    client.force_login(scene.person)
    return scene


def a_file(words: bytes = WORDS, name: str = "ke-hoach.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, words)


def sent(scene, **fields) -> dict:
    return scene.typed(first__results="Đã mở 3 lớp", **{"do": "submit", "first__files": a_file(), **fields})


def files_of(scene) -> list[str]:
    found = SectionFile.objects.filter(section__unit_report=scene.report, removed_at=None).order_by("pk")
    return [str(item.file) for item in found]


def test_a_file_whose_first_sending_broke_off_is_taken_and_not_stored_again(scene, client):
    left = store_upload(a_file(), by=scene.person, now=NOW)

    answer = client.post(scene.url, sent(scene))

    assert answer.status_code == 302
    assert list(SectionFile.objects.values_list("file", flat=True)) == [left.pk]
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize("other", ["person", "words", "name", "removed"])
def test_a_file_that_only_looks_the_same_is_stored_anew(scene, client, other):
    by = make_user("khac") if other == "person" else scene.person
    words = b"Khac han\n" if other == "words" else WORDS
    left = store_upload(a_file(words, "khac.txt" if other == "name" else "ke-hoach.txt"), by=by, now=NOW)
    if other == "removed":
        SectionFile.objects.create(section=scene.first, file=left, removed_at=NOW)

    client.post(scene.url, sent(scene, do="save"))

    assert StoredFile.objects.count() == 2
    assert files_of(scene) == ["ke-hoach.txt"]
    assert not SectionFile.objects.filter(file=left, removed_at=None).exists()


def test_a_file_that_the_section_has_already_is_not_attached_again(scene, client):
    client.post(scene.url, sent(scene, do="save"))

    answer = client.post(scene.url, sent(scene, do="save"))

    assert answer.status_code == 302
    assert (files_of(scene), StoredFile.objects.count()) == (["ke-hoach.txt"], 1)


def test_a_paper_that_is_there_already_keeps_its_file(scene, client):
    name = f"first__paper_{scene.delivery.pk}"
    first = scene.typed(**{name: a_file()})
    client.post(scene.url, first)

    client.post(scene.url, scene.typed(**{name: a_file()}))

    assert scene.first.products.get().file.original_name == "ke-hoach.txt"
    assert StoredFile.objects.count() == 1


def test_two_files_alike_in_one_form_are_one(scene, client):
    client.post(scene.url, scene.typed(first__files=[a_file(), a_file()]))

    assert (files_of(scene), StoredFile.objects.count()) == (["ke-hoach.txt"], 1)


def test_a_second_click_finds_the_report_sent_and_stores_nothing(scene, client):
    form = sent(scene)
    client.post(scene.url, form)
    late = scene.first

    with pytest.raises(Refused):
        keep_file(late, check_upload(a_file(b"Nham lan\n")), by=scene.person, now=NOW)

    form[f"muc{scene.first.pk}-files"] = a_file()
    assert client.post(scene.url, form).url == f"/don-vi/bao-cao/{scene.report.pk}/"
    assert (files_of(scene), StoredFile.objects.count()) == (["ke-hoach.txt"], 1)


def test_what_was_read_before_a_colleague_sent_is_refused_in_words_though_a_blank_section_is_gone(scene, client):
    report = UnitReport.objects.get(pk=scene.report.pk)
    sections = load_sections(report)
    client.post(scene.url, sent(scene))
    data = ReportInput(sections={scene.first.pk: SectionInput(results="Đã mở 4 lớp", version=1)})

    with pytest.raises(Refused, match="Báo cáo đang ở trạng thái “Đã gửi"):
        save_draft(report, data, by=scene.person, now=NOW, version=1, sections=sections)
