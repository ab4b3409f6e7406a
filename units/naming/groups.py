"""Wordings that mean several units: by the words of a group's name, or by the kind of units they name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from units.models import UnitKind
from units.naming.forms import Form, Forms, Hit
from units.naming.places import KINDS, Places
from units.naming.reading import Known
from units.naming.titles import without_plural, without_titles
from units.naming.words import (
    Word,
    first_words_of_pairs,
    is_separator,
    phrase,
    phrase_with_signs,
    plain_key,
    readings,
    unified,
)

_TAILS = tuple(
    tuple(tail.split())
    for tail in (
        "truc thuoc tinh uy",
        "truc thuoc tinh",
        "tren dia ban tinh",
        "tren dia ban",
        "truc thuoc",
        "thuoc tinh uy",
        "thuoc tinh",
        "cua tinh uy",
        "cua tinh",
        "trong tinh",
        "toan tinh",
        "cap tinh",
        "tinh uy",
        "tinh",
        "thuoc",
        "cua",
    )
)
_TAILS_BY_END: dict[str, list[tuple[str, ...]]] = {}
for _tail in _TAILS:
    _TAILS_BY_END.setdefault(_tail[-1], []).append(_tail)
_LONGEST_TAIL = max(len(_tail) for _tail in _TAILS)
_SHORTENED = {"huyen": "huyện ủy", "thanh": "thành ủy", "thi": "thị ủy"}
_COMMITTEES = {"huyen uy": "huyen", "thanh uy": "thanh pho", "thi uy": "thi xa", "quan uy": "quan"}
_OF_COMMITTEES = ("uy",)
_DIRECT = "dang uy"
_EVERY_COMMITTEE = frozenset({"cap uy", "dang bo"})
_EVERY_BODY = frozenset({"ban", "nganh"})
_ENDS_OF_KINDS = frozenset(kind[-1] for kind in KINDS)
BY_KIND = 85
AREA_ONLY = 60
_OTHER_WORDS = 85
_WITHOUT_LEVEL = 90
_REWRITTEN = 95


@dataclass(frozen=True)
class Wording:
    """A written group taken apart. items: what is named, in the order written; direct: "trực thuộc"; level: "tỉnh" is said."""

    items: tuple[tuple[Word, ...], ...]
    direct: bool
    level: bool
    plural: bool
    rewritten: bool = False

    @property
    def words(self) -> tuple[Word, ...]:
        """The items in one order, whatever the order written."""
        return tuple(word for item in sorted(self.items, key=plain_key) for word in item)


@dataclass(frozen=True)
class Several:
    """Units named by their kind."""

    units: frozenset[int]
    certain: int


def taken_apart(words: Sequence[Word]) -> Wording:
    """Commas, "và", "các" and what all bodies of the province share are taken off."""
    segments: list[list[Word]] = [[]]
    for word in words:
        if is_separator(word):
            segments.append([])
        else:
            segments[-1].append(word)
    segments = [segment for segment in segments if segment]
    plural, direct, level, rewritten = False, False, False, False
    items: list[tuple[Word, ...]] = []
    for segment in segments:
        rest, many = without_plural(segment)
        plural = plural or many
        rest, tails = _without_tails(rest)
        direct = direct or any("truc" in tail for tail in tails)
        level = level or any("tinh" in tail for tail in tails)
        if rest:
            items.append(unified(rest))
            rewritten = rewritten or len(items[-1]) != len(rest) or plain_key(items[-1]) != plain_key(rest)
    return Wording(tuple(_whole_committees(items)), direct, level, plural or len(items) > 1, rewritten)


def _without_tails(words: Sequence[Word]) -> tuple[Sequence[Word], list[tuple[str, ...]]]:
    found: list[tuple[str, ...]] = []
    while len(words) > 1 and (tails := _TAILS_BY_END.get(words[-1].plain)):
        plain = tuple([word.plain for word in words[-_LONGEST_TAIL:]])
        tail = next((one for one in tails if len(one) < len(words) and plain[-len(one) :] == one), None)
        if tail is None:
            break
        found.append(tail)
        words = words[: -len(tail)]
    return words, found


def _whole_committees(items: list[tuple[Word, ...]]) -> list[tuple[Word, ...]]:
    """ "các huyện, thành ủy" is "các huyện ủy, thành ủy": the last carries the word for all."""
    committees = [plain_key(item) in _COMMITTEES for item in items]
    if not any(committees):
        return items
    last = max(at for at, is_one in enumerate(committees) if is_one)
    return [
        phrase(_SHORTENED[key]) if at < last and (key := plain_key(item)) in _SHORTENED else item
        for at, item in enumerate(items)
    ]


class Groups:
    """The groups of the day."""

    def __init__(self, known: Known, places: Places) -> None:
        self._known, self._places = known, places
        self.forms = Forms()
        self._items = {*_COMMITTEES, *_SHORTENED, *_EVERY_COMMITTEE, _DIRECT, "co quan"}
        for key, group in known.groups.items():
            for reading in readings(phrase_with_signs(group.name)):
                wording = taken_apart(places.without_home(reading.words)[0])
                self.forms.add(Form(("group", key), wording.words, reading.certain, wording.level))
                self._items |= {plain_key(item) for item in wording.items}
        self._firsts = {item.split()[0] for item in self._items} | {kind[0] for kind in KINDS} | first_words_of_pairs()
        self._by_members = {
            members: key for key, members in sorted(known.members.items(), reverse=True) if key in known.groups
        }

    def named(self, wording: Wording, certain: int, known: frozenset[str] | None, *, bare: bool) -> list[Hit]:
        """Groups whose name has the same words, in whatever order.

        Arguments: known, the words that are no slips where one is looked for, None where not.
        """
        certain = min(certain, _REWRITTEN) if wording.rewritten else certain
        if known is not None:
            found = self.forms.near(wording.words, certain, known)
        else:
            found = self.forms.exact(wording.words, certain, bare=bare)
        if not found and known is None and {plain_key(item) for item in wording.items} >= _EVERY_BODY:
            found = self._with_or_without_offices(wording, certain, bare)
        placed = wording.level or any(plain_key(item) in _COMMITTEES for item in wording.items)
        # hit.placed: whether the group's own name says "tỉnh".
        return [
            Hit(hit.target, min(hit.certain, _WITHOUT_LEVEL) if hit.placed and not placed else hit.certain, placed)
            for hit in found
        ]

    def _with_or_without_offices(self, wording: Wording, certain: int, bare: bool) -> list[Hit]:
        """ "cơ quan" adds nothing beside "ban, ngành"."""
        offices = phrase("cơ quan")
        items = tuple(item for item in wording.items if plain_key(item) != "co quan")
        if len(items) == len(wording.items):
            items = (offices, *items)
        other = replace(wording, items=items)
        return self.forms.exact(other.words, min(certain, _OTHER_WORDS), bare=bare)

    def is_item(self, segment: Sequence[Word]) -> bool:
        """Whether a part of a list may belong to a wording for several."""
        rest, _ = without_plural(without_titles(tuple(segment)))
        if bool(_kind_at_end(rest)[0]):
            return True
        if not rest or rest[0].plain not in self._firsts:
            return False
        return plain_key(unified(_without_tails(rest)[0])) in self._items

    def may_begin(self, words: Sequence[Word]) -> bool:
        """Whether words may name several at all: "các …", or the first word of a group. Most names are told by this."""
        inner, many = without_plural(words)
        return many or (bool(inner) and inner[0].plain in self._firsts)

    def of_members(self, units: frozenset[int]) -> int | None:
        """The group of exactly these units."""
        return self._by_members.get(units)

    # --- by kind --------------------------------------------------------------------------------

    def by_kind(self, wording: Wording, within: int | None) -> Several | None:
        """The units of the kinds named, only where none of them is missing.

        Arguments: within, the area to stay in. An area whose unit is not known makes it None: nothing is matched by halves.
        """
        if not wording.plural:
            return None
        units: set[int] = set()
        head: tuple[str, ...] = ()
        certain, any_area = BY_KIND, False
        for item in wording.items:
            key = plain_key(item)
            if key in _COMMITTEES:
                head = _OF_COMMITTEES
                found = self._of_areas(tuple(key.split()), _COMMITTEES[key], within)
            elif key == _DIRECT:
                found = self._direct() if wording.direct or any_area else None
            elif key in _EVERY_COMMITTEE:
                found = self._every_committee() if wording.direct else None
            else:
                kind, own = _kind_at_end(item)
                if not kind:
                    return None
                head = own or head
                certain = certain if head else AREA_ONLY
                found = self._of_areas(_head_for(head, kind), kind, within)
            if found is None:
                return None
            any_area = True
            units |= found
        return Several(frozenset(units), certain) if units else None

    def _of_areas(self, head: tuple[str, ...], kind: str, within: int | None) -> set[int] | None:
        """One unit for each area of the kind; None where one lacks, an empty set where there is no such area."""
        areas = self._places.of_kind(kind, within)
        if not areas:
            return self._without_areas(head) if head else set()
        found: set[int] = set()
        for area in areas:
            mine = [unit for unit in self._known.of_area.get(area, ()) if self._begins(unit, head)]
            if len(mine) != 1:
                return None
            found.add(mine[0])
        return found

    def _without_areas(self, head: tuple[str, ...]) -> set[int]:
        """Units of that kind where the areas are not kept."""
        return {
            key
            for key, unit in self._known.units.items()
            if unit.area_id is None and self._known.parents[key] is None and self._begins(key, head)
        }

    def _begins(self, unit: int, head: tuple[str, ...]) -> bool:
        words = phrase(self._known.names[unit][0])
        return tuple(word.plain for word in words[: len(head)]) == head

    def _direct(self) -> set[int] | None:
        """Party committees directly below the province that are not of a district."""
        found = {
            key
            for key, unit in self._known.units.items()
            if unit.kind == UnitKind.PARTY_COMMITTEE
            and unit.area_id is None
            and self._known.parents[key] is None
            and self._begins(key, ("dang", "uy"))
        }
        return found or None

    def _every_committee(self) -> set[int] | None:
        units = self._direct()
        for head, kind in _COMMITTEES.items():
            found = self._of_areas(tuple(head.split()), kind, None)
            if units is None or found is None:
                return None
            units |= found
        return units


def _head_for(head: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """How units of a kind begin: "thành phố" after "huyện ủy" is its committee too."""
    if head == _OF_COMMITTEES:
        return next(
            (tuple(key.split()) for key, one in _COMMITTEES.items() if one == kind), ("dang", "uy", *kind.split())
        )
    return (*head, *kind.split()) if head else ()


def _kind_at_end(item: Sequence[Word]) -> tuple[str, tuple[str, ...]]:
    """ "đảng ủy các xã" → ("xa", ("dang", "uy"))."""
    if not item or item[-1].plain not in _ENDS_OF_KINDS:
        return "", ()
    plain = tuple(word.plain for word in item)
    for kind in KINDS:
        if plain[-len(kind) :] == kind:
            head = plain[: -len(kind)]
            return " ".join(kind), head[:-1] if head and head[-1] == "cac" else head
    return "", ()
