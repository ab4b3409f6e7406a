"""Towards the day of honour: how many people have not been visited, told by stages (docs/reminders.md).

The rungs are the office's (NoticeRule with the anchor "occasion"). Each tells the registrars how many are left in their
areas, and the people of the unit that leads the visiting and the office in the words that may leave a district. Numbers
only, in the application only; nothing where everybody was reached.
"""

from datetime import date, datetime

from django.db.models import BigIntegerField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date, vn_number
from directive_tracker.workdays import WorkCalendar
from notifications.kinds import Coming
from notifications.models import Anchor, NoticeRule
from notifications.planning import tell_rows, text
from tasks.enums import AssignmentRole
from tasks.models import Assignment
from tasks.stages import stage_days
from units.calendar import work_calendar
from units.models import Area, Membership, Role
from veterans import coverage
from veterans.models import Campaign
from veterans.small_cells import halves

KIND = "occasion-"
CAMPAIGN = Campaign._meta.label_lower
# The registry's business is no unit's.
NO_UNIT = Value(None, output_field=BigIntegerField())


def words_of(rest: str) -> str:
    """The words of a stage by what follows in its code, the number of days."""
    return "Đúng ngày kỷ niệm" if rest == "0" else f"Trước ngày kỷ niệm {rest} ngày làm việc"


class OccasionPlanner:
    """What is due towards the day of honour (notifications/kinds.py: Planner).

    Nothing but a day, a rule or the occasion itself makes something due: a minute in which rows were only touched costs
    no statement.
    """

    def plan(self, *, now: datetime, since: datetime | None) -> int:
        """Write down what is due: two statements where nothing is, four and the calendar where a stage has come."""
        if since is not None:
            return 0
        today = timezone.localdate(now, ZONE)
        campaign = Campaign.objects.current()
        if campaign is None or not campaign.starts_on <= today <= campaign.honour_day:
            return 0
        calendar = work_calendar()
        rule = _stage_of(campaign, today, calendar)
        if rule is None:
            return 0
        days = calendar.count_between(today, campaign.honour_day)
        return _tell(campaign, rule, days=days, today=today, now=now)

    def coming(self, *, now: datetime) -> list[Coming]:
        """Nothing: it is told in the application only."""
        return []

    def touched(self, since: datetime) -> list[QuerySet]:
        """No row that was touched makes anything due."""
        return []


def _stage_of(campaign: Campaign, today: date, calendar: WorkCalendar) -> NoticeRule | None:
    """The latest stage that has come; its words say all that an earlier one would."""
    rules = NoticeRule.objects.general().active().filter(anchor=Anchor.OCCASION).order_by("working_days_before", "pk")
    return next(
        (rule for rule in rules if campaign.honour_day in stage_days(rule, today=today, calendar=calendar)), None
    )


def _tell(campaign: Campaign, rule: NoticeRule, *, days: int, today: date, now: datetime) -> int:
    whole, areas = coverage.by_area(campaign=campaign.pk, today=today)
    if not whole.waiting:
        return 0
    day = vn_date(campaign.honour_day)
    ahead = f"{vn_number(days)} ngày làm việc nữa đến {day}" if today < campaign.honour_day else f"hôm nay là {day}"
    stage = f"{rule.stage}:{campaign.pk}:{campaign.honour_day.isoformat()}"
    target = {"target_type": CAMPAIGN, "target_id": Value(campaign.pk)}
    waiting = {area: row.waiting for area, row in areas.items() if row.waiting}
    planned = tell_rows(
        _registrars(waiting, stage=stage, ahead=ahead, today=today), kind=rule.stage, by_mail=False, now=now, **target
    )
    left = halves(whole.visited, whole.waiting)[1]
    others = _others(campaign, left, stage=stage, ahead=ahead, today=today)
    return planned + tell_rows(others, kind=rule.stage, by_mail=False, now=now, **target)


def _registrars(waiting: dict[int, int], *, stage: str, ahead: str, today: date) -> QuerySet:
    """The registrars of the areas in which people are left, each area with its number."""
    names = dict(Area.objects.filter(pk__in=waiting).values_list("pk", "name"))
    words = [
        When(area=pk, then=Value(f"Còn {vn_number(number)} người chưa được thăm ở {names[pk]}, {ahead}"))
        for pk, number in waiting.items()
    ]
    rows = Membership.objects.active_on(today).filter(role=Role.REGISTRAR, area__in=waiting, user__is_active=True)
    return rows.annotate(
        told_user=F("user_id"),
        told_unit=NO_UNIT,
        told_key=text(f"{stage}:", F("area_id"), ":", F("user_id")),
        told_obligation=text(f"{stage}:", F("area_id")),
        told_title=Case(*words, default=Value(""), output_field=CharField()),
        told_url=Value(reverse("veterans:coverage")),
    )


def _others(campaign: Campaign, left: str, *, stage: str, ahead: str, today: date) -> QuerySet:
    """The office, and the people of the unit that leads the visiting; who keeps a registry is told there."""
    leads = Assignment.objects.filter(task=campaign.visit_task_id, role=AssignmentRole.LEAD).values("unit")
    of_the_lead = Q(role__in=[Role.REPORTER, Role.UNIT_HEAD], unit__in=leads)
    keeps = Membership.objects.active_on(today).filter(user=OuterRef("user"), role=Role.REGISTRAR)
    rows = (
        Membership.objects.active_on(today)
        .filter(of_the_lead | Q(role=Role.OFFICE), ~Exists(keeps), user__is_active=True)
        .annotate(
            told_user=F("user_id"),
            told_unit=F("unit_id"),
            told_key=text(f"{stage}:", F("user_id")),
            told_obligation=Value(stage),
            told_title=Value(f"Đợt tri ân: còn {left} người chưa được thăm, {ahead}"),
            told_url=Case(
                When(role=Role.OFFICE, then=Value(reverse("veterans:person_list"))),
                default=Value(reverse("tasks:task_detail", args=[campaign.visit_task_id or 0])),
                output_field=CharField(),
            ),
        )
    )
    return rows
