"""Who works on a piece of work with its unit: contributing units and parts handed on, in one table; asking for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from directive_tracker.vietnamese import vn_date
from records.audit import record
from tasks.enums import OUTSIDE_STATES, AssignmentRole, AssignmentState, RoundDecision, SectionState
from tasks.errors import Refused
from tasks.handing import telling
from tasks.lifecycle import required_reason
from tasks.models import Assignment, ContributionRequest, ExtensionRequest, ProgressReport, ReportRound
from tasks.permissions import is_own_work
from tasks.timeliness import timeliness_kind, timeliness_words

S = AssignmentState
USUAL_WORDS = "Đề nghị đơn vị gửi phần góp để tổng hợp vào báo cáo."
# One press asks so many units; more are chosen by another press.
MOST = 200


@dataclass(frozen=True)
class Line:
    """One unit that works on it: what it has sent last, when it was asked, how it stands."""

    assignment: Assignment
    last_round: ReportRound | None
    timeliness: str
    kind: str
    may_decide: bool
    may_ask: bool

    @property
    def waits(self) -> bool:
        """Its last sending is to be accepted or returned."""
        return self.last_round is not None and self.last_round.section.state == SectionState.SUBMITTED

    @property
    def words(self) -> str:
        """Where its last sending stands."""
        if self.last_round is None:
            return "chưa góp"
        if self.last_round.decision == RoundDecision.PENDING:
            return "chờ chấp nhận"
        return self.last_round.get_decision_display().lower()


def sources_of(assignment: Assignment) -> Q:
    """The condition on assignments that contribute to this one: its parts, and of lead work whoever coordinates it."""
    parts = Q(parent=assignment.pk, role=AssignmentRole.PART)
    if assignment.role != AssignmentRole.LEAD:
        return parts
    return parts | (Q(task=assignment.task_id, role=AssignmentRole.COORDINATING) & ~Q(unit=assignment.unit_id))


def sources_of_report(report: int) -> tuple[QuerySet, QuerySet]:
    """The same for all works in a report: their parts, and whoever coordinates one that the unit leads (its own row of that
    task included), each half found along an index of its own."""
    works = ProgressReport.objects.filter(unit_report=report).order_by()
    leads = works.filter(assignment__role=AssignmentRole.LEAD)
    rows = Assignment.objects.order_by()
    parts = rows.filter(role=AssignmentRole.PART, parent__in=works.values("assignment"))
    return parts, rows.filter(role=AssignmentRole.COORDINATING, task__in=leads.values("assignment__task"))


def others_of(assignment: Assignment, user: Any) -> QuerySet:
    """The same as rows of the table, as far as the user may see them: in the order of documents."""
    rounds = (
        ReportRound.objects.filter(section__assignment=OuterRef("pk"))
        .order_by()
        .values("section__assignment")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    asked = ContributionRequest.objects.filter(assignment=OuterRef("pk"), asking=assignment.pk).order_by("-pk")
    pending = ExtensionRequest.objects.pending().filter(assignment=OuterRef("pk"))
    return (
        Assignment.objects.visible_to(user)
        .filter(sources_of(assignment))
        .annotate(
            last_round_id=Subquery(rounds),
            asked_at=Subquery(asked.values("asked_at")[:1]),
            wanted_by=Subquery(asked.values("wanted_by")[:1]),
            pending_extension_id=Subquery(pending.values("pk")[:1]),
            has_parts=Exists(Assignment.objects.filter(parent=OuterRef("pk"))),
        )
        .select_related("unit", "task", "directive", "parent")
        .order_by(F("role").desc(), "unit__sort_order", "pk")
    )


def lines_of(rows: Iterable[Assignment], user: Any, *, own: bool, today: date) -> list[Line]:
    """The rows of one page (one statement).

    Args:
        own: the person works for the unit whose table it is, and so decides about what the others send.
    """
    rows = list(rows)
    rounds = ReportRound.objects.select_related("section").in_bulk(
        [row.last_round_id for row in rows if row.last_round_id]
    )
    return [
        Line(
            row,
            rounds.get(row.last_round_id),
            timeliness_words(row, today=today),
            timeliness_kind(row, today=today),
            may_decide=own and not is_own_work(user, row),
            may_ask=own and is_askable(row) and not is_own_work(user, row),
        )
        for row in rows
    ]


def is_askable(row: Assignment) -> bool:
    """Whether there is still something to wait for."""
    return row.is_open and row.state != S.SUBMITTED


@dataclass(frozen=True)
class Count:
    """How many contribute, how many have been accepted or sent something, how many wait for an answer."""

    total: int
    sent: int
    waiting: int

    @property
    def missing(self) -> int:
        return self.total - self.sent


def count_of(assignment: Assignment, user: Any) -> Count:
    """One statement; work set aside does not count."""
    sections = ReportRound.objects.filter(section__assignment=OuterRef("pk"))
    found = (
        Assignment.objects.visible_to(user)
        .filter(sources_of(assignment))
        .exclude(state__in=OUTSIDE_STATES)
        .order_by()
        .annotate(
            has_sent=Exists(sections),
            has_waiting=Exists(sections.filter(decision=RoundDecision.PENDING, section__state=SectionState.SUBMITTED)),
        )
        .values_list("has_sent", "has_waiting")
    )
    rows = list(found)
    return Count(len(rows), sum(1 for sent, _ in rows if sent), sum(1 for _, waits in rows if waits))


@transaction.atomic
def ask(
    assignment: Assignment,
    others: Iterable[Assignment],
    *,
    words: str,
    wanted_by: date | None,
    by: Any,
    now: datetime,
) -> list[ContributionRequest]:
    """Ask others for their contribution; each unit is told in the app and once by mail.

    Args:
        others: rows of `others_of` with task, unit and directive loaded.

    Errors: Refused with a sentence; then nobody is asked.
    """
    words = required_reason(words, "nội dung đề nghị")
    others = list(others)
    today = timezone.localdate(now)
    if not others:
        raise Refused("Hãy chọn ít nhất một đơn vị để đề nghị góp.")
    if len(others) > MOST:
        raise Refused(f"Mỗi lần đề nghị nhiều nhất {MOST} đơn vị.")
    if wanted_by is not None and wanted_by < today:
        raise Refused(f"Ngày {vn_date(wanted_by)} đã qua; hãy ghi một ngày từ hôm nay ({vn_date(today)}) trở đi.")
    done = [row.unit.short_name for row in others if not is_askable(row)]
    if done:
        raise Refused(f"{', '.join(done)}: phần việc không còn chờ đơn vị góp. Xin bỏ chọn.")
    asked_today = _asked_on(assignment, others, today=today)
    if asked_today:
        raise Refused(f"Hôm nay đã đề nghị {', '.join(asked_today)}; mỗi ngày đề nghị một lần.")
    made = []
    for row in others:
        request = ContributionRequest.objects.create(
            assignment=row, asking=assignment, words=words, wanted_by=wanted_by, asked_by=by, asked_at=now
        )
        telling.tell_asked(request, now=now)
        made.append(request)
    data = {"count": len(made), "wanted_by": wanted_by.isoformat() if wanted_by else ""}
    record("assignment.contribution_asked", by=by, at=now, target=assignment, data=data, reason=words)
    return made


def _asked_on(assignment: Assignment, others: list[Assignment], *, today: date) -> list[str]:
    """Of the others, those that were asked on that day already. Asking waits for the row, so nobody is asked twice."""
    Assignment.objects.select_for_update().get(pk=assignment.pk)
    newest = (
        ContributionRequest.objects.filter(asking=assignment, assignment__in=[row.pk for row in others])
        .order_by()
        .values_list("assignment")
        .annotate(last=Max("asked_at"))
    )
    asked = {pk for pk, last in newest if timezone.localdate(last) == today}
    return [row.unit.short_name for row in others if row.pk in asked]
