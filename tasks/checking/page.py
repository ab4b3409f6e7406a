"""Everything the page "Soát văn bản" shows of one draft."""

from dataclasses import dataclass
from datetime import date

from tasks.checking.cards import Card, cards_of
from tasks.checking.document import CheckedParagraph, checked_paragraphs
from tasks.checking.lines import open_sentences, paragraphs_in
from tasks.checking.names import Offer, offers_for
from tasks.checking.warnings import Warning, unmarked_words, warnings_of
from tasks.drafting.changes import last_number, last_step
from tasks.models import Addressee, Directive, DirectiveText, DraftChange
from tasks.textcleaning import Span
from units.calendar import work_calendar


@dataclass(frozen=True)
class CheckPage:
    """One draft as it is checked.

    codes: of the tasks, by id. waiting: open sentences. seen: number of the newest step, by which a page that has
    grown old is recognised. offers: near names for words nobody knows.
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
    offers: dict[str, Offer]

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
    marks = _marks(text) if text else []
    waiting, paragraphs = _document(text, marks) if text else ([], [])
    marked = {task for *_, task in marks}
    # Of a first version a task without words was made so; of a corrected one its words are gone.
    unmarked = [card for card in cards if card.task.pk not in marked] if text and text.version > 1 else []
    lines = list(directive.addressees.prefetch_related("units", "groups").order_by("order", "pk"))
    newest = last_number(directive)
    return CheckPage(
        text=text,
        paragraphs=paragraphs,
        cards=cards,
        codes={card.task.pk: card.task.code for card in cards},
        waiting=waiting,
        lines=lines,
        warnings=[*unmarked_words(unmarked), *warnings_of(directive, cards, waiting, lines, today=today)],
        last=last_step(directive) if newest else None,
        seen=newest,
        offers=offers_for(
            (words for card in cards for words in {row.written for row in card.unknown}),
            on=directive.issued_date or today,
        ),
    )


def _marks(text: DirectiveText) -> list[tuple[int, int, int]]:
    """(start, end, task) of the words of each task, in the order of the tasks."""
    return list(text.task_spans.order_by("task__order", "task", "start").values_list("start", "end", "task_id"))


def _document(text: DirectiveText, spans: list[tuple[int, int, int]]) -> tuple[list[Span], list[CheckedParagraph]]:
    aside = list(text.non_tasks.values_list("start", "end"))
    read = paragraphs_in(text.body)
    waiting = open_sentences(text.body, [*((start, end) for start, end, _ in spans), *aside], read)
    return waiting, checked_paragraphs(text.body, spans, waiting, aside, text.footnotes, read)


def waiting_in(text: DirectiveText) -> list[Span]:
    """The open sentences of a text as the page counts them."""
    taken = [*text.task_spans.values_list("start", "end"), *text.non_tasks.values_list("start", "end")]
    return open_sentences(text.body, taken)
