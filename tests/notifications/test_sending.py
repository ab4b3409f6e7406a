"""What leaves next, holding single mails, holding everything, and the minute's tick."""

from datetime import date, timedelta

import pytest
from django.core import mail as outgoing
from django.core.management import CommandError, call_command
from django.urls import reverse

from notifications import forecast, outbox, rounds, sending
from notifications.models import Message, MessageState, Notice, NoticeRule, NoticeState, Pulse
from records.models import AuditEvent
from tasks.models import Assignment
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

pytestmark = pytest.mark.django_db
# Due Friday 19/4/2024; 18/4 is a holiday, so three working days before is Monday 15/4.
DUE = date(2024, 4, 19)
SUNDAY = at("2024-04-14", "10:00")
MONDAY = at("2024-04-15", "07:30")
ROUND = {"planned": 0, "held": 0, "sent": 0, "failed": 0, "superseded": 0}
QUIET = {"planned": 0, "sent": 0, "failed": 0, "superseded": 0}
NEXT = reverse("notifications:next_mails")


@pytest.fixture(autouse=True)
def _only_three_days(monkeypatch):
    NoticeRule.objects.exclude(stage="due-3").update(is_active=False)
    monkeypatch.setattr("notifications.views_sending.clock.now", lambda: SUNDAY)


@pytest.fixture
def reporters():
    """Two units with one work each that is due on Friday."""
    found = []
    for name in ("dakha", "dakto"):
        unit = make_unit()
        found.append(make_reporter(unit, name))
        make_assignment(make_task(make_directive(), "1a.3"), unit, due=DUE)
    return found


@pytest.fixture
def office(client):
    client.force_login(make_office_user())
    return client


def text_of(response):
    return response.content.decode()


def daily(user):
    return f"daily:{user.pk}:2024-04-15"


# --- what goes next, mail by mail ---------------------------------------------------------------------


def test_what_tomorrow_brings_is_listed_before_anything_is_planned(reporters):
    seen = forecast.forecast(now=SUNDAY)

    assert seen.opens == MONDAY
    assert [(mail.key, mail.titles, mail.message) for mail in seen.mails] == [
        (daily(user), ["Việc 1a.3 Tuyên truyền, hạn 19/4/2024 – còn 3 ngày làm việc"], None) for user in reporters
    ]
    assert (Notice.objects.count(), Message.objects.count()) == (0, 0)


def test_a_mail_held_before_it_is_planned_takes_the_notices_and_stays(reporters):
    first, second = reporters

    assert forecast.hold([daily(first)], by=second, now=SUNDAY) == 1

    assert rounds.run_round(now=MONDAY) == {**ROUND, "planned": 2, "sent": 1, "held": 1}
    assert [sent.to for sent in outgoing.outbox] == [["dakto@example.vn"]]
    assert Notice.objects.get(recipient=first).message.state == MessageState.HELD


def test_a_held_mail_leaves_once_it_is_let_go(reporters):
    first, second = reporters
    forecast.hold([daily(first)], by=second, now=SUNDAY)
    rounds.run_round(now=MONDAY)

    assert forecast.release([daily(first)], by=second, now=MONDAY) == 1

    assert rounds.run_round(now=MONDAY) == {**ROUND, "sent": 1}
    assert [sent.to for sent in outgoing.outbox] == [["dakto@example.vn"], ["dakha@example.vn"]]


def test_a_mail_let_go_before_it_has_anything_to_say_is_planned_as_usual(reporters):
    first, second = reporters
    forecast.hold([daily(first)], by=second, now=SUNDAY)
    forecast.release([daily(first)], by=second, now=SUNDAY)

    assert Message.objects.get().state == MessageState.SUPERSEDED
    assert rounds.run_round(now=MONDAY) == {**ROUND, "planned": 2, "sent": 2}


def test_a_key_that_is_not_to_leave_next_holds_nothing(reporters):
    stranger = make_user()

    assert forecast.hold([daily(stranger), "x"], by=stranger, now=SUNDAY) == 0
    assert Message.objects.count() == 0


def test_holding_twice_holds_once(reporters):
    first, second = reporters

    assert forecast.hold([daily(first)], by=second, now=SUNDAY) == 1
    assert forecast.hold([daily(first)], by=second, now=SUNDAY) == 0
    assert [event.verb for event in AuditEvent.objects.order_by("pk")] == ["message.held"]


