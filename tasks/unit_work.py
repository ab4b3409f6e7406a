"""What a unit's page shows: its work in groups, what came back, whom it waits for.

Everything is gathered in a number of statements that does not depend on how much work there is.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Case, CharField, Count, Exists, F, Max, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import RowNumber

from directive_tracker.vietnamese import vn_date, vn_weekday
from tasks.enums import (
    OUTSIDE_STATES,
    AssignmentRole,
    AssignmentState,
    ConditionState,
    DirectiveState,
    ReportState,
    RoundDecision,
    SectionState,
    Strength,
)
from tasks.models import (
    Assignment,
    AssignmentProduct,
    Directive,
    ExtensionRequest,
    ProgressReport,
    ReportingPeriod,
    ReportRound,
    UnitQuestion,
    UnitReport,
)
from tasks.periods.asking import newest_of, next_of
from tasks.talking.querysets import with_comments
from tasks.timeliness import overdue_q, timeliness_kind, timeliness_words
from tasks.waiting import with_open_wait
from units.models import Unit

S = AssignmentState
GROUP_ROWS = 50
# A page that can show everything does; where there is more, each group shows its first rows and leads to all of them.
SHOWN_AT_ONCE, FIRST_ROWS = 40, 6
# Documents to report on, of which the page shows the first; and of those the ones whose days the sentence on top names.
FIRST_TO_WRITE, FIRST_SAID = 8, 3
SOON = timedelta(days=7)
RECALLED_WORDS = "đơn vị đã rút báo cáo về, chưa gửi lại"

# In the order of the page: key, heading.
GROUPS = (
    ("redo", "Cần bổ sung"),
    ("new", "Việc mới giao"),
    ("first", "Cần làm trước"),
    ("doing", "Đang làm"),
    ("waiting", "Đã gửi, chờ xác nhận"),
    ("done", "Xong"),
    ("outside", "Ngoài thống kê"),
    ("informed", "Để biết"),
)
HEADINGS = dict(GROUPS)


@dataclass
class ProductLine:
    """One product with its own day and where it stands."""

    name: str
    due: date | None
    words: str


@dataclass
class Row:
    """One assignment as the unit's page shows it."""

    assignment: Assignment
    timeliness: str
    kind: str
    products: list[ProductLine]
    last_round: ReportRound | None
    reason: str = ""
    section: ProgressReport | None = None
    lead: Assignment | None = None
    other_leads: int = 0
    pending_extension: bool = False

    @property
    def may_ask_for_time(self) -> bool:
        return self.assignment.due_current is not None and self.assignment.state in (S.IN_PROGRESS, S.REDO)


@dataclass
class Group:
    """The rows of one group, or the first of them, and how many there are."""

    key: str
    heading: str
    count: int = 0
    rows: list[Row] = field(default_factory=list)

    @property
    def hidden(self) -> int:
        return self.count - len(self.rows)


@dataclass
class ReportToWrite:
    """The big action for one directive: what pressing it opens."""

    directive: Directive
    at_hand: UnitReport | None
    period: ReportingPeriod | None
    period_report: UnitReport | None
    has_work: bool

    @property
    def order(self) -> tuple[int, date]:
        """What is being written first, then what is asked for by its day, then what may be sent at any time."""
        day = self.period.due_on if self.period else date.max
        if self.at_hand is not None:
            return 0, day
        asked = self.has_work and self.period is not None and self.period_report is None
        return (1, day) if asked else (2 if self.has_work else 3, date.min)

    @property
    def waits_for_head(self) -> bool:
        return bool(self.at_hand and self.at_hand.state == ReportState.AWAITING_UNIT_HEAD)


def work_of(user, unit: Unit):
    """The unit's assignments of issued directives, as far as the user may see them."""
    return Assignment.objects.visible_to(user).filter(unit=unit, directive__state=DirectiveState.ISSUED)


def _to_mend():
    """Sections that came back or were taken back and that the unit can type on now; not those that wait for its own
    head again."""
    return ProgressReport.objects.filter(
        state__in=[SectionState.RETURNED, SectionState.RECALLED],
        unit_report__state__in=[ReportState.RETURNED, ReportState.RECALLED],
    )


def _grouped(assignments, *, today: date):
    """Annotate `grp` (a key of GROUPS)."""
    came_back = _to_mend().filter(assignment=OuterRef("pk"))
    pressing = Q(due_current__lte=today + SOON) & ~Q(task__strength=Strength.ENCOURAGED)
    return assignments.annotate(
        came_back=Exists(came_back),
        grp=Case(
            When(role=AssignmentRole.INFORMED, then=Value("informed")),
            When(state__in=OUTSIDE_STATES, then=Value("outside")),
            When(state=S.COMPLETED, then=Value("done")),
            When(state=S.SUBMITTED, then=Value("waiting")),
            When(Q(state=S.REDO) | Q(came_back=True), then=Value("redo")),
            When(state=S.ASSIGNED, then=Value("new")),
            When(task__condition_state=ConditionState.UNDECIDED, then=Value("outside")),
            When(pressing & Q(state=S.IN_PROGRESS), then=Value("first")),
            default=Value("doing"),
            output_field=CharField(),
        ),
    )


