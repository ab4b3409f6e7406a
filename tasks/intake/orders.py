"""Who is ordered, with whom, in one paragraph."""

import re
from dataclasses import dataclass

from tasks.intake.bodies import bodies_of
from tasks.intake.words import phrases, tokens_of

# Words that hand a duty to whoever follows them.
_HAND = re.compile(
    r"(?:trân trọng\s+)?(?:giao(?:\s+(?:cho|trách nhiệm cho|nhiệm vụ cho))?|đề nghị|yêu cầu|phân công|kiến nghị|ủy quyền(?:\s+cho)?|khuyến khích|đồng ý giao|thống nhất giao)\s+",
    re.I,
)
# What may stand before the subject: times, grounds.
_BEFORE = re.compile(
    r"(?:(?:hàng|hằng)\s+(?:năm|quý|tháng|tuần)|định kỳ[^,;.]{0,40}|trước (?:ngày|mắt)[^,;.]{0,40}|trong (?:quý|tháng|năm)[^,;.]{0,40}|căn cứ[^;.]{0,160}?|trên cơ sở[^;.]{0,160}?|ngoài ra"
    r"|đồng thời|để [^,;.]{0,120}|theo [^,;.]{0,100}|sau khi [^,;.]{0,100}|khi [^,;.]{0,100}|nếu [^,;.]{0,100}|riêng|(?:đối với|về) [^,;.:]{3,160}(?=:))\s*[,:]\s*",
    re.I,
)
_WITH = re.compile(
    r"(?:phối hợp|phối hợp chặt chẽ|liên hệ|thống nhất|trao đổi|kết hợp|hiệp đồng|cùng)(?:[ ,]+(?:chặt chẽ|đồng bộ|hiệu quả|kịp thời|thường xuyên|tốt|chủ động|nhịp nhàng|thống nhất|ý kiến|trực tiếp))*"
    r"\s+(?:cùng với|với|cùng)\s+",
    re.I,
)
_WITHOUT = re.compile(r"(?:chủ trì\s*,\s*)phối hợp\s+|(?:^|,\s*|\bchủ trì\s+)cùng\s+(?!với\b)", re.I)
# Titles of politeness before whoever is meant.
_POLITE = re.compile(r"(?P<many>các\s+)?(?:đồng chí|đ/c|ông(?:\s*[,(]\s*bà\)?)?|bà|quý)\s*:?\s+", re.I)
_NOT_SUBJECT = re.compile(
    r"(?:là (?!cơ quan|đơn vị|đầu mối)|đã |được |bị |do |của |khi |có hiệu lực|nêu (?:tại|trên|ở|trong)|trong đó|hoạt động|chưa |vẫn |còn |theo quy định)",
    re.I,
)
_LATER = re.compile(r"[.;:]\s+")
_LATER_SENTENCE = re.compile(r"[.;]\s+")
_ENCOURAGED = re.compile(r"khuyến khích\b", re.I)
_HANDS_OVER = re.compile(r"(?:giao|phân công|đề nghị)\b", re.I)
_LEADS = re.compile(r"[ ,]*(?:chủ trì|có trách nhiệm)\b", re.I)
_ASKED_LATER = re.compile(r"(?:^|[,:;.]\s*)(?:giao|đề nghị|yêu cầu|phân công)\s+", re.I)
# Whom the asked one is told to direct is not asked himself.
_ASKS = re.compile(r"\b(?:yêu cầu|đề nghị|giao|(?P<directs>chỉ đạo)|phân công)\s+", re.I)
_CONCERNED = re.compile(r"Đối với\s+([^,;.:]{3,200}?)(?:\s+thì\b|,|:)\s*")
_ABOUT = re.compile(r"(?:Đối với|Về phía)\s+")
_HEADING = re.compile(
    r"(?:Đối với|Về phía|Trách nhiệm (?:của )?|Nhiệm vụ (?:của )?|Giao|Đề nghị|Yêu cầu|Phân công)\s*:?\s*", re.I
)
_SPEAKS = re.compile(
    r"\s(?:yêu cầu|đề nghị|chỉ đạo|có ý kiến|ban hành|xây dựng|hướng dẫn|thông báo|triển khai|giao)\b[^.;]*[:.]?\s*$"
)
_REST = re.compile(r"\s*(?:\([^()]{0,80}\))?[\s.:;,/]*$")
_COLON = re.compile(r"\s*(?:\([^()]{0,80}\)\s*)?:")
_UP_TO_COLON = re.compile(r"(\s+[^,;:.()\n]{1,60}?)\s*(?::|$)")
_NOT_IN_NAMES = frozenset(
    "và hoặc hay được là đã với để về trong tại theo nếu khi này đó sẽ phải không từ đến những nhằm sau trước như".split()
)
_BLANKS = re.compile(r"[\s,]*")

