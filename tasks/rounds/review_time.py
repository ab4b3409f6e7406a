"""The second clock: how long a sent report waits for whoever reviews it, in working days.

It is never charged to the unit: timeliness (tasks/timeliness.py) takes the day a report arrived. Figures are the
office's as a whole, never a person's.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F
from django.db.models.functions import TruncDate
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_number
from directive_tracker.workdays import WorkCalendar
from tasks.enums import AssignmentRole, DirectiveState, RoundDecision
from tasks.models import Assignment, ReportRound

# Figures speak of what was decided in the last month; where that is more, of so many that were decided last.
WINDOW = timedelta(days=30)
NEWEST = 2_000


def working_days(round_: ReportRound, *, today: date, calendar: WorkCalendar) -> int:
    """Working days from the day it arrived to the day it was decided, or to today while it waits."""
    end = timezone.localdate(round_.decided_at, ZONE) if round_.decided_at else today
    return calendar.count_between(round_.submitted_on, end) if end > round_.submitted_on else 0


def words(round_: ReportRound, who: str, *, today: date, calendar: WorkCalendar) -> str:
    """ "Văn phòng đang xem 3 ngày làm việc", "Văn phòng xem trong 1 ngày làm việc"; "" for what was taken back.

    Args:
        who: short name of whoever reviews it.
    """
    if round_.is_withdrawn:
        return ""
    days = working_days(round_, today=today, calendar=calendar)
    if round_.decision == RoundDecision.PENDING:
        return f"{who} đang xem {days} ngày làm việc" if days else f"{who} mới nhận"
    return f"{who} xem trong {days} ngày làm việc" if days else f"{who} xem trong ngày"


def reviewer_of(assignment: Assignment) -> str:
    """Who reviews reports on it, in short: the reviewing unit (loaded with the task), of contributions the lead."""
    return assignment.task.reviewing_unit.short_name if assignment.is_lead else "Đơn vị chủ trì"


@dataclass(frozen=True)
class ReviewTimes:
    """How long the office took lately, and what waits; days are working days."""

    decided: int
    median: int
    longest: int
    waiting_longest: int

    @property
    def sentence(self) -> str:
        """For the office's page of the day; "" where it has had nothing to review."""
        parts = []
        if self.decided:
            half = f"{self.median} ngày làm việc" if self.median else "ngày nhận"
            longest = f"{self.longest} ngày làm việc" if self.longest else "trong ngày nhận"
            reviewed = (
                f"30 ngày qua Văn phòng xem xét {self.decided} mục báo cáo"
                if self.decided < NEWEST
                else f"{vn_number(NEWEST)} mục báo cáo Văn phòng xem xét gần đây nhất"
            )
            parts.append(f"{reviewed}: một nửa xong trong {half}, lâu nhất {longest}")
        if self.waiting_longest:
            parts.append(f"mục chờ lâu nhất hiện nay đã {self.waiting_longest} ngày làm việc")
        return "; ".join(parts)


def review_times(*, today: date, calendar: WorkCalendar) -> ReviewTimes:
    """The office's own figure, over all directives it watches (2 statements whatever the number of reports)."""
    rounds = ReportRound.objects.filter(
        section__assignment__role=AssignmentRole.LEAD,
        section__assignment__task__reviewing_unit=F("section__assignment__directive__office"),
        section__assignment__directive__state=DirectiveState.ISSUED,
    ).order_by()
    newest = (
        rounds.filter(decision__in=[RoundDecision.ACCEPTED, RoundDecision.RETURNED])
        .filter(decided_at__gte=datetime.combine(today - WINDOW, time(), ZONE))
        .order_by("-decided_at", "-pk")[:NEWEST]
    )
    decided = (
        ReportRound.objects.filter(pk__in=newest.values("pk"))
        .order_by()
        .annotate(decided_on=TruncDate("decided_at", tzinfo=ZONE))
        .values_list("submitted_on", "decided_on")
        .annotate(times=Count("pk"))
    )
    took: dict[int, int] = {}
    for first, last, times in decided:
        days = calendar.count_between(first, last) if last > first else 0
        took[days] = took.get(days, 0) + times
    waiting = (
        rounds.filter(decision=RoundDecision.PENDING).order_by("submitted_on").values_list("submitted_on", flat=True)
    )
    oldest = waiting.first() or today
    return ReviewTimes(
        decided=sum(took.values()),
        median=_median(took),
        longest=max(took, default=0),
        waiting_longest=calendar.count_between(oldest, today) if oldest < today else 0,
    )


def _median(counts: dict[int, int]) -> int:
    """The day by which half of them were decided."""
    half, seen = (sum(counts.values()) + 1) // 2, 0
    for days in sorted(counts):
        seen += counts[days]
        if seen >= half:
            return days
    return 0
