"""Phân công: the matrix of a draft, single cells by fetch, rows and columns by forms, undo, adding bodies."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from tasks.assigning import bodies, giving, steps
from tasks.assigning.grid import NOTHING, Cells, Grid, build_grid
from tasks.assigning.warnings import warnings_in, warnings_of
from tasks.drafting import assigning, changes
from tasks.drafting.changes import NOT_A_DRAFT
from tasks.enums import AssignmentRole
from tasks.errors import Refused
from tasks.forms.assigning import ROLES, RoleField, RolesForm
from tasks.issuing import preview_issue
from tasks.models import Directive, DraftVerb
from tasks.views.access import office_required
from units.models import UnitGroup

STALE = "Dự thảo đã đổi từ khi anh/chị mở trang: {}. Xin xem lại rồi làm tiếp."
NOT_WHOLE = "Yêu cầu không đầy đủ. Hãy tải lại trang rồi làm lại."


def _draft(request: HttpRequest, pk: int) -> Directive:
    """The document, as long as the person may see it. Errors: Http404."""
    return get_object_or_404(Directive.objects.visible_to(request.user).select_related("office"), pk=pk)


def _gone(request: HttpRequest, directive: Directive) -> HttpResponse:
    """Back to a document that is no draft any more."""
    messages.info(request, NOT_A_DRAFT)
    return redirect(directive)


def _shown(request: HttpRequest) -> dict[str, str]:
    """Opened groups and added columns as they stand in the address."""
    chosen = {name: ",".join(bodies.keys_in(request.GET.get(name, ""))) for name in ("mo", "them")}
    return {name: value for name, value in chosen.items() if value}


def _address(directive: Directive, shown: dict[str, str], name: str = "tasks:assigning", *args: Any) -> str:
    query = f"?{urlencode(shown, safe=',')}" if shown else ""
    return reverse(name, args=[directive.pk, *args]) + query


def _grid(request: HttpRequest, directive: Directive) -> Grid:
    shown = _shown(request)
    return build_grid(
        directive,
        on=clock.today(),
        opened=shown.get("mo", "").split(","),
        added=shown.get("them", "").split(","),
    )


# --- the matrix -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """Tasks × bodies; on POST ticked rows and columns are given at once."""
    directive = _draft(request, pk)
    if not directive.is_draft:
        return _gone(request, directive)
    grid = _grid(request, directive)
    if request.method == "POST":
        return _give_ticked(request, directive, grid)
    shown = _shown(request)
    return render(
        request,
        "tasks/assigning/matrix.html",
        {
            "directive": directive,
            "grid": grid,
            "warnings": warnings_of(grid),
            "open_count": len(grid.preview.open_texts),
            "step": steps.undoable(directive),
            "roles": ROLES,
            "query": f"?{urlencode(shown, safe=',')}" if shown else "",
            "heads": [(column, _toggled(directive, shown, column)) for column in grid.columns],
            "opened_groups": [column for column in grid.columns if column.is_group and column.opened],
            "check_url": reverse("tasks:check", args=[directive.pk]),
            "shown": shown,
            "now": clock.now(),
        },
    )


def _toggled(directive: Directive, shown: dict[str, str], column: Any) -> str:
    """The address with this group opened, or closed again; "" for a unit."""
    if not column.is_group:
        return ""
    opened = [key for key in shown.get("mo", "").split(",") if key and key != column.key]
    if not column.opened:
        opened.append(column.key)
    rest = {**shown, "mo": ",".join(opened)}
    return f"{_address(directive, {name: value for name, value in rest.items() if value})}#{column.key}"


def _give_ticked(request: HttpRequest, directive: Directive, grid: Grid) -> HttpResponse:
    """Ticked tasks to ticked bodies; only tasks ticked: to every column; only bodies: every task."""
    tasks, keys = _ids(request, "tasks"), _keys(request)
    back = redirect(_address(directive, _shown(request)))
    if tasks is None or keys is None:
        messages.error(request, NOT_WHOLE)
        return back
    if not tasks and not keys:
        messages.error(request, "Hãy đánh dấu ít nhất một nhiệm vụ (cả hàng) hoặc một đơn vị (cả cột).")
        return back
    tasks = tasks or [row.task.pk for row in grid.rows]
    keys = keys or [column.key for column in grid.columns]
    field = RoleField()
    try:
        since = _stale(request, directive)
        if since:
            raise Refused(since)
        role = field.clean(request.POST.get("role")) if request.POST.get("role") in dict(ROLES) else False
        if role is False:
            raise Refused(field.error_messages["required"])
        outcome = giving.give(directive, tasks, keys, role, by=request.user, now=clock.now(), on=clock.today())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back
    messages.success(request, _said(outcome))
    return back


def _said(outcome: giving.Outcome) -> str:
    if not outcome.changed:
        return "Không có ô nào thay đổi."
    unfolded = f" Nhóm được tách thành từng đơn vị ở {', '.join(outcome.unfolded)}." if outcome.unfolded else ""
    return f"Đã đổi {outcome.changed} ô.{unfolded}"


def _ids(request: HttpRequest, name: str) -> list[int] | None:
    """Ids as several fields or with commas; None when one is none."""
    words = [word for value in request.POST.getlist(name) for word in value.split(",") if word]
    found = [row_id(word) for word in dict.fromkeys(words)]
    return None if None in found else [pk for pk in found if pk is not None]


def _keys(request: HttpRequest) -> list[str] | None:
    words = list(dict.fromkeys(word for value in request.POST.getlist("bodies") for word in value.split(",") if word))
    return words if all(bodies.parse_key(word) for word in words) else None


def _stale(request: HttpRequest, directive: Directive) -> str:
    """A sentence when steps came after the one that the page has seen; "" where none did or the page says no number."""
    number = row_id(request.POST.get("number", ""))
    since = steps.words_since(directive, number) if number is not None else ""
    return STALE.format(since) if since else ""


# --- cells by fetch -------------------------------------------------------------------------------


@require_POST
@office_required
def cells(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a block of cells; answer with the changed cells, or with what is stored and why it was refused.

    POST: tasks (ids with commas), bodies (keys), role (lead, coordinating, informed, none), number (the last step seen),
    shown (keys of the page's columns).
    """
    directive = _draft(request, pk)
    tasks, keys, role = _ids(request, "tasks"), _keys(request), request.POST.get("role", "")
    if not tasks or not keys or role not in dict(ROLES):
        return JsonResponse({"said": NOT_WHOLE, "reload": True}, status=422)
    since = _stale(request, directive)
    if since:
        return _refused(request, directive, tasks, since)
    try:
        outcome = giving.give(
            directive, tasks, keys, RoleField().clean(role), by=request.user, now=clock.now(), on=clock.today()
        )
    except Refused as refusal:
        return _refused(request, directive, tasks, str(refusal))
    answer = _answer(request, directive, outcome.cells)
    return JsonResponse({**answer, "said": _said(outcome), "reload": bool(outcome.unfolded)})


