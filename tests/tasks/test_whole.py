"""The overview under filters: figures that follow, numbers that lead to lists of as many works, rates with their fraction."""

from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directive_tracker import clock
from tasks.models import Assignment, Directive, ExtensionRequest, ReportingPeriod, UnitReport
from tasks.overview import build_overview
from tasks.whole.reports import read_reports
from tests.factories import at, make_assignment, make_reporter, make_task
from tests.tasks.figures import make_house
from tests.tasks.story import make_story, send
from tests.tasks.whole import NOW, TODAY, Full, count, make_full, numbers_of, words_of
from units.access import access_of
from units.calendar import with_calendar
from units.models import Unit, UnitGroup
from units.models.unit import GroupMember

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def overview_of(directive, user, **part):
    found = with_calendar(Directive.objects.all()).get(pk=directive.pk)
    return build_overview(found, access_of(user, today=TODAY), today=TODAY, **part)


def address_of(full: Full, part: str) -> str:
    clause, group = f"dieu={full.clauses[0].pk}", f"nhom={full.group.pk}"
    asked = {"whole": "", "clause": clause, "group": group, "both": f"{clause}&{group}"}[part]
    return f"/tong-quan/{full.directive.pk}/?{asked}"


# Of 200 works: 100 on tasks that are required or decided, of each ten states.
@pytest.mark.parametrize(
    ("part", "counted", "outside", "overdue"),
    [("whole", 70, 130, 22), ("clause", 42, 78, 10), ("group", 36, 44, 14), ("both", 21, 27, 6)],
)
def test_every_number_leads_to_a_list_of_as_many_works(client, part, counted, outside, overdue):
    full = make_full()
    ExtensionRequest.objects.create(
        assignment=Assignment.objects.filter(state="in_progress").first(),
        requested_by=full.office,
        requested_at=NOW,
        requested_due=date(2024, 4, 30),
        old_due=date(2024, 4, 16),
        reason="Mưa lũ",
    )
    client.force_login(full.office)

    answer = client.get(address_of(full, part))

    total = answer.context["page"].total
    assert (total.counted, total.outside, total.open_overdue) == (counted, outside, overdue)
    numbers = numbers_of(answer.content)
    assert len(numbers) > 100
    wrong = {
        (address, number): client.get(address).context["count"]
        for address, number in numbers
        if client.get(address).context["count"] != number
    }
    assert wrong == {}


def test_the_sums_of_units_and_of_tasks_are_the_headline_under_every_filter():
    full = make_full()
    parts = ({}, {"clause_id": full.clauses[0].pk}, {"group_id": full.group.pk})
    for part in (*parts, {**parts[1], **parts[2]}):
        page = overview_of(full.directive, full.office, **part)

        sums = [sum(line.figures.counted for line in lines) for lines in (page.units, page.tasks)]
        assert sums == [page.total.counted, page.total.counted], part


def test_the_page_says_which_filter_holds_and_takes_it_off(client):
    full = make_full()
    client.force_login(full.reader)

    answer = client.get(address_of(full, "both"))

    assert "Chỉ tính: Điểm 1a Tuyên truyền · nhóm Nhóm & 1 Bỏ lọc" in unescape(words_of(answer.content))
    assert f'<a class="dt-noprint" href="/tong-quan/{full.directive.pk}/">Bỏ lọc</a>' in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("dieu=999999", "Không có lựa chọn đã ghi ở điểm; phần đó đang hiện tất cả."),
        ("nhom=-1", "Không có lựa chọn đã ghi ở nhóm đơn vị; phần đó đang hiện tất cả."),
        ("dieu=%27&nhom=" + "9" * 40, "Không có lựa chọn đã ghi ở điểm, nhóm đơn vị; phần đó đang hiện tất cả."),
    ],
)
def test_a_filter_that_does_not_exist_is_said_and_left_out(client, asked, words):
    house = make_house(units=2, tasks=2)
    client.force_login(house.office)

    answer = client.get(f"/tong-quan/{house.directive.pk}/?{asked}")

    assert (answer.status_code, answer.context["page"].total.counted) == (200, 4)
    assert words in words_of(answer.content)


