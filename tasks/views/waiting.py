"""Which tasks come before another one: the office says it, on a page of the task."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from tasks.errors import Refused
from tasks.forms.waiting import WaitForm
from tasks.models import DirectiveTask, TaskWait
from tasks.permissions import can_set_waits
from tasks.views.access import allowed
from tasks.waiting import add_wait, remove_wait, waits_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def task_waits(request: HttpRequest, pk: int) -> HttpResponse:
    """What the task waits for: add by code, take away."""
    task = get_object_or_404(DirectiveTask.objects.visible_to(request.user).select_related("directive"), pk=pk)
    allowed(can_set_waits(request.user, task))
    if request.method == "POST" and request.POST.get("remove"):
        return _remove(request, task)
    form = WaitForm(request.POST or None, task=task)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            add_wait(task, data["code"], words=data["words"], by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, f"Đã ghi: {task.code} chờ {data['code'].code}.")
            return redirect("tasks:task_waits", pk)
    context = {"task": task, "form": form, "waits": waits_of(request.user, task.pk)}
    return render(request, "tasks/directives/waits.html", context, status=422 if form.errors else 200)


def _remove(request: HttpRequest, task: DirectiveTask) -> HttpResponse:
    row = get_object_or_404(
        TaskWait.objects.visible_to(request.user).select_related("task", "waits_for"),
        pk=row_id(request.POST["remove"]),
        task=task,
    )
    try:
        remove_wait(row, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{task.code} không còn chờ {row.waits_for.code}.")
    return redirect("tasks:task_waits", task.pk)
