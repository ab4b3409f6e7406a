"""The wall screen: what it shows, to whom, and what is fetched again every minute."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directive_tracker import clock
from tasks.models import Assignment, Directive
from tests.factories import make_reporter
from tests.tasks.figures import make_house
from tests.tasks.whole import NOW, TODAY, count, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def test_the_screen_shows_large_figures_what_is_late_and_what_comes(client):
    house = make_house(units=3, tasks=2)
    first, second, third = house.units
    Assignment.objects.filter(unit=first).update(state="completed", completed_on=date(2024, 4, 12))
    Assignment.objects.filter(unit=second).update(due_current=date(2024, 4, 22))
    Assignment.objects.filter(unit=third, task=house.tasks[1]).update(due_current=date(2024, 4, 23))
    count(house)
    client.force_login(house.reader)

    answer = client.get(f"/tong-quan/{house.directive.pk}/man-hinh/")

    words = words_of(answer.content)
    for expected in (
        "Số liệu lúc 08:00 15/4/2024",
        "Thứ Hai 15/4/2024 · 2 trên 6 việc hoàn thành · 1 việc quá hạn · còn 13 ngày làm việc đến 07/5/2024",
        "việc hoàn thành 2/6 việc quá hạn 1 việc chờ xác nhận 0",
        "Hoàn thành đúng hạn: 2",
        "Chưa hoàn thành, trong hạn: 3",
        "Quá hạn theo đơn vị Huyện ủy Số 2 1",
        "Đến hạn trong 7 ngày, đến 22/4/2024 Thứ Hai 22/4/2024 1a.1 Tuyên truyền: 1 đơn vị",
        "Thứ Hai 22/4/2024 1a.2 Tuyên truyền: 1 đơn vị",
    ):
        assert expected in words, expected
    assert "23/4/2024" not in words


def test_without_scripts_the_browser_itself_asks_again_each_minute(client):
    house = make_house()
    client.force_login(house.office)

    page = client.get(f"/tong-quan/{house.directive.pk}/man-hinh/").content.decode()

    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in page
    assert 'hx-trigger="every 60s"' in page


def test_by_htmx_the_figures_come_alone_and_are_never_kept(client):
    house = make_house()
    client.force_login(house.office)

    answer = client.get(f"/tong-quan/{house.directive.pk}/man-hinh/", headers={"HX-Request": "true"})

    assert ("<html" in answer.content.decode(), "data-wall-at" in answer.content.decode()) == (False, True)
    assert (answer["Cache-Control"], "HX-Request" in answer["Vary"]) == ("private, no-store", True)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_session_that_ended_gets_words_and_no_sign_in_form(client, headers):
    house = make_house()

    answer = client.get(f"/tong-quan/{house.directive.pk}/man-hinh/", headers=headers)

    assert answer.status_code == 403
    words = words_of(answer.content)
    assert "Phiên làm việc trên màn hình này đã hết" in words
    assert (b"<form" in answer.content, "Điện Biên" in words) == (False, False)


def test_more_units_than_fit_are_said_in_a_line(client):
    house = make_house(units=13)
    client.force_login(house.office)

    words = words_of(client.get(f"/tong-quan/{house.directive.pk}/man-hinh/").content)

    assert "Huyện ủy Số 9 1 và 3 đơn vị khác" in words


def test_a_directive_that_has_ended_waits_for_nothing(client):
    house = make_house(units=1)
    Assignment.objects.update(due_current=date(2024, 4, 16))
    count(house)
    Directive.objects.update(state="closed", closed_on=TODAY)
    client.force_login(house.office)

    words = words_of(client.get(f"/tong-quan/{house.directive.pk}/man-hinh/").content)

    assert "Đã kết thúc theo dõi ngày 15/4/2024 · 0 trên 1 việc hoàn thành · không có việc quá hạn" in words
    assert ("Không có việc quá hạn." in words, "Không có việc nào đến hạn." in words) == (True, True)


def test_a_units_people_have_no_wall_screen(client):
    house = make_house()
    client.force_login(make_reporter(house.units[0]))

    assert client.get(f"/tong-quan/{house.directive.pk}/man-hinh/").status_code == 403


@pytest.mark.parametrize(("units", "tasks"), [(1, 1), (30, 10)])
def test_the_screen_takes_the_same_statements_at_1_and_at_300_parts(client, units, tasks):
    house = make_house(units=units, tasks=tasks)
    client.force_login(house.reader)

    with CaptureQueriesContext(connection) as context:
        answer = client.get(f"/tong-quan/{house.directive.pk}/man-hinh/")

    assert (answer.status_code, len(context)) == (200, 5)
