"""The office sets what a figure is: rules, parts, targets; what reported figures forbid."""

import pytest
from django.urls import reverse

from records.models import AuditEvent
from tasks.models import Indicator, IndicatorCategory, IndicatorTarget
from tests.factories import make_directive, make_task
from tests.tasks.indicators.figures import make_indicator, report
from tests.tasks.story import make_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(settings):
    settings.TODAY = None
    return make_story(state="in_progress")


@pytest.fixture
def office(story, client):
    client.force_login(story.office)
    return client


def typed(**values) -> dict:
    known = {
        "name": "Buổi sinh hoạt",
        "measure": "buổi",
        "mode": "cumulative",
        "over_periods": "last",
        "over_units": "sum",
        "target": "",
        "least": "",
        "most": "",
        "categories": "",
    }
    return known | values


def rules(indicator) -> str:
    return reverse("tasks:indicator_rules", args=[indicator.pk])


def test_target_range_rules_and_parts_are_saved(story, office):
    indicator = make_indicator(story.task)

    answer = office.post(
        rules(indicator),
        typed(
            mode="in_period", over_periods="mean", over_units="largest", target="1.200", least="5", most="2.000",
            categories="Cựu chiến binh\r\n\r\n Dân công  hỏa tuyến \r\ncựu chiến binh",
        ),
    )  # fmt: skip

    indicator.refresh_from_db()
    assert answer.status_code == 302
    assert (indicator.mode, indicator.over_periods, indicator.over_units) == ("in_period", "mean", "largest")
    assert (indicator.target, indicator.least, indicator.most) == (1200, 5, 2000)
    assert list(indicator.categories.values_list("code", "name")) == [
        ("d1", "Cựu chiến binh"),
        ("d2", "Dân công hỏa tuyến"),
    ]
    assert AuditEvent.objects.about(story.task).get().verb == "indicator.changed"


def test_saving_the_same_again_leaves_no_trace(story, office):
    indicator = make_indicator(story.task)

    page = office.post(rules(indicator), typed(), follow=True).content.decode()

    assert "Chỉ tiêu không thay đổi." in page
    assert not AuditEvent.objects.about(story.task).exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"over_periods": "sum"}, "Số lũy kế đã gồm các kỳ trước, cộng lại sẽ trùng."),
        ({"least": "10", "most": "9"}, "Mức trên nhỏ hơn mức dưới (10)."),
        ({"target": "-3"}, "“-3” là số âm"),
        ({"most": "1.234,5"}, "“1.234,5” có phần lẻ"),
        ({"measure": ""}, "Xin ghi ô này."),
        ({"categories": "x" * 121}, "dài quá 120 ký tự"),
        ({"categories": "\n".join(f"Đối tượng {n}" for n in range(31))}, "xin ghi nhiều nhất 30 dòng"),
    ],
)
def test_rules_that_cannot_be_are_refused_beside_their_field_and_stay_typed(story, office, values, sentence):
    indicator = make_indicator(story.task)

    answer = office.post(rules(indicator), typed(**values))

    page = answer.content.decode()
    assert (answer.status_code, sentence in page) == (422, True)
    assert next(iter(values.values()))[:60].split("\n")[0] in page
    assert (Indicator.objects.get().over_periods, IndicatorCategory.objects.count()) == ("last", 0)


def test_reported_figures_keep_their_meaning(story, office):
    indicator = make_indicator(story.task)
    category = IndicatorCategory.objects.create(indicator=indicator, code="a", order=1, name="Cựu chiến binh")
    report(story.assignment, indicator, 3, parts={category: 3})

    renamed = office.post(rules(indicator), typed(measure="lượt", target="9", categories="Cựu chiến binh"))
    emptied = office.post(rules(indicator), typed(categories="Dân công"))

    indicator.refresh_from_db()
    assert (renamed.status_code, indicator.measure, indicator.target) == (302, "buổi", 9)
    assert (emptied.status_code, indicator.categories.get().name) == (422, "Cựu chiến binh")
    assert "“Cựu chiến binh” đã có số liệu báo cáo, không bỏ được." in emptied.content.decode()


@pytest.mark.parametrize("values", [{"strength": "encouraged"}, {"words_and_counts_only": True}])
def test_encouraged_and_words_only_work_has_no_target(story, office, values):
    indicator = make_indicator(make_task(story.directive, "1a.5", **values))

    page = office.get(rules(indicator)).content.decode()
    office.post(rules(indicator), typed(target="9"))

    indicator.refresh_from_db()
    assert ('name="target"' in page, indicator.target) == (False, None)
    assert office.get(reverse("tasks:indicator_targets", args=[indicator.pk])).status_code == 403


def test_one_more_figure_is_asked_for(story, office):
    make_indicator(story.task, order=1)

    office.post(reverse("tasks:indicator_new", args=[story.task.pk]), typed(name="Pano, áp phích", measure="tấm"))

    new = Indicator.objects.get(name="Pano, áp phích")
    assert (new.task, new.code, new.order, new.measure) == (story.task, "1a.1-2", 2, "tấm")


def test_units_have_targets_of_their_own_and_lose_them_again(story, office):
    indicator = make_indicator(story.task, target=10)
    address = reverse("tasks:indicator_targets", args=[indicator.pk])
    mine, other = f"u{story.unit.pk}", f"u{story.other_unit.pk}"

    office.post(address, {mine: "30", other: "0"})
    both = dict(IndicatorTarget.objects.values_list("unit", "target"))
    office.post(address, {mine: "", other: "0"})
    wrong = office.post(address, {mine: "ba mươi", other: "5"})

    assert both == {story.unit.pk: 30, story.other_unit.pk: 0}
    assert dict(IndicatorTarget.objects.values_list("unit", "target")) == {story.other_unit.pk: 0}
    assert (wrong.status_code, 'value="ba mươi"' in wrong.content.decode()) == (422, True)


@pytest.mark.parametrize(("state", "status"), [("draft", 200), ("issued", 200), ("closed", 403)])
def test_figures_are_set_until_the_directive_is_closed(office, state, status):
    indicator = make_indicator(make_task(make_directive(state=state)))

    assert office.get(rules(indicator)).status_code == status


def test_only_the_office_sets_figures(story, client):
    client.force_login(story.reporter)

    assert client.get(rules(make_indicator(story.task))).status_code == 403
