"""Several names in one line: each is found or none counts."""

from collections.abc import Sequence
from itertools import pairwise

from units.naming.finding import Finder
from units.naming.forms import Hit
from units.naming.issuer import Issuer
from units.naming.places import KINDS
from units.naming.titles import innermost, starts_with_title
from units.naming.words import Word, is_separator, without_separators

_MOST_SEGMENTS = 60
_LONGEST_RUN = 8
_CARRIED = 4
_PERSON = (("dong", "chi"), ("ong",), ("ba",))
_LONGEST_PERSON = 8
_MEMBER = ("uy", "vien")
_COMMA = Word(",", ",")


class Lists:
    """Cuts a line into names."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        # Words that stand side by side in a name: only between them a comma may belong to it.
        self._side_by_side = {(one.plain, other.plain) for form in finder.forms for one, other in pairwise(form.words)}

    def find(self, words: Sequence[Word], issuer: Issuer, *, bare: bool) -> list[Hit]:
        """All bodies a line names; [] where one of its parts is not known, because nobody would miss the rest."""
        words = _each_by_itself(words)
        segments = _segments(words)
        if not 1 < len(segments) <= _MOST_SEGMENTS:
            return []
        found: list[Hit] = []
        at = self._behind_person(segments)
        head: tuple[Word, ...] = ()
        if _has_colon(words, len(segments[0])):
            # "các Sở: Y tế, Nội vụ": a first word that all share.
            head, at = innermost(tuple(segments[0])), 1
        while at < len(segments):
            hits, after = self._run(segments, at, issuer, bare)
            if hits:
                head = innermost(without_separators(_joined(segments[at:after])))
            elif head:
                hits, after = self._carried(head, segments, at, issuer, bare)
            if not hits:
                return []
            found += hits
            at = after
        return found

    def _behind_person(self, segments: list[list[Word]]) -> int:
        """ "đồng chí (name), Ủy viên …, Bí thư Huyện ủy Đắk Hà": the office, not the person."""
        first = tuple(word.plain for word in segments[0])
        if len(first) > _LONGEST_PERSON or not any(first[: len(one)] == one for one in _PERSON):
            return 0
        at = 1
        while at < len(segments) - 1 and tuple(word.plain for word in segments[at][:2]) == _MEMBER:
            at += 1
        is_one = at == len(segments) - 1 and not starts_with_title(segments[0][2:]) and starts_with_title(segments[at])
        return at if is_one else 0

    def _run(self, segments: list[list[Word]], at: int, issuer: Issuer, bare: bool) -> tuple[list[Hit], int]:
        """The longest run of segments that is one name: parts of a group, or words that stand together in a name."""
        for end in range(self._end_of_run(segments, at, of_group=True), at, -1):
            words = _joined(segments[at:end])
            hits = self._finder.one(words, issuer, bare=bare, slips=False)
            if hits:
                return hits, end
        hits = self._finder.one(segments[at], issuer, bare=bare, slips=True)
        return hits, at + 1

    def _end_of_run(self, segments: list[list[Word]], at: int, *, of_group: bool) -> int:
        is_item = self._finder.groups.is_item
        of_group = of_group and at + 1 < len(segments) and is_item(segments[at])
        end = at + 1
        while end < min(len(segments), at + _LONGEST_RUN) and (
            self._belongs(segments[end - 1][-1], segments[end][0]) or (of_group and is_item(segments[end]))
        ):
            end += 1
        return end

    def _belongs(self, last: Word, first: Word) -> bool:
        return (last.plain, first.plain) in self._side_by_side or (last.capitals and first.capitals)

    def _carried(
        self, head: tuple[Word, ...], segments: list[list[Word]], at: int, issuer: Issuer, bare: bool
    ) -> tuple[list[Hit], int]:
        """ "Huyện ủy Đắk Hà, Đắk Tô": the second with the first words of the first."""
        if at >= len(segments):
            return [], at
        places = self._finder.places
        # "các huyện Đắk Hà, Đắk Tô"; a committee or an office is not carried over as its district.
        areas = places.is_kind(head) or bool(places.called(head))
        for end in range(min(self._end_of_run(segments, at, of_group=False), at + 4), at, -1):
            own = without_separators(_joined(segments[at:end]))
            for count in range(min(_CARRIED, len(head)), 0, -1):
                hits = self._finder.carried((*head[:count], *own), issuer, bare=bare, areas=areas)
                if hits:
                    return hits, end
        return [], at


def _each_by_itself(words: Sequence[Word]) -> Sequence[Word]:
    """ "UBND các huyện Đắk Hà, Đắk Tô" → "UBND huyện Đắk Hà, Đắk Tô", and "Huyện ủy các huyện Đắk Hà" → "Huyện ủy Đắk Hà"."""
    plain = [word.plain for word in words]
    for at in range(1, len(words) - 2):
        if plain[at] != "cac":
            continue
        kind = next((one for one in KINDS if tuple(plain[at + 1 : at + 1 + len(one)]) == one), None)
        after = at + 1 + len(kind or ())
        if kind and after < len(words) and (plain[after] == ":" or not is_separator(words[after])):
            return [*words[:at], *(words[after:] if plain[at - 1] == "uy" else words[at + 1 :])]
    return words


def _segments(words: Sequence[Word]) -> list[list[Word]]:
    found: list[list[Word]] = [[]]
    for word in words:
        if not is_separator(word):
            found[-1].append(word)
        elif found[-1]:
            found.append([])
    return [segment for segment in found if segment]


def _has_colon(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and words[at].plain == ":"


def _joined(segments: list[list[Word]]) -> tuple[Word, ...]:
    words: list[Word] = []
    for segment in segments:
        if words:
            words.append(_COMMA)
        words += segment
    return tuple(words)
