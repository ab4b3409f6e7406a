"""The connection to a mail server, with an end for each mail: a slow server cannot stretch a send past its lease.

smtplib's own time-out is for one answer; a send asks four times, and each answer may come just in time.
"""

import smtplib
import time
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class _WithDeadline:
    """What both connections below have in common.

    `until` is a moment of time.monotonic(). `in_doubt` is True from when the whole text of a mail has left until the
    server's answer to it has been read: a line that breaks in between leaves open whether the mail was accepted.
    """

    until = float("inf")
    in_doubt = False

    def send(self, s: Any) -> None:
        """Write a command (str) or the text of a mail (bytes). Raises SMTPServerDisconnected after the deadline."""
        self._keep_the_deadline()
        super().send(s)
        self.in_doubt = isinstance(s, bytes)

    def getreply(self) -> tuple[int, bytes]:
        """Read an answer, at most until the deadline. Raises SMTPServerDisconnected."""
        self._keep_the_deadline()
        reply = super().getreply()
        self.in_doubt = False
        return reply

    def _keep_the_deadline(self) -> None:
        left = self.until - time.monotonic()
        if left <= 0:
            self.close()
            raise smtplib.SMTPServerDisconnected("máy chủ thư trả lời quá chậm")
        if self.sock is not None and left < self.timeout:
            self.sock.settimeout(left)


class _Plain(_WithDeadline, smtplib.SMTP):
    """smtp:// and smtp+tls://"""


class _Ssl(_WithDeadline, smtplib.SMTP_SSL):
    """smtp+ssl://"""


class Backend(EmailBackend):
    """Django's, with connections that keep a deadline."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Ssl if self.use_ssl else _Plain
