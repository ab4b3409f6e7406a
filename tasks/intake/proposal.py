"""What the reading of a document proposes; plain values without a database."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from directive_tracker import vietnamese

Span = tuple[int, int]
# So much of a task's paragraph stands in the answer.
SHOWN = 120


class DeadlineKind(StrEnum):
    """How a time is stated."""

    DATE = "date"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    PERIODIC = "periodic"
    NONE = "none"


@dataclass(frozen=True)
class Deadline:
    """A stated time. date: ISO, the last good day; None where none is stated. text: as written, with its preposition."""

    kind: DeadlineKind = DeadlineKind.NONE
    date: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Signer:
    """Who signed: the capacity nearest the name, the lines above it, the name without rank."""

    title: str | None = None
    name: str | None = None
    authority: str | None = None


@dataclass(frozen=True)
class Header:
    """What stands above and below the text; None where it is not printed."""

    type: str
    issuer: str | None = None
    number: str | None = None
    date: str | None = None
    place: str | None = None
    subject: str | None = None
    parent_body: str | None = None
    signers: tuple[Signer, ...] = ()


@dataclass(frozen=True)
class Citation:
    """Another document the text refers to by number. date: ISO."""

    number: str
    date: str | None = None
    issuer: str | None = None


@dataclass(frozen=True)
class TaskProposal:
    """One task.

    start, end: code points of its paragraph in the clean text. why: names of the rules that made it (tasks.intake.reasons).
    encouraged: "khuyến khích" instead of an order. condition: the words that make it depend on something.
    """

    clause: str
    text: str
    start: int
    end: int
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    condition: str | None = None
    encouraged: bool = False
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A document as the program reads it."""

    header: Header
    cites: tuple[Citation, ...] = ()
    recipients: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    tasks: tuple[TaskProposal, ...] = field(default=())


def shown_text(text: str) -> str:
    """The beginning of a task's paragraph as the answer gives it."""
    return " ".join(vietnamese.nfc(text).split())[:SHOWN].rstrip()


def as_answer(proposal: Proposal) -> dict[str, Any]:
    """The proposal as JSON values: header, cites, recipients, cc, tasks; keys as people label documents by hand."""
    header = proposal.header
    first = header.signers[0] if header.signers else Signer()
    said: dict[str, Any] = {
        "type": header.type,
        "issuer": header.issuer,
        "number": header.number,
        "date": header.date,
        "place": header.place,
        "subject": header.subject,
        "signer_title": first.title,
        "signer_name": first.name,
        "signer_authority": first.authority,
    }
    if header.parent_body:
        said["parent_body"] = header.parent_body
    if len(header.signers) > 1:
        said["signers"] = [asdict(signer) for signer in header.signers]
    return {
        "header": said,
        "cites": [asdict(cite) for cite in proposal.cites],
        "recipients": list(proposal.recipients),
        "cc": list(proposal.cc),
        "tasks": [_task(task) for task in proposal.tasks],
    }


def _task(task: TaskProposal) -> dict[str, Any]:
    first, *more = task.deadlines or (Deadline(),)
    said: dict[str, Any] = {
        "clause": task.clause,
        "text": shown_text(task.text),
        "lead": list(task.lead),
        "coordinating": list(task.coordinating),
        "deadline": asdict(first),
    }
    if more:
        said["more_deadlines"] = [asdict(one) for one in more]
    said |= {"start": task.start, "end": task.end, "why": list(task.why)}
    if task.condition:
        said["condition"] = task.condition
    if task.encouraged:
        said["encouraged"] = True
    return said
