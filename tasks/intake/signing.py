"""The foot of a document: who gets copies, who signed."""

import re
from dataclasses import dataclass

from tasks.intake.bodies import Bodies
from tasks.intake.header import type_of
from tasks.intake.lines import Line
from tasks.intake.marks import mark_of
from tasks.intake.proposal import Signer
from tasks.intake.words import key_of

_COPIES = re.compile(r"^\W*Nơi nhận\s*[:;]?\s*(.*)$", re.I)
_BULLET = re.compile(r"^[-–—+*•]\s*")
_AUTHORITY = re.compile(r"^(?:T\s?/?\s?M|TM|KT|TL|TUQ|Q|T\.M|K/T|T/L)\s*[./]?\s+\S", re.I)
_SIGNED = re.compile(r"^\(?\s*(?:đã ký|đã kí|ký tên|đã ký và đóng dấu|ký, đóng dấu)\s*\)?[.:]?\s*", re.I)
_RANK = re.compile(
    r"^(?:(?:Đại tướng|Thượng tướng|Trung tướng|Thiếu tướng|Chuẩn Đô đốc|Phó Đô đốc|Đại tá|Thượng tá|Trung tá|Thiếu tá|Đại úy|Thượng úy|PGS\.?\s*TS|GS\.?\s*TS|PGS|GS|TS|ThS|BS|Ths|BSCKII|BSCKI|CKII|CKI|KS|CN)\b[.,]?\s*)+"
)
_TITLES = (
    "chủ tịch",
    "phó chủ tịch",
    "bí thư",
    "phó bí thư",
    "chánh văn phòng",
    "phó chánh văn phòng",
    "bộ trưởng",
    "thứ trưởng",
    "thủ tướng",
    "phó thủ tướng",
    "giám đốc",
    "phó giám đốc",
    "trưởng ban",
    "phó trưởng ban",
    "ủy viên",
    "cục trưởng",
    "tổng giám đốc",
    "thống đốc",
    "tổng bí thư",
    "thường trực ban bí thư",
    "chính ủy",
    "chỉ huy trưởng",
    "tư lệnh",
    "hiệu trưởng",
    "viện trưởng",
    "chánh án",
    "tổng thanh tra",
    "chánh thanh tra",
    "trưởng phòng",
    "phó ",
    "chủ nhiệm",
    "tổng cục trưởng",
    "vụ trưởng",
    "chính trị viên",
    "tham mưu trưởng",
    "trưởng đoàn",
    "quyền ",
    "hạt trưởng",
    "tổng biên tập",
)
_APPENDIX = re.compile(r"^(?:PHỤ LỤC|Phụ lục|BIỂU|Biểu mẫu|MẪU|DANH MỤC)\b")
_NAME_WORDS = 6
_FILING = re.compile(r"^(?:lưu|-\s*lưu)\b", re.I)
_LIKE = re.compile(r"^như\s", re.I)


@dataclass(frozen=True)
class Foot:
    """What was read of the foot. start, end: indexes of its lines; what follows is an attachment."""

    cc: tuple[str, ...]
    signers: tuple[Signer, ...]
    start: int
    end: int


def read_foot(lines: list[Line], body: int) -> Foot:
    """Read copies and signatures of the main document. Arguments: body, index of its first line of text."""
    copies = next((place for place in range(body, len(lines)) if _COPIES.match(lines[place].text)), None)
    if copies is None:
        return _without_copies(lines, body)
    end = copies + 1
    while end < len(lines) and not _attachment(lines, end):
        end += 1
    start = copies
    while start > body and _may_sign(lines[start - 1]):
        start -= 1
    left, right = _sides(lines, start, copies, end)
    return Foot(tuple(_entries(left)), tuple(_signers(right)), start, end)


def without_filing(cc: tuple[str, ...]) -> tuple[str, ...]:
    """The copies that reach somebody: without "Như trên" and the filing line."""
    return tuple(entry for entry in cc if not _FILING.match(entry) and not _LIKE.match(entry))


def _attachment(lines: list[Line], at: int) -> bool:
    text = lines[at].text
    return (
        (_APPENDIX.match(text) is not None and text.isupper())
        or type_of(text) is not None
        or (_APPENDIX.match(text) is not None and not _BULLET.match(text))
    )


def _without_copies(lines: list[Line], body: int) -> Foot:
    """The signature at the end of a text without "Nơi nhận"."""
    end = len(lines)
    start = end
    while start > body and end - start < 12 and _may_sign(lines[start - 1]):
        start -= 1
    signers = _signers(_by_columns([line.columns for line in lines[start:end]]))
    if not signers:
        return Foot((), (), end, end)
    return Foot((), tuple(signers), start, end)


