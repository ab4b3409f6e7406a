"""A validator for passwords that are easily guessed in Việt Nam: common words, places, dates, keyboard walks, the own unit.

It undoes what people do to such words to get past a rule: capitals, accents, Telex and VNI spelling, figures and signs
around and between, 0 for o and @ for a, the same word twice. What is left has to be more than three such words.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from directive_tracker.vietnamese import fold, nfc

COMMON_FILE = Path(__file__).parent / "data" / "common_passwords_vi.txt"
# Shorter words are too many syllables of good passwords.
SHORTEST = 4
# A password made of so many known words, with so many other letters at most, is refused.
MOST_WORDS, OTHER_LETTERS = 3, 2
# So many letters are more than three words.
LONGEST = 128
# A part that is written several times must be so long to count as something of its own.
REPEATED = 8
ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "abcdefghijklmnopqrstuvwxyz",
    *(letter * LONGEST for letter in "abcdefghijklmnopqrstuvwxyz"),
)
_TRICKS = str.maketrans({"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "€": "e"})
_LETTERS = re.compile(r"[^a-z]+")
_TONES = {"\u0300": "f", "\u0301": "s", "\u0303": "x", "\u0309": "r", "\u0323": "j"}
_SHAPES = {"\u0302": None, "\u0306": "w", "\u031b": "w"}  # â is aa, ă is aw, ơ is ow

GOOD = "Hãy ghép bốn, năm từ không liên quan đến nhau, ví dụ như “mây tím ghế gỗ nồi đất”, nhưng là những từ của riêng anh/chị."
COMMON = (
    "Mật khẩu này dễ đoán: nó chỉ gồm những từ nhiều người dùng (lời thường nói, địa danh, tên cơ quan, ngày kỷ niệm, "
    f"dãy phím) thêm số, dấu hay viết khác đi. {GOOD}"
)
OWN = f"Mật khẩu này dễ đoán: nó dựa trên tên, chức vụ hay đơn vị của chính người dùng. {GOOD}"
FIGURES = f"Mật khẩu này gần như chỉ có chữ số và dấu, như ngày tháng hay số điện thoại. {GOOD}"
REPETITION = f"Mật khẩu này chỉ là một đoạn ngắn viết đi viết lại. {GOOD}"


class CommonVietnamesePasswordValidator:
    """Refuses what is made of common Vietnamese words, of figures, of one repeated part, or of the person's own words."""

    def validate(self, password: str, user: Any = None) -> None:
        """Errors: ValidationError with a sentence that says what is wrong and what would be right."""
        plain = fold(password).replace(" ", "")
        if _part(plain) < REPEATED <= len(plain):
            raise ValidationError(REPETITION, code="password_repetition")
        if len(_LETTERS.sub("", plain)) < SHORTEST:
            raise ValidationError(FIGURES, code="password_figures")
        spellings = _spellings(plain)
        if any(_is_made_of(letters, common_words()) for letters in spellings):
            raise ValidationError(COMMON, code="password_common_vi")
        own = own_words(user)
        if own and any(_is_made_of(letters, common_words() | own) for letters in spellings):
            raise ValidationError(OWN, code="password_own_words")

    def get_help_text(self) -> str:
        """The rule, as it stands beside the field."""
        return "Không dùng tên, đơn vị, địa danh, ngày tháng, lời thường nói hay dãy phím, kể cả khi thêm số và dấu."


@cache
def common_words() -> frozenset[str]:
    """The letters of each entry of the list, as plain text and as Telex without a Vietnamese keyboard types it."""
    lines = COMMON_FILE.read_text(encoding="utf-8").splitlines()
    entries = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return _pieces(form for entry in entries for form in (fold(entry), telex(entry)))


def own_words(user: Any) -> frozenset[str]:
    """Name, position, user name, units and areas of the person: each run of their words.

    `user.office_words` may hold more, where the unit is not stored yet.
    """
    if user is None:
        return frozenset()
    texts = [getattr(user, name, "") or "" for name in ("full_name", "username", "position", "office_words")]
    if user.pk and hasattr(user, "memberships"):
        for membership in user.memberships.select_related("unit", "area"):
            unit, area = membership.unit, membership.area
            texts += [unit.name, unit.short_name] if unit else []
            texts += [area.name] if area else []
    return _pieces(form for text in texts for run in _runs(text) for form in (fold(run), telex(run)))


def telex(text: str) -> str:
    """ "mật khẩu" → "maatj khaaur": what Telex typing leaves when the keyboard is not a Vietnamese one."""
    return " ".join(_telex_syllable(word) for word in nfc(text).lower().split())


def _telex_syllable(word: str) -> str:
    letters, tone = [], ""
    for sign in unicodedata.normalize("NFD", word.replace("đ", "dd")):
        if sign in _TONES:
            tone = _TONES[sign]
        elif sign in _SHAPES:
            letters.append(_SHAPES[sign] or letters[-1])
        elif not unicodedata.combining(sign):
            letters.append(sign)
    # One w serves both letters of "ươ".
    return "".join(letters).replace("uwow", "uow") + tone


def _runs(text: str) -> list[str]:
    """ "Huyện ủy Đắk Hà" → each run of its words, and their first letters."""
    words = re.findall(r"\w+", text)
    runs = [" ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)]
    return [*runs, "".join(word[0] for word in words)]


def _pieces(forms: Iterable[str]) -> frozenset[str]:
    """Letters only, long enough to say something."""
    letters = (_LETTERS.sub("", form) for form in forms)
    return frozenset(piece for piece in letters if len(piece) >= SHORTEST)


def _part(text: str) -> int:
    """The length of the part that is repeated to make the text; its own length when there is none."""
    return (text + text).find(text, 1) if text else 0


def _spellings(plain: str) -> set[str]:
    """The letters of the password: without its figures and signs, and with them read as letters."""
    inner = plain.lstrip("0123456789").rstrip("0123456789!.,#*?-_+=@$ ")
    tricks = [inner.translate(_TRICKS).translate(str.maketrans("1!", one * 2)) for one in "il"]
    return {_LETTERS.sub("", text) for text in (plain, *tricks)}


def _is_made_of(letters: str, words: frozenset[str]) -> bool:
    """Whether known words and keyboard walks cover the letters, as far as the limits say."""
    if len(letters) > LONGEST:
        return False
    longest = max(map(len, words))
    # (words, other letters) that reach each place; only the few that are within the limits are kept.
    reached: list[set[tuple[int, int]]] = [{(0, 0)}] + [set() for _ in letters]
    for start in range(len(letters)):
        for used, others in reached[start]:
            if others < OTHER_LETTERS:
                reached[start + 1].add((used, others + 1))
            if used == MOST_WORDS:
                continue
            for end in range(start + 3, len(letters) + 1):
                piece = letters[start:end]
                if (end - start <= longest and piece in words) or _is_walk(piece):
                    reached[end].add((used + 1, others))
    return any(used for used, _ in reached[-1])


@cache
def _walks() -> tuple[str, ...]:
    return (*ROWS, *(row[::-1] for row in ROWS))


def _is_walk(piece: str) -> bool:
    """Whether the letters lie side by side on the keyboard or in the alphabet."""
    return any(piece in row for row in _walks())
