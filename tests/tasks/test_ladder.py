"""The steps of the ladder besides the days before and after a due day: weekly, not acknowledged, undecided, escalated,
Monday's bulletin, and rules of one directive alone."""

from datetime import date

import pytest
from django.core import mail as outgoing
from django.db import IntegrityError, transaction

from notifications.models import Notice, NoticeRule, Pulse
from notifications.rounds import plan, run_round
from tasks import stages
from tasks.lifecycle import decide_condition
from tasks.models import AssignmentProduct
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_office_user,
    make_product,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from units.calendar import work_calendar
from units.calendar_changes import Change, Day, apply, preview
from units.models import Role

pytestmark = pytest.mark.django_db
ROUND = {"planned": 0, "held": 0, "sent": 0, "failed": 0, "superseded": 0}


@pytest.fixture
def only():
    """Leave one stage in use."""

    def leave(*names):
        NoticeRule.objects.exclude(stage__in=names).update(is_active=False)

    return leave


@pytest.fixture
def unit():
    return make_unit("Huyện ủy Đắk Hà")


@pytest.fixture
def reporter(unit):
    return make_reporter(unit, "dakha")


def assign(unit, due, *, code="1a.3", directive=None, **values):
    condition = {name: values.pop(name) for name in ("condition_state", "strength") if name in values}
    values.setdefault("state", "in_progress")
    return make_assignment(make_task(directive, code, **condition), unit, due=due, **values)


def told():
    return list(Notice.objects.order_by("pk").values_list("kind", "recipient__username", "title"))


# --- overdue: weekly, escalated, the office's list --------------------------------------------------


def test_overdue_work_is_told_again_on_the_first_working_day_of_each_week(only, unit, reporter):
    only("overdue-week")
    assign(unit, date(2024, 4, 19))

    days = ("2024-04-22", "2024-04-23", "2024-04-29", "2024-05-02", "2024-05-03", "2024-05-06", "2024-05-07")
    planned = [run_round(now=at(day, "08:00"))["planned"] for day in days]

    # 22/4 is the first working day after the due day: the stage of one day over. 29/4–1/5 are off, 6/5 is a Monday.
    assert planned == [0, 0, 0, 1, 0, 1, 0]
    assert [title for _, _, title in told()] == [
        "Việc 1a.3 Tuyên truyền, hạn 19/4/2024 – quá hạn 6 ngày làm việc",
        "Việc 1a.3 Tuyên truyền, hạn 19/4/2024 – quá hạn 9 ngày làm việc",
    ]


def test_a_week_without_working_days_speaks_on_its_sunday():
    calendar = work_calendar()

    # Tết 2024: off from Thursday 8/2 to Wednesday 14/2.
    assert stages.first_day_of_week(date(2024, 2, 14), calendar) == date(2024, 2, 15)
    assert stages.first_day_of_week(date(2024, 4, 15), calendar) == date(2024, 4, 15)


@pytest.mark.parametrize(
    ("chosen", "people"),
    [("head", ["lanhdao"]), ("reporters", ["dakha"]), ("both", ["dakha", "lanhdao"])],
)
def test_the_unit_chooses_who_gets_the_escalation(only, unit, reporter, chosen, people):
    only("overdue-10-head")
    make_membership(make_user("lanhdao"), unit, Role.UNIT_HEAD)
    unit.escalation_to = chosen
    unit.save()
    assign(unit, date(2024, 4, 1))

    assert run_round(now=at("2024-04-15", "08:00"))["planned"] == len(people)
    assert sorted(name for _, name, _ in told()) == people
    assert {title for _, _, title in told()} == {"Việc 1a.3 Tuyên truyền, hạn 01/4/2024 – quá hạn 10 ngày làm việc"}


def test_a_unit_without_a_head_still_hears_of_the_escalation(only, unit, reporter):
    only("overdue-10-head")
    assign(unit, date(2024, 4, 1))

    assert run_round(now=at("2024-04-15", "08:00"))["planned"] == 1
    assert [name for _, name, _ in told()] == ["dakha"]


def test_ten_days_over_stand_in_the_offices_list_as_one_notice_a_day(only, unit, reporter):
    only("office-10")
    directive = make_directive()
    make_office_user("vanphong")
    for number in range(3):
        assign(unit, date(2024, 4, 1), code=f"1.{number}", directive=directive)
    assign(unit, date(2024, 4, 2), code="2", directive=directive)
    assign(unit, date(2024, 4, 3), code="3", directive=directive)

    assert run_round(now=at("2024-04-16", "08:00"))["planned"] == 2
    assert run_round(now=at("2024-04-16", "16:00"))["planned"] == 0
    assert sorted(told()) == [
        (
            "office-10",
            "vanphong",
            "1 phần việc quá hạn 10 ngày làm việc, hạn 02/4/2024: 70 năm Điện Biên Phủ",
        ),
        (
            "office-10",
            "vanphong",
            "3 phần việc quá hạn 10 ngày làm việc, hạn 01/4/2024: 70 năm Điện Biên Phủ",
        ),
    ]


