"""Keys for other programs: of each person who may have one a key, one of the own unit, one of the foreign unit."""

from datetime import timedelta

from django.utils import timezone

from tests.matrix.world import World
from units.models import ApiToken
from units.tokens import hash_of

MAY_HAVE = ("office", "deputy", "reader", "reporter", "unit_head", "monitor")


def build_tokens(world: World) -> None:
    """The secrets stand in world.tokens as "api PERSON", "api unit", "api foreign"."""
    for person in MAY_HAVE:
        world.personal.setdefault("api token", {})[person] = _token(world, person, None, person)
    world.put("api token", "unit", _token(world, "unit_head", "own", "unit"))
    world.put("api token", "foreign", _token(world, "deputy", "foreign", "foreign"))


def _token(world: World, person: str, unit: str | None, name: str) -> ApiToken:
    world.tokens[f"api {name}"] = secret = f"dt_thu-{name}"
    now = timezone.now()
    return ApiToken.objects.create(
        holder=world.people[person],
        unit=world.units[unit] if unit else None,
        name=f"Phần mềm {world.cage.new('api token').word}" if unit == "foreign" else "Phần mềm",
        token_hash=hash_of(secret),
        first_letters=secret[:8],
        stamp=[],
        made_by=world.people[person],
        made_at=now,
        expires_at=now + timedelta(days=30),
    )
