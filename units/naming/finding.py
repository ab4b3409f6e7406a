"""From one written name to bodies: the rules in their order (docs/units.md)."""

from collections.abc import Iterator, Sequence

from units.models import Unit, UnitKind
from units.naming.forms import Form, Forms, Hit, Target
from units.naming.groups import AREA_ONLY, Groups, taken_apart
from units.naming.issuer import NOBODY, Issuer, Level
from units.naming.places import Places, without_country
from units.naming.reading import Known
from units.naming.titles import WRAPPED, unwrapped, without_party_body, without_plural, without_titles
from units.naming.words import (
    Reading,
    Word,
    own_vocabulary,
    phrase,
    phrase_with_signs,
    plain_key,
    readings,
    unified,
    without_separators,
)

UNIFIED = 95
OTHER_TIME = 75
ALIAS = 80
# Only the Party's body of an organisation is kept, the organisation is written.
PARTY_BODY_OF = 65
CENTRAL_PAPER = 75
WITHOUT_LEVEL = 85
_MOST_WORDS = 26
_DEEPEST = 4
_BAN_THUONG_VU = "ban thuong vu"
# Its leadership is the organisation's; the Party's committee in an office of the State is another body than the office.
_SAME_LEADERSHIP: frozenset[str] = frozenset({UnitKind.MASS_ORGANISATION, UnitKind.PARTY_BODY, UnitKind.OTHER})
# Names that every office of the country has: whose it is, only the issuer says.
_BARE = frozenset({"van phong", "thuong truc", _BAN_THUONG_VU, "thuong vu", "thanh tra"})
_OF_EVERY_LEVEL = frozenset({"uy ban nhan dan", "hoi dong nhan dan", "mat tran to quoc"})
_EVERYWHERE = frozenset({Level.CENTRAL, Level.ELSEWHERE})


