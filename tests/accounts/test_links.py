"""Links sent by mail: what they open, what they refuse, and where their secret never stands."""

import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import links
from accounts.links import LinkRefused
from accounts.models import AccountLink, LinkPurpose, Session, TrustedDevice, User
from directive_tracker.logs import HideLinks
from notifications.models import Message, Notice
from notifications.rounds import run_round
from records.models import AuditEvent
from tests.factories import at, make_office_user, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 12, 1, 0, tzinfo=UTC)
AT = at("2026-05-12", "08:00")
NEW = "con duong xanh 1954"


@pytest.fixture
def person() -> User:
    user = make_user("dakha", email="ylan@example.vn")
    user.set_unusable_password()
    user.save()
    return user


def made(user: User, purpose: str = LinkPurpose.INVITATION, now: datetime | None = None, **values) -> AccountLink:
    return links.make(user, purpose, None, now or timezone.now(), **values)


def path(link: AccountLink) -> str:
    return "/" + links.address(link).split("/", 3)[3]


def answers(**values: str) -> dict[str, str]:
    return {"username": "dakha", "new_password1": NEW, "new_password2": NEW, **values}


def refusal(token: str, purpose: str = LinkPurpose.INVITATION, now: datetime = NOW, **values) -> str:
    with pytest.raises(LinkRefused) as caught:
        links.open_link(token, purpose, now, **values)
    assert str(caught.value) == links.REFUSALS[caught.value.code]
    return caught.value.code


# --- what is refused ------------------------------------------------------------------------------


def _used(link):
    links.use(link, NEW, link.made_at, at=AT)


def _replaced(link):
    made(link.user, now=NOW)


def _ended(link):
    links.end_open([link.user], now=NOW)


def _moved(link):
    User.objects.filter(pk=link.user_id).update(email="khac@example.vn")


def _switched_off(link):
    User.objects.filter(pk=link.user_id).update(is_active=False)


@pytest.mark.parametrize(
    ("what_happened", "later", "code"),
    [
        (_used, timedelta(), "used"),
        (_used, timedelta(days=30), "used"),
        (_replaced, timedelta(), "replaced"),
        (_ended, timedelta(), "ended"),
        (None, timedelta(days=7), "expired"),
        (_moved, timedelta(), "address"),
        (_switched_off, timedelta(), "deactivated"),
    ],
)
def test_what_happened_since_closes_a_link_and_is_said(person, what_happened, later, code):
    real_now = timezone.now()
    link = made(person, now=real_now - later)
    if what_happened:
        what_happened(link)

    assert refusal(links.token(link), now=real_now) == code
    response = Client().get(path(link))
    assert response.status_code == 410
    assert links.REFUSALS[code] in response.content.decode()
    assert Client().post(path(link), answers()).status_code == 410


def test_a_link_opens_until_its_last_second(person):
    invitation = made(person, now=NOW)
    assert links.open_link(links.token(invitation), "invitation", NOW + timedelta(days=7, seconds=-1)) == invitation

    reset = made(person, LinkPurpose.RESET, now=NOW)
    assert links.open_link(links.token(reset), "reset", NOW + timedelta(hours=2, seconds=-1)) == reset
    assert refusal(links.token(reset), "reset", NOW + timedelta(hours=2)) == "expired"


def test_every_changed_part_of_the_address_is_a_forgery(person):
    link, other = made(person, now=NOW), made(make_user("khac"), now=NOW)
    number, secret = links.token(link).split("-", 1)
    _, other_secret = links.token(other).split("-", 1)
    last = "a" if secret[-1] != "a" else "b"
    tokens = [
        f"{number}-{secret[:-1]}{last}",
        f"{number}-{'a' if secret[0] != 'a' else 'b'}{secret[1:]}",
        f"{number}-{other_secret}",
        f"{other.pk}-{secret}",
        f"{link.pk + 1000}-{secret}",
        f"0{number}-{secret}",
        f"{number}-{secret}a",
        f"{number}-{secret}-aaaaa",
        f"{number}-{secret.replace('-', '')}",
        f"{number}-{secret[:-1]}",
        f"{number}{secret}",
        f"99999999999999999999-{secret}",
        "１-" + secret,
        f"{number}-{secret}\n",
        "-",
        "",
    ]
    assert [refusal(token) for token in tokens] == ["forged"] * len(tokens)
    pages = [Client().get(f"/accounts/loi-moi/{token}/") for token in tokens if token.isprintable() and token]
    assert {page.status_code for page in pages} == {404}


