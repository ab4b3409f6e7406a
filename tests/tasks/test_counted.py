"""Figures that another room counts: offered in the form, explained where they differ, frozen with the sending."""

import html
import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from directive_tracker import clock
from records.models import AuditEvent
from tasks.behalf.entering import open_on_behalf
from tasks.drafts.checking import ReportIncomplete
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.opening import open_report
from tasks.drafts.saving import save_draft
from tasks.indicators import counters
from tasks.indicators.counters import Counter, Untold
from tasks.indicators.rules import change_indicator
from tasks.models import Comment, Indicator, IndicatorValue, ReportingPeriod
from tasks.reporting import approve_by_head, submit
from tasks.reviewing import accept_section
from tests.factories import at, make_assignment, make_unit
from tests.tasks.counted import CODE, counted_figure, counting
from tests.tasks.indicators.figures import make_period, report
from tests.tasks.story import make_story, send, write

pytestmark = pytest.mark.django_db
NOW, TODAY = at("2024-04-15", "09:00"), date(2024, 4, 15)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 09:00."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def record():
    with counting() as found:
        yield found


@pytest.fixture
def story():
    return make_story(state="in_progress")


def form_of(client, story) -> tuple[str, str]:
    """Address and text of the unit's report form."""
    report = open_report(story.unit, story.directive, by=story.reporter, now=NOW)
    client.force_login(story.reporter)
    address = f"/don-vi/bao-cao/{report.pk}/soan/"
    return address, client.get(address).content.decode()


def press(client, story, do: str, **typed):
    """Press a button of the form with what was typed in the first section."""
    report = open_report(story.unit, story.directive, by=story.reporter, now=NOW)
    section = report.sections.get()
    client.force_login(story.reporter)
    posted = {f"muc{section.pk}-{name}": value for name, value in typed.items()}
    answer = client.post(
        f"/don-vi/bao-cao/{report.pk}/soan/",
        {"chung-version": report.version, "do": do.format(section=section.pk), **posted},
    )
    section.refresh_from_db()
    return answer, section


# --- what may be chosen ------------------------------------------------------------------------------------


def test_a_figure_may_be_counted_from_what_another_room_offers_and_from_nothing_unknown(record, story):
    figure = counted_figure(story.task, counted_from="")

    change_indicator(figure, {"counted_from": CODE}, [], by=story.office, now=NOW)
    with pytest.raises(ValidationError, match="không đếm được từ nguồn này"):
        change_indicator(figure, {"counted_from": "thu.khac"}, [], by=story.office, now=NOW)

    assert Indicator.objects.get().counted_from == CODE


