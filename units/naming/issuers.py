"""Where the issuer of a document stands: in the own province, below it, above it, elsewhere."""

from collections.abc import Sequence

from units.naming.finding import Finder
from units.naming.issuer import NOBODY, Issuer, Level
from units.naming.places import KINDS
from units.naming.titles import innermost
from units.naming.words import Word, phrase, plain_key, readings, without_separators

_CENTRAL_STARTS = ("bo", "quoc hoi", "chinh phu", "thu tuong", "ban bi thu", "quan uy")
_CENTRAL_EXCEPT = ("bo chi huy", "bo doi")
_PLACES = (("tinh", "uy"), ("tinh", "doan"), ("tinh",), ("huyen", "uy"), ("thanh", "uy"), ("thi", "uy"), *KINDS)
_OF_COMMITTEE = {"huyen uy": "huyện", "thanh uy": "thành phố", "thi uy": "thị xã"}


class Issuers:
    """Places issuers, as far as the day's units and areas tell."""

    def __init__(self, finder: Finder) -> None:
        self._finder, self._places = finder, finder.places

    def read(self, words: Sequence[Word]) -> Issuer:
        """Where the issuer of a document stands."""
        own = readings(without_separators(words))[-1].words
        if not own:
            return NOBODY
        inner = innermost(own)
        at_home, named, _ = self._places.at_home(inner)
        if _is_central(inner) and not named:
            return Issuer(Level.CENTRAL, inner)
        place = _place_named(at_home)
        if place is None:
            return Issuer(Level.HOME, at_home)
        level, rest = place
        if level.startswith("tinh"):
            return Issuer(Level.ELSEWHERE if rest else Level.HOME, at_home)
        return self._below(inner, level, rest)

    def _below(self, words: tuple[Word, ...], level: str, rest: tuple[Word, ...]) -> Issuer:
        """Of a district or commune: one of ours, or elsewhere."""
        unit = self._finder.unit_named(words)
        if unit is not None and unit.area_id is not None:
            return Issuer(Level.BELOW, words, unit.area_id)
        kind = _OF_COMMITTEE.get(level)
        sought = (*phrase(kind), *rest) if kind else words[len(words) - len(rest) - len(level.split()) :]
        areas = self._places.called(sought)
        if len(areas) == 1:
            return Issuer(Level.BELOW, words, next(iter(areas)))
        return Issuer(Level.ELSEWHERE if unit is None else Level.HOME, words)


def _is_central(words: tuple[Word, ...]) -> bool:
    text = plain_key(words)
    if "trung uong" in text or text.endswith("viet nam"):
        return True
    starts = any(text == start or text.startswith(f"{start} ") for start in _CENTRAL_STARTS)
    return starts and not text.startswith(_CENTRAL_EXCEPT)


def _place_named(words: tuple[Word, ...]) -> tuple[str, tuple[Word, ...]] | None:
    """The level word of a body and the words behind it: ("tinh uy", the words of "Lào Cai"); None where it has none."""
    for at in range(len(words)):
        for level in _PLACES:
            if tuple(word.plain for word in words[at : at + len(level)]) == level:
                return " ".join(level), words[at + len(level) :]
    return None
