"""The reported figures in a few lines: the brief's sheet, and what a digest freezes of them."""

from datetime import date

import pytest
from django.core import mail as outgoing
from django.utils import timezone

from notifications.rounds import run_round
from tasks.digests.freezing import freeze
from tasks.digests.making import make_now
from tasks.digests.reading import shown
from tasks.indicators.summary import Summary, SummaryLine, summaries_of
from tasks.models import Digest, DigestKind, IndicatorTarget
from tests.factories import at, make_assignment, make_directive, make_membership, make_task, make_unit, make_user
from tests.tasks.indicators.figures import counted_in_period, make_indicator, report
from tests.tasks.story import make_story

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15")


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr("directive_tracker.clock.now", lambda: NOW)
    monkeypatch.setattr("directive_tracker.clock.today", lambda: date(2024, 4, 15))


@pytest.fixture
def story():
    return make_story(state="in_progress")


def test_a_line_says_sum_target_share_and_how_many_units_reported(story):
    indicator = counted_in_period(story.task, target=20)
    IndicatorTarget.objects.create(indicator=indicator, unit=story.other_unit, target=30)
    report(story.assignment, indicator, 1200)
    make_assignment(story.task, make_unit("Ngoài"), state="cancelled")

    found = summaries_of([story.directive], most=3)

    line = SummaryLine(indicator.pk, "1a.1", "Buổi sinh hoạt", "buổi", "1.200", "50", "2.400%", reported=1, asked=2)
    assert found == {story.directive.pk: Summary([line], more=0)}


def test_what_waits_or_was_left_out_or_never_came_makes_no_line(story):
    waiting, left_out, _ = (make_indicator(story.task, f"CT{number}") for number in range(3))
    report(story.assignment, waiting, 7, decision="pending")
    value = report(story.assignment, left_out, 9)
    value.left_out_at, value.left_out_by, value.left_out_reason = NOW, story.office, "Trùng số"
    value.save()

    assert summaries_of([story.directive], most=3) == {}


def test_the_first_lines_of_each_document_in_the_order_of_its_tasks(story):
    later = make_task(story.directive, "1a.2", order=story.task.order + 1)
    for number in range(3):
        report(story.assignment, make_indicator(story.task, f"A{number}", name=f"Trước {number}"), 1)
    report(make_assignment(later, story.unit), make_indicator(later, "B", name="Sau", order=0), 1)
    other = make_task(make_directive(), "2")
    report(make_assignment(other, story.unit), make_indicator(other, "C", name="Khác"), 5)

    found = summaries_of([story.directive, other.directive], most=2)

    named = {pk: ([line.name for line in summary.lines], summary.more) for pk, summary in found.items()}
    assert named == {story.directive.pk: (["Trước 0", "Trước 1"], 2), other.directive.pk: (["Khác"], 0)}


@pytest.mark.parametrize("count", [1, 30])
def test_the_statements_are_the_same_for_one_figure_and_for_many(story, django_assert_num_queries, count):
    indicators = [make_indicator(story.task, f"CT{number}") for number in range(3)]
    for number in range(count):
        assignment = make_assignment(story.task, make_unit(f"Đơn vị {number}"), state="in_progress")
        for indicator in indicators:
            report(assignment, indicator, 1)

    with django_assert_num_queries(4):
        found = summaries_of([story.directive], most=10)

    assert [line.reported for line in found[story.directive.pk].lines] == [count, count, count]


def test_the_digest_keeps_what_stood_there_when_it_was_frozen(story, client):
    indicator = counted_in_period(story.task, target=20)
    report(story.assignment, indicator, 12)
    frozen = freeze(DigestKind.ON_DEMAND, now=NOW)
    digest = Digest.objects.create(
        kind=DigestKind.ON_DEMAND, period_from=date(2024, 4, 1), period_to=date(2024, 4, 15), cut_at=NOW, as_of=NOW,
        made_by=story.office, headline=frozen.headline, data=frozen.data, known=frozen.known,
    )  # fmt: skip
    report(story.other_assignment, indicator, 1000)
    client.force_login(story.office)

    page = client.get(digest.get_absolute_url()).content.decode()

    assert "8. Số liệu các đơn vị báo cáo" in page
    assert "<strong>12</strong> buổi" in page
    assert f'<a href="/chi-tieu/{indicator.pk}/">1a.1 Buổi sinh hoạt</a>' in page
    assert "1/2" in page
    assert "1.012" not in page


def test_the_digests_mail_says_the_same_numbers_with_how_many_units_reported(story):
    reader = make_user("thuongtruc", email="thuongtruc@example.org")
    make_membership(reader, make_unit("Thường trực"), "reader")
    indicator = counted_in_period(story.task, target=20)
    report(story.assignment, indicator, 1200)
    for number in range(11):
        report(story.assignment, make_indicator(story.task, f"CT{number}", name=f"Chỉ tiêu {number:02}"), number)
    make_now(by=story.office, now=NOW, send=True)
    report(story.other_assignment, indicator, 5000)

    run_round(now=NOW)

    mail = next(mail for mail in outgoing.outbox if mail.to == ["thuongtruc@example.org"])
    (html, _) = mail.alternatives[0]
    assert (
        "8. SỐ LIỆU CÁC ĐƠN VỊ BÁO CÁO\n"
        "  1a.1 Buổi sinh hoạt: 1.200 buổi, mức phấn đấu 40 (3.000%); 1/2 đơn vị báo cáo\n"
    ) in mail.body
    assert "  và 2 chỉ tiêu khác, xem trên trang.\n" in mail.body
    assert "<strong>1.200</strong> buổi" in html
    assert f'/chi-tieu/{indicator.pk}/">1a.1 Buổi sinh hoạt</a>' in html
    assert f'xem <a style="color:#0b5394" href="http://127.0.0.1:8000/van-ban/{story.directive.pk}/so-lieu/">' in html
    assert "6.200" not in mail.body + html


def test_the_mail_of_a_digest_without_figures_has_no_such_part(story):
    reader = make_user("thuongtruc", email="thuongtruc@example.org")
    make_membership(reader, make_unit("Thường trực"), "reader")
    make_now(by=story.office, now=NOW, send=True)

    run_round(now=NOW)

    mail = next(mail for mail in outgoing.outbox if mail.to == ["thuongtruc@example.org"])
    assert "8. S" not in mail.body + mail.alternatives[0][0]


def test_a_digest_that_was_frozen_before_there_were_figures_is_shown_without(story):
    frozen = freeze(DigestKind.ON_DEMAND, now=NOW)
    del frozen.data["figures"]
    digest = Digest(kind=DigestKind.ON_DEMAND, as_of=NOW, cut_at=timezone.now(), data=frozen.data)

    assert shown(digest).figures == []


def test_the_brief_shows_three_and_leads_to_the_others(story, client):
    for number in range(5):
        report(story.assignment, make_indicator(story.task, f"CT{number}", name=f"Chỉ tiêu {number}"), 10 + number)
    reader = make_user("thuongtruc")
    make_membership(reader, make_unit("Thường trực"), "reader")
    client.force_login(reader)

    page = " ".join(client.get(f"/trinh/{story.directive.pk}/").content.decode().split())

    assert [f"Chỉ tiêu {number}" in page for number in range(5)] == [True, True, True, False, False]
    assert f'và 2 chỉ tiêu khác, xem <a href="/van-ban/{story.directive.pk}/so-lieu/">trang số liệu</a>' in page
