"""What an administrator does for people: inviting, resetting, printing, ending sessions."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import links
from accounts.models import AccountLink, LinkPurpose, Session, User
from notifications.models import Message
from records.models import AuditEvent
from tests.admin_pages import address, inline, person, shown, signed_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SMTP = "django.core.mail.backends.smtp.EmailBackend"
ROLES = "memberships"


@pytest.fixture
def administrator(client) -> User:
    user = person("administrator")
    client.force_login(user)
    return user


def new_user(username: str = "dakha", **values) -> User:
    user = make_user(username, **values)
    user.set_unusable_password()
    user.save()
    return user


def deed(user: User, what: str) -> str:
    return f"/quan-tri/accounts/user/{user.pk}/viec/{what}/"


def sheet(user: User) -> str:
    return f"/quan-tri/accounts/user/{user.pk}/giay-moi/"


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


# --- a new person ---------------------------------------------------------------------------------


def add(client: Client, **values: str):
    data = {"full_name": "Y Lan", "username": "ylan", "position": "", "phone": "", "email": "", **values}
    return client.post(address("accounts.user", "add"), {**data, **inline(ROLES)})


def test_a_new_person_has_no_password_and_is_invited(administrator, client):
    assert add(client, email="ylan@example.vn", invite="on").status_code == 302

    user = User.objects.get(username="ylan")
    assert user.has_usable_password() is False
    assert AccountLink.objects.get().user == user
    assert sorted(AuditEvent.objects.values_list("verb", flat=True)) == ["account.invited", "admin.added"]


def test_a_new_person_may_be_invited_later(administrator, client):
    assert add(client).status_code == 302
    assert AccountLink.objects.count() == 0


def test_an_invitation_needs_an_address(administrator, client):
    response = add(client, invite="on")
    assert list(response.context["adminform"].form.errors) == ["email"]
    assert User.objects.filter(username="ylan").count() == 0


@pytest.mark.parametrize(
    ("backend", "ticked"), [(SMTP, True), ("django.core.mail.backends.filebased.EmailBackend", False)]
)
def test_the_invitation_is_offered_where_mail_reaches_people(administrator, client, settings, backend, ticked):
    settings.EMAIL_BACKEND = backend
    page = client.get(address("accounts.user", "add")).content.decode()
    assert bool(re.search(r'name="invite"[^>]* checked', page)) is ticked


# --- buttons --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("what", "purpose"), [("moi", "invitation"), ("dat-lai", "reset")])
def test_asking_does_nothing_and_the_button_sends(administrator, client, what, purpose):
    user = new_user() if what == "moi" else make_user("dakha")

    assert client.get(deed(user, what)).status_code == 200
    assert AccountLink.objects.count() == 0
    response = client.post(deed(user, what), follow=True)

    link = AccountLink.objects.get()
    assert (link.user, link.purpose, link.made_by) == (user, purpose, administrator)
    assert Message.objects.get().kind == f"account.{purpose}"
    assert links.token(link).split("-", 1)[1] not in response.content.decode()


@pytest.mark.parametrize(
    ("what", "make", "sentence"),
    [
        ("moi", lambda: make_user("dakha"), "đã có mật khẩu"),
        ("moi", lambda: new_user(email=""), "chưa có địa chỉ thư"),
        ("moi", lambda: new_user(is_active=False), "đang khóa"),
        ("dat-lai", new_user, "chưa có mật khẩu"),
        ("dat-lai", lambda: make_user("dakha", email=""), "chưa có địa chỉ thư"),
    ],
)
def test_what_cannot_be_done_is_said_and_not_offered(administrator, client, what, make, sentence):
    user = make()

    pages = [client.get(deed(user, what)), client.post(deed(user, what))]

    assert [sentence in page.content.decode() for page in pages] == [True, True]
    assert deed(user, what) not in client.get(address("accounts.user", "change", user.pk)).content.decode()
    assert (AccountLink.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_all_sessions_of_a_person_end(administrator, client):
    user = make_user("dakha")
    browsers = [signed_in(user), signed_in(user)]

    response = client.post(deed(user, "ket-thuc-phien"), follow=True)

    assert "Đã kết thúc 2 phiên." in said(response)
    assert {browser.get("/accounts/profile/").status_code for browser in browsers} == {302}
    event = AuditEvent.objects.get(verb="account.sessions_ended")
    assert (event.actor, event.target_id, event.data) == (administrator, user.pk, {"count": 2})


def test_nobody_ends_the_own_sessions_here(administrator, client):
    client.post(deed(administrator, "ket-thuc-phien"))
    assert Session.objects.filter(user=administrator).count() == 1


@pytest.mark.parametrize("role", ["office", "reporter", "unit_head", "reader", "registrar", "nobody"])
def test_only_administrators_do_it(role):
    user, browser = new_user(), signed_in(person(role))
    paths = [deed(user, "moi"), deed(user, "ket-thuc-phien"), sheet(user)]
    assert {browser.get(path).status_code for path in paths} == {403}
    assert {browser.post(path).status_code for path in paths} == {403}
    assert AccountLink.objects.count() == 0


def test_what_is_not_there_is_not_found(administrator, client):
    assert client.get(deed(new_user(), "xoa")).status_code == 404
    assert client.get("/quan-tri/accounts/user/99999/viec/moi/").status_code == 404
    assert client.get("/quan-tri/accounts/user/99999/giay-moi/").status_code == 404


# --- on paper -------------------------------------------------------------------------------------


def test_an_invitation_is_printed_once_where_there_is_no_mail_server(administrator, client, settings):
    settings.SITE_URL = "http://192.168.1.7:8000"
    user = new_user(email="")
    assert sheet(user) in client.get(address("accounts.user", "change", user.pk)).content.decode()
    assert "chỉ hiện một lần" in " ".join(client.get(sheet(user)).content.decode().split())
    assert AccountLink.objects.count() == 0

    response = client.post(sheet(user))

    link = AccountLink.objects.get()
    page = response.content.decode()
    assert links.address(link) in page
    assert 'src="data:image/svg+xml' in page
    assert "dakha" not in page
    assert "no-store" in response["Cache-Control"]
    event = AuditEvent.objects.get()
    assert (event.verb, event.target_id, event.data) == ("account.sheet_printed", user.pk, {"to": "invitation"})
    assert links.token(link).split("-", 1)[1] not in client.get(sheet(user)).content.decode()


def test_a_phone_is_not_sent_to_an_address_of_this_machine(administrator, client, settings):
    settings.SITE_URL = "http://127.0.0.1:8000"
    page = client.post(sheet(new_user())).content.decode()
    assert "http://127.0.0.1:8000/accounts/loi-moi/" in page
    assert [words for words in ("data:image", "điện thoại") if words in page] == []


def test_a_printed_sheet_for_somebody_with_a_password_lives_for_a_day(administrator, client):
    client.post(sheet(make_user("dakha")))
    link = AccountLink.objects.get()
    assert (link.purpose, link.expires_at - link.made_at) == ("reset", timedelta(hours=24))


def test_nothing_is_printed_where_mail_reaches_people(administrator, client, settings):
    settings.EMAIL_BACKEND = SMTP
    user = new_user()
    assert sheet(user) not in client.get(address("accounts.user", "change", user.pk)).content.decode()
    assert "hãy gửi lời mời qua thư" in client.post(sheet(user)).content.decode()
    assert AccountLink.objects.count() == 0


# --- lists ----------------------------------------------------------------------------------------


def test_the_list_shows_who_has_not_been_invited(administrator, client):
    now = timezone.now()
    invited, lapsed, moved = new_user("damoi"), new_user("hethan"), new_user("doithu")
    new_user("chuamoi")
    new_user("cuu", is_active=False)
    links.make(invited, LinkPurpose.INVITATION, None, now)
    links.make(lapsed, LinkPurpose.INVITATION, None, now - timedelta(days=8))
    links.make(moved, LinkPurpose.INVITATION, None, now)
    User.objects.filter(pk=moved.pk).update(email="khac@example.vn")

    def names(value: str) -> set[str]:
        rows = client.get(address("accounts.user"), {"invitation": value}).context["cl"].result_list
        return {row.username for row in rows}

    assert names("none") == {"chuamoi", "hethan", "doithu"}
    assert names("open") == {"damoi"}
    assert names("done") == {"administrator"}


def test_selected_people_are_invited_in_one_row_of_the_audit(administrator, client):
    people = [new_user("a1"), new_user("a2"), make_user("a3"), new_user("a4", email="")]

    response = client.post(
        address("accounts.user"),
        {"action": "invite_selected", "_selected_action": [user.pk for user in people]},
        follow=True,
    )

    assert said(response) == "Đã gửi 2 lời mời. Bỏ qua: đã có mật khẩu (1), chưa có địa chỉ thư (1)."
    event = AuditEvent.objects.get()
    assert (event.verb, event.data) == ("account.invited", {"count": 2})


# --- switching off --------------------------------------------------------------------------------


def test_a_person_who_is_switched_off_is_out_at_once_and_the_links_end(administrator, client):
    user = make_user("dakha")
    browser = signed_in(user)
    link = links.make(user, LinkPurpose.RESET, None, timezone.now())

    row = {"full_name": user.full_name, "username": "dakha", "language": "vi", "position": "", "phone": "", "email": ""}
    client.post(address("accounts.user", "change", user.pk), {**row, **inline(ROLES)})

    assert User.objects.get(pk=user.pk).is_active is False
    assert Session.objects.filter(user=user).count() == 0
    assert browser.get("/accounts/profile/").status_code == 302
    link.refresh_from_db()
    assert link.ended_at is not None


def test_a_password_set_by_hand_ends_the_link_and_tells_the_person(administrator, client):
    user = make_user("dakha")
    link = links.make(user, LinkPurpose.RESET, None, timezone.now())

    password = {"password1": "con duong xanh 1954", "password2": "con duong xanh 1954"}
    client.post(f"/quan-tri/accounts/user/{user.pk}/password/", password)

    link.refresh_from_db()
    assert link.ended_at is not None
    assert list(Message.objects.values_list("kind", "recipient")) == [("account.password_changed", user.pk)]


def test_the_list_and_the_page_of_a_person_say_what_is_waiting(administrator, client):
    user = new_user()
    page = address("accounts.user", "change", user.pk)
    assert "Chưa được mời" in client.get(page).content.decode()
    client.post(deed(user, "moi"))
    assert "chờ đặt mật khẩu đến" in client.get(page).content.decode()
    assert shown(client.get(address("accounts.user"), {"q": "dakha"})) == [str(user)]