def _may_sign(line: Line) -> bool:
    """Whether a line above "Nơi nhận" belongs to a signature, or to two side by side, that stands there."""
    return all(_signs(text) for _, text in line.columns)


def _signs(text: str) -> bool:
    if _SIGNED.match(text) or _AUTHORITY.match(text):
        return True
    body = text.isupper() and mark_of(text) is None and Bodies(text).name_at(0) is not None
    return body or (text.isupper() and _is_title(text)) or _is_name(text)


def _is_title(text: str) -> bool:
    key = key_of(text)
    return any(key.startswith(title) for title in _TITLES)


def _is_name(text: str) -> bool:
    words = _RANK.sub("", text).split()
    return (
        1 < len(words) <= _NAME_WORDS
        and all(word[:1].isupper() and word.replace("'", "").replace("-", "").isalpha() for word in words)
        and not text.isupper()
    )


def _sides(lines: list[Line], start: int, copies: int, end: int) -> tuple[list[str], list[str]]:
    """Lines of the copies and of the signature, which stand side by side or one below the other."""
    left: list[str] = []
    right: list[list[tuple[int, str]]] = [line.columns for line in lines[start:copies]]
    inline = _COPIES.match(lines[copies].text)[1]  # type: ignore[index]
    for place, part in _columns_of(inline):
        if _BULLET.match(part):
            left.append(part)
        else:
            right.append([(place, part)])
    in_copies = False
    for line in lines[copies + 1 : end]:
        (place, first), *others = line.columns
        if _BULLET.match(first):
            left.append(first)
            in_copies = True
        elif in_copies and _copy_goes_on(left[-1], first, line):
            left[-1] += f" {first}"
        else:
            others = [(place, first), *others]
            # Beside a signature copies go on; below one alone on its line they do so with a dash only.
            in_copies = in_copies and not (line.indent < 20 and len(others) == 1)
        right.append(others)
    return left, _by_columns([pieces for pieces in right if pieces])


def _by_columns(rows: list[list[tuple[int, str]]]) -> list[str]:
    """The words of a signature; of two that stand side by side the left one first."""
    pairs = [pieces for pieces in rows if len(pieces) > 1]
    if len(pairs) < 2:  # one wide gap makes no second column
        return [text for pieces in rows for _, text in pieces]
    middle = sum(pieces[0][0] + pieces[-1][0] for pieces in pairs) / (2 * len(pairs))
    sides: tuple[list[str], list[str]] = ([], [])
    for pieces in rows:
        for place, text in pieces:
            sides[place > middle].append(text)
    return sides[0] + sides[1]


def _columns_of(text: str) -> list[tuple[int, str]]:
    return [(0, part) for part in re.split(r"\s{3,}", text) if part.strip()]


def _copy_goes_on(entry: str, text: str, line: Line) -> bool:
    """Whether a line goes on with the copy above it."""
    if entry.rstrip().endswith((";", ".")) or line.after_gap or line.indent >= 30:
        return False
    if text.isupper() and (text.endswith(";") or entry.endswith(",")) and not _is_title(text):
        return True
    return not (text.isupper() or _SIGNED.match(text) or _AUTHORITY.match(text)) and (
        text[:1].islower() or not _is_name(text)
    )


def _entries(left: list[str]) -> list[str]:
    entries = [" ".join(_BULLET.sub("", one).split()).rstrip(" .,;") for one in left]
    return [entry for entry in entries if entry]


def _signers(right: list[str]) -> list[Signer]:
    """Blocks of capacity lines, each ended by a name."""
    found: list[Signer] = []
    above: list[str] = []
    for raw in right:
        text = _SIGNED.sub("", " ".join(raw.split())).strip(" *")
        if not text or text.endswith(";"):
            continue  # the rest of a copy
        if _is_name(text) or (
            above
            and not text.isupper()
            and not _is_title(text)
            and text[:1].isupper()
            and len(text.split()) <= _NAME_WORDS
        ):
            if above:
                found.append(_signer(above, text))
                above = []
        elif above and text.isupper() and not (_is_title(text) or _AUTHORITY.match(text) or Bodies(text).name_at(0)):
            above[-1] += f" {text}"  # a capacity that a column's edge broke
        elif text.isupper() or _is_title(text):
            above.append(text)
    if above and not found:
        found.append(_signer(above, None))
    return found


def _signer(above: list[str], name: str | None) -> Signer:
    *authority, title = above
    plain = _RANK.sub("", name).strip() if name else None
    if not authority and _AUTHORITY.match(title):
        # One line with both: "TL. GIÁM ĐỐC" alone says for whom, not who.
        return Signer(None if plain is None else title, plain, None)
    return Signer(title, plain, " ".join(authority) or None)
