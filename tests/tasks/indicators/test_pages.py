"""Pages of figures: who sees which sums, how far they unfold, deciding about doubles; statements do not grow."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tasks.models import FiguresKept, IndicatorCategory, IndicatorTarget, IndicatorValue
from tests.factories import make_assignment, make_membership, make_task, make_unit, make_user
from tests.tasks.indicators.figures import counted_in_period, make_indicator, make_period, report
from tests.tasks.story import make_story
from units.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(settings):
    settings.TODAY = None
    return make_story(state="in_progress")


@pytest.fixture
def office(story, client):
    client.force_login(story.office)
    return client


def book(story) -> str:
    return reverse("tasks:directive_figures", args=[story.directive.pk])


def doubts(story) -> str:
    return reverse("tasks:figure_doubts", args=[story.directive.pk])


def read(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_sum_unfolds_to_units_periods_and_reports(story, office):
    indicator = counted_in_period(story.task, target=40)
    march = make_period(story.directive, "2024-02-15", "2024-03-14")
    first = report(story.assignment, indicator, 1200, period=march, day="2024-03-13")
    second = report(story.assignment, indicator, 34, day="2024-04-10")
    report(story.other_assignment, indicator, 6)

    page = read(office, book(story))
    detail = read(office, reverse("tasks:indicator_detail", args=[indicator.pk]))

    assert '<strong class="dt-num">1.240</strong>' in page
    assert 'class="num">80<span class="dt-sub">đạt 1.550%</span>' in page
    assert '<strong class="dt-num dt-total">1.240</strong> buổi' in detail
    for row in (first, second):
        section = row.round.section
        address = reverse("tasks:report_review", args=[section.unit_report_id])
        assert f'href="{address}#muc-{section.pk}"' in detail


def test_parts_are_shown_with_their_sums(story, office):
    indicator = make_indicator(story.task)
    a = IndicatorCategory.objects.create(indicator=indicator, code="a", order=1, name="Cựu chiến binh")
    b = IndicatorCategory.objects.create(indicator=indicator, code="b", order=2, name="Dân công hỏa tuyến")
    report(story.assignment, indicator, 7, parts={a: 3, b: 4})
    report(story.other_assignment, indicator, 5, parts={a: 5})

    page = read(office, reverse("tasks:indicator_detail", args=[indicator.pk]))

    assert 'Cựu chiến binh: <strong class="dt-num">8</strong>' in page
    assert 'Dân công hỏa tuyến: <strong class="dt-num">4</strong>' in page
    assert "Cựu chiến binh 3, Dân công hỏa tuyến 4 · gửi 10/4/2024" in page


@pytest.mark.parametrize(("published", "total", "unseen"), [(False, "12", False), (True, "17", True)])
def test_a_unit_sees_its_own_reports_and_the_whole_where_it_is_published(story, client, published, total, unseen):
    story.directive.figures_published = published
    story.directive.save()
    indicator = make_indicator(story.task)
    report(story.assignment, indicator, 12)
    report(story.other_assignment, indicator, 5)
    client.force_login(story.reporter)

    page = read(client, book(story))
    detail = read(client, reverse("tasks:indicator_detail", args=[indicator.pk]))

    assert f'<strong class="dt-num">{total}</strong>' in page
    assert f'<strong class="dt-num dt-total">{total}</strong>' in detail
    assert (story.other_unit.short_name in detail, "1 đơn vị khác chỉ tính vào tổng" in detail) == (False, unseen)
    assert "chỗ cần xem" not in page


def test_contributions_stand_below_the_lead_and_are_not_added(story, office):
    task = make_task(story.directive, "1b.3")
    indicator = make_indicator(task)
    report(make_assignment(task, story.unit), indicator, 41)
    report(make_assignment(task, story.other_unit, role="coordinating"), indicator, 6)

    page = read(office, reverse("tasks:indicator_detail", args=[indicator.pk]))

    assert '<strong class="dt-num dt-total">41</strong>' in page
    assert "đã nằm trong số của đơn vị chủ trì" in page and "Các đơn vị góp" in page


def test_a_double_is_shown_left_out_with_a_reason_and_counted_again(story, office):
    indicator = make_indicator(story.task)
    report(story.assignment, indicator, 30, day="2024-03-14")
    row = report(story.assignment, indicator, 12)
    address = reverse("tasks:figure_leave_out", args=[row.pk])

    shown = read(office, doubts(story))
    without_reason = office.post(address, {"reason": ""})
    left = office.post(address, {"reason": "Đơn vị gõ nhầm."}, follow=True).content.decode()
    row.refresh_from_db()
    out = (row.left_out_by, row.left_out_reason)
    again = office.post(address, {"do": "again"}, follow=True).content.decode()
    row.refresh_from_db()

    assert "Số lũy kế giảm từ 30 xuống 12 buổi: một trong hai số chưa đúng." in shown and address in shown
    assert (without_reason.status_code, "Xin ghi lý do." in without_reason.content.decode()) == (422, True)
    assert "Không có số nào cần xem lại" in left and "Đơn vị gõ nhầm." in left
    assert out == (story.office, "Đơn vị gõ nhầm.")
    assert row.left_out_at is None and "Số lũy kế giảm" in again


def test_leaving_out_twice_tells_the_second_who_was_quicker(story, office):
    row = report(story.assignment, make_indicator(story.task), 12)
    address = reverse("tasks:figure_leave_out", args=[row.pk])
    office.post(address, {"reason": "Trùng kỳ 3."})

    answer = office.post(address, {"reason": "Trùng số."})

    assert answer.status_code == 422
    assert f"{story.office} đã để số này ra ngoài" in answer.content.decode()


def test_both_right_is_noted_and_no_longer_shown(story, office):
    indicator = make_indicator(story.task)
    first, second = report(story.assignment, indicator, 30, day="2024-03-14"), report(story.assignment, indicator, 12)

    page = office.post(
        reverse("tasks:figures_keep_both", args=[first.pk, second.pk]), {"reason": "Đã trừ số trùng."}, follow=True
    ).content.decode()

    assert "Không có số nào cần xem lại" in page
    assert list(FiguresKept.objects.values_list("reason", "by")) == [("Đã trừ số trùng.", story.office.pk)]


def test_figures_of_two_indicators_cannot_be_compared(story, office):
    rows = [report(story.assignment, make_indicator(story.task, code), 3) for code in ("CT01", "CT02")]

    answer = office.get(reverse("tasks:figures_keep_both", args=[row.pk for row in rows]))

    assert answer.status_code == 404


def test_a_reader_sees_the_doubts_and_decides_nothing(story, client):
    indicator = make_indicator(story.task)
    report(story.assignment, indicator, 30, day="2024-03-14")
    row = report(story.assignment, indicator, 12)
    reader = make_user()
    make_membership(reader, make_unit("Thường trực"), Role.READER)
    client.force_login(reader)
    address = reverse("tasks:figure_leave_out", args=[row.pk])

    page = read(client, doubts(story))

    assert ("Số lũy kế giảm" in page, address in page) == (True, False)
    assert client.post(address, {"reason": "Trùng số."}).status_code == 403


def _statements(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as statements:
        read(client, address)
    # A session is touched once a minute, and so in some request or other of a slow machine.
    return sum('UPDATE "accounts_session"' not in query["sql"] for query in statements.captured_queries)


def test_statements_are_the_same_at_1_and_300_rows(story, office):
    indicator = make_indicator(story.task)
    IndicatorCategory.objects.create(indicator=indicator, code="a", name="Cựu chiến binh")

    def add(number: int) -> None:
        for _ in range(number):
            work = make_assignment(story.task)
            report(work, indicator, 30, day="2024-03-14")
            report(work, indicator, 12)
            IndicatorTarget.objects.create(indicator=indicator, unit=work.unit, target=5)
        rows = IndicatorValue.objects.filter(value=12).order_by("pk")[: number // 2].values("pk")
        IndicatorValue.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
            left_out_at="2024-04-15T01:00:00Z", left_out_by=story.office, left_out_reason="Trùng."
        )

    pages = (book(story), reverse("tasks:indicator_detail", args=[indicator.pk]), doubts(story))
    add(2)
    few = [_statements(office, page) for page in pages]
    add(148)
    many = [_statements(office, page) for page in pages]

    assert (few, many) == ([8, 7, 9], [8, 7, 9])
