"""What a mail says, and the line to the mail server.

Mails carry no personal data: titles and links of our own making, never words that somebody typed, no names.
"""

import smtplib
import time
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from types import TracebackType
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.template.loader import select_template
from django.utils.html import format_html

from directive_tracker.demo_line import DEMO_LINE
from notifications import kinds
from notifications.models import Message, Notice

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True)
class Refusal:
    """Why a mail did not get through, whether trying again is pointless, and whether it may have been accepted."""

    reason: str
    for_good: bool = False
    in_doubt: bool = False


@dataclass(frozen=True)
class Item:
    """One notice in a mail, and what stands below it."""

    notice: Notice
    lines: list[kinds.MailLine]


@dataclass(frozen=True)
class Letter:
    """A mail with what its templates know, read once for subject, text and page."""

    mail: Message
    notices: list[Notice]
    link: kinds.MailLink | None
    context: dict[str, Any]


def letter(
    mail: Message,
    notices: list[Notice],
    *,
    now: datetime,
    lines: dict[int, list[kinds.MailLine]] | None = None,
    links: dict[int, kinds.MailLink] | None = None,
) -> Letter:
    """What a mail with these notices says at this moment.

    Args:
        lines: notice id → what stands below it, links: mail id → its link, where the caller has read them for many
            mails at once.
    """
    if lines is None:
        lines = kinds.lines_of(notices, now=now)
    items = [Item(notice, lines.get(notice.pk, [])) for notice in notices]
    link = kinds.link_of(mail, notices, now=now) if links is None else links.get(mail.pk)
    context = {
        "mail": mail,
        "notices": notices,
        "items": items,
        # Lines with a page of their own are works; the others explain.
        "count": sum(sum(1 for line in item.lines if line.url) or 1 for item in items),
        "site_url": settings.SITE_URL,
        "demo_line": DEMO_LINE if settings.DEMO else "",
        "secret_place": kinds.SECRET_PLACE,
        "link_words": link.words if link is not None else "",
        "link_place": kinds.LINK_PLACE,
        **(kinds.words_of(notices[0]) if mail.kind != kinds.DAILY else {}),
    }
    return Letter(mail, notices, link, context)


def write(said: Letter) -> tuple[str, str]:
    """The subject and the text of a mail.

    The text comes from templates/notifications/email/<kind>.txt, or own.txt where the kind has none.
    """
    if said.mail.kind != kinds.DAILY or len(said.notices) == 1:
        subject = said.notices[0].title
    else:
        subject = f"Nhắc việc: {said.context['count']} việc sắp đến hạn hoặc cần chú ý"
    template = select_template([f"notifications/email/{said.mail.kind}.txt", "notifications/email/own.txt"])
    return " ".join(subject.split())[:200], template.render(said.context).strip() + "\n"


def write_html(said: Letter) -> str:
    """The same mail as a page: <kind>.html where the kind has tables to show, else the text with its links.

    No pictures and nothing from elsewhere: opening a mail tells nobody anything.
    """
    template = select_template([f"notifications/email/{said.mail.kind}.html", "notifications/email/from_text.html"])
    return template.render({**said.context, "body": said.mail.body, "subject": said.mail.subject})


def message_id(key: str) -> str:
    """The same Message-ID for the same mail, however often it is sent: a copy can be told."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid5(NAMESPACE_URL, key)}@{domain}>"


def email(said: Letter) -> EmailMessage:
    """The mail as it goes to the server; `subject` and `body` are written already, a secret address is put in here only."""
    mail, notices = said.mail, said.notices
    address = said.link.address() if said.link is not None and kinds.LINK_PLACE in mail.body else ""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=kinds.with_secrets(mail.body, notices).replace(kinds.LINK_PLACE, address or settings.SITE_URL),
        to=[mail.to],
        headers={
            "Message-ID": message_id(mail.key),
            "X-Notification-Key": mail.key,
            # Keeps holiday answers from coming back.
            "Auto-Submitted": "auto-generated",
        },
    )
    html = kinds.with_secrets(write_html(said), notices)
    if address:
        html = html.replace(kinds.LINK_PLACE, format_html('<a href="{}">{}</a>', address, address))
    message.attach_alternative(html, "text/html")
    return message


class Line:
    """One connection to the mail server, kept open from mail to mail."""

    def __init__(self) -> None:
        # Everything but a mail server (files, tests) is quick and gives its answer at once.
        self._backend = get_connection("notifications.smtp.Backend" if settings.EMAIL_BACKEND == SMTP else None)
        # Seconds spent on a server that could not be reached.
        self.wasted = 0.0

    def __enter__(self) -> "Line":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, mail: EmailMessage, *, within: float = float("inf")) -> Refusal | None:
        """Hand one mail over; None when the server accepted it, else why not.

        Args:
            within: seconds after which it is cut short; nothing of the mail leaves later, even if the whole process
                stood still meanwhile.
        """
        began = time.monotonic()
        try:
            self._backend.open()
        except (OSError, smtplib.SMTPException) as error:
            self.wasted += time.monotonic() - began
            self._close()
            return Refusal(f"Không nối được máy chủ thư: {in_words(error)}")
        server = getattr(self._backend, "connection", None)
        if server is not None:
            server.until = began + within
        try:
            self._backend.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            # The server keeps the connection after refusing a recipient, and so do we.
            code, words = next(iter(error.recipients.values()))
            self._close_if_lost()
            return _refusal(code, words, for_good=code >= 500)
        except smtplib.SMTPSenderRefused as error:
            # Our own address or rights are wrong, not this mail: somebody has to mend the settings.
            self._close()
            return _refusal(error.smtp_code, error.smtp_error, for_good=False)
        except smtplib.SMTPResponseException as error:
            self._close_if_lost()
            return _refusal(error.smtp_code, error.smtp_error, for_good=error.smtp_code >= 500)
        except (OSError, smtplib.SMTPException) as error:
            in_doubt = getattr(server, "in_doubt", False)
            self._close()
            return Refusal(f"Đứt nối với máy chủ thư: {in_words(error)}", in_doubt=in_doubt)
        except ValueError as error:
            # Django refuses addresses that cannot be written into a header.
            return Refusal(f"Địa chỉ thư không hợp lệ: {in_words(error)}", for_good=True)
        return None

    def _close_if_lost(self) -> None:
        """After a 421 smtplib has hung up without telling Django."""
        server = getattr(self._backend, "connection", None)
        if server is not None and getattr(server, "sock", None) is None:
            self._close()

    def _close(self) -> None:
        """Hang up; a server that is gone already does not matter."""
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            self._backend.connection = None


def _refusal(code: int, words: bytes | str, *, for_good: bool) -> Refusal:
    """The server's answer in one line."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Refusal(f"Máy chủ thư trả lời {code}: {' '.join(text.split())}"[:500], for_good)


def in_words(error: Exception) -> str:
    """An error in one line."""
    return (" ".join(str(error).split()) or type(error).__name__)[:300]
