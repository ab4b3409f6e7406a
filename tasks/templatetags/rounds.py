"""Rounds of reports in templates: {% load rounds %}."""

from collections.abc import Iterable

from django import template
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from directive_tracker.vietnamese import vn_datetime
from tasks.models import ReportRound
from tasks.rounds.differences import ADDED, REMOVED, Piece
from tasks.rounds.places import mends_of

register = template.Library()
# What a screen reader says before the words; eyes see the lines under and through them.
SAID = {ADDED: "thêm: ", REMOVED: "bỏ: "}

# So many signs of a report's results stand in the list of rounds; the report has the rest.
SHOWN = 400


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
def round_rows(rounds: Iterable[ReportRound], for_office: bool) -> SafeString:
    """What was reported on one assignment, round by round; put together here, because a page may have dozens of them.

    Args:
        rounds: with section, report, period and `review` (tasks.assignment_reading.rounds_of).
        for_office: the words lead to where the office reads reports.
    """
    return mark_safe("\n".join([_round_row(round_, for_office=bool(for_office)) for round_ in rounds]))


def _round_row(round_: ReportRound, *, for_office: bool) -> str:
    report = round_.section.unit_report
    url = report.get_review_url() if for_office else report.get_absolute_url()
    name = escape(report.period.name if report.period and report.period.name else "Báo cáo giữa kỳ")
    again = f" – gửi lần {round_.number}" if round_.number > 1 else ""
    facts = [vn_datetime(round_.submitted_at), round_.sender, round_.get_decision_display()]
    facts += [round_.review] if round_.review else []
    facts += ["đề nghị xác nhận hoàn thành"] if round_.content.get("claims_completion") else []
    results = round_.content.get("results") or ""
    shown = Truncator(results).chars(SHOWN) if len(results) > SHOWN else results
    words = f"<p>{linebreaksbr(shown)}</p>" if results else ""
    reason = render_to_string("tasks/rounds/_returned.html", {"round": round_}) if round_.reason else ""
    return (
        f'<li><div class="dt-rows__main"><a href="{url}#muc-{round_.section_id}">{name}{again}</a>'
        f'<div class="dt-rows__meta">{" · ".join([escape(fact) for fact in facts])}</div>{words}{reason}</div></li>'
    )


@register.simple_tag
def field_reasons(round_: ReportRound) -> list[tuple[str, str]]:
    """(label, reason or "") of the fields that were sent back, in the order of the form."""
    return [(mend.label, mend.why) for mend in mends_of(round_)]
