"""Other documents the text refers to by number."""

import re
from collections.abc import Iterable

from tasks.intake.bodies import Bodies
from tasks.intake.proposal import Citation

# "12-HD/BTG", "7/2001/NQ-HĐND", "34/KH-UBND-VX": figures, then letters behind a slash or a dash.
_NUMBER = re.compile(
    r"(?<![\w/.\-])(?P<number>\d{1,5}[A-Za-z]?\s?(?:[/\-–]\s?\d{4}\s?)?[/\-–]\s?[A-ZĐƯ][A-Za-zĐđƯư0-9&.]*(?:\s?[/\-–]\s?[A-Za-zĐđƯư0-9&]+)*)"
)
_AFTER = re.compile(
    r"^\s*\)?,?\s*(?:ban hành\s+|ký\s+)?(?:ngày\s+)?(?P<d>\d{1,2})\s*(?:[/.\-–]|\s+tháng\s+)\s*(?P<m>\d{1,2})\s*(?:[/.\-–]|,?\s+năm\s+)\s*(?P<y>\d{4})",
    re.I,
)
_OF = re.compile(r"^[,\s]*(?:\([^)]{0,60}\)\s*)?của\s+", re.I)
_TERM = re.compile(r"^\s+khóa\s+[IVXLC]+(?:,\s+nhiệm kỳ [\d\s\-–]+)?", re.I)
# What may stand before a number so that it counts without "số".
_KINDS = re.compile(
    r"(?:số|luật|pháp lệnh|nghị quyết|nghị định|quyết định|chỉ thị|thông tư|thông tư liên tịch|công văn|công điện|kế hoạch|chương trình|hướng dẫn|kết luận"
    r"|thông báo|thông tri|quy định|quy chế|tờ trình|báo cáo|văn bản|đề án|và|,|;)\s*:?\s*$",
    re.I,
)


def cited_in(texts: Iterable[str], own: str | None) -> list[Citation]:
    """Each other document once per number and date, in order. Arguments: own, the document's own number."""
    found: dict[tuple[str, str | None], Citation] = {}
    undated: list[tuple[str, str | None]] = []
    for text in texts:
        for number, day, issuer in _mentions(text):
            if own is not None and number.casefold() == own.casefold():
                continue
            key = number.casefold()
            if day is None:
                undated.append((key, None))
            known = found.get((key, day))
            if known is None:
                found[(key, day)] = Citation(number, day, issuer)
            elif known.issuer is None and issuer is not None:
                found[(key, day)] = Citation(known.number, day, issuer)
    dated = {key for key, day in found if day is not None}
    for place in undated:
        if place[0] in dated:
            found.pop(place, None)
    return list(found.values())


def _mentions(text: str) -> Iterable[tuple[str, str | None, str | None]]:
    for match in _NUMBER.finditer(text):
        if (
            not _KINDS.search(text[max(0, match.start() - 40) : match.start()])
            or text[match.end() : match.end() + 1].isalnum()
        ):
            continue
        number = re.sub(r"\s", "", match["number"]).rstrip(".").replace("–", "-")
        rest = text[match.end() : match.end() + 400]
        day = None
        dated = _AFTER.match(rest)
        if dated and 1 <= int(dated["m"]) <= 12 and 1 <= int(dated["d"]) <= 31:
            day = f"{dated['y']}-{int(dated['m']):02d}-{int(dated['d']):02d}"
            rest = rest[dated.end() :]
        yield number, day, _issuer(rest)


def _issuer(rest: str) -> str | None:
    of = _OF.match(rest)
    if of is None:
        return None
    rest = rest[of.end() :]
    bodies = Bodies(rest)
    name = bodies.name_at(0)
    if name is None:
        return None
    end = bodies.tokens[name.end - 1].end
    term = _TERM.match(rest[end:])
    return rest[: end + term.end()] if term else rest[:end]
