"""Which rows: visibility first, then filters that read like adjectives, then annotations."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from directive_tracker import clock
from directive_tracker.doors import ThroughQuerySet
from notifications import kinds
from notifications.models import Notice
from tasks.enums import (
    OPEN_STATES,
    TYPED_REPORT_STATES,
    AssignmentRole,
    AssignmentState,
    ConditionState,
    DirectiveState,
    ExtensionState,
    QuestionKind,
    ReportOriginal,
    ReportState,
    RoundDecision,
    SectionState,
)
from tasks.timeliness import COUNTED, Timeliness, overdue_q, timeliness_expression
from units.access import Access, access_of
from units.models.unit import GroupMember

SENT_REPORT_STATES = (ReportState.SUBMITTED, ReportState.RETURNED, ReportState.DECIDED)
# Sent at least once: who could read it goes on reading what was sent, also while it is being mended.
READ_REPORT_STATES = (*SENT_REPORT_STATES, ReportState.RECALLED)
# Nobody waits for work that is done, or that will not be done.
DONE_WAITING_STATES = (AssignmentState.COMPLETED, AssignmentState.NOT_APPLICABLE, AssignmentState.CANCELLED)


def access_for(user) -> Access:
    """The user's rights on the pages' today (memberships are a matter of the present)."""
    return access_of(user, today=clock.today())


def handed_on_by(assignments, unit_ids) -> Q:
    """The condition that an assignment is a part of work of one of the units, however many steps below it."""
    above = assignments.filter(pk=OuterRef("parent_id")).filter(
        Q(unit__in=unit_ids) | Q(parent__unit__in=unit_ids) | Q(parent__parent__unit__in=unit_ids)
    )
    return Q(role=AssignmentRole.PART) & Q(Exists(above))


def reviewed_by(tasks, unit_ids):
    """Of the tasks those that one of the units reviews. Who reviews for the office holds office and sees everything."""
    return tasks.filter(reviewing_unit__in=unit_ids).exclude(reviewing_unit=F("directive__office"))


class DirectiveQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DirectiveQuerySet":
        """Everything for the office; issued ones for everybody else with a role but administrators."""
        access = access_for(user)
        if access.is_office:
            return self
        if access.roles - {"administrator"}:
            return self.filter(state__in=[DirectiveState.ISSUED, DirectiveState.CLOSED])
        return self.none()

    def with_reach(self, user) -> "DirectiveQuerySet":
        """Annotate, the same on every row, what AssignmentQuerySet.visible_to gives the user beyond the own units and those
        below: `monitors` (tasks of others, which a unit reviews as well), `leads_others` (contributions to own lead
        work)."""
        access = access_for(user)
        if access.sees_all_assignments or not access.works_for_a_unit:
            return self.annotate(monitors=Value(True), leads_others=Value(True))
        assignments = self.model._meta.get_field("assignments").related_model._default_manager
        tasks = self.model._meta.get_field("tasks").related_model
        for_units = access.reporter_unit_ids | access.head_unit_ids
        monitored = tasks.monitors.through.objects.filter(unit_id__in=for_units)
        reviewed = reviewed_by(tasks._default_manager, for_units)
        units = access.visible_unit_ids
        others = assignments.exclude(unit__in=units)
        # From the few contributions there are to the work they are for: joined, because of a condition inside a condition
        # PostgreSQL would first gather all the work of the units, and for parts all the work there is.
        coordinating = others.filter(
            role=AssignmentRole.COORDINATING,
            task__assignments__role=AssignmentRole.LEAD,
            task__assignments__unit__in=units,
        )
        above = (
            Q(parent__unit__in=units) | Q(parent__parent__unit__in=units) | Q(parent__parent__parent__unit__in=units)
        )
        parts = others.filter(above, role=AssignmentRole.PART)
        return self.annotate(
            monitors=ExpressionWrapper(Q(Exists(monitored)) | Q(Exists(reviewed)), BooleanField()),
            leads_others=ExpressionWrapper(Q(Exists(coordinating)) | Q(Exists(parts)), BooleanField()),
        )

    def issued(self) -> "DirectiveQuerySet":
        return self.filter(state=DirectiveState.ISSUED)

    def with_paper_originals(self) -> "DirectiveQuerySet":
        """Whose reports are originals on paper, signed, scanned and attached."""
        return self.filter(report_original=ReportOriginal.PAPER)


class DirectiveTaskQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DirectiveTaskQuerySet":
        """The tasks of the directives the user may see."""
        access = access_for(user)
        if access.is_office:
            return self
        if access.roles - {"administrator"}:
            return self.filter(directive__state__in=[DirectiveState.ISSUED, DirectiveState.CLOSED])
        return self.none()

    def unchecked(self) -> "DirectiveTaskQuerySet":
        """What the program proposed and nobody has looked at (DirectiveTask.is_unchecked)."""
        return self.exclude(why="").filter(checked_at__isnull=True)

    def undecided_late(self, *, today: date) -> "DirectiveTaskQuerySet":
        """Conditions of issued directives whose day of decision is over without a decision."""
        return self.filter(
            condition_state=ConditionState.UNDECIDED,
            condition_decide_by__lt=today,
            directive__state=DirectiveState.ISSUED,
        )


class TaskWaitQuerySet(models.QuerySet):
    def visible_to(self, user) -> "TaskWaitQuerySet":
        """Those of the tasks the user may see."""
        access = access_for(user)
        if access.is_office:
            return self
        if access.roles - {"administrator"}:
            return self.filter(task__directive__state__in=[DirectiveState.ISSUED, DirectiveState.CLOSED])
        return self.none()

    def _leads_not_done(self):
        """Lead work on the task that is waited for which is not finished; what was cancelled is not waited for."""
        assignments = self.model._meta.get_field("waits_for").related_model.assignments.rel.related_model
        return assignments._default_manager.filter(task=OuterRef("waits_for"), role=AssignmentRole.LEAD).exclude(
            state__in=DONE_WAITING_STATES
        )

    def open(self) -> "TaskWaitQuerySet":
        """Those that are still waited for: somebody who leads the other task has not finished it."""
        return self.filter(Exists(self._leads_not_done()))

    def with_open(self) -> "TaskWaitQuerySet":
        """With is_open (see open) and open_due, the last day of those who have not finished."""
        leads = self._leads_not_done()
        last = leads.order_by(F("due_current").desc(nulls_last=True)).values("due_current")[:1]
        return self.annotate(is_open=Exists(leads), open_due=Subquery(last))


Narrowing = Callable[["AssignmentQuerySet"], "AssignmentQuerySet"]


def _all_of_them(rows: "AssignmentQuerySet") -> "AssignmentQuerySet":
    return rows


class AssignmentQuerySet(models.QuerySet):
    def visible_to(
        self, user, *, many: bool = False, own: bool = False, within: "Narrowing | None" = None
    ) -> "AssignmentQuerySet":
        """All for office and readers; own units and below, what coordinates own lead work, parts handed on by these
        units, monitored tasks and lead work they review for units; nothing for others.

        Args:
            many: the same rows, asked for in the way that suits long lists (`_put_together`).
            own: of whoever works for a unit only the work of the own units and those below.
            within: only the rows that it leaves, which it chooses by what stands in them. Each right is narrowed by
                itself: who sees much and looks for little would else have all of it put together first.
        """
        access = access_for(user)
        narrowed = within or _all_of_them
        if access.sees_all_assignments:
            return narrowed(self)
        if not access.works_for_a_unit:
            return self.none()
        units = access.visible_unit_ids
        if own:
            # Nothing but what the index of a unit's work serves: beside the other rights PostgreSQL reads all open work.
            return narrowed(self.of_units(units))
        if many:
            return self._put_together(access, narrowed)
        leads = self.model._default_manager.filter(task=OuterRef("task"), role=AssignmentRole.LEAD, unit__in=units)
        tasks, for_units = (
            self.model._meta.get_field("task").related_model,
            access.reporter_unit_ids | access.head_unit_ids,
        )
        monitored = tasks.monitors.through.objects.filter(directivetask_id=OuterRef("task_id"), unit_id__in=for_units)
        reviewed = reviewed_by(tasks._default_manager.filter(pk=OuterRef("task_id")), for_units)
        return narrowed(
            self.filter(
                Q(unit__in=units)
                | (Q(role=AssignmentRole.COORDINATING) & Exists(leads))
                | handed_on_by(self.model._default_manager, units)
                | Exists(monitored)
                | (Q(role=AssignmentRole.LEAD) & Exists(reviewed))
            )
        )

    def _put_together(self, access: Access, narrowed: "Narrowing") -> "AssignmentQuerySet":
        """Each right of `visible_to` asked of its own index and the answers put together, where the one condition of
        five alternatives would be asked of every row there is."""
        everything, units = self.model._default_manager, access.visible_unit_ids
        leads = everything.filter(role=AssignmentRole.LEAD, unit__in=units)
        tasks, for_units = (
            self.model._meta.get_field("task").related_model,
            access.reporter_unit_ids | access.head_unit_ids,
        )
        monitored = tasks.monitors.through.objects.filter(unit_id__in=for_units)
        reviewed = reviewed_by(tasks._default_manager, for_units)
        reached = [
            everything.filter(role=AssignmentRole.COORDINATING, task__in=leads.values("task")),
            everything.filter(handed_on_by(everything, units)),
            everything.filter(task__in=monitored.values("directivetask")),
            everything.filter(role=AssignmentRole.LEAD, task__in=reviewed.order_by().values("pk")),
        ]
        own, *others = (
            narrowed(rows).order_by().values("pk") for rows in (everything.filter(unit__in=units), *reached)
        )
        return self.filter(pk__in=own.union(*others))

    def visible_for_work_of(self, unit_id: int, user) -> "AssignmentQuerySet":
        """Of visible_to what others do for lead work of one unit, and the parts of its work; annotated `for_work`, the
        unit's own assignment. All of it for whoever may see that unit's work: each is a right of its own in
        visible_to, which is therefore not asked of every row again."""
        access = access_for(user)
        if not access.sees_all_assignments and unit_id not in access.visible_unit_ids:
            return self.none()
        led = FilteredRelation(
            "task__assignments",
            condition=Q(task__assignments__unit=unit_id, task__assignments__role=AssignmentRole.LEAD),
        )
        return (
            # All parts and contributions first: they are few among many, and an index holds them.
            self.filter(role__in=[AssignmentRole.COORDINATING, AssignmentRole.PART])
            .annotate(led=led)
            .filter(
                Q(role=AssignmentRole.COORDINATING, led__isnull=False)
                | Q(role=AssignmentRole.PART, parent__unit=unit_id)
            )
            .annotate(for_work=Case(When(role=AssignmentRole.PART, then=F("parent_id")), default=F("led__pk")))
        )

    def of_units(self, unit_ids) -> "AssignmentQuerySet":
        return self.filter(unit__in=unit_ids)

    def of_group(self, group_id: int, *, today: date) -> "AssignmentQuerySet":
        """Of the units that are in the group on that day."""
        members = GroupMember.objects.filter(group=group_id, valid_from__lte=today).exclude(valid_to__lt=today)
        return self.filter(unit__in=members.order_by().values("unit"))

    def lead(self) -> "AssignmentQuerySet":
        return self.filter(role=AssignmentRole.LEAD)

    def coordinating(self) -> "AssignmentQuerySet":
        return self.filter(role=AssignmentRole.COORDINATING)

    def open(self) -> "AssignmentQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def counted(self) -> "AssignmentQuerySet":
        """What the four classes hold."""
        return self.filter(COUNTED)

    def overdue(self, *, today: date) -> "AssignmentQuerySet":
        """Counted, open and past the due day."""
        return self.counted().filter(overdue_q(today))

    def due_between(self, first: date, last: date) -> "AssignmentQuerySet":
        """Counted, open, not waiting for the office, due from `first` to `last` inclusive."""
        return (
            self.counted()
            .open()
            .exclude(state=AssignmentState.SUBMITTED)
            .filter(due_current__gte=first, due_current__lte=last)
        )

    def not_acknowledged(self, *, today: date, after_days: int = 0) -> "AssignmentQuerySet":
        """Given at least `after_days` calendar days ago and not taken note of."""
        return self.filter(
            state=AssignmentState.ASSIGNED,
            acknowledged_on__isnull=True,
            assigned_on__lte=today - timedelta(days=after_days),
        )

    def with_timeliness(self, *, today: date) -> "AssignmentQuerySet":
        """Annotate `timeliness` (tasks.timeliness.Timeliness values)."""
        return self.annotate(timeliness=timeliness_expression(today))

    def in_time_class(self, wanted: Timeliness, *, today: date) -> "AssignmentQuerySet":
        """The rows of one class of timeliness. Of each class the states are named as well, which an index serves."""
        if wanted == Timeliness.OPEN_OVERDUE:
            return self.open().overdue(today=today)
        if wanted == Timeliness.OPEN_IN_TIME:
            rows = self.open()
        elif wanted == Timeliness.OUTSIDE:
            rows = self
        else:
            rows = self.filter(state=AssignmentState.COMPLETED)
        return rows.with_timeliness(today=today).filter(timeliness=wanted)

    def with_pending_extension(self) -> "AssignmentQuerySet":
        """Annotate `pending_extension_id`, None when nothing waits."""
        request = self.model._meta.get_field("extension_requests").related_model.objects.filter(
            assignment=OuterRef("pk"), state=ExtensionState.PENDING
        )
        return self.annotate(pending_extension_id=Subquery(request.values("pk")[:1]))

    def with_open_question(self) -> "AssignmentQuerySet":
        """Annotate `question_id` and `named_unit`: the question of a unit that gave the work back, and whom it names."""
        asked = (
            self.model._meta.get_field("questions")
            .related_model.objects.waiting()
            .filter(assignment=OuterRef("pk"), kind=QuestionKind.NOT_OURS)
        )
        return self.annotate(
            question_id=Subquery(asked.values("pk")[:1]),
            named_unit=Subquery(asked.values("named_unit__short_name")[:1]),
        )

    def with_last_contact(self) -> "AssignmentQuerySet":
        """Annotate `last_nudge_at` and `last_notice_at`: when the unit was last chased or told."""
        nudges = self.model._meta.get_field("nudges").related_model.objects.filter(assignment=OuterRef("pk"))
        notices = Notice.objects.filter(
            target_type=self.model._meta.label_lower, target_id=OuterRef("pk"), sent_at__isnull=False
        )
        return self.annotate(
            last_nudge_at=Subquery(nudges.order_by("-pk").values("at")[:1]),
            last_notice_at=Subquery(notices.order_by("-sent_at").values("sent_at")[:1]),
        )

    def with_told_count(self) -> "AssignmentQuerySet":
        """Annotate `told_count`: how often the unit has been reminded of it, each time once whatever the people."""
        told = Notice.objects.filter(
            kinds.reminding_q(),
            target_type=self.model._meta.label_lower,
            target_id=OuterRef("pk"),
            state__in=["sent", "left"],
        )
        counted = told.order_by().values("target_id").annotate(found=Count("obligation", distinct=True)).values("found")
        return self.annotate(told_count=Coalesce(Subquery(counted), 0))

    def matching(self, word: str) -> "AssignmentQuerySet":
        """Whose task or unit holds the folded word (vietnamese.fold)."""
        return self.filter(Q(task__search_key__contains=word) | Q(unit__search_key__contains=word))

    def by_due(self) -> "AssignmentQuerySet":
        """Complete order: due date with empty ones last, then pk."""
        return self.order_by(F("due_current").asc(nulls_last=True), "pk")

    def for_table(self) -> "AssignmentQuerySet":
        """What one line of a table shows and nothing else (tasks/templatetags/assignments.py); other columns would be
        read one by one."""
        return self.select_related("task", "unit").only(
            *("role", "state", "due_original", "due_current", "due_source", "extended_times"),
            *("submitted_on", "completed_on"),
            *("task__code", "task__short_title", "task__strength", "task__condition_state", "unit__short_name"),
        )

    def for_listing(self) -> "AssignmentQuerySet":
        """What one row of a list shows."""
        return self.select_related("task", "unit", "directive", "task__clause")


def _written_by(access: Access, report: str = "") -> Q:
    """Reports whose draft the person may read: the own units' own; for the office those it enters itself.

    Args:
        report: the way to the report, "unit_report__" from a section.
    """
    ours = Q(**{f"{report}unit__in": access.reporter_unit_ids | access.head_unit_ids})
    entered = Q(**{f"{report}on_behalf": True})
    typed = entered & Q(**{f"{report}state__in": TYPED_REPORT_STATES})
    own = ours & ~(entered & Q(**{f"{report}state": ReportState.DRAFT}))
    return own | typed if access.is_office else own


class UnitReportQuerySet(models.QuerySet):
    def of_the_unit(self) -> "UnitReportQuerySet":
        """Without what the office is still entering, of which the unit knows nothing."""
        return self.exclude(on_behalf=True, state=ReportState.DRAFT)

    def visible_to(self, user) -> "UnitReportQuerySet":
        """Drafts only for the unit itself; sent ones also for the units above, office, readers,
        the lead a section contributes to, the monitors of a section's task and the unit that reviews it."""
        access = access_for(user)
        sent = Q(state__in=READ_REPORT_STATES)
        own = _written_by(access)
        if access.sees_all_assignments:
            return self.filter(sent | own)
        if not access.works_for_a_unit:
            return self.none()
        sections = self.model._meta.get_field("sections").related_model._default_manager
        shown = sections.filter(unit_report=OuterRef("pk")).visible_to(user)
        return self.filter(own | (sent & (Q(unit__in=access.visible_unit_ids) | Exists(shown))))

    def lacking_signed_paper(self) -> "UnitReportQuerySet":
        """Sent ones of followed documents whose signed paper is the original and whose scan is not attached; what is
        being mended gets another paper."""
        return self.filter(
            signed_file__isnull=True,
            state__in=[ReportState.SUBMITTED, ReportState.DECIDED],
            directive__report_original=ReportOriginal.PAPER,
            directive__state=DirectiveState.ISSUED,
        )

    def written_by(self, user) -> "UnitReportQuerySet":
        """Of those the user may see, the ones the user writes: the own units', for the office those it enters itself. What
        else may be seen is not put together for it."""
        return self.filter(_written_by(access_for(user)))

    def waiting_for(self, user) -> "UnitReportQuerySet":
        """With sections that wait for the user's unit as the reviewing one, whatever came back already,
        but none of a unit of the user's own; annotates their number as `waiting_sections`."""
        access = access_for(user)
        # From the sections that wait, of which there are few, to their reports: counted over all reports there ever were,
        # the page of the day took seconds at a million of them.
        mine = self.model._meta.get_field("sections").related_model._default_manager.filter(
            state=SectionState.SUBMITTED,
            assignment__role=AssignmentRole.LEAD,
            assignment__task__reviewing_unit__in=access.desk_unit_ids,
        )
        number = mine.filter(unit_report=OuterRef("pk")).order_by().values("unit_report").annotate(number=Count("pk"))
        return (
            self.filter(pk__in=mine.order_by().values("unit_report"))
            .exclude(unit__in=access.interested_unit_ids)
            .annotate(waiting_sections=Subquery(number.values("number")))
        )


class ProgressReportQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ProgressReportQuerySet":
        """Sections as reports: own drafts; sent ones of own units and below, contributions to
        own lead work, monitored tasks, what the own unit reviews; all sent ones for office and readers."""
        access = access_for(user)
        sent = ~Q(state=SectionState.DRAFT)
        own = _written_by(access, "unit_report__")
        if access.sees_all_assignments:
            return self.filter(sent | own)
        if not access.works_for_a_unit:
            return self.none()
        assignments = self.model._meta.get_field("assignment").related_model.objects
        seen = assignments.filter(pk=OuterRef("assignment_id")).visible_to(user)
        return self.filter(own | (sent & Exists(seen)))

    def waiting(self) -> "ProgressReportQuerySet":
        return self.filter(state=SectionState.SUBMITTED)


class IndicatorQuerySet(ThroughQuerySet):
    """Seen with their tasks."""

    door = "task"

    def with_target_of(self, unit_id: int) -> "IndicatorQuerySet":
        """Annotate `unit_target`: the unit's own target, else the one for every unit; None where there is none."""
        own = self.model._meta.get_field("targets").related_model.objects.filter(indicator=OuterRef("pk"), unit=unit_id)
        return self.annotate(unit_target=Coalesce(Subquery(own.values("target")[:1]), F("target")))


