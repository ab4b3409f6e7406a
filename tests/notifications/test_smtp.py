"""Against a real mail server: headers, kept connection, refusals for now and for good."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import kinds, outbox
from notifications.letters import Line, Refusal, email, letter
from notifications.models import Message, MessageState
from notifications.rounds import run_round
from tests.factories import at, make_user

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15", "09:00")
ROUND = {"planned": 0, "held": 0, "sent": 0, "failed": 0, "superseded": 0}


@pytest.fixture(autouse=True)
def _no_planners(monkeypatch):
    monkeypatch.setattr(kinds, "planners", [])


def tell(username, key):
    outbox.tell(
        key=key, kind="x", recipient=make_user(username), title="Cần bổ sung báo cáo", now=NOW, mail="own", url="/bc/1/"
    )


def retry_now():
    Message.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


def test_a_mail_carries_its_key_and_a_message_id_that_stays(sink):
    tell("an", "x:1")

    assert run_round(now=NOW) == {**ROUND, "sent": 1}

    (mail,) = sink.mails
    assert mail["X-Notification-Key"] == "x:1"
    assert mail["Message-ID"] == "<811571c0-bba2-555e-ad50-097604dfb053@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"] == "an@example.vn"
    assert mail["Subject"] == "Cần bổ sung báo cáo"
    plain, page = mail.iter_parts()
    assert [part.get_content_type() for part in (plain, page)] == ["text/plain", "text/html"]
    assert "http://127.0.0.1:8000/bc/1/" in plain.get_content()
    assert '<a href="http://127.0.0.1:8000/bc/1/"' in page.get_content()
    # Nothing is fetched when the mail is opened.
    assert [word for word in ("<img", "src=", "@import", "url(", "<link") if word in page.get_content()] == []


def test_one_connection_serves_a_round(sink):
    for number in range(12):
        tell(f"nguoi-{number}", f"x:{number}")

    assert run_round(now=NOW) == {**ROUND, "sent": 12}
    assert len(sink.sessions) == 1


def test_a_refusal_for_now_is_tried_again_later_with_the_same_message_id(sink):
    tell("an", "x:1")
    sink.rcpt["an@example.vn"] = ["451 greylisted"]

    assert run_round(now=NOW) == {**ROUND, "failed": 1}
    message = Message.objects.get()
    assert (message.state, message.attempts) == (MessageState.PLANNED, 1)
    assert message.last_error == "Máy chủ thư trả lời 451: greylisted"
    assert message.next_try_at > timezone.now() - timedelta(seconds=5)

    retry_now()
    assert run_round(now=NOW) == {**ROUND, "sent": 1}
    assert [mail["X-Notification-Key"] for mail in sink.mails] == ["x:1"]


def test_a_mail_is_tried_once_a_round(sink, monkeypatch):
    monkeypatch.setattr("notifications.delivery.back_off", lambda attempts: timedelta(0))
    tell("an", "x:1")
    sink.rcpt["an@example.vn"] = ["451 no"] * 5

    assert run_round(now=NOW) == {**ROUND, "failed": 1}
    assert Message.objects.get().attempts == 1


def test_a_refused_recipient_is_given_up_at_once_and_the_connection_kept(sink):
    tell("an", "x:1")
    tell("binh", "x:2")
    sink.rcpt["an@example.vn"] = ["550 no such user"]

    assert run_round(now=NOW) == {**ROUND, "failed": 1, "sent": 1}

    dead = Message.objects.get(key="x:1")
    assert (dead.state, dead.last_error) == (MessageState.DEAD, "Máy chủ thư trả lời 550: no such user")
    assert len(sink.sessions) == 1


@pytest.mark.parametrize(
    ("answer", "state"), [("452 disk full", MessageState.PLANNED), ("554 refused", MessageState.DEAD)]
)
def test_a_refused_text_is_tried_again_or_given_up_by_its_code(sink, answer, state):
    tell("an", "x:1")
    sink.data = [answer]

    assert run_round(now=NOW) == {**ROUND, "failed": 1}
    assert Message.objects.get().state == state


def test_a_server_that_hangs_up_costs_one_try_and_not_the_others(sink):
    for number in range(3):
        tell(f"nguoi-{number}", f"x:{number}")
    sink.rcpt["nguoi-0@example.vn"] = ["421 closing"]

    assert run_round(now=NOW) == {**ROUND, "failed": 1, "sent": 2}


def test_a_server_that_is_away_loses_nothing(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tell("an", "x:1")
    tell("binh", "x:2")

    assert run_round(now=NOW) == {**ROUND, "failed": 2}
    assert set(Message.objects.values_list("state", flat=True)) == {"planned"}
    assert Message.objects.first().last_error.startswith("Không nối được máy chủ thư")


def test_after_a_day_of_tries_a_mail_is_given_up(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tell("an", "x:1")
    Message.objects.update(attempts=35)

    assert run_round(now=NOW) == {**ROUND, "failed": 1}
    assert Message.objects.get().state == MessageState.DEAD


# --- an end for each mail ------------------------------------------------------------------------


def test_a_server_that_answers_just_in_time_cannot_stretch_a_send(sink, settings):
    # Three seconds for a whole send; four answers of 0.9 s each are within the time-out of one second.
    settings.EMAIL_TIMEOUT = 1
    tell("an", "x:1")
    sink.wait = 0.9

    began = time.monotonic()
    assert run_round(now=NOW) == {**ROUND, "failed": 1}

    assert time.monotonic() - began < 4.5
    message = Message.objects.get()
    assert (message.state, message.suspect) == (MessageState.PLANNED, 1)
    assert message.last_error.startswith("Đứt nối với máy chủ thư: ")


def test_nothing_of_a_mail_leaves_after_its_time_is_over(sink):
    tell("an", "x:1")
    message = Message.objects.get()
    message.subject, message.body = "s", "b"

    with Line() as line:
        refusal = line.send(email(letter(message, list(message.notices.all()), now=NOW)), within=-1)

    assert refusal == Refusal("Đứt nối với máy chủ thư: máy chủ thư trả lời quá chậm")
    assert sink.mails == []
    assert sink.sessions == set()


def test_a_server_that_accepts_and_says_nothing_leaves_a_mail_in_doubt(sink, settings):
    settings.EMAIL_TIMEOUT = 1
    tell("an", "x:1")
    sink.wait_after = 2

    assert run_round(now=NOW) == {**ROUND, "failed": 1}

    message = Message.objects.get()
    assert (message.state, message.suspect) == (MessageState.PLANNED, 1)
    assert [mail["X-Notification-Key"] for mail in sink.mails] == ["x:1"]


def test_a_clear_refusal_leaves_nothing_in_doubt(sink):
    tell("an", "x:1")
    sink.data = ["451 no"]

    run_round(now=NOW)

    assert Message.objects.get().suspect == 0