def test_names_are_written_as_words_not_as_markup(client):
    full = make_full()
    client.force_login(full.office)

    page = client.get(f"/tong-quan/{full.directive.pk}/").content.decode()

    assert "Huyện ủy &lt;Số&gt; &amp; 3" in page
    assert ("<Số>" in page, "lễ <b>" in page) == (False, False)


def test_newly_late_is_what_became_overdue_within_seven_days_newest_first():
    house = make_house(units=1, tasks=1)
    unit = house.units[0]
    Assignment.objects.update(state="completed", completed_on=date(2024, 4, 10))
    for code, due, values in (
        ("too old", date(2024, 4, 7), {}),
        ("a week", date(2024, 4, 8), {}),
        ("yesterday", date(2024, 4, 14), {}),
        ("today", date(2024, 4, 15), {}),
        ("sent late", date(2024, 4, 9), {"state": "submitted", "submitted_on": date(2024, 4, 11)}),
        ("sent in time", date(2024, 4, 9), {"state": "submitted", "submitted_on": date(2024, 4, 9)}),
        ("paused", date(2024, 4, 10), {"state": "paused"}),
    ):
        make_assignment(make_task(house.directive, code), unit, due=due, **{"state": "in_progress", **values})
    make_assignment(make_task(house.directive, "encouraged", strength="encouraged"), unit, due=date(2024, 4, 12))

    late = overview_of(house.directive, house.office).late

    assert [(row.code, row.days, row.is_sent) for row in late.rows] == [
        ("yesterday", 1, False),
        ("sent late", 2, True),
        ("a week", 7, False),
    ]
    assert (late.count, late.more, late.first) == (3, 0, date(2024, 4, 8))


def test_a_line_of_newly_late_work_says_whose_and_since_when_and_opens_its_panel(client):
    house = make_house(units=1, tasks=1)
    Assignment.objects.update(state="completed", completed_on=date(2024, 4, 10))
    task = make_task(house.directive, "1<a>", title="Thăm & <b>tặng</b> quà", short_title="Thăm & <b>tặng</b> quà")
    work = make_assignment(task, house.units[0], due=date(2024, 4, 14), state="in_progress")
    client.force_login(house.office)

    page = client.get(f"/tong-quan/{house.directive.pk}/").content.decode()

    address = f"/phan-viec/{work.pk}/khung/"
    assert (
        f'<a href="{address}" hx-get="{address}" hx-target="#side-panel"><span class="dt-code">1&lt;a&gt;</span> '
        "Thăm &amp; &lt;b&gt;tặng&lt;/b&gt; quà</a>"
        '<div class="dt-rows__meta">Huyện ủy Số 0 · hạn 14/4/2024 · '
        '<span class="dt-time dt-time--late">quá hạn 1 ngày</span></div>'
    ) in page


def test_of_many_that_are_newly_late_ten_are_shown_and_all_are_counted(client):
    house = make_house(units=6, tasks=2)
    client.force_login(house.office)

    answer = client.get(f"/tong-quan/{house.directive.pk}/")

    assert (len(answer.context["page"].late.rows), answer.context["page"].late.count) == (10, 12)
    assert "và 2 việc khác" in words_of(answer.content)


def test_for_whom_work_waits_and_since_when(client):
    house = make_house(units=2, tasks=1)
    first, second = house.units
    Assignment.objects.filter(unit=first).update(state="submitted", submitted_on=date(2024, 4, 11))
    Assignment.objects.filter(unit=second).update(state="awaiting_unit_head")
    given = make_assignment(make_task(house.directive, "b"), first, state="returned_by_unit")
    ExtensionRequest.objects.create(
        assignment=given,
        requested_by=house.office,
        requested_at=at("2024-04-12", "23:30"),
        requested_due=date(2024, 4, 30),
        reason="Mưa lũ",
    )
    make_task(house.directive, "2")
    undecided = make_task(house.directive, "3", condition_state="undecided", condition_decide_by=date(2024, 4, 19))
    make_assignment(undecided, first, state="assigned")
    house.tasks += [undecided]
    count(house)
    client.force_login(house.reader)

    answer = client.get(f"/tong-quan/{house.directive.pk}/")

    assert [(row.what, row.who, row.count, row.since) for row in answer.context["page"].waiting] == [
        ("confirm", "Văn phòng", 1, date(2024, 4, 11)),
        ("head", "Huyện ủy Số 1", 1, None),
        ("given_back", "Văn phòng", 1, None),
        ("extension", "Văn phòng", 1, date(2024, 4, 12)),
    ]
    assert "Chưa rõ bên quyết định quyết định: 3 Tuyên truyền trước 19/4/2024" in words_of(answer.content)