def test_the_page_shows_each_mail_and_holds_the_chosen_ones(office, reporters):
    first, _ = reporters
    before = text_of(office.get(NEXT))

    after = text_of(office.post(reverse("notifications:hold"), {"key": daily(first), "act": "hold"}, follow=True))

    assert "07:30 ngày 15/4/2024 gửi 2 thư." in before or "Ngày mai 07:30 gửi 2 thư." in before
    assert "Ngày mai 07:30 gửi 1 thư, giữ lại 1." in after
    assert "Đã giữ lại 1 thư, không gửi cho đến khi Văn phòng cho gửi." in after


def test_pressing_without_a_choice_says_so(office, reporters):
    page = text_of(office.post(reverse("notifications:hold"), {"act": "hold"}, follow=True))

    assert "Chưa chọn thư nào." in page


def test_the_page_costs_the_same_for_one_and_for_many(office, django_assert_num_queries):
    directive = make_directive()
    unit = make_unit()
    for _ in range(2):
        make_reporter(unit)
    make_assignment(make_task(directive, "first"), unit, due=DUE)
    with django_assert_num_queries(18):
        office.get(NEXT)
    for number in range(40):
        unit = make_unit()
        make_reporter(unit)
        make_assignment(make_task(directive, f"n{number}"), unit, due=DUE)
    with django_assert_num_queries(18):
        office.get(NEXT)


@pytest.mark.parametrize("name", ["hold", "hold_all", "release_all"])
def test_only_the_office_holds_and_lets_go(client, name):
    client.force_login(make_reporter(make_unit()))

    assert client.post(reverse(f"notifications:{name}"), {"reason": "Vì thế"}).status_code == 403
    assert client.get(NEXT).status_code == 403


# --- everything -----------------------------------------------------------------------------------------


def test_while_everything_is_held_notices_are_planned_and_no_mail_leaves(reporters):
    assert sending.hold_all(reason="Vừa khôi phục dữ liệu", by=None, now=SUNDAY)
    assert not sending.hold_all(reason="Lần nữa", by=None, now=SUNDAY)

    assert rounds.run_round(now=MONDAY) == {**ROUND, "planned": 2}
    assert rounds.run_tick(now=MONDAY) == QUIET
    assert outgoing.outbox == []
    assert Pulse.objects.get().held_reason == "Vừa khôi phục dữ liệu"


def test_what_left_before_a_restore_is_not_sent_again(reporters):
    late = make_user("muon")
    outbox.tell(key="x:1", kind="x", recipient=late, title="Sau đó", now=at("2024-04-15", "09:00"), mail="own")
    sending.hold_all(reason="Vừa khôi phục dữ liệu", by=None, now=SUNDAY)
    rounds.run_round(now=at("2024-04-15", "09:30"))

    assert sending.release_all(by=None, now=MONDAY, told_until=at("2024-04-15", "08:59")) == 0
    Message.objects.filter(kind="daily").update(due_at=MONDAY)
    sending.hold_all(reason="Lần nữa", by=None, now=SUNDAY)
    assert sending.release_all(by=None, now=MONDAY, told_until=at("2024-04-15", "08:59")) == 2

    assert rounds.run_round(now=at("2024-04-15", "09:30")) == {**ROUND, "sent": 1}
    assert [sent.to for sent in outgoing.outbox] == [["muon@example.vn"]]
    assert set(Notice.objects.filter(kind="due-3").values_list("state", flat=True)) == {NoticeState.SUPERSEDED}


def test_letting_go_without_a_moment_sends_everything(reporters):
    sending.hold_all(reason="Vừa khôi phục dữ liệu", by=None, now=SUNDAY)
    rounds.run_round(now=MONDAY)

    assert sending.release_all(by=None, now=MONDAY) == 0
    assert sending.release_all(by=None, now=MONDAY) is None
    assert rounds.run_round(now=MONDAY) == {**ROUND, "sent": 2}


