"""One paragraph that orders several things → its orders one by one, by their verbs ("Tách theo việc")."""

import re
from dataclasses import dataclass

from tasks.intake import deadlines, orders
from tasks.intake.lines import Paragraph, lines_of
from tasks.intake.proposal import Span, TaskProposal
from tasks.intake.words import Token, phrases, tokens_of

# A part says at least so much besides its verb; "rà soát, thống kê, lập danh sách …" is one order.
_WORDS = 4
# How something is to be done, not what: such a beginning is no order of its own.
_MANNER = re.compile(
    r"^(?:bám sát|căn cứ|trên cơ sở|chủ động|phối hợp|kịp thời|tích cực|tiếp tục|thường xuyên|khẩn trương|quan tâm|chú trọng|theo|đồng thời|nhằm|để)\b",
    re.I,
)
_PURPOSE = re.compile(r"\b(?:để|nhằm)\s+(?=(?:xây dựng|lập|ban hành|tổ chức|trình|tham mưu|triển khai)\b)", re.I)
_PLAN_OF = re.compile(
    r"\b(?:xây dựng|lập|ban hành)\s+(?:và ban hành\s+)?(?:dự thảo\s+)?(?:kế hoạch|phương án|chương trình|đề án)\s+(?=(?:tổ chức|triển khai|thực hiện)\s+(?P<rest>[^.;]+))",
    re.I,
)
_ONLY_HELPS = re.compile(r"^\W*phối hợp\b", re.I)
_DONE = re.compile(r"^(?:(?:thời gian|thời hạn|hạn)\s*)?(?:thực hiện\s*)?(?:hoàn thành|xong)?\s*:?\s*", re.I)
_NEXT_WORD = re.compile(r"\s+(\S)")
_NOUN_AFTER = frozenset({"của", "này", "đó", "trên", "được", "đã"})


@dataclass(frozen=True)
class Part:
    """One order. spans: places in the clean text, the shared beginning first; title: its words alone."""

    spans: tuple[Span, ...]
    title: str
    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    encouraged: bool
    condition: str | None


def split(task: TaskProposal, body: str) -> list[Part]:
    """The orders of one task, in the order of the text; one where nothing can be split.

    Arguments: task, a proposal of tasks.intake.reading; body, the clean text it was read from.
    """
    # Lines and pages break where they like; the orders are those of the paragraph in one line.
    paragraph = Paragraph()
    for line in lines_of(body[task.start : task.end]):
        paragraph.add(line)
    text = paragraph.text
    if not text:
        return []
    head = _head(text)
    places: list[tuple[list[Span], str]] = []
    for begin, end in _sentences(text):
        sentence_head = head if begin == head[0] else (begin, begin)
        places += _orders_in(text, begin, end, sentence_head)
    # A time alone is no order: it says until when of those before it.
    wanted = [place for place in places if not _is_only_a_time(place[1])] or places
    return [_part(task, paragraph, spans, title) for spans, title in wanted]


def _is_only_a_time(words: str) -> bool:
    rest = _DONE.sub("", words.strip(" .;,"))
    times = deadlines.stated_in(rest)
    return len(times) == 1 and times[0].text is not None and len(rest) - len(times[0].text) <= 1


def _head(text: str) -> Span:
    """The beginning that all orders of the first sentence share: who, with whom."""
    found = orders.subject_of(text)
    if found is None or found.alone or found.colon:
        return 0, 0
    end = found.after
    chain = re.compile(r"\s*(?:có trách nhiệm|chịu trách nhiệm)?\s*(?:chủ trì\s*,?\s*)?").match(text, end)
    after = chain.end() if chain else end
    partner = re.compile(r"(?:chủ động\s+)?phối hợp(?:\s+chặt chẽ)?\s+(?:với|cùng)\s+", re.I).match(text, after)
    if partner:
        names = orders.names_at(text, partner.end())
        if names is not None:
            return 0, names
    led = re.match(r"\s*(?:có trách nhiệm\s+)?chủ trì", text[end:])
    return (0, end + led.end()) if led else (0, end)


def _sentences(text: str) -> list[Span]:
    """The places of the sentences; a semicolon ends one too, nothing inside brackets does."""
    found, begin, depth = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth > 0 or sign not in ".;":
            continue
        following = _NEXT_WORD.match(text, at + 1)
        if following is None or (sign == "." and following[1].islower()):
            continue
        found.append((begin, at if sign == ";" else at + 1))
        begin = following.start(1)
    if text[begin:].strip():
        found.append((begin, len(text.rstrip())))
    return found