def test_the_database_holds_the_codes_of_this_room_and_those_with_a_point(story):
    figure = counted_figure(story.task, counted_from="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.filter(pk=figure.pk).update(counted_from="visits")
    Indicator.objects.filter(pk=figure.pk).update(counted_from="thu.dem")


@pytest.mark.parametrize("code", ["thu", ".dem", "thu."])
def test_a_counter_has_a_code_of_room_and_thing(code):
    with pytest.raises(ValueError, match=r"room\.what"):
        counters.register(Counter(code, "Sổ thử", "số", "người", lambda asks: []))


def test_two_counters_do_not_share_a_code(record):
    with pytest.raises(ValueError, match="registered twice"):
        counters.register(Counter(CODE, "Sổ khác", "số", "người", lambda asks: []))


# --- the form ----------------------------------------------------------------------------------------------


def test_the_form_shows_what_was_counted_up_to_the_cut_off_with_a_button(client, record, story):
    figure = counted_figure(story.task)
    make_period(story.directive, "2024-03-15", "2024-04-14")
    record.by_unit = {story.unit.pk: 12}

    _, page = form_of(client, story)

    assert 'Sổ thử đếm được: <strong class="dt-num">12</strong> – đến hết 14/4' in page
    assert f'-{figure.pk}">Lấy số này' in page
    assert [(ask.first, ask.last) for ask in record.asks] == [(None, date(2024, 4, 14))]


def test_a_figure_of_the_period_is_counted_from_the_periods_first_day(client, record, story):
    counted_figure(story.task, mode="in_period", over_periods="sum")
    make_period(story.directive, "2024-03-15", "2024-04-14")

    form_of(client, story)

    assert [(ask.first, ask.last) for ask in record.asks] == [(date(2024, 3, 15), date(2024, 4, 14))]


def test_where_nothing_is_on_record_nothing_is_offered(client, record, story):
    counted_figure(story.task)

    _, page = form_of(client, story)

    assert "đếm được:" not in page


def test_a_lead_is_counted_with_those_who_contribute_and_each_of_them_alone(client, record, story):
    counted_figure(story.task)
    helper = make_assignment(story.task, make_unit("Hội Nông dân"), role="coordinating", state="in_progress")
    part = make_assignment(story.task, make_unit("Xã Hà Mòn"), role="part", state="assigned", parent=story.assignment)
    make_assignment(story.task, make_unit("Hội Phụ nữ"), role="coordinating", state="cancelled")

    form_of(client, story)

    assert record.asks[-1].unit_ids == {story.unit.pk, helper.unit_id, part.unit_id}


def test_the_button_takes_the_number_saves_the_draft_and_says_so(client, record, story):
    figure = counted_figure(story.task)
    record.by_unit = {story.unit.pk: 12}

    answer, section = press(client, story, f"record-{{section}}-{figure.pk}", results="Đã thăm.")

    assert (answer.status_code, section.indicator_values, section.results) == (302, {"A": 12}, "Đã thăm.")
    assert "Đã lấy số đếm được cho “Người được thăm”: 12 người." in client.get(answer.url).content.decode()


def test_the_button_fills_every_part(client, record, story):
    figure = counted_figure(story.task)
    for order, name in enumerate(("Cựu chiến binh", "Dân công"), start=1):
        figure.categories.create(code=f"d{order}", order=order, name=name)
    record.by_unit = {story.unit.pk: {"d1": 7, "d2": 5}}

    _, section = press(client, story, f"record-{{section}}-{figure.pk}")

    assert (section.indicator_parts, section.indicator_values) == ({"A": {"d1": 7, "d2": 5}}, {"A": 12})


@pytest.mark.parametrize("do", ["record-{section}-999999", "record-x-y", "record-", "record-{section}-"])
def test_a_button_of_nothing_changes_nothing_and_says_so(client, record, story, do):
    counted_figure(story.task)
    record.by_unit = {story.unit.pk: 12}

    answer, section = press(client, story, do, results="Đã thăm.")

    assert (answer.status_code, section.indicator_values, section.results) == (302, {}, "Đã thăm.")
    assert "Chưa đếm được số này." in client.get(answer.url).content.decode()


def test_work_that_takes_words_and_counts_only_is_counted_by_nobody(client, record, story):
    counted_figure(story.task)
    story.task.words_and_counts_only = True
    story.task.save()
    record.by_unit = {story.unit.pk: 12}

    _, page = form_of(client, story)

    assert ("đếm được:" in page, record.asks) == (False, [])


@pytest.mark.parametrize("count", [1, 30])
def test_the_form_costs_the_same_for_any_number_of_counted_figures(
    client, record, story, django_assert_num_queries, count
):
    for number in range(count):
        counted_figure(story.task, f"A{number}")
    record.by_unit = {story.unit.pk: 12}
    address, _ = form_of(client, story)

    # One more than without: the assignments whose units are counted together.
    with django_assert_num_queries(12):
        client.get(address)


# --- sending -----------------------------------------------------------------------------------------------


def test_another_number_is_sent_with_a_word_of_explanation_and_not_without(record, story):
    counted_figure(story.task)
    record.by_unit = {story.unit.pk: 12}
    report = write(story, moment=NOW, indicator_values={"A": 15})

    with pytest.raises(ReportIncomplete) as told:
        submit(report, by=story.reporter, now=NOW)
    send(story, day="2024-04-15", indicator_values={"A": 15}, indicator_comments={"A": "Ba người ở xã chưa ghi sổ."})

    assert [sentence for _, _, sentence in told.value.problems] == [
        "Người được thăm: số này khác số Sổ thử đếm được. Nếu đúng, xin ghi một câu giải thích."
    ]
    row = IndicatorValue.objects.get()
    assert (row.value, row.counted, row.counted_people, row.comment) == (15, 12, 12, "Ba người ở xã chưa ghi sổ.")


def test_the_word_is_asked_for_beside_the_figure_and_nothing_typed_is_lost(client, record, story):
    figure = counted_figure(story.task)
    record.by_unit = {story.unit.pk: 12}

    answer, _ = press(client, story, "submit", results="Đã thăm.", **{f"indicator_{figure.pk}": "15"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "số này khác số Sổ thử đếm được" in page
    assert 'value="15"' in page
    assert "số đang ghi khác số này" in page


def test_the_office_that_enters_for_a_unit_is_neither_shown_nor_asked_what_stays_with_the_unit(client, record, story):
    counted_figure(story.task)
    make_period(story.directive, "2024-03-15", "2024-04-14")
    record.by_unit = {story.unit.pk: 3}
    report = open_on_behalf(story.unit, story.directive, basis="paper", by=story.office, now=NOW)
    section = report.sections.get()
    typed = ReportInput(sections={section.pk: SectionInput(results="Theo giấy", indicator_values={"A": 4})})
    save_draft(report, typed, by=story.office, now=NOW, version=report.version)
    client.force_login(story.office)

    page = client.get(f"/don-vi/bao-cao/{report.pk}/soan/").content.decode()
    submit(report, by=story.office, now=NOW)

    assert ("Người được thăm" in page, "đếm được:" in page) == (True, False)
    assert list(IndicatorValue.objects.values_list("value", "counted")) == [(4, 3)]


def test_the_same_number_is_sent_without_a_word(record, story):
    counted_figure(story.task)
    record.by_unit = {story.unit.pk: 12}

    send(story, day="2024-04-15", indicator_values={"A": 12})

    assert list(IndicatorValue.objects.values_list("value", "counted")) == [(12, 12)]


def test_parts_are_compared_one_by_one(record, story):
    figure = counted_figure(story.task)
    for order in (1, 2):
        figure.categories.create(code=f"d{order}", order=order, name=f"Nhóm {order}")
    record.by_unit = {story.unit.pk: {"d1": 7, "d2": 5}}
    report = write(story, moment=NOW, indicator_parts={"A": {"d1": 5, "d2": 7}})

    with pytest.raises(ReportIncomplete):
        submit(report, by=story.reporter, now=NOW)
    send(story, day="2024-04-15", indicator_parts={"A": {"d1": 7, "d2": 5}})

    rows = IndicatorValue.objects.order_by("category__order").values_list("category__code", "value", "counted")
    assert sorted(rows, key=str) == [("d1", 7, 7), ("d2", 5, 5), (None, 12, 12)]


def test_what_is_corrected_later_does_not_change_what_was_frozen(record, story):
    counted_figure(story.task)
    record.by_unit = {story.unit.pk: 12}
    send(story, day="2024-04-15", indicator_values={"A": 12})

    record.by_unit = {story.unit.pk: 10}

    assert IndicatorValue.objects.get().counted == 12


def test_what_the_units_head_lets_through_is_frozen_at_that_moment(record, story):
    counted_figure(story.task)
    story.unit.needs_head_approval = True
    story.unit.save()
    record.by_unit = {story.unit.pk: 12}
    report = write(story, moment=NOW, indicator_values={"A": 12})
    submit(report, by=story.reporter, now=NOW)
    record.by_unit = {story.unit.pk: 13}

    approve_by_head(report, by=story.reporter, now=at("2024-04-15", "10:00"))

    assert list(IndicatorValue.objects.values_list("value", "counted")) == [(12, 13)]


def test_a_figure_that_nobody_counts_has_nothing_frozen(record, story):
    counted_figure(story.task, counted_from="")

    send(story, day="2024-04-15", indicator_values={"A": 12})

    assert list(IndicatorValue.objects.values_list("counted", "counted_people")) == [(None, None)]


def test_the_database_keeps_no_people_without_a_number(record, story):
    counted_figure(story.task)
    send(story, day="2024-04-15", indicator_values={"A": 12})
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorValue.objects.update(counted=None, counted_people=3)
    assert ReportingPeriod.objects.count() == 0


# --- the office's pages --------------------------------------------------------------------------------------


def sent(story, record, value: int, counted: int | None, *, comment: str = "Đã rà lại."):
    """The unit sends a figure while so many are on record."""
    if counted is not None:
        record.by_unit[story.unit.pk] = counted
    return send(story, day="2024-04-15", indicator_values={"A": value}, indicator_comments={"A": comment})


def review(client, section) -> str:
    return client.get(section.unit_report.get_review_url()).content.decode()


def accepted(story, record, value: int, counted: int | None) -> IndicatorValue:
    section = sent(story, record, value, counted)
    accept_section(section, by=story.office, now=NOW)
    return IndicatorValue.objects.get(round__section=section, category=None)


@pytest.mark.parametrize(
    ("value", "then", "now", "words", "differs"),
    [
        (12, 12, 12, "Sổ thử đếm được, đến hết 15/4/2024: 12 khi gửi</span>", False),
        (15, 12, 12, "12 khi gửi · <strong>khác số báo cáo</strong>", True),
        (12, 12, 14, "12 khi gửi, nay 14</span>", False),
        (15, 12, 15, "12 khi gửi, nay 15 · <strong>khác số báo cáo</strong>", True),
        # Small numbers stay with the unit, and nothing is said that would give them away.
        (3, 3, 3, "dưới 5 khi gửi</span>", False),
        (2, 3, 3, "dưới 5 khi gửi</span>", False),
        (9, 3, 3, "dưới 5 khi gửi · <strong>khác số báo cáo</strong>", True),
        (9, 9, 3, "không nêu khi gửi, nay dưới 5</span>", False),
        (0, 0, 0, "0 khi gửi</span>", False),
    ],
)
def test_the_office_reads_reported_counted_then_and_counted_today(
    client, record, story, value, then, now, words, differs
):
    counted_figure(story.task)
    section = sent(story, record, value, then)
    record.by_unit[story.unit.pk] = now
    client.force_login(story.office)

    page = review(client, section)

    assert words in page
    assert ("Đề nghị đối chiếu" in page) == differs


def test_the_unit_reads_its_own_small_numbers(client, record, story):
    counted_figure(story.task)
    section = sent(story, record, 2, 3)
    record.by_unit[story.unit.pk] = 4
    client.force_login(story.reporter)

    page = client.get(f"/don-vi/bao-cao/{section.unit_report_id}/").content.decode()

    assert "3 khi gửi, nay 4 · <strong>khác số báo cáo</strong>" in page


def test_one_click_sends_the_figure_back_with_a_ready_sentence(client, record, story):
    counted_figure(story.task)
    section = sent(story, record, 15, 12)
    client.force_login(story.office)
    form = re.search(r'<form method="post" class="dt-noprint">.*?</form>', review(client, section), re.DOTALL)[0]
    posted = {name: html.unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}

    answer = client.post(section.unit_report.get_review_url(), posted)

    section.refresh_from_db()
    round_ = section.rounds.get()
    sentence = (
        "Số báo cáo 15 người khác số Sổ thử đếm được (12, đến hết 15/4/2024). "
        "Đề nghị đối chiếu: sửa số báo cáo, cập nhật sổ, hoặc giải thích."
    )
    assert (answer.status_code, section.state, round_.returned_fields) == (302, "returned", ["figure:A"])
    assert round_.field_reasons == {"figure:A": sentence}


def test_a_figure_from_before_anything_was_counted_is_held_against_today(client, record, story):
    figure = counted_figure(story.task, counted_from="")
    section = sent(story, record, 15, None)
    Indicator.objects.filter(pk=figure.pk).update(counted_from=CODE)
    record.by_unit[story.unit.pk] = 12
    client.force_login(story.office)

    assert "đến hết 15/4/2024: 12 · <strong>khác số báo cáo</strong>" in review(client, section)


def test_the_book_and_the_figures_page_show_the_sum_and_who_differs(client, record, story):
    figure = counted_figure(story.task)
    accepted(story, record, 15, 12)
    other = report(story.other_assignment, figure, 40, day="2024-04-15")
    IndicatorValue.objects.filter(pk=other.pk).update(counted=40, counted_people=40)
    client.force_login(story.office)

    book = client.get(f"/van-ban/{story.directive.pk}/so-lieu/").content.decode()
    page = client.get(f"/chi-tieu/{figure.pk}/").content.decode()

    assert 'Sổ thử đếm được: <strong class="dt-num">52</strong>' in book and "1 đơn vị khác số đếm được" in book
    assert '<strong class="dt-num">52</strong> người · <strong>1 đơn vị khác số báo cáo</strong>' in page
    assert "12 khi gửi · <strong>khác số báo cáo</strong>" in page and "40 khi gửi</span>" in page


def test_a_sum_leaves_out_the_units_whose_number_is_not_told(client, record, story):
    figure = counted_figure(story.task)
    accepted(story, record, 12, 12)
    report(story.other_assignment, figure, 2, day="2024-04-15")
    record.by_unit[story.other_unit.pk] = 2
    client.force_login(story.office)

    book = client.get(f"/van-ban/{story.directive.pk}/so-lieu/").content.decode()

    assert 'đếm được: <strong class="dt-num">12, chưa kể 1 đơn vị không nêu số</strong>' in book


def test_a_unit_reads_in_the_book_what_is_counted_of_itself_alone(client, record, story):
    figure = counted_figure(story.task)
    accepted(story, record, 3, 3)
    report(story.other_assignment, figure, 40, day="2024-04-15")
    record.by_unit[story.other_unit.pk] = 41_977
    story.directive.figures_published = True
    story.directive.save()
    client.force_login(story.reporter)

    book = client.get(f"/van-ban/{story.directive.pk}/so-lieu/").content.decode()
    page = client.get(f"/chi-tieu/{figure.pk}/").content.decode()

    assert 'đếm được: <strong class="dt-num">3</strong>' in book
    assert ("3 khi gửi</span>" in page, "41.977" in page, "41977" in page) == (True, False, False)


def test_an_accepted_figure_is_asked_about_beside_the_work_once_a_day(client, record, story):
    counted_figure(story.task)
    row = accepted(story, record, 15, 12)
    client.force_login(story.office)
    address = f"/so-lieu/{row.pk}/doi-chieu/"

    first = client.post(address, {"do": "ask"})
    second = client.post(address, {"do": "ask"})

    assert (first.status_code, second.status_code) == (302, 422)
    assert "đã đề nghị đối chiếu số này lúc 09:00 15/4/2024" in second.content.decode()
    comment = Comment.objects.get()
    assert (comment.assignment, comment.scope) == (story.assignment, "all")
    assert comment.text.startswith("Người được thăm: Số báo cáo 15 người khác số Sổ thử đếm được (12")
    assert list(comment.mentions.values_list("user", flat=True)) == [story.reporter.pk]


def test_what_was_settled_has_a_word_and_is_no_longer_open(client, record, story):
    figure = counted_figure(story.task)
    row = accepted(story, record, 15, 12)
    client.force_login(story.office)
    address = f"/so-lieu/{row.pk}/doi-chieu/"

    empty = client.post(address, {"do": "done", "reason": " "})
    done = client.post(address, {"do": "done", "reason": "Ba người ở xã chưa ghi sổ."})
    again = client.post(address, {"do": "done", "reason": "Đã xem."})
    page = client.get(f"/chi-tieu/{figure.pk}/").content.decode()

    assert (empty.status_code, done.status_code, again.status_code) == (422, 302, 422)
    assert "Xin ghi kết quả đối chiếu." in empty.content.decode()
    assert f"{story.office} đã ghi đối chiếu lúc" in again.content.decode()
    assert f"đã đối chiếu: Ba người ở xã chưa ghi sổ. ({story.office}, 09:00 15/4/2024)" in page
    assert ("đơn vị khác số báo cáo" in page, "khác số báo cáo</strong>" in page) == (False, False)
    assert AuditEvent.objects.filter(verb="figure.reconciled").count() == 1


def test_a_figure_that_nobody_counts_has_no_page_to_reconcile(client, story):
    row = report(story.assignment, counted_figure(story.task, counted_from=""), 12)
    client.force_login(story.office)
    assert client.get(f"/so-lieu/{row.pk}/doi-chieu/").status_code == 404


@pytest.mark.parametrize("units", [1, 300])
def test_the_pages_cost_the_same_for_any_number_of_units(client, record, story, django_assert_num_queries, units):
    figure = counted_figure(story.task)
    for number in range(units):
        unit = make_unit(f"Đơn vị {number}")
        report(make_assignment(story.task, unit), figure, 12, day="2024-04-15")
        record.by_unit[unit.pk] = 10
    section = sent(story, record, 15, 12)
    client.force_login(story.office)

    # Two more than without: the assignments, and what was settled; a counter adds its own.
    with django_assert_num_queries(11):
        client.get(f"/van-ban/{story.directive.pk}/so-lieu/")
    with django_assert_num_queries(9):
        client.get(f"/chi-tieu/{figure.pk}/")
    with django_assert_num_queries(14):
        client.get(section.unit_report.get_review_url())


def test_parts_are_told_outside_as_far_as_they_are_not_small(client, record, story):
    figure = counted_figure(story.task)
    for order in (1, 2):
        figure.categories.create(code=f"d{order}", order=order, name=f"Nhóm {order}")
    record.by_unit = {story.unit.pk: {"d1": 7, "d2": 2}}
    section = send(
        story,
        day="2024-04-15",
        indicator_parts={"A": {"d1": 8, "d2": 1}},
        indicator_comments={"A": "Một người đổi nhóm."},
    )
    record.by_unit = {story.unit.pk: {"d1": 7, "d2": 6}}
    client.force_login(story.office)

    page = html.unescape(review(client, section))

    assert "9 (Nhóm 1 7; Nhóm 2 dưới 5) khi gửi, nay 13 (Nhóm 1 7; Nhóm 2 6) · <strong>khác số báo cáo</strong>" in page
    # The whole is right, so that the sentence names the parts.
    assert "Số báo cáo 9 người khác số Sổ thử đếm được (9 (Nhóm 1 7; Nhóm 2 dưới 5), đến hết 15/4/2024)" in page


def test_of_a_figure_that_is_not_told_nothing_is_learnt_from_its_parts(client, story):
    """The whole is left out because of another unit's; parts that differ would tell it all the same."""
    figure = counted_figure(story.task)
    for order in (1, 2):
        figure.categories.create(code=f"d{order}", order=order, name=f"Nhóm {order}")

    def hide(cells):
        return {key: Untold("không nêu") for key, cell in cells.items() if cell.value == 12}

    with counting(hide) as record:
        record.by_unit = {story.unit.pk: {"d1": 7, "d2": 5}}
        section = send(
            story,
            day="2024-04-15",
            indicator_parts={"A": {"d1": 8, "d2": 5}},
            indicator_comments={"A": "Một người chưa ghi sổ."},
        )
        client.force_login(story.office)
        page = review(client, section)

    assert "đến hết 15/4/2024: không nêu khi gửi</span>" in page
    assert "khác số báo cáo" not in page
