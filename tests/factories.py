"""Small rows for tests: plain functions with keyword defaults; what a test is about it says itself.

Nothing here goes through the services of the rooms: a test of a service builds what it needs and calls the service.
"""

from datetime import date, datetime, time
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from tasks.enums import AssignmentRole, AssignmentState, ConditionState, DirectiveState
from tasks.models import Assignment, Clause, Directive, DirectiveTask, DirectiveText, Product
from units.models import Area, AreaLevel, Membership, Role, Unit, UnitKind

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ISSUED_ON = date(2024, 2, 15)
_number = count(1)


def at(day: date | str, clock_time: str = "08:00") -> datetime:
    """at("2024-04-15", "16:59") → that moment in Việt Nam."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(day, time.fromisoformat(clock_time), tzinfo=ZONE)


def make_area(name: str = "Huyện Đắk Hà", *, level: str = AreaLevel.DISTRICT, **values: Any) -> Area:
    """One area; the code is a running number unless given."""
    values.setdefault("code", f"{next(_number):05}")
    return Area.objects.create(name=name, level=level, **values)


def make_unit(name: str = "Huyện ủy Đắk Hà", **values: Any) -> Unit:
    """One unit; short_name is the name, code a running one unless given."""
    values.setdefault("short_name", name[:60])
    values.setdefault("code", f"don-vi-{next(_number)}")
    values.setdefault("kind", UnitKind.PARTY_COMMITTEE)
    values.setdefault("sort_order", next(_number))
    return Unit.objects.create(name=name, **values)


def make_office(**values: Any) -> Unit:
    """The office that watches directives; the same row when called again."""
    found = Unit.objects.filter(code="vptu").first()
    return found or make_unit(
        "Văn phòng Tỉnh ủy", code="vptu", kind=UnitKind.OFFICE, short_name="Văn phòng", sort_order=0, **values
    )


def make_user(username: str = "", **values: Any) -> User:
    """One active person with a mail address and the password "mat-khau-thu"."""
    username = username or f"nguoi{next(_number)}"
    values.setdefault("full_name", f"Nguyễn Văn {username.title()}")
    values.setdefault("email", f"{username}@example.vn")
    password = values.pop("password", "mat-khau-thu")
    user = User(username=username, **values)
    user.set_password(password)
    user.save()
    return user


def make_membership(
    user: User | None = None, unit: Unit | None = None, role: str = Role.REPORTER, **values: Any
) -> Membership:
    """One role of one person, in force for ever; a registrar takes `area=` instead of a unit."""
    user = user or make_user()
    if role != Role.REGISTRAR and unit is None:
        unit = make_office() if role == Role.OFFICE else make_unit()
    return Membership.objects.create(user=user, unit=unit, role=role, **values)


def make_reporter(unit: Unit, username: str = "", **values: Any) -> User:
    """A new person who is reporter of the unit; `values` go to the user."""
    user = make_user(username, **values)
    make_membership(user, unit, Role.REPORTER)
    return user


def make_office_user(username: str = "vanphong", **values: Any) -> User:
    """A new person of the office."""
    user = make_user(username, **values)
    make_membership(user, make_office(), Role.OFFICE)
    return user


def make_directive(*, state: str = DirectiveState.ISSUED, **values: Any) -> Directive:
    """One directive of 15/02/2024 with an event on 07/5/2024, issued unless told otherwise."""
    values.setdefault("issuer", "Tỉnh ủy Kon Tum")
    values.setdefault("title", "Chỉ đạo tổ chức hoạt động kỷ niệm 70 năm Chiến thắng Điện Biên Phủ")
    values.setdefault("short_title", "70 năm Điện Biên Phủ")
    values.setdefault("event_name", "Kỷ niệm 70 năm Chiến thắng Điện Biên Phủ")
    values.setdefault("event_date", date(2024, 5, 7))
    values.setdefault("recorded_at", at(ISSUED_ON))
    if "office" not in values:
        values["office"] = make_office()
    if state != DirectiveState.DRAFT:
        values.setdefault("issued_on", ISSUED_ON)
    if state == DirectiveState.CLOSED:
        values.setdefault("closed_on", date(2024, 5, 20))
    return Directive.objects.create(state=state, **values)


def make_text(directive: Directive, body: str = "1. Nội dung chỉ đạo.", **values: Any) -> DirectiveText:
    """The text of a directive, version 1 unless told otherwise."""
    values.setdefault("source_sha256", f"{next(_number):064x}")
    values.setdefault("created_at", at(ISSUED_ON))
    return DirectiveText.objects.create(directive=directive, body=body, **values)


def make_clause(directive: Directive, code: str = "", **values: Any) -> Clause:
    """A clause of the directive's current text, which is made where there is none."""
    text = directive.current_text or make_text(directive)
    number = next(_number)
    values.setdefault("order", number)
    values.setdefault("start", 0)
    values.setdefault("end", len(text.body))
    return Clause.objects.create(text=text, code=code or f"c{number}", **values)


def make_task(directive: Directive | None = None, code: str = "", **values: Any) -> DirectiveTask:
    """A required task without condition, reviewed by the directive's office.

    `condition_state=` other than "none" brings a condition text and, where decided, the moment.
    """
    directive = directive or make_directive()
    number = next(_number)
    if "clause" not in values:
        values["clause"] = make_clause(directive)
    values.setdefault("order", number)
    values.setdefault("title", f"Tuyên truyền về Chiến thắng Điện Biên Phủ ({code or number})")
    values.setdefault("short_title", "Tuyên truyền")
    values.setdefault("reviewing_unit", directive.office)
    state = values.get("condition_state", ConditionState.NONE)
    if state != ConditionState.NONE:
        values.setdefault("condition_text", "nếu có điểm cầu tại tỉnh")
    if state in (ConditionState.APPLIES, ConditionState.NOT_APPLIES):
        values.setdefault("condition_decided_at", at(ISSUED_ON))
    return DirectiveTask.objects.create(directive=directive, code=code or f"t{number}", **values)


def make_product(task: DirectiveTask, **values: Any) -> Product:
    """A required product without a due rule of its own."""
    number = next(_number)
    values.setdefault("order", number)
    values.setdefault("kind", "deployment")
    values.setdefault("name", "Văn bản triển khai")
    return Product.objects.create(task=task, **values)


def make_assignment(
    task: DirectiveTask | None = None,
    unit: Unit | None = None,
    *,
    due: date | None = date(2024, 4, 19),
    state: str = AssignmentState.ASSIGNED,
    role: str = AssignmentRole.LEAD,
    **values: Any,
) -> Assignment:
    """A unit's part of a task, due on 19/4/2024, with the days its state asks for."""
    task = task or make_task()
    values.setdefault("directive", task.directive)
    values.setdefault("due_original", due)
    values.setdefault("assigned_on", ISSUED_ON)
    values.setdefault("updated_at", at(ISSUED_ON))
    if state == AssignmentState.SUBMITTED:
        values.setdefault("submitted_on", date(2024, 4, 10))
    if state == AssignmentState.COMPLETED:
        values.setdefault("completed_on", date(2024, 4, 10))
    if state == AssignmentState.PAUSED:
        values.setdefault("paused_from", AssignmentState.IN_PROGRESS)
    if role == AssignmentRole.PART:
        values.setdefault("depth", values["parent"].depth + 1)
    return Assignment.objects.create(
        task=task, unit=unit or make_unit(), state=state, role=role, due_current=due, **values
    )