_BRACKET = re.compile(r"\(([^()]{8,400})\)")
_BRACKET_LABEL = re.compile(
    r"\s*(?:(?:cơ quan|đơn vị)\s+)?(?:chủ trì(?:\s+(?:thực hiện|tham mưu))?|tham mưu|thực hiện|phụ trách)\s*:\s*", re.I
)
_BRACKET_VERB = re.compile(
    r"\s*,?\s*(?:chủ trì|tham mưu|thực hiện|phụ trách|chịu trách nhiệm|làm đầu mối|là (?:cơ quan|đơn vị) chủ trì)\b",
    re.I,
)
_BRACKET_PARTNERS = re.compile(r"(?:(?:cơ quan|đơn vị)\s+)?phối hợp(?:\s+thực hiện)?\s*:\s*", re.I)

# The end of a preamble that is looked at for who speaks, in characters.
_SENTENCE = 600


@dataclass(frozen=True)
class Found:
    """Names and how they were found. after: place in the text behind them; alone: the paragraph holds nothing else."""

    names: tuple[str, ...]
    after: int
    alone: bool = False
    handed: bool = False
    colon: bool = False


def subject_of(text: str, begin: int = 0) -> Found | None:
    """The bodies a paragraph, or its part from a character on, begins with or hands its duty to; None where it names nobody."""
    at = begin
    while before := _BEFORE.match(text, at):
        at = before.end()
    hand = _HAND.match(text, at)
    found = _list_from(text, hand.end() if hand else at, semicolons=True)
    if found is None and hand is None and at > begin:
        found = _list_from(text, begin, semicolons=True)
    if found is None or (hand is None and not _is_followed(found, text)):
        return None
    if hand is None and (passed := _HAND.match(text, _past_blanks(text, found.after))):
        # "The office asks X to …": it is X who is ordered.
        asked = _list_from(text, passed.end(), semicolons=True)
        if asked is not None:
            return Found(asked.names, asked.after, asked.alone, True, asked.colon)
    return Found(found.names, found.after, found.alone, hand is not None, found.colon)


def heading_bodies(text: str) -> Found | None:
    """The bodies a heading names: it names nothing else, or they stand before a colon at its end."""
    opening = _HEADING.match(text)
    found = _list_from(text, opening.end() if opening else 0, semicolons=True)
    if found is not None and (found.alone or (found.colon and len(text) - found.after < 3)):
        return Found(found.names, len(text), True, False, found.colon)
    return None


def concerned_heading(text: str) -> Found | None:
    """Whom a heading is about that says more of them: "Đối với các địa phương còn …"."""
    opening = _ABOUT.match(text)
    return _list_from(text, opening.end()) if opening else None


def later_subject(text: str) -> Found | None:
    """Bodies that are ordered in a later sentence or clause of a paragraph that begins with nobody."""
    for clause in _LATER.finditer(text):
        if _ENCOURAGED.match(text, clause.end()):
            continue
        found = subject_of(text, clause.end())
        if found is not None and _goes_on_with_verb(text, found):
            return found
    return asked_later(text)


def concerned(text: str) -> Found | None:
    """Whom a paragraph is about: "Đối với các địa phương …, thì …"."""
    match = _CONCERNED.match(text)
    if match is not None and (asked := subject_of(text, match.end())) is not None and asked.handed:
        return asked
    if match is None or _list_from(match[1], 0, singular=True) is None:
        return None
    return Found((match[1],), match.end(), alone=match.end() == len(text))


def asked_later(text: str) -> Found | None:
    """Whom a later part of the paragraph asks by name or kind: "…; đề nghị X …"."""
    for hand in _ASKED_LATER.finditer(text):
        found = _list_from(text, hand.end())
        if found is not None:
            return Found(found.names, found.after, handed=True)
    return None


def further_leads(text: str, first: Found | None) -> tuple[str, ...]:
    """Who else is told to take the lead in a later sentence: "Giao X …", "X chủ trì"."""
    names: list[str] = []
    for clause in _LATER_SENTENCE.finditer(text, first.after if first else 0):
        hand = _HAND.match(text, clause.end())
        if hand and clause[0].startswith(";") and first is not None and not first.handed and not first.colon:
            continue  # what the subject itself hands on
        found = _list_from(text, hand.end() if hand else clause.end())
        if found is None:
            continue
        if (hand and _HANDS_OVER.match(hand[0])) or _LEADS.match(text, found.after):
            names += found.names
    return tuple(names)


