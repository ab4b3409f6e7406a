"""The figures block of the report form: parts that add up, odd figures explained, what stands beside them."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tasks.drafts.inputs import SectionInput
from tasks.drafts.opening import open_report
from tasks.models import Indicator, IndicatorCategory, IndicatorTarget, IndicatorValue, ReportRound
from tasks.reporting import submit
from tasks.reviewing import accept_section
from tests.factories import at
from tests.tasks.indicators.figures import report
from tests.tasks.story import make_story, send, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(settings):
    settings.TODAY = None
    return make_story(state="in_progress")


def make_indicator(story, code="CT01", **values) -> Indicator:
    known = {"order": 1, "name": "Buổi sinh hoạt", "measure": "buổi"}
    return Indicator.objects.create(task=story.task, code=code, **(known | values))


def with_parts(indicator: Indicator) -> list[IndicatorCategory]:
    return [
        IndicatorCategory.objects.create(indicator=indicator, code=code, order=order, name=name)
        for order, (code, name) in enumerate((("a", "Cựu chiến binh"), ("b", "Dân công hỏa tuyến")), start=1)
    ]


class Form:
    """The unit's report at its address, with a browser of its reporter."""

    def __init__(self, story, client):
        self.report = open_report(story.unit, story.directive, by=story.reporter, now=at("2024-04-10"))
        self.section = self.report.sections.get()
        self.url = reverse("tasks:report_edit", args=[self.report.pk])
        self.client = client
        client.force_login(story.reporter)

    def post(self, do="save", **fields):
        self.report.refresh_from_db()
        data = {f"muc{self.section.pk}-{name}": value for name, value in fields.items()}
        answer = self.client.post(self.url, {"chung-version": self.report.version, "do": do} | data)
        self.section.refresh_from_db()
        return answer


def test_the_parts_of_a_figure_are_added_up_on_the_server(story, client):
    indicator = make_indicator(story)
    first, second = with_parts(indicator)
    form = Form(story, client)

    answer = form.post(
        results="Đã rà soát",
        **{f"indicator_{indicator.pk}_{first.pk}": "1.200", f"indicator_{indicator.pk}_{second.pk}": "34"},
    )

    assert answer.status_code == 302
    assert (form.section.indicator_values, form.section.indicator_parts) == (
        {"CT01": 1234},
        {"CT01": {"a": 1200, "b": 34}},
    )
    assert '<output class="dt-num" data-dt-sum>1.234</output>' in client.get(form.url).content.decode()


def test_a_part_that_is_no_number_keeps_the_typed_text_and_saves_the_others(story, client):
    indicator = make_indicator(story)
    first, second = with_parts(indicator)
    form = Form(story, client)

    answer = form.post(
        results="Đã rà soát",
        **{f"indicator_{indicator.pk}_{first.pk}": "12 người", f"indicator_{indicator.pk}_{second.pk}": "34"},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="12 người"' in page
    assert "“12 người” có chữ: đơn vị tính (buổi) đã in bên cạnh, chỉ ghi số. Xin ghi 12." in page
    assert form.section.indicator_parts == {"CT01": {"b": 34}}


def test_a_sent_figure_hangs_on_its_round_with_its_parts_and_its_word(story):
    indicator = make_indicator(story, most=40)
    with_parts(indicator)

    section = send(
        story,
        indicator_values={"CT01": None},
        indicator_parts={"CT01": {"a": 30, "b": 15}},
        indicator_comments={"CT01": "Có thêm đoàn về nguồn."},
    )

    content = ReportRound.objects.get(section=section).content
    rows = IndicatorValue.objects.order_by("pk").values_list("category__code", "value", "comment")
    assert list(rows) == [(None, 45, "Có thêm đoàn về nguồn."), ("a", 30, ""), ("b", 15, "")]
    assert (content["indicators"], content["indicator_parts"], content["indicator_comments"]) == (
        {"CT01": 45},
        {
            "CT01": [
                {"code": "a", "name": "Cựu chiến binh", "value": 30},
                {"code": "b", "name": "Dân công hỏa tuyến", "value": 15},
            ]
        },
        {"CT01": "Có thêm đoàn về nguồn."},
    )


def test_a_draft_is_saved_with_an_odd_figure_but_not_sent_without_a_word(story, client):
    indicator = make_indicator(story, least=5, most=40)
    form = Form(story, client)

    saved = form.post(results="Đã tổ chức", **{f"indicator_{indicator.pk}": "400"})
    refused = form.post(do="submit", results="Đã tổ chức", **{f"indicator_{indicator.pk}": "400"})
    page = refused.content.decode()
    form.report.refresh_from_db()
    state = form.report.state
    sent = form.post(
        do="submit",
        results="Đã tổ chức",
        **{f"indicator_{indicator.pk}": "400", f"comment_{indicator.pk}": "Gộp cả các chi bộ."},
    )

    form.report.refresh_from_db()
    assert (saved.status_code, refused.status_code, state) == (302, 422, "draft")
    assert (
        "Buổi sinh hoạt: số này ngoài mức thường gặp (từ 5 đến 40 buổi). Nếu đúng, xin ghi một câu giải thích." in page
    )
    assert (sent.status_code, form.report.state) == (302, "submitted")


@pytest.mark.parametrize(("value", "odd"), [(4, True), (5, False), (40, False), (41, True), (None, False)])
def test_the_edges_of_the_range_are_plausible(story, value, odd):
    assert make_indicator(story, least=5, most=40).is_odd(value) is odd


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (None, None, ""),
        (5, None, "không dưới 5 buổi"),
        (None, 1200, "không quá 1.200 buổi"),
        (5, 40, "từ 5 đến 40 buổi"),
        (0, 40, "từ 0 đến 40 buổi"),
    ],
)
def test_the_range_is_said_in_words(story, least, most, words):
    assert make_indicator(story, least=least, most=most).range_words == words


