"""What the amendments of a document change for whom: worked out before it is issued, and once more when it is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from directive_tracker.vietnamese import vn_date
from tasks.duerules import task_due
from tasks.enums import AssignmentRole, AssignmentState
from tasks.models import Amendment, AmendmentKind, AmendmentUnit, Assignment, Directive, DirectiveTask, UnitChange
from tasks.permissions import is_own_work
from units.calendar import work_calendar
from units.models import Unit

ENDING = (AmendmentKind.ENDS, AmendmentKind.REPLACES)


@dataclass(frozen=True)
class Effect:
    """What one amendment does to one unit's part, or why it does nothing.

    assignment: the part there is, None where the unit is given one. what: in words, "" where nothing changes. why: why
    nothing changes. is_refused: this person may not decide it, so the document is to be issued by somebody else.
    """

    amendment: Amendment
    task: DirectiveTask
    unit: Unit
    assignment: Assignment | None
    what: str = ""
    why: str = ""
    due_now: date | None = None
    due_then: date | None = None
    role: str = ""
    is_refused: bool = False

    @property
    def is_end(self) -> bool:
        """It takes the part away."""
        return bool(self.what) and self.assignment is not None and self.due_then is None

    @property
    def state_word(self) -> str:
        """How the part stands now."""
        if self.assignment is None:
            return "chưa giao"
        return AssignmentState(self.assignment.state).label


class Outlook:
    """The parts as they would be after each amendment, one after the other in the order in which they were written."""

    def __init__(self, amendments: list[Amendment], *, by: Any, today: date):
        self.by, self.today = by, today
        tasks = {row.task_id for row in amendments if row.task_id}
        self.parts: dict[int, list[Assignment]] = defaultdict(list)
        rows = Assignment.objects.filter(task__in=tasks).select_related("unit", "task", "directive", "parent__unit")
        for row in rows.order_by("unit__sort_order", "depth", "pk"):
            self.parts[row.task_id].append(row)
        self.ended: dict[int, Amendment] = {}
        self.dues = {row.pk: row.due_current for rows in self.parts.values() for row in rows}
        self.task_dues = _task_dues([row.task for row in amendments if row.task], today=today)

    def of(self, amendment: Amendment) -> Iterable[Effect]:
        """The effects of the next amendment."""
        if amendment.task is None or amendment.kind == AmendmentKind.ADDS:
            return
        named = list(amendment.units.all())
        if amendment.kind == AmendmentKind.DUE:
            only = {row.unit_id for row in named}
            for part in self.parts[amendment.task_id]:
                if part.role != AssignmentRole.INFORMED and (not only or self._belongs(part, only)):
                    yield self._due(amendment, part)
            self._keep_task_due(amendment, only)
            return
        if amendment.kind in ENDING:
            for part in self.parts[amendment.task_id]:
                yield self._end(amendment, part)
            return
        for row in named:
            yield from self._unit(amendment, row)

    @staticmethod
    def _belongs(part: Assignment, units: set[int]) -> bool:
        """Whether the part is one of these units', or was handed on by one of them."""
        return part.unit_id in units or (part.parent is not None and part.parent.unit_id in units)

    def _unit(self, amendment: Amendment, row: AmendmentUnit) -> Iterable[Effect]:
        parts = self.parts[amendment.task_id]
        own = [part for part in parts if part.unit_id == row.unit_id and not part.is_part]
        if row.change == UnitChange.GIVE:
            yield self._give(amendment, row, own[0] if own else None)
            return
        taken: set[int] = set()
        for part in parts:
            if part in own or part.parent_id in taken:
                taken.add(part.pk)
                yield self._end(amendment, part)

    def _give(self, amendment: Amendment, row: AmendmentUnit, there: Assignment | None) -> Effect:
        task = amendment.task
        if there is not None:
            return Effect(amendment, task, row.unit, there, why="đơn vị đã được giao nhiệm vụ này")
        if row.role == AssignmentRole.LEAD and row.unit_id == task.reviewing_unit_id:
            why = "đơn vị xem xét kết quả của nhiệm vụ, không tự nhận việc ấy"
            return Effect(amendment, task, row.unit, None, why=why, is_refused=True)
        due = self.task_dues[task.pk]
        what = f"giao thêm, {AssignmentRole(row.role).label.lower()}"
        return Effect(amendment, task, row.unit, None, what=what, due_then=due, role=row.role)

    def _stays(self, amendment: Amendment, part: Assignment) -> Effect | None:
        """Why nothing changes for a part, whatever the kind of the amendment."""

        def same(why: str, *, is_refused: bool = False) -> Effect:
            due = self.dues[part.pk]
            return Effect(
                amendment, part.task, part.unit, part, why=why, due_now=due, due_then=due, is_refused=is_refused
            )

        if part.pk in self.ended:
            return same("không phải làm nữa theo dòng trên")
        if part.state == AssignmentState.COMPLETED:
            return same("đã xong, giữ nguyên")
        if not part.is_open and part.state != AssignmentState.PAUSED:
            return same("đã ra ngoài thống kê, giữ nguyên")
        if part.unit_id == part.directive.office_id:
            return same("việc của Văn phòng do Thường trực quyết định riêng")
        if self.by is not None and is_own_work(self.by, part):
            return same("việc của chính đơn vị bạn: để người khác giao văn bản này", is_refused=True)
        return None

    def _end(self, amendment: Amendment, part: Assignment) -> Effect:
        stays = self._stays(amendment, part)
        if stays is not None:
            return stays
        self.ended[part.pk] = amendment
        replaced = amendment.kind == AmendmentKind.REPLACES and amendment.new_task is not None
        what = f"không phải làm nữa, thay bằng {amendment.new_task.code}" if replaced else "không phải làm nữa"
        return Effect(amendment, part.task, part.unit, part, what=what, due_now=self.dues[part.pk])

    def _due(self, amendment: Amendment, part: Assignment) -> Effect:
        stays = self._stays(amendment, part)
        if stays is not None:
            return stays
        now, then, why = self.dues[part.pk], amendment.new_due, ""
        if now == then:
            why = "hạn đã là ngày này"
        elif part.is_part and now is not None and now <= then:
            why = "đơn vị giao lại đặt hạn, vẫn trong hạn mới"
        if why:
            return Effect(amendment, part.task, part.unit, part, why=why, due_now=now, due_then=now)
        self.dues[part.pk] = then
        what = f"hạn mới {vn_date(then)}"
        return Effect(amendment, part.task, part.unit, part, what=what, due_now=now, due_then=then)

    def _keep_task_due(self, amendment: Amendment, only: set[int]) -> None:
        if not only:
            self.task_dues[amendment.task_id] = amendment.new_due


