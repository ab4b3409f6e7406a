"""Figures reported twice are found; what is only similar is not."""

import pytest

from records.models import AuditEvent
from tasks.errors import Refused
from tasks.indicators.book import find_doubts
from tasks.indicators.deciding import can_decide_figures, count_again, keep_both, leave_out
from tasks.models import IndicatorValue
from tests.factories import at, make_assignment, make_office, make_task, make_unit
from tests.tasks.indicators.figures import counted_in_period, make_indicator, make_period, report
from tests.tasks.story import make_story

pytestmark = pytest.mark.django_db

NOW = at("2024-04-15")


@pytest.fixture
def story():
    return make_story(state="in_progress")


@pytest.fixture
def months(story):
    return [
        make_period(story.directive, "2024-02-15", "2024-03-14"),
        make_period(story.directive, "2024-03-15", "2024-04-14"),
    ]


def doubts(story) -> list[tuple[str, int, int]]:
    return [(doubt.kind.value, doubt.first.value, doubt.second.value) for doubt in find_doubts(story.directive)]


def test_months_side_by_side_do_not_overlap(story, months):
    indicator = counted_in_period(story.task)
    report(story.assignment, indicator, 10, period=months[0], day="2024-03-14")
    report(story.assignment, indicator, 20, period=months[1], day="2024-04-14")

    assert doubts(story) == []


def test_a_quarter_over_its_months_is_found_with_each_month(story, months):
    indicator = counted_in_period(story.task)
    quarter = make_period(story.directive, "2023-12-15", "2024-03-14", kind="quarterly")
    report(story.assignment, indicator, 10, period=months[0], day="2024-03-13")
    report(story.assignment, indicator, 25, period=quarter, day="2024-03-14")
    report(story.assignment, indicator, 20, period=months[1], day="2024-04-14")

    found = find_doubts(story.directive)

    assert [(doubt.kind.value, doubt.first.value, doubt.second.value, doubt.sentence) for doubt in found] == [
        (
            "overlap",
            10,
            25,
            "Hai số trong kỳ cùng gồm các ngày 15/02/2024 – 14/3/2024: phần chung có thể được cộng hai lần.",
        )
    ]


@pytest.mark.parametrize(("day", "found"), [("2024-03-14", 0), ("2024-03-15", 1), ("2024-04-14", 1), ("2024-04-15", 0)])
def test_a_report_between_periods_overlaps_the_period_it_was_sent_in(story, months, day, found):
    indicator = counted_in_period(story.task)
    report(story.assignment, indicator, 10, day=day)
    report(story.assignment, indicator, 20, period=months[1], day="2024-04-16")

    assert len(doubts(story)) == found


def test_periods_of_which_nobody_said_the_first_day_are_left_in_peace(story, months):
    indicator = counted_in_period(story.task)
    months[1].starts_on = None
    months[1].save()
    report(story.assignment, indicator, 10, day="2024-04-01")
    report(story.assignment, indicator, 20, period=months[1], day="2024-04-14")

    assert doubts(story) == []


def test_running_totals_may_overlap_but_not_fall(story, months):
    indicator = make_indicator(story.task)
    report(story.assignment, indicator, 30, period=months[0], day="2024-03-14")
    report(story.assignment, indicator, 30, day="2024-04-01")
    report(story.assignment, indicator, 12, period=months[1], day="2024-04-14")

    assert doubts(story) == [("falls", 30, 12)]


def test_a_unit_and_the_one_above_it_are_both_added_up(story):
    indicator = make_indicator(story.task)
    commune = make_unit("Đảng ủy xã Đắk Pxi", parent=story.unit)
    report(story.assignment, indicator, 30)
    report(make_assignment(story.task, commune), indicator, 8)
    report(story.other_assignment, indicator, 5)

    assert doubts(story) == [("below", 30, 8)]


@pytest.mark.parametrize(("whole", "found"), [(45, []), (44, [("within", 44, 25)])])
def test_contributions_that_exceed_the_leads_figure_are_found(story, whole, found):
    task = make_task(story.directive, "1b.3")
    indicator = make_indicator(task)
    report(make_assignment(task, story.unit), indicator, whole)
    for value in (20, 25):
        report(make_assignment(task, role="coordinating"), indicator, value)

    assert doubts(story) == found


