"""Periods: their days counted, shown before they are made, mended and removed while nobody has reported."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from directive_tracker.workdays import WorkCalendar
from records.models import AuditEvent
from tasks.drafts.opening import current_period, open_report
from tasks.errors import Refused
from tasks.models import ReportingPeriod
from tasks.periods.laying import Layout, day_words, lay_out, look_at
from tasks.periods.setting import remove
from tests.factories import at, make_directive
from tests.tasks.indicators.figures import make_period
from tests.tasks.story import make_story

CALENDAR = WorkCalendar()


def days(layout: Layout) -> list[tuple[str, str, str, str, str]]:
    return [
        (row.name, *(f"{day:%d/%m/%Y}" for day in (row.starts_on, row.opens_on, row.cutoff_on, row.due_on)))
        for row in lay_out(layout, CALENDAR)
    ]


def test_months_run_from_the_day_after_a_cutoff_to_the_next_one():
    """The days of Nghị định 09/2019, Điều 12: from the 15th of the month before to the 14th."""
    layout = Layout("monthly", date(2024, 3, 20), date(2024, 5, 1), cutoff_day=14, opened_before=6, sent_after=2)

    assert days(layout) == [
        ("Kỳ tháng 3/2024", "15/02/2024", "08/03/2024", "14/03/2024", "18/03/2024"),
        ("Kỳ tháng 4/2024", "15/03/2024", "08/04/2024", "14/04/2024", "16/04/2024"),
        ("Kỳ tháng 5/2024", "15/04/2024", "08/05/2024", "14/05/2024", "16/05/2024"),
    ]


def test_quarters_are_cut_off_in_their_last_month():
    layout = Layout("quarterly", date(2023, 12, 31), date(2024, 4, 1), cutoff_day=14, opened_before=0, sent_after=0)

    assert days(layout) == [
        ("Kỳ quý IV/2023", "15/09/2023", "14/12/2023", "14/12/2023", "14/12/2023"),
        ("Kỳ quý I/2024", "15/12/2023", "14/03/2024", "14/03/2024", "14/03/2024"),
        ("Kỳ quý II/2024", "15/03/2024", "14/06/2024", "14/06/2024", "14/06/2024"),
    ]


def test_a_short_month_is_cut_off_on_its_last_day():
    layout = Layout("monthly", date(2024, 2, 1), date(2024, 4, 1), cutoff_day=31, opened_before=0, sent_after=1)

    assert [(row[1], row[3]) for row in days(layout)] == [
        ("01/02/2024", "29/02/2024"),
        ("01/03/2024", "31/03/2024"),
        ("01/04/2024", "30/04/2024"),
    ]


def test_sending_days_count_working_days_over_holidays_and_make_up_saturdays():
    """After Friday 26/4/2024: 27/4 – 01/5 off, 02/5 and 03/5 working, Saturday 04/5 made up."""
    layout = Layout("custom", date(2024, 4, 15), date(2024, 4, 26), opened_before=3, sent_after=3, name="Cao điểm")

    assert days(layout) == [("Cao điểm", "15/04/2024", "23/04/2024", "26/04/2024", "04/05/2024")]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2024, 3, 14), "Thứ Năm 14/3/2024"),
        (date(2024, 4, 14), "Chủ nhật 14/4/2024"),
        (date(2024, 5, 4), "Thứ Bảy 04/5/2024 (làm việc: Làm bù cho ngày 29/4/2024 (văn bản số 2450/VPCP-KGVX))"),
        (date(2024, 5, 1), "Thứ Tư 01/5/2024 (nghỉ: Ngày Quốc tế Lao động)"),
    ],
)
def test_days_are_shown_with_weekday_and_day_off(day, words):
    assert day_words(day, CALENDAR) == words


@pytest.mark.django_db
def test_what_is_there_and_what_shares_its_days_is_noted():
    directive = make_directive()
    make_period(directive, "2024-02-15", "2024-03-14", kind="monthly", name="Kỳ tháng 3/2024")
    months = lay_out(Layout("monthly", date(2024, 3, 1), date(2024, 4, 1)), CALENDAR)
    quarter = lay_out(Layout("quarterly", date(2024, 3, 1), date(2024, 3, 1)), CALENDAR)

    for rows in (months, quarter):
        look_at(rows, directive.periods.all(), CALENDAR)

    assert [row.notes for row in (*months, *quarter)] == [
        ["đã có, không lập lại"],
        [],
        ["ngày số liệu trùng với Kỳ tháng 3/2024: số trong kỳ có thể bị cộng hai lần"],
    ]


# --- the page ---------------------------------------------------------------------------------------


@pytest.fixture
def story(settings):
    settings.TODAY = None
    return make_story(state="in_progress")


@pytest.fixture
def office(story, client):
    client.force_login(story.office)
    return client


def page_of(story) -> str:
    return reverse("tasks:period_list", args=[story.directive.pk])


def typed(**values) -> dict:
    known = {
        "kind": "monthly",
        "name": "",
        "first": "01/3/2024",
        "last": "01/4/2024",
        "cutoff_day": "14",
        "opened_before": "6",
        "sent_after": "2",
    }
    return known | values


@pytest.mark.django_db
def test_a_preview_shows_the_rows_and_makes_nothing(story, office):
    page = office.post(page_of(story), typed(preview="1")).content.decode()

    assert "Sẽ lập 2 kỳ" in page and "Chủ nhật 14/4/2024" in page and 'value="01/3/2024"' in page
    assert ReportingPeriod.objects.count() == 0


@pytest.mark.django_db
def test_periods_are_made_once(story, office):
    office.post(page_of(story), typed(do="lay"))
    again = office.post(page_of(story), typed(do="lay", last="01/5/2024"), follow=True).content.decode()

    rows = ReportingPeriod.objects.order_by("cutoff_on").values_list("name", "kind", "due_on")
    assert list(rows) == [
        ("Kỳ tháng 3/2024", "monthly", date(2024, 3, 18)),
        ("Kỳ tháng 4/2024", "monthly", date(2024, 4, 16)),
        ("Kỳ tháng 5/2024", "monthly", date(2024, 5, 16)),
    ]
    assert "Đã lập 1 kỳ báo cáo." in again
    assert AuditEvent.objects.filter(verb="period.laid").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"cutoff_day": "32"}, "Xin ghi một số từ 1 đến 31."),
        ({"cutoff_day": "mười"}, "Xin ghi một số từ 1 đến 31."),
        ({"opened_before": "-1"}, "Xin ghi một số từ 0 đến 60."),
        ({"first": "31/02/2024"}, "Không có ngày “31/02/2024” trong lịch."),
        ({"first": "01/3/2199"}, "Năm 2199 không hợp lý."),
        ({"last": "01/02/2024"}, "Ngày cuối đứng trước ngày đầu."),
        ({"last": "01/4/2028"}, "Nhiều hơn 36 kỳ"),
        ({"kind": "custom"}, "Xin đặt tên cho kỳ tự chọn ngày."),
    ],
)
def test_a_layout_that_cannot_be_is_told_and_stays_typed(story, office, values, sentence):
    answer = office.post(page_of(story), typed(do="lay", **values))

    page = answer.content.decode()
    assert (answer.status_code, sentence in page, ReportingPeriod.objects.count()) == (422, True, 0)
    assert next(iter(values.values())) in page


@pytest.mark.django_db
def test_a_period_is_mended_and_removed_while_nobody_has_reported(story, office):
    period = make_period(story.directive, "2024-03-15", "2024-04-14")
    address = reverse("tasks:period_edit", args=[period.pk])
    fields = {"name": "Kỳ 4", "starts_on": "15/3/2024", "opens_on": "08/4/2024", "cutoff_on": "14/4/2024"}

    wrong = office.post(address, fields | {"due_on": "13/4/2024"})
    office.post(address, fields | {"due_on": "17/4/2024"})
    period.refresh_from_db()
    mended = (period.name, period.due_on)
    office.post(address, {"do": "remove"})

    assert (wrong.status_code, "Ngày gửi đứng trước ngày chốt (14/4/2024)." in wrong.content.decode()) == (422, True)
    assert mended == ("Kỳ 4", date(2024, 4, 17))
    assert ReportingPeriod.objects.count() == 0
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "period.changed",
        "period.removed",
    ]


@pytest.mark.django_db
def test_a_period_somebody_has_begun_to_report_on_stays(story, office):
    period = make_period(story.directive, "2024-03-15", "2024-04-14")
    open_report(story.unit, story.directive, by=story.reporter, now=at("2024-04-14"))
    address = reverse("tasks:period_edit", args=[period.pk])

    removed = office.post(address, {"do": "remove"})

    assert removed.status_code == 422
    assert "Đã có 1 báo cáo cho kỳ này (kể cả bản nháp), nên kỳ giữ nguyên." in removed.content.decode()
    assert ReportingPeriod.objects.filter(pk=period.pk).exists()


@pytest.mark.django_db
def test_two_periods_of_a_kind_are_not_cut_off_on_one_day(story, office):
    make_period(story.directive, "2024-02-15", "2024-03-14", name="Kỳ 3")
    period = make_period(story.directive, "2024-03-15", "2024-04-14")
    fields = {"name": "Kỳ 4", "starts_on": "", "opens_on": "08/3/2024", "cutoff_on": "14/3/2024", "due_on": "17/3/2024"}

    answer = office.post(reverse("tasks:period_edit", args=[period.pk]), fields)

    assert (answer.status_code, "Kỳ 3 cũng chốt ngày 14/3/2024." in answer.content.decode()) == (422, True)


@pytest.mark.django_db
def test_removing_twice_tells_the_second_person(story):
    period = make_period(story.directive, "2024-03-15", "2024-04-14")
    remove(ReportingPeriod.objects.get(pk=period.pk), by=story.office, now=at("2024-04-01"))

    with pytest.raises(Refused, match="vừa được người khác bỏ"):
        remove(period, by=story.office, now=at("2024-04-01"))


@pytest.mark.django_db
def test_statements_of_the_page_do_not_grow_with_its_periods(story, office, django_assert_num_queries):
    for month in range(1, 13):
        make_period(story.directive, f"2023-{month:02}-01", f"2023-{month:02}-20")
    office.get(page_of(story))

    with django_assert_num_queries(6):
        office.get(page_of(story))


# --- quarter and month --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_month_and_its_quarter_are_both_asked_for_the_shorter_first(story):
    month = make_period(story.directive, "2024-02-15", "2024-03-14", kind="monthly")
    quarter = make_period(story.directive, "2023-12-15", "2024-03-14", kind="quarterly")
    today = date(2024, 3, 14)

    asked = []
    for _ in range(2):
        asked.append(current_period(story.unit, story.directive, today=today))
        report = open_report(story.unit, story.directive, by=story.reporter, now=at("2024-03-14"))
        report.state = "decided"
        report.submitted_at = at("2024-03-14")
        report.save()

    assert asked == [month, quarter]
    assert current_period(story.unit, story.directive, today=today) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [{"starts_on": date(2024, 3, 15)}, {"kind": "yearly"}, {"opens_on": date(2024, 3, 15)}]
)
def test_the_database_refuses_periods_that_cannot_be(values):
    period = make_period(make_directive(), "2024-02-15", "2024-03-14")

    with pytest.raises(IntegrityError), transaction.atomic():
        ReportingPeriod.objects.filter(pk=period.pk).update(**values)
