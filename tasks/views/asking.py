"""What a unit answers to work it was given beside "đã nhận", and the office's answers; asking for time after the day."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from directive_tracker.vietnamese import vn_date
from tasks import permissions
from tasks.asking import service
from tasks.enums import QuestionKind
from tasks.errors import Refused
from tasks.extensions import permit_extension, what_became, withdraw_extension
from tasks.forms.asking import AnswerForm, AskForm, DueForm, PermitForm
from tasks.models import Assignment, ExtensionRequest, UnitQuestion
from tasks.views.access import allowed
from tasks.views.unit import home_of, own_assignment


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def question_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Cần làm rõ": the office answers; the work stays with the unit."""
    return _ask(request, own_assignment(request, pk), QuestionKind.UNCLEAR, AskForm, service.ask, "words")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def question_due(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Đề nghị hạn khác": only of a day the office proposed."""
    return _ask(request, own_assignment(request, pk), QuestionKind.OTHER_DUE, DueForm, service.propose_due, "day")


def _ask(request, assignment: Assignment, kind: QuestionKind, form_class, act, first: str) -> HttpResponse:
    home = home_of(assignment.unit_id)
    if not permissions.can_ask(request.user, assignment, kind):
        messages.info(request, _why_not(assignment, kind))
        return redirect(home)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(assignment, by=request.user, now=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(first, str(refusal))
        else:
            messages.success(
                request, f"Đã gửi Văn phòng về việc {assignment.task.code}; câu trả lời sẽ báo cho đơn vị."
            )
            return redirect(home)
    context = {"assignment": assignment, "form": form, "kind": kind, "home_url": home, "nav_current": "tasks:unit_home"}
    return render(request, "tasks/asking/ask.html", context, status=422 if form.errors else 200)


def _why_not(assignment: Assignment, kind: QuestionKind) -> str:
    name = f"Việc {assignment.task.code}"
    if kind == QuestionKind.OTHER_DUE and assignment.due_current:
        due = f"{vn_date(assignment.due_current)} ({assignment.get_due_source_display()})"
        return f"{name} có hạn {due}, đang ở trạng thái “{assignment.get_state_display()}”; cần thêm thời gian thì xin gia hạn."
    return f"{name} đang ở trạng thái “{assignment.get_state_display()}”, không hỏi như vậy được."


def _question(request, pk: int) -> UnitQuestion:
    found = UnitQuestion.objects.visible_to(request.user).select_related(
        *("assignment__task", "assignment__unit", "assignment__directive", "assignment__parent__unit"),
        *("named_unit", "asked_by", "answered_by", "handed_to__unit"),
    )
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One question: read by whoever sees the work, answered by whoever decides about it."""
    found = _question(request, pk)
    may_answer = permissions.can_answer(request.user, found)
    form = None
    if request.method == "POST" and not found.is_open:
        messages.info(request, service.what_became(found))
        return redirect(found)
    if request.method == "POST":
        allowed(may_answer)
    if may_answer:
        form = AnswerForm(request.POST or None, question=found, today=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            _answer(found, form, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã ghi câu trả lời và báo cho đơn vị.")
            return redirect("tasks:today" if request.access.is_office else found)
    context = {
        "question": found,
        "assignment": found.assignment,
        "form": form,
        "may_withdraw": permissions.can_withdraw_question(request.user, found),
    }
    return render(request, "tasks/asking/question.html", context, status=422 if form and form.errors else 200)


def _answer(found: UnitQuestion, form: AnswerForm, *, by) -> None:
    values = {"by": by, "now": clock.now(), "words": form.cleaned_data.get("words", "")}
    chosen = form.chosen
    if chosen == form.HAND_OVER:
        service.hand_over(found, form.cleaned_data["unit"], **values)
    elif chosen == form.ANOTHER:
        service.set_another(found, form.cleaned_data["day"], **values)
    else:
        simple: dict[str, Callable[..., None]] = {
            form.KEEP: service.keep,
            form.CANCEL: service.cancel,
            form.EXPLAIN: service.explain,
            form.AGREE: service.agree,
        }
        simple[chosen](found, **values)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def question_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit needs no answer any more."""
    found = _question(request, pk)
    if request.method != "POST":
        return redirect(found)
    if not found.is_open:
        messages.info(request, service.what_became(found))
        return redirect(found)
    allowed(permissions.can_withdraw_question(request.user, found))
    try:
        service.withdraw(found, by=request.user, now=clock.now())
        messages.success(request, "Đã rút câu hỏi.")
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(found)


# --- more time ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def extension_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit takes back its request for more time."""
    found = get_object_or_404(
        ExtensionRequest.objects.visible_to(request.user).select_related(
            "assignment__task", "assignment__unit", "assignment__directive", "decided_by"
        ),
        pk=pk,
    )
    if request.method != "POST":
        return redirect(found.assignment)
    if found.state != "pending":
        messages.info(request, what_became(found))
        return redirect(found.assignment)
    allowed(permissions.can_withdraw_extension(request.user, found))
    try:
        withdraw_extension(found, by=request.user, now=clock.now())
        messages.success(request, "Đã rút đề nghị gia hạn; hạn hiện nay giữ nguyên.")
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("tasks:extension_request", found.assignment_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def extension_permit(request: HttpRequest, pk: int) -> HttpResponse:
    """The office lets a unit ask for more time although the due day is over."""
    assignment = get_object_or_404(
        Assignment.objects.visible_to(request.user).select_related("task", "unit", "directive"), pk=pk
    )
    allowed(permissions.can_permit_extension(request.user, assignment, today=clock.today()))
    form = PermitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            permit_extension(assignment, by=request.user, now=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã cho phép {assignment.unit.short_name} xin gia hạn và báo cho đơn vị.")
            return redirect(assignment)
    context = {"assignment": assignment, "form": form}
    return render(request, "tasks/asking/permit.html", context, status=422 if form.errors else 200)
