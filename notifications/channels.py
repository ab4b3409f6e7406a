"""The ways out of the system, behind one small interface: a message and its notices go in, a refusal or None comes out.

What shows in the app needs no way out: its row is its delivery. Mail is written in letters.py; here are what goes to
another system, signed, and short messages through a provider's gateway, off until an address of one is set.

Another system gets what Standard Webhooks describes (standardwebhooks.com), so that it can check it with a library it has:
docs/webhooks.md.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.urls import is_valid_path
from django.utils import timezone

from directive_tracker.vietnamese import ZONE
from notifications import kinds, letters, posting, targets
from notifications.letters import Letter, Line, Refusal
from notifications.models import ChannelKind, Message, Notice, UnitAddress
from notifications.posting import Answer

LONGEST_SMS = 320
# Answers that may be another one later; the rest of the 4xx will not.
FOR_NOW = (408, 425, 429)
FORMAT = 1
# What libraries of Standard Webhooks call a key written in base64.
ENCODED_KEY = "whsec_"


class Mails:
    """The mail of one round; the line to the mail server is opened with the first."""

    def __init__(self) -> None:
        self._line = Line()

    def __enter__(self) -> "Mails":
        return self

    def __exit__(self, *problem: Any) -> None:
        self._line.__exit__(*problem)

    @property
    def wasted(self) -> float:
        """Seconds spent on a mail server that could not be reached."""
        return self._line.wasted

    def send(self, said: Letter, *, within: float) -> Refusal | None:
        """Hand one mail over; None when it was taken, else why not.

        Args:
            said: what it says; its subject and text have been written.
            within: seconds it may take.
        """
        return self._line.send(letters.email(said), within=within)


def call(said: Letter) -> Callable[[float], Answer]:
    """What goes to an address other than a mailbox, ready to be sent: a function of the seconds it may take, which asks no
    database, so that several can be under way at once."""
    message = said.mail
    assert message.address is not None
    if message.address.channel == ChannelKind.WEBHOOK:
        return webhook(message.address, event_of(message), payload(message, said.notices))
    return short_message(message)


def refusal_of(answer: Answer) -> Refusal | None:
    """None when the other side took it, else why not."""
    if answer.code is None:
        return Refusal(answer.trouble, for_good=answer.for_good, in_doubt=answer.in_doubt)
    if 200 <= answer.code < 300:
        return None
    return Refusal(f"Bên nhận trả lời {answer.code}", for_good=300 <= answer.code < 500 and answer.code not in FOR_NOW)


# --- another system ------------------------------------------------------------------------------------------------


def event_of(message: Message) -> str:
    """The number of what a message tells: the same however often it is sent (header webhook-id)."""
    return str(uuid5(NAMESPACE_URL, message.key))


def payload(message: Message, notices: list[Notice]) -> dict[str, Any]:
    """What another system is told: titles and addresses only, as in a mail; nothing that somebody typed, nobody's name.

    It only ever gains fields (docs/webhooks.md).
    """
    assert message.address is not None
    return {
        "format": FORMAT,
        "event": event_of(message),
        "key": message.key,
        "kind": message.kind,
        "trial": False,
        "unit": message.address.unit.code,
        "due_at": _moment(message.due_at),
        "subject": message.subject,
        "items": [_item(notice) for notice in notices],
    }


def trial_payload(address: UnitAddress, event: str, *, now: datetime) -> dict[str, Any]:
    """The like for trying an address out: `trial` is true and there is nothing to do."""
    return {
        "format": FORMAT,
        "event": event,
        "key": f"trial:{event}",
        "kind": "trial",
        "trial": True,
        "unit": address.unit.code,
        "due_at": _moment(now),
        "subject": "Tin thử của phần mềm Theo dõi văn bản chỉ đạo",
        "items": [],
    }


def _item(notice: Notice) -> dict[str, Any]:
    """One notice: its page, and what it is about by its stable number and its address in the API."""
    about = None
    if (place := kinds.api_place(notice.target_type)) is not None and notice.target_id is not None:
        name, path = place[0], place[1].format(notice.target_id)
        # An address that this release does not have is not promised.
        about = {
            "type": name,
            "id": notice.target_id,
            "api": f"{settings.SITE_URL}{path}" if is_valid_path(path) else "",
        }
    return {
        "kind": notice.kind,
        "title": notice.title,
        "url": f"{settings.SITE_URL}{notice.url}",
        "object": about,
    }


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment, ZONE).isoformat(timespec="seconds")


def key_of(secret: str) -> bytes:
    """The bytes of a key as it is typed: whsec_ and base64, or any words. Raises ValueError for broken base64."""
    if secret.startswith(ENCODED_KEY):
        return base64.b64decode(secret.removeprefix(ENCODED_KEY), validate=True)
    return secret.encode()


def signature(key: bytes, event: str, stamp: int, body: bytes) -> str:
    """What the other system compares: "v1," and HMAC-SHA-256 over event, time stamp and body with points between, in base64.

    Args:
        stamp: seconds since 1970 of this try; who gets it refuses one that is more than five minutes away.
    """
    signed = b".".join((event.encode(), str(stamp).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def webhook(address: UnitAddress, event: str, said: dict[str, Any]) -> Callable[[float], Answer]:
    """A signed POST to another system, ready to be sent: a function of the seconds it may take."""
    body = json.dumps(said, ensure_ascii=False).encode()
    keys = [key_of(secret.decode()) for secret in address.secrets]
    url = address.address

    def send(within: float) -> Answer:
        try:
            target = targets.parse(url)
        except targets.Refused as refused:
            return Answer(trouble=str(refused))
        # Of this try, not of the event: a signature that somebody kept is soon worth nothing.
        stamp = int(time.time())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "directive-tracker-webhook/1",
            "webhook-id": event,
            "webhook-timestamp": str(stamp),
            "webhook-signature": " ".join(signature(key, event, stamp, body) for key in keys),
            "X-Notification-Key": said["key"],
        }
        return posting.post(target, body, headers, within=min(within, settings.WEBHOOK_TIMEOUT))

    return send


# --- short messages ------------------------------------------------------------------------------------------------


def short_message(message: Message) -> Callable[[float], Answer]:
    """One short message for the provider's gateway (SMS_GATEWAY_URL, SMS_GATEWAY_TOKEN), ready to be sent."""
    text = f"{message.subject}. {settings.SITE_URL}/"[:LONGEST_SMS]
    body = json.dumps({"to": message.to, "text": text, "id": message.key}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}",
    }

    def send(within: float) -> Answer:
        if not settings.SMS_GATEWAY_URL:
            return Answer(trouble="Kênh tin nhắn chưa được bật (SMS_GATEWAY_URL)", for_good=True)
        within = min(within, settings.WEBHOOK_TIMEOUT)
        return posting.post_to_gateway(settings.SMS_GATEWAY_URL, body, headers, within=within)

    return send
