"""Who is told what at which stage; nobody twice, nobody whom it does not concern."""

from datetime import date, datetime

import pytest
from django.core import mail as outgoing
from django.db import connection

from notifications import outbox
from notifications.models import Message, MessageState, Notice, NoticeRule, NoticeState
from notifications.rounds import plan, run_round
from tasks import reminders, stages
from tasks.enums import DueSource
from tasks.extensions import decide_extension, request_extension
from tasks.models import ExtensionRequest, Nudge, UnitReport
from tasks.reporting import submit
from tasks.reviewing import accept_section, return_section
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_office_user,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from tests.tasks.story import make_story, send
from units.calendar import work_calendar
from units.models import Membership
from units.people import contacts_of

pytestmark = pytest.mark.django_db
ROUND = {"planned": 0, "held": 0, "sent": 0, "failed": 0, "superseded": 0}
# Due Friday 19/4/2024; 18/4 is a holiday, so three working days before is Monday 15/4.
DUE = date(2024, 4, 19)
STAGE_DAY = at("2024-04-15", "08:00")


@pytest.fixture
def only_three_days():
    """The one stage that goes by mail."""
    NoticeRule.objects.exclude(stage="due-3").update(is_active=False)


@pytest.fixture
def no_bulletin():
    """The stages alone."""
    NoticeRule.objects.filter(stage="bulletin").update(is_active=False)


@pytest.fixture
def unit():
    return make_unit("Huyện ủy Đắk Hà")


@pytest.fixture
def reporter(unit):
    return make_reporter(unit, "dakha")


def assign(unit, *, due=DUE, code="1a.3", directive=None, **values):
    task_values = {name: values.pop(name) for name in ("strength", "condition_state") if name in values}
    return make_assignment(make_task(directive, code, **task_values), unit, due=due, **values)


def test_the_stages_stand_ready_with_vietnamese_names():
    found = NoticeRule.objects.values_list(
        "stage", "name", "anchor", "working_days_before", "repeats_weekly", "audience", "by_mail"
    )

    assert list(found) == [
        ("assigned-2", "Giao 2 ngày làm việc chưa tiếp nhận", "assigned", -2, False, "unit", False),
        ("decision-1", "Quá hạn quyết định điều kiện 1 ngày làm việc", "decision", -1, False, "unit", False),
        ("decision-office-1", "Quá hạn quyết định điều kiện, báo Văn phòng", "decision", -1, False, "office", False),
        ("due-7", "Trước hạn 7 ngày làm việc", "due", 7, False, "unit", False),
        ("due-3", "Trước hạn 3 ngày làm việc", "due", 3, False, "unit", True),
        ("due-1", "Trước hạn 1 ngày làm việc", "due", 1, False, "unit", False),
        ("due-0", "Đúng ngày đến hạn", "due", 0, False, "unit", False),
        ("overdue-1", "Quá hạn 1 ngày làm việc", "due", -1, False, "unit", True),
        ("overdue-week", "Quá hạn, nhắc lại đầu mỗi tuần", "due", -1, True, "unit", False),
        ("office-10", "Quá hạn 10 ngày làm việc, vào danh sách của Văn phòng", "due", -10, False, "office", False),
        ("overdue-10-head", "Quá hạn 10 ngày làm việc, báo động", "due", -10, False, "escalation", False),
        ("occasion-14", "Trước ngày kỷ niệm 14 ngày làm việc", "occasion", 14, False, "occasion", False),
        ("occasion-7", "Trước ngày kỷ niệm 7 ngày làm việc", "occasion", 7, False, "occasion", False),
        ("occasion-3", "Trước ngày kỷ niệm 3 ngày làm việc", "occasion", 3, False, "occasion", False),
        ("occasion-1", "Trước ngày kỷ niệm 1 ngày làm việc", "occasion", 1, False, "occasion", False),
        ("occasion-0", "Đúng ngày kỷ niệm", "occasion", 0, False, "occasion", False),
        ("bulletin", "Bản tin đầu tuần của đơn vị", "week", 0, False, "unit", True),
    ]


def test_three_working_days_before_the_reporter_gets_a_mail(unit, reporter, only_three_days):
    assignment = assign(unit)

    assert run_round(now=at("2024-04-12", "16:59")) == ROUND
    assert run_round(now=STAGE_DAY) == {**ROUND, "planned": 1, "sent": 1}

    notice = Notice.objects.get()
    assert notice.key == f"due-3:{assignment.pk}:1:{reporter.pk}"
    assert notice.title == "Việc 1a.3 Tuyên truyền, hạn 19/4/2024 – còn 3 ngày làm việc"
    assert notice.message.key == f"daily:{reporter.pk}:2024-04-15"
    assert outgoing.outbox[0].to == ["dakha@example.vn"]