def test_the_rate_of_work_done_in_time_shows_its_fraction(client):
    house = make_house(units=2, tasks=4)
    first, second = house.units
    works = list(Assignment.objects.filter(unit=first).order_by("task__order"))
    Assignment.objects.filter(pk__in=[work.pk for work in works[:3]]).update(
        state="completed", completed_on=date(2024, 4, 12)
    )
    Assignment.objects.filter(unit=second).update(due_current=date(2024, 5, 1))
    count(house)
    client.force_login(house.office)

    words = words_of(client.get(f"/tong-quan/{house.directive.pk}/").content)

    assert "Huyện ủy Số 0 4 3 0 0 0 1 0 0 0 3/4 (75%) –" in words
    assert "Huyện ủy Số 1 4 0 0 4 0 0 0 0 0 – –" in words
    assert "Cộng 8 3 0 4 0 1 0 0 0 3/4 (75%) –" in words


def a_report(house, unit, period, *, sent: str, state: str = "submitted") -> UnitReport:
    return UnitReport.objects.create(
        directive=house.directive,
        unit=unit,
        period=period,
        state=state,
        created_by=house.office,
        created_at=NOW,
        saved_by=house.office,
        saved_at=NOW,
        submitted_at=at(sent, "23:59"),
    )


def test_the_rate_of_reports_counts_periods_that_are_over_and_were_asked_of_the_unit():
    house = make_house(units=4)
    february, march = (
        ReportingPeriod.objects.create(
            directive=house.directive,
            name=f"Kỳ tháng {month}",
            opens_on=date(2024, month, 1),
            cutoff_on=date(2024, month, 14),
            due_on=date(2024, month, 18),
        )
        for month in (2, 3)
    )
    punctual, late, silent, new = house.units
    for unit, period, sent in (
        (punctual, february, "2024-02-18"),
        (punctual, march, "2024-03-10"),
        (punctual, house.directive.periods.get(name="Kỳ tháng 4"), "2024-04-14"),
        (late, february, "2024-02-19"),
        (late, march, "2024-03-18"),
        (new, march, "2024-03-18"),
    ):
        a_report(house, unit, period, sent=sent)
    a_report(house, silent, march, sent="2024-03-18", state="recalled")
    Assignment.objects.filter(unit=new).update(assigned_on=date(2024, 2, 19))

    page = overview_of(house.directive, house.office)

    rates = {line.name: page.reports.rate(line.pk) for line in page.units}
    assert rates == {
        "Huyện ủy Số 0": (2, 2),
        "Huyện ủy Số 1": (1, 2),
        "Huyện ủy Số 2": (0, 2),
        "Huyện ủy Số 3": (1, 1),
    }
    assert page.report_rate == (4, 7)


def test_a_report_sent_in_time_and_mended_later_was_in_time():
    story = make_story(due=date(2024, 5, 1))
    section = send(story, day="2024-03-14")
    period = ReportingPeriod.objects.create(
        directive=story.directive,
        name="Kỳ tháng 3",
        opens_on=date(2024, 3, 1),
        cutoff_on=date(2024, 3, 14),
        due_on=date(2024, 3, 18),
    )
    UnitReport.objects.filter(pk=section.unit_report_id).update(period=period, submitted_at=at("2024-04-02"))

    reports = read_reports(story.directive.pk, day=TODAY)

    assert reports.rate(story.unit.pk) == (1, 1)


