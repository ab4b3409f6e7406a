"""Which part of the log a role reads (records/seeing.py asks; the roles are known here)."""

from directive_tracker import clock
from records.seeing import Sight
from records.topics import Topic
from units.access import access_of

OFFICE = frozenset(
    {
        Topic.UNITS,
        Topic.DIRECTIVES,
        Topic.WORK,
        Topic.REPORTS,
        Topic.NOTICES,
        Topic.FILES,
        Topic.EXPORTS,
        Topic.SYSTEM,
    }
)
# No tasks, no files of tasks, nothing of the registry.
ADMINISTRATOR = frozenset({Topic.SIGN_IN, Topic.RIGHTS, Topic.UNITS, Topic.NOTICES, Topic.EXPORTS, Topic.SYSTEM})


def sight_of(user) -> Sight:
    """Whole topics for the office and for administrators; nobody else reads other people's acts by role."""
    access = access_of(user, today=clock.today())
    topics = (OFFICE if access.is_office else frozenset()) | (ADMINISTRATOR if access.is_administrator else frozenset())
    return Sight(topics)
