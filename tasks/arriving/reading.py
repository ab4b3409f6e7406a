"""The office's list of arrived files, and how many wait."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import OuterRef, QuerySet, Subquery

from tasks.arriving.sources import is_on
from tasks.enums import IncomingState, ScanState
from tasks.models import IncomingFile, ScanReading
from tasks.paging import COUNTED_UP_TO, read_page

RECENT_SCANS = 5


@dataclass(frozen=True)
class Tab:
    """One choice of the list: its word in the address, what it is called, which states it shows."""

    key: str
    words: str
    states: tuple[IncomingState, ...]


TABS = (
    Tab("cho-ghi", "Chờ ghi", (IncomingState.WAITING, IncomingState.READING)),
    Tab("da-ghi", "Đã ghi", (IncomingState.RECORDED,)),
    Tab("bo-qua", "Đã bỏ qua", (IncomingState.IGNORED,)),
    Tab("khong-nhan", "Không nhận", (IncomingState.REFUSED,)),
)


def tab_of(asked: str) -> Tab:
    """The choice with this word; the first for any other."""
    return next((tab for tab in TABS if tab.key == asked), TABS[0])


def page_of(user: Any, tab: Tab, asked: str | None) -> Page:
    """One page of the files the user may see, newest first (two statements, two more for a page too large).

    `scan_id` of a row is the scan that is being read for it.
    """
    rows = IncomingFile.objects.visible_to(user).filter(state__in=tab.states)
    scans = ScanReading.objects.visible_to(user).filter(incoming=OuterRef("pk"), state=ScanState.READING)
    shown = (
        rows.select_related("directive", "decided_by")
        .annotate(scan_id=Subquery(scans.order_by("-pk").values("pk")[:1]))
        .order_by("-seen_at", "-pk")
    )
    counted = rows.order_by().values("pk")
    return read_page(asked, lambda part, limit: (list(shown[part]), counted[:limit].count()))


def count_waiting(user: Any) -> int:
    """How many files wait, counted no further than needed to say "hơn 500": one statement, none where nothing is watched."""
    if not is_on():
        return 0
    return IncomingFile.objects.visible_to(user).waiting().order_by().values("pk")[: COUNTED_UP_TO + 1].count()


def recent_scans(user: Any) -> QuerySet[ScanReading]:
    """The last scans that were brought (they are forgotten after a week)."""
    return (
        ScanReading.objects.visible_to(user)
        .select_related("directive", "begun_by", "job")
        .order_by("-pk")[:RECENT_SCANS]
    )