def test_a_directive_that_has_ended_keeps_its_figures_and_its_lists_agree(client, monkeypatch):
    house = make_house(units=2, tasks=2)
    Assignment.objects.filter(unit=house.units[0]).update(due_current=date(2024, 4, 20))
    count(house)
    Directive.objects.update(state="closed", closed_on=TODAY)
    monkeypatch.setattr(clock, "today", lambda: date(2024, 5, 20))
    client.force_login(house.office)

    answer = client.get(f"/tong-quan/{house.directive.pk}/")

    assert answer.context["page"].sentence == (
        "Đã kết thúc theo dõi ngày 15/4/2024 · 0 trên 4 việc hoàn thành · 2 việc quá hạn"
    )
    assert {number: client.get(address).context["count"] for address, number in numbers_of(answer.content)} == {
        1: 1,
        2: 2,
        4: 4,
    }
    works = client.get(f"/phan-viec/?directive={house.directive.pk}&timeliness=open_overdue")
    assert "Văn bản đã kết thúc theo dõi ngày 15/4/2024; tình trạng và số ngày như ngày đó." in words_of(works.content)
    assert "quá hạn 3 ngày" in words_of(works.content)


@pytest.mark.parametrize(("units", "tasks"), [(1, 1), (30, 10)])
@pytest.mark.parametrize(("part", "expected"), [("clause", 9), ("group", 9), ("both", 10)])
def test_a_filter_costs_one_statement_for_each_kind_of_line_that_is_counted(client, units, tasks, part, expected):
    house = make_house(units=units, tasks=tasks)
    group = UnitGroup.objects.create(code="hu", name="Các huyện ủy")
    GroupMember.objects.bulk_create(GroupMember(group=group, unit=unit) for unit in house.units)
    client.force_login(house.office)
    clause = house.tasks[0].clause_id
    asked = {"clause": f"dieu={clause}", "group": f"nhom={group.pk}", "both": f"dieu={clause}&nhom={group.pk}"}[part]

    with CaptureQueriesContext(connection) as context:
        answer = client.get(f"/tong-quan/{house.directive.pk}/?{asked}")

    assert (answer.status_code, answer.context["page"].total.counted) == (200, units * tasks)
    assert len(context) == expected


def test_a_unit_sees_its_own_newly_late_work_and_what_waits_in_it(client):
    house = make_house(units=2, tasks=2)
    Assignment.objects.filter(task=house.tasks[0]).update(state="awaiting_unit_head")
    count(house)
    client.force_login(make_reporter(house.units[0], "dakha"))

    answer = client.get(f"/tong-quan/{house.directive.pk}/?nhom=1")

    page = answer.context["page"]
    assert (page.total.counted, page.late.count) == (2, 2)
    assert {row.unit for row in page.late.rows} == {"Huyện ủy Số 0"}
    assert [(row.what, row.who, row.count) for row in page.waiting] == [("head", "Huyện ủy Số 0", 1)]
    assert "Huyện ủy Số 1" not in words_of(answer.content)
    wrong = [
        (address, number)
        for address, number in numbers_of(answer.content)
        if client.get(address).context["count"] != number
    ]
    assert wrong == []


def test_a_unit_that_ended_keeps_its_line(client):
    house = make_house(units=2, tasks=1)
    Unit.objects.filter(pk=house.units[1].pk).update(valid_to=date(2024, 4, 10))
    client.force_login(house.office)

    answer = client.get(f"/tong-quan/{house.directive.pk}/")

    assert [line.name for line in answer.context["page"].units] == ["Huyện ủy Số 0", "Huyện ủy Số 1"]


def test_work_that_is_all_outside_has_no_rate(client):
    house = make_house(units=1, tasks=2)
    Assignment.objects.update(state="paused", paused_from="in_progress")
    count(house)
    client.force_login(house.office)

    words = words_of(client.get(f"/tong-quan/{house.directive.pk}/").content)

    assert "0 trên 0 việc hoàn thành · không có việc quá hạn" in words
    assert "Cộng 0 0 0 0 0 0 0 0 2 – –" in words