def _orders_in(text: str, begin: int, end: int, head: Span) -> list[tuple[list[Span], str]]:
    """The orders of one sentence: (spans in the paragraph, words)."""
    first = max(begin, head[1])
    cuts = _cuts(text, first, end)
    pieces = list(zip([first, *(after for _, after in cuts)], [*(before for before, _ in cuts), end], strict=True))
    found: list[tuple[list[Span], str]] = []
    shared = head[1] > head[0]
    for number, (start, stop) in enumerate(pieces):
        words = text[start:stop].strip(" ,;")
        start += len(text[start:stop]) - len(text[start:stop].lstrip(" ,;"))
        stop = start + len(words)
        if not words:
            continue
        spans = [(begin, stop)] if number == 0 else [head, (start, stop)] if shared else [(start, stop)]
        found.append((spans, words))
        plan = _PLAN_OF.search(text, start, stop)
        if plan and shared and not _ONLY_HELPS.match(text[begin:]) and not _ONLY_HELPS.match(words):
            # A plan of something by those who lead: the thing itself is theirs too.
            done = plan["rest"]
            cut = re.search(r"\s+theo\s+(?:đúng\s+)?(?:hướng dẫn|quy định|kế hoạch|chỉ đạo|tinh thần)\b", done, re.I)
            last = min(stop, plan.start("rest") + (len(done) if cut is None else cut.start()))
            found.append(([head, (plan.end(), last)], text[plan.end() : last]))
    return found or [([(begin, end)], text[begin:end].strip())]


def _cuts(text: str, begin: int, end: int) -> list[Span]:
    """(end of what stands before, beginning of the next order) within one sentence."""
    tokens = list(tokens_of(text[begin:end]))
    cuts: list[Span] = []
    last = begin
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token.key == "(") - (token.key == ")")
        if depth > 0 or token.key != "," or at + 1 >= len(tokens):
            continue
        if _begins_order(tokens, at + 1) and _is_order(text[last : begin + token.start], tokens, at):
            cuts.append((begin + token.start, begin + tokens[at + 1].start))
            last = begin + tokens[at + 1].start
    for purpose in _PURPOSE.finditer(text, begin, end):
        if not any(before <= purpose.start() <= after for before, after in cuts):
            cuts.append((purpose.start(), purpose.end()))
    return sorted(cuts)


def _begins_order(tokens: list[Token], at: int) -> bool:
    found = phrases("order-verbs").longest(tokens, at)
    if found is None or found[0] >= len(tokens):
        return False
    following = tokens[found[0]]
    if following.key in _NOUN_AFTER or not following.is_word:
        return False
    return len(list(_until_comma(tokens, at))) >= _WORDS


def _until_comma(tokens: list[Token], at: int) -> list[Token]:
    found = []
    for token in tokens[at:]:
        if token.key in {",", ";"}:
            break
        found.append(token)
    return found


def _is_order(before: str, tokens: list[Token], comma: int) -> bool:
    """Whether what stands before a comma is an order of its own and no link of a chain of verbs."""
    words = before.strip(" ,")
    if _MANNER.match(words) or len(words.split()) < _WORDS:
        return False
    for back in (2, 3, 1):
        place = comma - back
        if place >= 0:
            found = phrases("order-verbs").longest(tokens, place) or phrases("verbs").longest(tokens, place)
            if found is not None and found[0] == comma:
                return False
    return True


def _part(task: TaskProposal, paragraph: Paragraph, spans: list[Span], title: str) -> Part:
    text, places = paragraph.text, paragraph.places
    whole = " ".join(text[start:end] for start, end in spans)
    partners = tuple(name for name in orders.partners_in(whole) if name not in task.lead)
    encouraged = re.match(r"\W*khuyến khích\b", title, re.I) is not None
    condition = task.condition if task.condition is not None and task.condition in whole else None
    shown = title.strip(" .;,")
    return Part(
        tuple((task.start + places[start], task.start + places[end - 1] + 1) for start, end in spans),
        shown[:1].upper() + shown[1:],
        task.lead,
        partners,
        encouraged,
        condition,
    )