def test_the_command_holds_and_lets_go_in_words(capsys):
    call_command("hold_sends")
    call_command("hold_sends")
    call_command("hold_sends", release=True, told_until="2024-04-16T07:30")
    call_command("hold_sends", release=True)

    assert capsys.readouterr().out.splitlines() == [
        "Đã giữ mọi thư.",
        "Mọi thư đã được giữ từ trước.",
        "Thư được gửi tiếp; 0 thư phải gửi đến 07:30 16/4/2024 coi như đã gửi.",
        "Không có gì đang bị giữ.",
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"told_until": "2024-04-16T07:30"}, "--told-until chỉ dùng cùng --release"),
        ({"release": True, "told_until": "mai"}, "“mai” không phải thời điểm dạng 2024-04-16T07:30"),
    ],
)
def test_a_wrong_option_is_refused_in_one_sentence(options, words):
    with pytest.raises(CommandError, match=words):
        call_command("hold_sends", **options)


def test_after_a_restore_the_page_says_what_is_in_doubt_and_asks_what_becomes_of_it(reporters, office, monkeypatch):
    monkeypatch.setattr("notifications.views_sending.clock.now", lambda: at("2024-04-15", "10:45"))
    sending.note_restore(at("2024-04-14", "22:00"), now=at("2024-04-15", "10:30"))
    outbox.tell(
        key="x:2", kind="x", recipient=make_user("moi"), title="Sau đó", now=at("2024-04-15", "10:40"), mail="own"
    )

    page = text_of(office.get(NEXT))
    unanswered = text_of(office.post(reverse("notifications:release_all"), follow=True))
    held = Pulse.objects.get().held_since is not None
    after = text_of(office.post(reverse("notifications:release_all"), {"doubtful": "drop"}, follow=True))

    assert "Khôi phục từ bản sao lưu lúc 22:00 14/4/2024" in page
    assert "Dữ liệu là của lúc 22:00 14/4/2024, khôi phục lúc 10:30 15/4/2024." in page
    assert "<strong>2 thư</strong> đến hạn trong khoảng đó có thể đã gửi trước khi khôi phục." in page
    assert "3 thư phải gửi đến ngày mai 07:30 chờ Văn phòng cho gửi tiếp." in page
    assert (page.count("<strong>Có thể đã gửi</strong>"), page.count("Chờ cho gửi tiếp")) == (2, 1)
    assert "Hãy chọn: bỏ những thư có thể đã gửi trước khi khôi phục, hay gửi tất cả." in unanswered
    assert held
    assert "Thư được gửi tiếp; bỏ 2 thư coi như đã gửi trước đó." in after
    assert rounds.run_round(now=at("2024-04-15", "11:00")) == {**ROUND, "sent": 1}
    assert [sent.to for sent in outgoing.outbox] == [["moi@example.vn"]]
    assert AuditEvent.objects.get(verb="sending.released").reason == (
        "Không gửi: có thể đã gửi trước khi khôi phục dữ liệu."
    )


def test_after_a_restore_without_a_mail_in_doubt_nothing_is_asked(office):
    sending.note_restore(at("2024-04-14", "22:00"), now=at("2024-04-14", "22:30"))

    page = text_of(office.get(NEXT))
    after = text_of(office.post(reverse("notifications:release_all"), {"doubtful": "send"}, follow=True))

    assert "Không có thư nào đến hạn trong khoảng đó." in page
    assert ("radio" in page, '<input type="hidden" name="doubtful" value="send">' in page) == (False, True)
    assert "Thư được gửi tiếp từ lượt gửi tới." in after


def test_after_a_restore_a_mail_that_was_to_leave_later_anyway_is_in_no_doubt(reporters):
    first, _ = reporters
    outbox.tell(key="x:3", kind="x", recipient=first, title="Mai", now=at("2024-04-15", "18:00"), mail="own")
    sending.note_restore(at("2024-04-15", "19:00"), now=at("2024-04-15", "20:00"))

    assert sending.release_all(by=None, now=at("2024-04-15", "20:05"), drop_doubtful=True) == 2
    assert Message.objects.get(kind="x").state == MessageState.PLANNED