def test_capitals_typed_from_paper_make_no_difference(person):
    link = made(person, now=NOW)
    assert links.open_link(links.token(link).upper(), "invitation", NOW) == link


@pytest.mark.parametrize("column", ["purpose", "nonce", "user", "email"])
def test_a_row_that_was_changed_in_the_database_opens_nothing(person, column):
    link = made(person, now=NOW)
    token = links.token(link)
    changed = {"purpose": "reset", "nonce": "x" * 43, "user": make_user("khac"), "email": "khac@example.vn"}
    AccountLink.objects.filter(pk=link.pk).update(**{column: changed[column]})

    assert refusal(token) == "forged"


def test_a_link_for_another_purpose_is_refused(person):
    link = made(person, LinkPurpose.RESET, now=NOW)
    assert refusal(links.token(link), LinkPurpose.INVITATION) == "purpose"
    wrong = Client().get(path(link).replace("dat-lai", "loi-moi"))
    assert (wrong.status_code, links.REFUSALS["purpose"] in wrong.content.decode()) == (410, True)


def test_links_signed_with_an_earlier_key_open_as_long_as_it_is_named(person, settings):
    link = made(person, now=NOW)
    token, old = links.token(link), settings.SECRET_KEY
    settings.SECRET_KEY = "khoa-moi-" * 8
    assert refusal(token) == "forged"

    settings.SECRET_KEY_FALLBACKS = [old]
    assert links.open_link(token, "invitation", NOW) == link


def test_somebody_else_signed_in_on_this_browser_is_told_without_a_name(client, person):
    link = made(person)
    client.force_login(make_user("khac"))

    response = client.get(path(link))
    page = response.content.decode()

    assert response.status_code == 403
    assert "Đường dẫn này gửi cho người khác" in page
    assert [word for word in (person.full_name, person.email, "dakha") if word in page] == []
    assert client.post(path(link), answers()).status_code == 403
    assert AccountLink.objects.get().used_at is None


def test_the_person_signed_in_on_this_browser_may_use_it_and_signs_in_again(client, person):
    client.force_login(person)

    assert client.post(path(made(person)), answers())["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session


# --- what is shown --------------------------------------------------------------------------------


def test_looking_changes_nothing_because_mail_scanners_look(client, person):
    link = made(person)

    for _ in range(3):
        assert client.get(path(link)).status_code == 200
        assert client.head(path(link)).status_code == 200

    assert list(AccountLink.objects.values_list("used_at", "ended_at")) == [(None, None)]
    assert AuditEvent.objects.count() == 0
    assert client.put(path(link)).status_code == 405


def test_the_page_names_nobody_and_leaves_no_trace(client, person):
    response = client.get(path(made(person)))
    page = response.content.decode()

    assert [word for word in (person.full_name, person.email, "dakha") if word in page] == []
    assert response["Referrer-Policy"] == "strict-origin"
    assert '<meta name="referrer" content="strict-origin">' in page
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"username": "mttq"}, ["username"]),
        ({"username": ""}, ["username"]),
        ({"new_password2": "con duong xanh 1955"}, ["new_password2"]),
        ({"new_password1": "ngan", "new_password2": "ngan"}, ["new_password2"]),
        ({"username": "mttq", "new_password1": "ngan", "new_password2": "ngan"}, ["username"]),
    ],
)
def test_what_is_wrong_is_said_the_name_is_kept_and_the_link_stays_open(client, person, typed, wrong):
    link = made(person)

    response = client.post(path(link), answers(**typed))

    assert response.status_code == 200
    assert list(response.context["form"].errors) == wrong
    page = response.content.decode()
    assert f'value="{answers(**typed)["username"]}"' in page or not typed.get("username", "x")
    assert NEW not in page
    assert AccountLink.objects.get().used_at is None
    assert client.post(path(link), answers(username=" DAKHA ")).status_code == 302


