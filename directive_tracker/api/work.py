"""Documents, tasks, units and the works of units: read."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import Field

from directive_tracker import clock, vietnamese
from directive_tracker.api import shapes
from directive_tracker.api.cursors import BY_DUE, by_key, stretch
from directive_tracker.api.fields import Day, Key, Paging, Switch, Words
from directive_tracker.api.operations import read
from directive_tracker.api.problems import Problem
from tasks.digests.filters import DETAILS
from tasks.enums import DirectiveState, UnitWord
from tasks.forms.office import AssignmentFilterForm
from tasks.listing import all_chosen
from tasks.models import Assignment, AssignmentProduct, Directive, DirectiveTask
from tasks.timeliness import Timeliness, days_overdue, timeliness_of
from tasks.whole.kept import figures_day
from units.models import Scope, Unit
from units.tokens import Bearer

router = Router(tags=["Văn bản, nhiệm vụ, phần việc"])
DIRECTIVES, TASKS, UNITS = by_key("directives", newest=True), by_key("tasks"), by_key("units")
Detail = Enum("Detail", {name: name for name in DETAILS}, type=str)


class DirectiveFilter(Paging):
    q: Words = Field("", description="Từ cần tìm, không cần dấu.")
    state: DirectiveState | None = Field(None, description="Trạng thái.")


class TaskFilter(Paging):
    q: Words = Field("", description="Từ cần tìm, không cần dấu.")
    directive: Key | None = Field(None, description="Của văn bản này.")


class UnitFilter(Paging):
    q: Words = Field("", description="Từ cần tìm, không cần dấu.")
    on: Day | None = Field(None, description="Chỉ những đơn vị có trong ngày này.")


class AssignmentFilter(Paging):
    """As the list's page (tasks/forms/office.py), which reads them once more."""

    q: Words = Field("", description="Tìm trong việc và đơn vị, không cần dấu.")
    directive: Key | None = Field(None, description="Văn bản.")
    unit: Key | None = Field(None, description="Đơn vị.")
    task: Key | None = Field(None, description="Nhiệm vụ.")
    word: UnitWord | None = Field(None, description="Tình trạng, bằng từ đơn vị thấy.")
    timeliness: Timeliness | None = Field(None, description="Thời hạn.")
    role: Literal["lead", "coordinating", "part"] | None = Field(None, description="Vai trò.")
    detail: Detail | None = Field(None, description="Nhóm riêng, như trong báo cáo nhanh.")
    due: Day | None = Field(None, description="Hạn đúng ngày này.")
    due_from: Day | None = Field(None, description="Hạn từ ngày này.")
    followed: Switch = Field(False, description="Chỉ văn bản đang theo dõi.")
    reviewer: Key | None = Field(None, description="Đơn vị xem xét kết quả.")
    office: Key | None = Field(None, description="Văn phòng theo dõi.")
    clause: Key | None = Field(None, description="Điểm của văn bản.")
    group: Key | None = Field(None, description="Nhóm đơn vị.")


def _words(rows: Any, words: str) -> Any:
    for word in vietnamese.fold(words).split():
        rows = rows.filter(search_key__contains=word)
    return rows


# --- who asks -------------------------------------------------------------------------------------------------------------


@read(router, "/me", scope=None, answers=shapes.Me, summary="Mã này của ai, được làm gì, đến bao giờ")
def me(request: HttpRequest) -> dict[str, Any]:
    """Dùng để thử mã; mã nào cũng gọi được."""
    bearer: Bearer = request.auth
    token = bearer.token
    return {
        "name": token.name,
        "holder": str(token.holder),
        "unit": shapes.unit_ref(token.unit) if token.unit else None,
        "roles": sorted(bearer.access.roles & {"office", "reader", "reporter", "unit_head"}),
        "scopes": sorted(token.scopes),
        "expires_at": token.expires_at,
        "today": clock.today(),
    }


# --- documents and tasks ----------------------------------------------------------------------------------------------------


@read(router, "/directives", scope=Scope.READ, answers=shapes.DirectivePage, summary="Các văn bản chỉ đạo được xem")
def directives(request: HttpRequest, asked: Query[DirectiveFilter]) -> dict[str, Any]:
    """Mới nhất trước."""
    rows = _words(Directive.objects.visible_to(request.user).select_related("office"), asked.q)
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    return stretch(request, rows, DIRECTIVES, asked, lambda page: [shapes.directive(row) for row in page])


@read(
    router,
    "/directives/{int:directive_id}",
    scope=Scope.READ,
    answers=shapes.DirectiveWhole,
    summary="Một văn bản, với các điểm và kỳ báo cáo",
)
def directive(request: HttpRequest, directive_id: int) -> dict[str, Any]:
    """Các điểm theo lời văn hiện hành; kỳ báo cáo theo ngày chốt."""
    found = get_object_or_404(Directive.objects.visible_to(request.user).select_related("office"), pk=directive_id)
    text = found.current_text
    return {
        **shapes.directive(found),
        "clauses": [
            {"id": clause.pk, "code": clause.code, "title": clause.title}
            for clause in (text.clauses.order_by("order") if text else [])
        ],
        "periods": [
            {
                "id": period.pk,
                "name": period.name,
                "kind": period.kind,
                "opens_on": period.opens_on,
                "cutoff_on": period.cutoff_on,
                "due_on": period.due_on,
            }
            for period in found.periods.order_by("cutoff_on", "pk")
        ],
    }


