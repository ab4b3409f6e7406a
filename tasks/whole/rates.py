"""A rate always shows its fraction: a percentage of two works says nothing."""

from directive_tracker.vietnamese import vn_number


def rate_words(part: int, of: int, *, none: str = "–") -> str:
    """ "12/14 (85%)", rounded down, so that 100% means all; `none` where nothing was asked."""
    return f"{vn_number(part)}/{vn_number(of)} ({100 * part // of}%)" if of else none
