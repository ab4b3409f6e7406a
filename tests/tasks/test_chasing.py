"""Nudges of one or many units: who is told what, who is left out and why, at once or not at all."""

import threading
from datetime import date

import pytest
from django.core import mail
from django.db import connections

from directive_tracker import clock
from directive_tracker.workdays import WorkCalendar
from notifications import delivery, kinds
from notifications.models import Message, Notice
from records.models import AuditEvent
from tasks import lifecycle, permissions
from tasks.chasing import rules
from tasks.chasing.nudging import nudge_together, plan_nudges, zalo_text
from tasks.chasing.rules import chaser_of, is_late, late, quiet_since, why_not_owed
from tasks.enums import AssignmentRole, AssignmentState
from tasks.errors import Refused
from tasks.models import Assignment, Nudge
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_office,
    make_office_user,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from tests.tasks.story import make_story
from units.calendar import work_calendar

pytestmark = pytest.mark.django_db
NOW, TODAY = at("2024-04-15", "09:00"), date(2024, 4, 15)
LATE = date(2024, 4, 10)
WORDS = "Đề nghị khẩn trương."
STATES = [str(state) for state in AssignmentState]


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 09:00."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def everything():
    return Assignment.objects.all()


def told(plan) -> list[tuple]:
    """(unit, codes, people, mails) of those who would be told."""
    return [
        (row.unit.name, [assignment.task.code for assignment in row.assignments], row.people, row.mails)
        for row in plan.recipients
    ]


def left_out(plan) -> dict[str, str]:
    """Task code → why."""
    return {row.assignment.task.code: row.why for row in plan.left_out}


def one_work(story, code: str, **values) -> Assignment:
    return make_assignment(make_task(story.directive, code, **values.pop("task", {})), story.unit, due=LATE, **values)


# --- who is told ----------------------------------------------------------------------------------


def test_one_press_tells_each_person_of_a_unit_once_of_all_its_work():
    story = make_story(state="in_progress", due=LATE)
    one_work(story, "1a.2", state="redo")
    make_reporter(story.unit, "dakha2", email="")
    Assignment.objects.filter(pk=story.other_assignment.pk).update(due_current=LATE)

    plan = nudge_together(everything(), by=story.office, now=NOW, message=WORDS)

    assert told(plan) == [
        ("Huyện ủy Đắk Hà", ["1a.1", "1a.2"], 2, 1),
        ("Huyện ủy Ngọc Hồi", ["1a.1"], 1, 1),
    ]
    assert Nudge.objects.filter(by=story.office, at=NOW, message=WORDS).count() == 3
    assert sorted(Notice.objects.values_list("recipient__username", "kind", "title", "detail")) == [
        ("dakha", "nudges", "Đôn đốc 2 việc: 1a.1, 1a.2, hạn sớm nhất 10/4/2024", WORDS),
        ("dakha2", "nudges", "Đôn đốc 2 việc: 1a.1, 1a.2, hạn sớm nhất 10/4/2024", WORDS),
        ("ngochoi", "nudge", "Đôn đốc việc 1a.1 Tuyên truyền, hạn 10/4/2024", WORDS),
    ]


def test_the_title_that_was_shown_is_the_title_that_is_told():
    story = make_story(state="in_progress", due=LATE)
    one_work(story, "1a.2", state="in_progress")
    shown = [row.title for row in plan_nudges(everything(), user=story.office, now=NOW).recipients]

    nudge_together(everything(), by=story.office, now=NOW, message=WORDS)

    assert shown == list(Notice.objects.order_by("pk").values_list("title", flat=True))


def test_the_mail_of_many_works_names_codes_and_page_but_no_typed_word():
    story = make_story(state="in_progress", due=LATE)
    one_work(story, "1a.2", state="in_progress")
    Assignment.objects.filter(pk=story.other_assignment.pk).delete()
    nudge_together(everything(), by=story.office, now=NOW, message="Gọi ông Ba 0905123456")

    delivery.drain(now=NOW)

    (letter,) = mail.outbox
    assert letter.subject == "Đôn đốc 2 việc: 1a.1, 1a.2, hạn sớm nhất 10/4/2024"
    assert f"/don-vi/?don-vi={story.unit.pk}" in letter.body
    assert ("Gọi" in letter.body, "0905123456" in letter.body) == (False, False)


