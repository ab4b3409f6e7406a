"""The pages of notices and mails."""

import pytest
from django.urls import reverse

from notifications import kinds, outbox
from notifications.badge import unread_count
from notifications.models import Message, MessageState, Notice
from notifications.rounds import run_round
from records.models import AuditEvent
from tests.factories import at, make_office_user, make_user

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15", "09:00")
INBOX = "/thong-bao/"
LEDGER = "/thong-bao/so-gui/"


@pytest.fixture(autouse=True)
def _this_monday(monkeypatch):
    monkeypatch.setattr(kinds, "planners", [])
    monkeypatch.setattr("notifications.views.clock.now", lambda: NOW)
    monkeypatch.setattr("notifications.views.clock.today", lambda: NOW.date())


@pytest.fixture
def user():
    return make_user("dakha")


@pytest.fixture
def signed_in(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def office(client):
    client.force_login(make_office_user())
    return client


def tell(user, key="x:1", title="Cần bổ sung báo cáo: việc 1a.3", *, now=NOW, mail=None, **values):
    return outbox.tell(key=key, kind="kept", recipient=user, title=title, now=now, mail=mail, **values)


def text_of(response):
    return response.content.decode()


def test_a_person_sees_own_notices_newest_first(signed_in, user):
    tell(user, "a", "Việc thứ nhất", now=at("2024-04-12", "08:00"))
    tell(user, "b", "Việc thứ hai")
    tell(make_user(), "c", "Việc của người khác")

    page = text_of(signed_in.get(INBOX))

    assert page.index("Việc thứ hai") < page.index("Việc thứ nhất")
    assert "Việc của người khác" not in page
    assert "Giữ nguyên việc" in page
    assert "08:00 12/4/2024" in page


def test_what_is_not_due_yet_does_not_show(signed_in, user):
    tell(user, "a", "Việc ngày mai", now=at("2024-04-16", "08:00"))

    assert "Việc ngày mai" not in text_of(signed_in.get(INBOX))
    assert unread_count(user, now=NOW) == 0
    assert unread_count(user, now=at("2024-04-16", "08:00")) == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({}, "Thư sẽ gửi từ 07:30 16/4/2024"),
        ({"state": "sent", "sent_at": at("2024-04-16", "07:31")}, "Thư đã gửi 07:31 16/4/2024"),
        ({"attempts": 2, "last_error": "451 bí mật"}, "Thư chưa gửi được, sẽ thử lại"),
        ({"state": "dead", "last_error": "550 bí mật"}, "Thư không gửi được"),
        ({"state": "held"}, "Thư được giữ lại, chưa gửi"),
    ],
)
def test_the_mails_state_stands_beside_the_notice_in_words(signed_in, user, state, words):
    notice = tell(user, mail="own", now=at("2024-04-15", "18:00"))
    Message.objects.update(**state)
    Notice.objects.filter(pk=notice.pk).update(due_at=NOW)

    page = text_of(signed_in.get(INBOX))

    assert words in page
    assert "bí mật" not in page


def test_a_notice_in_the_app_only_says_nothing_about_mail(signed_in, user):
    tell(user)

    assert "Thư " not in text_of(signed_in.get(INBOX)).partition("<main")[2]


def test_an_empty_list_says_what_will_come(signed_in):
    assert "Chưa có thông báo nào" in text_of(signed_in.get(INBOX))


def test_long_lists_have_pages(signed_in, user, django_assert_max_num_queries):
    for number in range(27):
        tell(user, f"k{number}", f"Việc số {number:02}")

    with django_assert_max_num_queries(10):
        first = text_of(signed_in.get(INBOX))
    second = text_of(signed_in.get(INBOX, {"page": "2"}))

    assert first.count("Việc số") == 50  # the title, and again for whoever cannot see which button it is
    assert "Việc số 00" in second
    assert signed_in.get(INBOX, {"page": "khong-co"}).status_code == 200


def test_one_notice_is_marked_as_read(signed_in, user):
    first, second = tell(user, "a"), tell(user, "b")

    response = signed_in.post(reverse("notifications:mark_read", args=[first.pk]), {"page": "2"})

    assert response["Location"] == "/thong-bao/?page=2"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.read_at, second.read_at) == (NOW, None)
    assert unread_count(user, now=NOW) == 1


