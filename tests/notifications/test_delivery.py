"""Claim, check again, send, note: nothing lost, nothing twice, nothing to people it no longer concerns."""

import threading
import time
from datetime import date, timedelta

import pytest
from django.core import mail as outgoing
from django.db import OperationalError, connection
from django.utils import timezone

from notifications import delivery, kinds, outbox
from notifications.models import Message, MessageState, Notice, NoticeState
from notifications.rounds import run_round
from tests.factories import at, make_membership, make_unit, make_user
from units.models import CalendarDay, Membership

MONDAY = at("2024-04-15", "09:00")
LATER = at("2024-04-15", "09:05")
NIGHT = at("2024-04-15", "20:00")
TUESDAY = at("2024-04-16", "07:30")
ROUND = {"planned": 0, "held": 0, "sent": 0, "failed": 0, "superseded": 0}


@pytest.fixture(autouse=True)
def _no_planners(monkeypatch):
    """These tests are about mails, whatever other rooms plan."""
    monkeypatch.setattr(kinds, "planners", [])


def tell(user=None, key="x:1", *, kind="x", now=MONDAY, mail="own", **values):
    return outbox.tell(
        key=key, kind=kind, recipient=user or make_user(), title="Đôn đốc việc 1a.3", now=now, mail=mail, **values
    )


@pytest.mark.django_db
def test_a_due_mail_is_sent_and_noted():
    notice = tell(make_user("an"), url="/viec/1/")

    assert run_round(now=LATER) == {**ROUND, "sent": 1}

    message = Message.objects.get()
    notice.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == (MessageState.SENT, LATER, 1)
    assert (message.lease_by, message.lease_until) == ("", None)
    assert (notice.state, notice.sent_at) == (NoticeState.SENT, LATER)
    (sent,) = outgoing.outbox
    assert sent.to == ["an@example.vn"]
    assert sent.subject == "Đôn đốc việc 1a.3"
    assert sent.body == message.body
    assert "http://127.0.0.1:8000/viec/1/" in sent.body


@pytest.mark.django_db
def test_a_second_round_sends_nothing():
    tell()
    run_round(now=LATER)

    assert run_round(now=LATER) == ROUND
    assert len(outgoing.outbox) == 1