def test_planning_again_adds_nothing(unit, reporter, only_three_days):
    assign(unit)
    run_round(now=STAGE_DAY)

    assert run_round(now=STAGE_DAY) == ROUND
    assert run_round(now=at("2024-04-16", "08:00")) == ROUND


def test_several_assignments_of_a_person_are_one_mail(unit, reporter, only_three_days):
    directive = make_directive()
    for code in ("1a.1", "1a.2", "1a.3"):
        assign(unit, code=code, directive=directive)

    assert run_round(now=STAGE_DAY) == {**ROUND, "planned": 3, "sent": 1}
    assert "1a.2 Tuyên truyền" in outgoing.outbox[0].body


def test_every_reporter_of_the_unit_is_told_and_nobody_else(unit, reporter, only_three_days):
    second = make_reporter(unit)
    make_reporter(make_unit())
    make_office_user()
    assign(unit)

    run_round(now=STAGE_DAY)

    assert set(Notice.objects.values_list("recipient_id", flat=True)) == {reporter.pk, second.pk}


def test_a_reporter_whose_time_is_over_is_not_told(unit, reporter, only_three_days):
    Membership.objects.update(valid_to=date(2024, 4, 14))
    assign(unit)

    assert run_round(now=STAGE_DAY) == ROUND


@pytest.mark.parametrize("state", ["submitted", "paused", "completed", "not_applicable", "cancelled"])
def test_work_that_is_not_in_the_units_hands_is_silent(unit, reporter, state):
    assign(unit, state=state)

    assert run_round(now=STAGE_DAY) == ROUND


@pytest.mark.parametrize("state", ["assigned", "in_progress", "redo", "awaiting_unit_head", "returned_by_unit"])
def test_work_in_the_units_hands_is_reminded(unit, reporter, only_three_days, state):
    assign(unit, state=state)

    assert run_round(now=STAGE_DAY) == {**ROUND, "planned": 1, "sent": 1}


@pytest.mark.parametrize(
    "values", [{"strength": "encouraged"}, {"condition_state": "undecided"}, {"role": "informed"}, {"due": None}]
)
def test_encouraged_undecided_informed_and_dateless_work_is_silent(unit, reporter, no_bulletin, values):
    assign(unit, **values)

    assert run_round(now=STAGE_DAY) == ROUND


def test_a_closed_directive_is_silent(unit, reporter):
    assign(unit, directive=make_directive(state="closed"))

    assert run_round(now=STAGE_DAY) == ROUND


def test_the_other_stages_show_in_the_app_without_a_mail(unit, reporter, no_bulletin):
    assign(unit)

    for day in ("2024-04-09", "2024-04-15", "2024-04-17", "2024-04-19", "2024-04-22"):
        run_round(now=at(day, "08:00"))

    assert [(n.kind, n.title.partition(" – ")[2], n.message_id is not None) for n in Notice.objects.order_by("pk")] == [
        ("due-7", "còn 7 ngày làm việc", False),
        ("due-3", "còn 3 ngày làm việc", True),
        ("due-1", "còn 1 ngày làm việc", False),
        ("due-0", "hạn hôm nay", False),
        ("overdue-1", "quá hạn 1 ngày làm việc", True),
    ]


def test_missed_days_are_caught_up_with_what_is_true_today(unit, reporter, only_three_days):
    assign(unit)

    assert run_round(now=at("2024-04-17", "08:00")) == {**ROUND, "planned": 1, "sent": 1}
    assert Notice.objects.get().title.endswith("còn 1 ngày làm việc")


def test_a_warning_is_not_caught_up_once_the_day_is_over(unit, reporter, only_three_days):
    assign(unit)

    assert run_round(now=at("2024-04-22", "08:00")) == ROUND


def test_an_overdue_stage_is_caught_up_for_ten_days(unit, reporter):
    NoticeRule.objects.exclude(stage="overdue-1").update(is_active=False)
    assign(unit)

    assert run_round(now=at("2024-05-03", "08:00")) == ROUND
    assert run_round(now=at("2024-05-02", "08:00")) == {**ROUND, "planned": 1, "sent": 1}


def test_a_stage_that_was_over_when_the_work_was_given_is_no_news(unit, reporter, only_three_days):
    assign(unit, assigned_on=date(2024, 4, 16))

    assert run_round(now=at("2024-04-16", "08:00")) == ROUND


