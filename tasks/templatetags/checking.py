"""The document of the page "Soát văn bản" as short markup: {% load checking %}.

Put together here and not by template loops: a long plan has a thousand stretches. Places are code points of the text.
Whoever has no JavaScript gets buttons beside each sentence; with it the sentence itself is the button.
"""

from collections.abc import Iterable, Mapping

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tasks.checking.cards import is_doubtful
from tasks.checking.document import CheckedParagraph, Piece, Section
from tasks.checking.names import Offer
from tasks.checking.page import CheckPage

register = template.Library()
register.filter("is_doubtful", is_doubtful)


@register.filter
def offer_for(offers: Mapping[str, Offer], written: str) -> Offer | None:
    """What is offered for words nobody knows."""
    return offers.get(written)


ADD, DISMISS, REOPEN = "Tạo nhiệm vụ", "Không phải nhiệm vụ", "Mở lại"


@register.simple_tag
def checked_document(page: CheckPage) -> SafeString:
    """Every paragraph with its marks; the ids v-… (words of a task) and o-… (open sentences) are what links lead to."""
    notes = {str(note["mark"]): note["text"] for note in (page.text.footnotes if page.text else ())}
    return mark_safe("\n".join(_paragraph(paragraph, page.codes, notes) for paragraph in page.paragraphs))


def _paragraph(paragraph: CheckedParagraph, codes: Mapping[int, str], notes: Mapping[str, str]) -> str:
    inner = "".join(_piece(piece, codes, notes) for piece in paragraph.pieces)
    section = _section(paragraph.section) if paragraph.section else ""
    return f'<p data-s="{paragraph.start}">{inner}</p>{section}'


def _section(section: Section) -> str:
    words = f"Cả mục này không phải nhiệm vụ ({section.waiting} câu chưa xét)"
    return (
        f'<button class="ck-section btn btn-link btn-sm" name="do" value="section:{section.start}-{section.end}"'
        f' data-dt-confirm="Đánh dấu {section.waiting} câu chưa xét của mục này là không phải nhiệm vụ?">{words}</button>'
    )


def _piece(piece: Piece, codes: Mapping[int, str], notes: Mapping[str, str]) -> str:
    text = escape(piece.text)
    if piece.tasks:
        text = _task(piece, text, codes)
    elif piece.open:
        start, end = piece.open
        here = f' id="o-{start}"' if piece.start == start else ""
        text = f'<span class="ck-open"{here} data-o="{start}-{end}">{text}</span>'
        if piece.closes:
            text += _buttons([("add", ADD), ("dismiss", DISMISS)], piece.open)
    elif piece.aside:
        start, end = piece.aside
        text = f'<span class="ck-aside" data-a="{start}-{end}">{text}</span>'
        if piece.closes:
            text += _buttons([("reopen", REOPEN)], piece.aside)
    return text + "".join(_note(mark, notes) for mark in piece.notes)


def _task(piece: Piece, text: str, codes: Mapping[int, str]) -> str:
    first, *more = piece.begins or (None,)
    here = f' id="v-{first}"' if first else ""
    anchors = "".join(f'<i id="v-{task}"></i>' for task in more)
    ids = " ".join(str(task) for task in piece.tasks)
    links = "".join(
        f'<a class="ck-code" data-x href="#nv-{task}" aria-label="Nhiệm vụ {escape(codes[task])}">{escape(codes[task])}</a>'
        for task in piece.ends
    )
    return f'{anchors}<mark class="ck-task"{here} data-t="{ids}">{text}</mark>{links}'


def _buttons(verbs: Iterable[tuple[str, str]], place: tuple[int, int]) -> str:
    start, end = place
    buttons = "".join(f'<button name="do" value="{verb}:{start}-{end}">{words}</button>' for verb, words in verbs)
    return f"<noscript>{buttons}</noscript>"


def _note(mark: str, notes: Mapping[str, str]) -> str:
    return (
        f'<sup data-x><a href="#ghi-chu-{escape(mark)}" title="{escape(notes.get(mark, ""))}">{escape(mark)}</a></sup>'
    )
