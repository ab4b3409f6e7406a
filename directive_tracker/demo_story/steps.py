"""What can happen in the story: each function is one act of one person, done by the services the pages call.

All take (cast, now, …). What cannot be done because a visitor was quicker raises Refused; the player goes on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from directive_tracker.demo_story import reports
from directive_tracker.demo_story.cast import DISTRICTS, Cast
from directive_tracker.demo_story.reports import Told
from notifications.models import Notice
from tasks import extensions, issuing, lifecycle, reporting, reviewing
from tasks.asking import service as asking
from tasks.chasing.notes import explain_delay, note_call
from tasks.drafts import opening
from tasks.enums import AssignmentRole, AssignmentState, ReportState, SectionState
from tasks.errors import Refused
from tasks.indicators.deciding import leave_out
from tasks.models import ExtensionRequest, IndicatorValue, ProgressReport, UnitReport


@dataclass(frozen=True)
class Step:
    """One act on its day."""

    day: date
    hour: int
    minute: int
    do: Callable[[Cast, datetime], None]


def read_notices(cast: Cast, now: datetime, username: str) -> None:
    """Somebody goes through the notices."""
    Notice.objects.visible_to(cast.users[username]).unread(now=now).mark_read(now=now)


# --- the units ------------------------------------------------------------------------------------


def acknowledge(cast: Cast, now: datetime, unit: str, *, only: Iterable[str] = (), but: Iterable[str] = ()) -> None:
    """The unit takes note of its new work: of all of it, of some, or of all but some."""
    read_notices(cast, now, cast.reporter(unit).username)
    for assignment in cast.assignments(unit).filter(state=AssignmentState.ASSIGNED):
        code = assignment.task.code
        if code not in but and (not only or code in only):
            lifecycle.acknowledge(assignment, by=cast.reporter(unit), now=now)


def give_back(cast: Cast, now: datetime, unit: str, code: str, reason: str) -> None:
    """The unit says that the work is not its own."""
    asking.say_not_ours(cast.assignment(unit, code), by=cast.reporter(unit), now=now, reason=reason)


def fix_coordinating(cast: Cast, now: datetime, code: str) -> None:
    """The Front says whom "các địa phương, đơn vị liên quan" means: the ten districts."""
    task = cast.task(code)
    for district in DISTRICTS:
        issuing.add_assignment(
            task, cast.units[district], AssignmentRole.COORDINATING, by=cast.reporter("mttq"), now=now
        )


def send_report(cast: Cast, now: datetime, unit: str, told: tuple[Told, ...]) -> None:
    """The unit's focal point opens the report, fills it in and sends it."""
    by = cast.reporter(unit)
    read_notices(cast, now, by.username)
    report = opening.open_report(cast.units[unit], cast.directive, by=by, now=now)
    reports.fill_in(cast, report, told, now=now)
    reporting.submit(report, by=by, now=now)


def keep_draft(cast: Cast, now: datetime, unit: str, told: tuple[Told, ...]) -> None:
    """The unit's focal point begins a report and leaves it for tomorrow."""
    report = opening.open_report(cast.units[unit], cast.directive, by=cast.reporter(unit), now=now)
    reports.fill_in(cast, report, told, now=now)


def correct(cast: Cast, now: datetime, unit: str, told: Told) -> None:
    """The unit mends what came back and sends it again."""
    section = (
        ProgressReport.objects.filter(
            unit_report__unit=cast.units[unit],
            unit_report__directive=cast.directive,
            unit_report__state=ReportState.RETURNED,
            assignment__task__code=told.code,
            state=SectionState.RETURNED,
        )
        .select_related("unit_report__unit", "unit_report__directive")
        .first()
    )
    if section is None:
        raise Refused("Không còn mục nào phải sửa.")
    read_notices(cast, now, cast.reporter(unit).username)
    reports.fill_in(cast, section.unit_report, (told,), now=now)
    reporting.submit(section.unit_report, by=cast.reporter(unit), now=now)


def approve(cast: Cast, now: datetime, unit: str) -> None:
    """The unit's head lets the report go."""
    read_notices(cast, now, cast.head(unit).username)
    waiting = UnitReport.objects.filter(
        unit=cast.units[unit], directive=cast.directive, state=ReportState.AWAITING_UNIT_HEAD
    )
    for report in waiting.select_related("unit", "directive"):
        reporting.approve_by_head(report, by=cast.head(unit), now=now)


def ask_for_time(cast: Cast, now: datetime, unit: str, code: str, new_due: date, reason: str) -> None:
    """The unit asks for a later day."""
    extensions.request_extension(
        cast.assignment(unit, code), by=cast.reporter(unit), now=now, new_due=new_due, reason=reason
    )


