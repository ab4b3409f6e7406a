"""The pages of the day cost the same statements with one row, a page of them and three hundred."""

from datetime import date

import pytest

from tasks.drafts.opening import open_report
from tasks.models import UnitReport
from tests.factories import at, make_assignment, make_product, make_task, make_unit
from tests.tasks.story import Story, make_story

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 08:00."""
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)


def work_of(story: Story, count: int) -> None:
    """So many parts of the work for the story's unit, with a product each, and as many for others."""
    others = [make_unit(f"Huyện ủy số {number}") for number in range(10)]
    for number in range(count):
        task = make_task(story.directive, f"2.{number}")
        assignment = make_assignment(task, story.unit, state="in_progress", due=date(2024, 4, 10))
        assignment.products.create(product=make_product(task))
        make_assignment(task, others[number % 10], state="in_progress", due=date(2024, 4, 10))


@pytest.mark.parametrize("count", [1, 25, 300])
@pytest.mark.parametrize(
    ("path", "who", "statements"),
    [("/phan-viec/", "office", 5), ("/phan-viec/", "reporter", 5), ("/don-vi/", "reporter", 21)],
)
def test_list_and_unit_page_cost_the_same_for_any_number(
    client, django_assert_num_queries, count, path, who, statements
):
    story = make_story()
    work_of(story, count)
    client.force_login(getattr(story, who))

    with django_assert_num_queries(statements):
        answer = client.get(path)

    assert answer.status_code == 200


@pytest.mark.parametrize("count", [1, 25, 300])
def test_the_report_form_costs_the_same_for_any_number_of_sections(client, django_assert_num_queries, count):
    story = make_story(state="in_progress")
    work_of(story, count)
    report = open_report(story.unit, story.directive, by=story.reporter, now=at(TODAY))
    client.force_login(story.reporter)

    with django_assert_num_queries(9):
        answer = client.get(f"/don-vi/bao-cao/{report.pk}/soan/")

    assert (answer.status_code, UnitReport.objects.get().sections.count()) == (200, count + 1)