class IndicatorValueQuerySet(models.QuerySet):
    """Figures that were sent: they hang on rounds, and a draft has none."""

    def visible_to(self, user) -> "IndicatorValueQuerySet":
        """All for office and readers; else of the units one writes for and of the assignments one may see."""
        access = access_for(user)
        if access.sees_all_assignments:
            return self
        if not access.works_for_a_unit:
            return self.none()
        rounds = self.model._meta.get_field("round").related_model
        sections = rounds._meta.get_field("section").related_model
        assignments = sections._meta.get_field("assignment").related_model.objects
        seen = assignments.filter(pk=OuterRef("round__section__assignment_id")).visible_to(user)
        own = Q(round__section__unit_report__unit__in=access.reporter_unit_ids | access.head_unit_ids)
        return self.filter(own | Exists(seen))

    def totals(self) -> "IndicatorValueQuerySet":
        """Without the parts of a figure."""
        return self.filter(category__isnull=True)

    def speaking(self, *, until: datetime | None = None) -> "IndicatorValueQuerySet":
        """Of the newest accepted round of each section: what a unit has said and the office taken.

        Args:
            until: what was accepted from then on counts for nothing.
        """
        rounds = self.model._meta.get_field("round").related_model.objects
        later = rounds.filter(
            section=OuterRef("round__section"), decision=RoundDecision.ACCEPTED, number__gt=OuterRef("round__number")
        )
        taken: dict[str, object] = {"round__decision": RoundDecision.ACCEPTED}
        if until is not None:
            later, taken["round__decided_at__lt"] = later.filter(decided_at__lt=until), until
        return self.filter(~Exists(later), **taken)

    def counted(self) -> "IndicatorValueQuerySet":
        """Not left out."""
        return self.filter(left_out_at__isnull=True)


class ExtensionRequestQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ExtensionRequestQuerySet":
        """Requests on the assignments the user may see."""
        if access_for(user).sees_all_assignments:
            return self
        assignments = self.model._meta.get_field("assignment").related_model.objects
        return self.filter(assignment__in=assignments.visible_to(user))

    def pending(self) -> "ExtensionRequestQuerySet":
        return self.filter(state=ExtensionState.PENDING)


class BeingTypedQuerySet(models.QuerySet):
    """Files and papers of a section as the unit types them now; what was sent is frozen in its rounds."""

    def visible_to(self, user) -> "BeingTypedQuerySet":
        """The own units' alone, whatever has been sent before."""
        access = access_for(user)
        return self.filter(_written_by(access, "section__unit_report__"))


class DraftPresenceQuerySet(models.QuerySet):
    """Who has a draft open: for those who may open it as well."""

    def visible_to(self, user) -> "DraftPresenceQuerySet":
        """The own units' drafts alone."""
        access = access_for(user)
        return self.filter(_written_by(access, "report__"))


class DigestQuerySet(models.QuerySet):
    """Frozen figures of the whole: for the Standing Committee and the office alone."""

    def visible_to(self, user) -> "DigestQuerySet":
        return self if access_for(user).sees_all_assignments else self.none()

    def of_kind(self, kind: str) -> "DigestQuerySet":
        """Newest first."""
        return self.filter(kind=kind).order_by("-pk")

    def for_listing(self) -> "DigestQuerySet":
        """Without the figures, which are large."""
        return self.defer("data", "known").order_by("-as_of", "-pk")


