"""The guard before every upload and text: documents marked MẬT, TỐI MẬT, TUYỆT MẬT stay outside."""

import re
import unicodedata

from directive_tracker import vietnamese
from records.errors import SecretDocumentRefused

MARKS = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")
HEAD_LINES = 40

# What may stand before the mark on its line, and after it.
_BEFORE = ("", "độ mật", "mức độ mật", "cấp độ mật", "dấu độ mật", "dấu mật")
_AFTER = re.compile(r"(?:bansố|bảnsố|banso|sốbản)?\d*")
# Strokes of a stamp's frame, read as letters.
_FRAME = re.compile(r"^(?:[Il1J|!(){}\[\]_.,:;'\"-]\s+)+|(?:\s+[Il1J|!(){}\[\]_.,:;'\"-])+$")
_COLUMNS = re.compile(r"\t|\||\s{3,}")
_IN_A_SENTENCE = re.compile(r"\b(?:tuyệt mật|tối mật|bí mật nhà nước)\b", re.IGNORECASE)
_CAPITALS = re.compile(r"\bMẬT\b")
# Set apart and in capitals: "QUY CHẾ BẢO MẬT" is the name of a rule.
_IN_A_NAME = re.compile(r"(?:^|[(\[_–-])\s*(?:TỐI\s*|TUYỆT\s*)?MẬT\s*(?:[)\]_–-]|$)")
_NOT_SECRET = ("", "thuong", "khong", "khong mat", "none")


def _letters(text: str) -> str:
    """Letters and figures alone, small, composed: blanks, boxes, stars and colons do not count."""
    composed = vietnamese.nfc(text).casefold()
    return "".join(sign for sign in composed if sign.isalnum())


def _marks_of(letter: str) -> tuple[str, set[str]]:
    decomposed = unicodedata.normalize("NFD", letter.replace("đ", "d\u0335"))
    return decomposed[0], set(decomposed[1:])


def _is_written(letters: str, expected: str) -> bool:
    """Whether the letters are the expected ones, some or all accents lost; another accent is another word."""
    if len(letters) != len(expected):
        return False
    for letter, wanted in zip(letters, expected, strict=True):
        base, accents = _marks_of(letter)
        wanted_base, wanted_accents = _marks_of(wanted)
        if base != wanted_base or not accents <= wanted_accents:
            return False
    return True


def _looks_written(letters: str, expected: str) -> bool:
    """The same of a picture, where accents are the first that is misread: equal letters below whatever accents."""
    return len(letters) == len(expected) and all(
        _marks_of(letter)[0] == _marks_of(wanted)[0] for letter, wanted in zip(letters, expected, strict=True)
    )


_FORMS = [(mark, _letters(before + mark)) for mark in MARKS for before in _BEFORE]


def _mark_on(cell: str, from_picture: bool) -> str | None:
    if from_picture:
        cell = _FRAME.sub("", cell.strip())
        # Stamps are in capitals; "mặt" beneath a picture is a word.
        if cell != cell.upper():
            return None
    letters = _letters(cell)
    if not 3 <= len(letters) <= 40:
        return None
    is_mark = _looks_written if from_picture else _is_written
    for mark, form in _FORMS:
        if is_mark(letters[: len(form)], form) and _AFTER.fullmatch(letters[len(form) :]):
            return mark
    return None


def find_secrecy_mark(text: str, *, from_picture: bool = False) -> str | None:
    """Return the mark of secrecy standing alone on a line of the head, or None.

    The head is the first 40 lines that are not empty. Found too: spaced ("M Ậ T"), boxed, in one of
    two columns, with accents lost or decomposed, "Độ mật: Tối mật". "MẶT" and "MẮT" are other words.
    Arguments: text, a string; from_picture, it was read from a picture: other accents and strokes of a frame
    beside the word count as the mark too, in capitals. Errors: none.
    """
    lines = [line for line in text.splitlines() if line.strip()][:HEAD_LINES]
    for line in lines:
        for cell in [line, *_COLUMNS.split(line)]:
            if (mark := _mark_on(cell, False)) or (from_picture and (mark := _mark_on(cell, True))):
                return mark
    return None


def warns(text: str) -> str | None:
    """Return a sentence of warning when secrecy is only spoken of inside the text, else None.

    Arguments: text, a string. Errors: none.
    """
    composed = vietnamese.nfc(text)
    found = _IN_A_SENTENCE.search(composed) or _CAPITALS.search(composed)
    if found is None:
        return None
    return f"Văn bản có nhắc đến “{found[0]}”. Hãy kiểm tra để chắc chắn đây không phải tài liệu mật."


def guard(text: str | None, declared: str = "", *, from_picture: bool = False) -> None:
    """Refuse a document that is marked or declared secret; to be called before anything is stored.

    Arguments: text, None where there is none to read (a scan); declared, the degree of secrecy a
    person chose, "" or "Thường" for none; from_picture, the text was read from a picture.
    Errors: SecretDocumentRefused with a sentence that names the mark and nothing of the content.
    """
    if vietnamese.fold(declared) not in _NOT_SECRET:
        raise SecretDocumentRefused(_sentence(f"được khai là “{declared.strip()}”"))
    mark = find_secrecy_mark(text, from_picture=from_picture) if text else None
    if mark:
        raise SecretDocumentRefused(_sentence(f"có dấu “{mark}”"))


def guard_name(name: str) -> None:
    """Refuse a file whose name says that it is secret: "12-KH (MẬT).pdf". Errors: SecretDocumentRefused."""
    if _IN_A_NAME.search(vietnamese.nfc(name).rpartition(".")[0]):
        raise SecretDocumentRefused(_sentence("có tên tệp ghi độ mật"))


def _sentence(why: str) -> str:
    return (
        f"Tài liệu {why} nên không được đưa vào hệ thống này; chưa có gì được lưu lại. "
        "Hãy xử lý theo quy định về bảo vệ bí mật nhà nước; trong báo cáo chỉ ghi “Đã báo cáo ngoài hệ thống, ngày …”."
    )