def test_whoever_was_forwarded_a_link_is_slowed_down_and_leaves_a_trace(client, person):
    link = made(person)

    pages = [client.post(path(link), answers(username=f"thu{n}")).content.decode() for n in range(6)]

    assert [("Tên đăng nhập không đúng" in page, "Gõ sai quá nhiều lần" in page) for page in pages] == [
        *[(True, False)] * 5,
        (False, True),
    ]
    assert "Gõ sai quá nhiều lần" in client.post(path(link), answers()).content.decode()
    events = AuditEvent.objects.filter(verb="account.link_wrong_name")
    assert list(events.values_list("actor", "target_id")) == [(None, person.pk)] * 5


# --- what is done ---------------------------------------------------------------------------------


def test_the_password_is_set_everything_else_ends_and_nobody_is_signed_in(client, person):
    elsewhere = Client()
    elsewhere.force_login(person)
    TrustedDevice.objects.create(user=person, digest="x", trusted_at=NOW, expires_at=NOW + timedelta(days=30))
    link = made(person, LinkPurpose.RESET)

    response = client.post(path(link), answers(), follow=True)

    assert response.redirect_chain == [("/accounts/login/", 302)]
    assert "Đã đặt mật khẩu" in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert User.objects.get(pk=person.pk).check_password(NEW)
    assert Session.objects.filter(user=person).count() == 0
    assert elsewhere.get("/accounts/profile/").status_code == 302
    assert TrustedDevice.objects.filter(revoked_at__isnull=True).count() == 0
    event = AuditEvent.objects.get(verb="account.password_reset")
    assert (event.actor, event.target_id) == (person, person.pk)
    assert Message.objects.get().kind == "account.password_changed"


def test_an_accepted_invitation_is_written_down_and_tells_nobody(client, person):
    client.post(path(made(person)), answers())

    assert list(AuditEvent.objects.values_list("verb", "actor")) == [("account.invitation_accepted", person.pk)]
    assert Message.objects.count() == 0


def test_a_link_works_once(client, person):
    link = made(person)
    client.post(path(link), answers())

    again = client.post(path(link), answers(new_password1=NEW + "x", new_password2=NEW + "x"))

    assert again.status_code == 410
    assert User.objects.get(pk=person.pk).check_password(NEW)


