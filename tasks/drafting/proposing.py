"""What the reading of a document proposes → draft rows, each with the rule that made it."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from directive_tracker.vietnamese import fold, nfc, shortened
from tasks.drafting.bodies import WRITTEN_LENGTH, recipients_of
from tasks.drafting.codes import code_of, free_code
from tasks.drafting.times import due_values
from tasks.enums import AssignmentRole, ConditionState, ProductKind, Strength
from tasks.intake.header import read_head
from tasks.intake.lines import lines_of
from tasks.intake.proposal import Deadline, Header, Proposal, TaskProposal
from tasks.intake.signing import read_foot
from tasks.models import (
    Addressee,
    CitedDocument,
    Clause,
    CopyRecipient,
    Directive,
    DirectiveTask,
    DirectiveText,
    NonTaskSpan,
    Product,
    TaskRecipient,
    TaskSpan,
)
from tasks.textcleaning import paragraphs
from units.models import Unit, UnitKind
from units.naming import Namebook

TITLE, SHORT_TITLE, CONDITION, WHY = 300, 80, 300, 200
CONDITION_FIELDS = (
    "condition_text",
    "condition_question",
    "condition_state",
    "condition_decider",
    "condition_decide_by",
)
_REPORT = "Báo cáo kết quả thực hiện"


def header_values(header: Header, *, title: str) -> dict[str, Any]:
    """The Directive's fields as read; what is not printed stays empty. Arguments: title, for a document without subject."""
    signer = header.signers[0] if header.signers else None
    subject = header.subject or title
    return {
        "kind": header.type[:60],
        "number": (header.number or "")[:60],
        "issued_date": date.fromisoformat(header.date) if header.date else None,
        "issuer": (header.issuer or "")[:200],
        "title": shortened(subject, TITLE),
        "short_title": shortened(subject, SHORT_TITLE),
        "signer_authority": ((signer.authority if signer else None) or "")[:120],
        "signer_title": ((signer.title if signer else None) or "")[:120],
        "signer_name": ((signer.name if signer else None) or "")[:120],
    }


def draft_from(directive: Directive, text: DirectiveText, proposal: Proposal, *, now: datetime, today: date) -> int:
    """Make the draft's rows: head and foot set aside, cited documents, addressees, copies, clauses, tasks.

    Arguments: text, the version the proposal was read from; today, in Việt Nam: names are those of the document's
    day, or of today where it carries none.
    Returns the number of tasks. Errors: none.
    """
    book = Namebook(on=directive.issued_date or today)
    _papers(directive, proposal, book)
    _frame(text, now=now)
    _draft_tasks(directive, text, proposal.tasks, book)
    return len(proposal.tasks)


def _papers(directive: Directive, proposal: Proposal, book: Namebook) -> None:
    CitedDocument.objects.bulk_create(
        CitedDocument(
            directive=directive,
            order=order,
            number=cite.number[:60],
            date=date.fromisoformat(cite.date) if cite.date else None,
            issuer=(cite.issuer or "")[:200],
        )
        for order, cite in enumerate(proposal.cites, start=1)
    )
    for order, written in enumerate(proposal.recipients, start=1):
        line = Addressee.objects.create(directive=directive, order=order, written=written[:WRITTEN_LENGTH])
        found = book.match(written, issuer=directive.issuer)
        line.units.set([match.unit for match in found if match.unit is not None])
        line.groups.set([match.group for match in found if match.group is not None])
    CopyRecipient.objects.bulk_create(
        CopyRecipient(directive=directive, order=order, written=written[:WRITTEN_LENGTH])
        for order, written in enumerate(proposal.cc, start=1)
    )


def _frame(text: DirectiveText, *, now: datetime) -> None:
    """Head, foot and page numbers order nothing: nobody need say so by hand."""
    lines = lines_of(text.body)
    head = read_head(lines)
    foot = read_foot(lines, head.body)
    asked = [line.start for line in [*lines[head.body : foot.start], *lines[foot.end :]]]
    NonTaskSpan.objects.bulk_create(
        NonTaskSpan(text=text, start=start, end=end, marked_by=None, marked_at=now)
        for start, end in paragraphs(text.body)
        if bisect_left(asked, start) == bisect_left(asked, end)
    )


# --- tasks ----------------------------------------------------------------------------------------


