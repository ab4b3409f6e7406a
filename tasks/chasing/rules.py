"""Which work is late in a unit's hands, whom a person may chase about it, and when it is too soon to chase again."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from directive_tracker.vietnamese import vn_date
from directive_tracker.workdays import WorkCalendar
from tasks.enums import AssignmentRole, AssignmentState, ConditionState, DirectiveState, Strength
from tasks.models import Assignment, DirectiveTask
from tasks.querysets import access_for
from units.access import Access

S = AssignmentState
# The unit can move it on; what was sent or given back waits for the office, what is paused for nobody.
IN_HANDS = (S.ASSIGNED, S.IN_PROGRESS, S.AWAITING_UNIT_HEAD, S.REDO)
# Who was chased in these last working days, or today, is left in peace.
QUIET_WORKING_DAYS = 2
# A day further off than this is a slip of the pen, not a plan.
FARTHEST = timedelta(days=366)

OWED = (
    Q(state__in=IN_HANDS, directive__state=DirectiveState.ISSUED)
    & ~Q(role=AssignmentRole.INFORMED)
    & ~Q(task__condition_state=ConditionState.UNDECIDED)
    & ~Q(task__strength=Strength.ENCOURAGED)
)


def late(assignments: QuerySet, *, today: date) -> QuerySet:
    """Of these, the work that is past its due day and in the unit's hands, coordinating work too."""
    return assignments.filter(OWED, due_current__lt=today)


def is_late(assignment: Assignment, *, today: date) -> bool:
    """The same of one assignment (task and directive loaded)."""
    return not why_not_owed(assignment) and assignment.due_current is not None and assignment.due_current < today


def why_not_owed(assignment: Assignment) -> str:
    """Why nobody waits for the unit, in words for a list of what is left out; "" where somebody does."""
    if not assignment.directive.is_issued:
        return "văn bản không còn theo dõi"
    if assignment.state not in IN_HANDS:
        return _WAITS.get(S(assignment.state)) or assignment.get_state_display().lower()
    if assignment.role == AssignmentRole.INFORMED:
        return "việc chỉ để biết"
    if assignment.task.condition_state == ConditionState.UNDECIDED:
        return "chờ quyết định điều kiện"
    if assignment.task.strength == Strength.ENCOURAGED:
        return "việc khuyến khích"
    return ""


_WAITS = {
    S.SUBMITTED: "đơn vị đã gửi, chờ xác nhận",
    S.RETURNED_BY_UNIT: "đơn vị trả lại, chờ Văn phòng trả lời",
    S.PAUSED: "đang tạm dừng",
    S.COMPLETED: "đã xong",
}


def quiet_since(today: date, calendar: WorkCalendar) -> date:
    """The first day on which chasing counts as "just now": two working days before today."""
    return calendar.add(today, -QUIET_WORKING_DAYS)


@dataclass(frozen=True)
class Chaser:
    """Whom one person may chase: the office everybody but the own units, monitors the tasks they monitor."""

    access: Access
    monitored_task_ids: frozenset[int]

    @property
    def may_chase_anybody(self) -> bool:
        return self.access.is_office or bool(self.monitored_task_ids)

    def why_not(self, assignment: Assignment) -> str:
        """Why this person may not, in words; "" where permissions.can_nudge says yes as to the person."""
        if assignment.unit_id in self.access.interested_unit_ids or (
            self.access.is_office and assignment.unit_id == assignment.directive.office_id
        ):
            return "việc của chính đơn vị anh/chị"
        if not self.access.is_office and assignment.task_id not in self.monitored_task_ids:
            return "không phải việc anh/chị theo dõi"
        return ""

    def narrow(self, assignments: QuerySet) -> QuerySet:
        """Of these, what the person may chase."""
        mine = assignments.exclude(unit__in=self.access.interested_unit_ids)
        if self.access.is_office:
            return mine.exclude(unit=F("directive__office"))
        return mine.filter(task__in=self.monitored_task_ids)


def chaser_of(user) -> Chaser:
    """Whom the user may chase (no statement for the office, one for a unit's people)."""
    access = access_for(user)
    units = access.reporter_unit_ids | access.head_unit_ids
    if access.is_office or not units:
        return Chaser(access, frozenset())
    watching = DirectiveTask.monitors.through.objects.filter(unit__in=units)
    return Chaser(access, frozenset(watching.values_list("directivetask_id", flat=True)))


def expected_day_error(day: date, *, today: date) -> str:
    """What is wrong with a day somebody expects or promises, as a sentence; "" where it will do."""
    if day < today:
        return f"Ngày {vn_date(day)} đã qua; hãy ghi một ngày từ hôm nay ({vn_date(today)}) trở đi."
    if day - today > FARTHEST:
        return f"Ngày {vn_date(day)} xa quá một năm; xin xem lại, hoặc xin gia hạn nếu việc cần lâu như vậy."
    return ""


def ways_of_telling(people: int, mails: int) -> str:
    """ "2 người, trong ứng dụng và bằng thư". Arguments: how many are told, and how many of them have an address."""
    if mails == people:
        return f"{people} người, trong ứng dụng và bằng thư"
    if mails:
        return f"{people} người trong ứng dụng, {mails} người có thư"
    return f"{people} người, chỉ trong ứng dụng (chưa có địa chỉ thư)"
