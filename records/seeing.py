"""Who reads which events of the log. Later rooms know the roles and say so here (AppConfig.ready())."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from records.topics import Topic


@dataclass(frozen=True)
class Sight:
    """What one room lets a user read: whole topics, and single events of other topics."""

    topics: frozenset[str] = frozenset()
    also: Q | None = None


NOTHING = Sight()
Events = TypeVar("Events", bound=QuerySet)
Rule = Callable[[Any], Sight]
_rules: dict[str, Rule] = {}


def register(name: str, rule: Rule) -> None:
    """Let a room say what its people read.

    Args:
        name: the room, e.g. "units".
        rule: called with an active, signed-in user.

    Errors: ValueError when another function already has the name.
    """
    if _rules.setdefault(name, rule) is not rule:
        raise ValueError(f"the log's readers of {name!r} are registered twice")


def topics_for(user) -> list[Topic]:
    """The topics a user reads whole, in the order of the screen."""
    seen = frozenset().union(*(sight.topics for sight in _sights(user)))
    return [topic for topic in Topic if topic in seen]


def narrow(events: Events, user) -> Events:
    """The events a user may read; everybody reads the own acts and what was done in the own name.

    Whoever reads whole topics gets "not of the others": an index by time serves that, where "one of these" would
    make SQLite collect and sort them all.
    """
    sights = _sights(user)
    if not sights:
        return events.none()
    allowed = Q(actor=user) | Q(acting_for=user)
    for sight in sights:
        if sight.also is not None:
            allowed |= sight.also
    topics = frozenset().union(*(sight.topics for sight in sights))
    if not topics:
        return events.filter(allowed)
    hidden = sorted(set(Topic.values) - topics)
    return events.exclude(Q(topic__in=hidden) & ~allowed)


def _sights(user) -> list[Sight]:
    """What every room says; nothing at all for strangers and accounts that are switched off."""
    if not user.is_authenticated or not user.is_active:
        return []
    return [NOTHING, *(rule(user) for rule in _rules.values())]
