"""The pages of chasing: what they show, what they cost, what is typed wrongly, and the way through them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directive_tracker import clock
from tasks.chasing.notes import explain_delay, note_call
from tasks.models import Assignment, CallNote, ChaseLetter, DelayNote, Nudge
from tests.factories import at, make_assignment, make_reporter, make_task, make_unit
from tests.tasks.story import make_story

pytestmark = pytest.mark.django_db
NOW, TODAY = at("2024-04-15", "09:00"), date(2024, 4, 15)
LATE = date(2024, 4, 10)


@pytest.fixture(autouse=True)
def monday(monkeypatch, settings, tmp_path):
    """The pages' clock stands at Monday 15/4/2024, 09:00; files go into a folder of the test."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    settings.MEDIA_ROOT = tmp_path


def fill(story, count: int) -> list[Assignment]:
    """`count` units with a reporter and late work that was talked about."""
    task, rows = make_task(story.directive, "1c"), []
    for number in range(count):
        unit = make_unit(f"Huyện ủy số {number}")
        reporter = make_reporter(unit)
        rows.append(make_assignment(task, unit, due=LATE, state="in_progress"))
        note_call(
            rows[-1],
            by=story.office,
            now=NOW,
            spoke_with="Văn thư",
            called_on=TODAY,
            said="Sẽ gửi",
            promised_until=TODAY,
        )
        explain_delay(rows[-1], by=reporter, now=NOW, cause="objective", reason="Mưa lũ", expected_on=TODAY)
    return rows


@pytest.mark.parametrize("count", [1, 300])
@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("/don-doc/", 6),
        ("/don-doc/xem-truoc/?tat-ca=1", 8),
        ("/don-doc/cong-van/", 4),
        ("/don-doc/cong-van/moi/", 7),
    ],
)
def test_a_page_costs_the_same_at_one_and_at_three_hundred(client, django_assert_num_queries, path, statements, count):
    story = make_story(state="paused")
    rows = fill(story, count)
    client.force_login(story.office)
    typed = {"report_by": "19/4/2024", "organ": "Văn phòng", "symbol": "CV", "place": "K", "position": "C"}
    client.post("/don-doc/cong-van/moi/", {**typed, "don-vi": [row.unit_id for row in rows[:30]]})
    assert ChaseLetter.objects.count() == min(count, 30)

    with django_assert_num_queries(statements):
        answer = client.get(path)

    assert answer.status_code == 200


def test_the_page_of_work_the_panel_and_the_units_home_cost_the_same_however_much_was_said(client):
    story = make_story(state="in_progress", due=LATE)
    pages = [
        (story.office, f"/phan-viec/{story.assignment.pk}/"),
        (story.office, f"/phan-viec/{story.assignment.pk}/khung/"),
        (story.reporter, "/don-vi/"),
    ]
    costs = []
    for count in (1, 39):
        for _ in range(count):
            words = {"spoke_with": "Văn thư", "called_on": TODAY, "said": "Sẽ gửi"}
            note_call(story.assignment, by=story.office, now=NOW, **words)
            words = {"cause": "objective", "reason": "Mưa lũ", "expected_on": TODAY}
            explain_delay(story.assignment, by=story.reporter, now=NOW, **words)
        for user, path in pages:
            client.force_login(user)
            with CaptureQueriesContext(connection) as context:
                assert client.get(path).status_code == 200
            costs.append((path, len(context)))

    assert costs[:3] == costs[3:]


# --- the list -------------------------------------------------------------------------------------


def codes(answer) -> list[str]:
    return [row["assignment"].task.code for row in answer.context["rows"]]


def test_the_list_can_be_narrowed_to_what_was_not_answered_and_to_broken_promises(client):
    story = make_story(state="in_progress", due=LATE)
    silent = story.assignment
    rows = {}
    for code, day in (("answered", 15), ("over", 12)):
        rows[code] = make_assignment(make_task(story.directive, code), story.unit, due=LATE, state="redo")
        explain_delay(
            rows[code],
            by=story.reporter,
            now=at("2024-04-12"),
            cause="objective",
            reason="Mưa lũ",
            expected_on=date(2024, 4, day),
        )
    for code, day in (("kept", 15), ("broken", 12)):
        rows[code] = make_assignment(make_task(story.directive, code), story.unit, due=LATE, state="redo")
        words = {"spoke_with": "Văn thư", "called_on": date(2024, 4, 11), "said": "Sẽ gửi"}
        note_call(rows[code], by=story.office, now=NOW, promised_until=date(2024, 4, day), **words)
    client.force_login(story.office)

    everything = codes(client.get("/don-doc/"))
    not_answered = codes(client.get("/don-doc/?loc=chua-neu"))
    broken = codes(client.get("/don-doc/?loc=lo-hen"))

    assert everything == [silent.task.code, "answered", "over", "kept", "broken"]
    assert not_answered == [silent.task.code, "over", "kept", "broken"]
    assert broken == ["broken"]