class ReportLinkQuerySet(models.QuerySet):
    """Opened by the secret in the address (tasks/links); a list of them is for those who may take one back."""

    def visible_to(self, user) -> "ReportLinkQuerySet":
        """All for the office; of their own units for reporters and heads."""
        access = access_for(user)
        if access.is_office:
            return self
        return self.filter(unit__in=access.reporter_unit_ids | access.head_unit_ids)

    def open(self, *, today: date) -> "ReportLinkQuerySet":
        """Not taken back and not past their last day."""
        return self.filter(revoked_at__isnull=True, last_day__gte=today)


class TallyQuerySet(models.QuerySet):
    def visible_to(self, user) -> "TallyQuerySet":
        """All for office and readers. A unit's people: the own units and those below, the tasks they monitor, and
        every task of a directive whose figures the office has published; other units' rows never."""
        access = access_for(user)
        if access.sees_all_assignments:
            return self
        if not access.works_for_a_unit:
            return self.none()
        task = self.model._meta.get_field("task").related_model
        monitored = task.monitors.through.objects.filter(
            directivetask_id=OuterRef("task_id"), unit_id__in=access.reporter_unit_ids | access.head_unit_ids
        )
        published = Q(task__isnull=False, directive__figures_published=True)
        return self.filter(
            Q(directive__state__in=[DirectiveState.ISSUED, DirectiveState.CLOSED])
            & (Q(unit__in=access.visible_unit_ids) | published | Q(Exists(monitored)))
        )


class OfficeQuerySet(models.QuerySet):
    """Rows that are the office's own business."""

    def visible_to(self, user) -> "OfficeQuerySet":
        """The office sees all of them, nobody else any."""
        return self if access_for(user).is_office else self.none()