def test_a_mail_of_many_works_leaves_while_one_is_still_open_and_not_when_all_are_done():
    story = make_story(state="in_progress", due=LATE)
    second = one_work(story, "1a.2", state="in_progress")
    Assignment.objects.filter(pk=story.other_assignment.pk).delete()
    evening = at("2024-04-15", "18:00")
    nudge_together(everything(), by=story.office, now=evening, message=WORDS)
    Assignment.objects.filter(pk=story.assignment.pk).update(state="submitted", submitted_on=TODAY)
    notices = list(Notice.objects.all())
    from_one_open = _applying(notices)

    Assignment.objects.filter(pk=second.pk).update(state="submitted", submitted_on=TODAY)

    assert (from_one_open, _applying(notices)) == ({notices[0].pk}, set())


def _applying(notices) -> set[int]:
    return kinds.still_applying(notices, now=NOW)


def test_nudges_in_the_evening_wait_for_the_next_morning_and_the_preview_says_so():
    story = make_story(state="in_progress", due=LATE)
    evening = at("2024-04-17", "18:00")

    plan = nudge_together(everything(), by=story.office, now=evening, message=WORDS)

    # Thursday 18/4/2024 is Giỗ Tổ.
    assert plan.mails_wait_until == at("2024-04-19", "07:30")
    assert set(Message.objects.values_list("due_at", flat=True)) == {at("2024-04-19", "07:30")}


# --- who is left out ------------------------------------------------------------------------------


def test_what_waits_for_nobody_in_the_unit_is_left_out_with_its_reason():
    story = make_story(state="in_progress", due=LATE)
    one_work(story, "b", state="paused")
    one_work(story, "c", state="submitted")
    one_work(story, "d", state="returned_by_unit")
    one_work(story, "e", state="completed")
    one_work(story, "f", state="not_applicable")
    one_work(story, "g", state="in_progress", task={"condition_state": "undecided"})
    one_work(story, "h", state="in_progress", task={"strength": "encouraged"})
    one_work(story, "i", state="in_progress", role=AssignmentRole.INFORMED)
    other = make_directive(state="closed", title="Văn bản khác")
    make_assignment(make_task(other, "k"), story.unit, due=LATE, state="in_progress")

    plan = plan_nudges(everything().filter(unit=story.unit), user=story.office, now=NOW)

    assert told(plan) == [("Huyện ủy Đắk Hà", ["1a.1"], 1, 1)]
    assert left_out(plan) == {
        "b": "đang tạm dừng",
        "c": "đơn vị đã gửi, chờ xác nhận",
        "d": "đơn vị trả lại, chờ Văn phòng trả lời",
        "e": "đã xong",
        "f": "không phát sinh",
        "g": "chờ quyết định điều kiện",
        "h": "việc khuyến khích",
        "i": "việc chỉ để biết",
        "k": "văn bản không còn theo dõi",
    }


@pytest.mark.parametrize(
    ("nudged_on", "today", "why"),
    [
        ("2024-04-15", "2024-04-15", "đã đôn đốc ngày 15/4/2024"),
        ("2024-04-12", "2024-04-15", "đã đôn đốc ngày 12/4/2024"),
        ("2024-04-11", "2024-04-15", "đã đôn đốc ngày 11/4/2024"),
        ("2024-04-10", "2024-04-15", ""),
        # Thursday 18/4 is a holiday: Wednesday and Tuesday are the two working days before Friday.
        ("2024-04-16", "2024-04-19", "đã đôn đốc ngày 16/4/2024"),
        ("2024-04-15", "2024-04-19", ""),
        # Saturday 04/5 is worked for Monday 29/4.
        ("2024-05-03", "2024-05-06", "đã đôn đốc ngày 03/5/2024"),
        ("2024-05-02", "2024-05-06", ""),
    ],
)
def test_who_was_chased_in_the_last_two_working_days_is_left_in_peace(monkeypatch, nudged_on, today, why):
    story = make_story(state="in_progress", due=LATE)
    now = at(today, "09:00")
    monkeypatch.setattr(clock, "today", lambda: now.date())
    Nudge.objects.create(assignment=story.assignment, by=story.office, at=at(nudged_on, "23:59"), message=WORDS)

    plan = plan_nudges(everything().filter(unit=story.unit), user=story.office, now=now)

    assert left_out(plan) == ({"1a.1": why} if why else {})
    assert len(plan.recipients) == (0 if why else 1)