def test_the_page_says_since_when_and_why_everything_is_held(office):
    office.post(reverse("notifications:hold_all"), {"reason": "Máy chủ thư đổi địa chỉ"})

    page = text_of(office.get(NEXT))
    after = text_of(office.post(reverse("notifications:release_all"), {"told_until": "07:30 15/4/2024"}, follow=True))

    assert "Đang giữ mọi thư" in page
    assert "Máy chủ thư đổi địa chỉ" in page
    assert "Thư được gửi tiếp từ lượt gửi tới." in after


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("hold_all", {"reason": ""}, "Hãy ghi lý do giữ mọi thư"),
        ("hold_all", {"reason": "x"}, "Lý do giữ mọi thư quá ngắn"),
        ("release_all", {"told_until": "hôm qua"}, "Xin nhập thời điểm dạng 07:30 16/4/2024."),
    ],
)
def test_bad_input_is_answered_in_words(office, name, data, words):
    assert words in text_of(office.post(reverse(f"notifications:{name}"), data, follow=True))


# --- the tick -------------------------------------------------------------------------------------------


def test_a_quiet_minute_costs_three_statements(reporters, django_assert_num_queries):
    rounds.run_tick(now=MONDAY)

    with django_assert_num_queries(3):
        assert rounds.run_tick(now=MONDAY + timedelta(minutes=1)) == QUIET


def test_the_first_tick_of_a_day_looks_at_everything(reporters):
    Assignment.objects.update(updated_at=at("2024-02-15"))
    rounds.run_tick(now=at("2024-04-14", "23:59"))

    assert rounds.run_tick(now=at("2024-04-15", "00:00")) == {**QUIET, "planned": 2}


def test_work_given_after_the_first_tick_is_found_by_the_next(reporters):
    rounds.run_tick(now=MONDAY)
    unit = make_unit()
    make_reporter(unit, "moi")
    work = make_assignment(make_task(make_directive(), "2"), unit, due=DUE)
    Assignment.objects.filter(pk=work.pk).update(updated_at=MONDAY + timedelta(seconds=30))

    assert rounds.run_tick(now=MONDAY + timedelta(minutes=1)) == {**QUIET, "planned": 1, "sent": 1}


def test_work_touched_long_ago_is_found_when_somebody_asks_and_once_an_hour(reporters):
    rounds.run_tick(now=MONDAY)
    work = make_assignment(make_task(make_directive(), "2"), reporters_unit(reporters[0]), due=DUE)
    Assignment.objects.filter(pk=work.pk).update(updated_at=at("2024-02-15"))
    minute = MONDAY + timedelta(minutes=1)

    assert rounds.run_tick(now=minute) == QUIET
    Pulse.objects.plan_anew()
    assert rounds.run_tick(now=minute)["planned"] == 1
    Notice.objects.filter(target_id=work.pk).delete()
    assert rounds.run_tick(now=minute)["planned"] == 0
    Pulse.objects.update(planned_whole=Pulse.objects.get().planned_whole - timedelta(hours=1, seconds=1))
    assert rounds.run_tick(now=minute)["planned"] == 1


def reporters_unit(user):
    return user.memberships.get().unit


@pytest.mark.parametrize("jump", [timedelta(minutes=-1), timedelta(minutes=4), timedelta(days=-3)])
def test_a_clock_that_jumps_makes_the_tick_look_at_everything(reporters, jump):
    rounds.run_tick(now=MONDAY)

    assert rounds.look(now=MONDAY + jump).whole


def test_after_a_clock_that_ran_ahead_the_mail_of_the_first_free_day_takes_what_is_due(reporters):
    first, _ = reporters
    for day in ("2024-04-15", "2024-04-16", "2024-04-17", "2024-04-19", "2024-04-22", "2024-04-23"):
        Message.objects.create(
            key=f"daily:{first.pk}:{day}",
            kind="daily",
            recipient=first,
            day=day,
            due_at=at(day, "07:30"),
            attempts=1,
            state="sent",
            sent_at=at(day, "07:30"),
        )

    assert rounds.run_round(now=MONDAY) == {**ROUND, "planned": 2, "sent": 1, "held": 1}
    assert Notice.objects.get(recipient=first).message.day == date(2024, 4, 24)


def test_a_changed_rule_makes_the_tick_look_at_everything(reporters):
    rounds.run_tick(now=MONDAY)
    NoticeRule.objects.get(stage="due-3").save()

    assert rounds.look(now=MONDAY + timedelta(minutes=1)).whole


def test_the_tick_notes_when_it_ran():
    Pulse.objects.update(last_tick=None)

    rounds.run_tick(now=MONDAY)

    assert Pulse.objects.get().last_tick is not None
