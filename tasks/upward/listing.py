"""The list of what the office owes the bodies above: its tabs and rows, for the page and for its file."""

from typing import Any

from django.db.models import QuerySet

from tasks.models import UpwardReport, UpwardState

# Word of the address → which reports.
TABS = {"": UpwardState.OPEN, "da-gui": UpwardState.SENT, "thoi": UpwardState.DROPPED}


def upward_of(user: Any, shown: str) -> tuple[UpwardState, QuerySet[UpwardReport]]:
    """The chosen state (any other word: the open ones) and its reports, the soonest due or the last sent first."""
    state = TABS.get(shown, UpwardState.OPEN)
    rows = UpwardReport.objects.visible_to(user).filter(state=state).select_related("directive", "file")
    return state, rows.by_due() if state == UpwardState.OPEN else rows.order_by("-sent_on", "-pk")
