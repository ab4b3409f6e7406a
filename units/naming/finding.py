"""From one written name to bodies: the rules in their order (docs/units.md)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from units.models import UnitKind
from units.naming.forms import Form, Forms, Hit, Target
from units.naming.groups import AREA_ONLY, Groups, taken_apart, without_plural
from units.naming.issuers import NOBODY, Issuer, Level, is_central, place_named
from units.naming.places import Places, without_country
from units.naming.reading import Known
from units.naming.words import (
    Reading,
    Word,
    is_separator,
    own_vocabulary,
    phrase,
    phrase_with_signs,
    plain_key,
    readings,
    unified,
    without_separators,
    wrappers,
)

WRAPPED = 85
UNIFIED = 95
OTHER_TIME = 75
ALIAS = 80
PARTY_BODY_OF = 65
LEAST = 60
CENTRAL_PAPER = 75
_MOST_WORDS = 26
_DEEPEST = 4
_LONGEST_WRAPPER = 4
_MOST_SEGMENTS = 60
_LONGEST_RUN = 8
_CARRIED = 4
# Words for one body and for several that leave open which.
_OPEN = (("lien", "quan"), ("khac",))
# The Party's body inside an organisation; where only one of both is kept, it stands for both.
_PARTY_BODIES = (("dang", "doan"), ("ban", "can", "su"), ("dang", "uy"), ("dang", "bo"))
_SAME_LEADERSHIP: frozenset[str] = frozenset({UnitKind.MASS_ORGANISATION, UnitKind.PARTY_BODY, UnitKind.OTHER})
# Names that every office of the country has: whose it is, only the issuer says.
_BARE = frozenset({"van phong", "thuong truc", "ban thuong vu", "thuong vu", "thanh tra"})


class Finder:
    """Finds bodies by name on a day."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.places = Places(known)
        self.groups = Groups(known, self.places)
        self.forms = Forms()
        for key in known.units:
            self._learn(key)
        self.vocabulary: list[set[str] | frozenset[str]] = [
            own_vocabulary(),
            self.forms.vocabulary,
            self.groups.forms.vocabulary,
            self.places.vocabulary,
        ]
        self.longest = min(_MOST_WORDS, max(self.forms.longest, self.groups.forms.longest) + 8)

    # --- names of the units ---------------------------------------------------------------------

    def _learn(self, key: int) -> None:
        for name in self.known.names[key]:
            self._learn_name(key, name, 100)
            for spelling in self._other_spellings(key, name):
                self._learn_name(key, spelling, ALIAS)
        for name in sorted(self.known.other_names.get(key, ())):
            self._learn_name(key, name, OTHER_TIME)

    def _learn_name(self, key: int, name: str | Sequence[Word], certain: int) -> None:
        words = phrase_with_signs(name) if isinstance(name, str) else name
        for reading in self._home_readings(words):
            self._add(key, reading.words, min(certain, reading.certain))
            inner = reading.words
            if self.known.units[key].area_id is None and (core := _without_party_body(inner)):
                self._add(key, core, min(certain, PARTY_BODY_OF))
            if plain_key(inner[:3]) == "ban thuong vu" and len(inner) > 3:
                self._add(key, inner[3:], min(certain, WRAPPED))

    def _add(self, key: int, words: tuple[Word, ...], certain: int) -> None:
        placed = (
            self.known.units[key].area_id is not None
            or words[0].plain == "so"
            or "tinh" in {word.plain for word in words}
        )
        self.forms.add(Form(("unit", key), words, certain, placed))

    def _other_spellings(self, key: int, name: str) -> Iterator[list[Word]]:
        """The name with its area's other spellings."""
        area = self.known.units[key].area_id
        spellings = self.places.names.get(area, []) if area is not None else []
        words = phrase(name)
        for own in spellings:
            if len(own) < len(words) and plain_key(words[-len(own) :]) == plain_key(own):
                for other in spellings:
                    if plain_key(other) != plain_key(own):
                        yield [*words[: -len(own)], *other]

    # --- one name -------------------------------------------------------------------------------

    def _home_readings(self, words: Sequence[Word]) -> Iterator[Reading]:
        """The ways to read words, without what all bodies of the province share."""
        for reading in readings(words):
            own, _, certain = self.places.at_home(without_separators(reading.words))
            if own:
                yield Reading(own, min(reading.certain, certain))
                other = without_country(unified(own))
                if other != own and other:
                    yield Reading(other, min(reading.certain, certain, UNIFIED))

    def names_home(self, words: Sequence[Word]) -> bool:
        """Whether the words name the own province."""
        return self.places.at_home(without_separators(words))[1]

    def one(self, words: Sequence[Word], issuer: Issuer, *, bare: bool, slips: bool) -> list[Hit]:
        """What one name means: nothing, one body, or several units where it names a kind. Equal candidates: nothing."""
        if not words or len(words) > self.longest:
            return []
        several = list(self._home_readings(words))
        hits = self._unit(several, issuer, bare=bare, slips=False)
        if not hits:
            hits = self._group(words, issuer, bare=bare, slips=False)
        if not hits:
            hits = self._of_area_alone(several)
        if not hits and slips:
            hits = self._unit(several, issuer, bare=bare, slips=True) or self._group(
                words, issuer, bare=bare, slips=True
            )
        return hits

    def _unit(self, several: list[Reading], issuer: Issuer, *, bare: bool, slips: bool) -> list[Hit]:
        known = self.vocabulary
        layer = several
        for _ in range(_DEEPEST + 1):
            found: list[Hit] = []
            for reading in layer:
                if slips:
                    found += self.forms.near(reading.words, reading.certain, known)
                else:
                    found += self._named(reading.words, reading.certain, issuer, bare)
            best = self._best(found, issuer)
            if best is not None:
                return best
            layer = [
                Reading(inner, min(reading.certain, certain))
                for reading in layer
                for inner, certain in unwrapped(reading.words)
            ]
            if not layer:
                break
        return [] if slips else self._of_party_body(several, issuer, bare)

    def _named(self, words: tuple[Word, ...], certain: int, issuer: Issuer, bare: bool) -> list[Hit]:
        """Bodies of that name; a bare one is first completed by what the issuer is called."""
        found = self.forms.exact(words, certain, bare=bare)
        if issuer.words and (not found or not all(hit.placed for hit in found)):
            completed = self._completed(words, certain, issuer, bare)
            if completed:
                return completed
            if plain_key(words) in _BARE:
                found = [hit for hit in found if self._is_of(hit, words, issuer)]
        return found

    def _completed(self, words: tuple[Word, ...], certain: int, issuer: Issuer, bare: bool) -> list[Hit]:
        endings = [issuer.words]
        if issuer.area is not None:
            endings.append(phrase(self.known.areas[issuer.area].name))
        found: list[Hit] = []
        for ending in endings:
            found += self.forms.exact((*words, *ending), min(certain, UNIFIED), bare=bare)
        return found

    def _is_of(self, hit: Hit, words: tuple[Word, ...], issuer: Issuer) -> bool:
        """Whether the issuer's name has all that the unit's full name says beside the bare words."""
        _, key = hit.target
        rest = plain_key(phrase(self.known.names[key][0])).removeprefix(plain_key(words)).strip()
        return f" {rest} " in f" {plain_key(issuer.words)} "

    def _best(self, found: list[Hit], issuer: Issuer) -> list[Hit] | None:
        """The surest body; [] where two fit equally; None where there is none."""
        allowed = [one for hit in found if (one := self._allowed(hit, issuer)) is not None]
        if not allowed:
            return None
        surest = max(hit.certain for hit in allowed)
        targets = {hit.target: hit for hit in allowed if hit.certain == surest}
        if len(targets) > 1 and issuer.area is not None:
            targets = {target: hit for target, hit in targets.items() if self._lies_in(target, issuer.area)} or targets
        return list(targets.values()) if len(targets) == 1 else []

    def _lies_in(self, target: Target, area: int) -> bool:
        kind, key = target
        own = self.known.units[key].area_id if kind == "unit" else None
        return own is not None and (own == area or self.known.areas[own].parent_id == area)

    def _allowed(self, hit: Hit, issuer: Issuer) -> Hit | None:
        """A document of another level means its own bodies, unless the name says which."""
        if issuer.level is Level.HOME:
            return hit
        kind, key = hit.target
        if kind == "unit" and self.known.units[key].area_id is not None:
            return hit
        if issuer.level is Level.ELSEWHERE or not hit.placed:
            return None
        return replace(hit, certain=min(hit.certain, CENTRAL_PAPER)) if issuer.level is Level.CENTRAL else hit

    def _of_party_body(self, several: list[Reading], issuer: Issuer, bare: bool) -> list[Hit]:
        """ "Đảng đoàn Hội Nông dân tỉnh": the organisation, where no unit of its own is kept for the Party's body."""
        found: list[Hit] = []
        for reading in several:
            inner = _without_party_body(reading.words)
            if inner:
                hits = self.forms.exact(inner, min(reading.certain, WRAPPED), bare=bare)
                if any(hit.certain == PARTY_BODY_OF for hit in hits):
                    return []
                found += [hit for hit in hits if self.known.units[hit.target[1]].kind in _SAME_LEADERSHIP]
        return self._best(found, issuer) or []

    # --- several --------------------------------------------------------------------------------

    def _group(self, words: Sequence[Word], issuer: Issuer, *, bare: bool, slips: bool) -> list[Hit]:
        found: list[Hit] = []
        for reading in readings(words):
            inner = _without_titles(reading.words)
            found += self._group_of(reading, issuer, bare, slips)
            if not found and len(inner) < len(reading.words):
                found += self._group_of(Reading(inner, min(reading.certain, WRAPPED)), issuer, bare, slips)
            if len(found) > 1 and found[0].target[0] == "unit":
                return found
        return self._best(found, issuer) or []

    def _group_of(self, reading: Reading, issuer: Issuer, bare: bool, slips: bool) -> list[Hit]:
        """Groups by name, else the units of a kind; those of a district only by their kind."""
        inner, district = self._scope(reading.words)
        wording = taken_apart(inner)
        if not wording.items:
            return []
        hits: list[Hit] = []
        if district is None:
            hits = self.groups.named(wording, reading.certain, self.vocabulary if slips else None, bare=bare)
        if hits or slips:
            return hits
        within = issuer.area if district is None and issuer.level is Level.BELOW else district
        several = self.groups.by_kind(wording, within)
        return self._several(several.units, min(several.certain, reading.certain)) if several else []

    def _several(self, units: frozenset[int], certain: int) -> list[Hit]:
        group = self.groups.of_members(units)
        if group is not None and len(units) > 1:
            return [Hit(("group", group), certain)]
        return [Hit(("unit", key), certain) for key in self.known.units if key in units]

    def _scope(self, words: Sequence[Word]) -> tuple[Sequence[Word], int | None]:
        """The words without the district they end with, and that district."""
        for length in range(min(6, len(words) - 1), 1, -1):
            areas = [key for key in self.places.called(words[-length:]) if self.places.is_district(key)]
            if len(areas) == 1:
                return words[:-length], areas[0]
        return words, None

    def _of_area_alone(self, several: list[Reading]) -> list[Hit]:
        """ "huyện Đắk Hà": its unit, hardly sure; "các huyện, thành phố" is a wording of its own."""
        areas = {key for reading in several for key in self.places.called(reading.words)}
        units = {unit for area in areas for unit in self.known.of_area.get(area, ())}
        return [Hit(("unit", key), AREA_ONLY) for key in units] if len(areas) == 1 and len(units) == 1 else []

    # --- lists ----------------------------------------------------------------------------------

    def listed(self, words: Sequence[Word], issuer: Issuer, *, bare: bool) -> list[Hit]:
        """Several names in one: each is found, or none counts, because nobody would miss the rest."""
        segments = _segments(words)
        if not 1 < len(segments) <= _MOST_SEGMENTS:
            return []
        found: list[Hit] = []
        at, head = 0, ()
        while at < len(segments):
            hits, after = self._run(segments, at, issuer, bare)
            if not hits and head:
                hits, after = self._carried(head, segments, at, issuer, bare)
            if not hits:
                # "các Sở: Y tế, Nội vụ": a first word that all share and that names nobody by itself.
                if head or at + 1 == len(segments) or not (head := _shared_head(segments[at])):
                    return []
                hits, after = self._carried(head, segments, at + 1, issuer, bare)
                if not hits:
                    return []
                found += hits
                at = after
                continue
            head = _shared_head(segments[at]) or head
            found += hits
            at = after
        return found

    def _run(self, segments: list[list[Word]], at: int, issuer: Issuer, bare: bool) -> tuple[list[Hit], int]:
        """The longest run of segments that is one name."""
        for length in range(min(_LONGEST_RUN, len(segments) - at), 0, -1):
            words = _joined(segments[at : at + length])
            if len(words) <= self.longest:
                hits = self.one(words, issuer, bare=bare, slips=length == 1)
                if hits:
                    return hits, at + length
        return [], at

    def _carried(
        self, head: tuple[Word, ...], segments: list[list[Word]], at: int, issuer: Issuer, bare: bool
    ) -> tuple[list[Hit], int]:
        """ "Huyện ủy Đắk Hà, Đắk Tô": the second with the first words of the first."""
        for length in range(min(3, len(segments) - at), 0, -1):
            own = _joined(segments[at : at + length])
            for count in range(min(_CARRIED, len(head)), 0, -1):
                hits = self.one((*head[:count], *own), issuer, bare=bare, slips=False)
                if hits:
                    return hits, at + length
        return [], at

    # --- issuers --------------------------------------------------------------------------------

    def issuer(self, words: Sequence[Word]) -> Issuer:
        """Where the issuer of a document stands."""
        several = [reading.words for reading in readings(without_separators(words))]
        own = several[-1] if several else ()
        if not own:
            return NOBODY
        inner = _innermost(own)
        at_home, named, _ = self.places.at_home(inner)
        if is_central(inner) and not named:
            return Issuer(Level.CENTRAL, inner)
        place = place_named(at_home)
        if place is None:
            return Issuer(Level.HOME, at_home)
        level, rest = place
        if level.startswith("tinh"):
            return Issuer(Level.ELSEWHERE if rest else Level.HOME, at_home)
        return self._issuer_below(inner, level, rest)

    def _issuer_below(self, words: tuple[Word, ...], level: str, rest: tuple[Word, ...]) -> Issuer:
        hits = self._best(self.forms.exact(words, 100, bare=False), NOBODY)
        unit = self.known.units[hits[0].target[1]] if hits else None
        kind = {"huyen uy": "huyện", "thanh uy": "thành phố", "thi uy": "thị xã"}.get(level)
        sought = (*phrase(kind), *rest) if kind else words[len(words) - len(rest) - len(level.split()) :]
        areas = self.places.called(sought)
        area = unit.area_id if unit and unit.area_id else next(iter(areas), None) if len(areas) == 1 else None
        if unit is None and area is None:
            return Issuer(Level.ELSEWHERE, words)
        return Issuer(Level.BELOW, words, unit, area)


