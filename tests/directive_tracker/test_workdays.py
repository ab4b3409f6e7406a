"""Working days of Việt Nam."""

import timeit
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from directive_tracker.vietnamese import ZONE
from directive_tracker.workdays import WorkCalendar, warm_up

CALENDAR = WorkCalendar()
EVENT = date(2024, 5, 7)
DAYS = st.dates(min_value=date(2023, 1, 1), max_value=date(2027, 12, 31))
COUNTS = st.integers(min_value=-60, max_value=60)
DAYS_OFF = st.sets(st.dates(min_value=date(2024, 1, 1), max_value=date(2025, 12, 31)), max_size=15)


@pytest.mark.parametrize(
    ("count", "day"),
    [
        (-3, date(2024, 5, 3)),
        (-5, date(2024, 4, 26)),
        (-7, date(2024, 4, 24)),
        (-10, date(2024, 4, 19)),
        (-11, date(2024, 4, 17)),
        (-2, date(2024, 5, 4)),
        (-1, date(2024, 5, 6)),
        (0, date(2024, 5, 7)),
        (1, date(2024, 5, 8)),
        (4, date(2024, 5, 13)),
    ],
)
def test_working_days_before_and_after_the_event(count, day):
    assert CALENDAR.add(EVENT, count) == day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 4, 18), False),  # Giỗ Tổ
        (date(2024, 4, 29), False),  # swapped
        (date(2024, 4, 30), False),
        (date(2024, 5, 1), False),
        (date(2024, 5, 2), True),
        (date(2024, 5, 4), True),  # make-up Saturday
        (date(2024, 5, 5), False),
        (date(2024, 5, 11), False),
        (date(2024, 9, 2), False),
        (date(2024, 9, 3), False),
        (date(2025, 4, 26), True),
        (date(2025, 5, 2), False),
        (date(2026, 4, 27), False),  # Giỗ Tổ fell on a Sunday
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
    ],
)
def test_holidays_swapped_days_and_make_up_saturdays(day, works):
    assert CALENDAR.is_working_day(day) is works


@pytest.mark.parametrize(
    ("last_day", "first_day"),
    [
        (date(2024, 2, 7), date(2024, 2, 15)),
        (date(2025, 1, 24), date(2025, 2, 3)),
        (date(2026, 2, 13), date(2026, 2, 23)),
    ],
)
def test_nobody_works_between_the_last_day_before_tet_and_the_first_after(last_day, first_day):
    assert CALENDAR.is_working_day(last_day)
    assert CALENDAR.add(last_day, 1) == first_day
    assert CALENDAR.add(first_day, -1) == last_day


def test_a_swap_across_new_year_is_known_from_both_years():
    assert not CALENDAR.is_working_day(date(2018, 12, 31))
    assert CALENDAR.is_working_day(date(2019, 1, 5))
    assert CALENDAR.is_working_day(date(2014, 12, 27))


def test_days_off_and_make_up_days_say_why():
    assert CALENDAR.why(date(2024, 4, 18)) == "Ngày Giỗ Tổ Hùng Vương"
    assert CALENDAR.why(date(2024, 4, 29)) == "Nghỉ hoán đổi, làm bù 04/5/2024 (văn bản số 2450/VPCP-KGVX)"
    assert CALENDAR.why_working(date(2024, 5, 4)) == "Làm bù cho ngày 29/4/2024 (văn bản số 2450/VPCP-KGVX)"
    assert CALENDAR.why_working(date(2026, 8, 22)) == "Ngày làm bù"
    assert CALENDAR.why(date(2024, 5, 5)) is None
    assert CALENDAR.why(EVENT) is None
    assert CALENDAR.why_working(EVENT) is None
    assert CALENDAR.why_working(date(2024, 5, 5)) is None