def _task_dues(tasks: list[DirectiveTask], *, today: date) -> dict[int, date | None]:
    """The day on which a unit that is given the task now would owe it; by the task's rules or a document since."""
    by_id = {task.pk: task for task in tasks}
    calendar, amended = work_calendar(), Amendment.objects.days_of(by_id)
    found: dict[int, date | None] = {}
    for pk, task in by_id.items():
        due, _ = task_due(list(task.products.all()), task.directive, calendar, received=today)
        found[pk] = amended.get(pk, due)
    return found


def amendments_of(document: Directive) -> list[Amendment]:
    """The document's amendments in the order in which they take effect, with all they name."""
    return list(
        document.amendments_made.select_related(
            "amended", "task__directive", "task__reviewing_unit", "new_task", "made_by"
        )
        .prefetch_related("units__unit", "task__products")
        .order_by("pk")
    )


def mark_of(amendments: list[Amendment]) -> str:
    """What tells these amendments from every other set of them."""
    return "-".join(str(amendment.pk) for amendment in amendments)


def effects_of(amendments: list[Amendment], *, by: Any, today: date) -> list[Effect]:
    """What the amendments of one document would change, row by row.

    Arguments: amendments, as `amendments_of` gives them; by, who would issue; today, the day of issue.
    """
    outlook = Outlook(amendments, by=by, today=today)
    return [effect for amendment in amendments for effect in outlook.of(amendment)]
