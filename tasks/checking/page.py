"""Everything the page "Soát văn bản" shows of one draft."""

from dataclasses import dataclass
from datetime import date

from tasks.checking.cards import Card, cards_of
from tasks.checking.document import CheckedParagraph, checked_paragraphs
from tasks.checking.lines import open_sentences, paragraphs_in
from tasks.checking.warnings import Warning, warnings_of
from tasks.drafting.changes import last_step
from tasks.models import Addressee, Directive, DirectiveText, DraftChange
from tasks.textcleaning import Span
from units.calendar import work_calendar


@dataclass(frozen=True)
class CheckPage:
    """One draft as it is checked.

    codes: of the tasks, by id. waiting: open sentences. seen: number of the newest step, by which a page that has
    grown old is recognised.
    """

    text: DirectiveText | None
    paragraphs: list[CheckedParagraph]
    cards: list[Card]
    codes: dict[int, str]
    waiting: list[Span]
    lines: list[Addressee]
    warnings: list[Warning]
    last: DraftChange | None
    seen: int

    @property
    def unchecked(self) -> int:
        return sum(1 for card in self.cards if card.task.is_unchecked)

    @property
    def checked(self) -> int:
        return len(self.cards) - self.unchecked


def check_page(directive: Directive, *, today: date) -> CheckPage:
    """Read it all; a fixed number of statements, time that grows with the length. Arguments: today, in Việt Nam."""
    text = directive.current_text
    cards = cards_of(directive, work_calendar(), today=today)
    waiting, paragraphs = _document(text) if text else ([], [])
    lines = list(directive.addressees.prefetch_related("units", "groups").order_by("order", "pk"))
    newest = directive.draft_changes.order_by("-number").values_list("number", flat=True).first()
    return CheckPage(
        text=text,
        paragraphs=paragraphs,
        cards=cards,
        codes={card.task.pk: card.task.code for card in cards},
        waiting=waiting,
        lines=lines,
        warnings=warnings_of(directive, cards, waiting, lines, today=today),
        last=last_step(directive) if newest else None,
        seen=newest or 0,
    )


def _document(text: DirectiveText) -> tuple[list[Span], list[CheckedParagraph]]:
    spans = list(text.task_spans.order_by("task__order", "start").values_list("start", "end", "task_id"))
    aside = list(text.non_tasks.values_list("start", "end"))
    read = paragraphs_in(text.body)
    waiting = open_sentences(text.body, [*((start, end) for start, end, _ in spans), *aside], read)
    return waiting, checked_paragraphs(text.body, spans, waiting, aside, text.footnotes, read)


def waiting_in(text: DirectiveText) -> list[Span]:
    """The open sentences of a text as the page counts them."""
    taken = [*text.task_spans.values_list("start", "end"), *text.non_tasks.values_list("start", "end")]
    return open_sentences(text.body, taken)
