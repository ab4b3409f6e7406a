"""How figures are put together, by hand-counted examples."""

from datetime import date
from fractions import Fraction

import pytest

from tasks.indicators.book import whole_target
from tasks.indicators.sums import Figure, contributed, over_periods, over_units, put_together, read, shown, used_in
from tasks.models import IndicatorCategory, IndicatorValue
from tests.factories import at, make_assignment, make_directive, make_task, make_unit, make_user
from tests.tasks.indicators.figures import counted_in_period, make_indicator, make_period, report

pytestmark = pytest.mark.django_db


def everything() -> list[Figure]:
    return read(IndicatorValue.objects.all())


def total(indicator):
    return put_together(indicator, [figure for figure in everything() if figure.category_id is None]).value


@pytest.fixture
def directive():
    return make_directive()


@pytest.fixture
def task(directive):
    return make_task(directive, "1a.1")


@pytest.fixture
def periods(directive):
    return [
        make_period(directive, "2024-02-15", "2024-03-14"),
        make_period(directive, "2024-03-15", "2024-04-14"),
    ]


@pytest.mark.parametrize(("rule", "together"), [("sum", 60), ("last", 10), ("largest", 30), ("mean", 20)])
def test_one_units_figures_become_one_by_the_rule_over_periods(task, directive, periods, rule, together):
    indicator = counted_in_period(task, over_periods=rule)
    work = make_assignment(task)
    for value, period, day in ((20, periods[0], "2024-03-14"), (30, periods[1], "2024-04-14")):
        report(work, indicator, value, period=period, day=day)
    report(work, indicator, 10, day="2024-04-20")

    assert total(indicator) == together


@pytest.mark.parametrize(("rule", "together"), [("sum", 70), ("largest", 45), ("mean", Fraction(70, 3))])
def test_the_units_figures_become_one_by_the_rule_over_units(task, rule, together):
    indicator = make_indicator(task, over_units=rule)
    for value in (15, 10, 45):
        report(make_assignment(task), indicator, value)

    assert total(indicator) == together


def test_nothing_reported_is_not_nought(task):
    assert total(make_indicator(task)) is None
    assert (over_periods("sum", []), over_units("mean", [])) == (None, None)


def test_only_accepted_rounds_speak_and_of_a_section_the_newest(task):
    indicator = make_indicator(task)
    first = report(make_assignment(task), indicator, 10, day="2024-04-08")
    report(make_assignment(task), indicator, 7, decision="pending")
    report(make_assignment(task), indicator, 8, decision="returned")
    report(first.round.section.assignment, indicator, 12, section=first.round.section, day="2024-04-09")
    report(
        first.round.section.assignment,
        indicator,
        90,
        section=first.round.section,
        day="2024-04-10",
        decision="returned",
    )

    assert [(figure.value, figure.round_number) for figure in everything()] == [(12, 2)]


def test_a_running_total_is_the_newest_data_whatever_came_in_late(task, periods):
    """A report between the periods, sent after the one on the period was, is newer."""
    indicator = make_indicator(task)
    work = make_assignment(task)
    report(work, indicator, 30, period=periods[1], day="2024-04-10")
    report(work, indicator, 33, day="2024-04-12")
    report(work, indicator, 20, period=periods[0], day="2024-04-16")

    assert total(indicator) == 33


@pytest.mark.parametrize(
    ("role", "state", "counts"),
    [
        ("lead", "in_progress", True),
        ("lead", "paused", True),
        ("lead", "completed", True),
        ("lead", "cancelled", False),
        ("lead", "not_applicable", False),
        ("coordinating", "in_progress", False),
    ],
)
def test_lead_work_that_stands_is_added_up_and_no_contribution(task, role, state, counts):
    indicator = make_indicator(task)
    report(make_assignment(task, state="in_progress"), indicator, 5)
    report(make_assignment(task, role=role, state=state), indicator, 100)

    assert total(indicator) == (105 if counts else 5)


def test_what_is_left_out_leaves_the_sum_and_stays_listed(task):
    indicator = counted_in_period(task)
    work = make_assignment(task)
    report(work, indicator, 5, day="2024-04-01")
    row = report(work, indicator, 6, day="2024-04-02")
    IndicatorValue.objects.filter(pk=row.pk).update(
        left_out_at=at("2024-04-10"), left_out_by=make_user(), left_out_reason="Đã báo cáo ở kỳ trước."
    )

    result = put_together(indicator, everything())

    assert (result.value, [figure.value for figure in result.units[0].figures]) == (5, [5, 6])
    assert used_in("sum", result.units[0].figures) == {result.units[0].figures[0].pk}


def test_parts_are_put_together_like_the_whole(task):
    indicator = make_indicator(task)
    veterans = IndicatorCategory.objects.create(indicator=indicator, code="a", name="Cựu chiến binh")
    others = IndicatorCategory.objects.create(indicator=indicator, code="b", name="Dân công")
    report(make_assignment(task), indicator, 7, parts={veterans: 3, others: 4})
    report(make_assignment(task), indicator, 9, parts={veterans: 9})

    figures = everything()

    def part(category):
        return put_together(indicator, [one for one in figures if one.category_id == category.pk]).value

    assert (total(indicator), part(veterans), part(others)) == (16, 12, 4)


def test_contributions_come_to_one_figure_by_the_same_rules(task):
    indicator = make_indicator(task)
    lead = make_assignment(task)
    report(lead, indicator, 50)
    for value in (20, 25):
        part = make_assignment(task, make_unit("Đảng ủy xã"), role="part", parent=lead)
        report(part, indicator, 5, day="2024-03-10")
        report(part, indicator, value)

    given = [figure for figure in everything() if figure.parent_id == lead.pk]

    assert (contributed(indicator, given).value, total(indicator)) == (45, 50)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (None, ""),
        (0, "0"),
        (1234, "1.234"),
        (Fraction(70, 3), "23,3"),
        (Fraction(25, 2), "12,5"),
        (Fraction(1999, 100), "20"),
    ],
)
def test_means_are_shown_with_one_decimal(number, words):
    assert shown(number) == words


@pytest.mark.parametrize(
    ("target", "own", "rule", "whole"),
    [
        (None, {}, "sum", None),
        (10, {}, "sum", 50),
        (10, {1: 30}, "sum", 70),
        (None, {1: 30, 2: 5}, "sum", 35),
        (10, {1: 30}, "mean", 10),
        (10, {1: 30}, "largest", 10),
    ],
)
def test_the_target_of_all_units_follows_the_rule_that_puts_them_together(task, target, own, rule, whole):
    indicator = make_indicator(task, target=target, over_units=rule)

    assert whole_target(indicator, own, 5) == whole


def test_figures_are_read_in_one_statement(task, django_assert_num_queries):
    indicator = make_indicator(task)
    for value in range(30):
        report(make_assignment(task), indicator, value)

    with django_assert_num_queries(1):
        figures = everything()

    assert (len(figures), figures[0].last_day) == (30, date(2024, 4, 10))