def test_the_list_of_the_office_says_what_was_promised_and_what_the_unit_expects(client):
    story = make_story(state="in_progress", due=LATE)
    note_call(
        story.assignment,
        by=story.office,
        now=NOW,
        spoke_with="Văn thư",
        called_on=date(2024, 4, 11),
        said="Sẽ gửi",
        promised_until=date(2024, 4, 12),
    )
    explain_delay(story.assignment, by=story.reporter, now=NOW, cause="subjective", reason="Chờ xã", expected_on=TODAY)
    client.force_login(story.office)

    for path in ("/don-doc/", "/hom-nay/", "/phan-viec/?timeliness=open_overdue"):
        page = client.get(path).content.decode()
        assert ("đã lỡ hẹn 12/4/2024" in page, "dự kiến xong 15/4/2024" in page, "Chờ xã" in page) == (
            True,
            True,
            True,
        ), path


@pytest.mark.parametrize("query", ["van-ban=x", "don-vi=9999999999999999999999", "van-ban=987654321", "don-vi=-1"])
def test_an_address_that_names_nothing_is_not_found(client, query):
    story = make_story(state="in_progress", due=LATE)
    client.force_login(story.office)

    assert [client.get(f"/don-doc/{path}?{query}").status_code for path in ("", "xem-truoc/")] == [404, 404]


# --- nudges ---------------------------------------------------------------------------------------


def test_from_the_list_to_the_preview_to_the_units_told(client):
    story = make_story(state="in_progress", due=LATE)
    second = make_assignment(make_task(story.directive, "1a.2"), story.unit, due=LATE, state="redo")
    client.force_login(story.office)

    preview = client.get("/don-doc/xem-truoc/", {"viec": [story.assignment.pk, second.pk]})
    answer = client.post("/don-doc/xem-truoc/", {"viec": [second.pk], "message": "Đề nghị gửi."}, follow=True)

    assert [item["recipient"].title for item in preview.context["recipients"]] == [
        "Đôn đốc 2 việc: 1a.1, 1a.2, hạn sớm nhất 10/4/2024"
    ]
    assert "Đã đôn đốc 1 đơn vị, 1 việc; 1 người nhận được." in answer.content.decode()
    assert list(Nudge.objects.values_list("assignment", "message")) == [(second.pk, "Đề nghị gửi.")]


def test_what_a_colleague_chased_meanwhile_is_told_and_not_chased_again(client):
    story = make_story(state="in_progress", due=LATE)
    Assignment.objects.filter(pk=story.other_assignment.pk).update(due_current=LATE)
    Nudge.objects.create(assignment=story.other_assignment, by=story.office, at=NOW, message="Trước đó")
    client.force_login(story.office)

    answer = client.post(
        "/don-doc/xem-truoc/",
        {"viec": [story.assignment.pk, story.other_assignment.pk], "message": "Đề nghị gửi."},
        follow=True,
    )

    assert "Không đôn đốc 1a.1 – Huyện ủy Ngọc Hồi: đã đôn đốc ngày 15/4/2024." in answer.content.decode()
    assert Nudge.objects.filter(message="Đề nghị gửi.").count() == 1


def test_a_nudge_with_a_word_too_few_keeps_what_was_typed(client):
    story = make_story(state="in_progress", due=LATE)
    client.force_login(story.office)

    answer = client.post("/don-doc/xem-truoc/", {"viec": [story.assignment.pk], "message": "ab"})

    page = answer.content.decode()
    assert (answer.status_code, ">\nab</textarea>" in page, Nudge.objects.count()) == (422, True, 0)


def test_nothing_chosen_leads_back_to_the_list(client):
    story = make_story(state="in_progress", due=LATE)
    client.force_login(story.office)

    for answer in (client.get("/don-doc/xem-truoc/"), client.post("/don-doc/xem-truoc/", {"message": "Đề nghị."})):
        assert (answer.status_code, answer["Location"]) == (302, "/don-doc/")