def test_planning_in_the_night_shows_at_once_and_mails_in_the_morning(unit, reporter, only_three_days):
    assign(unit)

    assert run_round(now=at("2024-04-14", "23:59")) == ROUND
    assert run_round(now=at("2024-04-15", "00:00")) == {**ROUND, "planned": 1, "held": 1}
    assert Notice.objects.visible_to(reporter).unread(now=at("2024-04-15", "00:00")).count() == 1
    assert run_round(now=at("2024-04-15", "07:30")) == {**ROUND, "sent": 1}


def test_the_day_begins_in_viet_nam_and_not_in_london(unit, reporter, only_three_days):
    assign(unit)

    assert run_round(now=datetime.fromisoformat("2024-04-14T16:59:59+00:00")) == ROUND
    assert run_round(now=datetime.fromisoformat("2024-04-14T17:00:00+00:00")) == {**ROUND, "planned": 1, "held": 1}


@pytest.mark.parametrize(
    ("due", "days"),
    [
        # Event 07/5/2024 minus 3 is 03/5 (Saturday 4/5 is worked, 29/4–1/5 are not).
        (date(2024, 5, 7), date(2024, 5, 3)),
        (date(2024, 5, 2), date(2024, 4, 24)),
        (date(2024, 2, 29), date(2024, 2, 26)),
    ],
)
def test_the_stage_day_counts_working_days(due, days):
    rule = NoticeRule.objects.get(stage="due-3")
    calendar = work_calendar()

    assert due in stages.stage_days(rule, today=days, calendar=calendar)
    assert due not in stages.stage_days(rule, today=date.fromordinal(days.toordinal() - 1), calendar=calendar)


def test_work_finished_between_plan_and_send_is_not_mailed(unit, reporter, only_three_days):
    assignment = assign(unit)
    run_round(now=at("2024-04-15", "00:01"))
    type(assignment).objects.filter(pk=assignment.pk).update(state="completed", completed_on=date(2024, 4, 15))

    assert run_round(now=STAGE_DAY) == {**ROUND, "superseded": 1}
    assert outgoing.outbox == []


def test_a_moved_date_disarms_the_old_stage_and_arms_the_new_one(unit, reporter, only_three_days):
    assignment = assign(unit)
    run_round(now=at("2024-04-15", "00:01"))

    assignment.set_due(date(2024, 4, 26), source=DueSource.EXTENDED, by=reporter, now=STAGE_DAY, reason="Gia hạn")
    outbox.supersede(assignment, version_below=assignment.due_version, now=STAGE_DAY)

    assert run_round(now=STAGE_DAY) == ROUND
    assert run_round(now=at("2024-04-23", "08:00")) == {**ROUND, "planned": 1, "sent": 1}
    assert [notice.state for notice in Notice.objects.order_by("pk")] == [NoticeState.SUPERSEDED, NoticeState.SENT]


def test_a_moved_date_is_noticed_even_where_nobody_disarmed(unit, reporter, only_three_days):
    assignment = assign(unit)
    run_round(now=at("2024-04-15", "00:01"))

    assignment.set_due(date(2024, 4, 26), source=DueSource.EXTENDED, by=reporter, now=STAGE_DAY, reason="Gia hạn")

    assert run_round(now=STAGE_DAY) == {**ROUND, "superseded": 1}


def test_a_date_moved_away_and_back_reminds_again(unit, reporter, only_three_days):
    assignment = assign(unit)
    run_round(now=STAGE_DAY)
    for due in (date(2024, 4, 26), DUE):
        assignment.set_due(due, source=DueSource.EXTENDED, by=reporter, now=STAGE_DAY, reason="Đổi hạn")

    assert run_round(now=at("2024-04-16", "08:00")) == {**ROUND, "planned": 1, "sent": 1}


def test_planning_takes_the_same_statements_for_one_and_for_many(
    unit, reporter, no_bulletin, django_assert_num_queries
):
    directive = make_directive()
    assign(unit, directive=directive)
    # PostgreSQL is told twice how to join the mails.
    statements = 31 if connection.vendor == "sqlite" else 33
    with django_assert_num_queries(statements):
        assert plan(now=STAGE_DAY) == 1
    for number in range(20):
        other = make_unit()
        make_reporter(other)
        assign(other, directive=directive, code=f"2.{number}")
    with django_assert_num_queries(statements):
        assert plan(now=STAGE_DAY) == 20


