"""Calls, and what a unit says of late work: written once, the newest counts, days that cannot be are refused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from directive_tracker import clock
from records.models import AuditEvent
from records.sentences import details, sentence
from tasks import permissions
from tasks.brief import build_brief
from tasks.chasing.notes import NOTHING, explain_delay, note_call, said_about
from tasks.chasing.section import questions_of, section_of
from tasks.enums import AssignmentState
from tasks.errors import Refused
from tasks.history import history_of
from tasks.models import Assignment, CallNote, DelayNote, ReportRound
from tests.factories import at, make_assignment, make_membership, make_office, make_task, make_unit, make_user
from tests.tasks.story import make_story, send
from units.access import access_of
from units.calendar import work_calendar

pytestmark = pytest.mark.django_db
NOW, TODAY = at("2024-04-15", "09:00"), date(2024, 4, 15)
LATE = date(2024, 4, 10)
STATES = [str(state) for state in AssignmentState]


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 09:00."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def call(story, *, by=None, now=NOW, **typed) -> CallNote:
    words = {"spoke_with": "Chánh văn phòng", "called_on": TODAY, "said": "Sẽ gửi trong tuần."} | typed
    return note_call(story.assignment, by=by or story.office, now=now, **words)


def explain(story, *, now=NOW, **typed) -> DelayNote:
    words = {"cause": "subjective", "reason": "Chờ các xã gửi danh sách", "expected_on": date(2024, 4, 19)} | typed
    return explain_delay(story.assignment, by=story.reporter, now=now, **words)


def said(story):
    return said_about([story.assignment.pk]).get(story.assignment.pk, NOTHING)


# --- calls ----------------------------------------------------------------------------------------


def test_a_call_says_with_whom_what_and_until_when_in_the_history():
    story = make_story(state="in_progress", due=LATE)

    call(story, called_on=date(2024, 4, 12), promised_until=date(2024, 4, 20))

    (event,) = history_of(story.assignment)
    assert (event.what, event.who, event.note, event.when) == (
        "Gọi điện 12/4/2024, Chánh văn phòng – hẹn đến 20/4/2024",
        story.office.full_name,
        "Sẽ gửi trong tuần.",
        NOW,
    )


@pytest.mark.parametrize(
    ("today", "words", "broken"),
    [
        (date(2024, 4, 19), "hẹn đến 20/4/2024", False),
        (date(2024, 4, 20), "hẹn đến 20/4/2024", False),
        (date(2024, 4, 21), "đã lỡ hẹn 20/4/2024", True),
    ],
)
def test_a_promise_is_broken_once_its_day_is_over(today, words, broken):
    story = make_story(state="in_progress", due=LATE)
    call(story, promised_until=date(2024, 4, 20))

    found = said(story)

    assert (found.promise(today=today), found.is_broken(today=today)) == (words, broken)


def test_the_call_of_the_latest_day_counts_and_of_one_day_the_one_noted_last():
    story = make_story(state="in_progress", due=LATE)
    call(story, called_on=date(2024, 4, 15), promised_until=date(2024, 4, 16))
    call(story, called_on=date(2024, 4, 15), promised_until=date(2024, 4, 22))
    call(story, called_on=date(2024, 4, 11), promised_until=date(2024, 4, 12))

    assert said(story).promise(today=TODAY) == "hẹn đến 22/4/2024"


def test_a_correction_is_a_new_row_and_the_old_one_stays_readable():
    story = make_story(state="in_progress", due=LATE)
    wrong = call(story, promised_until=date(2024, 5, 20))

    call(story, promised_until=date(2024, 4, 20), corrects=wrong, now=at("2024-04-15", "09:05"))

    assert CallNote.objects.count() == 2
    assert said(story).promise(today=TODAY) == "hẹn đến 20/4/2024"
    assert [event.what for event in history_of(story.assignment)] == [
        "Gọi điện 15/4/2024, Chánh văn phòng – hẹn đến 20/4/2024",
        "Gọi điện 15/4/2024, Chánh văn phòng – hẹn đến 20/5/2024 (đã sửa ở lần ghi sau)",
    ]


def test_a_call_is_corrected_once():
    story = make_story(state="in_progress", due=LATE)
    wrong = call(story)
    call(story, corrects=wrong)

    with pytest.raises(Refused, match="đã được sửa rồi"):
        call(story, corrects=wrong)

    assert CallNote.objects.count() == 2


def test_a_call_about_other_work_is_not_corrected_here():
    story = make_story(state="in_progress", due=LATE)
    foreign = note_call(
        story.other_assignment, by=story.office, now=NOW, spoke_with="Văn thư", called_on=TODAY, said="Đã nhận."
    )

    with pytest.raises(Refused, match="đã được sửa rồi"):
        call(story, corrects=foreign)


@pytest.mark.parametrize(
    ("typed", "sentence_"),
    [
        ({"spoke_with": " "}, "Hãy ghi phần nói chuyện với ai (ít nhất 2 ký tự)."),
        ({"spoke_with": "x" * 121}, "Phần nói chuyện với ai dài 121 ký tự; xin rút gọn còn 120."),
        ({"said": "ừ"}, "Hãy ghi nội dung trao đổi (ít nhất 3 ký tự)."),
        ({"said": "x" * 501}, "Nội dung trao đổi dài 501 ký tự; xin rút gọn còn 500."),
        (
            {"called_on": date(2024, 4, 16)},
            "Ngày gọi 16/4/2024 chưa đến; hãy ghi hôm nay (15/4/2024) hoặc trước đó.",
        ),
        ({"called_on": date(2024, 2, 14)}, "Ngày gọi 14/02/2024 trước ngày giao việc (15/02/2024)."),
        ({"promised_until": date(2024, 4, 14)}, "Ngày hẹn 14/4/2024 trước ngày gọi (15/4/2024)."),
        (
            {"promised_until": date(9999, 12, 31)},
            "Ngày 31/12/9999 xa quá một năm; xin xem lại, hoặc xin gia hạn nếu việc cần lâu như vậy.",
        ),
    ],
)
def test_a_call_that_cannot_be_is_refused_with_a_sentence(typed, sentence_):
    story = make_story(state="in_progress", due=LATE)

    with pytest.raises(Refused) as refusal:
        call(story, **typed)

    assert (str(refusal.value), CallNote.objects.count()) == (sentence_, 0)


def test_a_call_written_down_days_later_may_tell_of_a_promise_that_is_over():
    story = make_story(state="in_progress", due=LATE)

    call(story, called_on=date(2024, 4, 11), promised_until=date(2024, 4, 12))

    assert said(story).promise(today=TODAY) == "đã lỡ hẹn 12/4/2024"


def test_the_log_of_a_call_names_nobody_and_repeats_no_word():
    story = make_story(state="in_progress", due=LATE)

    call(story, spoke_with="Ông Trần Văn Ba", said="Con ốm, nghỉ hai ngày", promised_until=date(2024, 4, 20))

    event = AuditEvent.objects.get()
    assert (event.verb, event.target_id, event.reason) == ("assignment.call_noted", story.assignment.pk, "")
    assert details(event) == "hẹn đến: 20/4/2024"
    assert "Ba" not in str(sentence(event))


def test_nobody_notes_a_call_about_the_own_units_work():
    story = make_story(state="in_progress", due=LATE)

    with pytest.raises(Refused, match="tự quyết định việc của chính đơn vị"):
        call(story, by=story.reporter)


# --- what a unit says -----------------------------------------------------------------------------


def test_a_unit_says_why_and_until_when_and_the_due_date_stays():
    story = make_story(state="in_progress", due=LATE)

    explain(story)

    (event,) = history_of(story.assignment)
    assert (event.what, event.who, event.note) == (
        "Đơn vị nêu lý do chậm (chủ quan), dự kiến xong 19/4/2024",
        story.reporter.full_name,
        "Chờ các xã gửi danh sách",
    )
    assert Assignment.objects.get(pk=story.assignment.pk).due_current == LATE
    assert details(AuditEvent.objects.get()) == (
        "nguyên nhân: chủ quan; dự kiến xong: 19/4/2024; lý do: Chờ các xã gửi danh sách"
    )


def test_the_newest_answer_counts_and_is_asked_again_once_its_day_is_over():
    story = make_story(state="in_progress", due=LATE)
    explain(story, reason="Chờ kinh phí", cause="objective")
    explain(story, now=at("2024-04-15", "10:00"))

    found = said(story)

    assert found.delay_words == "chủ quan: Chờ các xã gửi danh sách; dự kiến xong 19/4/2024"
    assert [found.asks_again(today=date(2024, 4, day)) for day in (19, 20)] == [False, True]


@pytest.mark.parametrize(
    ("typed", "sentence_"),
    [
        ({"cause": "trời mưa"}, "Hãy chọn nguyên nhân: khách quan hoặc chủ quan."),
        ({"reason": "  "}, "Hãy ghi lý do chậm (ít nhất 3 ký tự)."),
        ({"reason": "x" * 201}, "Lý do chậm dài 201 ký tự; xin rút gọn còn 200."),
        (
            {"expected_on": date(2024, 4, 14)},
            "Ngày 14/4/2024 đã qua; hãy ghi một ngày từ hôm nay (15/4/2024) trở đi.",
        ),
        (
            {"expected_on": date(9999, 12, 31)},
            "Ngày 31/12/9999 xa quá một năm; xin xem lại, hoặc xin gia hạn nếu việc cần lâu như vậy.",
        ),
        (
            {"expected_on": date(2025, 4, 17)},
            "Ngày 17/4/2025 xa quá một năm; xin xem lại, hoặc xin gia hạn nếu việc cần lâu như vậy.",
        ),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_a_sentence(typed, sentence_):
    story = make_story(state="in_progress", due=LATE)

    with pytest.raises(Refused) as refusal:
        explain(story, **typed)

    assert (str(refusal.value), DelayNote.objects.count()) == (sentence_, 0)


@pytest.mark.parametrize("day", [TODAY, date(2025, 4, 16)])
def test_today_and_a_year_ahead_will_do(day):
    story = make_story(state="in_progress", due=LATE)

    assert explain(story, expected_on=day).expected_on == day


@pytest.mark.parametrize(("moment", "asked"), [("23:59:59", False), ("00:00:00", True)])
def test_work_is_late_from_midnight_in_viet_nam(moment, asked):
    """The due day ends at 23:59:59 of 15/4 in Việt Nam, which is 16:59:59 of the same day in Greenwich."""
    story = make_story(state="in_progress", due=TODAY)
    now = at("2024-04-16" if asked else "2024-04-15", moment)

    if asked:
        explain(story, now=now)
    else:
        with pytest.raises(Refused, match="không còn quá hạn"):
            explain(story, now=now)

    assert DelayNote.objects.count() == int(asked)


# --- who may --------------------------------------------------------------------------------------

WHO = ["office", "office_of_own_unit", "reporter", "head", "sibling", "monitor", "reader", "administrator"]
CAN = {
    "can_note_call": (set(STATES) - {"completed", "not_applicable", "cancelled"}, {"office", "monitor"}),
    "can_explain_delay": (
        {"assigned", "in_progress", "awaiting_unit_head", "redo"},
        {"office_of_own_unit", "reporter", "head"},
    ),
}


def make_person(story, who):
    known = {"office": story.office, "reporter": story.reporter, "sibling": story.stranger}
    if who in known:
        return known[who]
    user = make_user(who.replace("_", ""))
    if who == "office_of_own_unit":
        make_membership(user, make_office(), "office")
        make_membership(user, story.unit, "reporter")
    if who == "head":
        make_membership(user, story.unit, "unit_head")
    if who == "monitor":
        watch = make_unit("Ban Tuyên giáo")
        make_membership(user, watch, "reporter")
        story.task.monitors.add(watch)
    if who == "reader":
        make_membership(user, make_unit("Thường trực"), "reader")
    if who == "administrator":
        make_membership(user, make_office(), "administrator")
    return user


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("function", sorted(CAN))
def test_who_may_do_what_in_which_state(function, who):
    story = make_story(due=LATE)
    person = make_person(story, who)
    states, people = CAN[function]
    values = {"today": TODAY} if function == "can_explain_delay" else {}

    answers = {}
    for state in STATES:
        story.assignment.state = state
        answers[state] = getattr(permissions, function)(person, story.assignment, **values)

    assert answers == {state: state in states and who in people for state in STATES}


# --- the database ---------------------------------------------------------------------------------


def test_rows_of_history_are_written_once():
    story = make_story(state="in_progress", due=LATE)
    for row in (call(story), explain(story)):
        with pytest.raises(TypeError, match="append-only"):
            row.save()


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (CallNote, {"called_on": TODAY, "promised_until": date(2024, 4, 14), "spoke_with": "A", "said": "b"}),
        (DelayNote, {"noted_on": TODAY, "expected_on": date(2024, 4, 14), "cause": "objective", "reason": "b"}),
    ],
)
def test_the_database_refuses_a_day_before_the_one_it_was_named_on(model, values):
    story = make_story(state="in_progress", due=LATE)

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(assignment=story.assignment, by=story.office, at=NOW, **values)


def test_the_database_lets_a_call_be_corrected_once():
    story = make_story(state="in_progress", due=LATE)
    wrong = call(story)
    call(story, corrects=wrong)

    with pytest.raises(IntegrityError), transaction.atomic():
        CallNote.objects.create(
            assignment=story.assignment,
            corrects=wrong,
            spoke_with="A",
            called_on=TODAY,
            said="b",
            by=story.office,
            at=NOW,
        )


# --- where it shows -------------------------------------------------------------------------------


def test_the_brief_says_what_the_unit_said_last_in_a_report_or_when_asked():
    story = make_story(state="in_progress", due=LATE)
    send(story, day="2024-04-11", results="Đang làm", difficulties="Thiếu kinh phí", no_change=False)
    Assignment.objects.filter(pk=story.assignment.pk).update(state="in_progress", submitted_on=None)
    before = build_brief(story.directive, story.office, today=TODAY).overdue

    explain(story)
    asked = build_brief(story.directive, story.office, today=TODAY).overdue
    first = ReportRound.objects.get()
    ReportRound.objects.create(
        section=first.section,
        number=2,
        submitted_by=first.submitted_by,
        submitted_at=at("2024-04-15", "17:00"),
        submitted_on=date(2024, 4, 15),
        content=first.content,
    )
    reported = build_brief(story.directive, story.office, today=TODAY).overdue

    assert [(rows[0].reason, rows[0].expected_on) for rows in (before, asked, reported)] == [
        ("Thiếu kinh phí", None),
        ("chủ quan: Chờ các xã gửi danh sách", date(2024, 4, 19)),
        ("Thiếu kinh phí", None),
    ]


def test_a_page_shows_its_section_to_each_by_role():
    story = make_story(state="in_progress", due=LATE)
    call(story, promised_until=date(2024, 4, 12), called_on=date(2024, 4, 11))
    explain(story)
    calendar = work_calendar()

    shown = {}
    for who in ("office", "monitor", "reader", "reporter"):
        user = make_person(story, who)
        access = access_of(user, today=TODAY)
        section = section_of(story.assignment, user, access, today=TODAY, calendar=calendar)
        shown[who] = (
            section.form is not None,
            section.can_nudge,
            section.can_note_call,
            section.can_write_letter,
            bool(section.zalo),
            section.is_broken,
            section.may_say_again,
        )

    assert shown == {
        "office": (False, True, True, True, True, True, False),
        "monitor": (False, True, True, False, False, True, False),
        "reader": (False, False, False, False, False, True, False),
        "reporter": (False, False, False, False, False, True, True),
    }


def test_a_units_home_asks_about_its_late_work_the_oldest_first_and_not_too_much_at_once():
    story = make_story(state="in_progress", due=date(2024, 4, 12))
    rows = [story.assignment]
    for day in (1, 2, 3, 4, 5, 8):
        rows.append(
            make_assignment(make_task(story.directive, f"t{day}"), story.unit, due=date(2024, 4, day), state="redo")
        )
    rows.append(make_assignment(make_task(story.directive, "sau"), story.unit, due=date(2024, 4, 19), state="redo"))
    explain_delay(
        rows[1], by=story.reporter, now=NOW, cause="objective", reason="Mưa lũ", expected_on=date(2024, 4, 16)
    )

    questions = questions_of(rows, today=TODAY)

    assert [row.assignment.task.code for row in questions.open] == ["t2", "t3", "t4", "t5", "t8"]
    assert ([row.assignment.task.code for row in questions.answered], questions.more) == (["t1"], 1)


@pytest.mark.parametrize("count", [1, 300])
def test_what_was_said_costs_one_statement_for_one_work_and_for_three_hundred(django_assert_num_queries, count):
    story = make_story(state="in_progress", due=LATE)
    rows = [make_assignment(make_task(story.directive), story.unit, due=LATE, state="redo") for _ in range(count)]
    for row in rows:
        DelayNote.objects.create(
            assignment=row, cause="objective", reason="x", expected_on=TODAY, noted_on=TODAY, by=story.reporter, at=NOW
        )

    with django_assert_num_queries(1):
        found = said_about([row.pk for row in rows])

    assert len(found) == count


def test_nothing_is_asked_of_the_database_about_no_work(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert (said_about([]), questions_of([], today=TODAY).open) == ({}, [])