def _listed(assignments):
    """What a row shows, with the newest sending and an open request for time."""
    rounds = (
        ReportRound.objects.filter(section__assignment=OuterRef("pk"))
        .order_by()
        .values("section__assignment")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    pending = ExtensionRequest.objects.pending().filter(assignment=OuterRef("pk"))
    return (
        with_open_wait(assignments)
        .annotate(last_round_id=Subquery(rounds), asks_for_time=Exists(pending))
        .select_related("task", "unit", "directive")
        .order_by(F("due_current").asc(nulls_last=True), "pk")
    )


def groups_of(user, unit: Unit, *, today: date) -> list[Group]:
    """The groups that have something, each with all rows or its first ones (7 statements)."""
    window = {"partition_by": F("grp")}
    order = [F("due_current").asc(nulls_last=True), F("pk").asc()]
    # Which rows, before what they show is read: the windows go over everything the unit has.
    places = (
        _grouped(work_of(user, unit), today=today)
        .order_by()
        .annotate(
            place=Window(RowNumber(), order_by=order, **window),
            in_group=Window(Count("pk"), **window),
            in_all=Window(Count("pk")),
        )
        .filter(Q(in_all__lte=SHOWN_AT_ONCE) | Q(place__lte=FIRST_ROWS))
    )
    counts: dict[int, tuple[str, int]] = {
        pk: (key, count) for pk, key, count in places.values_list("pk", "grp", "in_group")
    }
    found = {key: Group(key, heading) for key, heading in GROUPS}
    assignments = list(with_comments(_listed(work_of(user, unit).filter(pk__in=list(counts))), user))
    for assignment, row in zip(assignments, rows_of(assignments, today=today), strict=True):
        key, count = counts[assignment.pk]
        found[key].count = count
        found[key].rows.append(row)
    return [group for group in found.values() if group.count]


def group_assignments(user, unit: Unit, key: str, *, today: date):
    """All assignments of one group, for a page of its own."""
    return with_comments(_listed(_grouped(work_of(user, unit), today=today)), user).filter(grp=key)


def rows_of(assignments: list[Assignment], *, today: date) -> list[Row]:
    """Rows for assignments annotated by `_listed` (5 statements)."""
    ids = [assignment.pk for assignment in assignments]
    rounds = ReportRound.objects.select_related("section").in_bulk(
        [a.last_round_id for a in assignments if a.last_round_id]
    )
    products: dict[int, list[AssignmentProduct]] = defaultdict(list)
    for product in (
        AssignmentProduct.objects.filter(assignment__in=ids).select_related("product").order_by("product__order")
    ):
        products[product.assignment_id].append(product)
    sections = _returned_sections(ids)
    reasons = _return_reasons([section.pk for section in sections.values()])
    leads = _leads_of(assignments)
    rows = []
    for assignment in assignments:
        section = sections.get(assignment.pk)
        task_leads = leads.get(assignment.pk, [])
        rows.append(
            Row(
                assignment=assignment,
                timeliness=timeliness_words(assignment, today=today),
                kind=timeliness_kind(assignment, today=today),
                products=[_product_line(item, today=today) for item in products[assignment.pk]],
                last_round=rounds.get(assignment.last_round_id),
                reason=reasons.get(section.pk, "") if section else assignment.state_reason,
                section=section,
                lead=task_leads[0] if task_leads else None,
                other_leads=max(0, len(task_leads) - 1),
                pending_extension=assignment.asks_for_time,
            )
        )
    return rows


def _returned_sections(ids) -> dict[int, ProgressReport]:
    rows = _to_mend().filter(assignment__in=ids).order_by("pk")
    return {section.assignment_id: section for section in rows}


def _return_reasons(section_ids) -> dict[int, str]:
    answered = [RoundDecision.RETURNED, RoundDecision.WITHDRAWN]
    rows = ReportRound.objects.filter(section__in=section_ids, decision__in=answered).order_by("pk")
    newest = {
        section: (decision, reason)
        for section, decision, reason in rows.values_list("section_id", "decision", "reason")
    }
    return {pk: RECALLED_WORDS if said == RoundDecision.WITHDRAWN else reason for pk, (said, reason) in newest.items()}


def _leads_of(assignments) -> dict[int, list[Assignment]]:
    """Of work for others, by assignment: the leads, or of a part the work it was taken from; day and state, no more."""
    tasks = {a.task_id for a in assignments if a.role not in (AssignmentRole.LEAD, AssignmentRole.PART)}
    above = {a.parent_id for a in assignments if a.role == AssignmentRole.PART}
    by_task: dict[int, list[Assignment]] = defaultdict(list)
    by_pk: dict[int, list[Assignment]] = {}
    for lead in (
        Assignment.objects.filter(Q(task__in=tasks, role=AssignmentRole.LEAD) | Q(pk__in=above))
        .select_related("unit", "task")
        .order_by("pk")
    ):
        by_pk[lead.pk] = [lead]
        if lead.is_lead:
            by_task[lead.task_id].append(lead)
    return {
        a.pk: by_pk.get(a.parent_id, []) if a.role == AssignmentRole.PART else by_task.get(a.task_id, [])
        for a in assignments
        if a.role != AssignmentRole.LEAD
    }


def _product_line(item: AssignmentProduct, *, today: date) -> ProductLine:
    if item.delivered_on:
        words = f"đã nhận {item.paper_identity}".strip()
    elif item.submitted_on:
        words = f"đã gửi {vn_date(item.submitted_on)}"
    elif item.due_date and item.due_date < today and item.product.is_required:
        words = "chưa gửi, đã qua hạn"
    else:
        words = "chưa gửi"
    return ProductLine(item.product.name, item.due_date, words)


def reports_to_write(unit: Unit, *, today: date) -> list[ReportToWrite]:
    """One entry per issued directive in which the unit has work, the most pressing first (4 statements)."""
    directives = list(Directive.objects.issued().filter(pk__in=unit.assignments.values("directive")).order_by("-pk"))
    ids = [directive.pk for directive in directives]
    at_hand: dict[int, UnitReport] = {}
    mending = (ReportState.RETURNED, ReportState.RECALLED)
    states = (*mending, ReportState.DRAFT, ReportState.AWAITING_UNIT_HEAD)
    reports = UnitReport.objects.of_the_unit().filter(unit=unit, directive__in=ids).select_related("saved_by", "period")
    for report in reports.filter(state__in=states).order_by("-pk"):
        known = at_hand.get(report.directive_id)
        if known is None or known.state in mending:
            at_hand[report.directive_id] = report
    opened: dict[int, list[ReportingPeriod]] = defaultdict(list)
    for period in ReportingPeriod.objects.filter(directive__in=ids, opens_on__lte=today):
        opened[period.directive_id].append(period)
    newest = {pk: newest_of(rows) for pk, rows in opened.items()}
    sent = {
        report.period_id: report
        for report in UnitReport.objects.of_the_unit().filter(
            unit=unit, period__in=[p.pk for rows in newest.values() for p in rows]
        )
    }
    periods = {pk: next_of(rows, sent) or rows[-1] for pk, rows in newest.items()}
    open_work = set(
        Assignment.objects.filter(unit=unit, directive__in=ids, state__in=(S.ASSIGNED, S.IN_PROGRESS, S.REDO))
        .exclude(role=AssignmentRole.INFORMED)
        .values_list("directive_id", flat=True)
    )
    found = [
        ReportToWrite(
            directive=directive,
            at_hand=at_hand.get(directive.pk),
            period=periods.get(directive.pk),
            period_report=sent.get(periods[directive.pk].pk) if directive.pk in periods else None,
            has_work=directive.pk in open_work,
        )
        for directive in directives
    ]
    return sorted(found, key=lambda item: item.order)


def sentence_of(user, unit: Unit, groups: list[Group], to_write: list[ReportToWrite], *, today: date) -> str:
    """The one sentence on top (1 statement)."""
    counts = {group.key: group.count for group in groups}
    overdue = _overdue(work_of(user, unit), today=today).count()
    parts = [f"{vn_weekday(today)} {vn_date(today)}"]
    for count, words in (
        (counts.get("new", 0), "việc mới giao"),
        (counts.get("redo", 0), "cần bổ sung"),
        (overdue, "quá hạn"),
    ):
        if count:
            parts.append(f"{count} {words}")
    asked = [item for item in to_write if item.period is not None]
    for item in asked[:FIRST_SAID]:
        name = item.period.name[:1].lower() + item.period.name[1:]
        if item.period_report is not None and item.period_report.state == ReportState.RECALLED:
            parts.append(f"{name}: đã rút về, gửi chậm nhất {vn_date(item.period.due_on)}")
        elif item.period_report is not None and item.period_report.submitted_at:
            parts.append(f"{name}: đã gửi {vn_date(item.period_report.submitted_at)}")
        else:
            parts.append(f"{name}: gửi chậm nhất {vn_date(item.period.due_on)}")
    if len(asked) > FIRST_SAID:
        parts.append(f"và {len(asked) - FIRST_SAID} văn bản khác")
    if len(parts) == 1:
        parts.append("không có việc nào phải làm ngay")
    return " · ".join(parts)


def _overdue(assignments, *, today: date):
    """What the unit is late with, coordinating work too, which the four classes leave out."""
    return (
        assignments.filter(overdue_q(today))
        .exclude(role=AssignmentRole.INFORMED)
        .exclude(task__strength=Strength.ENCOURAGED)
        .exclude(task__condition_state=ConditionState.UNDECIDED)
    )


def asked_by(user, unit: Unit) -> list[UnitQuestion]:
    """What the unit asked and waits to hear about, oldest first (1 statement)."""
    return list(
        UnitQuestion.objects.visible_to(user)
        .waiting()
        .filter(assignment__unit=unit)
        .select_related("assignment__task")
        .order_by("pk")[:GROUP_ROWS]
    )