def test_the_two_days_are_counted_with_the_offices_own_calendar():
    assert quiet_since(date(2024, 4, 15), WorkCalendar()) == date(2024, 4, 11)
    assert quiet_since(date(2024, 4, 15), WorkCalendar(overrides={date(2024, 4, 12): False})) == date(2024, 4, 10)


def test_a_unit_without_a_focal_point_is_left_out_and_to_be_called():
    story = make_story(state="in_progress", due=LATE)
    nobody = make_unit("Huyện ủy Sa Thầy")
    make_assignment(make_task(story.directive, "1b"), nobody, due=LATE, state="in_progress")

    plan = nudge_together(everything(), by=story.office, now=NOW, message=WORDS)

    assert left_out(plan) == {"1b": "đơn vị chưa có cán bộ đầu mối, xin gọi điện"}
    assert Nudge.objects.filter(assignment__unit=nobody).count() == 0


def test_a_monitor_chases_its_own_tasks_and_no_others():
    story = make_story(state="in_progress", due=LATE)
    one_work(story, "1a.2", state="in_progress")
    watch = make_unit("Ban Tuyên giáo")
    monitor = make_reporter(watch, "tuyengiao")
    story.task.monitors.add(watch)
    make_assignment(story.task, watch, due=LATE, state="in_progress")

    plan = plan_nudges(everything(), user=monitor, now=NOW)

    assert told(plan) == [("Huyện ủy Đắk Hà", ["1a.1"], 1, 1), ("Huyện ủy Ngọc Hồi", ["1a.1"], 1, 1)]
    assert {(row.assignment.unit.name, row.why) for row in plan.left_out} == {
        ("Huyện ủy Đắk Hà", "không phải việc anh/chị theo dõi"),
        ("Ban Tuyên giáo", "việc của chính đơn vị anh/chị"),
    }


def test_nobody_of_the_office_chases_the_offices_own_work_or_that_of_another_own_unit():
    story = make_story(state="in_progress", due=LATE)
    office_work = make_assignment(make_task(story.directive, "1b"), make_office(), due=LATE, state="in_progress")
    make_reporter(make_office(), "vp-dau-moi")
    make_membership(story.office, story.unit, "reporter")

    plan = plan_nudges(everything(), user=story.office, now=NOW)

    assert {row.assignment.unit.name: row.why for row in plan.left_out} == {
        "Văn phòng Tỉnh ủy": "việc của chính đơn vị anh/chị",
        "Huyện ủy Đắk Hà": "việc của chính đơn vị anh/chị",
    }
    assert office_work.pk not in {assignment.pk for assignment in plan.assignments}


@pytest.mark.parametrize(
    "who", ["office", "office_of_own_unit", "monitor", "monitor_of_own_unit", "reader", "reporter"]
)
@pytest.mark.parametrize("state", STATES)
def test_the_plan_never_chases_what_the_guard_of_one_nudge_refuses(who, state):
    story = make_story(state=state, due=LATE)
    user = {"office": story.office, "reporter": story.reporter}.get(who) or make_user(who)
    if who == "office_of_own_unit":
        make_membership(user, make_office(), "office")
    if who == "reader":
        make_membership(user, make_unit("Thường trực"), "reader")
    if who.endswith("own_unit"):
        make_membership(user, story.unit, "reporter")
    if who.startswith("monitor"):
        unit = story.unit if who == "monitor_of_own_unit" else make_unit("Ban Tuyên giáo")
        if who == "monitor":
            make_membership(user, unit, "reporter")
        story.task.monitors.add(unit)
    assignment = Assignment.objects.select_related("task", "unit", "directive").get(pk=story.assignment.pk)

    plan = plan_nudges(everything().filter(pk=assignment.pk), user=user, now=NOW)

    in_hands = {"assigned", "in_progress", "awaiting_unit_head", "redo"}
    assert bool(plan.recipients) == (who in ("office", "monitor") and state in in_hands)
    assert not plan.recipients or permissions.can_nudge(user, assignment)
    # As to the person alone, both say the same.
    assert (chaser_of(user).why_not(assignment) == "") == (who in ("office", "monitor"))


