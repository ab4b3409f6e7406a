"""Pages about addresses of units: who sees which, the log, the button "Gửi thử"."""

import ipaddress
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse

from notifications.models import DeliveryTry, Message, UnitAddress
from records.models import AuditEvent
from tests.factories import (
    at,
    make_membership,
    make_office_user,
    make_reporter,
    make_unit,
    make_user,
)
from tests.receiver import Receiver, is_signed
from units.models import Role

pytestmark = pytest.mark.django_db
SECRET = "khoa-ky-chung-0123456789"


@pytest.fixture
def receiver(tmp_path, settings):
    other = Receiver(tmp_path)
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    settings.WEBHOOK_PORTS = [443, other.port]
    settings.WEBHOOK_CA_FILE = str(other.authority)
    settings.WEBHOOK_TIMEOUT = 4
    yield other
    other.close()


@pytest.fixture
def unit():
    return make_unit("Huyện ủy Đắk Hà", code="dak-ha")


def place(unit, url="https://qlvb.example.vn/nhan", channel="webhook"):
    found = UnitAddress(unit=unit, channel=channel, address=url)
    found.keep_secret(SECRET)
    found.save()
    return found


def log(address, number, *, message=None, code=200):
    return DeliveryTry.objects.create(
        pk=uuid4(), address=address, message=message, event=f"e{number}", at=Now(), code=code, milliseconds=12
    )


def test_the_tries_of_a_system_are_seen_by_whoever_sees_the_system(unit):
    places = [place(unit), place(make_unit("Đơn vị khác"), "https://khac.example.vn/nhan")]
    own, foreign = (log(where, number, message=message(where, number)) for number, where in enumerate(places))

    seen = {
        who: set(DeliveryTry.objects.visible_to(person))
        for who, person in (("office", make_office_user()), ("reporter", make_reporter(unit, "dakha")))
    }

    assert seen == {"office": {own, foreign}, "reporter": {own}}


def message(address, number, state="dead"):
    return Message.objects.create(
        key=f"kept:{number}:@{address.pk}",
        kind="kept",
        address=address,
        day=at("2024-04-15").date(),
        due_at=at("2024-04-15", "08:00"),
        state=state,
        subject=f"Việc số {number}",
    )


def administrator():
    user = make_user("quantri")
    make_membership(user, make_unit(), Role.ADMINISTRATOR)
    return user


def press(client, address, button="try_out"):
    return client.post(reverse(f"notifications:{button}", args=[address.pk]), follow=True).content.decode()


def test_everybody_sees_the_addresses_of_the_own_units_the_office_and_administrators_all(client, unit):
    own, other = place(unit), place(make_unit("Huyện ủy Sa Thầy", code="sa-thay"), "https://khac.example.vn/")
    seen = {}
    for name, user in {"own": make_reporter(unit), "office": make_office_user(), "boss": administrator()}.items():
        client.force_login(user)
        page = client.get(reverse("notifications:addresses")).content.decode()
        codes = [client.get(address.get_absolute_url()).status_code for address in (own, other)]
        seen[name] = ("qlvb.example.vn" in page, "khac.example.vn" in page, codes)

    assert seen == {
        "own": (True, False, [200, 404]),
        "office": (True, True, [200, 200]),
        "boss": (True, True, [200, 200]),
    }


def test_a_trial_is_signed_marked_as_one_and_its_result_said_at_once(client, unit, receiver):
    address = place(unit, receiver.url)
    user = make_reporter(unit, "an")
    client.force_login(user)

    page = press(client, address)

    (got,) = receiver.got
    assert "Gửi thử: Bên nhận đã nhận (200) (" in page
    assert is_signed(got, SECRET.encode())
    assert (got.json["trial"], got.json["items"], got.json["unit"], got.json["event"]) == (
        True,
        [],
        "dak-ha",
        got.event,
    )
    row = DeliveryTry.objects.get()
    assert (row.tried_by, row.message, row.code, row.event) == (user, None, 200, got.event)
    assert AuditEvent.objects.filter(verb="address.tried", actor=user).count() == 1
    assert SECRET not in page


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (401, "Gửi thử không được: Bên nhận trả lời 401 ("),
        ("hang", "Đứt nối với bên nhận: The read operation timed out; không rõ bên nhận đã nhận chưa ("),
        ("close", "Gửi thử không được: Đứt nối với bên nhận:"),
    ],
)
def test_a_trial_that_fails_says_why_and_counts_nothing_against_the_address(client, unit, receiver, answer, words):
    address = place(unit, receiver.url)
    client.force_login(make_reporter(unit))
    receiver.answers = [answer]

    assert words in press(client, address)

    address.refresh_from_db()
    assert (address.failures, address.failing_since, address.rest_until) == (0, None, None)


