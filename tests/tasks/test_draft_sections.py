"""A draft kept section by section: what was not touched overwrites nobody's, what met stays in both versions."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from directive_tracker import clock
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.presence import others_present
from tasks.drafts.saving import save_draft
from tasks.models import DraftCopy, DraftPresence, ProgressReport, UnitReport
from tests.factories import at, make_reporter, make_unit
from tests.tasks.test_report_form import NOW, Scene

pytestmark = pytest.mark.django_db
LATER = at("2024-04-15", "10:42")


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: date(2024, 4, 15))


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def form(scene, client):
    client.force_login(scene.person)
    return client


@pytest.fixture
def colleague(scene):
    return make_reporter(scene.unit, "dongnghiep", full_name="A Pót")


def opened(form, scene) -> dict[str, str]:
    """The fields of the page as a browser would send them without typing anything."""
    page = form.get(scene.url).content.decode()
    fields = {
        name: value
        for tag in re.findall(r"<input[^>]*>", page)
        if 'type="file"' not in tag and ('type="checkbox"' not in tag or " checked" in tag)
        for name in re.findall(r'name="([^"]+)"', tag)
        for value in (re.findall(r'value="([^"]*)"', tag) or ["on" if "checkbox" in tag else ""])
    }
    texts = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)
    return {**fields, **dict(texts)}


def by_colleague(scene, colleague, section, words: str) -> None:
    report = UnitReport.objects.get(pk=scene.report.pk)
    typed = ReportInput(sections={section.pk: SectionInput(results=words)}, keeps_whole=True)
    save_draft(report, typed, by=colleague, now=LATER, version=report.version)


def results(scene) -> tuple[str, str]:
    rows = dict(ProgressReport.objects.values_list("pk", "results"))
    return rows[scene.first.pk], rows[scene.words.pk]


def test_two_people_in_different_sections_never_collide(scene, form, colleague):
    page = opened(form, scene)
    by_colleague(scene, colleague, scene.words, "Bản của A Pót")

    answer = form.post(scene.url, page | {f"muc{scene.first.pk}-results": "Bản của tôi", "do": "save"})

    assert answer.status_code == 302
    assert results(scene) == ("Bản của tôi", "Bản của A Pót")
    assert DraftCopy.objects.count() == 0


def test_two_people_in_the_same_section_see_both_versions_and_keep_both(scene, form, colleague):
    page = opened(form, scene)
    by_colleague(scene, colleague, scene.first, "Bản của A Pót")

    mine = {f"muc{scene.first.pk}-results": "Bản của tôi", f"muc{scene.words.pk}-results": "Mục khác"}
    answer = form.post(scene.url, page | mine | {"do": "save"})

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "A Pót vừa lưu mục 1a.1; hai bản khác nhau, cả hai đều được giữ." in shown
    assert "Bản của tôi</textarea>" in shown and '<dd class="dt-written">Bản của A Pót</dd>' in shown
    assert results(scene) == ("Bản của A Pót", "Mục khác")
    assert sorted(DraftCopy.objects.values_list("by__full_name", "content__results")) == [
        ("A Pót", "Bản của A Pót"),
        ("Y Hương", "Bản của tôi"),
    ]


def test_of_two_versions_either_is_chosen_and_the_other_stays_at_hand(scene, form, colleague):
    page = opened(form, scene)
    by_colleague(scene, colleague, scene.first, "Bản của A Pót")
    typed = page | {f"muc{scene.first.pk}-results": "Bản của tôi"}
    form.post(scene.url, typed | {"do": "save"})

    answer = form.post(scene.url, typed | {"do": f"theirs-{scene.first.pk}"}, follow=True)
    shown = answer.content.decode()
    mine = DraftCopy.objects.get(by=scene.person)
    assert results(scene)[0] == "Bản của A Pót"
    assert "Bản khác đã gõ: Y Hương, 08:00 15/4/2024" in shown and f'value="take-{mine.pk}"' in shown

    form.post(scene.url, opened(form, scene) | {"do": f"take-{mine.pk}"})
    assert results(scene)[0] == "Bản của tôi"
    assert "Bản khác đã gõ: A Pót, 10:42 15/4/2024" in form.get(scene.url).content.decode()


def test_a_version_of_another_report_cannot_be_taken(scene, form):
    other = Scene.__new__(Scene)
    other.unit = make_unit("Huyện ủy khác")
    stranger = make_reporter(other.unit)
    foreign = ProgressReport.objects.create(
        unit_report=UnitReport.objects.create(
            directive=scene.directive, unit=other.unit, created_by=stranger, created_at=NOW, saved_at=NOW
        ),
        assignment=scene.assignment,
    )
    copy = DraftCopy.objects.create(section=foreign, by=stranger, at=NOW, content={"results": "Của người khác"})

    answer = form.post(scene.url, opened(form, scene) | {"do": f"take-{copy.pk}"}, follow=True)

    assert "Bản này không còn" in answer.content.decode()
    assert results(scene) == ("", "")


def test_the_same_words_typed_twice_are_no_clash(scene, form, colleague):
    page = opened(form, scene)
    by_colleague(scene, colleague, scene.first, "Đã mở 3 lớp")

    answer = form.post(scene.url, page | {f"muc{scene.first.pk}-results": "Đã mở 3 lớp", "do": "save"})

    assert answer.status_code == 302
    assert DraftCopy.objects.count() == 0


def test_saving_by_itself_sends_one_section_and_touches_no_other(scene, form, colleague):
    page = opened(form, scene)
    part = {name: value for name, value in page.items() if name.startswith(f"muc{scene.first.pk}-")}
    by_colleague(scene, colleague, scene.words, "Bản của A Pót")

    part |= {"chung-version": page["chung-version"], f"muc{scene.first.pk}-results": "Đang gõ"}
    answer = form.post(scene.url, part, headers={"X-Autosave": "1"}).json()

    assert results(scene) == ("Đang gõ", "Bản của A Pót")
    assert (answer["version"], answer["clashes"], list(answer["parts"])) == (3, [], [f"muc{scene.first.pk}"])
    known = answer["parts"][f"muc{scene.first.pk}"]
    again = part | {f"muc{scene.first.pk}-{name}": str(value) for name, value in known.items()}
    again[f"muc{scene.first.pk}-results"] = "Đang gõ tiếp"
    assert form.post(scene.url, again, headers={"X-Autosave": "1"}).json()["clashes"] == []
    assert results(scene)[0] == "Đang gõ tiếp"


def test_an_answer_lost_on_the_way_is_no_clash_with_oneself(scene, form):
    page = opened(form, scene) | {"chung-page": "abc123"}
    for words in ("Đang gõ", "Đang gõ tiếp"):  # The second still brings the version of before the first.
        typed = page | {f"muc{scene.first.pk}-results": words, "chung-general_note": words}
        answer = form.post(scene.url, typed, headers={"X-Autosave": "1"}).json()

    assert answer["clashes"] == []
    assert results(scene)[0] == "Đang gõ tiếp"
    assert UnitReport.objects.get().general_note == "Đang gõ tiếp"


def test_what_clashes_while_saving_by_itself_is_kept_at_once(scene, form, colleague):
    page = opened(form, scene)
    by_colleague(scene, colleague, scene.first, "Bản của A Pót")

    typed = page | {f"muc{scene.first.pk}-results": "Bản của tôi"}
    answer = form.post(scene.url, typed, headers={"X-Autosave": "1"}).json()

    assert answer["clashes"] == [
        {
            "part": f"muc{scene.first.pk}",
            "message": "A Pót vừa lưu mục 1a.1; hai bản khác nhau, cả hai đều được giữ.",
        }
    ]
    assert DraftCopy.objects.filter(content={"results": "Bản của tôi"}).count() == 1


def test_a_page_opened_before_somebody_else_changed_the_general_part_overwrites_nothing(scene, form, colleague):
    page = opened(form, scene)
    report = UnitReport.objects.get()
    save_draft(report, ReportInput(general_note="Của A Pót"), by=colleague, now=LATER, version=1)

    answer = form.post(scene.url, page | {"chung-general_note": "Của tôi", "do": "save"})

    assert answer.status_code == 409
    assert "A Pót vừa lưu phần “Toàn báo cáo”" in answer.content.decode()
    assert UnitReport.objects.get().general_note == "Của A Pót"


def test_one_press_says_of_the_blank_sections_that_nothing_has_changed(scene, form):
    typed = opened(form, scene) | {f"muc{scene.first.pk}-results": "Đã mở 3 lớp", "do": "rest-same"}

    answer = form.post(scene.url, typed, follow=True)

    assert "Đã ghi “không có thay đổi” cho 1 mục (3a.4) và lưu nháp. Chưa gửi." in answer.content.decode()
    assert dict(ProgressReport.objects.values_list("pk", "no_change")) == {scene.first.pk: False, scene.words.pk: True}
    again = form.post(scene.url, opened(form, scene) | {"do": "rest-same"}, follow=True)
    assert "Mục nào cũng đã ghi, không còn mục trống." in again.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"nothing_arose": "on", "no_change": "on"}, "Chỉ chọn một: “không phát sinh” hoặc “không có thay đổi”."),
        ({"nothing_arose": "on", "indicator": "3"}, "Đã ghi số liệu lớn hơn 0 thì không thể “không phát sinh”."),
    ],
)
def test_nothing_arose_cannot_stand_beside_its_contrary(scene, form, typed, sentence):
    typed = {name.replace("indicator", f"indicator_{scene.indicator.pk}"): value for name, value in typed.items()}
    fields = {f"muc{scene.first.pk}-{name}": value for name, value in typed.items()}

    answer = form.post(scene.url, opened(form, scene) | fields | {"do": "submit"})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_nothing_arose_is_an_answer_that_can_be_sent_and_read(scene, form):
    fields = {f"muc{scene.first.pk}-nothing_arose": "on", "do": "submit"}

    page = form.post(scene.url, opened(form, scene) | fields, follow=True).content.decode()

    assert "Không phát sinh trong kỳ này." in page
    assert scene.first.rounds.get().content["nothing_arose"] is True


def test_two_people_see_each_other_on_a_draft_and_are_gone_after_a_minute(scene, form, client, colleague):
    url = reverse("tasks:report_presence", args=[scene.report.pk])
    assert form.post(url).json() == {"others": []}
    client.force_login(colleague)
    assert client.post(url).json() == {"others": ["Y Hương"]}

    DraftPresence.objects.filter(user=scene.person).update(seen_at=timezone.now() - timedelta(seconds=61))

    assert others_present(scene.report, user=colleague) == []
    client.post(url)
    assert list(DraftPresence.objects.values_list("user__username", flat=True)) == ["dongnghiep"]


def test_sending_forgets_the_other_versions(scene, form, colleague):
    page = opened(form, scene)
    by_colleague(scene, colleague, scene.first, "Bản của A Pót")
    form.post(scene.url, page | {f"muc{scene.first.pk}-results": "Bản của tôi", "do": "save"})
    assert DraftCopy.objects.count() == 2

    form.post(scene.url, opened(form, scene) | {f"muc{scene.first.pk}-results": "Bản của tôi", "do": "submit"})

    assert DraftCopy.objects.count() == 0
