"""Other systems: signed, told once, tried again, left alone, switched off; never at the mail's cost."""

import ipaddress
import time
from datetime import timedelta

import pytest
from django.core import mail as outgoing
from django.db.models import F
from django.utils import timezone

from notifications import channels, delivery, kinds, outbox, rounds, systems
from notifications.models import DeliveryTry, Message, MessageState, Notice, NoticeState, UnitAddress
from records.models import AuditEvent
from tests.factories import at, make_membership, make_reporter, make_unit, make_user
from tests.receiver import Receiver, is_signed
from units.models import Role

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15", "08:00")
ROUND = {"planned": 0, "held": 0, "sent": 0, "failed": 0, "superseded": 0}
SECRET = "khoa-ky-chung-0123456789"


@pytest.fixture(autouse=True)
def _no_planners(monkeypatch):
    monkeypatch.setattr(kinds, "planners", [])


@pytest.fixture
def receivers(tmp_path, settings):
    """receivers() starts another system; all are allowed."""
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    settings.WEBHOOK_PORTS = [443, 9]
    # Long enough for a busy machine; what hangs says so itself.
    settings.WEBHOOK_TIMEOUT = 10
    found, authorities = [], tmp_path / "authorities.pem"

    def start(**values):
        folder = tmp_path / str(len(found))
        folder.mkdir()
        other = Receiver(folder, **values)
        found.append(other)
        # A new name each time: a read file is kept in mind.
        path = authorities.with_suffix(f".{len(found)}.pem")
        path.write_bytes(b"".join(one.authority.read_bytes() for one in found))
        settings.WEBHOOK_CA_FILE = str(path)
        settings.WEBHOOK_PORTS = [*settings.WEBHOOK_PORTS, other.port]
        return other

    yield start
    for other in found:
        other.close()


@pytest.fixture
def receiver(receivers):
    return receivers()


@pytest.fixture
def unit():
    return make_unit("Huyện ủy Đắk Hà", code="dak-ha")


def place(unit, url, *, channel="webhook", secret=SECRET):
    found = UnitAddress(unit=unit, channel=channel, address=url)
    found.keep_secret(secret)
    found.save()
    return found


def tell(unit, key="kept:1", user=None, **values):
    """One thing told to the unit: its person by mail, its addresses beside that."""
    user = user or make_reporter(unit)
    outbox.tell(
        key=f"{key}:{user.pk}",
        kind="kept",
        recipient=user,
        title="Giữ việc 1a.3",
        now=NOW,
        url="/x/",
        unit=unit,
        mail="own",
        **values,
    )
    return user


def messages():
    return Message.objects.filter(recipient__isnull=True).order_by("pk")


def test_another_system_gets_a_signed_message_with_titles_and_numbers_alone(unit, receiver, monkeypatch):
    monkeypatch.setitem(kinds._api_places, "units.unit", ("unit", "/thong-bao/dia-chi/{}/"))
    place(unit, receiver.url)
    tell(unit, user=make_reporter(unit, "an", full_name="Y Blô Kpă"), target=unit, detail="Lời của ai đó")

    assert rounds.run_round(now=NOW) == {**ROUND, "sent": 2}

    (got,) = receiver.got
    message = messages().get()
    assert is_signed(got, SECRET.encode())
    assert not is_signed(got, b"another key, another key")
    assert not is_signed(got, SECRET.encode(), now=time.time() + 301)
    assert got.headers["X-Notification-Key"] == message.key
    assert got.headers["Content-Type"] == "application/json; charset=utf-8"
    assert got.json == {
        "format": 1,
        "event": got.event,
        "key": message.key,
        "kind": "kept",
        "trial": False,
        "unit": "dak-ha",
        "due_at": "2024-04-15T08:00:00+07:00",
        "subject": "Giữ việc 1a.3",
        "items": [
            {
                "kind": "kept",
                "title": "Giữ việc 1a.3",
                "url": "http://127.0.0.1:8000/x/",
                "object": {"type": "unit", "id": unit.pk, "api": f"http://127.0.0.1:8000/thong-bao/dia-chi/{unit.pk}/"},
            }
        ],
    }
    assert "Blô" not in got.body.decode()
    assert "Lời" not in got.body.decode()