# --- at once or not at all ------------------------------------------------------------------------


def test_nothing_left_to_chase_is_refused_and_leaves_nothing():
    story = make_story(state="paused", due=LATE)

    with pytest.raises(Refused, match="Không còn việc nào cần đôn đốc"):
        nudge_together(everything().filter(unit=story.unit), by=story.office, now=NOW, message=WORDS)

    assert (Nudge.objects.count(), Notice.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("message", ["", "  ", "ab"])
def test_a_nudge_without_words_is_refused(message):
    story = make_story(state="in_progress", due=LATE)

    with pytest.raises(Refused, match="Hãy ghi lời đôn đốc"):
        nudge_together(everything(), by=story.office, now=NOW, message=message)


def test_more_than_a_press_may_hold_is_refused(monkeypatch):
    story = make_story(state="in_progress", due=LATE)
    monkeypatch.setattr("tasks.chasing.nudging.MOST", 1)

    with pytest.raises(Refused, match="nhiều nhất 1 việc"):
        nudge_together(everything(), by=story.office, now=NOW, message=WORDS)


def test_one_press_is_one_event_about_its_document():
    story = make_story(state="in_progress", due=LATE)

    nudge_together(everything(), by=story.office, now=NOW, message=WORDS)

    event = AuditEvent.objects.get()
    assert (event.verb, event.target_type, event.target_id, event.data, event.reason) == (
        "assignment.nudged_together",
        "tasks.directive",
        story.directive.pk,
        {"count": 2, "units": 2, "codes": ["1a.1"]},
        WORDS,
    )


def test_a_press_for_one_work_is_an_event_about_that_work():
    story = make_story(state="in_progress", due=LATE)

    nudge_together(everything().filter(pk=story.assignment.pk), by=story.office, now=NOW, message=WORDS)

    event = AuditEvent.objects.get()
    assert (event.verb, event.target_type, event.target_id) == (
        "assignment.nudged",
        "tasks.assignment",
        story.assignment.pk,
    )


def test_the_single_nudge_still_works_and_counts_for_the_next_plan():
    story = make_story(state="in_progress", due=LATE)
    lifecycle.nudge(story.assignment, by=story.office, now=NOW, message=WORDS)

    plan = plan_nudges(everything().filter(unit=story.unit), user=story.office, now=NOW)

    assert left_out(plan) == {"1a.1": "đã đôn đốc ngày 15/4/2024"}


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_press_at_the_same_moment_one_tells_and_the_other_is_told_why_not():
    story = make_story(state="in_progress", due=LATE)
    second = make_office_user("vanphong2")
    begin, answers = threading.Barrier(2), []

    def press(user) -> None:
        try:
            begin.wait(10)
            nudge_together(everything().filter(unit=story.unit), by=user, now=NOW, message=WORDS)
            answers.append("told")
        except Refused:
            answers.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[user]) for user in (story.office, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert (sorted(answers), Nudge.objects.count(), Notice.objects.count()) == (["refused", "told"], 1, 1)


@pytest.mark.parametrize("count", [1, 30])
def test_planning_and_nudging_cost_the_same_for_one_unit_and_for_thirty(django_assert_num_queries, count):
    story = make_story(state="paused")
    task = make_task(story.directive, "1c")
    for number in range(count):
        unit = make_unit(f"Huyện ủy số {number}")
        make_reporter(unit)
        for work in (task, make_task(story.directive)):
            make_assignment(work, unit, due=LATE, state="in_progress")
    user = type(story.office).objects.get(pk=story.office.pk)

    # Rights, calendar, work, last nudges, people.
    with django_assert_num_queries(5):
        plan = plan_nudges(everything().exclude(unit=story.unit), user=user, now=NOW)
    assert len(plan.recipients) == count + 1

    # The transaction, ids, lock, plan, nudges, people, calendar, notices, mails, unit mailboxes, the event.
    with django_assert_num_queries(19):
        nudge_together(everything().exclude(unit=story.unit), by=user, now=NOW, message=WORDS)


# --- what is late ---------------------------------------------------------------------------------


@pytest.mark.parametrize("due", [None, date(2024, 4, 14), TODAY])
@pytest.mark.parametrize("state", STATES)
def test_late_in_the_units_hands_is_the_same_for_rows_and_for_one(state, due):
    story = make_story()
    rows = [
        one_work(story, "a", state=state),
        one_work(story, "b", state=state, role=AssignmentRole.COORDINATING),
        one_work(story, "c", state=state, role=AssignmentRole.INFORMED),
        one_work(story, "d", state=state, task={"condition_state": "undecided"}),
        one_work(story, "e", state=state, task={"strength": "encouraged"}),
        make_assignment(make_task(make_directive(state="closed", title="Khác"), "f"), story.unit, state=state),
    ]
    everything().filter(pk__in=[row.pk for row in rows]).update(due_current=due)
    found = everything().filter(pk__in=[row.pk for row in rows]).select_related("task", "directive").order_by("pk")

    by_rows = {row.task.code for row in late(found, today=TODAY)}
    one_by_one = {row.task.code for row in found if is_late(row, today=TODAY)}

    in_hands = state in {"assigned", "in_progress", "awaiting_unit_head", "redo"}
    expected = {"a", "b"} if in_hands and due == date(2024, 4, 14) else set()
    assert (by_rows, one_by_one) == (expected, expected)
    assert {row.task.code for row in found if not why_not_owed(row)} == ({"a", "b"} if in_hands else set())


def test_every_state_that_waits_for_somebody_else_has_words():
    assert set(STATES) - {str(state) for state in rules.IN_HANDS} == {
        "returned_by_unit",
        "submitted",
        "paused",
        "completed",
        "not_applicable",
        "cancelled",
    }


# --- a text for a group ---------------------------------------------------------------------------


def test_the_text_for_a_group_has_codes_days_and_a_link_and_no_person(settings):
    settings.DEMO, settings.SITE_URL = False, "https://theodoi.example.vn"
    story = make_story(state="in_progress", due=LATE)
    second = one_work(story, "1a.2", state="in_progress")
    values = {"sender": "Văn phòng Tỉnh ủy", "today": TODAY, "calendar": work_calendar()}

    one = zalo_text(story.unit, [story.assignment], **values)
    both = zalo_text(story.unit, [story.assignment, second], **values)

    assert one == (
        "Văn phòng Tỉnh ủy đôn đốc Huyện ủy Đắk Hà:\n"
        "- 1a.1 Tuyên truyền, hạn 10/4/2024 (quá hạn 3 ngày làm việc)\n"
        f"Đề nghị khẩn trương thực hiện, báo cáo tại: https://theodoi.example.vn/phan-viec/{story.assignment.pk}/"
    )
    assert both.splitlines()[2:] == [
        "- 1a.2 Tuyên truyền, hạn 10/4/2024 (quá hạn 3 ngày làm việc)",
        f"Đề nghị khẩn trương thực hiện, báo cáo tại: https://theodoi.example.vn/don-vi/?don-vi={story.unit.pk}",
    ]
    assert story.reporter.full_name not in both


def test_the_text_for_a_group_says_in_the_demo_that_the_data_is_invented(settings):
    settings.DEMO = True
    story = make_story(state="in_progress", due=date(2024, 4, 13))

    text = zalo_text(
        story.unit, [story.assignment], sender="Văn phòng", today=date(2024, 4, 14), calendar=work_calendar()
    )

    assert text.splitlines()[0] == "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH"
    # Saturday is due, Sunday is today: late, though no working day has passed.
    assert "(quá hạn chưa đủ 1 ngày làm việc)" in text
