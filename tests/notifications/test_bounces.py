"""A delivery failure that comes back by mail."""

import io

import pytest
from django.core.management import CommandError, call_command

from notifications import delivery, outbox, rounds
from notifications.models import Message, Notice
from tests.factories import at, make_user

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15", "09:00")
FAILURE = """From: MAILER-DAEMON@mail.example.vn
To: theodoi@example.vn
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.vn

Final-Recipient: rfc822; an@example.vn
Action: {action}
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 Mailbox
    full

--B
Content-Type: {kind}

X-Notification-Key: {key}
Subject: Nhac viec

text
--B--
"""


@pytest.fixture
def sent():
    outbox.tell(key="kept:1", kind="kept", recipient=make_user("an"), title="Việc 1a.3", now=NOW, mail="own")
    rounds.run_round(now=NOW)
    return Message.objects.get()


def come_back(monkeypatch, key, *, kind="message/rfc822", action="failed"):
    text = FAILURE.format(key=key, kind=kind, action=action).replace("\n", "\r\n")

    class Standard:
        buffer = io.BytesIO(text.encode())

    monkeypatch.setattr("notifications.management.commands.note_bounce.sys.stdin", Standard())
    call_command("note_bounce")


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_the_reason_of_a_failure_stands_on_the_mail_and_its_notice(sent, monkeypatch, capsys, kind):
    come_back(monkeypatch, sent.key, kind=kind)

    sent.refresh_from_db()
    assert (sent.state, sent.last_error) == ("dead", "Thư bị trả lại: 5.2.2 smtp; 552 5.2.2 Mailbox full")
    assert Notice.objects.get().state == "dead"
    assert capsys.readouterr().out == "kept:1: Thư bị trả lại: 5.2.2 smtp; 552 5.2.2 Mailbox full\n"


def test_a_mail_that_came_back_can_be_sent_again_by_hand(sent, monkeypatch):
    come_back(monkeypatch, sent.key)
    sent.refresh_from_db()

    assert delivery.send_again(sent)
    assert rounds.run_round(now=NOW)["sent"] == 1


@pytest.mark.parametrize(
    ("key", "action", "words"),
    [
        ("kept:1", "delayed", "Thư này không phải thư báo không gửi được."),
        ("khac:9", "failed", "Không tìm thấy thư của phần mềm mà thư này báo lại."),
    ],
)
def test_what_is_no_failure_of_ours_changes_nothing_and_says_so(sent, monkeypatch, key, action, words):
    with pytest.raises(CommandError, match=words):
        come_back(monkeypatch, key, action=action)

    sent.refresh_from_db()
    assert sent.state == "sent"


def test_any_bytes_are_answered_in_a_sentence(sent, monkeypatch):
    class Standard:
        buffer = io.BytesIO(bytes(range(256)) * 4)

    monkeypatch.setattr("notifications.management.commands.note_bounce.sys.stdin", Standard())
    with pytest.raises(CommandError, match="không phải thư báo không gửi được"):
        call_command("note_bounce")