def _tasks(user: Any) -> Any:
    return (
        DirectiveTask.objects.visible_to(user)
        .select_related("clause", "reviewing_unit")
        .prefetch_related(
            "products",  # by task and order
            "indicators__categories",
        )
    )


@read(router, "/tasks", scope=Scope.READ, answers=shapes.TaskPage, summary="Các nhiệm vụ được xem")
def tasks(request: HttpRequest, asked: Query[TaskFilter]) -> dict[str, Any]:
    """Với sản phẩm phải nộp và chỉ tiêu phải báo cáo."""
    rows = _words(_tasks(request.user), asked.q)
    if asked.directive is not None:
        rows = rows.filter(directive=asked.directive)
    return stretch(request, rows, TASKS, asked, lambda page: [shapes.task(row) for row in page])


@read(router, "/tasks/{int:task_id}", scope=Scope.READ, answers=shapes.Task, summary="Một nhiệm vụ")
def task(request: HttpRequest, task_id: int) -> dict[str, Any]:
    """Với sản phẩm phải nộp và chỉ tiêu phải báo cáo."""
    return shapes.task(get_object_or_404(_tasks(request.user), pk=task_id))


@read(router, "/units", scope=Scope.READ, answers=shapes.UnitPage, summary="Các đơn vị")
def units(request: HttpRequest, asked: Query[UnitFilter]) -> dict[str, Any]:
    """Tên đơn vị ai dùng hệ thống cũng biết; không có tên người, điện thoại."""
    rows = _words(Unit.objects.all(), asked.q)
    if asked.on is not None:
        rows = rows.valid_on(asked.on)
    return stretch(request, rows, UNITS, asked, lambda page: [shapes.unit(row) for row in page])


@read(router, "/units/{int:unit_id}", scope=Scope.READ, answers=shapes.Unit, summary="Một đơn vị")
def unit(request: HttpRequest, unit_id: int) -> dict[str, Any]:
    """Theo số của đơn vị."""
    return shapes.unit(get_object_or_404(Unit, pk=unit_id))


# --- works ------------------------------------------------------------------------------------------------------------------


@read(
    router,
    "/assignments",
    scope=Scope.READ,
    answers=shapes.AssignmentPage,
    summary="Các phần việc được xem, theo hạn, việc không hạn sau cùng",
)
def assignments(request: HttpRequest, asked: Query[AssignmentFilter]) -> dict[str, Any]:
    """Cùng bộ lọc với trang “Phần việc”. Văn bản đã kết thúc: tình trạng như ngày kết thúc."""
    given = {
        name: _typed(value)
        for name, value in asked
        if name not in Paging.model_fields and value not in (None, "", False)
    }
    form = AssignmentFilterForm(given, user=request.user)
    today = form.closed_on or clock.today()
    if form.is_valid():
        rows = all_chosen(request.user, form.chosen, today=today)
    elif set(form.errors) == {"directive"}:
        # A document that is not there and one that is none of theirs: no work of it.
        rows = Assignment.objects.none()
    else:
        errors = [{"parameter": name, "detail": str(words[0])} for name, words in form.errors.items()]
        raise Problem(422, "invalid", f"Có {len(errors)} tham số không dùng được.", errors=errors)
    rows = rows.select_related("task", "unit", "directive")
    return stretch(request, rows, BY_DUE, asked, lambda page: _shown(page, today))


def _typed(value: Any) -> str:
    """As somebody would have typed it into the form."""
    if isinstance(value, Enum):
        return str(value.value)
    return "on" if value is True else value.isoformat() if isinstance(value, date) else str(value)


def _shown(page: Sequence[Assignment], today: date) -> list[dict[str, Any]]:
    return [assignment_shown(row, today=today) for row in page]


def assignment_shown(row: Assignment, *, today: date) -> dict[str, Any]:
    """One work; task, unit and directive at hand."""
    return {
        "id": row.pk,
        "directive": shapes.directive_ref(row.directive),
        "task": shapes.task_ref(row.task),
        "unit": shapes.unit_ref(row.unit),
        "role": row.role,
        "parent": row.parent_id,
        "state": row.state,
        "word": row.word,
        "timeliness": timeliness_of(row, today=today),
        "days_overdue": days_overdue(row, today=today),
        "due_original": row.due_original,
        "due_current": row.due_current,
        "due_source": row.due_source,
        "extended_times": row.extended_times,
        "assigned_on": row.assigned_on,
        "acknowledged_on": row.acknowledged_on,
        "submitted_on": row.submitted_on,
        "completed_on": row.completed_on,
        "updated_at": row.updated_at,
        "url": f"{settings.SITE_URL}{row.get_absolute_url()}",
    }


def assignment_whole(row: Assignment, *, today: date) -> dict[str, Any]:
    """The same with its papers."""
    deliveries: Iterable[AssignmentProduct] = row.products.select_related("product").order_by("product__order", "pk")
    return {**assignment_shown(row, today=today), "products": [shapes.delivery(one) for one in deliveries]}


@read(
    router,
    "/assignments/{int:assignment_id}",
    scope=Scope.READ,
    answers=shapes.AssignmentWhole,
    summary="Một phần việc, với các văn bản phải nộp",
)
def assignment(request: HttpRequest, assignment_id: int) -> dict[str, Any]:
    """Số ở products dùng cho papers khi gửi báo cáo."""
    visible = Assignment.objects.visible_to(request.user).select_related("task", "unit", "directive")
    found = get_object_or_404(visible, pk=assignment_id)
    return assignment_whole(found, today=figures_day(found.directive, today=clock.today()))
