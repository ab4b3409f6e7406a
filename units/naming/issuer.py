"""Who issued a document, as far as it says which bodies a bare name ("Văn phòng", "Hội Nông dân") means."""

from dataclasses import dataclass
from enum import Enum

from units.naming.words import Word


class Level(Enum):
    """Where the issuer stands, seen from the own province."""

    HOME = "of the own province, or not known"
    BELOW = "of one of its districts or communes"
    CENTRAL = "of the whole country"
    ELSEWHERE = "of another province"


@dataclass(frozen=True)
class Issuer:
    """words: what it is called, without who speaks for it; area: its district or commune, where it is below the province."""

    level: Level = Level.HOME
    words: tuple[Word, ...] = ()
    area: int | None = None


NOBODY = Issuer()