@pytest.mark.django_db
def test_at_night_mail_is_held_and_leaves_in_the_morning():
    tell(now=NIGHT)

    assert run_round(now=NIGHT) == {**ROUND, "held": 1}
    assert run_round(now=at("2024-04-16", "07:29")) == {**ROUND, "held": 1}
    assert run_round(now=TUESDAY) == {**ROUND, "sent": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("holiday", ["2024-04-27", "2024-04-28", "2024-04-29", "2024-04-30", "2024-05-01"])
def test_holidays_are_waited_out(holiday):
    tell(now=at("2024-04-26", "17:00"))

    assert run_round(now=at(holiday, "09:00")) == {**ROUND, "held": 1}
    assert run_round(now=at("2024-05-02", "07:30")) == {**ROUND, "sent": 1}


@pytest.mark.django_db
def test_a_holiday_declared_after_planning_holds_the_mail():
    tell()
    CalendarDay.objects.create(date=date(2024, 4, 15), is_working=False, reason="Nghỉ bù")

    assert run_round(now=LATER) == {**ROUND, "held": 1}


@pytest.mark.django_db
def test_a_mail_that_missed_its_day_leaves_on_the_next():
    tell()

    assert run_round(now=at("2024-04-16", "08:00")) == {**ROUND, "sent": 1}


@pytest.mark.django_db
def test_account_mails_leave_at_any_hour(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register("account", "Tài khoản", any_hour=True)
    tell(key="account:1", kind="account", now=NIGHT)
    tell(key="x:1", now=NIGHT)

    assert run_round(now=NIGHT) == {**ROUND, "sent": 1, "held": 1}
    assert Message.objects.get(state=MessageState.SENT).kind == "account"


@pytest.mark.django_db
def test_a_mail_somebody_holds_stays():
    tell()
    Message.objects.update(state=MessageState.HELD)

    assert run_round(now=LATER) == {**ROUND, "held": 1}


@pytest.mark.django_db
def test_many_notices_of_a_day_are_one_mail():
    user = make_user()
    tell(user, "a", mail="daily", url="/viec/1/")
    tell(user, "b", mail="daily", url="/viec/2/")

    assert run_round(now=LATER) == {**ROUND, "sent": 1}
    (sent,) = outgoing.outbox
    assert sent.subject == "Nhắc việc: 2 việc sắp đến hạn hoặc cần chú ý"
    assert "1. Đôn đốc việc 1a.3." in sent.body
    assert "/viec/2/" in sent.body


@pytest.mark.django_db
def test_more_than_a_batch_is_sent_in_one_round():
    for number in range(23):
        tell(key=f"x:{number}")

    assert run_round(now=LATER) == {**ROUND, "sent": 23}
    assert len({tuple(sent.to) for sent in outgoing.outbox}) == 23


@pytest.mark.django_db
def test_who_has_left_gets_no_mail():
    user = make_user()
    tell(user)
    user.is_active = False
    user.save()

    assert run_round(now=LATER) == {**ROUND, "superseded": 1}
    assert outgoing.outbox == []
    assert Message.objects.get().state == MessageState.SUPERSEDED
    assert Notice.objects.get().state == NoticeState.SUPERSEDED


@pytest.mark.django_db
def test_who_works_in_another_unit_by_now_gets_no_mail():
    unit = make_unit()
    user = make_membership(unit=unit).user
    tell(user, unit=unit, now=NIGHT)
    Membership.objects.update(valid_to=date(2024, 4, 15))
    make_membership(user, make_unit())

    assert run_round(now=TUESDAY) == {**ROUND, "superseded": 1}
    assert outgoing.outbox == []


@pytest.mark.django_db
def test_who_still_works_in_the_unit_gets_the_mail():
    unit = make_unit()
    tell(make_membership(unit=unit).user, unit=unit)

    assert run_round(now=LATER) == {**ROUND, "sent": 1}


@pytest.mark.django_db
def test_what_no_longer_applies_is_left_out_of_the_mail(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register("gone", "Đã xong", still_applies=lambda notices, *, now: set())
    user = make_user()
    tell(user, "gone:1", kind="gone", mail="daily", url="/viec/cu/")
    tell(user, "x:1", mail="daily", url="/viec/moi/")

    assert run_round(now=LATER) == {**ROUND, "sent": 1, "superseded": 1}
    assert "/viec/moi/" in outgoing.outbox[0].body
    assert "/viec/cu/" not in outgoing.outbox[0].body
    assert Notice.objects.get(kind="gone").state == NoticeState.SUPERSEDED


@pytest.mark.django_db
def test_a_person_without_an_address_shows_as_a_failure():
    tell(make_user(email=""))

    assert run_round(now=LATER) == {**ROUND, "failed": 1}
    message = Message.objects.get()
    assert (message.state, message.last_error) == (MessageState.DEAD, "Người nhận chưa có địa chỉ thư")
    assert Notice.objects.get().state == NoticeState.DEAD


@pytest.mark.django_db
def test_an_address_that_cannot_be_written_is_given_up():
    tell(make_user(email="a@b\nBcc: c@d"))

    assert run_round(now=LATER) == {**ROUND, "failed": 1}
    assert Message.objects.get().state == MessageState.DEAD


@pytest.mark.django_db
def test_the_demo_says_so_in_the_first_line(settings):
    settings.DEMO = True
    tell()
    run_round(now=LATER)

    assert outgoing.outbox[0].body.splitlines()[0] == "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH"


@pytest.mark.django_db
def test_words_that_people_typed_are_never_mailed():
    tell(detail="Gọi ông Tám 0905123456")
    run_round(now=LATER)

    assert "0905123456" not in outgoing.outbox[0].body
    assert Notice.objects.get().detail == "Gọi ông Tám 0905123456"


# --- claims --------------------------------------------------------------------------------------


def claim(me, *, now=LATER, size=10):
    return delivery.claim(me, now=now, round_began=timezone.now(), size=size)


@pytest.mark.django_db
def test_a_claimed_mail_is_not_claimed_by_another():
    for number in range(3):
        tell(key=f"x:{number}")

    first, second, third = claim("a", size=2), claim("b"), claim("c")

    assert [m.key for m in first] == ["x:0", "x:1"]
    assert [m.key for m in second] == ["x:2"]
    assert third == []


@pytest.mark.django_db
def test_a_lease_goes_by_the_databases_clock_and_not_by_the_rounds():
    tell()
    (message,) = claim("a")

    lease = message.lease_until - timezone.now()
    assert timedelta(seconds=100) < lease <= timedelta(seconds=120)


@pytest.mark.django_db
def test_the_mail_of_a_dead_worker_is_sent_by_the_next_and_marked():
    tell()
    claim("dead")
    assert run_round(now=LATER) == ROUND

    Message.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert run_round(now=LATER) == {**ROUND, "sent": 1}
    message = Message.objects.get()
    assert (message.suspect, message.attempts) == (1, 2)


@pytest.mark.django_db
def test_who_lost_the_lease_notes_nothing():
    tell()
    (message,) = claim("slow")
    Message.objects.update(lease_by="other")

    message.subject, message.body = "s", "b"
    assert delivery.note_sent(message, list(message.notices.all()), "slow", now=LATER) == 0
    assert Message.objects.get().state == MessageState.SENDING
    assert Notice.objects.get().state == NoticeState.PLANNED


@pytest.mark.django_db
def test_a_mail_over_which_rounds_die_again_and_again_is_given_up():
    tell()
    claim("dead")
    Message.objects.update(lease_until=timezone.now() - timedelta(seconds=1), attempts=delivery.MAX_ATTEMPTS)

    assert run_round(now=LATER) == ROUND
    message = Message.objects.get()
    assert (message.state, message.last_error) == (MessageState.DEAD, "Nhiều lần gửi dở dang, không rõ kết quả")


@pytest.mark.django_db
def test_no_send_is_begun_that_could_outlive_the_lease(monkeypatch):
    tell(key="x:0")
    tell(key="x:1")
    moments = iter([10.0, 61.0])
    batch = claim("me")
    monkeypatch.setattr(delivery.time, "monotonic", lambda: next(moments, 61.0))
    monkeypatch.setattr(delivery, "_send_one", lambda *args, **values: None)

    delivery._send_batch(batch, "me", None, delivery.Outcome(), now=LATER, leased_until=120.0)

    returned = Message.objects.get(key="x:1")
    assert (returned.state, returned.attempts, returned.lease_by) == (MessageState.PLANNED, 0, "")


@pytest.mark.django_db(transaction=True)
def test_a_mail_whose_note_was_cut_off_from_the_database_is_noted_and_not_sent_again(monkeypatch):
    tell()
    note_sent, cuts = delivery.note_sent, []

    def cut_off_once(*args, **values):
        if not cuts:
            cuts.append(1)
            raise OperationalError("server closed the connection unexpectedly")
        return note_sent(*args, **values)

    monkeypatch.setattr(delivery, "note_sent", cut_off_once)

    assert run_round(now=LATER) == {**ROUND, "sent": 1}
    assert cuts == [1]
    assert Message.objects.get().state == MessageState.SENT
    assert len(outgoing.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_stays_away_is_not_waited_for_longer_than_the_lease():
    def away():
        raise OperationalError("no")

    with pytest.raises(OperationalError):
        delivery.surely(away, until=time.monotonic() + 0.5)


@pytest.mark.django_db
def test_a_lease_is_six_time_outs_of_the_mail_server(settings):
    settings.EMAIL_TIMEOUT = 5
    tell()
    (message,) = claim("a")

    assert timedelta(seconds=25) < message.lease_until - timezone.now() <= timedelta(seconds=30)


@pytest.mark.django_db
def test_no_send_is_begun_after_the_rounds_time_is_over():
    tell(key="x:0")
    tell(key="x:1")
    batch = claim("me")

    later = time.monotonic() + 120
    delivery._send_batch(batch, "me", None, delivery.Outcome(), now=LATER, leased_until=later, ends=time.monotonic())

    assert list(Message.objects.values_list("state", "attempts", "lease_by")) == [
        ("planned", 0, ""),
        ("planned", 0, ""),
    ]


@pytest.mark.django_db
def test_back_off_doubles_up_to_an_hour():
    assert timedelta(seconds=0.3) <= delivery.back_off(1) <= timedelta(seconds=0.4)
    assert timedelta(seconds=2.4) <= delivery.back_off(4) <= timedelta(seconds=3.2)
    assert timedelta(minutes=45) <= delivery.back_off(30) <= timedelta(hours=1)


@pytest.mark.django_db
def test_a_mail_given_up_can_be_sent_again_by_hand():
    user = make_user(email="")
    tell(user)
    run_round(now=LATER)
    user.email = "moi@example.vn"
    user.save()

    assert delivery.send_again(Message.objects.get()) is True

    assert run_round(now=LATER) == {**ROUND, "sent": 1}
    assert Notice.objects.get().state == NoticeState.SENT
    assert delivery.send_again(Message.objects.get()) is False


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_rounds_that_run_at_once_send_each_mail_once():
    for number in range(60):
        tell(key=f"x:{number}")
    start = threading.Barrier(2)
    results = []

    def work():
        start.wait()
        try:
            results.append(run_round(now=LATER))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sum(result["sent"] for result in results) == 60
    assert len({sent.extra_headers["X-Notification-Key"] for sent in outgoing.outbox}) == 60
    assert len(outgoing.outbox) == 60


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_two_who_tell_the_same_at_once_make_one_row():
    user = make_user()
    start = threading.Barrier(2)

    def work():
        start.wait()
        try:
            tell(user, "x:1")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert Notice.objects.count() == 1
    assert Message.objects.count() == 1