def test_a_stage_added_by_the_office_is_planned_and_checked_again(unit, reporter, only_three_days):
    NoticeRule.objects.update(is_active=False)
    NoticeRule.objects.create(stage="due-5", name="Trước hạn 5 ngày", working_days_before=5, by_mail=True)
    assignment = assign(unit)

    assert run_round(now=at("2024-04-11", "06:00")) == {**ROUND, "planned": 1, "held": 1}
    type(assignment).objects.update(state="submitted", submitted_on=date(2024, 4, 11))
    assert run_round(now=at("2024-04-11", "08:00")) == {**ROUND, "superseded": 1}


# --- at once -------------------------------------------------------------------------------------


def test_issuing_tells_each_reporter_once_what_the_unit_got(unit, reporter):
    directive = make_directive()
    assign(unit, directive=directive, code="1a.1", due=date(2024, 2, 29))
    assign(unit, directive=directive, code="1a.2")
    assign(unit, directive=directive, code="1c.2", role="coordinating")
    now = at("2024-02-15", "10:00")

    assert reminders.tell_issued(directive, [unit, make_unit()], by=reporter, now=now) == 1
    assert reminders.tell_issued(directive, [unit], by=reporter, now=now) == 0

    notice = Notice.objects.get()
    assert notice.key == f"issued:{directive.pk}:{unit.pk}:{reporter.pk}"
    assert notice.title == "Giao việc: 70 năm Điện Biên Phủ – 2 việc chủ trì, 1 việc phối hợp, hạn sớm nhất 29/02/2024"
    assert notice.url == f"/don-vi/?don-vi={unit.pk}"
    assert notice.message.key == notice.key
    assert notice.message.due_at == now


def test_a_part_added_later_is_told_by_itself(unit, reporter):
    directive = make_directive()
    assignment = assign(unit, directive=directive, code="1b")

    reminders.tell_issued(directive, [unit], by=reporter, now=STAGE_DAY, assignment=assignment)

    assert Notice.objects.get().title == "Giao thêm việc 1b Tuyên truyền, hạn 19/4/2024"


def test_an_issue_mail_is_not_sent_once_the_directive_is_closed(unit, reporter):
    directive = make_directive()
    assign(unit, directive=directive)
    reminders.tell_issued(directive, [unit], by=reporter, now=at("2024-02-15", "18:00"))
    type(directive).objects.update(state="closed", closed_on=date(2024, 2, 15))

    assert run_round(now=at("2024-02-16", "08:00")) == {**ROUND, "superseded": 1}


def test_a_nudge_is_a_mail_of_its_own_without_the_words_that_were_typed(unit, reporter):
    assignment = assign(unit)
    nudge = Nudge.objects.create(assignment=assignment, by=make_office_user(), at=STAGE_DAY, message="Gọi 0905123456")

    assert reminders.tell_nudge(nudge, now=STAGE_DAY) == 1
    assert reminders.tell_nudge(nudge, now=STAGE_DAY) == 0
    run_round(now=STAGE_DAY)

    own = next(sent for sent in outgoing.outbox if sent.subject.startswith("Đôn đốc"))
    assert own.subject == "Đôn đốc việc 1a.3 Tuyên truyền, hạn 19/4/2024"
    assert "0905123456" not in own.body
    assert Notice.objects.get(kind="nudge").detail == "Gọi 0905123456"


@pytest.mark.parametrize(
    ("granted", "title"),
    [
        (date(2024, 4, 26), "Đồng ý gia hạn việc 1a.3 Tuyên truyền đến 26/4/2024"),
        (None, "Không đồng ý gia hạn việc 1a.3 Tuyên truyền, hạn 19/4/2024"),
    ],
)
def test_the_answer_to_a_request_for_time_is_told(unit, reporter, granted, title):
    request = ExtensionRequest.objects.create(
        assignment=assign(unit),
        old_due=DUE,
        requested_due=date(2024, 4, 26),
        reason="Mưa lũ",
        requested_by=reporter,
        requested_at=STAGE_DAY,
        state="approved" if granted else "refused",
        granted_due=granted,
        decided_at=STAGE_DAY,
    )

    reminders.tell_extension_decided(request, by=make_user(), now=STAGE_DAY)

    notice = Notice.objects.get()
    assert notice.title == title
    assert notice.message.kind == "extension_decided"


