"""Diễn biến theo tuần: what stood at the end of each week, what stands now, and which days nobody counted."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directive_tracker import clock
from records.audit import record
from tasks.models import Assignment, Directive, FigureDay
from tasks.whole.trend import build_trend, days_of
from tests.factories import at, make_reporter
from tests.tasks.figures import NOW, TODAY, count, make_house

pytestmark = pytest.mark.django_db

SUNDAY, NEXT_SUNDAY = date(2024, 4, 7), date(2024, 4, 14)


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def house():
    """Two units with a work each, issued on Monday 25/3/2024; today, Monday 15/4, both are overdue."""
    made = make_house(units=2, tasks=1)
    Directive.objects.filter(pk=made.directive.pk).update(issued_on=date(2024, 3, 25))
    made.directive.refresh_from_db()
    return made


def stood(house, day: date, *classes: int, unit=None, marked: bool = True) -> None:
    """The figures at the end of a day: done on time, done late, open in time, overdue."""
    names = ("done_on_time", "done_late", "open_in_time", "open_overdue")
    FigureDay.objects.create(
        directive=house.directive,
        unit=unit,
        day=day,
        noted_at=at(day + timedelta(days=1), "00:05"),
        open_without_due=0,
        outside=0,
        waiting=0,
        **dict(zip(names, classes, strict=True)),
    )
    if marked:
        mark(day)


def mark(day: date) -> None:
    record("figures.noted", by=None, at=at(day + timedelta(days=1), "00:05"), data={"day": day.isoformat(), "count": 1})


def trend_of(house, user=None, *, today: date = TODAY):
    return build_trend(house.directive, user or house.office, today=today)


def shown(trend) -> list[tuple]:
    return [(point.day, point.stack.values if point.stack else None, point.note) for point in trend.points]


def test_each_week_ends_on_sunday_with_what_stood_then_and_the_last_point_is_today(house):
    stood(house, date(2024, 3, 28), 0, 0, 2, 0)
    for day in range(29, 32):
        mark(date(2024, 3, day))
    for day in range(1, 6):
        mark(date(2024, 4, day))
    stood(house, date(2024, 4, 6), 1, 0, 1, 0)
    mark(SUNDAY)
    stood(house, date(2024, 4, 14), 1, 0, 0, 1)
    for day in range(8, 14):
        mark(date(2024, 4, day))

    trend = trend_of(house)

    assert shown(trend) == [
        (date(2024, 3, 31), (0, 0, 2, 0), ""),
        (date(2024, 4, 7), (1, 0, 1, 0), ""),
        (date(2024, 4, 14), (1, 0, 0, 1), ""),
        (date(2024, 4, 15), (0, 0, 0, 2), "hôm nay"),
    ]
    assert trend.uncounted == 0
    assert trend.sentence == "So với 14/4/2024: bớt 1 việc hoàn thành; việc quá hạn từ 1 lên 2"


def test_days_nobody_counted_are_like_the_day_before_and_are_said(house):
    stood(house, date(2024, 4, 4), 0, 0, 2, 0)
    mark(date(2024, 4, 5))

    trend = trend_of(house)

    assert shown(trend)[:3] == [
        (date(2024, 3, 31), None, ""),
        (date(2024, 4, 7), (0, 0, 2, 0), "không ghi được, lấy số liệu ngày 05/4/2024"),
        (date(2024, 4, 14), (0, 0, 2, 0), "không ghi được, lấy số liệu ngày 05/4/2024"),
    ]
    # 6/4 to 14/4; before the first day that was counted nothing is claimed.
    assert trend.uncounted == 9


def test_a_units_people_see_the_own_units_alone(house):
    stood(house, SUNDAY, 0, 0, 2, 0)
    stood(house, SUNDAY, 0, 0, 1, 0, unit=house.units[0], marked=False)
    stood(house, SUNDAY, 1, 0, 0, 0, unit=house.units[1], marked=False)

    own = trend_of(house, make_reporter(house.units[1]))

    assert (own.is_whole, shown(own)[1:]) == (
        False,
        [
            (SUNDAY, (1, 0, 0, 0), ""),
            (NEXT_SUNDAY, (1, 0, 0, 0), "không ghi được, lấy số liệu ngày 07/4/2024"),
            (TODAY, (0, 0, 0, 1), "hôm nay"),
        ],
    )


def test_published_figures_do_not_bring_other_units_into_the_own_trend(house):
    Directive.objects.filter(pk=house.directive.pk).update(figures_published=True)
    house.directive.refresh_from_db()
    stood(house, SUNDAY, 0, 0, 2, 0)
    stood(house, SUNDAY, 1, 0, 0, 0, unit=house.units[1], marked=False)

    own = trend_of(house, make_reporter(house.units[1]))

    assert [point.stack.counted for point in own.known] == [1, 1, 1]


def test_an_ended_directive_ends_with_its_last_day(house):
    stood(house, SUNDAY, 0, 0, 2, 0)
    Directive.objects.filter(pk=house.directive.pk).update(
        state="closed", closed_on=date(2024, 4, 10), closed_by=house.office
    )
    house.directive.refresh_from_db()

    trend = trend_of(house, today=date(2024, 6, 3))

    assert shown(trend)[-2:] == [
        (SUNDAY, (0, 0, 2, 0), ""),
        (date(2024, 4, 10), (0, 0, 0, 2), "kết thúc theo dõi"),
    ]


DAYS = [
    # first, last → the days
    (date(2024, 4, 15), date(2024, 4, 15), [date(2024, 4, 15)]),
    (date(2024, 4, 14), date(2024, 4, 15), [date(2024, 4, 14), date(2024, 4, 15)]),
    (date(2024, 4, 1), date(2024, 4, 14), [date(2024, 4, 7), date(2024, 4, 14)]),
    (date(2024, 4, 1), date(2024, 4, 16), [date(2024, 4, 7), date(2024, 4, 14), date(2024, 4, 16)]),
]


@pytest.mark.parametrize(("first", "last", "days"), DAYS)
def test_weeks_run_from_the_first_sunday_to_the_last_day(first, last, days):
    assert days_of(first, last) == (days, False)


def test_sixty_weeks_are_weeks_more_are_months_and_at_most_sixty_of_them():
    weeks, by_month = days_of(date(2024, 1, 1), date(2025, 2, 23))
    more, by_months = days_of(date(2024, 1, 1), date(2025, 2, 24))
    longest, _ = days_of(date(2000, 1, 1), date(2025, 2, 24))

    assert (len(weeks), by_month) == (60, False)
    assert (len(more), by_months, more[:2], more[-1]) == (
        14,
        True,
        [date(2024, 1, 31), date(2024, 2, 29)],
        date(2025, 2, 24),
    )
    assert (len(longest), longest[0]) == (60, date(2020, 3, 31))


# ---- the page ----------------------------------------------------------------------------------


def test_the_page_shows_chart_and_numbers_and_htmx_gets_them_alone(client, house):
    stood(house, SUNDAY, 0, 0, 2, 0)
    stood(house, NEXT_SUNDAY, 1, 0, 1, 0)
    client.force_login(house.reader)
    address = f"/tong-quan/{house.directive.pk}/dien-bien/"

    page = client.get(address).content.decode()
    part = client.get(address, headers={"HX-Request": "true"})

    for expected in (
        "So với 14/4/2024: bớt 1 việc hoàn thành; việc quá hạn từ 0 lên 2.",
        '<title id="trend-title">Bốn nhóm thống kê theo tuần</title>',
        '<th scope="row">14/4/2024</th>',
        "Có 6 ngày không ghi được số liệu",
    ):
        assert expected in page, expected
    assert ("<html" in part.content.decode(), "trend-title" in part.content.decode()) == (False, True)
    assert "HX-Request" in part.headers["Vary"]


def test_less_than_two_weeks_are_words(client, house):
    stood(house, NEXT_SUNDAY, 0, 0, 2, 0)
    client.force_login(house.office)

    page = client.get(f"/tong-quan/{house.directive.pk}/dien-bien/").content.decode()

    assert "Chưa đủ hai tuần có số liệu để vẽ diễn biến; số liệu có từ 14/4/2024." in page
    assert '<svg class="c-chart"' not in page


def test_a_directive_without_work_is_words_too(client):
    house = make_house(units=1, tasks=1)
    Assignment.objects.all().delete()
    count(house)
    client.force_login(house.office)

    assert client.get(f"/tong-quan/{house.directive.pk}/dien-bien/").status_code == 200


@pytest.mark.parametrize("units", [1, 40])
def test_the_trend_takes_the_same_statements_for_1_and_40_units_and_60_weeks(client, units):
    house = make_house(units=units, tasks=1)
    for week in range(1, 60 if units > 1 else 3):
        stood(house, NEXT_SUNDAY - timedelta(days=7 * (week - 1)), 0, 0, week, 0)
    client.force_login(house.office)

    with CaptureQueriesContext(connection) as context:
        assert client.get(f"/tong-quan/{house.directive.pk}/dien-bien/").status_code == 200

    assert len(context) == 6