def let_ask(cast: Cast, now: datetime, unit: str, code: str, until: date, reason: str) -> None:
    """The office lets a unit ask for a later day although its day is over."""
    extensions.permit_extension(cast.assignment(unit, code), by=cast.office, now=now, reason=reason, until=until)


# --- who looks at reports --------------------------------------------------------------------------


def _waiting(cast: Cast, role: AssignmentRole, **which):
    """Sent sections nobody has decided, with what accepting one looks at."""
    rows = ProgressReport.objects.filter(
        unit_report__directive=cast.directive, state=SectionState.SUBMITTED, assignment__role=role, **which
    )
    return rows.select_related("unit_report", "assignment__task", "assignment__unit", "assignment__directive").order_by(
        "pk"
    )


def accept(cast: Cast, now: datetime, unit: str, *, but: Iterable[str] = ()) -> None:
    """The office accepts what the unit reported on its own work, but for some sections."""
    for section in _waiting(cast, AssignmentRole.LEAD, unit_report__unit=cast.units[unit]):
        if section.assignment.task.code not in but:
            reviewing.accept_section(section, by=cast.office, now=now)


def accept_contributions(cast: Cast, now: datetime, lead: str, codes: tuple[str, ...]) -> None:
    """The lead accepts what others contributed to its work."""
    for section in _waiting(cast, AssignmentRole.COORDINATING, assignment__task__code__in=codes):
        reviewing.accept_section(section, by=cast.reporter(lead), now=now)


def send_back(cast: Cast, now: datetime, unit: str, code: str, reason: str, fields: tuple[str, ...]) -> None:
    """The office returns one section."""
    waiting = _waiting(cast, AssignmentRole.LEAD, unit_report__unit=cast.units[unit], assignment__task__code=code)
    section = waiting.first()
    if section is None:
        raise Refused("Không có mục nào chờ xem xét.")
    reviewing.return_section(section, by=cast.office, now=now, reason=reason, fields=fields)


# --- the office -----------------------------------------------------------------------------------


def nudge(cast: Cast, now: datetime, units: tuple[str, ...], code: str, message: str, by: str = "vanphong") -> None:
    """Somebody chases units about one task."""
    for unit in units:
        lifecycle.nudge(cast.assignment(unit, code), by=cast.users[by], now=now, message=message)


def call(cast: Cast, now: datetime, unit: str, code: str, spoke_with: str, said: str, until: date) -> None:
    """The office telephones and writes down what was promised."""
    note_call(
        cast.assignment(unit, code),
        by=cast.office,
        now=now,
        spoke_with=spoke_with,
        called_on=now.date(),
        said=said,
        promised_until=until,
    )


def delay(cast: Cast, now: datetime, unit: str, code: str, cause: str, reason: str, until: date) -> None:
    """The unit says why its work is late and when it will be done."""
    explain_delay(
        cast.assignment(unit, code), by=cast.reporter(unit), now=now, cause=cause, reason=reason, expected_on=until
    )


def keep(cast: Cast, now: datetime, unit: str, code: str, reason: str) -> None:
    """The office answers that the work stays with the unit."""
    lifecycle.keep(cast.assignment(unit, code), by=cast.office, now=now, reason=reason)


def pause(cast: Cast, now: datetime, unit: str, code: str, reason: str) -> None:
    """The office sets work aside for a while."""
    lifecycle.pause(cast.assignment(unit, code), by=cast.office, now=now, reason=reason)


def resume(cast: Cast, now: datetime, unit: str, code: str) -> None:
    """The office takes it up again."""
    lifecycle.resume(cast.assignment(unit, code), by=cast.office, now=now)


def grant_time(cast: Cast, now: datetime, unit: str, code: str, reason: str) -> None:
    """The office agrees to the later day the unit asked for."""
    pending = ExtensionRequest.objects.pending().filter(assignment=cast.assignment(unit, code))
    request = pending.select_related("assignment__task", "assignment__unit", "assignment__directive").first()
    if request is None:
        raise Refused("Không có đề nghị gia hạn nào chờ quyết định.")
    extensions.decide_extension(request, by=cast.office, now=now, approve=True, reason=reason)


def decide_condition(cast: Cast, now: datetime, code: str, reason: str) -> None:
    """The office writes down the Standing Committee's yes."""
    lifecycle.decide_condition(cast.task(code), applies=True, by=cast.office, now=now, reason=reason)


def leave_figure_out(cast: Cast, now: datetime, unit: str, code: str, indicator: str, reason: str) -> None:
    """The office takes the unit's newest accepted figure out of the sums."""
    row = (
        IndicatorValue.objects.totals()
        .speaking()
        .filter(round__section__assignment=cast.assignment(unit, code), indicator__code=indicator)
        .order_by("-pk")
        .first()
    )
    if row is None:
        raise Refused(f"{unit} has reported no {indicator}")
    leave_out(row, by=cast.users["vanphong"], now=now, reason=reason)