def test_the_office_is_told_in_the_app_only(unit):
    first, second = make_office_user("a"), make_office_user("b")
    make_reporter(unit)
    assignment = assign(unit)

    reminders.tell_office(
        "given_back", "Đắk Hà trả lại việc 1a.3", url="/viec/1/", target=assignment, about=[assignment], now=STAGE_DAY
    )

    assert set(Notice.objects.values_list("recipient_id", flat=True)) == {first.pk, second.pk}
    assert Message.objects.count() == 0
    # It is not what the unit was told last.
    assert Notice.objects.about(assignment).count() == 0


def test_the_unit_is_told_in_the_app_when_its_mail_cannot_leave(unit, reporter):
    reporter.email = ""
    reporter.save()
    assignment = assign(unit)
    reminders.tell_unit(assignment, "kept", "Văn phòng giữ nguyên việc 1a.3", now=STAGE_DAY)
    NoticeRule.objects.update(is_active=False)

    assert run_round(now=STAGE_DAY) == {**ROUND, "failed": 1}
    assert Message.objects.get().state == MessageState.DEAD
    assert Notice.objects.visible_to(reporter).unread(now=STAGE_DAY).count() == 1


def test_the_contact_of_a_unit_is_whom_to_telephone(unit, reporter):
    contact = make_reporter(unit)
    Membership.objects.filter(user=contact).update(is_contact=True)

    contacts = contacts_of([unit.pk, make_unit().pk], today=date(2024, 4, 15))

    assert {pk: membership.user for pk, membership in contacts.items()} == {unit.pk: contact}


def test_of_several_missed_stages_the_app_shows_the_last_and_the_mail_is_sent(unit, reporter, no_bulletin):
    assign(unit)

    assert run_round(now=at("2024-04-17", "08:00")) == {**ROUND, "planned": 2, "sent": 1}
    assert list(Notice.objects.order_by("kind").values_list("kind", flat=True)) == ["due-1", "due-3"]


# --- through the verbs ---------------------------------------------------------------------------


def test_a_returned_section_is_told_until_it_is_sent_again(only_three_days):
    story = make_story()
    section = send(story, day="2024-04-10")
    evening = at("2024-04-10", "18:00")

    return_section(section, by=story.office, now=evening, reason="Thiếu số liệu")

    notice = Notice.objects.get(kind="returned")
    assert notice.title == "Cần bổ sung báo cáo: việc 1a.1 Tuyên truyền"
    assert notice.detail == "Thiếu số liệu"
    assert notice.recipient == story.reporter
    assert notice.url == section.unit_report.get_absolute_url()
    assert notice.message.due_at == at("2024-04-11", "07:30")

    submit(UnitReport.objects.get(), by=story.reporter, now=at("2024-04-10", "19:00"))
    assert run_round(now=at("2024-04-11", "07:30")) == {**ROUND, "superseded": 1}


def test_acceptance_disarms_what_was_planned_and_is_told_in_the_app(only_three_days):
    story = make_story(state="in_progress")
    section = send(story, day="2024-04-12", claims_completion=True)
    accept_section(section, by=story.office, now=at("2024-04-12", "15:00"))

    notice = Notice.objects.get(kind="accepted")
    assert notice.title == "Đã xác nhận hoàn thành: việc 1a.1 Tuyên truyền"
    assert (notice.recipient, notice.message) == (story.reporter, None)
    assert run_round(now=STAGE_DAY) == {**ROUND, "planned": 1, "sent": 1}
    assert Notice.objects.get(kind="due-3").recipient == story.stranger


def test_an_extension_moves_the_reminder(only_three_days):
    story = make_story()
    run_round(now=at("2024-04-15", "00:01"))
    request = request_extension(
        story.assignment, by=story.reporter, now=STAGE_DAY, new_due=date(2024, 4, 26), reason="Mưa lũ"
    )
    decide_extension(request, by=story.office, now=STAGE_DAY, approve=True, granted_due=date(2024, 4, 26))

    assert run_round(now=STAGE_DAY) == {**ROUND, "sent": 2}
    assert sorted(sent.subject for sent in outgoing.outbox if sent.to == ["dakha@example.vn"]) == [
        "Đồng ý gia hạn việc 1a.1 Tuyên truyền đến 26/4/2024"
    ]
    assert run_round(now=at("2024-04-23", "08:00")) == {**ROUND, "planned": 1, "sent": 1}


def test_the_office_hears_of_a_report(only_three_days):
    story = make_story()
    send(story)

    notice = Notice.objects.get(kind="report")
    assert notice.recipient == story.office
    assert notice.title == "Huyện ủy Đắk Hà gửi báo cáo"
    assert notice.message is None
