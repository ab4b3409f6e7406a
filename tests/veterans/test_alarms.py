"""Towards the day of honour: who is told how many people have not been visited, and when."""

from datetime import date

import pytest

from notifications.models import Message, Notice, NoticeRule, Pulse
from notifications.rounds import run_round, run_tick
from tests.factories import at, make_assignment, make_membership, make_task, make_unit, make_user
from tests.veterans.conftest import NOW, TODAY
from units.models import Role
from veterans import alarms, campaigns
from veterans.models import Campaign, Person, Visit

pytestmark = [pytest.mark.django_db]

# 7, 3 and 1 working days before Tuesday 07/5/2024 (30/4 and 1/5 off, 29/4 swapped with Saturday 4/5), and the day itself.
STAGES = {7: "2024-04-24", 3: "2024-05-03", 1: "2024-05-06", 0: "2024-05-07"}


@pytest.fixture(autouse=True)
def rungs(db):
    NoticeRule.objects.all().delete()
    for days in (14, 7, 3, 1, 0):
        NoticeRule.objects.create(
            stage=f"occasion-{days}", name="x", anchor="occasion", audience="occasion", working_days_before=days
        )


@pytest.fixture
def approved(add, land):
    def made(commune=None) -> Person:
        person = add(commune=commune or land.hring)
        Person.objects.filter(pk=person.pk).update(
            verification="province", finding="enough", verified_on=TODAY, verified_by=land.of_province
        )
        return person

    return made


def call(person, land, on=date(2024, 4, 5)) -> None:
    Visit.objects.create(
        person=person, campaign=land.campaign, on=on, unit=land.unit, recorded_by=land.of_near, recorded_at=NOW
    )


def told() -> list[tuple[str, str]]:
    """Whom → what, of the occasion."""
    found = Notice.objects.filter(kind__startswith="occasion-").order_by("recipient__username", "title")
    return list(found.values_list("recipient__username", "title"))


def test_registrars_hear_of_their_own_areas_and_the_office_in_words_that_may_leave_the_district(approved, land):
    for _ in range(6):
        approved()
    approved(land.rokoi)
    run_round(now=at("2024-04-24"))
    assert told() == [
        ("dakha", "Còn 6 người chưa được thăm ở Huyện Đăk Hà, 7 ngày làm việc nữa đến 07/5/2024"),
        ("mttq", "Còn 7 người chưa được thăm ở Tỉnh Kon Tum, 7 ngày làm việc nữa đến 07/5/2024"),
        ("sathay", "Còn 1 người chưa được thăm ở Huyện Sa Thầy, 7 ngày làm việc nữa đến 07/5/2024"),
        ("vanphong", "Đợt tri ân: còn 7 người chưa được thăm, 7 ngày làm việc nữa đến 07/5/2024"),
    ]


def test_the_people_of_the_unit_that_leads_the_visiting_are_told_and_no_other_units(approved, land):
    lead, other = make_unit("Hội Cựu chiến binh", code="ccb"), make_unit("Hội Nông dân", code="nd")
    task = make_task(code="1b.3")
    make_assignment(task, lead, role="lead")
    make_assignment(task, other, role="coordinating")
    Campaign.objects.update(visit_task=task)
    for unit, name in ((lead, "ccb"), (other, "nongdan")):
        make_membership(make_user(name), unit, Role.REPORTER)
    make_membership(make_user("ccb.lanhdao"), lead, Role.UNIT_HEAD)
    approved()
    run_round(now=at("2024-04-24"))
    words = "Đợt tri ân: còn dưới 5 người chưa được thăm, 7 ngày làm việc nữa đến 07/5/2024"
    assert [row for row in told() if row[0] not in ("mttq", "dakha")] == [
        ("ccb", words),
        ("ccb.lanhdao", words),
        ("vanphong", words),
    ]
    assert Notice.objects.get(recipient__username="ccb").url == f"/nhiem-vu/{task.pk}/"


def test_who_keeps_a_registry_and_works_for_the_leading_unit_is_told_once(approved, land):
    task = make_task(code="1b.3")
    make_assignment(task, land.unit, role="lead")
    Campaign.objects.update(visit_task=task)
    make_membership(land.of_province, land.unit, Role.REPORTER)
    approved()
    run_round(now=at("2024-04-24"))
    assert [whom for whom, _ in told()].count("mttq") == 1


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (7, "Còn 1 người chưa được thăm ở Huyện Đăk Hà, 7 ngày làm việc nữa đến 07/5/2024"),
        (3, "Còn 1 người chưa được thăm ở Huyện Đăk Hà, 3 ngày làm việc nữa đến 07/5/2024"),
        (1, "Còn 1 người chưa được thăm ở Huyện Đăk Hà, 1 ngày làm việc nữa đến 07/5/2024"),
        (0, "Còn 1 người chưa được thăm ở Huyện Đăk Hà, hôm nay là 07/5/2024"),
    ],
)
def test_each_stage_is_told_on_its_day_once_however_often_the_tick_comes(approved, land, days, words):
    approved()
    for moment in ("00:00", "08:00", "23:59"):
        run_round(now=at(STAGES[days], moment))
    assert [said for whom, said in told() if whom == "dakha"] == [words]


