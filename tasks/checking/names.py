"""What a written name might mean: what was chosen, what sounds alike, what a search found."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tasks.assigning.bodies import key_of
from tasks.drafting.assigning import Body
from units.models import UnitGroup
from units.naming import Match, Namebook

# So many near names are offered, so many of them on the card itself.
OFFERED, OFFERED_AT_ONCE = 5, 3


@dataclass(frozen=True)
class Choice:
    """A body one may tick. where: why it is offered."""

    body: Body
    key: str
    is_group: bool
    is_ticked: bool
    where: str = ""


@dataclass(frozen=True)
class Offer:
    """What is offered at once for words nobody knows. tasks: in how many tasks they stand."""

    bodies: tuple[tuple[str, Body], ...]
    tasks: int


def offers_for(words: Iterable[str], *, on: date) -> dict[str, Offer]:
    """Words → the nearest bodies, with their keys. Arguments: words, once for each task they stand in; on, the document's day.

    No statement where there are no words.
    """
    counted = Counter(words)
    if not counted:
        return {}
    book = Namebook(on=on)
    found = {}
    for written, count in counted.items():
        bodies = bodies_in(book.alternatives(written, limit=OFFERED_AT_ONCE))
        found[written] = Offer(tuple((key_of(body), body) for body in bodies), count)
    return found


def near(written: str, issuer: str, *, on: date) -> list[Body]:
    """What the words mean by the rules of naming, then what sounds alike; best first."""
    book = Namebook(on=on)
    return bodies_in([*book.match(written, issuer=issuer), *book.alternatives(written, limit=OFFERED)])


def bodies_in(matches: Iterable[Match]) -> list[Body]:
    """The bodies of matches, each once."""
    return list(dict.fromkeys(body for match in matches if (body := match.unit or match.group) is not None))


def choices_of(ticked: Iterable[Body], alike: Iterable[Body], found: Iterable[Body]) -> list[Choice]:
    """Each body once: what is ticked first, then what sounds alike, then what a search found."""
    ticked = list(ticked)
    why = {key_of(body): "tên gần giống" for body in alike} | {key_of(body): "tìm thấy" for body in found}
    bodies = {key_of(body): body for body in [*ticked, *alike, *found]}
    chosen = {key_of(body) for body in ticked}
    return [
        Choice(body, key, isinstance(body, UnitGroup), key in chosen, why.get(key, "")) for key, body in bodies.items()
    ]
