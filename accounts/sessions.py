"""Sessions in our own table, so that a person's sessions can be listed and ended."""

from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Session, User
from directive_tracker.prepared import Prepared

# A page more or less within this time is not worth a write.
TOUCHED_EVERY = timedelta(minutes=1)
IDLE, WHOLE = "idle", "whole"
# Whose session was read last: the row of the person comes with it, so that nearly every page has one statement less.
_person: ContextVar[User | None] = ContextVar("session_person", default=None)


def person_of_session(pk: Any) -> User | None:
    """The person of the session that was just read, once and only under the own key; None otherwise."""
    person = _person.get()
    _person.set(None)
    return person if person is not None and str(person.pk) == str(pk) else None


def _stored(key: str, now: datetime) -> QuerySet:
    return Session.objects.filter(session_key=key, expire_date__gt=now).select_related("user")


# Asked by every page.
_STORED = Prepared(_stored, primary=True)


class SessionStore(DatabaseStore):
    """Django's database store; when it began, was last used and from where stand in columns of their own (real time).

    They are not part of the session's data: moving `seen_at` on then never overwrites what another request of the same
    browser is changing in the data.
    """

    began_at: datetime | None = None
    seen_at: datetime | None = None
    ip: str | None = None
    agent: str = ""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of the sessions."""
        return Session

    def load(self) -> dict[str, Any]:
        """The data of the stored row, with its columns kept beside."""
        _person.set(None)
        row = self._get_session_from_db()
        if row is None:
            return {}
        _person.set(row.user)
        self.began_at, self.seen_at, self.ip, self.agent = row.began_at, row.seen_at, row.ip, row.agent
        return self.decode(row.session_data)

    def _get_session_from_db(self) -> Session | None:
        """As Django's, with the person in the same statement."""
        found = _STORED.rows(str(self.session_key), timezone.now())
        if found:
            return found[0]
        self._session_key = None
        return None

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to save. Whoever signs somebody in, the session has a beginning."""
        row: Session = super().create_model_instance(data)
        if SESSION_KEY in data:
            if self.began_at is None or self.seen_at is None:
                self.began_at = self.seen_at = timezone.now()
            row.user_id = int(data[SESSION_KEY])
            row.began_at, row.seen_at, row.ip, row.agent = self.began_at, self.seen_at, self.ip, self.agent
        return row

    def flush(self) -> None:
        """End the session; the next one has nothing of it."""
        super().flush()
        self.began_at = self.seen_at = self.ip = None
        self.agent = ""

    def begin(self, *, now: datetime, ip: str | None, agent: str) -> None:
        """A person has just signed in on it."""
        self.began_at = self.seen_at = now
        self.ip, self.agent = ip, agent[:200]
        self.modified = True

    def limit_passed(self, *, now: datetime) -> str:
        """IDLE or WHOLE when a signed-in session is too old, else ""."""
        if SESSION_KEY not in self:
            return ""
        if (
            self.began_at is None
            or self.seen_at is None
            or now - self.began_at >= timedelta(hours=settings.SESSION_HOURS)
        ):
            return WHOLE
        return IDLE if now - self.seen_at >= timedelta(minutes=settings.SESSION_IDLE_MINUTES) else ""

    def touch(self, *, now: datetime, ip: str | None) -> None:
        """Note that the person is still there; at most once a minute, and without touching the data."""
        if self.seen_at is None or now - self.seen_at < TOUCHED_EVERY:
            return
        self.seen_at, self.ip = now, ip or self.ip
        Session.objects.filter(session_key=self.session_key).update(seen_at=now, ip=self.ip)