def test_the_minute_before_midnight_tells_nothing_of_the_next_days_stage(approved, land):
    approved()
    NoticeRule.objects.exclude(stage="occasion-7").delete()
    run_round(now=at("2024-04-23", "23:59"))
    assert told() == []


def test_a_stage_that_was_missed_is_told_late_and_only_the_latest_one(approved, land):
    approved()
    run_round(now=at("2024-05-04"))
    assert [said for whom, said in told() if whom == "dakha"] == [
        "Còn 1 người chưa được thăm ở Huyện Đăk Hà, 2 ngày làm việc nữa đến 07/5/2024"
    ]
    assert set(Notice.objects.values_list("kind", flat=True)) == {"occasion-3"}


def test_nothing_is_told_where_everybody_was_reached_and_the_others_hear_of_theirs(approved, land):
    call(approved(), land)
    approved(land.rokoi)
    run_round(now=at("2024-04-24"))
    assert [whom for whom, _ in told()] == ["mttq", "sathay", "vanphong"]


def test_when_all_were_reached_nobody_is_told_anything(approved, land):
    call(approved(), land)
    run_round(now=at("2024-04-24"))
    assert told() == []


@pytest.mark.parametrize("day", ["2024-05-08", "2024-04-11"])
def test_after_the_day_and_before_the_first_stage_nothing_is_told(approved, day):
    approved()
    run_round(now=at(day))
    assert told() == []


def test_a_rung_the_office_has_switched_off_is_silent(approved):
    approved()
    NoticeRule.objects.filter(stage__in=["occasion-7", "occasion-14"]).update(is_active=False)
    run_round(now=at("2024-04-24"))
    assert told() == []


def test_an_occasion_that_has_ended_or_not_begun_is_silent(approved, land):
    approved()
    Campaign.objects.update(starts_on=date(2024, 4, 25))
    run_round(now=at("2024-04-24"))
    Campaign.objects.update(starts_on=date(2024, 2, 15), state="closed", closed_by=land.of_province, closed_at=NOW)
    run_round(now=at("2024-04-24", "09:00"))
    assert told() == []


def test_a_day_that_is_moved_arms_its_stages_anew_with_the_next_tick(approved, land):
    approved()
    run_tick(now=at("2024-04-24", "08:00"))
    campaign = Campaign.objects.get()
    campaigns.change_campaign(
        campaign,
        fields={"honour_day": date(2024, 5, 8)},
        version=campaign.version,
        by=land.of_province,
        now=at("2024-04-24", "08:01"),
    )
    run_tick(now=at("2024-04-24", "08:02"))
    run_tick(now=at("2024-04-25", "08:00"))
    assert [said for whom, said in told() if whom == "dakha"] == [
        "Còn 1 người chưa được thăm ở Huyện Đăk Hà, 7 ngày làm việc nữa đến 07/5/2024",
        "Còn 1 người chưa được thăm ở Huyện Đăk Hà, 7 ngày làm việc nữa đến 08/5/2024",
        "Còn 1 người chưa được thăm ở Huyện Đăk Hà, 8 ngày làm việc nữa đến 08/5/2024",
    ]


def test_nothing_of_it_leaves_by_mail_and_no_name_stands_in_it(approved, land):
    approved()
    run_round(now=at("2024-04-24"))
    assert Message.objects.count() == 0
    assert "A Thút" not in str(list(Notice.objects.values()))


def test_an_account_or_a_membership_that_has_ended_is_not_told(approved, land):
    approved()
    land.of_near.is_active = False
    land.of_near.save()
    land.office.memberships.update(valid_to=date(2024, 4, 23))
    run_round(now=at("2024-04-24"))
    assert [whom for whom, _ in told()] == ["mttq"]


@pytest.mark.parametrize("people", [1, 60])
def test_a_stage_costs_the_same_statements_whatever_the_number_of_people(
    approved, land, django_assert_num_queries, people
):
    for number in range(people):
        approved(land.hring if number % 2 else land.rokoi)
    planner = alarms.OccasionPlanner()
    with django_assert_num_queries(7):
        planner.plan(now=at("2024-04-24"), since=None)


def test_a_quiet_minute_stays_at_three_statements(approved, django_assert_num_queries):
    approved()
    run_tick(now=at("2024-04-24", "08:00"))
    assert Pulse.objects.get().planned_day == date(2024, 4, 24)
    with django_assert_num_queries(3):
        run_tick(now=at("2024-04-24", "08:01"))
