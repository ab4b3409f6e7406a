"""Calendars for other programs: of each person one, and one of the monitor's unit; their addresses open them."""

from tasks.feeds.addresses import hash_of
from tasks.models import CalendarFeed
from tests.matrix.world import NOW, SIGNED_IN, TODAY, World


def build_feeds(world: World) -> None:
    """The secrets stand in world.tokens as "feed own" (the monitor's unit), "feed revoked", "feed left"."""
    for person in SIGNED_IN:
        world.personal.setdefault("feed", {})[person] = _feed(world, person, None, f"thu-{person}")
    world.put("feed", "foreign", _feed(world, "stranger", None, "thu-stranger"))
    # Whoever holds the address reads it: like a mailed link, of work without canaries.
    _feed(world, "monitor", "watch", "own")
    _feed(world, "former", "own", "left")
    CalendarFeed.objects.filter(pk=_feed(world, "unit_head", "own", "revoked").pk).update(revoked_at=NOW)


def _feed(world: World, person: str, unit: str | None, name: str) -> CalendarFeed:
    secret = f"bi-mat-thu-{name}"
    world.tokens[f"feed {name}"] = secret
    return CalendarFeed.objects.create(
        user=world.people[person],
        unit=world.units[unit] if unit else None,
        token_hash=hash_of(secret),
        made_at=NOW,
        last_read_on=TODAY,
    )
