"""Mails about an account. This room knows what has to be told; the room of notices writes and sends it.

Free of models, so that AppConfig.ready() may name the sender.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

INVITATION = "account.invitation"
RESET = "account.reset"
SECOND_FACTOR_RESET = "account.second_factor_reset"
PASSWORD_CHANGED = "account.password_changed"

_sender: list[str] = []


@dataclass(frozen=True)
class Letter:
    """One mail to one person; `link` is the row whose address it carries, written in only when the mail leaves."""

    kind: str
    recipient: Any
    link: Any = None


def reach_people() -> bool:
    """Whether mails leave this machine; without a mail server they are files under var/mail."""
    return settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"


def register_sender(path: str) -> None:
    """Let the function at the dotted path write letters down: called with (letters, now=)."""
    _sender[:] = [path]


def tell_many(letters: Sequence[Letter], *, now: datetime) -> None:
    """Have the letters sent; each is a mail of its own that leaves at any hour.

    Arguments: letters; now, the pages' clock. Belongs to the caller's transaction.
    Errors: ImportError for a wrong path.
    """
    if not letters or not _sender:
        return
    send: Callable[..., Any] = import_string(_sender[0])
    send(letters, now=now)


def tell(kind: str, recipient: Any, *, now: datetime, link: Any = None) -> None:
    """Have one letter sent; see tell_many."""
    tell_many([Letter(kind, recipient, link)], now=now)