def test_the_calendar_of_the_office_wins_over_the_public_one():
    own = WorkCalendar(
        {date(2024, 5, 6): False, date(2024, 5, 1): True, date(2024, 5, 3): False},
        reasons={date(2024, 5, 6): "Đại hội", date(2024, 5, 1): "Trực lễ"},
    )

    assert own.add(EVENT, -1) == date(2024, 5, 4)
    assert own.add(EVENT, -3) == date(2024, 5, 1)
    assert own.why(date(2024, 5, 6)) == "Đại hội"
    assert own.why(date(2024, 5, 3)) == "Ngày nghỉ theo lịch làm việc của cơ quan"
    assert own.why_working(date(2024, 5, 1)) == "Trực lễ"
    assert own.why(date(2024, 4, 30)) == "Ngày Chiến thắng"
    assert CALENDAR.add(EVENT, -1) == date(2024, 5, 6)


def test_the_nearest_working_day():
    assert CALENDAR.on_or_before(date(2024, 5, 1)) == date(2024, 4, 26)
    assert CALENDAR.on_or_after(date(2024, 4, 27)) == date(2024, 5, 2)
    assert CALENDAR.on_or_before(EVENT) == EVENT
    assert CALENDAR.on_or_after(EVENT) == EVENT
    assert CALENDAR.next_working_day(date(2024, 5, 3)) == date(2024, 5, 4)
    assert CALENDAR.next_working_day(date(2024, 5, 4)) == date(2024, 5, 6)


def test_working_days_between_two_dates():
    assert CALENDAR.count_between(date(2024, 4, 19), EVENT) == 10
    assert CALENDAR.count_between(EVENT, date(2024, 4, 19)) == -10
    assert CALENDAR.count_between(EVENT, EVENT) == 0
    assert CALENDAR.count_between(date(2024, 4, 27), date(2024, 5, 1)) == 0
    assert CALENDAR.count_between(date(2023, 12, 29), date(2024, 1, 3)) == 2


@given(DAYS, COUNTS)
def test_there_and_back_from_a_working_day_is_the_same_day(day, count):
    assume(CALENDAR.is_working_day(day))

    assert CALENDAR.add(CALENDAR.add(day, count), -count) == day


@given(DAYS, COUNTS, DAYS_OFF)
def test_counting_and_adding_agree(day, count, days_off):
    calendar = WorkCalendar(dict.fromkeys(days_off, False))

    assert calendar.count_between(day, calendar.add(day, count)) == count


@given(DAYS, COUNTS, DAYS_OFF, DAYS_OFF)
def test_more_holidays_never_bring_a_date_nearer(day, count, days_off, more):
    fewer = WorkCalendar(dict.fromkeys(days_off, False)).add(day, count)
    further = WorkCalendar(dict.fromkeys(days_off | more, False)).add(day, count)

    assert further >= fewer if count >= 0 else further <= fewer


@given(DAYS, st.integers(min_value=1, max_value=30))
def test_adding_gives_the_same_as_walking_day_by_day(day, count):
    walked, left = day, count
    while left:
        walked += timedelta(days=1)
        left -= CALENDAR.is_working_day(walked)

    assert CALENDAR.add(day, count) == walked


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (datetime(2024, 5, 7, 7, 29, 59, tzinfo=ZONE), datetime(2024, 5, 7, 7, 30, tzinfo=ZONE)),
        (datetime(2024, 5, 7, 7, 30, tzinfo=ZONE), None),
        (datetime(2024, 5, 7, 16, 59, 59, tzinfo=ZONE), None),
        (datetime(2024, 5, 7, 17, 0, tzinfo=ZONE), datetime(2024, 5, 8, 7, 30, tzinfo=ZONE)),
        (datetime(2024, 5, 3, 20, 0, tzinfo=ZONE), datetime(2024, 5, 4, 7, 30, tzinfo=ZONE)),
        (datetime(2024, 5, 4, 10, 0, tzinfo=ZONE), None),
        (datetime(2024, 4, 27, 5, 0, tzinfo=ZONE), datetime(2024, 5, 2, 7, 30, tzinfo=ZONE)),
        (datetime(2024, 4, 29, 10, 0, tzinfo=ZONE), datetime(2024, 5, 2, 7, 30, tzinfo=ZONE)),
        (datetime(2024, 5, 7, 1, 0, tzinfo=UTC), None),  # 08:00 in Việt Nam
        (datetime(2024, 5, 6, 23, 0, tzinfo=UTC), datetime(2024, 5, 7, 7, 30, tzinfo=ZONE)),
    ],
)
def test_mail_goes_out_in_office_hours_of_working_days_only(moment, opens):
    assert CALENDAR.window_open(moment) is (opens is None)
    assert CALENDAR.next_window(moment) == (opens or moment)


