"""Whom findings are told: the unit at once, whoever inspected in the app, and one stage on the day after.

Titles are of our own making; what people typed about a place shows on the page of the finding alone.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date
from directive_tracker.workdays import WorkCalendar
from notifications import kinds, outbox
from notifications.kinds import Coming
from notifications.models import Notice, NoticeRule
from notifications.outbox import Telling
from notifications.planning import not_told, tell_rows, text
from tasks.events.querysets import ASKS_UNIT
from tasks.models import Finding, FindingState, Inspection
from tasks.stages import stage_days
from units.calendar import work_calendar
from units.models import Membership, Role
from units.models.membership import active_q
from units.people import reporters_of

FINDING = Finding._meta.label_lower
OVERDUE, OVERDUE_WATCHED = "finding-overdue", "finding-watched"


def _today(now: datetime) -> date:
    return timezone.localdate(now, ZONE)


def _about(finding: Finding) -> str:
    """ "kiểm tra 26/4/2024, việc 1a.2"."""
    inspection = finding.place.inspection
    return f"kiểm tra {vn_date(inspection.day)}, việc {inspection.task.code}"


def tell_found(inspection: Inspection, findings: Iterable[Finding], *, now: datetime) -> int:
    """Tell each unit once, by a mail of its own, how many findings it has to answer and the first day."""
    by_unit: dict[int, list[Finding]] = {}
    for finding in findings:
        by_unit.setdefault(finding.place.unit_id, []).append(finding)
    people = reporters_of(by_unit, today=_today(now))
    tellings = []
    for unit_id, group in by_unit.items():
        first = min(group, key=lambda finding: (finding.mend_by, finding.pk))
        title = f"{len(group)} kiến nghị sau {_about(first)}: khắc phục chậm nhất {vn_date(first.mend_by)}"
        url = first.get_absolute_url() if len(group) == 1 else inspection.get_absolute_url()
        for user in people.get(unit_id, []):
            tellings.append(
                Telling(
                    key=f"finding:{inspection.pk}:{unit_id}:{user.pk}",
                    kind="finding",
                    recipient=user,
                    title=title,
                    url=url,
                    target=first,
                    target_version=first.mend_version,
                    unit_id=unit_id,
                    mail="own",
                )
            )
    return outbox.tell_many(tellings, now=now)


def tell_sent_back(finding: Finding, *, words: str, now: datetime) -> int:
    """Tell the unit that more is to be done, by a mail of its own; the words in the app."""
    title = f"Cần khắc phục thêm sau {_about(finding)}, chậm nhất {vn_date(finding.mend_by)}"
    return _tell_unit(finding, "finding_sent_back", title, detail=words, mail="own", now=now)


def tell_closed(finding: Finding, *, now: datetime) -> int:
    """Tell the unit, in the app only."""
    return _tell_unit(finding, "finding_closed", f"Đã xác nhận khắc phục: {_about(finding)}", now=now)


def _tell_unit(finding: Finding, kind: str, title: str, *, now: datetime, detail: str = "", mail: Any = None) -> int:
    unit_id = finding.place.unit_id
    return outbox.tell_many(
        [
            Telling(
                key=f"{kind}:{finding.pk}:{finding.mend_version}:{user.pk}",
                kind=kind,
                recipient=user,
                title=title,
                detail=detail,
                url=finding.get_absolute_url(),
                target=finding,
                target_version=finding.mend_version,
                unit_id=unit_id,
                mail=mail,
            )
            for user in reporters_of([unit_id], today=_today(now)).get(unit_id, [])
        ],
        now=now,
    )


def tell_inspectors(finding: Finding, *, now: datetime) -> int:
    """Tell whoever inspected, in the app only, that an answer waits; nobody who belongs to the unit itself."""
    inspection = finding.place.inspection
    active = Membership.objects.active_on(_today(now))
    own = active.filter(unit=finding.place.unit_id).values("user")
    rows = (
        active.filter(unit=inspection.unit_id, role__in=[Role.OFFICE, Role.REPORTER])
        .exclude(user__in=own)
        .select_related("user")
    )
    people = {row.user_id: row.user for row in rows}
    title = f"{finding.place.unit.short_name} trả lời kiến nghị {_about(finding)}"
    return outbox.tell_many(
        [
            Telling(
                key=f"finding_answered:{finding.pk}:{finding.mend_version}:{user.pk}",
                kind="finding_answered",
                recipient=user,
                title=title,
                url=finding.get_absolute_url(),
                target=finding,
                target_version=finding.mend_version,
                unit_id=inspection.unit_id,
            )
            for user in people.values()
        ],
        now=now,
    )


# --- the stage after the day ------------------------------------------------------------------------


def _passed_days(*, today: date, calendar: WorkCalendar) -> Q:
    """Days to mend whose next working day is today or lies at most ten days back, as in the ladder."""
    return Q(mend_by__in=list(stage_days(NoticeRule(working_days_before=-1), today=today, calendar=calendar)))


def _overdue_rows(*, today: date, calendar: WorkCalendar, watched: bool) -> QuerySet:
    """Finding × person: of the unit that has to mend, or of the one that inspected."""
    unit = "place__inspection__unit" if watched else "place__unit"
    path = f"{unit}__memberships__"
    people = active_q(today, path)
    people &= Q(**{f"{path}role__in": [Role.OFFICE, Role.REPORTER]}) if watched else Q(**{f"{path}role": Role.REPORTER})
    rows = Finding.objects.in_hands_of_unit().filter(_passed_days(today=today, calendar=calendar) & people)
    stage = OVERDUE_WATCHED if watched else OVERDUE
    what = text("Kiến nghị kiểm tra việc ", F("place__inspection__task__code"), " quá ngày khắc phục")
    by = text(": ", F("place__unit__short_name")) if watched else Value("", output_field=CharField())
    before, _, after = reverse("tasks:finding_detail", args=[0]).rpartition("0")
    return rows.annotate(
        told_user=F(f"{path}user_id"),
        told_unit=F(f"{unit}_id"),
        told_key=text(f"{stage}:", F("pk"), ":", F("mend_version"), ":", F(f"{path}user_id")),
        told_obligation=text(f"{stage}:", F("pk"), ":", F("mend_version")),
        told_title=text(what, by) if watched else what,
        told_url=text(before, F("pk"), after),
    )


class FindingPlanner:
    """On the working day after the day to mend: the unit in the app and in the mail of the day, whoever inspected in the
    app (notifications/kinds.py: Planner)."""

    def plan(self, *, now: datetime, since: datetime | None) -> int:
        """Write down what is due. A day passes at midnight, so what was touched since makes nothing due."""
        if since is not None:
            return 0
        today, calendar = _today(now), work_calendar()
        about = {"target_type": FINDING, "target_id": F("pk"), "target_version": F("mend_version")}
        return sum(
            tell_rows(
                _overdue_rows(today=today, calendar=calendar, watched=watched),
                kind=OVERDUE_WATCHED if watched else OVERDUE,
                by_mail=not watched,
                now=now,
                **about,
            )
            for watched in (False, True)
        )

    def coming(self, *, now: datetime) -> list[Coming]:
        """What the mails of that moment will say."""
        rows = not_told(_overdue_rows(today=_today(now), calendar=work_calendar(), watched=False))
        columns = ("told_key", "told_user", "told_unit", "told_title")
        return [
            Coming(key=key, kind=OVERDUE, user_id=user, unit_id=unit, title=title)
            for key, user, unit, title in rows.order_by("pk").values_list(*columns)
        ]

    def touched(self, since: datetime) -> list[QuerySet]:
        """Nothing: the day changes the answer, not a row."""
        return []


# --- the last check before a mail leaves --------------------------------------------------------------


def _still_asks(notices: list[Notice], *, now: datetime) -> set[int]:
    """Still in the unit's hands, with the same day."""
    rows = Finding.objects.in_hands_of_unit().filter(pk__in={notice.target_id for notice in notices})
    versions = dict(rows.order_by().values_list("pk", "mend_version"))
    return {notice.pk for notice in notices if versions.get(notice.target_id) == notice.target_version}


