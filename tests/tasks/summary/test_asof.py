"""The figures of a day that is over are those that were frozen on that evening, whatever came afterwards."""

from datetime import date

import pytest

from tasks import tallies
from tasks.extensions import decide_extension, request_extension
from tasks.indicators.deciding import leave_out
from tasks.lifecycle import acknowledge, cancel, decide_condition, mark_not_applicable, pause, reopen
from tasks.models import DelayNote, IndicatorValue
from tasks.summary.freezing import freeze
from tests.factories import at, make_assignment, make_task
from tests.tasks.summary.story import DAK_HA, NGOC_HOI, NOTHING, make_play, play_until_15_march

pytestmark = pytest.mark.django_db
EVENING, LATER = at("2024-03-15", "20:00"), at("2024-04-10", "09:00")
D = date(2024, 3, 15)


def go_on(play, sent) -> None:
    """Everything that may change what was true on the evening of 15/3."""
    play.accept(sent["waiting"], at("2024-03-18"))
    reopen(play.work("1a.1", DAK_HA), by=play.office, now=at("2024-03-19"), reason="Thiếu hai xã")
    request = request_extension(
        play.work("1a.5", NGOC_HOI),
        by=play.reporters[NGOC_HOI],
        now=at("2024-03-20"),
        new_due=date(2024, 5, 6),
        reason="Chờ kinh phí",
    )
    decide_extension(request, by=play.office, now=at("2024-03-21"), approve=True)
    decide_condition(play.tasks["2"], applies=True, by=play.office, now=at("2024-03-22"), reason="Có điểm cầu")
    acknowledge(play.work("2", NGOC_HOI), by=play.reporters[NGOC_HOI], now=at("2024-03-23"))
    pause(play.work("1a.2", DAK_HA), by=play.office, now=at("2024-03-25"), reason="Chờ văn bản mới")
    again = play.send("1a.2", NGOC_HOI, at("2024-03-26"), results="Treo 40 pano.", claims_completion=True)
    play.accept(again, at("2024-03-27"))
    leave_out(IndicatorValue.objects.get(value=5), by=play.office, now=at("2024-03-28"), reason="Báo hai lần")
    DelayNote.objects.create(
        assignment=play.work("1a.2", NGOC_HOI),
        cause="objective",
        reason="Mưa",
        expected_on=date(2024, 4, 1),
        noted_on=date(2024, 3, 28),
        by=play.reporters[NGOC_HOI],
        at=at("2024-03-28"),
    )
    task = make_task(play.directive, "1d.1")
    make_assignment(task, play.units[DAK_HA], assigned_on=date(2024, 3, 29))


def test_a_day_that_is_over_says_what_was_frozen_on_its_evening():
    play = make_play()
    sent = play_until_15_march(play)
    that_evening = freeze(play.directive, now=EVENING, typed=NOTHING)

    go_on(play, sent)
    afterwards = freeze(play.directive, now=LATER, typed=NOTHING, as_of=D)

    # The registry of persons counts how it stands today.
    assert afterwards == {**that_evening, "registry": None}


def test_the_evening_is_told_with_the_numbers_of_the_story():
    play = make_play()
    go_on(play, play_until_15_march(play))

    frozen = freeze(play.directive, now=LATER, typed=NOTHING, as_of=D)

    classes = ("done_on_time", "done_late", "open_in_time", "open_overdue", "outside", "waiting", "not_acknowledged")
    assert {row["name"]: [row["figures"][name] for name in classes] for row in frozen["units"]} == {
        DAK_HA: [1, 0, 0, 1, 0, 0, 0],
        NGOC_HOI: [0, 0, 1, 1, 2, 1, 2],
    }
    assert frozen["sentence"] == (
        "Tính đến ngày 15/3/2024, trong 4 việc giao chủ trì được thống kê có 1 việc hoàn thành (1 đúng hạn, 0 quá hạn), "
        "3 việc chưa hoàn thành (1 trong hạn, 2 quá hạn); 1 việc đã gửi, chờ xác nhận; ngoài thống kê 2 việc."
    )
    assert [(paper["unit"], paper["identity"]) for paper in frozen["leading"]["papers"]] == [(DAK_HA, "12-KH/HU")]
    assert frozen["leading"]["missing"] == [NGOC_HOI]
    assert [(row["code"], row["decide_by"]) for row in frozen["conditions"]] == [("2", "2024-04-19")]
    assert [line["value"] for line in frozen["clauses"][0]["tasks"][0]["indicators"]] == ["5"]
    assert (frozen["extensions"], frozen["returned"]) == (0, 1)


def test_today_is_told_with_the_numbers_of_the_live_rows():
    play = make_play()
    go_on(play, play_until_15_march(play))

    frozen = freeze(play.directive, now=LATER, typed=NOTHING)

    classes = (
        "done_on_time",
        "done_late",
        "open_in_time",
        "open_overdue",
        "outside",
        "paused",
        "undecided",
        "encouraged",
    )
    assert {row["name"]: [row["figures"][name] for name in classes] for row in frozen["units"]} == {
        DAK_HA: [0, 0, 1, 1, 1, 1, 0, 0],
        NGOC_HOI: [1, 1, 1, 0, 1, 0, 0, 1],
    }
    assert (frozen["extensions"], frozen["returned"]) == (1, 1)
    assert frozen["as_of"] == "2024-04-10"


@pytest.mark.parametrize(
    ("day", "done", "overdue", "open_in_time"),
    [
        ("2024-02-20", 0, 0, 4),
        ("2024-02-27", 0, 0, 4),  # sent, not accepted yet
        ("2024-02-28", 1, 0, 3),
        ("2024-03-10", 1, 0, 3),
        ("2024-03-11", 1, 2, 1),
    ],
)
def test_work_is_done_from_the_day_of_acceptance_and_late_from_the_day_after_its_due(day, done, overdue, open_in_time):
    play = make_play()
    go_on(play, play_until_15_march(play))

    total = freeze(play.directive, now=LATER, typed=NOTHING, as_of=date.fromisoformat(day))["total"]

    assert (total["done_on_time"], total["open_overdue"], total["open_in_time"]) == (done, overdue, open_in_time)


@pytest.mark.parametrize("act", [cancel, mark_not_applicable])
def test_work_that_was_set_aside_later_was_still_counted_then(act):
    play = make_play()
    play_until_15_march(play)
    act(play.work("1a.2", DAK_HA), by=play.office, now=at("2024-03-20"), reason="Không phải làm")

    then = freeze(play.directive, now=LATER, typed=NOTHING, as_of=D)
    now = freeze(play.directive, now=LATER, typed=NOTHING)

    assert (then["total"]["open_overdue"], then["total"]["outside"]) == (2, 2)
    assert (now["total"]["open_overdue"], now["total"]["outside"]) == (1, 3)


def test_the_figures_of_single_works_are_those_the_database_counts():
    play = make_play()
    go_on(play, play_until_15_march(play))

    frozen = freeze(play.directive, now=LATER, typed=NOTHING)
    counted = tallies.live_counts(play.directive, "unit", today=date(2024, 4, 10))

    assert {row["pk"]: tallies.Figures(**row["figures"]) for row in frozen["units"]} == counted