def test_what_leaves_the_day_open_is_refused():
    with pytest.raises(TypeError):
        CALENDAR.add(datetime(2024, 5, 7, tzinfo=UTC), 1)
    with pytest.raises(ValueError, match="aware"):
        CALENDAR.window_open(datetime(2024, 5, 7, 8, 0))
    with pytest.raises(OverflowError):
        CALENDAR.add(date(9999, 12, 30), 30)


def test_years_nobody_has_announced_have_weekends_only():
    assert CALENDAR.add(date(1954, 5, 7), 1) == date(1954, 5, 10)
    assert CALENDAR.is_working_day(date(2150, 1, 1))


def test_a_known_year_is_answered_in_microseconds():
    warm_up(2024)

    best = min(timeit.repeat(lambda: CALENDAR.add(EVENT, -10), number=1000, repeat=5)) / 1000

    assert best < 0.0002


# The seven, nine and nine days of the official announcements, as the package knows them.
@pytest.mark.parametrize(
    ("first", "last", "working_days_off"),
    [
        (date(2024, 2, 8), date(2024, 2, 14), 5),
        (date(2025, 1, 25), date(2025, 2, 2), 5),
        (date(2026, 2, 14), date(2026, 2, 22), 5),
    ],
)
def test_tet_is_off_from_its_first_to_its_last_day(first, last, working_days_off):
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]

    assert [day for day in days if CALENDAR.is_working_day(day)] == []
    assert sum(1 for day in days if day.weekday() < 5) == working_days_off
    assert CALENDAR.is_working_day(CALENDAR.add(first, -1))
    assert CALENDAR.is_working_day(CALENDAR.add(last, 1))


def test_a_leap_day_and_the_end_of_a_year_are_days_like_others():
    assert CALENDAR.add(date(2024, 2, 28), 1) == date(2024, 2, 29)
    assert CALENDAR.add(date(2024, 3, 1), -1) == date(2024, 2, 29)
    assert CALENDAR.add(date(2024, 12, 31), 1) == date(2025, 1, 2)
    assert CALENDAR.add(date(2025, 1, 2), -2) == date(2024, 12, 30)


def test_walking_names_every_day_on_the_way():
    walk = CALENDAR.walk(EVENT, -5)

    assert walk.counted == (
        date(2024, 5, 6),
        date(2024, 5, 4),
        date(2024, 5, 3),
        date(2024, 5, 2),
        date(2024, 4, 26),
    )
    assert walk.passed == (
        date(2024, 5, 5),
        date(2024, 5, 1),
        date(2024, 4, 30),
        date(2024, 4, 29),
        date(2024, 4, 28),
        date(2024, 4, 27),
    )
    assert CALENDAR.walk(EVENT, 0) == ((), ())


@given(DAYS, COUNTS, DAYS_OFF)
def test_walking_ends_where_adding_does(day, count, days_off):
    calendar = WorkCalendar(dict.fromkeys(days_off, False))

    walk = calendar.walk(day, count)

    assert len(walk.counted) == abs(count)
    assert (walk.counted[-1] if count else day) == calendar.add(day, count)


def test_a_year_is_announced_when_the_package_or_the_office_knows_it():
    own = WorkCalendar(announced={2027: True, 2025: False})

    assert [CALENDAR.is_announced(year) for year in (1994, 1995, 2023, 2024, 2026, 2027)] == [
        False,
        True,
        True,
        True,
        True,
        False,
    ]
    assert [own.is_announced(year) for year in (2025, 2026, 2027, 2028)] == [False, True, True, False]
    assert own.not_announced([date(2028, 1, 3), date(2027, 1, 4), date(2025, 1, 2), date(2025, 5, 5)]) == [2025, 2028]
