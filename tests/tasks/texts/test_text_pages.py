"""The pages of a text's versions."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tasks.models import DirectiveText
from tasks.texts.versions import add_words
from tests.factories import make_office_user, make_reporter
from tests.tasks.drafting.draft import NOW, by_code, make_bodies, record_letter, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def bodies():
    return make_bodies()


@pytest.fixture
def directive(bodies):
    return record_letter()


@pytest.fixture
def office(client, directive):
    user = make_office_user()
    client.force_login(user)
    return user


def address(directive, tail=""):
    return f"/van-ban/{directive.pk}/loi-van/{tail}"


def typed(directive, **values):
    words = directive.current_text.body.replace("thêm yêu sách", "yêu sách hơn")
    return {"words": words, "reason": "Sửa theo bản ký", "not_secret": "on", "seen": "1", **values}


def test_typing_a_correction_adds_a_version_and_leads_to_what_changed(client, directive, office):
    answer = client.post(address(directive, "moi/"), typed(directive), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(address(directive), 302)]
    assert "Đã thêm bản 2 của lời văn." in page
    assert '<del><span class="visually-hidden">bỏ: </span>thêm </del>' in page
    assert DirectiveText.objects.get(version=1).source_sha256 in page


def test_line_ends_of_a_browser_change_nothing(client, directive, office):
    words = directive.current_text.body.replace("\n", "\r\n")
    answer = client.post(address(directive, "moi/"), typed(directive, words=words))
    assert (answer.status_code, DirectiveText.objects.count()) == (422, 1)
    assert "Lời văn này không khác bản hiện nay." in answer.content.decode()


def test_a_file_and_typed_words_at_once_are_refused_and_the_words_stay(client, directive, office):
    upload = SimpleUploadedFile("a.txt", "Lời văn khác.".encode())
    answer = client.post(address(directive, "moi/"), typed(directive, file=upload))
    page = answer.content.decode()
    assert (answer.status_code, DirectiveText.objects.count()) == (422, 1)
    assert "Hãy chỉ dùng một cách" in page
    assert "yêu sách hơn" in page


def test_a_file_alone_is_taken_while_the_box_stands_as_it_was(client, directive, office):
    body = directive.current_text.body
    upload = SimpleUploadedFile("a.txt", body.replace("thêm yêu sách", "yêu sách hơn").encode())
    answer = client.post(address(directive, "moi/"), typed(directive, words=body, file=upload))
    assert (answer.status_code, directive.current_text.source_file.original_name) == (302, "a.txt")


def test_whoever_comes_second_reads_who_was_quicker_keeps_the_words_and_may_go_on(client, directive, office):
    other = make_office_user("binh", full_name="Trần Thị Bình")
    quicker = directive.current_text.body.replace("vùng khó khăn", "vùng sâu")
    add_words(directive, quicker, reason="Sửa trước", seen=1, by=other, now=NOW)
    mine = typed(directive)["words"]
    answer = client.post(address(directive, "moi/"), typed(directive, words=mine))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Trần Thị Bình đã thêm bản 2 lúc 09:00 02/3/2026." in page
    assert "yêu sách hơn" in page
    assert '<input type="hidden" name="seen" value="2"' in page
    again = client.post(address(directive, "moi/"), typed(directive, words=mine, seen="2"))
    assert (again.status_code, directive.current_text.version) == (302, 3)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"reason": ""}, "Hãy ghi lý do sửa lời văn."),
        ({"words": ""}, "Lời văn trống."),
        ({"not_secret": ""}, "Chỉ ghi được lời văn không có độ mật."),
        ({"words": "MẬT\nMột việc."}, "mật"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ"), "words": ""}, "a.exe"),
        ({"seen": "một"}, "seen"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(client, directive, office, values, said):
    answer = client.post(address(directive, "moi/"), typed(directive, **values))
    assert (answer.status_code, DirectiveText.objects.count()) == (422, 1)
    assert said in answer.content.decode()


def test_a_task_is_marked_again_on_its_page(client, directive, office):
    words = directive.current_text.body.replace("tặng sách cho trường", "tặng sách, báo cho trường")
    client.post(address(directive, "moi/"), typed(directive, words=words))
    task = by_code(directive)["3"]
    page = client.get(address(directive)).content.decode()
    assert "Cần đánh dấu lại" in page
    assert "tặng sách cho trường học vùng khó khăn" in page
    body = directive.current_text.body
    start = body.index("Hội Người cao tuổi tỉnh vận động")
    sentence = "Hội Người cao tuổi tỉnh vận động hội viên tặng sách, báo cho trường học vùng khó khăn."
    place = f"{start}-{start + len(sentence)}"
    answer = client.post(f"/nhiem-vu/{task.pk}/danh-dau-lai/", {"place": place})
    assert (answer.status_code, words_of(by_code(directive)["3"])) == (302, [sentence])
    stale = client.post(f"/nhiem-vu/{task.pk}/danh-dau-lai/", {"place": "1-9999"})
    assert "Câu vừa chọn không còn trong lời văn." in stale.content.decode()


def test_a_unit_reads_the_versions_of_what_was_issued_but_corrects_nothing(client, bodies, directive):
    type(directive).objects.filter(pk=directive.pk).update(state="issued", issued_on=NOW.date())
    client.force_login(make_reporter(bodies["youth"]))
    answer = client.get(address(directive))
    assert (answer.status_code, "Thêm bản sửa lời văn" in answer.content.decode()) == (200, False)
    assert client.get(address(directive, "moi/")).status_code == 403


def test_the_page_of_versions_costs_the_same_with_many(client, directive, office, django_assert_num_queries):
    client.post(address(directive, "moi/"), typed(directive))
    client.get(address(directive))
    with django_assert_num_queries(STATEMENTS):
        client.get(address(directive))
    body = directive.current_text.body
    for number in range(2, 12):
        add_words(directive, f"{body}\nCâu {number}.", reason="Sửa", seen=number, by=office, now=NOW)
    with django_assert_num_queries(STATEMENTS):
        client.get(address(directive))


STATEMENTS = 6