def test_opening_a_notice_marks_it_as_read_and_goes_there(signed_in, user):
    notice = tell(user, url="/viec/3/")

    response = signed_in.post(reverse("notifications:open", args=[notice.pk]))

    assert response["Location"] == "/viec/3/"
    assert unread_count(user, now=NOW) == 0


def test_a_notice_never_leads_to_another_site(signed_in, user):
    notice = tell(user, url="https://example.com/")

    assert signed_in.post(reverse("notifications:open", args=[notice.pk]))["Location"] == "/thong-bao/"


def test_all_are_marked_as_read_but_what_came_meanwhile(signed_in, user):
    last = tell(user, "a")
    tell(user, "b")

    signed_in.post(reverse("notifications:mark_all_read"), {"last": str(last.pk)})
    assert unread_count(user, now=NOW) == 1

    signed_in.post(reverse("notifications:mark_all_read"), {"last": "9" * 40})
    assert unread_count(user, now=NOW) == 0


def test_marking_all_leaves_the_notices_of_others_unread(signed_in, user):
    colleague = make_user()
    tell(user, "a")
    tell(colleague, "b")

    signed_in.post(reverse("notifications:mark_all_read"), {"last": "9" * 18})

    assert (unread_count(user, now=NOW), unread_count(colleague, now=NOW)) == (0, 1)


@pytest.mark.parametrize("name", ["mark_read", "open"])
def test_another_persons_notice_does_not_exist(signed_in, name):
    notice = tell(make_user())

    assert signed_in.post(reverse(f"notifications:{name}", args=[notice.pk])).status_code == 404
    assert Notice.objects.get().read_at is None


@pytest.mark.parametrize("path", [INBOX, LEDGER, "/thong-bao/thu/1/"])
def test_strangers_are_sent_to_the_sign_in(client, path):
    response = client.get(path)

    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("name", ["mark_read", "open", "resend"])
def test_changes_need_a_post(signed_in, name):
    assert signed_in.get(reverse(f"notifications:{name}", args=[1])).status_code == 405


def test_a_mail_shows_as_it_was_sent(signed_in, user):
    tell(user, mail="own", url="/viec/3/")
    run_round(now=NOW)
    mail = Message.objects.get()

    page = text_of(signed_in.get(reverse("notifications:message_detail", args=[mail.pk])))

    assert "Nội dung đã gửi" in page
    assert "http://127.0.0.1:8000/viec/3/" in page
    assert "đã gửi 09:00 15/4/2024" in page


def test_a_waiting_mail_shows_as_it_would_leave(signed_in, user):
    tell(user, mail="own")

    page = text_of(signed_in.get(reverse("notifications:message_detail", args=[Message.objects.get().pk])))

    assert "Nội dung sẽ gửi" in page
    assert "Cần bổ sung báo cáo: việc 1a.3." in page


def test_a_withdrawn_mail_says_that_nothing_is_left(signed_in, user):
    tell(user, mail="own", target=user)
    outbox.supersede(user, now=NOW)

    page = text_of(signed_in.get(reverse("notifications:message_detail", args=[Message.objects.get().pk])))

    assert "không còn cần gửi" in page


def test_another_persons_mail_does_not_exist(signed_in):
    tell(make_user(), mail="own")

    assert signed_in.get(reverse("notifications:message_detail", args=[Message.objects.get().pk])).status_code == 404


def test_the_ledger_is_the_offices(signed_in):
    assert signed_in.get(LEDGER).status_code == 403


