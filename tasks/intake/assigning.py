"""One paragraph that orders something → the task it proposes: whom, with whom, until when, under which condition."""

import re
from dataclasses import dataclass

from tasks.intake import deadlines, orders
from tasks.intake.lines import Paragraph
from tasks.intake.proposal import Deadline, TaskProposal

_ENCOURAGED = re.compile(r"^\W*khuyến khích\b", re.I)
_CONDITION = re.compile(
    r"\((?:nếu|trong trường hợp|khi có|trường hợp)\s[^)]{2,200}\)|(?:^|[,;]\s*)((?:nếu có|nếu|trong trường hợp|trường hợp)\s[^,;.]{3,160})",
    re.I,
)
_PASSED_ON = re.compile(r"Yêu cầu\s+(?:(?:các|những|mọi)\s|dừng|tạm dừng|thực hiện|chấm dứt)")


@dataclass(frozen=True)
class Given:
    """What a heading hands down to the paragraphs under it."""

    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    why: str = ""


def task_of(clause: str, paragraph: Paragraph, given: Given, why: str, *, block: bool = False) -> TaskProposal:
    """The task a paragraph proposes.

    Arguments: given, what its heading hands down; why, the rule that found it, "" for a numbered paragraph; block, whether
    it stands beside a line that names who leads.
    """
    text = paragraph.text
    lead, reasons = _leads(text, given, [why] if why else [], block=block)
    partners = orders.partners_in(text) or given.coordinating
    if (aside := orders.bracketed(text)) is not None and orders.subject_of(text) is None:
        lead, partners, reasons = aside[0].names, aside[1], ["bracket"]
    condition = _CONDITION.search(text)
    return TaskProposal(
        clause=clause,
        text=text,
        start=paragraph.start,
        end=paragraph.end,
        lead=lead,
        coordinating=tuple(name for name in partners if name not in lead),
        deadlines=tuple(deadlines.stated_in(text)) or given.deadlines,
        condition=condition[0].strip(" ,;()") if condition else None,
        encouraged=_ENCOURAGED.match(text) is not None,
        why=tuple(dict.fromkeys(reasons)),
    )


def _leads(text: str, given: Given, reasons: list[str], *, block: bool) -> tuple[tuple[str, ...], list[str]]:
    """Who is ordered, and the rules that say so."""
    own = orders.subject_of(text)
    if own is None and given.why in ("", "introduced"):
        own = orders.concerned(text) or (orders.asked_later(text) if given.lead else None)
    if own is not None and not (
        given.lead and ((block and not own.handed) or _ENCOURAGED.match(text) or _passes_on(text, given))
    ):
        lead = own.names
        reasons.append("handed_over" if own.handed else "subject")
    elif given.lead:
        lead = given.lead
        reasons.append(given.why or "heading")
    else:
        later = orders.later_subject(text)
        lead = later.names if later is not None else ()
        reasons.append("later_subject")
    more = tuple(name for name in orders.further_leads(text, own) if name not in lead)
    return lead + more, reasons


def _passes_on(text: str, given: Given) -> bool:
    """ "Yêu cầu các …" under the heading of a body: it is this body that has to ask."""
    return given.why == "heading" and _PASSED_ON.match(text) is not None