def test_parts_are_held_against_their_own_lead(story):
    indicator = make_indicator(story.task)
    report(story.assignment, indicator, 10)
    report(story.other_assignment, indicator, 50)
    part = make_assignment(story.task, make_unit("Đảng ủy xã"), role="part", parent=story.assignment)
    report(part, indicator, 11)

    assert doubts(story) == [("within", 10, 11)]


def test_what_is_left_out_raises_no_doubt_and_counting_it_again_does(story):
    indicator = make_indicator(story.task)
    report(story.assignment, indicator, 30, day="2024-03-14")
    row = report(story.assignment, indicator, 12)

    leave_out(row, by=story.office, now=NOW, reason="Gõ nhầm, đơn vị báo lại.")
    without = doubts(story)
    count_again(row, by=story.office, now=NOW)

    events = AuditEvent.objects.about(story.assignment).order_by("pk").values_list("verb", "reason")
    assert (without, doubts(story)) == ([], [("falls", 30, 12)])
    assert list(events) == [
        ("figure.left_out", "Gõ nhầm, đơn vị báo lại."),
        ("figure.counted_again", ""),
    ]


def test_two_figures_found_right_are_not_shown_again(story):
    indicator = make_indicator(story.task)
    first, second = report(story.assignment, indicator, 30, day="2024-03-14"), report(story.assignment, indicator, 12)

    keep_both(first, second, by=story.office, now=NOW, reason="Đơn vị đã trừ số trùng của kỳ trước.")

    assert doubts(story) == []
    with pytest.raises(Refused, match="đã có người xem"):
        keep_both(first, second, by=story.office, now=NOW, reason="Đúng cả hai.")


def test_the_second_of_two_people_is_told_who_left_it_out(story):
    row = report(story.assignment, make_indicator(story.task), 12)
    leave_out(row, by=story.office, now=NOW, reason="Trùng với kỳ 3.")

    with pytest.raises(Refused) as refusal:
        leave_out(IndicatorValue.objects.get(pk=row.pk), by=story.office, now=NOW, reason="Số trùng.")

    assert str(refusal.value) == f"{story.office} đã để số này ra ngoài lúc 08:00 ngày 15/04/2024: Trùng với kỳ 3."


def test_counting_again_what_counts_is_refused(story):
    row = report(story.assignment, make_indicator(story.task), 12)

    with pytest.raises(Refused, match="đang được tính"):
        count_again(row, by=story.office, now=NOW)


@pytest.mark.parametrize("reason", ["", "  ", "a"])
def test_nothing_is_left_out_without_a_reason(story, reason):
    row = report(story.assignment, make_indicator(story.task), 12)

    with pytest.raises(Refused):
        leave_out(row, by=story.office, now=NOW, reason=reason)

    row.refresh_from_db()
    assert row.left_out_at is None


@pytest.mark.parametrize(
    ("person", "state", "may"),
    [
        ("office", "issued", True),
        ("office", "closed", False),
        ("reporter", "issued", False),
        ("stranger", "issued", False),
    ],
)
def test_only_the_office_decides_while_the_directive_is_followed(story, person, state, may):
    story.directive.state = state
    story.assignment.directive = story.directive

    assert can_decide_figures(getattr(story, person), story.assignment) is may


def test_nobody_of_the_office_decides_about_the_offices_own_figure(story):
    own = make_assignment(story.task, make_office(), directive=story.directive)
    row = report(own, make_indicator(story.task), 12)

    assert can_decide_figures(story.office, own) is False
    for verb in (
        lambda: leave_out(row, by=story.office, now=NOW, reason="Trùng số."),
        lambda: count_again(row, by=story.office, now=NOW),
        lambda: keep_both(row, row, by=story.office, now=NOW, reason="Đúng cả hai."),
    ):
        with pytest.raises(Refused, match="tự quyết định"):
            verb()