# --- not acknowledged, undecided ------------------------------------------------------------------------


def test_work_not_taken_note_of_for_two_working_days_is_told_once(only, unit, reporter):
    only("assigned-2")
    assign(unit, date(2024, 4, 29), state="assigned", assigned_on=date(2024, 4, 12))

    days = ("2024-04-15", "2024-04-16", "2024-04-17")
    assert [run_round(now=at(day, "08:00"))["planned"] for day in days] == [0, 1, 0]
    assert told() == [("assigned-2", "dakha", "Việc 1a.3 Tuyên truyền giao ngày 12/4/2024 chưa được tiếp nhận")]


def test_work_taken_note_of_is_silent(only, unit, reporter):
    only("assigned-2")
    assign(unit, None, state="assigned", assigned_on=date(2024, 4, 12), acknowledged_on=date(2024, 4, 13))
    assign(unit, None, state="in_progress", assigned_on=date(2024, 4, 12))

    assert run_round(now=at("2024-04-16", "08:00")) == ROUND


def test_a_condition_without_a_decision_is_told_to_its_decider_and_the_office(only, unit, reporter):
    only("decision-1", "decision-office-1")
    make_office_user("vanphong")
    make_reporter(make_unit("Đơn vị khác"), "khac")
    make_task(
        make_directive(),
        "2",
        condition_state="undecided",
        condition_decider=unit,
        condition_decide_by=date(2024, 4, 19),
    )

    assert [run_round(now=at(day, "08:00"))["planned"] for day in ("2024-04-19", "2024-04-22", "2024-04-23")] == [
        0,
        2,
        0,
    ]
    title = "Việc 2 Tuyên truyền chưa có quyết định về điều kiện, hạn quyết định 19/4/2024"
    assert sorted(told()) == [("decision-1", "dakha", title), ("decision-office-1", "vanphong", title)]


def test_a_decided_condition_is_silent(only, unit, reporter):
    only("decision-1")
    make_task(
        make_directive(), "2", condition_state="applies", condition_decider=unit, condition_decide_by=date(2024, 4, 19)
    )

    assert run_round(now=at("2024-04-22", "08:00")) == ROUND


# --- rules of one directive -------------------------------------------------------------------------------


def own_rule(directive, stage, days, **values):
    values.setdefault("name", "Quy tắc riêng")
    values.setdefault("by_mail", False)
    return NoticeRule.objects.create(
        scope_type="tasks.directive", scope_id=directive.pk, stage=stage, working_days_before=days, **values
    )


def test_a_directives_own_rule_stands_in_for_the_general_one_of_its_stage(only, unit, reporter):
    only("due-3")
    special, plain = make_directive(), make_directive(short_title="Khác")
    own_rule(special, "due-3", 5)
    assign(unit, date(2024, 4, 26), directive=special, code="A")
    assign(unit, date(2024, 4, 26), directive=plain, code="B")

    planned = [run_round(now=at(day, "08:00"))["planned"] for day in ("2024-04-19", "2024-04-23")]

    assert planned == [1, 1]
    assert [(title[5], Notice.objects.get(title=title).message_id is None) for _, _, title in told()] == [
        ("A", True),
        ("B", False),
    ]


def test_a_directives_own_rule_that_is_not_in_use_silences_the_stage(only, unit, reporter):
    only("due-3")
    directive = make_directive()
    own_rule(directive, "due-3", 3, is_active=False)
    assign(unit, date(2024, 4, 19), directive=directive)

    assert run_round(now=at("2024-04-15", "08:00")) == ROUND