def test_a_trial_into_the_own_network_is_refused_in_words(client, unit):
    address = place(unit, "https://169.254.169.254/latest/meta-data")
    client.force_login(make_reporter(unit))

    assert "Địa chỉ 169.254.169.254 nằm trong mạng nội bộ." in press(client, address)


def test_pressing_again_and_again_sends_once(client, unit, receiver):
    address = place(unit, receiver.url)
    client.force_login(make_reporter(unit))
    press(client, address)

    again = press(client, address)
    DeliveryTry.objects.update(at=F("at") - timedelta(seconds=11))
    later = press(client, address)

    assert "Vừa gửi thử xong; xin đợi 10 giây" in again
    assert "Bên nhận đã nhận" in later
    assert len(receiver.got) == 2


def test_only_another_system_can_be_tried_out(client, unit):
    address = place(unit, "vanthu@example.vn", "mail")
    client.force_login(make_reporter(unit))

    assert "Chỉ gửi thử được đến hệ thống khác (webhook)." in press(client, address)
    assert DeliveryTry.objects.count() == 0


def test_the_log_shows_each_try_in_words_and_costs_the_same_for_many(client, unit, django_assert_num_queries):
    address = place(unit)
    log(address, 1, message=message(address, 1))
    client.force_login(make_reporter(unit))
    client.get(address.get_absolute_url())
    with django_assert_num_queries(STATEMENTS):
        client.get(address.get_absolute_url())
    for number in range(2, 40):
        log(address, number, message=message(address, number), code=503)

    with django_assert_num_queries(STATEMENTS):
        page = client.get(address.get_absolute_url()).content.decode()

    assert page.count("Bên nhận trả lời 503") == 38
    assert page.count("Bên nhận đã nhận (200)") == 1
    assert "Việc số 39" in page


STATEMENTS = 7


def test_the_list_costs_the_same_for_many(client, unit, django_assert_num_queries):
    client.force_login(make_office_user())
    place(unit)
    client.get(reverse("notifications:addresses"))
    with django_assert_num_queries(4):
        client.get(reverse("notifications:addresses"))
    for number in range(30):
        address = place(make_unit(f"Đơn vị {number}"), f"https://a{number}.example.vn/")
        log(address, number, message=message(address, number))

    with django_assert_num_queries(4):
        page = client.get(reverse("notifications:addresses")).content.decode()

    assert page.count("example.vn/") == 31


def test_what_was_given_up_is_sent_again_by_the_office_and_by_nobody_of_the_unit(client, unit):
    address = place(unit)
    for number in range(3):
        message(address, number)
    client.force_login(make_reporter(unit))
    refused = client.post(reverse("notifications:send_again", args=[address.pk]))
    client.force_login(make_office_user())

    page = press(client, address, "send_again")

    assert refused.status_code == 403
    assert "3 tin sẽ được gửi lại trong lượt gửi tới." in page
    assert set(Message.objects.values_list("state", flat=True)) == {"planned"}
    assert "Không có tin nào phải gửi lại." in press(client, address, "send_again")


def test_a_paused_address_says_so_and_is_switched_on_again_in_the_administration(client, unit):
    address = place(unit)
    message(address, 1)
    UnitAddress.objects.update(is_active=False, paused_at=Now(), paused_why="Gửi hỏng liên tục 3 ngày", failures=40)
    client.force_login(administrator())

    page = client.get(address.get_absolute_url()).content.decode()
    refused = press(client, address, "send_again")
    data = {"unit": unit.pk, "channel": "webhook", "address": "https://1.1.1.1/nhan", "secret": "", "is_active": "on"}
    client.post(reverse("admin:notifications_unitaddress_change", args=[address.pk]), data)

    assert "Tự tạm dừng từ" in page
    assert "Gửi hỏng liên tục 3 ngày" in page
    assert "hãy bật lại trong phần quản trị" in refused
    address.refresh_from_db()
    assert (address.is_active, address.paused_at, address.paused_why, address.failures) == (True, None, "", 0)


def test_changing_the_key_keeps_the_old_one_for_seven_days_unless_it_leaked(client, unit):
    address = place(unit, "https://1.1.1.1/nhan")
    client.force_login(administrator())
    change = reverse("admin:notifications_unitaddress_change", args=[address.pk])
    data = {"unit": unit.pk, "channel": "webhook", "address": "https://1.1.1.1/nhan", "is_active": "on"}
    client.post(change, {**data, "secret": "khoa-moi-0123456789"})
    address.refresh_from_db()
    both = address.secrets
    page = client.get(address.get_absolute_url()).content.decode()

    client.post(change, {**data, "secret": "", "drop_old_key": "on"})

    address.refresh_from_db()
    assert both == [b"khoa-moi-0123456789", SECRET.encode()]
    assert "khóa cũ còn ký cùng khóa mới đến" in page
    assert address.secrets == [b"khoa-moi-0123456789"]
