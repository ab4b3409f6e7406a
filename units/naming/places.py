"""The own province, its districts and communes, as parts of names."""

from collections.abc import Sequence

from units.models import Area, AreaLevel
from units.naming.reading import Known
from units.naming.words import Word, phrase, plain_key

# How kinds of places are written, the long ones first.
KINDS = (("thanh", "pho"), ("thi", "xa"), ("thi", "tran"), ("dac", "khu"), ("huyen",), ("quan",), ("xa",), ("phuong",))
_PROVINCE = (("tinh", "uy"), ("tinh", "doan"), ("tinh",))
_LEVEL_WORDS = frozenset({"tinh", "huyen", "xa", "phuong"})
_OF = (("cap",), ("cua",), ("thuoc",), ("truc", "thuoc"), ("tren", "dia", "ban"), ("trong",), ("toan",))
RUN_TOGETHER = 80


def kind_and_name(words: Sequence[Word]) -> tuple[str, tuple[Word, ...]]:
    """ "huyện Đắk Hà" → ("huyen", the words of "Đắk Hà"); ("", words) where no kind stands in front."""
    for kind in (("tinh",), *KINDS):
        if tuple(word.plain for word in words[: len(kind)]) == kind:
            return " ".join(kind), tuple(words[len(kind) :])
    return "", tuple(words)


class Places:
    """Areas of the day, by their words."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.kinds: dict[int, str] = {}
        self.names: dict[int, list[tuple[Word, ...]]] = {}
        self._by_key: dict[str, set[int]] = {}
        self._by_kind: dict[str, list[int]] = {}
        self.vocabulary: set[str] = set()
        for area in known.areas.values():
            self._learn(area)
        self._home = {plain_key(name) for area in known.provinces for name in self.names[area.pk]}
        self._home_joined = {key.replace(" ", "") for key in self._home}

    def _learn(self, area: Area) -> None:
        kind, name = kind_and_name(phrase(area.name))
        self.kinds[area.pk] = kind
        self._by_kind.setdefault(kind, []).append(area.pk)
        self.names[area.pk] = [name]
        for alias in self._known.aliases.get(area.pk, ()):
            other_kind, other = kind_and_name(phrase(alias))
            if other_kind in {"", kind} and other not in self.names[area.pk]:
                self.names[area.pk].append(other)
        for one in self.names[area.pk]:
            self._by_key.setdefault(f"{kind} {plain_key(one)}".strip(), set()).add(area.pk)
            self.vocabulary.update(word.plain for word in one)
        self.vocabulary.update(kind.split())

    def called(self, words: Sequence[Word]) -> set[int]:
        """Areas of that name with its kind ("huyện Đắk Hà")."""
        return self._by_key.get(plain_key(words), set())

    def of_kind(self, kind: str, within: int | None = None) -> list[int]:
        """Areas of a kind, of one area where one is given."""
        keys = self._by_kind.get(kind, [])
        return [key for key in keys if within is None or self._known.areas[key].parent_id == within]

    def is_district(self, key: int) -> bool:
        """Whether an area lies between province and commune."""
        return self._known.areas[key].level == AreaLevel.DISTRICT

    def is_kind(self, words: Sequence[Word]) -> bool:
        """Whether words are a kind of area ("huyện")."""
        return plain_key(words) in self._by_kind

    def is_home(self, words: Sequence[Word]) -> bool:
        """Whether these words, without a kind, name the own province."""
        return plain_key(words) in self._home

    def at_home(self, words: tuple[Word, ...]) -> tuple[tuple[Word, ...], bool, int]:
        """The words of one body without what every body of the own province may carry: "cấp tỉnh", "tỉnh Kon Tum" is "tỉnh".

        Returns: as without_home.
        """
        words, named, certain = self.without_home(words)
        if len(words) > 2 and words[-1].plain == "tinh":
            for of in _OF:
                if len(words) > len(of) + 1 and _stands(words, len(words) - 1 - len(of), of):
                    words = (*words[: -1 - len(of)], words[-1])
                    break
            if words[0].plain == "so" and len(words) > 2:
                # Departments are always those of the province.
                words = words[:-1]
        return words, named, certain

    def without_home(self, words: tuple[Word, ...]) -> tuple[tuple[Word, ...], bool, int]:
        """The words without the own province's name behind "tỉnh", "Tỉnh ủy", "Tỉnh đoàn".

        Returns: the words; whether the province was named; how sure that is (100, less where its name was run together).
        """
        for at, word in enumerate(words):
            if word.plain != "tinh":
                continue
            level = next(one for one in _PROVINCE if _stands(words, at, one))
            rest = words[at + len(level) :]
            if rest and plain_key(rest).replace(" ", "") in self._home_joined:
                return words[: at + len(level)], True, 100 if self.is_home(rest) else RUN_TOGETHER
        return words, False, 100


def _stands(words: Sequence[Word], at: int, sought: tuple[str, ...]) -> bool:
    return tuple([word.plain for word in words[at : at + len(sought)]]) == sought


def without_country(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """ "Hội Nông dân Việt Nam tỉnh" is "Hội Nông dân tỉnh"; a body of the whole country keeps its name."""
    plain = [word.plain for word in words]
    if "viet" not in plain or _LEVEL_WORDS.isdisjoint(plain):
        return words
    at = plain.index("viet")
    return words[:at] + words[at + 2 :] if at and plain[at + 1 : at + 2] == ["nam"] else words