def _refused(request: HttpRequest, directive: Directive, tasks: list[int], why: str) -> JsonResponse:
    """The stored cells of the tasks' rows with the sentence; a page whose tasks are gone is loaded again."""
    try:
        stored = giving.read_cells(giving.read_tasks(directive, tasks), on=clock.today())
    except Refused as refusal:
        return JsonResponse({"said": str(refusal), "reload": True}, status=409)
    answer = _answer(request, directive, _whole(request, stored))
    return JsonResponse({**answer, "said": why, "reload": not directive.is_draft}, status=409)


def _whole(request: HttpRequest, stored: Cells) -> Cells:
    """With every column the page shows, also those that hold nothing."""
    shown = request.POST.get("shown", "").split(",")
    return {pk: {**dict.fromkeys(shown, NOTHING), **row} for pk, row in stored.items()}


def _answer(request: HttpRequest, directive: Directive, changed: Cells) -> dict[str, Any]:
    """The cells as (look, letter, words), the undo button's sentence, the warnings anew."""
    shown = set(request.POST.get("shown", "").split(","))
    looks = {
        pk: {key: [cell.look, cell.letter, cell.words] for key, cell in row.items() if key in shown}
        for pk, row in changed.items()
    }
    answer = {"cells": looks, **steps.undoable(directive).as_json()}
    if directive.is_draft:
        preview = preview_issue(directive, on=clock.today())
        context = {
            "warnings": warnings_in(preview, shown=shown),
            "open_count": len(preview.open_texts),
            "check_url": reverse("tasks:check", args=[directive.pk]),
        }
        answer["warnings"] = render_to_string("tasks/assigning/_warnings.html", context)
    return answer


