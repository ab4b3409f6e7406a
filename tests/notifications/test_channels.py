"""A unit's own addresses: mailbox, another system, short messages; each thing once, by whatever way."""

import json
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import mail as outgoing
from django.urls import reverse

from notifications import forecast, outbox, rounds
from notifications.models import Message, Notice, NoticeRule, NoticeState, UnitAddress
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_office_user,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from units.models import Role

pytestmark = pytest.mark.django_db
ROUND = {"planned": 0, "held": 0, "sent": 0, "failed": 0, "superseded": 0}
NOW = at("2024-04-15", "08:00")
SECRET = "khoa-ky-chung-0123456789"


class Fake:
    """A gateway on this machine that keeps what it is sent."""

    def __init__(self):
        self.requests = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                fake.requests.append((self.path, dict(self.headers), body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/nhan"


@pytest.fixture
def fake():
    other = Fake()
    yield other
    other.server.shutdown()
    other.server.server_close()


@pytest.fixture
def unit():
    return make_unit("Huyện ủy Đắk Hà", code="dak-ha")


@pytest.fixture(autouse=True)
def _only_three_days():
    NoticeRule.objects.exclude(stage="due-3").update(is_active=False)


def place(unit, channel="mail", address="vanthu@example.vn", **values):
    found = UnitAddress(unit=unit, channel=channel, address=address, **values)
    if channel == "webhook":
        found.keep_secret(SECRET)
    found.save()
    return found


def assign(unit, code="1a.3"):
    return make_assignment(make_task(make_directive(), code), unit, due=date(2024, 4, 19), state="in_progress")


def tell(unit, user, key="kept:1", mail="own"):
    outbox.tell(
        key=f"{key}:{user.pk}",
        kind="kept",
        recipient=user,
        title="Giữ việc 1a.3",
        now=NOW,
        url="/x/",
        unit=unit,
        mail=mail,
    )


# --- the mailbox -----------------------------------------------------------------------------------------


def test_the_mailbox_gets_the_days_mail_once_whatever_the_people(unit):
    place(unit)
    for name in ("an", "binh"):
        make_reporter(unit, name)
    assign(unit)

    assert rounds.run_round(now=NOW) == {**ROUND, "planned": 2, "sent": 3}
    assert sorted(sent.to[0] for sent in outgoing.outbox) == ["an@example.vn", "binh@example.vn", "vanthu@example.vn"]
    assert rounds.run_round(now=NOW) == ROUND


def test_a_thing_told_at_once_goes_to_the_mailbox_once(unit):
    box = place(unit)
    for name in ("an", "binh"):
        tell(unit, make_reporter(unit, name))

    assert list(Message.objects.filter(address=box).values_list("key", flat=True)) == [f"kept:1:@{box.pk}"]
    assert rounds.run_round(now=NOW) == {**ROUND, "sent": 3}


def test_what_is_told_in_the_app_only_or_to_a_person_alone_stays_out_of_the_mailbox(unit):
    place(unit)
    user = make_reporter(unit)
    tell(unit, user, mail=None)
    outbox.tell(key="kept:9", kind="kept", recipient=user, title="Riêng", now=NOW, mail="own")

    assert Notice.objects.filter(recipient__isnull=True).count() == 0


def test_the_mailbox_is_silent_once_the_work_is_done(unit):
    place(unit)
    make_reporter(unit, "an")
    work = assign(unit)
    rounds.plan(now=at("2024-04-15", "06:00"))
    type(work).objects.update(state="submitted", submitted_on=date(2024, 4, 15))

    assert rounds.run_round(now=NOW) == {**ROUND, "superseded": 2}
    assert outgoing.outbox == []


def test_an_address_that_was_switched_off_gets_nothing_more(unit):
    box = place(unit)
    make_reporter(unit, "an")
    assign(unit)
    rounds.plan(now=at("2024-04-15", "06:00"))
    UnitAddress.objects.filter(pk=box.pk).update(is_active=False)

    assert rounds.run_round(now=NOW)["sent"] == 1
    assert [sent.to for sent in outgoing.outbox] == [["an@example.vn"]]


def test_a_mailbox_keeps_getting_mail_when_the_focal_point_has_left(unit):
    place(unit)
    user = make_reporter(unit, "an")
    assign(unit)
    rounds.plan(now=at("2024-04-15", "06:00"))
    user.memberships.update(valid_to=date(2024, 4, 14))

    assert rounds.run_round(now=NOW)["sent"] == 1
    assert [sent.to for sent in outgoing.outbox] == [["vanthu@example.vn"]]


def test_the_mailbox_shows_in_nobodys_list(client, unit):
    place(unit)
    user = make_reporter(unit, "an")
    tell(unit, user)
    client.force_login(user)

    own = client.get(reverse("notifications:inbox")).content.decode()
    units = client.get(reverse("notifications:inbox") + "?xem=don-vi").content.decode()

    assert (own.count("/mo/"), units.count("/mo/")) == (1, 1)


def test_tomorrows_list_has_the_mailbox_and_holds_it(client, unit, monkeypatch):
    box = place(unit)
    for name in ("an", "binh"):
        make_reporter(unit, name)
    assign(unit)
    sunday = at("2024-04-14", "10:00")

    seen = forecast.forecast(now=sunday)
    held = forecast.hold([f"daily:@{box.pk}:2024-04-15"], by=make_office_user(), now=sunday)

    assert [(mail.key.split(":")[1][0] == "@", len(mail.titles)) for mail in seen.mails].count((True, 1)) == 1
    assert (len(seen.mails), held) == (3, 1)
    assert rounds.run_round(now=NOW) == {**ROUND, "planned": 2, "sent": 2, "held": 1}


def test_the_offices_pages_name_the_mailbox(client, unit):
    place(unit)
    tell(unit, make_reporter(unit, "an"))
    client.force_login(make_office_user())

    ledger = client.get(reverse("notifications:ledger")).content.decode()
    mail = Message.objects.get(recipient__isnull=True)
    page = client.get(reverse("notifications:message_detail", args=[mail.pk])).content.decode()

    assert "Huyện ủy Đắk Hà: hộp thư" in ledger
    assert "vanthu@example.vn" in ledger
    assert "Huyện ủy Đắk Hà: hộp thư &lt;vanthu@example.vn&gt;" in page


# --- short messages --------------------------------------------------------------------------------------------


def test_short_messages_are_off_until_a_gateway_is_set(unit):
    place(unit, "sms", "0903000000")
    tell(unit, make_reporter(unit, "an"))

    assert rounds.run_round(now=NOW) == {**ROUND, "sent": 1, "failed": 1}
    message = Message.objects.get(recipient__isnull=True)
    assert (message.state, message.last_error) == ("dead", "Kênh tin nhắn chưa được bật (SMS_GATEWAY_URL)")


def test_the_gateway_gets_number_words_and_token(unit, fake, settings):
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = fake.url, "the-token"
    place(unit, "sms", "0903000000")
    tell(unit, make_reporter(unit, "an"))

    assert rounds.run_round(now=NOW) == {**ROUND, "sent": 2}

    ((_, headers, body),) = fake.requests
    assert headers["Authorization"] == "Bearer the-token"
    assert json.loads(body) == {
        "to": "0903000000",
        "text": "Giữ việc 1a.3. http://127.0.0.1:8000/",
        "id": Message.objects.get(recipient__isnull=True).key,
    }


# --- the administration ------------------------------------------------------------------------------------------


@pytest.fixture
def administration(client):
    user = make_user("quantri")
    make_membership(user, make_unit(), Role.ADMINISTRATOR)
    client.force_login(user)
    return client


ADD = "/quan-tri/notifications/unitaddress/add/"


@pytest.mark.parametrize(
    ("channel", "address", "secret", "words"),
    [
        ("mail", "khong-phai-thu", "", "Địa chỉ thư chưa đúng"),
        ("webhook", "http://qlvb.example.vn/", SECRET, "phải bắt đầu bằng https://"),
        ("webhook", "file:///etc/passwd", SECRET, "phải bắt đầu bằng https://"),
        ("webhook", "https://10.0.0.7/nhan", SECRET, "nằm trong mạng nội bộ"),
        ("webhook", "https://qlvb.example.vn/nhan", "whsec_không phải base64!!", "phần sau phải là base64"),
        ("webhook", "https://qlvb.example.vn/nhan", "", "Hệ thống khác cần khóa ký"),
        ("webhook", "https://qlvb.example.vn/nhan", "ngan", "Khóa ký phải có ít nhất 16 ký tự."),
        ("sms", "không có số", "", "Số điện thoại chỉ gồm 8–15 chữ số"),
    ],
)
def test_an_address_that_does_not_fit_is_refused_in_words(administration, unit, channel, address, secret, words):
    data = {"unit": unit.pk, "channel": channel, "address": address, "secret": secret, "is_active": "on"}

    assert words in administration.post(ADD, data).content.decode()
    assert UnitAddress.objects.count() == 0


def test_the_key_is_kept_sealed_and_never_shown(administration, unit):
    data = {"unit": unit.pk, "channel": "webhook", "address": "https://qlvb.example.vn/nhan", "secret": SECRET}
    administration.post(ADD, {**data, "is_active": "on"})
    found = UnitAddress.objects.get()

    page = administration.get(f"/quan-tri/notifications/unitaddress/{found.pk}/change/").content.decode()
    administration.post(f"/quan-tri/notifications/unitaddress/{found.pk}/change/", {**data, "secret": ""})

    assert found.secrets == [SECRET.encode()]
    assert SECRET.encode() not in bytes(found.sealed_secret)
    assert SECRET not in page
    again = UnitAddress.objects.get()
    assert (again.secrets, again.is_active) == ([SECRET.encode()], False)


def test_planning_states_stay_planned_until_they_leave(unit):
    place(unit)
    tell(unit, make_reporter(unit, "an"))

    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.PLANNED}
