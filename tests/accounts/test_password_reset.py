"""Quên mật khẩu: the same answer for everybody, a mail for those who are known."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts import views_links
from accounts.models import AccountLink, User
from directive_tracker import clock
from notifications.models import Message
from notifications.rounds import run_round
from records.models import AuditEvent
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE = "/accounts/quen-mat-khau/"
NEW = "con duong xanh 1954"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(views_links, "SECONDS", 0)


def ask(who: str, **extra):
    return Client().post(PAGE, {"who": who}, **extra)


def without_token(response) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', "", response.content.decode())


def test_the_sign_in_page_leads_there(client):
    make_user("dakha")
    assert f'href="{PAGE}"' in client.get("/accounts/login/").content.decode()
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("who", ["dakha", " DakHa ", "ylan@example.vn", "YLAN@Example.VN"])
def test_a_person_is_mailed_a_link_by_name_or_address(who, mailoutbox):
    person = make_user("dakha", email="ylan@example.vn")

    ask(who)
    run_round(now=clock.now())

    link = AccountLink.objects.get()
    assert (link.user, link.purpose, link.made_by) == (person, "reset", None)
    assert link.expires_at - link.made_at == timedelta(hours=2)
    assert [mail.to for mail in mailoutbox] == [["ylan@example.vn"]]
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.target_id) == ("account.reset_sent", None, person.pk)


@pytest.mark.parametrize(
    ("who", "values"),
    [("khongai", {}), ("cuu", {"is_active": False}), ("khongthu", {"email": ""}), ("ai@example.vn", {})],
)
def test_whoever_gets_nothing_sees_the_same_answer(who, values):
    make_user("dakha")
    if values:
        make_user(who, **values)

    known, unknown = ask("dakha"), ask(who)

    assert (known.status_code, unknown.status_code) == (200, 200)
    assert without_token(known) == without_token(unknown)
    assert AccountLink.objects.count() == 1
    assert Message.objects.count() == 1


@pytest.mark.parametrize(("work", "waited"), [(0.125, 0.375), (0.375, 0.125), (0.75, 0.0)])
def test_the_answer_waits_until_the_same_time_has_passed(monkeypatch, work, waited):
    clock_hand, sleeps = [100.0], []
    monkeypatch.setattr(views_links, "SECONDS", 0.5)
    monkeypatch.setattr(views_links.time, "monotonic", lambda: clock_hand[0])
    monkeypatch.setattr(views_links.time, "sleep", sleeps.append)
    monkeypatch.setattr(views_links.forgotten, "ask", lambda who, **_: clock_hand.__setitem__(0, 100.0 + work))

    ask("ai")

    assert sleeps == [waited]


def test_somebody_who_never_had_a_password_is_invited_again():
    person = make_user("dakha")
    person.set_unusable_password()
    person.save()

    ask("dakha")

    assert AccountLink.objects.get().purpose == "invitation"


def test_pressing_twice_sends_one_mail():
    make_user("dakha")
    ask("dakha")
    ask("dakha")
    assert Message.objects.count() == 1


def test_people_who_share_an_address_each_get_their_link():
    make_user("dakha", email="vanthu@example.vn")
    make_user("dakha2", email="vanthu@example.vn")
    ask("vanthu@example.vn")
    assert AccountLink.objects.count() == 2


def test_asking_again_and_again_is_slowed_down_for_known_and_unknown_alike():
    make_user("dakha")

    def sentences(who: str) -> list[bool]:
        return ["Đã xin quá nhiều lần" in ask(who).content.decode() for _ in range(6)]

    assert sentences("dakha") == sentences("khongai") == [False] * 5 + [True]


@pytest.mark.parametrize("who", ["", "   ", "x" * 255, "dakha\x00"])
def test_what_cannot_be_a_name_is_refused_in_words(who):
    response = ask(who)
    assert response.status_code == 200
    assert "Có 1 chỗ cần sửa" in response.content.decode()


def test_the_link_of_the_mail_leads_back_to_work(client, mailoutbox):
    make_user("dakha", email="ylan@example.vn")
    ask("dakha")
    run_round(now=clock.now())
    address = re.search(r"http://\S+/accounts/dat-lai/\S+/", mailoutbox[0].body)[0]
    path = "/" + address.split("/", 3)[3]

    client.post(path, {"username": "dakha", "new_password1": NEW, "new_password2": NEW})
    client.post("/accounts/login/", {"username": "dakha", "password": NEW})

    assert client.session["_auth_user_id"] == str(User.objects.get().pk)
    run_round(now=clock.now())
    assert mailoutbox[1].subject == "Mật khẩu của tài khoản đã được đổi"
