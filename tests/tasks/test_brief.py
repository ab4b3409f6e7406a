"""Trình Thường trực: one sheet with the sentence, the classes, what is late and why, and what is asked."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directive_tracker import clock
from tasks import lifecycle, tallies
from tasks.brief import build_brief
from tasks.extensions import permit_extension, request_extension
from tasks.models import Assignment
from tests.factories import make_assignment, make_reporter, make_task
from tests.tasks.figures import NOW, TODAY, count, make_house
from tests.tasks.story import make_story, send
from tests.tasks.test_overview import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def brief_of(story):
    tallies.refresh(
        story.directive,
        unit_ids=[story.unit.pk, story.other_unit.pk],
        task_ids=[story.task.pk],
        today=TODAY,
    )
    return build_brief(story.directive, story.office, today=TODAY)


def late_rows(brief) -> list[tuple]:
    return [(row.assignment.unit.short_name, row.days, row.reason, row.expected_on) for row in brief.overdue]


def test_the_sheet_says_sentence_classes_and_outside(client):
    house = make_house(units=2, tasks=2)
    make_assignment(make_task(house.directive, "1c.1"), house.units[0], due=None, state="in_progress")
    house.tasks += [Assignment.objects.latest("pk").task]
    count(house)
    client.force_login(house.reader)

    page = text_of(client.get(f"/trinh/{house.directive.pk}/").content)

    for expected in (
        "Thứ Hai 15/4/2024 · 0 trên 5 việc hoàn thành · 4 việc quá hạn · còn 13 ngày làm việc đến 07/5/2024",
        "Chưa hoàn thành, trong hạn 0 Chưa hoàn thành, không thời hạn 1 Chưa hoàn thành, quá hạn 4 Cộng 5",
        "Ngoài thống kê: 0 khuyến khích, 0 chờ quyết định, 0 tạm dừng 0",
        "2. Tri ân",
        "Không có việc nào chờ Thường trực quyết định.",
        "Ý kiến chỉ đạo:",
    ):
        assert expected in page, expected


def test_the_reason_is_what_the_unit_says_itself_with_its_expected_day():
    story = make_story(due=date(2024, 4, 10))
    send(story, difficulties="Mưa lũ,\n đường vào ba xã bị chia cắt", expected_on=date(2024, 4, 25))

    assert late_rows(brief_of(story)) == [
        ("Huyện ủy Đắk Hà", 5, "Mưa lũ, đường vào ba xã bị chia cắt", date(2024, 4, 25))
    ]


def let_ask(story) -> None:
    """The day is over: the office lets the unit ask."""
    permit_extension(story.assignment, by=story.office, now=NOW, reason="Mưa lũ", until=date(2024, 4, 19))


def test_without_a_report_the_extension_speaks():
    story = make_story(state="in_progress", due=date(2024, 4, 10))
    let_ask(story)
    request_extension(story.assignment, by=story.reporter, now=NOW, new_due=date(2024, 4, 26), reason="Còn ba xã")

    assert late_rows(brief_of(story)) == [("Huyện ủy Đắk Hà", 5, "Còn ba xã", date(2024, 4, 26))]


@pytest.mark.parametrize(("state", "reason"), [("assigned", "chưa tiếp nhận"), ("in_progress", "đơn vị chưa nêu")])
def test_silence_is_said_as_silence(state, reason):
    story = make_story(state=state, due=date(2024, 4, 10))

    assert late_rows(brief_of(story)) == [("Huyện ủy Đắk Hà", 5, reason, None)]


def test_late_but_sent_waits_for_us():
    story = make_story(due=date(2024, 4, 9))
    send(story, claims_completion=True)

    assert late_rows(brief_of(story)) == [("Huyện ủy Đắk Hà", 1, "gửi muộn, ngày 10/4/2024; đang chờ xác nhận", None)]


def test_what_is_asked_conditions_long_extensions_and_work_given_back():
    story = make_story(state="in_progress", due=date(2024, 4, 10))
    make_task(
        story.directive,
        "2",
        condition_state="undecided",
        condition_question="Kon Tum có điểm cầu không?",
        condition_decide_by=date(2024, 4, 19),
        condition_decider=story.directive.office,
    )
    let_ask(story)
    request_extension(story.assignment, by=story.reporter, now=NOW, new_due=date(2024, 4, 26), reason="Còn ba xã")
    lifecycle.give_back(story.other_assignment, by=story.stranger, now=NOW, reason="Không có lực lượng")

    questions = [(q.text, q.detail) for q in brief_of(story).questions]

    assert questions == [
        ("Kon Tum có điểm cầu không? (điểm 2)", "quyết định trước 19/4/2024, bên quyết định: Văn phòng"),
        ("Đồng ý cho Huyện ủy Đắk Hà gia hạn 1a.1 từ 10/4/2024 đến 26/4/2024?", "Còn ba xã"),
        ("Giao đơn vị nào làm 1a.1 Tuyên truyền?", "Huyện ủy Ngọc Hồi trả lại: Không có lực lượng"),
    ]


def test_a_short_first_extension_is_the_offices_to_decide():
    story = make_story(state="in_progress", due=date(2024, 4, 12))
    let_ask(story)
    request_extension(story.assignment, by=story.reporter, now=NOW, new_due=date(2024, 4, 19), reason="Còn một xã")

    assert brief_of(story).questions == []


def test_the_list_is_cut_to_the_sheet_and_says_how_many_more(client):
    house = make_house(units=12)
    client.force_login(house.reader)

    page = text_of(client.get(f"/trinh/{house.directive.pk}/").content)

    assert (page.count("đơn vị chưa nêu"), "và 3 việc khác" in page) == (9, True)


@pytest.mark.parametrize(("units", "tasks"), [(1, 1), (30, 10)])
def test_the_brief_takes_the_same_statements_at_1_and_at_300_parts(client, units, tasks):
    house = make_house(units=units, tasks=tasks)
    client.force_login(house.reader)

    with CaptureQueriesContext(connection) as context:
        answer = client.get(f"/trinh/{house.directive.pk}/")

    assert (answer.status_code, len(context)) == (200, 17)


def test_a_units_people_have_no_brief(client):
    house = make_house()
    client.force_login(make_reporter(house.units[0]))

    assert client.get(f"/trinh/{house.directive.pk}/").status_code == 403
    assert client.get("/trinh/").status_code == 403