@pytest.mark.parametrize("what_happened", [_used, _replaced, _ended, _moved, _switched_off])
def test_what_happens_between_the_look_and_the_button_counts(person, what_happened):
    link = made(person, now=NOW)
    opened = links.open_link(links.token(link), "invitation", NOW)
    what_happened(AccountLink.objects.get(pk=link.pk))
    before = User.objects.get(pk=person.pk).password

    with pytest.raises(LinkRefused):
        links.use(opened, "mot mat khau khac 1975", NOW, at=AT)

    assert User.objects.get(pk=person.pk).password == before


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_of_two_posts_at_once_one_wins(person):
    address = path(made(person))
    gate, seen = threading.Barrier(2), []

    def post(password: str) -> None:
        browser = Client()
        browser.get(address)
        gate.wait()
        try:
            response = browser.post(address, answers(new_password1=password, new_password2=password))
            seen.append((response.status_code, password))
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(f"con duong xanh 195{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(code for code, _ in seen) == [302, 410]
    winner = next(password for code, password in seen if code == 302)
    assert User.objects.get(pk=person.pk).check_password(winner)
    assert AuditEvent.objects.filter(verb="account.invitation_accepted").count() == 1


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_two_links_made_at_once_leave_one_open(person):
    gate, failures = threading.Barrier(4), []

    def make() -> None:
        try:
            gate.wait()
            made(person)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert AccountLink.objects.filter(ended_at__isnull=True).count() == 1
    assert AccountLink.objects.count() == 4


# --- making and mailing ---------------------------------------------------------------------------


def test_a_newer_link_ends_the_older_one(person):
    first = made(person, now=NOW)
    second = made(person, LinkPurpose.RESET, now=NOW)
    first.refresh_from_db()
    assert (first.ended_at, second.ended_at) == (NOW, None)


def test_nobody_who_is_switched_off_gets_a_link():
    with pytest.raises(LinkRefused):
        made(make_user("cuu", is_active=False))
    assert AccountLink.objects.count() == 0


def test_a_printed_link_is_bound_to_no_mail_address(person):
    invitation = made(person, now=NOW, printed=True)
    _moved(invitation)
    assert links.open_link(links.token(invitation), "invitation", NOW) == invitation

    reset = made(person, LinkPurpose.RESET, now=NOW, printed=True)
    assert reset.expires_at == NOW + timedelta(hours=24)


def test_the_mail_carries_the_secret_and_nothing_that_is_kept_does(person, mailoutbox):
    office = make_office_user()
    now = timezone.now()
    links.send_many([person], LinkPurpose.INVITATION, by=office, now=now, at=AT)

    counts = run_round(now=AT)

    link = AccountLink.objects.get()
    secret = links.token(link).split("-", 1)[1]
    assert counts["sent"] == 1
    assert links.address(link) in mailoutbox[0].body
    assert mailoutbox[0].to == ["ylan@example.vn"]
    assert "dakha" not in mailoutbox[0].body
    mail = Message.objects.get()
    assert "[đường dẫn]" in mail.body
    kept = [
        *Message.objects.values(),
        *Notice.objects.values(),
        *AuditEvent.objects.values(),
        *AccountLink.objects.values(),
    ]
    assert secret not in str(kept)
    browser = Client()
    browser.force_login(office)
    shown = [browser.get(f"/thong-bao/thu/{mail.pk}/"), browser.get("/thong-bao/so-gui/")]
    assert [(page.status_code, secret in page.content.decode()) for page in shown] == [(200, False)] * 2


def test_a_mail_that_waits_shows_no_secret_either(person):
    office = make_office_user()
    links.send_many([person], LinkPurpose.INVITATION, by=office, now=timezone.now(), at=AT)
    browser = Client()
    browser.force_login(office)

    page = browser.get(f"/thong-bao/thu/{Message.objects.get().pk}/").content.decode()

    assert "[đường dẫn]" in page
    assert links.token(AccountLink.objects.get()).split("-", 1)[1] not in page


@pytest.mark.parametrize("what_happened", [_used, _replaced, _ended, _moved, _switched_off])
def test_the_mail_of_a_link_that_is_worth_nothing_stays_here(person, what_happened, mailoutbox):
    links.send_many([person], LinkPurpose.INVITATION, by=None, now=timezone.now(), at=AT)
    what_happened(AccountLink.objects.get())
    Message.objects.exclude(kind="account.invitation").delete()

    run_round(now=AT)

    assert [mail for mail in mailoutbox if "mời" in mail.subject] == []


def test_account_mails_leave_at_night_and_stand_in_nobodys_list(client, person, mailoutbox):
    night = at("2026-05-10", "02:00")
    links.send_many([person], LinkPurpose.RESET, by=None, now=timezone.now(), at=night)

    assert run_round(now=night)["sent"] == 1
    assert Notice.objects.visible_to(person).unread(now=night).count() == 0
    client.force_login(person)
    assert "Đặt lại mật khẩu" not in client.get("/thong-bao/").content.decode()


def test_many_invitations_are_one_row_of_the_audit_with_their_count(person):
    office = make_office_user()
    people = [person, make_user("mttq"), make_user("khongthu", email=""), make_user("cuu", is_active=False)]

    sent = links.send_many(people, LinkPurpose.INVITATION, by=office, now=timezone.now(), at=AT, ip="10.1.0.9")

    assert sent == 2
    event = AuditEvent.objects.get()
    assert (event.verb, event.data, event.target_id, event.ip) == ("account.invited", {"count": 2}, None, "10.1.0.9")


def test_making_many_links_takes_the_same_number_of_statements(django_assert_max_num_queries):
    people = [make_user(f"nguoi{n}") for n in range(30)]
    with django_assert_max_num_queries(16):
        links.send_many(people, LinkPurpose.INVITATION, by=None, now=timezone.now(), at=AT)


def test_the_log_shows_no_secret(person, caplog):
    link = made(person)
    secret = links.token(link).split("-", 1)[1]
    caplog.handler.addFilter(HideLinks())

    with caplog.at_level(logging.INFO), caplog.at_level(logging.INFO, logger="django.request"):
        Client(enforce_csrf_checks=True).post(path(link), answers())
        Client().put(path(link))
        Client().get(path(link)[:-3] + "/")

    refused = [record.getMessage() for record in caplog.records if record.name.startswith("django.")]
    assert refused == [
        "Forbidden (CSRF cookie not set.): accounts:invitation",
        "Method Not Allowed: unknown",
        "Not Found: accounts:invitation",
    ]
    assert secret[:-3] not in caplog.text
    assert "loi-moi" not in caplog.text