@pytest.mark.parametrize(
    "values",
    [
        {"working_days_before": 61},
        {"working_days_before": -61},
        {"working_days_before": 1, "anchor": "assigned"},
        {"working_days_before": 1, "repeats_weekly": True},
        {"working_days_before": -1, "audience": "office", "by_mail": True},
        {"working_days_before": 3, "stage": "due-3"},
    ],
)
def test_the_database_refuses_a_rule_that_makes_no_sense(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeRule.objects.create(**{"stage": "x", "name": "x", **values})


# --- Monday's bulletin --------------------------------------------------------------------------------------


def test_the_weeks_first_working_day_brings_one_mail_with_what_the_week_asks(only, unit, reporter):
    only("bulletin")
    directive = make_directive()
    assign(unit, date(2024, 4, 12), code="1", directive=directive)
    assign(unit, date(2024, 4, 19), code="2", directive=directive)
    assign(unit, date(2024, 4, 26), code="3", directive=directive, state="redo")
    assign(unit, date(2024, 4, 26), code="4", directive=directive, state="assigned")
    assign(unit, date(2024, 4, 26), code="5", directive=directive)
    assign(unit, date(2024, 4, 12), code="6", directive=directive, state="paused", paused_from="in_progress")

    assert run_round(now=at("2024-04-14", "16:00")) == ROUND
    assert run_round(now=at("2024-04-15", "07:30")) == {**ROUND, "planned": 1, "sent": 1}
    assert run_round(now=at("2024-04-16", "07:30")) == ROUND

    (mail,) = outgoing.outbox
    assert mail.subject == (
        "Huyện ủy Đắk Hà, tuần 15/4/2024 – 21/4/2024: 1 việc cần bổ sung, 1 việc quá hạn, "
        "1 việc đến hạn trong tuần, 1 việc chưa tiếp nhận"
    )
    assert [line.strip() for line in mail.body.splitlines() if line.startswith("   - ")] == [
        "- 3 Tuyên truyền, hạn 26/4/2024 – cần bổ sung",
        "- 1 Tuyên truyền, hạn 12/4/2024 – quá hạn",
        "- 2 Tuyên truyền, hạn 19/4/2024 – đến hạn trong tuần",
        "- 4 Tuyên truyền, hạn 26/4/2024 – chưa tiếp nhận",
    ]


def test_a_unit_with_nothing_to_do_gets_no_bulletin(only, unit, reporter):
    only("bulletin")
    assign(unit, date(2024, 4, 26))
    assign(unit, date(2024, 4, 19), state="submitted", submitted_on=date(2024, 4, 12))

    assert run_round(now=at("2024-04-15", "08:00")) == ROUND


def test_after_a_missed_monday_the_bulletin_comes_on_tuesday_but_not_the_week_after(only, unit, reporter):
    only("bulletin")
    # 8/4 was a Monday: nothing to say then.
    assert run_round(now=at("2024-04-08", "08:00")) == ROUND
    work = assign(unit, date(2024, 4, 12))

    assert run_round(now=at("2024-04-16", "08:00"))["sent"] == 1
    type(work).objects.update(state="submitted", submitted_on=date(2024, 4, 16))
    assert run_round(now=at("2024-04-22", "08:00")) == ROUND


def test_old_delays_without_news_are_repeated_every_second_week_only(only, unit, reporter):
    only("bulletin")
    work = assign(unit, date(2024, 3, 29))
    type(work).objects.update(updated_at=at("2024-03-20", "08:00"))

    mondays = ("2024-04-01", "2024-04-08", "2024-04-15", "2024-04-22")
    sent = [run_round(now=at(day, "08:00"))["sent"] for day in mondays]
    type(work).objects.update(updated_at=at("2024-04-23", "08:00"))

    # The work was due the week before 1/4; the weeks of 8/4 and 22/4 are the 15th and the 17th of the year.
    assert sent == [1, 0, 1, 0]
    assert run_round(now=at("2024-05-02", "08:00"))["sent"] == 1
    assert run_round(now=at("2024-05-06", "08:00"))["sent"] == 0


def test_what_turns_up_within_a_week_waits_for_the_next_bulletin(only, unit, reporter):
    only("bulletin")
    assert run_round(now=at("2024-04-15", "08:00")) == ROUND
    assign(unit, date(2024, 4, 16), state="redo")

    assert run_round(now=at("2024-04-17", "08:00")) == ROUND
    assert run_round(now=at("2024-04-22", "08:00"))["sent"] == 1


def test_what_was_given_yesterday_is_not_called_unacknowledged(only, unit, reporter):
    only("bulletin")
    directive = make_directive()
    assign(unit, date(2024, 4, 26), code="1", directive=directive, state="assigned", assigned_on=date(2024, 4, 12))

    assert run_round(now=at("2024-04-15", "08:00")) == ROUND


def test_a_bulletin_says_what_is_true_when_it_leaves(only, unit, reporter):
    only("bulletin")
    directive = make_directive()
    first = assign(unit, date(2024, 4, 12), code="1", directive=directive)
    assign(unit, date(2024, 4, 12), code="2", directive=directive)
    run_round(now=at("2024-04-15", "06:00"))
    type(first).objects.filter(pk=first.pk).update(state="submitted", submitted_on=date(2024, 4, 15))

    assert run_round(now=at("2024-04-15", "07:30")) == {**ROUND, "sent": 1}
    assert [line for line in outgoing.outbox[0].body.splitlines() if line.startswith("   - ")] == [
        "   - 2 Tuyên truyền, hạn 12/4/2024 – quá hạn"
    ]


def test_a_bulletin_with_nothing_left_to_say_is_not_sent(only, unit, reporter):
    only("bulletin")
    work = assign(unit, date(2024, 4, 12))
    run_round(now=at("2024-04-15", "06:00"))
    type(work).objects.update(state="submitted", submitted_on=date(2024, 4, 15))

    assert run_round(now=at("2024-04-15", "07:30")) == {**ROUND, "superseded": 1}
    assert outgoing.outbox == []


def test_a_person_in_two_units_and_forty_works_on_one_day_get_one_mail(unit, reporter):
    other = make_unit("Đảng ủy xã")
    make_membership(reporter, other, Role.REPORTER)
    directive = make_directive()
    for number in range(20):
        for place in (unit, other):
            make_assignment(
                make_task(directive, f"{number}.{place.pk}"), place, due=date(2024, 4, 19), state="in_progress"
            )

    # 40 stages and two bulletins.
    assert run_round(now=at("2024-04-15", "08:00")) == {**ROUND, "planned": 42, "sent": 1}
    assert outgoing.outbox[0].subject == "Nhắc việc: 80 việc sắp đến hạn hoặc cần chú ý"


def test_planning_what_was_touched_looks_at_nothing_else(only, unit, reporter):
    only("due-3")
    early = assign(unit, date(2024, 4, 19), code="1", directive=make_directive())
    late = assign(unit, date(2024, 4, 19), code="2", directive=early.directive)
    type(early).objects.filter(pk=early.pk).update(updated_at=at("2024-04-15", "07:00"))
    type(late).objects.filter(pk=late.pk).update(updated_at=at("2024-04-15", "08:00"))

    assert plan(now=at("2024-04-15", "08:01"), since=at("2024-04-15", "07:55")) == 1
    assert [title[:6] for _, _, title in told()] == ["Việc 2"]


# --- what makes the tick look again, and how a day came about ---------------------------------------------------


def test_a_decided_condition_makes_the_next_tick_look_at_everything(only, unit, reporter):
    Pulse.objects.update(planned_whole=at("2024-04-15"))
    task = make_task(make_directive(), "2", condition_state="undecided", condition_decider=unit)

    decide_condition(task, applies=True, by=make_office_user(), now=at("2024-04-15"), reason="Theo thông báo số 12")

    assert Pulse.objects.get().planned_whole is None


def test_a_changed_calendar_makes_the_next_tick_look_at_everything(only):
    Pulse.objects.update(planned_whole=at("2024-04-15"))
    change = Change((Day(date(2024, 6, 7), False, "Nghỉ của cơ quan", "", None),))

    apply(change, digest=preview(change).digest, by=make_user(), now=at("2024-04-15"))

    assert Pulse.objects.get().planned_whole is None


def test_the_mail_says_how_a_day_came_about(only, unit, reporter):
    only("due-3")
    directive = make_directive()
    counted, fixed = make_task(directive, "1"), make_task(directive, "2")
    product = make_product(counted, due_kind="before_event", due_days=5)
    plain = make_product(fixed, due_kind="fixed", due_date=date(2024, 4, 26))
    for task, made in ((counted, product), (fixed, plain)):
        part = make_assignment(task, unit, due=date(2024, 4, 26), state="in_progress")
        AssignmentProduct.objects.create(assignment=part, product=made, due_date=date(2024, 4, 26))

    assert run_round(now=at("2024-04-23", "08:00"))["sent"] == 1

    assert [line.strip() for line in outgoing.outbox[0].body.splitlines() if "Hạn:" in line] == [
        "- Hạn: 07/5/2024 − 5 ngày làm việc = 26/4/2024: 6/5, 4/5 (làm bù), 3/5, 2/5, 26/4; bỏ 5/5 (Chủ nhật), "
        "1/5 (Ngày Quốc tế Lao động), 30/4 (Ngày Chiến thắng), 29/4 (Nghỉ hoán đổi, làm bù 04/5/2024, văn bản số "
        "2450/VPCP-KGVX), 27–28/4 (Thứ Bảy, Chủ nhật)"
    ]
    assert outgoing.outbox[0].subject == "Nhắc việc: 2 việc sắp đến hạn hoặc cần chú ý"


def test_an_extended_day_says_from_when_it_was_moved(only, unit, reporter):
    only("due-3")
    part = assign(unit, date(2024, 4, 26))
    type(part).objects.update(due_source="extended", due_original=date(2024, 4, 19))

    run_round(now=at("2024-04-23", "08:00"))

    assert "   - Hạn: đã gia hạn từ 19/4/2024 đến 26/4/2024" in outgoing.outbox[0].body
