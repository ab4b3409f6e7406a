"""A session ends after 30 idle minutes and 12 hours altogether, and says so."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.jobs import tidy
from accounts.models import HeldForm, Session, SignInFailure
from accounts.sessions import SessionStore
from accounts.signing import end_session
from records.models import AuditEvent
from tests.factories import make_user

pytestmark = pytest.mark.django_db
MORNING = datetime(2024, 4, 15, 1, 0, tzinfo=UTC)
PAGE = "/accounts/profile/"


@pytest.fixture
def clock():
    """Real time, standing still at 08:00 in Việt Nam until it is moved."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person(clock, client):
    user = make_user("dakha", full_name="Y Lan")
    client.post(reverse("accounts:login"), {"username": "dakha", "password": "mat-khau-thu"}, HTTP_USER_AGENT="Firefox")
    return user


def is_in(client: Client, **headers: str) -> bool:
    return client.get(PAGE, headers=headers or None).status_code == 200


def verbs() -> list[tuple]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", "actor__username"))


def test_signing_in_fills_the_columns_of_the_session(person, client):
    row = Session.objects.get()
    assert (row.user, row.began_at, row.seen_at, row.ip, row.agent) == (
        person, MORNING, MORNING, "127.0.0.1", "Firefox"
    )  # fmt: skip


def test_a_session_lives_29_minutes_without_a_page_and_ends_after_30(person, client, clock):
    clock.shift(timedelta(minutes=29))
    assert is_in(client)
    clock.shift(timedelta(minutes=29, seconds=59))
    assert is_in(client)
    clock.shift(timedelta(minutes=30))

    response = client.get(PAGE)

    assert response["Location"] == "/accounts/login/?next=/accounts/profile/"
    assert not Session.objects.filter(user=person).exists()
    assert verbs() == [("account.signed_in", "dakha"), ("account.timed_out", "dakha")]


def test_the_sign_in_page_says_that_the_session_ended_after_30_minutes(person, client, clock):
    clock.shift(timedelta(minutes=31))

    page = client.get(PAGE, follow=True).content.decode()

    assert "Phiên làm việc đã hết sau 30 phút không dùng. Đăng nhập lại để làm tiếp." in page
    assert 'name="next" value="/accounts/profile/"' in page


def test_a_session_ends_after_twelve_hours_however_busy(person, client, clock):
    for _ in range(35):
        clock.shift(timedelta(minutes=20))
        assert is_in(client)
    clock.shift(timedelta(minutes=20))

    page = client.get(PAGE, follow=True).content.decode()

    assert "Phiên làm việc đã hết sau 12 giờ. Đăng nhập lại để làm tiếp." in page


def test_signing_in_again_leads_back_and_the_sentence_is_gone(person, client, clock):
    clock.shift(timedelta(hours=1))
    client.get(PAGE)

    response = client.post(reverse("accounts:login"), {"username": "dakha", "password": "mat-khau-thu", "next": PAGE})

    assert response["Location"] == PAGE
    assert is_in(client)
    assert "Phiên làm việc" not in client.get(reverse("accounts:login")).content.decode()


def test_the_limits_are_settings(person, client, clock, settings):
    settings.SESSION_IDLE_MINUTES = 5
    clock.shift(timedelta(minutes=5))
    assert "sau 5 phút không dùng" in client.get(PAGE, follow=True).content.decode()


def test_the_last_use_is_written_at_most_once_a_minute(person, client, clock, django_assert_num_queries):
    clock.shift(timedelta(seconds=59))
    is_in(client)
    assert Session.objects.get().seen_at == MORNING
    clock.shift(timedelta(seconds=1))
    is_in(client)
    assert Session.objects.get().seen_at == MORNING + timedelta(minutes=1)


def test_a_page_that_asks_by_itself_does_not_keep_the_session_alive(person, client, clock):
    clock.shift(timedelta(minutes=29))
    assert is_in(client, x_background="1")
    clock.shift(timedelta(minutes=1))
    assert not is_in(client)


def test_the_page_of_a_long_job_asks_as_background(client):
    with open("templates/records/_job.html", encoding="utf-8") as template:
        assert """hx-headers='{"X-Background": "1"}'""" in template.read()


def test_htmx_is_led_to_the_sign_in_page_with_the_page_it_stands_on(person, client, clock):
    clock.shift(timedelta(minutes=31))

    response = client.get(
        "/thong-bao/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/don-vi/?trang=2"}
    )

    assert response["HX-Redirect"] == "/accounts/login/?next=/don-vi/%3Ftrang%3D2"
    assert response.content == b""


def test_htmx_of_another_site_cannot_choose_where_to_go_on(client):
    response = client.get("/thong-bao/", headers={"HX-Request": "true", "HX-Current-URL": "https://example.com/x"})
    assert response["HX-Redirect"] == "/accounts/login/?next=/thong-bao/"


def test_two_requests_under_way_at_the_same_moment_end_it_once(person, client, rf):
    key = client.session.session_key
    requests = [rf.get(PAGE), rf.get(PAGE)]
    for request in requests:
        request.session, request.user = SessionStore(key), person
        request.session.load()

    for request in requests:
        end_session(request, why="idle", now=MORNING)

    assert verbs() == [("account.signed_in", "dakha"), ("account.timed_out", "dakha")]
    assert [request.user.is_authenticated for request in requests] == [False, False]


def test_a_tab_that_comes_after_another_one_ended_it_is_told_too(person, client, clock):
    other_tab = Client()
    other_tab.cookies = client.cookies.copy()
    clock.shift(timedelta(minutes=31))

    client.get(PAGE)
    response = other_tab.get(PAGE, follow=True)

    assert verbs().count(("account.timed_out", "dakha")) == 1
    assert "Phiên làm việc trước đã kết thúc." in response.content.decode()


def test_moving_the_last_use_on_does_not_overwrite_the_data_of_the_session(person, client, clock):
    clock.shift(timedelta(minutes=2))
    before = Session.objects.get().session_data
    session = client.session
    session["chon"] = "x"
    session.save()
    changed = Session.objects.get().session_data

    is_in(client)

    assert before != changed
    assert Session.objects.get().session_data == changed


def test_a_session_without_a_beginning_is_too_old(person, client):
    Session.objects.update(began_at=None)
    assert not is_in(client)


def test_what_is_expired_is_deleted_at_most_once_an_hour(person, clock):
    Session.objects.update(expire_date=MORNING - timedelta(seconds=1))
    HeldForm.objects.create(user=person, path="/don-vi/", content=b"x", held_at=MORNING - timedelta(days=1))
    kept = HeldForm.objects.create(user=person, path="/don-vi/", content=b"x", held_at=MORNING - timedelta(hours=23))
    SignInFailure.objects.update(last_at=MORNING - timedelta(days=2))

    assert tidy() is True

    assert (Session.objects.count(), SignInFailure.objects.count()) == (0, 0)
    assert list(HeldForm.objects.all()) == [kept]
    assert tidy() is False


def test_the_tick_tidies(settings):
    assert settings.CELERY_BEAT_SCHEDULE["accounts.tidy"]["task"] == "accounts.tidy"
