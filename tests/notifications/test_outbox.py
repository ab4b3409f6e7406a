"""One obligation is one row; mails wait for working hours; what is over is taken back."""

from datetime import UTC, date, datetime

import pytest
from celery import current_app
from django.db import DatabaseError, transaction
from kombu.exceptions import OperationalError

from notifications import bell, outbox
from notifications.models import Message, MessageState, Notice, NoticeState
from tests.factories import at, make_unit, make_user
from units.models import CalendarDay

pytestmark = pytest.mark.django_db
MONDAY = at("2024-04-15", "09:00")


def tell(user, key="nudge:1", *, kind="nudge", now=MONDAY, mail="own", **values):
    return outbox.tell(key=key, kind=kind, recipient=user, title="Đôn đốc việc 1a.3", now=now, mail=mail, **values)


def test_what_is_told_in_the_app_only_is_told_by_its_row():
    notice = tell(make_user(), mail=None)

    assert notice.state == NoticeState.SENT
    assert notice.sent_at == MONDAY
    assert notice.message is None
    assert Message.objects.count() == 0


def test_telling_the_same_key_again_changes_nothing():
    user = make_user()
    tell(user)

    again = tell(user)

    assert again is None
    assert Notice.objects.count() == 1
    assert Message.objects.count() == 1


def test_a_mail_of_its_own_has_the_kind_in_its_key():
    user = make_user()
    tell(user, "nudge:7")
    tell(user, "returned-12", kind="returned")

    assert sorted(Message.objects.values_list("key", flat=True)) == ["nudge:7", "returned:returned-12"]


def test_two_notices_of_one_day_share_the_daily_mail():
    user = make_user("an")
    first = tell(user, "due-3:1:1:1", mail="daily")
    second = tell(user, "due-3:2:1:1", mail="daily")

    assert first.message_id == second.message_id
    assert first.message.key == f"daily:{user.pk}:2024-04-15"
    assert first.message.kind == "daily"


def test_two_people_get_a_daily_mail_each():
    tell(make_user(), "a", mail="daily")
    tell(make_user(), "b", mail="daily")

    assert Message.objects.count() == 2


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.DEAD])
def test_once_the_daily_mail_is_out_the_next_notice_waits_for_the_next_working_day(state):
    user = make_user()
    first = tell(user, "a", mail="daily", now=at("2024-04-17", "09:00"))
    Message.objects.update(state=state, sent_at=at("2024-04-17", "09:01"), attempts=1)

    second = tell(user, "b", mail="daily", now=at("2024-04-17", "10:00"))

    assert second.message_id != first.message_id
    # 18/4/2024 is Giỗ Tổ.
    assert second.message.day == date(2024, 4, 19)
    assert second.message.due_at == at("2024-04-19", "07:30")


def test_a_daily_mail_somebody_tried_to_send_takes_nothing_more():
    user = make_user()
    tell(user, "a", mail="daily")
    Message.objects.update(attempts=1)

    second = tell(user, "b", mail="daily")

    assert second.message.day == date(2024, 4, 16)


def test_a_withdrawn_daily_mail_is_taken_up_again():
    user, unit = make_user(), make_unit()
    first = tell(user, "a", mail="daily", target=unit)
    outbox.supersede(unit, now=MONDAY)
    assert Message.objects.get().state == MessageState.SUPERSEDED

    second = tell(user, "b", mail="daily")

    assert second.message_id == first.message_id
    assert Message.objects.get().state == MessageState.PLANNED


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (at("2024-04-15", "07:29"), at("2024-04-15", "07:30")),
        (at("2024-04-15", "07:30"), at("2024-04-15", "07:30")),
        (at("2024-04-15", "16:59"), at("2024-04-15", "16:59")),
        (at("2024-04-15", "17:00"), at("2024-04-16", "07:30")),
        (at("2024-04-15", "23:59"), at("2024-04-16", "07:30")),
        (at("2024-04-16", "00:00"), at("2024-04-16", "07:30")),
        # UTC is still on the 15th.
        (datetime(2024, 4, 15, 17, 30, tzinfo=UTC), at("2024-04-16", "07:30")),
        (at("2024-04-12", "18:00"), at("2024-04-15", "07:30")),
        # 29/4 was swapped with Saturday 4/5; 30/4 and 1/5 are holidays.
        (at("2024-04-26", "17:30"), at("2024-05-02", "07:30")),
        (at("2024-04-29", "09:00"), at("2024-05-02", "07:30")),
        (at("2024-05-01", "23:59"), at("2024-05-02", "07:30")),
        (at("2024-05-04", "09:00"), at("2024-05-04", "09:00")),
    ],
)
def test_mail_waits_for_working_hours_and_the_app_does_not(now, leaves):
    notice = tell(make_user(), now=now)

    assert notice.due_at == now
    assert notice.message.due_at == leaves
    assert Notice.objects.shown_in_app(now=now).count() == 1