def test_target_and_last_accepted_figure_stand_beside_the_field(story, client):
    indicator = make_indicator(story, target=60)
    IndicatorTarget.objects.create(indicator=indicator, unit=story.unit, target=45)
    accept_section(send(story, indicator_values={"CT01": 12}), by=story.office, now=at("2024-04-11"))
    form = Form(story, client)
    form.post(results="Đã tổ chức", **{f"indicator_{indicator.pk}": "9"})

    page = client.get(form.url).content.decode()

    assert "mức phấn đấu 45 · lần trước 12, số lũy kế mới thấp hơn" in page


def test_copying_the_last_report_takes_running_totals_with_their_parts_and_no_figure_of_a_period(story, client):
    with_parts(make_indicator(story))
    make_indicator(story, "CT16", order=2, mode="in_period", over_periods="sum")
    section = send(story, indicator_values={"CT16": 7}, indicator_parts={"CT01": {"a": 3, "b": 4}})
    accept_section(section, by=story.office, now=at("2024-04-11"))
    form = Form(story, client)

    form.post(do=f"copy-{form.section.pk}")

    assert (form.section.indicator_values, form.section.indicator_parts) == (
        {"CT01": 7},
        {"CT01": {"a": 3, "b": 4}},
    )


def test_a_total_from_before_the_parts_were_asked_for_stays_until_a_part_is_typed(story, client):
    indicator = make_indicator(story)
    form = Form(story, client)
    form.section.indicator_values = {"CT01": 20}
    form.section.save()
    first, _ = with_parts(indicator)

    form.post(results="Đã rà soát")
    kept = form.section.indicator_values
    form.post(results="Đã rà soát", **{f"indicator_{indicator.pk}_{first.pk}": "3"})

    assert (kept, form.section.indicator_values) == ({"CT01": 20}, {"CT01": 3})


def test_rounds_of_former_days_without_parts_are_still_read(story, client):
    """Their content has totals by code and nothing else."""
    row = report(story.assignment, make_indicator(story), 12)
    client.force_login(story.office)

    page = client.get(row.round.section.unit_report.get_review_url()).content.decode()

    assert "indicator_parts" not in row.round.content
    assert 'Buổi sinh hoạt: <strong class="dt-num">12</strong> buổi' in page


def test_a_section_without_figures_is_sent_as_before(story):
    report = write(story, moment=at("2024-04-10"))

    submit(report, by=story.reporter, now=at("2024-04-10"))

    assert (report.state, IndicatorValue.objects.count()) == ("submitted", 0)
    assert SectionInput().indicator_parts == {}


@pytest.mark.parametrize(
    "values",
    [
        {"over_periods": "sum"},
        {"mode": "in_period", "over_periods": "median"},
        {"over_units": "median"},
        {"target": -1},
        {"least": -1},
        {"least": 10, "most": 9},
    ],
)
def test_the_database_refuses_rules_that_cannot_be(story, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_indicator(story, **values)


def test_a_figure_stands_once_in_a_round_and_each_of_its_parts_once(story):
    indicator = make_indicator(story)
    part, _ = with_parts(indicator)
    round_ = send(story, indicator_parts={"CT01": {"a": 3, "b": 4}}).rounds.get()

    for category in (None, part):
        with pytest.raises(IntegrityError), transaction.atomic():
            IndicatorValue.objects.create(round=round_, indicator=indicator, category=category, value=1)


def test_what_is_left_out_says_who_when_and_why(story):
    make_indicator(story)
    row = send(story, indicator_values={"CT01": 3}).rounds.get().indicator_values.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorValue.objects.filter(pk=row.pk).update(left_out_at=at("2024-04-11"), left_out_reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorValue.objects.filter(pk=row.pk).update(left_out_reason="Trùng")