def partners_in(text: str) -> tuple[str, ...]:
    """Those with whom it is to be done, in the order of the text."""
    names: dict[str, None] = {}
    for pattern in (_WITH, _WITHOUT):
        for match in pattern.finditer(text):
            found = _list_from(text, match.end(), singular=True)
            if found is not None:
                names |= dict.fromkeys(found.names)
    return tuple(names)


def bracketed(text: str) -> tuple[Found, tuple[str, ...]] | None:
    """Who leads and with whom, where a bracket at the end of a paragraph says it: "(Sở Y tế chủ trì, phối hợp với …; …)"."""
    for bracket in _BRACKET.finditer(text):
        inner = bracket[1]
        label = _BRACKET_LABEL.match(inner)
        found = _list_from(inner, label.end() if label else 0, semicolons=False)
        if found is None or not (label or _BRACKET_VERB.match(inner, found.after)):
            continue
        partners = partners_in(inner)
        if not partners and (named := _BRACKET_PARTNERS.search(inner)):
            other = _list_from(inner, named.end(), semicolons=False)
            partners = other.names if other else ()
        return Found(found.names, bracket.start(1) + found.after, handed=True), partners
    return None


def names_at(text: str, at: int) -> int | None:
    """The place behind the names that begin at a character, or None."""
    found = _list_from(text, at, singular=True)
    return None if found is None else found.after


def who_asks(text: str) -> str | None:
    """Who speaks in "… X yêu cầu:", at the end of a preamble."""
    match = _SPEAKS.search(text[-_SENTENCE:])
    if match is None:
        return None
    before = text[-_SENTENCE:][: match.start()]
    bodies = bodies_of(before)
    for at, token in enumerate(bodies.tokens):
        name = bodies.name_at(at) if token.capital else None
        if name is not None and name.end == len(bodies.tokens):
            return bodies.texts([name])[0]
    return None


def asked_bodies(text: str) -> Found | None:
    """Whom the sentence that introduces the clauses orders: "… yêu cầu các sở … thực hiện các việc sau:"."""
    if not text.rstrip().endswith(":"):
        return None
    last: Found | None = None
    directed: Found | None = None
    for match in _ASKS.finditer(text):
        found = _list_from(text, match.end())
        if found is None:
            continue
        if match["directs"]:
            directed = Found(found.names, found.after)
        else:
            last = Found(found.names, found.after)
    return last or directed


def _list_from(text: str, at: int, *, semicolons: bool = False, singular: bool = False) -> Found | None:
    bodies = bodies_of(text)
    begin = at
    if polite := _POLITE.match(text, at):
        at = polite.end()
    token = bodies.token_at(at)
    names, end = bodies.list_at(token, semicolons=semicolons, singular=singular, begins=True)
    if not names:
        return None
    after = bodies.tokens[end - 1].end
    said = bodies.texts(names)
    if longer := _to_colon(text, after):
        said[-1], after = said[-1] + text[after:longer], longer
    if polite and polite["many"]:
        said[0] = text[begin:at] + said[0]
    return Found(
        tuple(said),
        after,
        alone=_REST.match(text, after) is not None,
        colon=_COLON.match(text, after) is not None,
    )


def _to_colon(text: str, after: int) -> int | None:
    """The place of a colon, or of a heading's end, up to which a name nobody knows goes on: "Trung tâm … Kim Bôi: …"."""
    rest = _UP_TO_COLON.match(text, after)
    if rest is None:
        return None
    tokens = tokens_of(rest[1])
    verbs = phrases("verbs")
    if not tokens or any(verbs.longest(tokens, at) for at in range(len(tokens))):
        return None
    if any(token.key in _NOT_IN_NAMES for token in tokens):
        return None
    return rest.end(1)


def _is_followed(found: Found, text: str) -> bool:
    """Whether what follows the names makes them the subject."""
    return _NOT_SUBJECT.match(text, _past_blanks(text, found.after, commas=False)) is None


def _goes_on_with_verb(text: str, found: Found) -> bool:
    if found.handed or found.colon:
        return True
    bodies = bodies_of(text)
    return phrases("verbs").longest(bodies.tokens, bodies.token_at(_past_blanks(text, found.after))) is not None


def _past_blanks(text: str, at: int, *, commas: bool = True) -> int:
    if commas:
        return _BLANKS.match(text, at).end()  # type: ignore[union-attr]
    while at < len(text) and text[at].isspace():
        at += 1
    return at
