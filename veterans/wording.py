"""Short words that somebody typed, in their stored form: one line, composed letters, not longer than their column."""

from directive_tracker import vietnamese
from tasks.errors import Refused


def line(text: str) -> str:
    """Words in their stored form, on one line."""
    return " ".join(vietnamese.nfc(text).split())


def short_or_refuse(text: str, *, longest: int = 500) -> str:
    """The text in its stored form, "" where it says nothing. Errors: Refused for more than `longest` signs."""
    text = line(text)
    if len(text) > longest:
        raise Refused(f"Chỉ ghi được {longest} ký tự; đang có {len(text)}.")
    return text


def words_or_refuse(text: str, otherwise: str, *, longest: int = 500) -> str:
    """The text in its stored form. Errors: Refused with `otherwise` when it says nothing, or when it is too long."""
    text = short_or_refuse(text, longest=longest)
    if not text:
        raise Refused(otherwise)
    return text
