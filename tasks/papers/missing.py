"""Reports whose signed paper is the original and whose scan nobody has attached: found and listed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, fold
from directive_tracker.workdays import WorkCalendar
from tasks.models import Directive, UnitReport
from tasks.paging import COUNTED_UP_TO, read_page
from tasks.papers.reminding import with_last_reminder
from units.people import contacts_of


@dataclass(frozen=True)
class Missing:
    """One report, since when its paper is waited for, whom to telephone."""

    report: UnitReport
    days: int
    contact: Any

    @property
    def waits(self) -> str:
        """ "đã 3 ngày làm việc", counted from the day the report was sent."""
        return f"đã {self.days} ngày làm việc" if self.days else "gửi hôm nay"


def missing_scans(user: Any, *, directive: int | None = None, words: str = "") -> QuerySet[UnitReport]:
    """The reports the user may see that lack their scan, longest missing first.

    Args:
        directive: of this document alone.
        words: only units whose name holds all of them, without accents.
    """
    reports = UnitReport.objects.visible_to(user).lacking_signed_paper()
    if directive is not None:
        reports = reports.filter(directive=directive)
    for word in fold(words).split():
        reports = reports.filter(unit__search_key__contains=word)
    return reports.select_related("unit", "directive", "period").order_by("submitted_at", "pk")


def count_missing(user: Any) -> int:
    """How many there are, counted no further than needed to say "hơn 500" (one statement)."""
    return (
        UnitReport.objects.visible_to(user).lacking_signed_paper().order_by().values("pk")[: COUNTED_UP_TO + 1].count()
    )


def page_of_missing(
    reports: QuerySet[UnitReport], asked: str | None, *, today: date, calendar: WorkCalendar
) -> tuple[Page, list[Missing]]:
    """One page of them with their contacts (three statements, two more for a page too large)."""
    counted = reports.order_by().values("pk")
    shown = with_last_reminder(reports)
    page = read_page(asked, lambda part, limit: (list(shown[part]), counted[:limit].count()))
    found: list[UnitReport] = list(page.object_list)
    contacts = contacts_of([report.unit_id for report in found], today=today) if found else {}
    return page, [
        Missing(report, calendar.count_between(_sent_on(report), today), contacts.get(report.unit_id))
        for report in found
    ]


def _sent_on(report: UnitReport) -> date:
    return timezone.localdate(report.submitted_at, ZONE)


def directives_with_papers(user: Any) -> QuerySet[Directive]:
    """The documents whose reports are originals on paper, newest first."""
    return Directive.objects.visible_to(user).issued().with_paper_originals().order_by("-issued_on", "-pk")