@require_POST
@office_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last step on the draft, as it was seen; the script gets the cells, a form goes back to the page."""
    directive = _draft(request, pk)
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    refusal, taken = "", None
    try:
        taken = changes.undo(directive, by=request.user, now=clock.now(), number=row_id(request.POST.get("number", "")))
    except Refused as problem:
        refusal = str(problem)
    if not wants_json:
        if refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, f"Đã hoàn tác: {taken}.")
        return redirect(_address(directive, _shown(request)) if directive.is_draft else directive)
    if taken is None:
        return JsonResponse({"said": refusal, **steps.undoable(directive).as_json()}, status=409)
    said = f"Đã hoàn tác: {taken}."
    if taken.verb != DraftVerb.ASSIGN:
        messages.success(request, said)
        return JsonResponse({"said": said, "reload": True})
    rows = giving.read_tasks(directive, [int(task) for task in taken.before["tasks"]])
    stored = giving.read_cells(rows, on=clock.today())
    return JsonResponse({**_answer(request, directive, _whole(request, stored)), "said": said})


@require_POST
@office_required
def unfold(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the members of today in the place of a group wherever it is given a task, or (gop) the group in theirs."""
    directive = _draft(request, pk)
    group = get_object_or_404(UnitGroup, pk=row_id(request.POST.get("group", "")) or 0)
    try:
        since = _stale(request, directive)
        if since:
            raise Refused(since)
        said = (_folded if "gop" in request.POST else _unfolded)(directive, group, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(_address(directive, _shown(request)) if directive.is_draft else directive)


def _unfolded(directive: Directive, group: UnitGroup, *, by: Any, now: datetime) -> str:
    count = assigning.unfold(list(directive.tasks.all()), group, on=clock.today(), by=by, now=now)
    if not count:
        return f"Không có việc nào giao cho nhóm “{group}”."
    return f"Đã tách nhóm “{group}” thành từng đơn vị: {count} ô."


def _folded(directive: Directive, group: UnitGroup, *, by: Any, now: datetime) -> str:
    count = assigning.fold(directive, group, on=clock.today(), by=by, now=now)
    if not count:
        return f"Không có nhiệm vụ nào mà mọi đơn vị của nhóm “{group}” cùng một vai trò."
    return f"Đã gộp từng đơn vị thành nhóm “{group}” ở {count} nhiệm vụ."


# --- one task, one body ---------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def of_task(request: HttpRequest, pk: int, task: int) -> HttpResponse:
    """One task: the role of each body."""
    directive = _draft(request, pk)
    found = get_object_or_404(directive.tasks.all(), pk=task)
    if not directive.is_draft:
        return _gone(request, directive)
    grid = _grid(request, directive)
    row = next(row for row in grid.rows if row.task.pk == found.pk)
    lines = [
        (column.key, column.body.name, cell.own if cell else "", cell)
        for column, cell in zip(grid.columns, row.cells, strict=True)
    ]
    wanted = {column.key: (row.task, column.body) for column in grid.columns}
    context = {
        "task": row.task,
        "row": row,
        "title": f"{row.task.code} {row.task.short_title}",
        "word": "Đơn vị, nhóm đơn vị",
    }
    return _roles_page(request, directive, lines, wanted, context)


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def of_body(request: HttpRequest, pk: int, body: str) -> HttpResponse:
    """One unit or group: its role in each task."""
    directive = _draft(request, pk)
    found = bodies.bodies_of([body], on=clock.today())
    if not found:
        raise Http404("Không có đơn vị này.")
    if not directive.is_draft:
        return _gone(request, directive)
    # The body's own column, whether it has something already or not.
    grid = build_grid(directive, on=clock.today(), added=[body])
    place = [column.key for column in grid.columns].index(body)
    lines = [
        (f"t{row.task.pk}", f"{row.task.code} {row.task.short_title}", cell.own if cell else "", cell)
        for row in grid.rows
        for cell in [row.cells[place]]
    ]
    wanted = {f"t{row.task.pk}": (row.task, found[body]) for row in grid.rows}
    context = {"title": found[body].name, "word": "Nhiệm vụ", "column": grid.columns[place]}
    return _roles_page(request, directive, lines, wanted, context)


def _roles_page(
    request: HttpRequest, directive: Directive, lines: list, wanted: dict, context: dict[str, Any]
) -> HttpResponse:
    """A table of radio buttons; what was changed is given in one step."""
    step = steps.undoable(directive)
    data = request.POST if request.method == "POST" else None
    form = RolesForm(data, lines=[line[:3] for line in lines], number=step.number)
    if request.method == "POST" and form.is_valid():
        since = steps.words_since(directive, form.cleaned_data["number"])
        roles: dict[Any, AssignmentRole | None] = {wanted[name]: role for name, role in form.chosen.items()}
        try:
            if since:
                raise Refused(STALE.format(since))
            outcome = giving.give_each(directive, roles, by=request.user, now=clock.now(), on=clock.today())
        except Refused as refusal:
            # Chosen again over what is stored now.
            form.add_error(None, str(refusal))
            form.data = {**form.data.dict(), "number": str(step.number)}
        else:
            messages.success(request, _said(outcome))
            return redirect(_address(directive, _shown(request)))
    cell_of = {name: cell for name, _, _, cell in lines}
    return render(
        request,
        "tasks/assigning/roles.html",
        {
            "directive": directive,
            "form": form,
            "lines": [(field, chosen, cell_of[field.name]) for field, chosen in form.lines()],
            "roles": ROLES,
            "back_url": _address(directive, _shown(request)),
            "check_url": reverse("tasks:check", args=[directive.pk]),
            **context,
        },
        status=422 if form.errors else 200,
    )


# --- more columns ---------------------------------------------------------------------------------


@require_safe
@office_required
def find(request: HttpRequest, pk: int) -> HttpResponse:
    """Search units and groups for another column: a page, or its list alone for htmx."""
    directive = _draft(request, pk)
    if not directive.is_draft:
        return _gone(request, directive)
    text, shown = request.GET.get("tim", "")[:80], _shown(request)
    there = shown.get("them", "").split(",") if shown.get("them") else []
    rows = []
    for body in bodies.find_bodies(text, on=clock.today()):
        key = bodies.key_of(body)
        added = {**shown, "them": ",".join(dict.fromkeys([*there, key]))}
        rows.append((body, isinstance(body, UnitGroup), f"{_address(directive, added)}#{key}"))
    template = "tasks/assigning/_found.html" if request.htmx else "tasks/assigning/find.html"
    context = {
        "directive": directive,
        "rows": rows,
        "text": text,
        "shown": shown,
        "back_url": _address(directive, shown),
    }
    return render(request, template, context)
