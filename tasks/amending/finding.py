"""Earlier documents that a draft may amend, as its own words suggest. Only offered: nothing is linked by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from directive_tracker.vietnamese import fold
from tasks.intake.deadlines import stated_in
from tasks.models import AmendmentKind, CitedDocument, Directive, DirectiveTask
from tasks.recording import paper_key
from tasks.textcleaning import sentences

# What a sentence calls it, and what that is; the first that stands in it counts. Folded words.
_WORDS = (
    (re.compile(r"\bthay the\b|\bthay cho\b"), AmendmentKind.REPLACES),
    (re.compile(r"\bbai bo\b|\bhuy bo\b|\bcham dut\b|\bdung thuc hien\b|\bhet hieu luc\b"), AmendmentKind.ENDS),
    (
        re.compile(
            r"\bgia han\b|\bkeo dai\b|\blui (?:thoi (?:gian|han)|han)\b|\bdieu chinh (?:thoi (?:gian|han)|han|tien do)\b"
        ),
        AmendmentKind.DUE,
    ),
    (re.compile(r"\bsua doi\b|\bdieu chinh\b"), AmendmentKind.DUE),
    (re.compile(r"\bbo sung\b"), AmendmentKind.ADDS),
)
# How a sentence names a part of the earlier document.
_PART = re.compile(
    r"(?:nhiệm vụ|điểm|khoản|mục|ý)\s+(?:số\s+)?([0-9]+[0-9a-zđ.]*|[IVX]+(?:\.[0-9a-zđ]+)*)", re.IGNORECASE
)


@dataclass(frozen=True)
class Suggestion:
    """One earlier document a sentence of the draft speaks of changing.

    kind, new_due, task: what the words let suppose, None where they do not say.
    """

    amended: Directive
    words: str
    kind: str
    new_due: date | None = None
    task: DirectiveTask | None = None


def recorded(cited: list[CitedDocument], *, user: Any) -> dict[int, Directive]:
    """Cited document → the recorded one it is, by number and day; where no day stands beside it, by issuer. One statement."""
    keys = {row.pk: {paper_key(number) for number in (row.number, row.number_corrected) if number} for row in cited}
    near = Q(pk__in=[])
    for number in {key for found in keys.values() for key in found}:
        figures = number[: len(number) - len(number.lstrip("0123456789"))]
        if figures:
            near |= Q(search_key__startswith=figures)
    if not near.children[1:]:
        return {}
    rows = list(Directive.objects.visible_to(user).filter(near).exclude(number="").order_by("-pk"))
    found = {}
    for row in cited:
        same = [one for one in rows if paper_key(one.number) in keys[row.pk] and _is_the_same(row, one)]
        if same and same[0].pk != row.directive_id:
            found[row.pk] = same[0]
    return found


def _is_the_same(cited: CitedDocument, directive: Directive) -> bool:
    if cited.date and directive.issued_date:
        return cited.date == directive.issued_date
    issuer, other = fold(cited.issuer), fold(directive.issuer)
    return bool(issuer) and (issuer in other or other in issuer)


def suggestions(document: Directive, *, user: Any) -> list[Suggestion]:
    """What the draft's sentences let suppose, in the order of the text; what is written down already is left out.

    Statements: the cited documents, the recorded ones, the text, the tasks of these, what is written down.
    """
    cited = list(document.cited_documents.all())
    by_cited = {pk: row for pk, row in recorded(cited, user=user).items() if row.is_issued}
    text = document.current_text
    if not by_cited or text is None:
        return []
    known = set(document.amendments_made.values_list("amended", "task"))
    tasks: dict[int, dict[str, DirectiveTask]] = {row.pk: {} for row in by_cited.values()}
    for task in DirectiveTask.objects.visible_to(user).filter(directive__in=tasks).select_related("clause"):
        tasks[task.directive_id][task.code.casefold()] = task
    found = []
    for row in cited:
        if row.pk in by_cited:
            amended = by_cited[row.pk]
            found += [one for one in _in_text(text.body, row, amended, tasks[amended.pk]) if _key(one) not in known]
    return list({(_key(one), one.words): one for one in found}.values())


def _key(one: Suggestion) -> tuple[int, int | None]:
    return one.amended.pk, one.task.pk if one.task else None


def _in_text(
    body: str, cited: CitedDocument, amended: Directive, tasks: dict[str, DirectiveTask]
) -> Iterator[Suggestion]:
    numbers = [re.escape(number) for number in {cited.number, cited.number_corrected} if number]
    named = re.compile(rf"(?<![\w/-])(?:{'|'.join(numbers)})(?![\w/-])", re.IGNORECASE)
    for start, end in sentences(body):
        words = body[start:end]
        if not named.search(words):
            continue
        folded = fold(words)
        kind = next((kind for pattern, kind in _WORDS if pattern.search(folded)), None)
        if kind is None:
            continue
        day = _day_in(named.sub("", words)) if kind == AmendmentKind.DUE else None
        parts = [tasks[code.casefold()] for code in _PART.findall(words) if code.casefold() in tasks]
        for task in parts or [None]:
            yield Suggestion(amended, " ".join(words.split()), kind, day, task)


def _day_in(words: str) -> date | None:
    """The last day the sentence states as a time; the one before is the old one."""
    days = [deadline.date for deadline in stated_in(" ".join(words.split())) if deadline.date]
    return date.fromisoformat(days[-1]) if days else None