class Finder:
    """Finds bodies by name on a day."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.places = Places(known)
        self.groups = Groups(known, self.places)
        self.forms = Forms()
        for key in known.units:
            self._learn(key)
        self.vocabulary = frozenset(
            own_vocabulary() | self.forms.vocabulary | self.groups.forms.vocabulary | self.places.vocabulary
        )
        self.longest = min(_MOST_WORDS, max(self.forms.longest, self.groups.forms.longest) + 8)

    # --- names of the units ---------------------------------------------------------------------

    def _learn(self, key: int) -> None:
        for name in self.known.names[key]:
            self._learn_name(key, phrase_with_signs(name), 100)
            for spelling in self._other_spellings(key, name):
                self._learn_name(key, spelling, ALIAS)
        for name in sorted(self.known.other_names.get(key, ())):
            self._learn_name(key, phrase_with_signs(name), OTHER_TIME)

    def _learn_name(self, key: int, words: Sequence[Word], certain: int) -> None:
        for reading in self._at_home(readings(words)):
            own = reading.words
            self._add(key, own, min(certain, reading.certain))
            if self.known.units[key].area_id is None:
                self._learn_shorter(key, own, min(certain, reading.certain))
            if len(own) > 3 and plain_key(own[:3]) == _BAN_THUONG_VU:
                self._add(key, own[3:], min(certain, WRAPPED))

    def _learn_shorter(self, key: int, own: tuple[Word, ...], certain: int) -> None:
        """Without "tỉnh"; without the Party's body in front. Not where so little is left that it may be anybody."""
        if own[-1].plain == "tinh" and len(own) > 3 and plain_key(own[:-1]) not in _OF_EVERY_LEVEL:
            self._add(key, own[:-1], min(certain, WITHOUT_LEVEL))
        core = without_party_body(own)
        if len(core) > 2 or (core and core[-1].plain == "tinh"):
            self._add(key, core, min(certain, PARTY_BODY_OF))

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
        words = phrase(name) if spellings else ()
        for own in spellings:
            if len(own) < len(words) and plain_key(words[-len(own) :]) == plain_key(own):
                for other in spellings:
                    if plain_key(other) != plain_key(own):
                        yield [*words[: -len(own)], *other]

    # --- one name -------------------------------------------------------------------------------

    def one(self, words: Sequence[Word], issuer: Issuer, *, bare: bool, slips: bool) -> list[Hit]:
        """What one name means: nothing, one body, or several units where it names a kind. Equal candidates: nothing.

        Arguments: bare, whether the text has no accents; slips, whether a misspelt word is looked for where nothing else fits.
        """
        if not 0 < len(words) <= self.longest:
            return []
        written = readings(words)
        own = self._at_home(written)
        if issuer.level in _EVERYWHERE and any(self.places.without_home(one.words)[1] for one in written):
            issuer = NOBODY
        return (
            self.named(own, issuer, bare=bare)
            or self._of_party_body(own, issuer, bare)
            or self._group(written, issuer, bare)
            or self._of_area_alone(own)
            or (self._misspelt(written, own, issuer, bare) if slips else [])
        )

    def carried(self, words: tuple[Word, ...], issuer: Issuer, *, bare: bool, areas: bool) -> list[Hit]:
        """The body of exactly these words, put together from two parts of a list. Arguments: areas, whether it may be an area."""
        hits = self._best(self.forms.exact(words, 100, bare=bare), issuer)
        return hits or (self._of_area_alone([Reading(words, 100)]) if areas else [])

    def unit_named(self, words: tuple[Word, ...]) -> Unit | None:
        """The unit of exactly that name."""
        hits = self._best(self.forms.exact(words, 100, bare=False), NOBODY)
        return self.known.units[hits[0].target[1]] if hits else None

    def _at_home(self, written: list[Reading]) -> list[Reading]:
        """The readings without what all bodies of the province share, and with bodies that have two names named one way."""
        found: list[Reading] = []
        for reading in written:
            own, _, certain = self.places.at_home(without_separators(reading.words))
            if own:
                found.append(Reading(own, min(reading.certain, certain)))
                other = without_country(unified(own))
                if other and other != own:
                    found.append(Reading(other, min(reading.certain, certain, UNIFIED)))
        return found

    def named(self, own: list[Reading], issuer: Issuer, *, bare: bool) -> list[Hit]:
        """The unit of that name; behind "Lãnh đạo", "Bí thư" …, one after the other, where there is none."""
        for layer in _layers(own):
            found = [hit for reading in layer for hit in self._exact(reading, issuer, bare)]
            best = self._best(found, issuer)
            if best is not None:
                return best
        return []

    def _exact(self, reading: Reading, issuer: Issuer, bare: bool) -> list[Hit]:
        """Bodies of that name; a bare one is first completed by what the issuer is called."""
        found = self.forms.exact(reading.words, reading.certain, bare=bare)
        if not issuer.words or (found and all(hit.placed for hit in found)):
            return found
        if completed := self._completed(reading, issuer, bare):
            return completed
        if plain_key(reading.words) in _BARE:
            return [hit for hit in found if self._is_of(hit, reading.words, issuer)]
        return found

    def _completed(self, reading: Reading, issuer: Issuer, bare: bool) -> list[Hit]:
        if not self.forms.may_begin(reading.words):
            return []
        endings = [issuer.words]
        if issuer.area is not None:
            # "Hội Nông dân" + "huyện Đắk Hà", "UBND huyện" + "Đắk Hà".
            endings += [phrase(self.known.areas[issuer.area].name), *self.places.names[issuer.area]]
        certain = min(reading.certain, UNIFIED)
        return [hit for ending in endings for hit in self.forms.exact((*reading.words, *ending), certain, bare=bare)]

    def _is_of(self, hit: Hit, words: tuple[Word, ...], issuer: Issuer) -> bool:
        """Whether the issuer's name has all that the unit's full name says beside the bare words."""
        rest = plain_key(phrase(self.known.names[hit.target[1]][0])).removeprefix(plain_key(words)).strip()
        return f" {rest} " in f" {plain_key(issuer.words)} "

    def _of_party_body(self, own: list[Reading], issuer: Issuer, bare: bool) -> list[Hit]:
        """ "Đảng đoàn Hội Nông dân tỉnh": the organisation, where no unit of its own is kept for the Party's body."""
        found: list[Hit] = []
        for reading in own:
            if inner := without_party_body(reading.words):
                hits = self.forms.exact(inner, min(reading.certain, WRAPPED), bare=bare)
                if any(hit.certain == PARTY_BODY_OF for hit in hits):
                    return []
                found += [hit for hit in hits if self.known.units[hit.target[1]].kind in _SAME_LEADERSHIP]
        return self._best(found, issuer) or []

    def _of_area_alone(self, own: list[Reading]) -> list[Hit]:
        """ "huyện Đắk Hà": its unit, hardly sure."""
        areas = {key for reading in own for key in self.places.called(without_plural(reading.words)[0])}
        units = {unit for area in areas for unit in self.known.of_area.get(area, ())}
        return [Hit(("unit", key), AREA_ONLY) for key in units] if len(areas) == 1 and len(units) == 1 else []

    def _misspelt(self, written: list[Reading], own: list[Reading], issuer: Issuer, bare: bool) -> list[Hit]:
        for layer in _layers(own):
            found = [
                hit for reading in layer for hit in self.forms.near(reading.words, reading.certain, self.vocabulary)
            ]
            best = self._best(found, issuer)
            if best is not None:
                return best
        return self._group(written, issuer, bare, slips=True)

    # --- choosing -------------------------------------------------------------------------------

    def _best(self, found: list[Hit], issuer: Issuer) -> list[Hit] | None:
        """The surest body; [] where two fit equally; None where there is none."""
        if not found:
            return None
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
        return own in self.known.areas and (own == area or self.known.areas[own].parent_id == area)

    def _allowed(self, hit: Hit, issuer: Issuer) -> Hit | None:
        """A document of another level means its own bodies, unless the name says which."""
        kind, key = hit.target
        if issuer.level is Level.HOME or (kind == "unit" and self.known.units[key].area_id is not None):
            return hit
        if not hit.placed or issuer.level is Level.ELSEWHERE or (kind == "group" and issuer.level is Level.CENTRAL):
            return None
        return hit._replace(certain=min(hit.certain, CENTRAL_PAPER)) if issuer.level is Level.CENTRAL else hit

    # --- several --------------------------------------------------------------------------------

    def _group(self, written: list[Reading], issuer: Issuer, bare: bool, *, slips: bool = False) -> list[Hit]:
        found: list[Hit] = []
        for reading in written:
            inner = without_titles(reading.words)
            if not self.groups.may_begin(inner) and not self.groups.may_begin(reading.words):
                continue
            hits = self._group_of(reading, issuer, bare, slips)
            if not hits and len(inner) < len(reading.words):
                hits = self._group_of(Reading(inner, min(reading.certain, WRAPPED)), issuer, bare, slips)
            if len(hits) > 1 and hits[0].target[0] == "unit":
                return hits
            found += hits
        return self._best(found, issuer) or []

    def _group_of(self, reading: Reading, issuer: Issuer, bare: bool, slips: bool) -> list[Hit]:
        """Groups by name, else the units of a kind; those of a district only by their kind."""
        inner, _, certain = self.places.without_home(reading.words)
        certain = min(certain, reading.certain)
        inner, district = self._district_at_end(inner)
        wording = taken_apart(inner)
        if not wording.items:
            return []
        if district is None:
            hits = self.groups.named(wording, certain, self.vocabulary if slips else None, bare=bare)
            if hits or slips:
                return hits
        if slips or issuer.level in _EVERYWHERE:
            return []
        within = issuer.area if district is None and issuer.level is Level.BELOW else district
        several = self.groups.by_kind(wording, within)
        return self._several(several.units, min(several.certain, certain)) if several else []

    def _several(self, units: frozenset[int], certain: int) -> list[Hit]:
        group = self.groups.of_members(units)
        if group is not None and len(units) > 1:
            return [Hit(("group", group), certain)]
        return [Hit(("unit", key), certain) for key in self.known.units if key in units]

    def _district_at_end(self, words: tuple[Word, ...]) -> tuple[tuple[Word, ...], int | None]:
        """The words without the district they end with, and that district."""
        for length in range(min(6, len(words) - 1), 1, -1):
            areas = [key for key in self._areas_of(words[-length:]) if self.places.is_district(key)]
            if len(areas) == 1:
                return words[:-length], areas[0]
        return words, None

    def _areas_of(self, words: tuple[Word, ...]) -> set[int]:
        """ "huyện Đắk Hà", "Huyện ủy Đắk Hà"."""
        if areas := self.places.called(words):
            return areas
        units = {hit.target[1] for hit in self.forms.exact(words, 100, bare=False)}
        return {area for unit in units if (area := self.known.units[unit].area_id) in self.known.areas}


def _layers(own: list[Reading]) -> Iterator[list[Reading]]:
    """The readings, then the bodies behind the first title of each, and so on."""
    layer = own
    for _ in range(_DEEPEST + 1):
        if not layer:
            return
        yield layer
        layer = [
            Reading(inner[0], min(reading.certain, inner[1]))
            for reading in layer
            if (inner := unwrapped(reading.words)) is not None
        ]