def test_the_text_for_a_group_can_be_selected_without_a_script(client):
    story = make_story(state="in_progress", due=LATE)
    client.force_login(story.office)

    for path in (f"/don-doc/xem-truoc/?viec={story.assignment.pk}", f"/phan-viec/{story.assignment.pk}/"):
        page = client.get(path).content.decode()
        assert page.count("readonly>") == 1, path
        assert f"/phan-viec/{story.assignment.pk}/</textarea>" in page, path


def test_the_button_of_the_work_leads_to_the_preview(client):
    story = make_story(state="in_progress", due=LATE)
    client.force_login(story.office)

    for path in (f"/phan-viec/{story.assignment.pk}/", f"/phan-viec/{story.assignment.pk}/khung/"):
        page = client.get(path).content.decode()
        assert f'href="/don-doc/xem-truoc/?viec={story.assignment.pk}"' in page, path


# --- calls and answers ----------------------------------------------------------------------------


def test_a_call_typed_wrongly_comes_back_with_everything_that_was_typed(client):
    story = make_story(state="in_progress", due=LATE)
    client.force_login(story.office)
    typed = {"spoke_with": "Chánh văn phòng", "called_on": "31/2/2024", "said": "Sẽ gửi", "promised_until": "1/1/9999"}

    answer = client.post(f"/phan-viec/{story.assignment.pk}/cuoc-goi/", typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Không có ngày “31/2/2024” trong lịch." in page
    assert "Năm 9999 nằm ngoài khoảng 1800–2199." in page
    assert ("Chánh văn phòng" in page, "Sẽ gửi" in page, CallNote.objects.count()) == (True, True, 0)


def test_a_call_is_corrected_from_the_page_of_the_work(client):
    story = make_story(state="in_progress", due=LATE)
    client.force_login(story.office)
    address = f"/phan-viec/{story.assignment.pk}/cuoc-goi/"
    typed = {"spoke_with": "Chánh văn phòng", "called_on": "15/4/2024", "said": "Sẽ gửi"}
    client.post(address, typed)
    wrong = CallNote.objects.get()

    page = client.get(f"/phan-viec/{story.assignment.pk}/").content.decode()
    form = client.get(f"{address}?sua={wrong.pk}").context["form"]
    client.post(f"{address}?sua={wrong.pk}", typed | {"promised_until": "19/4/2024"})

    assert f"{address}?sua={wrong.pk}" in page
    assert form["spoke_with"].value() == "Chánh văn phòng"
    assert list(CallNote.objects.order_by("pk").values_list("corrects", "promised_until")) == [
        (None, None),
        (wrong.pk, date(2024, 4, 19)),
    ]
    assert client.get(f"{address}?sua={wrong.pk}").status_code == 404


def answer_to(story, **typed) -> dict:
    words = {"cause": "subjective", "reason": "Chờ các xã", "expected_on": "19/4/2024"} | typed
    return {f"v{story.assignment.pk}-{name}": value for name, value in words.items()}


def test_a_unit_answers_from_its_home_and_is_thanked_there(client):
    story = make_story(state="in_progress", due=LATE)
    client.force_login(story.reporter)
    address = f"/don-vi/viec/{story.assignment.pk}/ly-do-cham/"

    before = client.get("/don-vi/").content.decode()
    answer = client.post(address, answer_to(story), follow=True)

    after = answer.content.decode()
    assert (f'action="{address}"' in before, f'action="{address}"' in after) == (True, False)
    assert "Đã nêu 15/4/2024: chủ quan: Chờ các xã; dự kiến xong 19/4/2024" in after
    assert answer.redirect_chain == [(f"/don-vi/?don-vi={story.unit.pk}", 302)]


def test_answered_from_the_page_of_the_work_one_stays_there(client):
    story = make_story(state="in_progress", due=LATE)
    client.force_login(story.reporter)
    page = client.get(f"/phan-viec/{story.assignment.pk}/").content.decode()

    answer = client.post(f"/don-vi/viec/{story.assignment.pk}/ly-do-cham/", answer_to(story) | {"ve": "viec"})

    assert '<input type="hidden" name="ve" value="viec">' in page
    assert answer["Location"] == f"/phan-viec/{story.assignment.pk}/"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"cause": ""}, "Hãy chọn nguyên nhân: khách quan hoặc chủ quan."),
        ({"expected_on": "14/4/2024"}, "Ngày 14/4/2024 đã qua; hãy ghi một ngày từ hôm nay (15/4/2024) trở đi."),
        ({"expected_on": "31/12/9999"}, "Năm 9999 nằm ngoài khoảng 1800–2199."),
        ({"expected_on": "31/12/2199"}, "Ngày 31/12/2199 xa quá một năm"),
        ({"expected_on": "mai"}, "“mai” không phải là ngày."),
        ({"expected_on": ""}, "Hãy ghi ngày dự kiến xong."),
        ({"reason": ""}, "Hãy ghi lý do chậm."),
    ],
)
def test_an_answer_typed_wrongly_comes_back_with_a_sentence(client, typed, words):
    story = make_story(state="in_progress", due=LATE)
    client.force_login(story.reporter)

    answer = client.post(f"/don-vi/viec/{story.assignment.pk}/ly-do-cham/", answer_to(story, **typed))

    page = answer.content.decode()
    assert (answer.status_code, words in page, DelayNote.objects.count()) == (422, True, 0)
    assert "reason" in typed or 'value="Chờ các xã"' in page


