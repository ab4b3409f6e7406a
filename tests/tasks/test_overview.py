"""Tổng quan: four classes that add up, by unit, by task, who has reported, in a fixed number of statements."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directive_tracker import clock
from tasks.models import Assignment, Directive, Tally, UnitReport
from tasks.overview import build_overview
from tests.factories import at, make_assignment, make_reporter, make_task, make_unit
from tests.tasks.figures import NOW, TODAY, House, count, make_house
from units.access import access_of
from units.calendar import with_calendar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def overview_of(house: House, user):
    directive = with_calendar(Directive.objects.all()).get(pk=house.directive.pk)
    return build_overview(directive, access_of(user, today=TODAY), today=TODAY)


def text_of(page: bytes) -> str:
    """The words of a page with single blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.decode()))


def mixed_house() -> House:
    """Two units, two tasks counted, one encouraged, one undecided: 4 + 4 parts, one each of most kinds."""
    house = make_house(units=2, tasks=2)
    house.tasks += [
        make_task(house.directive, "1a.5", strength="encouraged"),
        make_task(house.directive, "2", condition_state="undecided"),
    ]
    for unit in house.units:
        for task in house.tasks[2:]:
            make_assignment(task, unit, state="in_progress")
    rows = list(Assignment.objects.filter(task__in=house.tasks[:2]).order_by("pk"))
    Assignment.objects.filter(pk=rows[0].pk).update(state="completed", completed_on=date(2024, 4, 10))
    Assignment.objects.filter(pk=rows[1].pk).update(state="completed", completed_on=date(2024, 4, 13))
    Assignment.objects.filter(pk=rows[2].pk).update(due_current=None)
    count(house)
    return house


def test_the_classes_add_up_and_the_outside_stands_beside_them(client):
    house = mixed_house()
    client.force_login(house.reader)

    page = text_of(client.get(f"/tong-quan/{house.directive.pk}/").content)

    for expected in (
        "Thứ Hai 15/4/2024 · 2 trên 4 việc hoàn thành · 1 việc quá hạn · còn 13 ngày làm việc đến 07/5/2024",
        "Hoàn thành đúng hạn 1 ",
        "Hoàn thành quá hạn 1 ",
        "Chưa hoàn thành, trong hạn trong đó không thời hạn: 1 1 ",
        "Chưa hoàn thành, quá hạn 1 ",
        "Cộng 2 + 2 = 4",
        "Khuyến khích, không đặt chỉ tiêu 2 ",
        "Chờ quyết định 2 ",
        "Tạm dừng 0 ",
        "Tổng số việc đã giao chủ trì 4 + 4 = 8",
    ):
        assert expected in page, expected


def test_units_stand_in_official_order_tasks_in_the_order_of_the_text():
    house = mixed_house()

    page = overview_of(house, house.reader)

    assert [row.name for row in page.units] == ["Huyện ủy Số 0", "Huyện ủy Số 1"]
    assert [(row.code, row.figures.counted, row.figures.outside) for row in page.tasks] == [
        ("1a.1", 2, 0),
        ("1a.2", 2, 0),
        ("1a.5", 0, 2),
        ("2", 0, 2),
    ]


def test_a_number_leads_to_the_list_behind_it(client):
    house = mixed_house()
    client.force_login(house.office)
    unit = house.units[1]

    page = client.get(f"/tong-quan/{house.directive.pk}/").content.decode()

    address = f"/phan-viec/?directive={house.directive.pk}&amp;role=lead&amp;unit={unit.pk}&amp;timeliness=open_overdue"
    assert f'<a href="{address}">1</a>' in page
    answer = client.get(address.replace("&amp;", "&"))
    assert answer.status_code == 200
    assert answer.context["count"] == 1


def test_a_units_people_see_their_own_row_and_the_tasks_they_monitor(client):
    house = mixed_house()
    reporter = make_reporter(house.units[0], "dakha")
    house.tasks[1].monitors.add(house.units[0])

    page = overview_of(house, reporter)

    assert [row.pk for row in page.units] == [house.units[0].pk]
    assert [row.code for row in page.tasks] == ["1a.2"]
    assert (page.total.counted, page.total.outside, page.registry) == (2, 2, None)
    client.force_login(reporter)
    words = text_of(client.get(f"/tong-quan/{house.directive.pk}/").content)
    assert ("Huyện ủy Số 1" in words, "Số liệu của đơn vị mình" in words) == (False, True)


def test_who_has_reported_in_the_period():
    house = make_house(units=3)
    period = house.directive.periods.get()
    sent, returned, draft = (
        UnitReport.objects.create(
            directive=house.directive,
            unit=unit,
            period=period,
            state=state,
            created_by=house.office,
            created_at=NOW,
            saved_by=house.office,
            saved_at=NOW,
            submitted_at=None if state == "draft" else at("2024-04-14"),
        )
        for unit, state in zip(house.units, ("submitted", "returned", "draft"), strict=True)
    )

    (status,) = overview_of(house, house.reader).periods

    assert (status.sent, status.total, status.is_late, status.is_cut_off) == (2, 3, False, True)
    assert [unit.pk for unit in status.missing] == [draft.unit_id]
    assert {sent.unit_id, returned.unit_id}.isdisjoint(unit.pk for unit in status.missing)


def test_nothing_is_counted_while_the_page_is_read():
    house = make_house(units=2)
    Tally.objects.filter(unit=house.units[0]).update(done_late=7)

    page = overview_of(house, house.reader)

    assert page.total.done_late == 7


def test_the_first_reader_of_the_day_rolls_the_figures_forward():
    house = make_house(units=2)
    Tally.objects.update(day=date(2024, 4, 12), open_overdue=0, open_in_time=1)

    page = overview_of(house, house.reader)

    assert (page.total.open_overdue, page.total.open_in_time) == (2, 0)


def test_a_directive_without_work_says_so(client):
    house = make_house(units=0)
    client.force_login(house.office)

    page = client.get(f"/tong-quan/{house.directive.pk}/").content.decode()

    assert "Chưa có phần việc chủ trì nào" in page


def test_small_numbers_of_people_are_words(client):
    house = make_house()
    client.force_login(house.reader)

    page = text_of(client.get(f"/tong-quan/{house.directive.pk}/").content)

    assert (
        "0/0 xã đã rà soát; 0 người đã xác minh còn sống; chưa mở đợt tri ân. Xã, phường, thị trấn đã rà soát 0 trên 0"
        " Người đã xác minh, đang sống 0 Người đã được thăm chưa mở đợt Người chưa được thăm chưa mở đợt"
    ) in page


@pytest.mark.parametrize(("units", "tasks"), [(1, 1), (30, 10)])
@pytest.mark.parametrize(("who", "expected"), [("office", 9), ("reader", 9), ("unit", 8)])
def test_the_overview_takes_the_same_statements_at_1_and_at_300_parts(client, units, tasks, who, expected):
    house = make_house(units=units, tasks=tasks)
    user = {"office": house.office, "reader": house.reader}.get(who) or make_reporter(house.units[0])
    client.force_login(user)

    with CaptureQueriesContext(connection) as context:
        answer = client.get(f"/tong-quan/{house.directive.pk}/")

    assert (answer.status_code, len(context)) == (200, expected)


def test_a_unit_without_lead_work_gets_an_empty_page(client):
    house = make_house()
    client.force_login(make_reporter(make_unit("Đài PT-TH")))

    answer = client.get(f"/tong-quan/{house.directive.pk}/")

    assert "Chưa có phần việc chủ trì nào" in answer.content.decode()
