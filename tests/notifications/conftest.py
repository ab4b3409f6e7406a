"""A mail server that counts, and can be told to refuse and to wait."""

import asyncio
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.services import free_port


class Sink:
    """Keeps what it accepts; `rcpt` and `data` hold the next answers, "" accepts."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.sessions: set[int] = set()
        self.rcpt: dict[str, list[str]] = {}
        self.data: list[str] = []
        # Seconds before each answer, and before the one to the text.
        self.wait = self.wait_after = 0.0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list) -> str:
        self.sessions.add(id(session))
        await asyncio.sleep(self.wait)
        answers = self.rcpt.get(address, [])
        if answers and (answer := answers.pop(0)):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list) -> str:
        await asyncio.sleep(self.wait)
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data and (answer := self.data.pop(0)):
            return answer
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        await asyncio.sleep(self.wait_after or 2 * self.wait)
        return "250 OK"


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """A running sink that Django sends to."""
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_TIMEOUT = 5
    yield handler
    controller.stop()