def _still_asks_together(notices: list[Notice], *, now: datetime) -> set[int]:
    """Something of the inspection is still in the unit's hands."""
    first = dict(
        Finding.objects.filter(pk__in={notice.target_id for notice in notices})
        .order_by()
        .values_list("pk", "place__inspection")
    )
    waiting = set(
        Finding.objects.filter(place__inspection__in=set(first.values()), state__in=ASKS_UNIT)
        .order_by()
        .values_list("place__inspection", "place__unit")
    )
    return {notice.pk for notice in notices if (first.get(notice.target_id), notice.unit_id) in waiting}


def _answer_waits(notices: list[Notice], *, now: datetime) -> set[int]:
    rows = Finding.objects.filter(pk__in={notice.target_id for notice in notices}, state=FindingState.ANSWERED)
    found = set(rows.values_list("pk", flat=True))
    return {notice.pk for notice in notices if notice.target_id in found}


def register() -> None:
    """Make the kinds and the stage known (tasks/reminders.py)."""
    kinds.register("finding", "Kiến nghị sau kiểm tra", still_applies=_still_asks_together, reminds=True)
    kinds.register("finding_sent_back", "Cần khắc phục thêm", still_applies=_still_asks, reminds=True)
    kinds.register("finding_closed", "Đã xác nhận khắc phục")
    kinds.register("finding_answered", "Trả lời kiến nghị", still_applies=_answer_waits)
    kinds.register(OVERDUE, "Quá ngày khắc phục", still_applies=_still_asks, reminds=True)
    kinds.register(OVERDUE_WATCHED, "Quá ngày khắc phục", still_applies=_still_asks)
    kinds.planners.append(FindingPlanner())
