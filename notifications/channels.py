"""The ways out of the system, behind one small interface: a message and its notices go in, a refusal or None comes out.

What shows in the app needs no way out: its row is its delivery. Mail is written in letters.py; here are what goes to
another system, signed, and short messages through a provider's gateway, off until an address of one is set.
"""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any

from django.conf import settings

from notifications import letters
from notifications.letters import Letter, Line, Refusal
from notifications.models import ChannelKind, Message, Notice

LONGEST_SMS = 320
# Answers that may be another one later; the rest of the 4xx will not.
FOR_NOW = (408, 425, 429)


class Channels:
    """All ways of one round; the line to the mail server is opened with the first mail."""

    def __init__(self) -> None:
        self._line = Line()

    def __enter__(self) -> "Channels":
        return self

    def __exit__(self, *problem: Any) -> None:
        self._line.__exit__(*problem)

    @property
    def wasted(self) -> float:
        """Seconds spent on a mail server that could not be reached."""
        return self._line.wasted

    def send(self, said: Letter, *, within: float) -> Refusal | None:
        """Hand one message over by its own way; None when it was taken, else why not.

        Args:
            said: what it says; its subject and text have been written.
            within: seconds it may take.
        """
        message = said.mail
        if message.channel == ChannelKind.WEBHOOK:
            return send_webhook(message, said.notices, within=within)
        if message.channel == ChannelKind.SMS:
            return send_sms(message, within=within)
        return self._line.send(letters.email(said), within=within)


def signature(secret: bytes, stamp: str, body: bytes) -> str:
    """What the other system compares: HMAC-SHA-256 over the time stamp, a point and the body, in hexadecimal."""
    return hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def send_webhook(message: Message, notices: list[Notice], *, within: float) -> Refusal | None:
    """POST the notices to another system as JSON, signed; the same message always has the same key.

    Titles and addresses only, as in a mail: nothing that somebody typed, nobody's name.
    """
    assert message.address is not None
    body = json.dumps(
        {
            "key": message.key,
            "kind": message.kind,
            "unit": message.address.unit.code,
            "subject": message.subject,
            "items": [
                {"kind": notice.kind, "title": notice.title, "url": f"{settings.SITE_URL}{notice.url}"}
                for notice in notices
            ],
        },
        ensure_ascii=False,
    ).encode()
    stamp = message.due_at.isoformat()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Notification-Key": message.key,
        "X-Timestamp": stamp,
        "X-Signature-256": signature(message.address.secret, stamp, body),
    }
    return _post(message.to, body, headers, within=within)


def send_sms(message: Message, *, within: float) -> Refusal | None:
    """Hand one short message to the provider's gateway (SMS_GATEWAY_URL, SMS_GATEWAY_TOKEN)."""
    if not settings.SMS_GATEWAY_URL:
        return Refusal("Kênh tin nhắn chưa được bật (SMS_GATEWAY_URL)", for_good=True)
    text = f"{message.subject}. {settings.SITE_URL}/"[:LONGEST_SMS]
    body = json.dumps({"to": message.to, "text": text, "id": message.key}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}",
    }
    return _post(settings.SMS_GATEWAY_URL, body, headers, within=within)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A signed message goes where an administrator said, and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


# No proxies of the environment either.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects())


def _post(url: str, body: bytes, headers: dict[str, str], *, within: float) -> Refusal | None:
    """POST and read the answer's code. The other side may have taken what it did not answer in time: in doubt."""
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with _opener.open(request, timeout=min(within, settings.EMAIL_TIMEOUT)):
            return None
    except urllib.error.HTTPError as error:
        error.close()
        for_good = 300 <= error.code < 500 and error.code not in FOR_NOW
        return Refusal(f"Bên nhận trả lời {error.code}", for_good=for_good)
    except urllib.error.URLError as error:
        return Refusal(f"Không nối được bên nhận: {letters.in_words(error)}")
    except (OSError, HTTPException) as error:
        return Refusal(f"Đứt nối với bên nhận: {letters.in_words(error)}", in_doubt=True)
    except ValueError as error:
        return Refusal(f"Địa chỉ không hợp lệ: {letters.in_words(error)}", for_good=True)
