"""What events and inspections on record add up to is offered to the report and copied by one click."""

from datetime import date

import pytest

from directive_tracker import clock
from tasks.drafts.opening import open_report
from tasks.drafts.reading import load_sections
from tasks.events.counting import counted_for
from tasks.events.inspections import send_inspection
from tasks.models import Activity, ActivityFigure, Indicator, ReportingPeriod, UnitReport
from tests.factories import at, make_assignment, make_task
from tests.tasks.events import NOW, TODAY, find, inspect, make_field

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 09:00."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def ask(field, code: str, counted_from: str = "", *, mode: str = "cumulative", task=None) -> Indicator:
    """A figure of the field's task."""
    return Indicator.objects.create(
        task=task or field.task,
        code=code,
        name=f"Số {code}",
        measure="buổi",
        mode=mode,
        over_periods="last" if mode == "cumulative" else "sum",
        counted_from=counted_from,
    )


def put(field, day: date, *, state: str = "held", attendance: int | None = None, figures=None) -> Activity:
    activity = Activity.objects.create(
        assignment=field.assignment,
        kind="meeting",
        title="Hội nghị",
        starts_on=day,
        ends_on=day,
        state=state,
        attendance=attendance,
        saved_by=field.story.reporter,
        saved_at=NOW,
    )
    for indicator, value in (figures or {}).items():
        ActivityFigure.objects.create(activity=activity, indicator=indicator, value=value)
    return activity


def counted(field, *, by=None, unit=None, today: date = TODAY):
    """What is counted for the first section of a new report."""
    report = open_report(unit or field.story.unit, field.story.directive, by=by or field.story.reporter, now=NOW)
    sections = load_sections(report)
    found = counted_for(report, sections, today=today)
    return found.get(sections[0].pk)


def test_only_events_that_took_place_up_to_today_are_counted():
    field = make_field()
    ask(field, "A", "activities")
    ask(field, "B", "attendance")
    put(field, date(2024, 4, 10), attendance=200)
    put(field, date(2024, 4, 12), attendance=120)
    put(field, date(2024, 4, 12), state="cancelled", attendance=1000)
    put(field, date(2024, 4, 15), state="planned")
    put(field, date(2024, 4, 12), state="postponed")

    found = counted(field)

    assert (found.words, found.values) == ("Từ các sự kiện đã ghi: 2 sự kiện, 320 lượt người", {"A": 2, "B": 320})


def test_what_counts_within_a_period_begins_where_the_data_of_the_period_begin():
    field = make_field()
    ask(field, "A", "activities", mode="in_period")
    ask(field, "B", "activities")
    days = {"opens_on": date(2024, 4, 8), "cutoff_on": date(2024, 4, 14), "due_on": date(2024, 4, 16)}
    period = ReportingPeriod.objects.create(directive=field.story.directive, name="Kỳ tháng 4", **days)
    ReportingPeriod.objects.create(
        directive=field.story.directive,
        name="Kỳ tháng 3",
        opens_on=date(2024, 3, 8),
        cutoff_on=date(2024, 3, 14),
        due_on=date(2024, 3, 18),
    )
    for day in ("2024-03-14", "2024-03-15", "2024-04-14", "2024-04-15"):
        put(field, date.fromisoformat(day))

    by_former_cutoff = counted(field).values
    UnitReport.objects.all().delete()
    ReportingPeriod.objects.filter(pk=period.pk).update(starts_on=date(2024, 4, 1))
    by_first_day = counted(field).values

    assert by_former_cutoff == {"A": 2, "B": 3}
    assert by_first_day == {"A": 1, "B": 3}


def test_figures_written_down_with_the_events_go_before_counting():
    field = make_field()
    figure = ask(field, "A", "activities")
    put(field, date(2024, 4, 10), figures={figure: 3})
    put(field, date(2024, 4, 12), figures={figure: 4})

    assert counted(field).values == {"A": 7}


def test_a_figure_that_nothing_on_record_makes_up_is_not_offered():
    field = make_field()
    ask(field, "A")
    put(field, date(2024, 4, 10), attendance=50)

    found = counted(field)

    assert (found.words, found.figures) == ("Từ các sự kiện đã ghi: 1 sự kiện, 50 lượt người", [])


def test_the_monitors_own_report_is_offered_its_inspections_and_reminders():
    field = make_field()
    own = make_assignment(make_task(field.story.directive, "3b"), field.monitor_unit, state="in_progress")
    ask(field, "C", "inspections", task=own.task)
    ask(field, "D", "findings", task=own.task)
    inspection = inspect(field)
    for _ in range(2):
        find(field, inspection=inspection)
    inspect(field)
    send_inspection(inspection, by=field.monitor, now=NOW)

    found = counted(field, by=field.monitor, unit=field.monitor_unit)

    assert (found.words, found.values) == ("Từ các cuộc kiểm tra đã gửi: 1 cuộc, 2 kiến nghị", {"C": 1, "D": 2})


def test_words_only_work_is_never_counted():
    field = make_field()
    field.task.words_and_counts_only = True
    field.task.save()
    ask(field, "A", "activities")
    put(field, date(2024, 4, 10))

    assert counted(field) is None


def test_one_click_puts_the_counted_figures_into_the_draft_and_sends_nothing(client):
    field = make_field()
    ask(field, "A", "activities")
    typed_figure = ask(field, "B")
    put(field, date(2024, 4, 10), attendance=200)
    report = open_report(field.story.unit, field.story.directive, by=field.story.reporter, now=NOW)
    section = report.sections.get()
    client.force_login(field.story.reporter)
    page = client.get(f"/don-vi/bao-cao/{report.pk}/soan/").content.decode()
    typed = {
        "do": f"count-{section.pk}",
        "chung-version": report.version,
        f"muc{section.pk}-results": "Đã quán triệt.",
        f"muc{section.pk}-indicator_{typed_figure.pk}": "9",
    }

    answer = client.post(f"/don-vi/bao-cao/{report.pk}/soan/", typed, follow=True)

    assert "Từ các sự kiện đã ghi: 1 sự kiện, 200 lượt người." in page
    assert "Đã chép số đếm vào: Số A. Đã lưu nháp, xin xem lại trước khi gửi." in answer.content.decode()
    section.refresh_from_db()
    assert (section.indicator_values, section.results, section.state) == ({"A": 1, "B": 9}, "Đã quán triệt.", "draft")


@pytest.mark.parametrize("count", [1, 300])
def test_counting_costs_the_same_for_one_event_and_for_three_hundred(django_assert_num_queries, count):
    field = make_field()
    figure = ask(field, "A", "inspections")
    ask(field, "B", "attendance", mode="in_period")
    for number in range(count):
        put(field, date(2024, 4, 1 + number % 14), attendance=1, figures={figure: 1})
    report = open_report(field.story.unit, field.story.directive, by=field.story.reporter, now=at("2024-04-15"))
    sections = load_sections(report)

    with django_assert_num_queries(5):
        found = counted_for(report, sections, today=TODAY)

    assert found[sections[0].pk].values == {"A": count, "B": count}


def test_the_office_says_what_makes_a_figure_up(client):
    field = make_field()
    figure = ask(field, "A")
    client.force_login(field.story.office)
    typed = {"name": "Số A", "measure": "buổi", "mode": "cumulative", "over_periods": "last", "over_units": "sum"}

    answer = client.post(f"/chi-tieu/{figure.pk}/sua/", typed | {"counted_from": "activities"})

    figure.refresh_from_db()
    assert (answer.status_code, figure.counted_from) == (302, "activities")