def test_a_signature_is_the_one_of_the_documents():
    key, encoded = b"khoa-ky-chung-0123456789", "whsec_a2hvYS1reS1jaHVuZy0wMTIzNDU2Nzg5"
    event, body = "0a7c0a3e-6d0e-5c1f-9b1f-0d5d9a6b2c11", b'{"format": 1, "trial": true}'

    assert channels.key_of(encoded) == channels.key_of(key.decode()) == key
    assert channels.signature(key, event, 1713142800, body) == "v1,dvZ/p+cnRL7lEdmYhWkWiFikdISH/WUq1hug/XNvBAY="


@pytest.mark.parametrize(
    ("answer", "state", "reason", "suspect", "code"),
    [
        (200, "sent", "", 0, 200),
        (204, "sent", "", 0, 204),
        (500, "planned", "Bên nhận trả lời 500", 0, 500),
        (429, "planned", "Bên nhận trả lời 429", 0, 429),
        (404, "dead", "Bên nhận trả lời 404", 0, 404),
        (302, "dead", "Bên nhận trả lời 302", 0, 302),
        ("hang", "planned", "Đứt nối với bên nhận: The read operation timed out", 1, None),
        ("close", "planned", "Đứt nối với bên nhận: Remote end closed connection without response", 1, None),
    ],
)
def test_every_answer_is_kept_and_logged(unit, receiver, settings, answer, state, reason, suspect, code):
    settings.WEBHOOK_TIMEOUT = 3 if answer == "hang" else 10
    address = place(unit, receiver.url)
    tell(unit)
    receiver.answers = [answer]

    rounds.run_round(now=NOW)

    message = messages().get()
    row = DeliveryTry.objects.get()
    assert (message.state, message.last_error, message.suspect) == (state, reason, suspect)
    assert (row.address, row.message, row.event) == (address, message, receiver.got[0].event)
    assert (row.code, row.in_doubt, row.is_trial, row.was_taken) == (code, suspect == 1, False, state == "sent")
    assert row.trouble == ("" if code else reason)
    assert len(receiver.got) == 1
    assert abs(row.at - timezone.now()) < timedelta(seconds=20)


def test_a_message_is_tried_again_under_the_same_number_with_a_new_time(unit, receiver):
    address = place(unit, receiver.url)
    tell(unit)
    receiver.answers = [500]
    rounds.run_round(now=NOW)
    awake(address)

    assert systems.drain(now=NOW) == delivery.Outcome(sent=1)

    first, second = receiver.got
    assert first.event == second.event
    assert is_signed(second, SECRET.encode())
    assert list(DeliveryTry.objects.order_by("at").values_list("code", flat=True)) == [500, 200]
    address.refresh_from_db()
    assert (address.failures, address.failing_since, address.rest_until) == (0, None, None)


def awake(address=None):
    """The waits are over."""
    Message.objects.update(next_try_at=None)
    UnitAddress.objects.update(rest_until=None)


