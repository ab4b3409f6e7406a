"""Rounds of reports in templates: {% load rounds %}."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tasks.models import ReportRound
from tasks.rounds.differences import ADDED, REMOVED, Piece
from tasks.rounds.places import mends_of

register = template.Library()
# What a screen reader says before the words; eyes see the lines under and through them.
SAID = {ADDED: "thêm: ", REMOVED: "bỏ: "}


@register.simple_tag
def diff_words(pieces: Iterable[Piece]) -> SafeString:
    """The pieces of two texts with <ins> and <del>; no blank comes in between."""
    return mark_safe("".join(_marked(piece) for piece in pieces))


def _marked(piece: Piece) -> str:
    words = escape(piece.text).replace("\n", "<br>")
    if piece.kind not in SAID:
        return words
    return f'<{piece.kind}><span class="visually-hidden">{SAID[piece.kind]}</span>{words}</{piece.kind}>'


@register.simple_tag
def field_reasons(round_: ReportRound) -> list[tuple[str, str]]:
    """(label, reason or "") of the fields that were sent back, in the order of the form."""
    return [(mend.label, mend.why) for mend in mends_of(round_)]
