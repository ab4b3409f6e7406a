"""What a document does to earlier ones: written down on the draft, with what changes for whom; history once issued."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from directive_tracker import clock
from directive_tracker.row_ids import row_id_or_404
from directive_tracker.vietnamese import fold, vn_date
from tasks.amending.effects import amendments_of, effects_of
from tasks.amending.finding import Suggestion, suggestions
from tasks.amending.writing import add, remove
from tasks.enums import AssignmentRole
from tasks.errors import Refused
from tasks.forms.amending import OF_A_TASK, WHOLE, AmendmentForm
from tasks.models import AmendmentKind, Directive, DirectiveTask
from tasks.permissions import can_edit_draft
from tasks.views.access import allowed, office_required
from units.models import Unit

# Earlier documents offered at a time; whoever looks for an older one types its number or words.
OFFERED = 25


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def amendments(request: HttpRequest, pk: int) -> HttpResponse:
    """The document's amendments and their effects; the way to one more: document, task, what is done."""
    document = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    may_edit = can_edit_draft(request.user, document)
    chosen = _chosen(request, document) if may_edit else {}
    if request.method == "POST":
        allowed(may_edit)
        if "form" not in chosen:
            raise Http404
        answer = _add(request, document, chosen)
        if answer is not None:
            return answer
    rows = amendments_of(document)
    context = {
        "directive": document,
        "rows": rows,
        "effects": [] if not document.is_draft else effects_of(rows, by=request.user, today=clock.today()),
        "may_edit": may_edit,
        **chosen,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/amending/amendments.html", context, status=status)


def _add(request: HttpRequest, document: Directive, chosen: dict[str, Any]) -> HttpResponse | None:
    form = chosen["form"]
    if not form.is_valid():
        return None
    try:
        add(document, chosen["amended"], form.wanted(), by=request.user, now=clock.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, "Đã ghi điểm sửa đổi. Có hiệu lực khi giao văn bản này.")
    return redirect("tasks:amendments", document.pk)


def _chosen(request: HttpRequest, document: Directive) -> dict[str, Any]:
    """How far the way to one more amendment has come: nothing, the document, or document and task."""
    wanted = request.GET.get("van-ban", "")
    if not wanted:
        words = request.GET.get("tim", "")[:100]
        others = Directive.objects.visible_to(request.user).issued().exclude(pk=document.pk)
        if words.strip():
            others = others.filter(search_key__contains=fold(words).strip())
        offered = [(one, _address(document, one)) for one in suggestions(document, user=request.user)]
        return {"suggestions": offered, "others": others.order_by("-pk")[:OFFERED], "words": words}
    earlier = Directive.objects.visible_to(request.user).issued().exclude(pk=document.pk)
    amended = get_object_or_404(earlier, pk=row_id_or_404(wanted))
    task_id = request.GET.get("nhiem-vu", "")
    if not task_id:
        tasks = amended.tasks.select_related("clause").order_by("order")
        return {"amended": amended, "tasks": tasks, "query": _kept(request)}
    task = (
        None
        if task_id == "0"
        else get_object_or_404(amended.tasks.select_related("directive"), pk=row_id_or_404(task_id))
    )
    kinds = OF_A_TASK if task else WHOLE
    kind = request.GET.get("kieu", "") if task else AmendmentKind.ADDS.value
    if kind not in dict(kinds):
        return {"amended": amended, "task": task, "kinds": kinds, "query": _kept(request)}
    return {"amended": amended, "task": task, "form": _form(request, document, task, AmendmentKind(kind))}


def _kept(request: HttpRequest) -> str:
    """What a suggestion has put into the address, for the next step."""
    kept = {name: request.GET[name] for name in ("kieu", "han", "cau") if request.GET.get(name)}
    return f"&{urlencode(kept)}" if kept else ""


def _address(document: Directive, one: Suggestion) -> str:
    query = {"van-ban": one.amended.pk, "kieu": one.kind, "cau": one.words[:500]}
    if one.task is not None:
        query["nhiem-vu"] = one.task.pk
    if one.new_due is not None:
        query["han"] = vn_date(one.new_due)
    return f"{reverse('tasks:amendments', args=[document.pk])}?{urlencode(query)}"


def _form(request: HttpRequest, document: Directive, task: DirectiveTask | None, kind: AmendmentKind) -> AmendmentForm:
    there = Unit.objects.none()
    others = Unit.objects.none()
    if task is not None:
        there = (
            Unit.objects.filter(assignments__task=task).exclude(assignments__role=AssignmentRole.PART).distinct()
        ).in_official_order()
        others = (
            Unit.objects.valid_on(clock.today())
            .exclude(kind__in=["office", "standing_committee"])
            .exclude(area__level="commune")
            .exclude(assignments__task=task)
            .in_official_order()
        )
    initial = {
        "new_due": request.GET.get("han", ""),
        "words": request.GET.get("cau", ""),
    }
    return AmendmentForm(
        request.POST or None,
        initial={name: value for name, value in initial.items() if value},
        kind=kind,
        task=task,
        new_tasks=document.tasks.order_by("order"),
        there=there,
        others=others,
    )


@require_POST
@office_required
def amendment_remove(request: HttpRequest, pk: int, amendment: int) -> HttpResponse:
    """Take one amendment out of a draft."""
    document = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    row = get_object_or_404(document.amendments_made.select_related("amended", "task", "document"), pk=amendment)
    allowed(can_edit_draft(request.user, document))
    try:
        remove(row, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã bỏ điểm sửa đổi.")
    return redirect("tasks:amendments", document.pk)