def test_a_day_off_of_the_office_is_waited_out_too():
    CalendarDay.objects.create(date=date(2024, 4, 16), is_working=False, reason="Nghỉ bù")

    notice = tell(make_user(), now=at("2024-04-15", "18:00"))

    assert notice.message.due_at == at("2024-04-17", "07:30")


def test_nobody_inactive_is_told():
    assert tell(make_user(is_active=False)) is None
    assert Notice.objects.count() == 0


def test_a_rolled_back_transaction_tells_nothing(django_capture_on_commit_callbacks):
    user = make_user()
    with django_capture_on_commit_callbacks() as rung, pytest.raises(DatabaseError), transaction.atomic():
        tell(user)
        raise DatabaseError

    assert Notice.objects.count() == 0
    assert Message.objects.count() == 0
    assert rung == []


def test_the_bell_rings_after_commit_for_a_mail_that_may_leave(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as rung:
        tell(make_user(), "a")
        tell(make_user(), "b", now=at("2024-04-15", "20:00"))
        tell(make_user(), "c", mail=None)

    assert rung == [bell.ring]


def test_a_broker_that_is_away_fails_no_request(monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app._get_current_object(), "send_task", away)

    assert bell.ring() is None


def test_many_are_told_in_a_constant_number_of_statements(django_assert_num_queries):
    users = [make_user() for _ in range(12)]

    def tellings(people, prefix):
        return [
            outbox.Telling(key=f"{prefix}:{user.pk}", kind="nudge", recipient=user, title="Đôn đốc", mail="own")
            for user in people
        ]

    with django_assert_num_queries(7):
        outbox.tell_many(tellings(users[:2], "a"), now=MONDAY)
    with django_assert_num_queries(7):
        outbox.tell_many(tellings(users, "b"), now=MONDAY)


def test_finished_work_takes_back_notice_and_mail():
    unit = make_unit()
    tell(make_user(), target=unit)

    assert outbox.supersede(unit, now=MONDAY) == 1

    assert Notice.objects.get().state == NoticeState.SUPERSEDED
    assert Message.objects.get().state == MessageState.SUPERSEDED


def test_a_mail_with_something_left_to_say_stays():
    user, done, open_ = make_user(), make_unit(), make_unit()
    tell(user, "a", mail="daily", target=done)
    tell(user, "b", mail="daily", target=open_)

    outbox.supersede(done, now=MONDAY)

    assert Message.objects.get().state == MessageState.PLANNED
    assert [n.state for n in Notice.objects.order_by("pk")] == [NoticeState.SUPERSEDED, NoticeState.PLANNED]


def test_a_moved_date_takes_back_earlier_versions_only():
    unit = make_unit()
    for version in (0, 1, 2):
        tell(make_user(), f"k{version}", target=unit, target_version=version)

    assert outbox.supersede(unit, version_below=2, now=MONDAY) == 1

    assert Notice.objects.get(state=NoticeState.SUPERSEDED).target_version == 1


def test_only_the_kinds_asked_for_are_taken_back():
    unit = make_unit()
    tell(make_user(), "a", target=unit)
    tell(make_user(), "b", kind="issued", target=unit)

    assert outbox.supersede(unit, kinds=["issued"], now=MONDAY) == 1

    assert Notice.objects.get(state=NoticeState.SUPERSEDED).kind == "issued"


def test_what_is_out_is_history():
    unit = make_unit()
    tell(make_user(), mail=None, target=unit)

    assert outbox.supersede(unit, now=MONDAY) == 0
    assert Notice.objects.get().state == NoticeState.SENT


def test_a_taken_back_notice_leaves_the_list():
    unit, user = make_unit(), make_user()
    tell(user, target=unit)
    outbox.supersede(unit, now=MONDAY)

    assert Notice.objects.visible_to(user).shown_in_app(now=MONDAY).count() == 0
