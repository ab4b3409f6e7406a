"""What may stand before a body that is meant itself: who leads it, who speaks for it, "các"."""

from collections.abc import Sequence

from units.naming.words import Word, is_separator, plain_key, wrappers

WRAPPED = 85
_LONGEST = 4
# Something that several have in common, that a single body has not.
_PLURAL = (("toan", "the"), ("tat", "ca"), ("cac",), ("nhung",), ("moi",), ("tung",), ("ca",))
_FIRST_OF_PLURAL = frozenset(one[0] for one in _PLURAL)
# The Party's body inside an organisation.
_PARTY_BODIES = (("dang", "doan"), ("ban", "can", "su"), ("dang", "uy"), ("dang", "bo"))


def without_plural(words: Sequence[Word]) -> tuple[Sequence[Word], bool]:
    """The words behind "các", "toàn thể các" …, and whether there was one."""
    found = False
    while words and words[0].plain in _FIRST_OF_PLURAL:
        length = next((len(one) for one in _PLURAL if tuple(word.plain for word in words[: len(one)]) == one), 0)
        if not length or length >= len(words):
            break
        words, found = words[length:], True
    return words, found


def unwrapped(words: tuple[Word, ...]) -> tuple[tuple[Word, ...], int] | None:
    """The body behind "Lãnh đạo", "đồng chí Bí thư", "Ban Thường vụ" …, and behind "các"; how sure it is then."""
    inner, many = without_plural(words)
    if many:
        return tuple(inner), 100
    length = _title(words)
    return (words[length:], WRAPPED) if length else None


def innermost(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The body behind everything that may stand before it."""
    while (inner := unwrapped(words)) is not None:
        words = inner[0]
    return words


def without_titles(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """ "Ban Thường vụ các huyện ủy" → "các huyện ủy"; the words themselves where there is no title."""
    while True:
        inner, _ = without_plural(words)
        length = _title(inner)
        # "các cơ quan, ban, ngành" names offices, nobody's office.
        if not length or is_separator(inner[length]):
            return words
        words = tuple(inner[length:])


def starts_with_title(words: Sequence[Word]) -> bool:
    """Whether somebody's office stands first."""
    return _title(words) > 0


def without_party_body(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """ "Đảng đoàn Hội Nông dân tỉnh" → "Hội Nông dân tỉnh"; () where no such word stands first."""
    for body in _PARTY_BODIES:
        if len(words) > len(body) + 1 and tuple(word.plain for word in words[: len(body)]) == body:
            rest = words[len(body) :]
            return rest[1:] if body == ("ban", "can", "su") and rest[0].plain == "dang" else rest
    return ()


def _title(words: Sequence[Word]) -> int:
    """How many words the title in front has; 0 without one."""
    known = wrappers()
    if not words or words[0].plain not in known.firsts:
        return 0
    for length in range(min(_LONGEST, len(words) - 1), 0, -1):
        if plain_key(words[:length]) in known.phrases:
            return length
    return 0