def test_a_system_that_fails_is_left_alone_for_the_rest_of_the_round_and_then_for_a_while(unit, receiver):
    address = place(unit, receiver.url)
    user = make_reporter(unit)
    for number in range(5):
        tell(unit, f"kept:{number}", user)
    receiver.always = 503
    receiver.headers = {"Retry-After": "120"}

    rounds.run_round(now=NOW)
    again = systems.drain(now=NOW)

    address.refresh_from_db()
    assert (len(receiver.got), again) == (1, delivery.Outcome())
    assert address.failures == 1
    assert timedelta(seconds=110) < address.rest_until - timezone.now() <= timedelta(seconds=120)
    assert sorted(messages().values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    assert set(messages().values_list("state", flat=True)) == {"planned"}


def test_what_a_system_refuses_does_not_keep_the_next_message_back(unit, receiver):
    place(unit, receiver.url)
    user = make_reporter(unit)
    for number in range(3):
        tell(unit, f"kept:{number}", user)
    receiver.answers = [400]

    rounds.run_round(now=NOW)

    assert list(messages().values_list("state", flat=True)) == ["dead", "sent", "sent"]


def test_a_system_that_hangs_holds_up_neither_mail_nor_other_systems(unit, receivers, settings):
    hanging, good = receivers(always="hang"), receivers()
    settings.WEBHOOK_TIMEOUT = 5
    place(unit, hanging.url)
    place(make_unit("Huyện ủy Sa Thầy", code="sa-thay"), "https://x/", channel="mail")
    other = make_unit("Huyện ủy Ngọc Hồi", code="ngoc-hoi")
    place(other, good.url)
    user, third = make_reporter(unit, "an"), make_reporter(other, "binh")
    for number in range(15):
        tell(unit, f"kept:{number}", user)
        tell(other, f"kept:n{number}", third)
    began = time.monotonic()

    done = rounds.run_round(now=NOW)

    # Fifteen messages one after the other would take 75.
    assert time.monotonic() - began < 40
    assert done == {**ROUND, "sent": 45, "failed": 1}
    assert (len(outgoing.outbox), len(hanging.got), len(good.got)) == (30, 1, 15)
    assert set(good.counts.values()) == {1}


def test_mail_leaves_before_other_systems_are_asked(unit, receiver, monkeypatch):
    place(unit, receiver.url)
    tell(unit)
    seen = []
    monkeypatch.setattr(
        systems.channels, "call", lambda said: seen.append(len(outgoing.outbox)) or (lambda within: _OK)
    )

    rounds.run_round(now=NOW)

    assert seen == [1]


_OK = systems.Answer(code=200)


def test_what_another_worker_talks_to_is_left_to_it(unit, receiver):
    place(unit, receiver.url)
    user = make_reporter(unit)
    for number in range(2):
        tell(unit, f"kept:{number}", user)
    delivery.claim("other", now=NOW, round_began=timezone.now(), size=1, among=systems.others())

    assert systems.drain(now=NOW) == delivery.Outcome()
    assert receiver.got == []


def test_a_worker_that_died_over_it_costs_one_more_under_the_same_number(unit, receiver):
    place(unit, receiver.url)
    tell(unit)
    (message,) = delivery.claim("dead", now=NOW, round_began=timezone.now(), among=systems.others())
    Message.objects.filter(pk=message.pk).update(lease_until=F("lease_until") - timedelta(hours=1))

    assert systems.drain(now=NOW) == delivery.Outcome(sent=1)

    assert set(receiver.counts.values()) == {1}
    message.refresh_from_db()
    assert (message.state, message.suspect) == ("sent", 1)


def test_the_tick_rings_for_other_systems_and_sends_the_mail_itself(unit, receiver, monkeypatch):
    place(unit, receiver.url)
    rounds.run_tick(now=NOW)
    rung = []
    monkeypatch.setattr(rounds.bell, "ring", lambda job="tick": rung.append(job))
    tell(unit)

    assert rounds.run_tick(now=NOW)["sent"] == 1
    assert (rung, receiver.got) == (["notifications.tell_systems"], [])


def test_both_keys_sign_for_a_while_after_a_change_and_the_leaked_one_not_at_all(unit, receiver):
    address = place(unit, receiver.url)
    address.keep_secret("khoa-moi-0123456789")
    address.save()
    user = make_reporter(unit)
    tell(unit, "kept:1", user)
    rounds.run_round(now=NOW)
    address.secret_before_until = timezone.now() - timedelta(seconds=1)
    address.save()
    tell(unit, "kept:2", user)
    rounds.run_round(now=NOW)
    address.keep_secret("khoa-thu-ba-0123456789", at_once=True)
    address.save()
    tell(unit, "kept:3", user)
    rounds.run_round(now=NOW)

    keys = (SECRET.encode(), b"khoa-moi-0123456789", b"khoa-thu-ba-0123456789")
    assert [[is_signed(got, key) for key in keys] for got in receiver.got] == [
        [True, True, False],
        [False, True, False],
        [False, False, True],
    ]


def test_the_same_key_typed_again_is_no_change(unit):
    address = place(unit, "https://qlvb.example.vn/")

    address.keep_secret(SECRET)

    assert address.sealed_secret_before is None


# --- switched off -----------------------------------------------------------------------------------------------


def administrator():
    user = make_user("quantri")
    make_membership(user, make_unit(), Role.ADMINISTRATOR)
    return user


def test_a_system_that_says_it_is_gone_is_switched_off_and_the_administrators_are_told(unit, receiver):
    boss = administrator()
    address = place(unit, receiver.url)
    user = make_reporter(unit)
    for number in range(3):
        tell(unit, f"kept:{number}", user)
    receiver.always = 410

    rounds.run_round(now=NOW)

    address.refresh_from_db()
    assert (address.is_active, address.paused_why) == (False, "Bên nhận báo địa chỉ này không còn dùng (410)")
    assert len(receiver.got) == 1
    assert set(messages().values_list("state", flat=True)) == {"dead"}
    assert set(messages().filter(attempts=0).values_list("last_error", flat=True)) == {
        "Địa chỉ đã tạm dừng: Bên nhận báo địa chỉ này không còn dùng (410)"
    }
    notice = Notice.objects.get(kind="address_paused")
    assert (notice.recipient, notice.title) == (boss, "Đã tạm dừng gửi tin đến hệ thống của Huyện ủy Đắk Hà")
    assert AuditEvent.objects.filter(verb="address.paused").count() == 1


@pytest.mark.parametrize(
    ("days", "failures", "off"), [(3, 10, True), (3, 9, False), (2, 500, False)], ids=["both", "few", "short"]
)
def test_three_days_of_failures_switch_a_system_off(unit, receiver, days, failures, off):
    address = place(unit, receiver.url)
    since = timezone.now() - timedelta(days=days)
    UnitAddress.objects.update(failures=failures - 1, failing_since=since)
    tell(unit)
    receiver.always = 500

    rounds.run_round(now=NOW)

    address.refresh_from_db()
    assert address.is_active is not off
    assert address.paused_why == ("Gửi hỏng liên tục 3 ngày; lần cuối: bên nhận trả lời 500" if off else "")


def test_a_system_that_refuses_everything_for_three_days_is_switched_off(unit, receiver):
    address = place(unit, receiver.url)
    UnitAddress.objects.update(failures=20, failing_since=timezone.now() - timedelta(days=4))
    tell(unit)
    receiver.always = 404

    rounds.run_round(now=NOW)

    address.refresh_from_db()
    assert address.is_active is False


def test_what_was_given_up_is_sent_again_when_the_system_is_back(unit, receiver):
    address = place(unit, receiver.url)
    user = make_reporter(unit)
    for number in range(3):
        tell(unit, f"kept:{number}", user)
    receiver.always = 410
    rounds.run_round(now=NOW)
    address.refresh_from_db()
    before = systems.send_again(address)
    address.is_active = True
    address.begin_anew()
    address.save()
    receiver.always = 200

    assert (before, systems.send_again(address)) == (0, 3)
    assert systems.drain(now=NOW) == delivery.Outcome(sent=3)
    assert set(messages().values_list("state", flat=True)) == {MessageState.SENT}


def test_a_round_costs_the_same_number_of_statements_for_each_message(unit, receiver, django_assert_max_num_queries):
    place(unit, receiver.url)
    user = make_reporter(unit)
    for number in range(10):
        tell(unit, f"kept:{number}", user)

    with django_assert_max_num_queries(125):
        assert systems.drain(now=NOW).sent == 10


def test_planned_notices_of_an_address_that_is_switched_off_are_taken_back(unit, receiver):
    place(unit, receiver.url)
    tell(unit)
    UnitAddress.objects.update(is_active=False)

    assert systems.drain(now=NOW) == delivery.Outcome(superseded=1)
    assert Notice.objects.get(recipient__isnull=True).state == NoticeState.LEFT
    assert (messages().get().state, receiver.got) == ("superseded", [])
