"""The work itself: assignments in every state, what the units reported, what happened, whom it was told.

What a row says fits the others: a submitted part has a round that waits, a completed one was accepted on the day it came,
the history leads to the state in which the part is.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.urls import reverse

from directive_tracker.scale import words
from directive_tracker.scale.directives import DirectivePlan, PeriodPlan, TaskPlan, at
from directive_tracker.scale.loader import Rows
from directive_tracker.scale.people import Cast
from directive_tracker.scale.tables import WorkTables
from directive_tracker.vietnamese import vn_date
from tasks.enums import (
    AssignmentRole,
    AssignmentState,
    DueSource,
    ExtensionState,
    ReportState,
    RoundDecision,
    SectionState,
)
from tasks.models import (
    Assignment,
    Directive,
)
from units.models import Unit

S = AssignmentState
ASSIGNMENT, DIRECTIVE = Assignment._meta.label_lower, Directive._meta.label_lower

# 40 % are open, a third of these overdue. Of 20 tasks 11 are past their day (scale.directives.PAST); with extensions
# and without tasks that have no day that is 52 % of the parts.
OPEN_OF_PAST, OPEN_OF_COMING = 0.40 / 3 / 0.52, 0.40 * 2 / 3 / 0.48
# Shares of the open states; a part past its day rarely waits for the office, which would stop its clock.
STATES_OF_PAST = (
    (S.IN_PROGRESS, 78),
    (S.ASSIGNED, 8),
    (S.REDO, 8),
    (S.SUBMITTED, 4),
    (S.AWAITING_UNIT_HEAD, 1),
    (S.RETURNED_BY_UNIT, 1),
)
STATES_OF_COMING = (
    (S.IN_PROGRESS, 62),
    (S.ASSIGNED, 16),
    (S.SUBMITTED, 15),
    (S.REDO, 4),
    (S.AWAITING_UNIT_HEAD, 2),
    (S.RETURNED_BY_UNIT, 1),
)
STATES_AT_REST = ((S.COMPLETED, 93), (S.NOT_APPLICABLE, 3), (S.PAUSED, 3), (S.CANCELLED, 1))
REPORTED_STATES = (S.IN_PROGRESS, S.SUBMITTED, S.REDO, S.COMPLETED)
UPDATES = 5
# 10 % of all; only parts in REPORTED_STATES can have updates.
UPDATED = 0.113
COORDINATING, EXTENDED, ASKS_FOR_TIME, NUDGED, ON_TIME = 0.01, 0.04, 0.02, 0.20, 0.85
EXTENSION_DAYS = 14
# Up to so many periods a document its units report on what there is to tell, and in no other.
USUAL_PERIODS = 3
# Whoever plans notices looks back ten days at most; what is older counts as told.
TOLD_BEFORE = 16
READ = 0.8

# One section to be written: the assignment's number in the list, rounds, whether it is the last of the assignment.
Sections = dict[tuple[int, int], list[tuple["Part", int, bool]]]


@dataclass(slots=True)
class Part:
    """One assignment while it is being written."""

    pk: int
    task: TaskPlan
    unit: int  # place in Cast.units
    state: S
    delivery: int
    completed_on: date | None
    moves: list[tuple[str, str, int | None, datetime, str]]


def _pick(random: Random, shares: tuple[tuple[S, int], ...]) -> S:
    """One state, as often as its share says (they add up to 100)."""
    at_ = random.random() * 100
    for state, share in shares:
        at_ -= share
        if at_ < 0:
            return state
    return shares[0][0]


def rounds_of_periods(periods: int) -> list[int]:
    """How many of the five updates fall into each period: the later ones first, as even as they can be."""
    counts = [0] * periods
    for step in range(UPDATES):
        counts[(periods - 1 - step) % periods] += 1
    return counts


REASONS = {
    S.PAUSED: "Chờ hướng dẫn của cấp trên",
    S.NOT_APPLICABLE: "Không phát sinh tại đơn vị",
    S.CANCELLED: "Giao trùng với việc khác",
    S.RETURNED_BY_UNIT: "Không thuộc chức năng của đơn vị",
}


class Work:
    """Writes the work of one document after the other.

    Args:
        reports: how many reports of units there may be altogether; each document's units use them up in turn.
    """

    def __init__(self, tables: list[Rows], cast: Cast, *, today: date, reports: int) -> None:
        self.cast, self.today, self.reports_left = cast, today, reports
        self.officer = cast.officers[0] if cast.officers else None
        self.decider = self.officer or (cast.reporter(cast.units[0]) if cast.reporters else None)
        self.rows = WorkTables(tables)
        self._home = reverse("tasks:unit_home")
        # Like reverse(), without its work for each row.
        self._detail = reverse("tasks:assignment_detail", args=[0]).replace("/0/", "/{}/")

    def write(self, plan: DirectivePlan, *, random: Random) -> None:
        """All parts of one document, then the reports of its units."""
        given: dict[int, int] = defaultdict(int)
        for task in plan.tasks:
            for unit in task.units:
                given[unit] += 1
        periods = {unit: self._take_reports(plan) for unit in sorted(given)}
        sections: Sections = defaultdict(list)
        reported: dict[int, list[tuple[Part, int]]] = defaultdict(list)
        for task in plan.tasks:
            for place, unit in enumerate(task.units):
                leads = place == 0
                reported[unit].append(self._part(plan, task, unit, periods[unit], sections, leads=leads, random=random))
        self._fill(plan, periods, sections, reported)
        for (unit, period), found in sorted(sections.items(), key=lambda item: item[0]):
            self._report(plan, unit, plan.periods[period], found, random)
        for unit, count in given.items():
            self._tell_issued(plan, self.cast.units[unit], count)

    def _fill(
        self,
        plan: DirectivePlan,
        periods: dict[int, int],
        sections: Sections,
        reported: dict[int, list[tuple[Part, int]]],
    ) -> None:
        """Where more than the usual periods were asked for: the unit reports in each of them, on one part in turn that was
        being worked on then.

        Args:
            reported: unit → its parts, each with the last period in which it is reported.
        """
        if len(plan.periods) <= USUAL_PERIODS:
            return
        for unit, count in periods.items():
            for period in range(count):
                if (unit, period) in sections:
                    continue
                fit = [part for part, last in reported[unit] if part.state in REPORTED_STATES and last > period]
                fit = fit or [part for part, last in reported[unit] if part.state == S.IN_PROGRESS and last < 0]
                if fit:
                    sections[unit, period].append((fit[period % len(fit)], 1, False))

    def _take_reports(self, plan: DirectivePlan) -> int:
        """How many periods a unit reports on this document: all, while there are reports left."""
        taken = min(len(plan.periods), self.reports_left)
        self.reports_left -= taken
        return taken

    # --- one part ---------------------------------------------------------------------------------------------------

    def _part(self, plan, task: TaskPlan, unit: int, periods: int, sections: Sections, *, leads: bool, random: Random):
        """One part with its product, its history and whom it was told; what was reported is noted in `sections`.

        Returns: the part and the last period in which it is reported, -1 for none."""
        reporter = self.cast.reporter(self.cast.units[unit])
        coordinating = not leads and random.random() < COORDINATING
        extended = task.due is not None and random.random() < EXTENDED
        due = task.due + timedelta(days=EXTENSION_DAYS) if task.due and extended else task.due
        state = self._state(due is not None and due < self.today, self.cast.units[unit], periods, random)
        acknowledged_on = self._acknowledged_on(plan, task, unit, state)
        times, last = self._times(plan, unit, due, state, periods, random)
        days = self._rest_days(plan, unit, due, state, times, last, random)
        reason = (
            words.RETURN_REASONS[task.pk % len(words.RETURN_REASONS)] if state == S.REDO else REASONS.get(state, "")
        )
        pk = self._add_assignment(plan, task, unit, state, due, acknowledged_on, days, reason, coordinating, extended)
        part = Part(pk, task, unit, state, self._add_delivery(pk, task, unit, state, due, days[1]), days[1], [])
        self._begin(part, plan, acknowledged_on, reporter, reason)
        for period, rounds in times:
            sections[unit, period].append((part, rounds, period == last))
        if not times:
            self._end_without_report(part, days[1], reporter, reason)
        self._what_came(part, plan, due, coordinating=coordinating, extended=extended, random=random)
        return part, last if times else -1

    def _acknowledged_on(self, plan, task: TaskPlan, unit: int, state: S) -> date | None:
        """The day the unit took note of it; None where it did not."""
        if state in (S.ASSIGNED, S.RETURNED_BY_UNIT):
            return None
        return plan.issued_on + timedelta(days=1 + (unit + task.pk) % 4)

    def _add_assignment(
        self,
        plan: DirectivePlan,
        task: TaskPlan,
        unit: int,
        state: S,
        due: date | None,
        acknowledged_on: date | None,
        days: tuple[date | None, date | None],
        reason: str,
        coordinating: bool,
        extended: bool,
    ) -> int:
        """The row of the part; `days`: when it was sent, when it was done."""
        row, (submitted_on, completed_on) = self.cast.units[unit], days
        return self.rows.assignments.add(
            *(plan.pk, task.pk, row.pk),
            AssignmentRole.COORDINATING.value if coordinating else AssignmentRole.LEAD.value,
            *(state.value, S.IN_PROGRESS.value if state == S.PAUSED else "", reason, task.due, due),
            2 if extended else 1,
            DueSource.EXTENDED.value if extended else DueSource.TEXT.value,
            *(plan.issued_on, acknowledged_on, self.cast.reporter(row) if acknowledged_on else None),
            *(submitted_on, completed_on, at(submitted_on or acknowledged_on or plan.issued_on, 10)),
        )

    def _add_delivery(
        self, pk: int, task: TaskPlan, unit: int, state: S, due: date | None, completed_on: date | None
    ) -> int:
        """The row of its product, with the paper's identity once it was delivered."""
        done = state == S.COMPLETED and completed_on is not None
        number = str(10 + pk % 190) if done and task.has_paper else ""
        symbol, signer = (f"KH/{self.cast.units[unit].kind[:2].upper()}", "Thủ trưởng đơn vị") if number else ("", "")
        return self.rows.deliveries.add(
            *(pk, task.product, due, number, symbol, completed_on if number else None, signer),
            *(completed_on, completed_on),
        )

    def _what_came(
        self, part: Part, plan, due: date | None, *, coordinating: bool, extended: bool, random: Random
    ) -> None:
        """More time, asked for or given; nudges; reminders."""
        row, state = self.cast.units[part.unit], part.state
        reporter, past = self.cast.reporter(row), due is not None and due < self.today
        if extended and part.task.due and due:
            self._extended(part, plan, part.task.due, due, reporter)
        elif state == S.IN_PROGRESS and due and random.random() < ASKS_FOR_TIME:
            self._ask_for_time(part.pk, due, reporter)
        if past and state in (S.IN_PROGRESS, S.REDO) and self.officer and random.random() < NUDGED:
            self._nudge(part, row, 1 + part.pk % 9)
        told = due is not None and due < self.today - timedelta(days=TOLD_BEFORE)
        if due and told and part.task.is_counted and not coordinating:
            self._tell_due(part, row, due, 2 if extended else 1, random)

    def _rest_days(
        self, plan: DirectivePlan, unit: int, due: date | None, state: S, times, last: int, random: Random
    ) -> tuple[date | None, date | None]:
        """When the part was sent and when it was done, as far as its state has these days."""
        if state == S.COMPLETED:
            done = self._sent_on(plan.periods[last], unit) if times else self._day_without_report(plan, due, random)
            return done, done
        return (self._sent_on(plan.periods[last], unit) if state in (S.SUBMITTED, S.REDO) else None), None

    def _ask_for_time(self, pk: int, due: date, reporter: int) -> None:
        """A request that waits for its answer since yesterday."""
        self.rows.extensions.add(
            *(pk, due, max(due, self.today) + timedelta(days=EXTENSION_DAYS)),
            words.EXTENSION_REASONS[pk % 2],
            *(reporter, at(self.today - timedelta(days=1), 15), ExtensionState.PENDING.value, None, None, None),
        )

    def _state(self, past: bool, unit: Unit, periods: int, random: Random) -> S:
        """In which state the part is."""
        if random.random() < (OPEN_OF_PAST if past else OPEN_OF_COMING):
            state = _pick(random, STATES_OF_PAST if past else STATES_OF_COMING)
            if state == S.AWAITING_UNIT_HEAD and not unit.needs_head_approval:
                return S.IN_PROGRESS
            # What was sent stands in a report.
            return S.IN_PROGRESS if state in (S.SUBMITTED, S.REDO) and not periods else state
        return _pick(random, STATES_AT_REST)

    def _times(self, plan, unit: int, due: date | None, state: S, periods: int, random: Random):
        """In which periods the part was reported, how often in each, and the last of them."""
        if not periods or state not in REPORTED_STATES:
            return [], -1
        last = periods - 1
        if random.random() < UPDATED:
            return [(period, count) for period, count in enumerate(rounds_of_periods(periods)) if count], last
        if state == S.IN_PROGRESS:
            return [], -1
        if state == S.COMPLETED:
            in_time = [p for p in range(periods) if due is None or self._sent_on(plan.periods[p], unit) <= due]
            if in_time and random.random() < ON_TIME:
                last = in_time[-1]
        return [(last, 1)], last

    @staticmethod
    def _sent_on(period: PeriodPlan, unit: int) -> date:
        """The day on which the unit's report of the period was complete."""
        return period.cutoff - timedelta(days=unit % 4)

    def _day_without_report(self, plan, due: date | None, random: Random) -> date:
        """A day on which work without a report of its own was completed: mostly in time."""
        latest = self.today - timedelta(days=1)
        if due is not None and due < latest and random.random() < ON_TIME:
            latest = due
        first = plan.issued_on + timedelta(days=5)
        return max(first, latest - timedelta(days=random.randint(0, 20)))

    # --- its history ------------------------------------------------------------------------------------------------

    def _begin(self, part: Part, plan, acknowledged_on: date | None, reporter: int, reason: str) -> None:
        self.rows.moves.add(part.pk, "", S.ASSIGNED.value, self.officer, at(plan.issued_on, 8), "")
        if acknowledged_on:
            moment = at(acknowledged_on, 9)
            self.rows.moves.add(part.pk, S.ASSIGNED.value, S.IN_PROGRESS.value, reporter, moment, "Đã tiếp nhận")
        elif part.state == S.RETURNED_BY_UNIT:
            moment = at(self.today - timedelta(days=1), 14)
            self.rows.moves.add(part.pk, S.ASSIGNED.value, S.RETURNED_BY_UNIT.value, reporter, moment, reason)

    def _end_without_report(self, part: Part, completed_on: date | None, reporter: int, reason: str) -> None:
        """The last moves of a part that no report tells of."""
        doing, moment = S.IN_PROGRESS.value, at(self.today - timedelta(days=5), 9)
        if part.state == S.COMPLETED and completed_on:
            moment = at(completed_on, 15)
            self.rows.moves.add(part.pk, doing, S.SUBMITTED.value, reporter, moment, "Đề nghị xác nhận hoàn thành")
            self.rows.moves.add(
                part.pk, S.SUBMITTED.value, S.COMPLETED.value, self.officer, at(completed_on, 16), "Xác nhận hoàn thành"
            )
        elif part.state == S.AWAITING_UNIT_HEAD:
            self.rows.moves.add(part.pk, doing, part.state.value, reporter, moment, "Chờ lãnh đạo đơn vị duyệt")
        elif part.state in (S.PAUSED, S.NOT_APPLICABLE, S.CANCELLED):
            self.rows.moves.add(part.pk, doing, part.state.value, self.officer, moment, reason)

    def _extended(self, part: Part, plan, old: date, new: date, reporter: int) -> None:
        asked = max(plan.issued_on, min(old, self.today) - timedelta(days=6))
        reason = words.EXTENSION_REASONS[part.pk % 2]
        self.rows.extensions.add(
            *(part.pk, old, new, reason, reporter, at(asked, 9), ExtensionState.APPROVED.value),
            *(new, self.officer, at(asked, 16)),
        )
        self.rows.due_changes.add(part.pk, old, new, reason, self.officer, at(asked, 16))

    def _nudge(self, part: Part, unit: Unit, days_ago: int) -> None:
        moment = at(self.today - timedelta(days=days_ago), 10)
        message = words.NUDGES[part.pk % len(words.NUDGES)]
        self.rows.nudges.add(part.pk, self.officer, moment, message)
        self._tell(
            f"nudge:{part.pk}:{self.rows.nudges.last_pk}",
            "nudge",
            unit,
            f"Đôn đốc việc số {part.pk}",
            moment,
            target=(ASSIGNMENT, part.pk),
            detail=message,
            url=self._detail.format(part.pk),
        )

    # --- whom it was told -------------------------------------------------------------------------------------------

    def _tell_issued(self, plan, unit: Unit, count: int) -> None:
        self._tell(
            f"issued:{plan.pk}:{unit.pk}",
            "issued",
            unit,
            f"Giao việc: {plan.short_title} – {count} việc",
            at(plan.issued_on, 8),
            target=(DIRECTIVE, plan.pk),
            url=f"{self._home}?don-vi={unit.pk}",
        )

    def _tell_due(self, part: Part, unit: Unit, due: date, version: int, random: Random) -> None:
        self._tell(
            f"due-3:{part.pk}:{version}",
            "due-3",
            unit,
            f"Việc số {part.pk}: hạn {vn_date(due)}",
            at(due - timedelta(days=5), 7, 30),
            target=(ASSIGNMENT, part.pk),
            version=version,
            url=self._detail.format(part.pk),
            unread=random.random() > READ,
        )

    def _tell(
        self, key, kind, unit: Unit, title, moment, *, target, detail="", url="", version=0, unread=False
    ) -> None:
        """One notice to the first reporter of the unit, told at that moment."""
        reporters = self.cast.reporters.get(unit.pk)
        if not reporters:
            return
        self.rows.notices.add(
            *(f"{key}:{reporters[0]}", kind, reporters[0], unit.pk, key, *target, version, title[:250], detail, url),
            *(moment, moment, moment, None if unread else moment + timedelta(hours=3)),
        )

    # --- reports ----------------------------------------------------------------------------------------------------

    def _report(self, plan, unit: int, period: PeriodPlan, found: list[tuple[Part, int, bool]], random: Random) -> None:
        """One unit's report of one period with its sections."""
        row, reporter = self.cast.units[unit], self.cast.reporter(self.cast.units[unit])
        sent = at(self._sent_on(period, unit), 9 + unit % 7, unit % 60)
        ends = [_section_end(part, is_last) for part, _, is_last in found]
        if SectionState.SUBMITTED in ends:
            state = ReportState.SUBMITTED
        else:
            state = ReportState.RETURNED if SectionState.RETURNED in ends else ReportState.DECIDED
        opened = sent - timedelta(days=5)
        pk = self.rows.reports.add(
            *(plan.pk, row.pk, period.pk, state.value, 2, "Đơn vị triển khai đúng yêu cầu." if unit % 3 else ""),
            *(reporter, opened, reporter, sent, reporter, sent),
        )
        for (part, rounds, is_last), end in zip(found, ends, strict=True):
            self._section(pk, part, rounds, is_last, end, sent, reporter, random)

    def _section(
        self, report, part: Part, rounds: int, is_last: bool, end, sent: datetime, reporter: int, random: Random
    ):
        claims = is_last and part.state in (S.COMPLETED, S.SUBMITTED, S.REDO)
        task = part.task
        results, difficulties = random.choice(words.RESULTS), random.choice(words.DIFFICULTIES)
        values = {task.indicator_code: 1 + part.pk % 40} if task.indicator else {}
        section = self.rows.sections.add(report, part.pk, end.value, rounds + 1, results, difficulties, claims, values)
        products = []
        if task.has_paper:
            number, day = (str(10 + part.pk % 190), sent.date()) if claims else ("", None)
            symbol, signer = ("KH/ĐV", "Thủ trưởng đơn vị") if claims else ("", "")
            self.rows.section_products.add(section, part.delivery, number, symbol, day, signer)
            if claims:
                products = [
                    {
                        "delivery": part.delivery,
                        "name": task.product_name,
                        "number": number,
                        "symbol": symbol,
                        "paper_date": day.isoformat() if day else None,
                        "signer": signer,
                        "file": None,
                        "file_name": "",
                    }
                ]
        content = {
            "results": results,
            "difficulties": difficulties,
            "proposals": "",
            "expected_on": None,
            "no_change": False,
            "claims_completion": claims,
            "reported_outside_on": None,
            "indicators": values,
            "products": products,
        }
        for number_ in range(1, rounds + 1):
            self._round(section, part, number_, rounds, claims, end, content, sent, reporter)

    def _round(self, section, part: Part, number, rounds, claims, end, content, sent: datetime, reporter: int) -> None:
        moment = sent - timedelta(days=(rounds - number) * 2)
        is_newest = number == rounds
        if is_newest and end == SectionState.SUBMITTED:
            decision, decided = RoundDecision.PENDING, None
        elif is_newest and end == SectionState.ACCEPTED:
            decision, decided = RoundDecision.ACCEPTED, moment + timedelta(days=1)
        else:
            decision, decided = RoundDecision.RETURNED, moment + timedelta(days=1)
        reason = words.RETURN_REASONS[part.pk % len(words.RETURN_REASONS)] if decision == RoundDecision.RETURNED else ""
        pk = self.rows.rounds.add(
            *(section, number, reporter, moment, moment.date(), content, decision.value, reason),
            *(["results"] if reason else [], self.decider if decided else None, decided),
        )
        if part.task.indicator:
            self.rows.values.add(pk, part.task.indicator, content["indicators"][part.task.indicator_code])
        if not claims:
            return
        before = S.IN_PROGRESS if number == 1 else S.REDO
        note = "Đề nghị xác nhận hoàn thành"
        self.rows.moves.add(part.pk, before.value, S.SUBMITTED.value, reporter, moment, note)
        if decision == RoundDecision.ACCEPTED:
            self.rows.moves.add(
                part.pk, S.SUBMITTED.value, S.COMPLETED.value, self.decider, decided, "Xác nhận hoàn thành"
            )
        elif decision == RoundDecision.RETURNED:
            self.rows.moves.add(part.pk, S.SUBMITTED.value, S.REDO.value, self.decider, decided, reason)


def _section_end(part: Part, is_last: bool) -> SectionState:
    """How a section stands: only the last one of a part can be open."""
    if is_last and part.state == S.SUBMITTED:
        return SectionState.SUBMITTED
    return SectionState.RETURNED if is_last and part.state == S.REDO else SectionState.ACCEPTED