def test_the_ledger_shows_every_mail_with_its_state(office):
    tell(make_user("an"), "a", mail="own")
    tell(make_user("binh"), "b", mail="own")
    Message.objects.filter(recipient__username="an").update(state=MessageState.DEAD, last_error="550 no such user")

    page = text_of(office.get(LEDGER))

    assert "an@example.vn" in page
    assert "Không gửi được: 550 no such user" in page
    assert "Sẽ gửi từ 09:00 15/4/2024" in page
    assert "2 thư" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "dead"}, ["an"]),
        ({"day": "15/4/2024"}, ["an", "binh"]),
        ({"day": "16/4/2024"}, []),
        ({"day": "16/4/2024", "state": "planned"}, []),
        # What makes no sense filters nothing and says so.
        ({"day": "hôm qua"}, ["an", "binh"]),
        ({"state": "khác"}, ["an", "binh"]),
    ],
)
def test_the_ledger_is_filtered_by_state_and_day(office, query, found):
    tell(make_user("an"), "a", mail="own")
    tell(make_user("binh"), "b", mail="own")
    Message.objects.filter(recipient__username="an").update(state=MessageState.DEAD)

    page = text_of(office.get(LEDGER, query))

    assert [name for name in ("an", "binh") if f"{name}@example.vn" in page] == found


def test_the_ledger_says_what_a_wrong_day_should_look_like(office):
    page = text_of(office.get(LEDGER, {"day": "hôm qua"}))

    assert "Xin nhập ngày dạng 15/4/2024." in page
    assert 'value="hôm qua"' in page


def test_the_ledger_says_what_leaves_next(office, monkeypatch):
    assert "Chưa có thư nào phải gửi vào ngày mai 07:30." in text_of(office.get(LEDGER))

    for number in range(12):
        tell(make_user(), f"k{number}", mail="own", now=at("2024-04-15", "18:00"))
    monkeypatch.setattr("notifications.views.clock.now", lambda: at("2024-04-15", "18:01"))

    assert "Ngày mai 07:30 gửi 12 thư." in text_of(office.get(LEDGER))


def test_the_forecast_counts_what_the_morning_will_plan(office, monkeypatch):
    people = [make_user(), make_user()]

    class Planner:
        def coming(self, *, now):
            told = (("p1", people[0]), ("p2", people[0]), ("p3", people[1]))
            return [kinds.Coming(key, "due-3", person.pk, None, "Việc") for key, person in told]

    monkeypatch.setattr(kinds, "planners", [Planner()])
    tell(people[0], "d", mail="daily", now=at("2024-04-15", "18:00"))
    monkeypatch.setattr("notifications.views.clock.now", lambda: at("2024-04-15", "18:01"))

    assert "Ngày mai 07:30 gửi 2 thư." in text_of(office.get(LEDGER))


def test_the_ledger_takes_the_same_statements_for_one_and_for_many(office, django_assert_max_num_queries):
    for number in range(30):
        tell(make_user(), f"k{number}", mail="own")

    with django_assert_max_num_queries(14):
        office.get(LEDGER)


def test_the_office_sends_again_what_was_given_up(office):
    tell(make_user(), mail="own")
    Message.objects.update(state=MessageState.DEAD, attempts=9)
    Notice.objects.update(state="dead")
    mail = Message.objects.get()
    path = reverse("notifications:message_detail", args=[mail.pk])
    assert "Gửi lại" in text_of(office.get(path))

    response = office.post(reverse("notifications:resend", args=[mail.pk]), follow=True)

    assert "Thư sẽ được gửi lại trong lượt gửi tới." in text_of(response)
    assert AuditEvent.objects.get().verb == "message.resent"
    assert run_round(now=NOW)["sent"] == 1


def test_a_mail_that_is_out_is_not_sent_again(office):
    tell(make_user(), mail="own")
    run_round(now=NOW)

    response = office.post(reverse("notifications:resend", args=[Message.objects.get().pk]), follow=True)

    assert "không còn ở trạng thái không gửi được" in text_of(response)
    assert run_round(now=NOW)["sent"] == 0


def test_only_the_office_sends_again(signed_in, user):
    tell(user, mail="own")
    Message.objects.update(state=MessageState.DEAD)

    assert signed_in.post(reverse("notifications:resend", args=[Message.objects.get().pk])).status_code == 403


def test_the_forecast_counts_what_the_evening_left_behind(office, monkeypatch):
    tell(make_user(), mail="own", now=at("2024-04-15", "16:00"))
    monkeypatch.setattr("notifications.views.clock.now", lambda: at("2024-04-15", "18:01"))

    assert "Ngày mai 07:30 gửi 1 thư." in text_of(office.get(LEDGER))