def is_open(tokens: Sequence[str]) -> bool:
    """Whether words leave open who is meant ("các đơn vị liên quan")."""
    return any(tuple(tokens[at : at + len(words)]) == words for at in range(len(tokens)) for words in _OPEN)


def unwrapped(words: tuple[Word, ...]) -> list[tuple[tuple[Word, ...], int]]:
    """The body behind "Lãnh đạo", "đồng chí Bí thư", "Ban Thường vụ" …, and behind "các"; how sure it is then."""
    inner, many = without_plural(words)
    if many:
        return [(tuple(inner), 100)]
    for length in range(min(_LONGEST_WRAPPER, len(words) - 1), 0, -1):
        if plain_key(words[:length]) in wrappers():
            return [(words[length:], WRAPPED)]
    return []


def _innermost(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The body behind everything that may stand before it."""
    while inner := unwrapped(words):
        words = inner[0][0]
    return words


def _without_titles(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """ "Ban Thường vụ các huyện ủy" → "các huyện ủy"."""
    while True:
        inner, _ = without_plural(words)
        length = next(
            (
                length
                for length in range(min(_LONGEST_WRAPPER, len(inner) - 1), 0, -1)
                if plain_key(inner[:length]) in wrappers() and not _is_item(inner, length)
            ),
            0,
        )
        if not length:
            return words
        words = tuple(inner[length:])


def _is_item(words: Sequence[Word], length: int) -> bool:
    """Whether a sign follows: "các cơ quan, ban, ngành" names offices, nobody's office."""
    return length < len(words) and is_separator(words[length])


def _without_party_body(words: tuple[Word, ...]) -> tuple[Word, ...]:
    for body in _PARTY_BODIES:
        if tuple(word.plain for word in words[: len(body)]) == body and len(words) > len(body) + 1:
            rest = words[len(body) :]
            return rest[1:] if body == ("ban", "can", "su") and rest[0].plain == "dang" else rest
    return ()


def _segments(words: Sequence[Word]) -> list[list[Word]]:
    found: list[list[Word]] = [[]]
    for word in words:
        if not is_separator(word):
            found[-1].append(word)
        elif found[-1]:
            found.append([])
    return [segment for segment in found if segment]


_COMMA = Word(",", ",")


def _joined(segments: list[list[Word]]) -> tuple[Word, ...]:
    words: list[Word] = []
    for segment in segments:
        if words:
            words.append(_COMMA)
        words += segment
    return tuple(words)


def _shared_head(segment: Sequence[Word]) -> tuple[Word, ...]:
    """The words names of a list may share with the first of them, without "các" and titles."""
    return _innermost(tuple(segment))
