"""The page on which the office sets the ladder, in general and for one document."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from notifications import rules
from notifications.models import NoticeRule, Pulse
from records.models import AuditEvent
from tests.factories import at, make_directive, make_office_user, make_reporter, make_unit, make_user

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15", "09:00")
PAGE = reverse("notifications:rules")


@pytest.fixture
def office(client):
    client.force_login(make_office_user())
    return client


def text_of(response):
    return response.content.decode()


def general(stage):
    return NoticeRule.objects.general().get(stage=stage)


def test_switching_a_rung_off_and_another_to_mail_is_kept_and_recorded(office):
    Pulse.objects.update(planned_whole=NOW)

    response = office.post(PAGE, {"stage": ["due-7", "due-1"], "used": ["due-1"], "mailed": ["due-1"]}, follow=True)

    assert "Đã đổi 2 bậc nhắc" in text_of(response)
    assert (general("due-7").is_active, general("due-1").by_mail) == (False, True)
    assert AuditEvent.objects.get(verb="rules.changed").data["codes"] == "due-7, due-1"
    assert Pulse.objects.get().planned_whole is None


def test_a_rung_that_the_page_did_not_show_stays_as_it_is(office):
    office.post(PAGE, {"stage": ["due-7"], "used": ["due-7"]})

    assert general("due-3").by_mail
    assert AuditEvent.objects.filter(verb="rules.changed").count() == 0


@pytest.mark.parametrize(
    ("data", "stage", "name", "days"),
    [
        ({"days": "5", "when": "before", "audience": "unit"}, "due-5", "Trước hạn 5 ngày làm việc", 5),
        ({"days": "0", "when": "before", "audience": "escalation"}, "due-0-head", "Đúng ngày đến hạn, báo động", 0),
        ({"days": "3", "when": "after", "audience": "unit"}, "overdue-3", "Quá hạn 3 ngày làm việc", -3),
        (
            {"days": "20", "when": "after", "audience": "office"},
            "office-20",
            "Quá hạn 20 ngày làm việc, vào danh sách của Văn phòng",
            -20,
        ),
        (
            {"days": "5", "when": "assigned", "audience": "office"},
            "office-assigned-5",
            "Giao 5 ngày làm việc chưa tiếp nhận, vào danh sách của Văn phòng",
            -5,
        ),
        (
            {"days": "4", "when": "assigned", "audience": "unit"},
            "assigned-4",
            "Giao 4 ngày làm việc chưa tiếp nhận",
            -4,
        ),
        (
            {"days": "10", "when": "occasion", "audience": "unit"},
            "occasion-10",
            "Trước ngày kỷ niệm 10 ngày làm việc",
            10,
        ),
    ],
)
def test_a_new_rung_gets_its_code_and_words(office, data, stage, name, days):
    response = office.post(PAGE, {"add": "1", **data}, follow=True)

    assert f"Đã thêm bậc nhắc: {name}." in text_of(response)
    assert (general(stage).name, general(stage).working_days_before) == (name, days)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"days": "-3", "when": "before", "audience": "unit"}, "Số ngày phải từ 0 đến 60; muốn nhắc sau hạn thì"),
        ({"days": "61", "when": "before", "audience": "unit"}, "Số ngày phải từ 0 đến 60."),
        ({"days": "ba", "when": "before", "audience": "unit"}, "Số ngày phải là một số nguyên từ 0 đến 60, ví dụ 5."),
        ({"days": "", "when": "before", "audience": "unit"}, "Hãy ghi số ngày làm việc, từ 0 đến 60."),
        ({"days": "3", "when": "before", "audience": "unit"}, "Bậc nhắc này đã có trong bảng"),
        ({"days": "0", "when": "after", "audience": "unit"}, "Sau hạn thì số ngày từ 1 trở lên"),
        ({"days": "9", "when": "before", "audience": "office"}, "Văn phòng chỉ được báo sau hạn."),
        (
            {"days": "9", "when": "after", "audience": "office", "by_mail": "on"},
            "chỉ hiện trong ứng dụng, không gửi thư",
        ),
        ({"days": "7", "when": "occasion", "audience": "unit"}, "Bậc nhắc này đã có trong bảng"),
        (
            {"days": "5", "when": "occasion", "audience": "unit", "by_mail": "on"},
            "Nhắc về đợt tri ân chỉ hiện trong ứng dụng, không gửi thư.",
        ),
    ],
)
def test_a_rung_that_makes_no_sense_is_refused_and_what_was_typed_stays(office, data, words):
    before = NoticeRule.objects.count()

    response = office.post(PAGE, {"add": "1", **data})

    assert response.status_code == 422
    assert words in text_of(response)
    assert f'value="{data["days"]}"' in text_of(response) or not data["days"]
    assert NoticeRule.objects.count() == before


def test_on_a_documents_page_only_what_differs_becomes_a_rule_of_its_own(office):
    directive = make_directive()
    page = reverse("tasks:directive_rules", args=[directive.pk])

    office.post(page, {"stage": ["due-7", "due-3"], "used": ["due-3"], "mailed": ["due-3"]})
    own = list(NoticeRule.objects.of(directive).values_list("stage", "is_active"))
    office.post(page, {"stage": ["due-7", "due-3"], "used": ["due-7", "due-3"], "mailed": ["due-3"]})

    assert own == [("due-7", False)]
    assert NoticeRule.objects.of(directive).count() == 0
    assert general("due-7").is_active


def test_a_rung_added_for_one_document_stands_on_its_page_alone(office):
    directive, other = make_directive(), make_directive(short_title="Khác")

    office.post(
        reverse("tasks:directive_rules", args=[directive.pk]),
        {"add": "1", "days": "5", "when": "before", "audience": "unit"},
        follow=True,
    )

    assert [row.rule.stage for row in rules.rows_of(directive) if row.is_only_here] == ["due-5"]
    assert [row.rule.stage for row in rules.rows_of(other) if row.is_only_here] == []
    assert "Trước hạn 5 ngày làm việc" not in text_of(office.get(PAGE))


def test_a_closed_documents_rules_are_only_looked_at(office):
    page = reverse("tasks:directive_rules", args=[make_directive(state="closed").pk])

    assert office.get(page).status_code == 200
    assert office.post(page, {"stage": ["due-7"]}).status_code == 403


def test_only_the_office_sets_rules(client):
    client.force_login(make_reporter(make_unit()))
    directive = make_directive()

    for page in (PAGE, reverse("tasks:directive_rules", args=[directive.pk])):
        assert (client.get(page).status_code, client.post(page).status_code) == (403, 403)


def test_the_page_costs_the_same_whatever_the_number_of_rungs(office, django_assert_num_queries):
    with django_assert_num_queries(3):
        office.get(PAGE)
    for days in range(20, 50):
        rules.add(anchor="due", days=-days, audience="unit", by_mail=False, target=None, by=make_user(), now=NOW)
    with django_assert_num_queries(3):
        office.get(PAGE)


def test_the_ladder_towards_an_occasion_has_its_rungs_and_none_of_them_can_be_sent_by_mail(office):
    rungs = NoticeRule.objects.filter(anchor="occasion").order_by("-working_days_before")
    assert list(rungs.values_list("stage", "working_days_before", "audience", "by_mail", "is_active")) == [
        ("occasion-14", 14, "occasion", False, True),
        ("occasion-7", 7, "occasion", False, True),
        ("occasion-3", 3, "occasion", False, True),
        ("occasion-1", 1, "occasion", False, True),
        ("occasion-0", 0, "occasion", False, True),
    ]
    office.post(PAGE, {"stage": ["occasion-7", "occasion-3"], "used": ["occasion-3"], "mailed": ["occasion-3"]})
    assert (general("occasion-7").is_active, general("occasion-3").is_active) == (False, True)
    assert not general("occasion-3").by_mail


def test_an_occasion_is_no_documents_and_has_no_rung_on_its_page(office):
    page = reverse("tasks:directive_rules", args=[make_directive().pk])
    assert "kỷ niệm" not in text_of(office.get(page))
    response = office.post(page, {"add": "1", "days": "10", "when": "occasion", "audience": "unit"})
    assert response.status_code == 422
    assert NoticeRule.objects.filter(stage="occasion-10").count() == 0


@pytest.mark.parametrize(
    "values",
    [
        {"working_days_before": -1},
        {"audience": "unit"},
        {"by_mail": True},
        {"scope_type": "tasks.directive", "scope_id": 1},
        {"anchor": "due"},
    ],
)
def test_a_rung_of_an_occasion_that_makes_no_sense_is_refused_by_the_database(values):
    whole = {"stage": "occasion-9", "name": "x", "anchor": "occasion", "audience": "occasion", "working_days_before": 9}
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeRule.objects.create(**{**whole, **values})
