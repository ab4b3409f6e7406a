"""Printed paths as task codes: "1.-2" is 1b, a part of a split is 1b.2."""

import re
from collections.abc import Container

from tasks.models.directive import CODE_LENGTH

# The order of letters that lists in Vietnamese documents use (Nghị định 30/2020/NĐ-CP, Phụ lục I: điểm a, b, c, d, đ, e …).
LETTERS = "abcdđeghiklmnopqrstuvxy"
_BULLET = re.compile(r"-(\d+)")
CLOSING_LINE = "end"


def code_of(path: str) -> str:
    """The code of a printed path as tasks.intake gives it; a bullet takes its letter, a letter joins the number before it."""
    if path == CLOSING_LINE:
        return "cuối"
    code = ""
    for part in path.split("."):
        bullet = _BULLET.fullmatch(part)
        piece = _letter(int(bullet[1])) if bullet else part
        joins = bool(code) and code[-1].isdigit() and len(piece) == 1 and piece.isalpha() and piece.islower()
        code += piece if joins or not code else f".{piece}"
    return code[:CODE_LENGTH]


def _letter(number: int) -> str:
    return LETTERS[number - 1] if 1 <= number <= len(LETTERS) else str(number)


def free_code(wanted: str, taken: Container[str]) -> str:
    """The wanted code, or the first of it with a number behind that nobody has ("1b.2")."""
    wanted = wanted[:CODE_LENGTH] or "1"
    if wanted not in taken:
        return wanted
    number = 2
    while (code := f"{wanted[: CODE_LENGTH - len(str(number)) - 1]}.{number}") in taken:
        number += 1
    return code
