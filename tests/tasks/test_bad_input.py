"""What goes wrong when people fill in forms, through the pages: told in words, and nothing typed is lost."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from directive_tracker import clock
from records.models import StoredFile
from tasks.extensions import decide_extension, request_extension, withdraw_extension
from tasks.lifecycle import decide_condition
from tasks.models import ReportRound, SectionFile
from tests.factories import at, make_office_user, make_task
from tests.tasks.story import make_story
from tests.tasks.test_report_form import NOW, Scene
from tests.tasks.test_report_links import NAME, House

pytestmark = pytest.mark.django_db
SAID = "Đã mở 3 lớp cho 120 người."


@pytest.fixture(autouse=True)
def _monday(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: date(2024, 4, 15))
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def form(scene, client):
    client.force_login(scene.person)
    return client


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-5", "“-5” là số âm: số liệu chỉ từ 0 trở lên."),
        ("1.234,5", "“1.234,5” có phần lẻ, mục này chỉ ghi số nguyên. Xin ghi 1.234 hoặc 1.235."),
        ("1,234.5", "hàng nghìn ngăn bằng dấu chấm. Xin ghi 1.234 hoặc 1.235."),
        ("mười", "“mười” không phải số. Xin ghi một số nguyên, ví dụ 1234 hoặc 1.234."),
        ("9" * 16, "lớn quá mức ghi được. Xin xem lại số và đơn vị tính."),
    ],
)
def test_a_figure_that_cannot_be_is_not_sent_and_stands_there_as_it_was_typed(scene, form, typed, sentence):
    name = f"first__indicator_{scene.indicator.pk}"

    answer = form.post(scene.url, scene.typed(first__results=SAID, do="submit", **{name: typed}))
    page = answer.content.decode()
    scene.reload()

    assert answer.status_code == 422
    assert sentence in page
    assert (f'value="{typed}"' in page, f"{SAID}</textarea>" in page) == (True, True)
    assert (scene.first.results, ReportRound.objects.count()) == (SAID, 0)


@pytest.mark.parametrize("field", ["expected_on", "reported_outside_on"])
def test_a_day_before_the_task_is_not_sent_and_the_page_says_which_day_that_was(scene, form, field):
    answer = form.post(scene.url, scene.typed(first__results=SAID, do="submit", **{f"first__{field}": "04/3/2023"}))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Ngày 04/3/2023 trước ngày giao việc (15/02/2024). Xin xem lại ngày, tháng, năm." in page
    assert f"{SAID}</textarea>" in page
    assert ReportRound.objects.count() == 0


def a_list_of_persons() -> bytes:
    book, buffer = Workbook(), io.BytesIO()
    for row in (["STT", "Họ và tên", "Năm sinh"], [1, "Nguyễn Văn Một", 1932], [2, "A Hai", 1935], [3, "Y Ba", 1940]):
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("ke-hoach.pdf", b"MZ\x90 khong phai pdf", "không đúng với đuôi “.pdf”"),
        ("danh-sach.xlsx", a_list_of_persons(), "Hãy gửi danh sách qua Sổ tri ân"),
    ],
)
def test_a_file_that_is_not_taken_says_why_and_the_words_stay(scene, form, name, data, sentence):
    files = {f"muc{scene.first.pk}-files": [SimpleUploadedFile(name, data)]}

    answer = form.post(scene.url, scene.typed(first__results=SAID) | files)
    page = answer.content.decode()
    scene.reload()

    assert (answer.status_code, sentence in page) == (422, True)
    assert (scene.first.results, f"{SAID}</textarea>" in page) == (SAID, True)
    assert (SectionFile.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_figure_typed_behind_a_mailed_link_is_answered_in_the_same_words(client):
    house = House()
    client.post(house.path, {"do": "open", **NAME})
    report = house.begin(client)
    section = report.sections.order_by("pk").first()
    indicator = section.assignment.task.indicators.create(code="CT03", order=1, name="Tin, bài", measure="bài")

    typed = {f"muc{section.pk}-indicator_{indicator.pk}": "1,234.5", f"muc{section.pk}-results": SAID}
    answer = client.post(house.form_path(report), house.typed(report) | typed)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "ngăn hàng nghìn bằng dấu phẩy" in page
    assert ('value="1,234.5"' in page, f"{SAID}</textarea>" in page) == (True, True)
    assert ReportRound.objects.count() == 0


# --- a decision on a page that is out of date -----------------------------------------------------------


def asked_for_time(story):
    return request_extension(
        story.assignment,
        by=story.reporter,
        now=at("2024-04-10"),
        new_due=date(2024, 4, 26),
        reason="Chờ hội nghị huyện.",
    )


@pytest.mark.parametrize("pressed", ["approve", "refuse"])
def test_who_decides_a_request_that_was_decided_is_told_who_decided_what_when(client, pressed):
    story = make_story(state="in_progress", due=date(2024, 4, 19))
    request = asked_for_time(story)
    colleague = make_office_user("dongnghiep", full_name="Lê Thị Bình")
    decide_extension(request, by=colleague, now=at("2024-04-15", "07:45"), approve=True, granted_due=date(2024, 4, 24))
    client.force_login(story.office)

    decision = {"decision": pressed, "reason": "Không kịp tổng hợp."}
    answer = client.post(f"/gia-han/{request.pk}/quyet-dinh/", decision, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "Lê Thị Bình đã giải quyết đề nghị này lúc 07:45 15/4/2024: đồng ý đến 24/4/2024."
    ]
    request.refresh_from_db()
    assert (request.state, request.granted_due) == ("approved", date(2024, 4, 24))


def test_who_decides_a_request_that_the_unit_took_back_is_told_so(client):
    story = make_story(state="in_progress", due=date(2024, 4, 19))
    request = asked_for_time(story)
    withdraw_extension(request, by=story.reporter, now=at("2024-04-15", "07:50"))
    client.force_login(story.office)

    answer = client.post(f"/gia-han/{request.pk}/quyet-dinh/", {"decision": "approve"}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        f"{story.reporter} đã giải quyết đề nghị này lúc 07:50 15/4/2024: đơn vị rút."
    ]


def test_who_decides_a_condition_that_was_decided_is_told_who_decided_what_when(client):
    story = make_story()
    task = make_task(
        story.directive,
        "2",
        condition_text="nếu có điểm cầu",
        condition_question="Có điểm cầu?",
        condition_state="undecided",
    )
    colleague = make_office_user("dongnghiep", full_name="Lê Thị Bình")
    decide_condition(task, applies=True, by=colleague, now=at("2024-04-15", "07:45"), reason="Công văn số 12")
    client.force_login(story.office)

    answer = client.post(f"/nhiem-vu/{task.pk}/dieu-kien/", {"applies": "no", "reason": "Chưa có."}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "Lê Thị Bình đã ghi quyết định lúc 07:45 15/4/2024: Có."
    ]
    task.refresh_from_db()
    assert task.condition_state == "applies"