@dataclass
class Making:
    """Draft tasks of one text, their rows gathered for one writing each. taken: codes that others have."""

    directive: Directive
    text: DirectiveText
    book: Namebook
    taken: set[str]
    spans: list[TaskSpan] = field(default_factory=list)
    recipients: list[TaskRecipient] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)

    def task(self, proposal: TaskProposal, clause: Clause, order: int) -> DirectiveTask:
        """Store one task; what hangs on it waits for `write`."""
        words = nfc(" ".join(proposal.text.split()))
        code = free_code(clause.code, self.taken)
        self.taken.add(code)
        task = DirectiveTask(
            directive=self.directive,
            clause=clause,
            code=code,
            order=order,
            title=shortened(words, TITLE),
            short_title=shortened(words, SHORT_TITLE),
            strength=Strength.ENCOURAGED if proposal.encouraged else Strength.REQUIRED,
            why=" ".join(proposal.why)[:WHY],
            **condition_values(proposal.condition, self.directive.office),
        )
        issuer = self.directive.issuer
        recipients = [
            *recipients_of(task, AssignmentRole.LEAD, proposal.lead, self.book, issuer=issuer),
            *recipients_of(task, AssignmentRole.COORDINATING, proposal.coordinating, self.book, issuer=issuer),
        ]
        task.reviewing_unit = reviewer_for(self.directive, recipients)
        task.save()
        self.spans.append(TaskSpan(task=task, text=self.text, start=proposal.start, end=proposal.end))
        self.recipients += recipients
        self.products += products_of(task, proposal.deadlines)
        return task

    def write(self) -> None:
        """Store what hangs on the tasks."""
        TaskSpan.objects.bulk_create(self.spans)
        TaskRecipient.objects.bulk_create(self.recipients)
        Product.objects.bulk_create(self.products)


def _draft_tasks(
    directive: Directive, text: DirectiveText, proposals: tuple[TaskProposal, ...], book: Namebook
) -> None:
    """Clauses, tasks, spans, recipients and products of what was read."""
    making = Making(directive, text, book, taken=set())
    clauses = _clauses(text, proposals)
    for order, proposal in enumerate(proposals, start=1):
        making.task(proposal, clauses[proposal.clause], order)
    making.write()


def _clauses(text: DirectiveText, proposals: tuple[TaskProposal, ...]) -> dict[str, Clause]:
    """One clause for each printed path, by path."""
    places: dict[str, TaskProposal] = {}
    for proposal in proposals:
        places.setdefault(proposal.clause, proposal)
    taken: set[str] = set()
    found = {}
    for order, (path, proposal) in enumerate(places.items(), start=1):
        code = free_code(code_of(path), taken)
        taken.add(code)
        # Without a name: the paragraph's words are those of its task already.
        found[path] = Clause(text=text, code=code, order=order, start=proposal.start, end=proposal.end)
    Clause.objects.bulk_create(found.values())
    return found


def condition_values(words: str | None, decider: Unit) -> dict[str, Any]:
    """The condition's fields for words as written; nobody has decided yet. Without words: of a task that depends on nothing."""
    if not words:
        empty = DirectiveTask()
        return {name: getattr(empty, name) for name in CONDITION_FIELDS}
    words = shortened(" ".join(words.strip("() \n").split()), CONDITION)
    return {
        "condition_text": words,
        "condition_question": shortened(f"“{words}” – có xảy ra không?", 200),
        "condition_state": ConditionState.UNDECIDED,
        "condition_decider": decider,
    }


def reviewer_for(directive: Directive, recipients: list[TaskRecipient]) -> Unit:
    """The office; of the office's own work the Standing Committee, for nobody reviews what is theirs."""
    own = any(r.role == AssignmentRole.LEAD and r.unit_id == directive.office_id for r in recipients)
    above = Unit.objects.filter(kind=UnitKind.STANDING_COMMITTEE).in_official_order().first() if own else None
    return above or directive.office


def products_of(task: DirectiveTask, deadlines: tuple[Deadline, ...]) -> list[Product]:
    """One product for each stated time, or one without a day."""
    kind, name, is_paper = _asked_for(task.title)
    return [
        Product(task=task, order=order, kind=kind, name=name, has_paper=is_paper, **due_values(deadline))
        for order, deadline in enumerate(deadlines or (Deadline(),), start=1)
    ]


def _asked_for(words: str) -> tuple[ProductKind, str, bool]:
    """What a task asks for by its words, as (kind, name, a paper with a number); a report where it says nothing else."""
    folded = fold(words)
    if any(f"{verb} ke hoach" in folded for verb in ("xay dung", "ban hanh", "lap")):
        return ProductKind.PLAN, "Kế hoạch", True
    if any(f"{verb} danh sach" in folded for verb in ("lap", "tong hop", "ra soat", "lap va gui")):
        return ProductKind.LIST, "Danh sách", False
    return ProductKind.REPORT, _REPORT, False
