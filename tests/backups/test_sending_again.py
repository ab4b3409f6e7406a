"""Scenario 25: yesterday's backup is restored, and nothing that left since leaves again until the office says what shall become of it."""

from collections.abc import Iterator

import pytest

from tests.backups.places import Place
from tests.faults.sink import Sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server that counts."""
    server = Sink()
    yield server
    server.close()


def received(sink: Sink) -> list[tuple[str, str]]:
    """Whom it was for and what the first line said, in the order of arrival."""
    return [(send.recipient, send.key.partition(":")[0].strip()) for send in sink.accepted]


@pytest.fixture
def restored(place: Place, wiped: Place, sink: Sink) -> Place:
    """The backup of Sunday night on a new machine; on Monday at 07:30 the old one sent what was due, at 10:00 it died."""
    mail = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_TIMEOUT": 5,
    }
    mail |= {"EMAIL_PORT": sink.door(), "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False}
    place.settings |= mail
    wiped.settings |= mail
    # The work of the original is due on Friday; 18/4 is a holiday, so three working days before is Monday.
    place.settings["NOW"] = "2024-04-14T22:00:00+07:00"
    assert place.run("backup")[0] == 0
    place.run("run_reminders", "--now", "2024-04-15T07:30")
    assert received(sink) == [("dakha@example.vn", "daily")]
    wiped.settings["NOW"] = "2024-04-15T10:30:00+07:00"
    code, _, err = wiped.run("restore", str(place.backups / place.shown()[0]))
    assert code == 0, err
    # Somebody works with the restored system while everything is still held.
    wiped.settings["NOW"] = "2024-04-15T10:40:00+07:00"
    wiped.do("tell", username="nguoimoi", title="Việc mới sau khi khôi phục", now="2024-04-15T10:40:00+07:00")
    return wiped


def tick(place: Place, moment: str) -> None:
    code, _, err = place.run("run_reminders", "--now", f"2024-04-15T{moment}")
    assert code == 0, err


def test_nothing_leaves_until_somebody_lets_go(restored: Place, sink: Sink):
    tick(restored, "10:45")
    tick(restored, "16:00")

    assert len(received(sink)) == 1
    assert restored.ask("SELECT held_reason FROM notifications_pulse") == [
        ("Khôi phục từ bản sao lưu lúc 22:00 14/4/2024",)
    ]


def test_what_may_have_left_is_dropped_on_demand_and_what_is_new_is_sent(restored: Place, sink: Sink):
    tick(restored, "10:45")
    code, out, _ = restored.run("hold_sends", "--release", "--drop-doubtful")
    tick(restored, "10:50")

    assert (code, out.strip()) == (0, "Thư được gửi tiếp; bỏ 1 thư có thể đã gửi trước khi khôi phục.")
    assert received(sink)[1:] == [("nguoimoi@example.vn", "more")]
    assert restored.ask("SELECT state, last_error FROM notifications_message WHERE kind = 'daily'") == [
        ("superseded", "Không gửi: có thể đã gửi trước khi khôi phục dữ liệu.")
    ]


def test_or_everything_is_sent_once_more(restored: Place, sink: Sink):
    restored.run("hold_sends", "--release")
    tick(restored, "10:50")

    assert sorted(received(sink)[1:]) == [("dakha@example.vn", "daily"), ("nguoimoi@example.vn", "more")]
