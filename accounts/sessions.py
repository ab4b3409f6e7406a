"""Sessions in our own table, so that a person's sessions can be listed and ended."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from accounts.models import Session


class SessionStore(DatabaseStore):
    """Django's database store with the columns of accounts.models.Session filled from the session's own data.

    The keys `began_at`, `seen_at` (ISO moments, real time), `ip` and `agent` are written by accounts/signing.py and
    accounts/middleware.py.
    """

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of the sessions."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to save."""
        row = super().create_model_instance(data)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.began_at, row.seen_at = data.get("began_at"), data.get("seen_at")
        row.ip, row.agent = data.get("ip"), data.get("agent", "")[:200]
        return row
