"""Mails that came back: a delivery failure (RFC 3464) names the mail, and the mail says why it did not arrive."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.db import transaction

from notifications.models import Message, MessageState, Notice, NoticeState

LONGEST = 400
KEY = "X-Notification-Key"


class NotABounce(Exception):
    """What came is no failure of one of our mails; the message says why."""


@transaction.atomic
def note(raw: bytes) -> Message:
    """Write the reason of a delivery failure on the mail it is about.

    Args:
        raw: the failure as it arrived.

    Returns: the mail, now given up. Errors: NotABounce with a sentence.
    """
    came = message_from_bytes(raw, policy=policy.default)
    failed = [fields for fields in _reports(came) if str(fields.get("Action", "")).strip().lower() == "failed"]
    if not failed:
        raise NotABounce("Thư này không phải thư báo không gửi được.")
    key = _key_of(came)
    mail = Message.objects.select_for_update().filter(key=key).first() if key else None
    if mail is None:
        raise NotABounce("Không tìm thấy thư của phần mềm mà thư này báo lại.")
    reason = " ".join(f"{failed[0].get('Status', '')} {failed[0].get('Diagnostic-Code', '')}".split())
    words = f"Thư bị trả lại: {reason[:LONGEST]}"
    if mail.state == MessageState.SENT:
        Notice.objects.filter(message=mail, state=NoticeState.SENT).update(state=NoticeState.DEAD)
        Message.objects.filter(pk=mail.pk).update(state=MessageState.DEAD, last_error=words)
        mail.refresh_from_db()
    return mail


def _reports(came: EmailMessage) -> Iterator[EmailMessage]:
    """The groups of fields of a delivery report, one for each recipient."""
    for part in came.walk():
        if part.get_content_type() == "message/delivery-status":
            yield from (group for group in part.get_payload() if isinstance(group, EmailMessage))


def _key_of(came: EmailMessage) -> str:
    """The key of the mail that came back, from the copy or the headers in it."""
    for part in came.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            for inner in part.get_payload():
                if isinstance(inner, EmailMessage) and inner.get(KEY):
                    return str(inner[KEY]).strip()
        elif kind == "text/rfc822-headers":
            headers = message_from_bytes(part.get_payload(decode=True) or b"", policy=policy.default)
            if headers.get(KEY):
                return str(headers[KEY]).strip()
    return ""
