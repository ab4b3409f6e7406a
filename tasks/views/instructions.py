"""Ý kiến chỉ đạo: the list, writing one down, one with what came of it, and turning it into work."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from tasks.errors import Refused
from tasks.forms.instructions import InstructionForm, NewTaskForm, UnitsForm, WordsForm
from tasks.instructions import handling
from tasks.instructions.reading import list_of
from tasks.instructions.rules import can_handle, can_write_instruction, sees_instructions
from tasks.models import Directive, DirectiveTask, Instruction, InstructionSource
from tasks.views.access import allowed
from units.models import Unit

PAGE = 25


NAV = "tasks:instruction_list"


@require_safe
@login_required
def instruction_list(request: HttpRequest) -> HttpResponse:
    """What is still open first; for a unit's people those that concern their work."""
    if not sees_instructions(request.user):
        raise PermissionDenied
    rows = list_of(request.user, row_id(request.GET.get("van-ban")))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    writable = Directive.objects.visible_to(request.user).issued()
    context = {
        "page": page,
        "nav_current": NAV,
        "directives": list(writable.order_by("-pk")[:10]) if request.access.sees_all_assignments else [],
    }
    return render(request, "tasks/instructions/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def instruction_new(request: HttpRequest, directive_pk: int) -> HttpResponse:
    """Write an instruction down; a reader's one field on the brief, the overview or a piece of work is posted here."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), pk=directive_pk)
    allowed(can_write_instruction(request.user, directive))
    chosen = {
        "tasks": DirectiveTask.objects.visible_to(request.user).filter(directive=directive),
        "units": _units(directive),
    }
    form = InstructionForm(_posted(request, directive), initial=_start(request), today=clock.today(), **chosen)
    if request.method == "POST" and form.is_valid():
        said = handling.Said(**{**form.cleaned_data, "tasks": list(form.cleaned_data["tasks"]), "units": list(form.cleaned_data["units"])})  # fmt: skip
        try:
            instruction = handling.write(directive, said, by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã ghi ý kiến chỉ đạo. Văn phòng thấy ở trang Hôm nay.")
            back = request.POST.get("ve", "")
            safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
            return redirect(back if safe else instruction)
    context = {"directive": directive, "form": form, "nav_current": NAV}
    return render(request, "tasks/instructions/new.html", context, status=422 if form.errors else 200)


def _units(directive: Directive):
    """The units that have work in the document."""
    return Unit.objects.filter(assignments__directive=directive).distinct().in_official_order()


def _start(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with; the page one came from may name tasks and units."""
    return {
        "said_on": clock.today(),
        "said_by": _own_words(request),
        "source": InstructionSource.PAGE if request.access.is_reader else InstructionSource.BRIEFING,
        "tasks": request.GET.getlist("viec"),
        "units": request.GET.getlist("don-vi"),
    }


def _own_words(request: HttpRequest) -> str:
    """A reader speaks in the own name."""
    if not request.access.is_reader:
        return ""
    position = getattr(request.user, "position", "")
    return f"{position} {request.user}".strip() if position else str(request.user)


def _posted(request: HttpRequest, directive: Directive):
    """The posted form; the one field of other pages is filled up with who, when and whence."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    if request.access.is_reader and "said_on" not in data:
        data["said_on"] = f"{clock.today():%d/%m/%Y}"
        data.setdefault("said_by", _own_words(request))
        data.setdefault("source", InstructionSource.PAGE)
    return data


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def instruction(request: HttpRequest, pk: int) -> HttpResponse:
    """One instruction: the words, what it is about, what came of it; for the office what to make of it."""
    found = get_object_or_404(
        Instruction.objects.visible_to(request.user).select_related("directive__office", "written_by"), pk=pk
    )
    may = can_handle(request.user, found)
    acts = _Acts(request, found) if may else None
    if request.method == "POST":
        allowed(may)
        answer = acts.do()
        if answer is not None:
            return answer
    steps = list(found.steps.select_related("by", "task"))
    context = {
        "instruction": found,
        "tasks": list(found.tasks.order_by("order")),
        "units": list(found.units.in_official_order()),
        "events": [
            {
                "what": step.get_kind_display(),
                "when": step.at,
                "who": step.by,
                "note": step.words,
            }
            for step in reversed(steps)
        ],
        "made": [step.task for step in steps if step.task],
        "acts": acts,
        "nav_current": NAV,
    }
    wrong = acts is not None and any(form.is_bound and form.errors for form in acts.forms)
    return render(request, "tasks/instructions/detail.html", context, status=422 if wrong else 200)


class _Acts:
    """The office's forms on one instruction, and doing what was pressed."""

    def __init__(self, request: HttpRequest, found: Instruction) -> None:
        self.request, self.found = request, found
        do = request.POST.get("do", "") if request.method == "POST" else ""
        data = {
            name: request.POST if do == name else None for name in ("nudge", "task", "follow", "note", "done", "reopen")
        }
        units = Unit.objects.filter(pk__in=[unit.pk for unit in handling.concerned(found)]).in_official_order()
        others = units.exclude(pk=found.directive.office_id)
        today, named = clock.today(), list(found.units.all())
        self.nudge = UnitsForm(data["nudge"], prefix="n", units=others, initial={"units": named})
        start = {"units": named, "title": found.words[:240]}
        self.task = NewTaskForm(data["task"], prefix="t", units=others, today=today, initial=start)
        self.note = WordsForm(data["note"] or data["follow"] or data["done"] or data["reopen"], prefix="w")
        self.do_what = do

    @property
    def forms(self) -> list[forms.Form]:
        """For the summary of what is wrong."""
        return [self.nudge, self.task, self.note]

    def do(self) -> HttpResponse | None:
        """Do it and go back to the page; None when something typed is wrong."""
        deeds: dict[str, Callable[[], HttpResponse | str | None]] = {
            "nudge": self._nudge,
            "task": self._task,
            "follow": self._follow,
            "note": lambda: self._words(handling.note, "Đã ghi thêm."),
            "done": lambda: self._words(handling.finish, "Đã ghi kết quả và kết thúc theo dõi ý kiến này."),
            "reopen": lambda: self._words(handling.reopen, "Đã mở lại để theo dõi tiếp."),
        }
        if self.do_what not in deeds:
            raise Http404("Không có việc này.")
        try:
            said = deeds[self.do_what]()
        except Refused as refusal:
            messages.warning(self.request, str(refusal))
            return redirect(self.found)
        if said is None:
            return None
        messages.success(self.request, said)
        return redirect(self.found)

    @property
    def _doing(self) -> dict[str, Any]:
        return {"by": self.request.user, "now": clock.now()}

    def _nudge(self) -> str | None:
        if not self.nudge.is_valid():
            return None
        plan = handling.nudge(self.found, self.nudge.cleaned_data["units"], **self._doing)
        left = (
            f" Không đôn đốc {len(plan.left_out)} việc đã đôn đốc gần đây hoặc không chờ đơn vị."
            if plan.left_out
            else ""
        )
        return f"Đã đôn đốc {len(plan.assignments)} việc của {len(plan.recipients)} đơn vị.{left}"

    def _task(self) -> str | None:
        if not self.task.is_valid():
            return None
        cleaned = self.task.cleaned_data
        new = handling.NewTask(cleaned["title"], cleaned["short_title"], cleaned["due"], list(cleaned["units"]))
        made = handling.make_task(self.found, new, **self._doing)
        return f"Đã thêm nhiệm vụ {made.code} và giao {len(new.units)} đơn vị."

    def _follow(self) -> str | None:
        if not self.note.is_valid():
            return None
        handling.follow(self.found, words=self.note.cleaned_data["words"], **self._doing)
        return "Đã để theo dõi."

    def _words(self, service: Callable[..., None], done: str) -> str | None:
        if not self.note.is_valid():
            return None
        service(self.found, words=self.note.cleaned_data["words"], **self._doing)
        return done