def test_a_unit_is_not_asked_about_work_in_time_sent_or_of_others(client):
    story = make_story(state="in_progress")
    make_assignment(make_task(story.directive, "s"), story.unit, due=LATE, state="submitted")
    Assignment.objects.filter(pk=story.other_assignment.pk).update(due_current=LATE)
    client.force_login(story.reporter)

    assert "ly-do-cham" not in client.get("/don-vi/").content.decode()


# --- letters --------------------------------------------------------------------------------------


def letter_form(story, **typed) -> dict:
    return {
        "don-vi": [story.unit.pk],
        "report_by": "19/4/2024",
        "superior": "Tỉnh ủy Kon Tum",
        "organ": "Văn phòng",
        "symbol": "CV/VPTU",
        "place": "Kon Tum",
        "position": "Chánh Văn phòng",
    } | typed


def test_from_the_list_to_a_letter_ready_for_signature(client):
    story = make_story(state="in_progress", due=LATE)
    client.force_login(story.office)

    form = client.get("/don-doc/cong-van/moi/", {"viec": [story.assignment.pk]})
    answer = client.post("/don-doc/cong-van/moi/", letter_form(story), follow=True)
    letter = ChaseLetter.objects.get()
    file = client.get(f"/tep/{letter.file_id}/")

    # Three working days on, Giỗ Tổ on the 18th left out.
    assert form.context["form"]["report_by"].value() == "19/4/2024"
    assert [(item["unit"].name, item["chosen"], len(item["works"])) for item in form.context["units"]] == [
        ("Huyện ủy Đắk Hà", True, 1)
    ]
    assert answer.redirect_chain == [(f"/don-doc/cong-van/{letter.pk}/", 302)]
    assert file["Content-Disposition"] == (f'attachment; filename="cong-van-don-doc-{story.unit.code}-20240415.docx"')


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"don-vi": []}, "Hãy chọn ít nhất một đơn vị."),
        ({"report_by": "14/4/2024"}, "Ngày 14/4/2024 đã qua"),
        ({"organ": ""}, "Hãy ghi tên cơ quan ban hành."),
        ({"position": ""}, "Hãy ghi chức vụ người ký."),
    ],
)
def test_a_letter_typed_wrongly_comes_back_with_a_sentence(client, typed, words):
    story = make_story(state="in_progress", due=LATE)
    client.force_login(story.office)

    answer = client.post("/don-doc/cong-van/moi/", letter_form(story, **typed))

    page = answer.content.decode()
    assert (answer.status_code, words in page, ChaseLetter.objects.count()) == (422, True, 0)
    assert 'value="CV/VPTU"' in page


def test_number_and_day_of_a_letter_are_written_down_on_its_page(client):
    story = make_story(state="in_progress", due=LATE)
    client.force_login(story.office)
    client.post("/don-doc/cong-van/moi/", letter_form(story))
    letter = ChaseLetter.objects.get()

    wrong = client.post(letter.get_absolute_url(), {"number": "", "sent_on": "16/4/2024"})
    right = client.post(letter.get_absolute_url(), {"number": "127-CV/VPTU", "sent_on": "15/4/2024"}, follow=True)

    assert wrong.status_code == 422
    assert "Đã gửi 15/4/2024, số 127-CV/VPTU" in right.content.decode()
    assert client.post(letter.get_absolute_url(), {"number": "1", "sent_on": "15/4/2024"}).status_code == 403


def test_where_nothing_is_late_there_is_no_letter_to_write(client):
    story = make_story()
    client.force_login(story.office)

    answer = client.get("/don-doc/cong-van/moi/")

    assert (answer.status_code, answer["Location"]) == (302, "/don-doc/")
