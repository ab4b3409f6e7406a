"""Who issued a document, as far as it says which bodies a bare name ("Văn phòng", "Hội Nông dân") means."""

from dataclasses import dataclass
from enum import Enum

from units.models import Unit
from units.naming.places import KINDS
from units.naming.words import Word


class Level(Enum):
    """Where the issuer stands, seen from the own province."""

    HOME = "of the own province, or not known"
    BELOW = "of one of its districts or communes"
    CENTRAL = "of the whole country"
    ELSEWHERE = "of another province"


@dataclass(frozen=True)
class Issuer:
    """words: what it is called, without who speaks for it; unit, area: where it is below the province."""

    level: Level = Level.HOME
    words: tuple[Word, ...] = ()
    unit: Unit | None = None
    area: int | None = None

    @property
    def plain(self) -> frozenset[str]:
        """Its words without marks."""
        return frozenset(word.plain for word in self.words)


NOBODY = Issuer()
_CENTRAL_STARTS = ("bo", "quoc hoi", "chinh phu", "thu tuong", "ban bi thu", "quan uy")
_CENTRAL_EXCEPT = ("bo chi huy", "bo doi")
_PLACES = (("tinh", "uy"), ("tinh", "doan"), ("tinh",), ("huyen", "uy"), ("thanh", "uy"), ("thi", "uy"), *KINDS)


def is_central(words: tuple[Word, ...]) -> bool:
    """Whether a body is one of the whole country."""
    text = " ".join([word.plain for word in words])
    if "trung uong" in text or text.endswith("viet nam"):
        return True
    starts = any(text == start or text.startswith(f"{start} ") for start in _CENTRAL_STARTS)
    return starts and not text.startswith(_CENTRAL_EXCEPT)


def place_named(words: tuple[Word, ...]) -> tuple[str, tuple[Word, ...]] | None:
    """The level word of a body and the words behind it: ("tinh uy", the words of "Lào Cai"); None where it has none."""
    for at in range(len(words)):
        for level in _PLACES:
            if tuple(word.plain for word in words[at : at + len(level)]) == level:
                return " ".join(level), words[at + len(level) :]
    return None
