"""The register of requests about data: overdue first, each answered and carried out by its day."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from directive_tracker import clock
from records.audit import record
from tasks.errors import Refused
from veterans.forms_protection import DoneForm, WordsForm
from veterans.models import DataRequest
from veterans.permissions import can_change, can_erase
from veterans.protection import law, requests
from veterans.views.base import registrar_page

PAGE_SIZE = 25


def _own(request, pk: int) -> DataRequest:
    """Errors: Http404."""
    found = DataRequest.objects.visible_to(request.user).select_related(
        "person__residence__parent", "recorded_by", "answered_by", "closed_by"
    )
    return get_object_or_404(found, pk=pk)


@registrar_page
@require_safe
def data_requests(request):
    """Open ones by the day of what comes next; closed ones, newest first."""
    closed = request.GET.get("xem") == "xong"
    rows = DataRequest.objects.visible_to(request.user).select_related("person__residence__parent")
    if closed:
        rows = rows.exclude(state__in=requests.OPEN_STATES).order_by("-closed_at", "-pk")
    else:
        rows = requests.by_due_day(rows.filter(state__in=requests.OPEN_STATES))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request, "veterans/data/requests.html", {"page": page, "closed": closed, "today": clock.today(), "law": law}
    )


@registrar_page
@require_safe
def data_request(request, pk: int):
    """One request with what can be done now."""
    return _show(request, _own(request, pk))


def _show(request, found: DataRequest, *, status: int = 200, **forms):
    record("person.read", by=request.user, at=clock.now(), target=found.person)
    is_erasure = found.kind == DataRequest.Kind.ERASE
    is_open = found.state in requests.OPEN_STATES
    context = {
        "found": found,
        "is_open": is_open,
        "is_erasure": is_erasure,
        "may_do": is_open and (can_erase if is_erasure else can_change)(request.user, found.person),
        "may_extend": is_open and not found.extended_because and found.done_due >= clock.today(),
        "today": clock.today(),
        "law": law,
        "forms": {
            "extend": forms.get("extend") or WordsForm(prefix="extend"),
            "refuse": forms.get("refuse") or WordsForm(prefix="refuse"),
            "done": forms.get("done") or DoneForm(prefix="done", erases=found.person_id if is_erasure else 0),
        },
        "refused": list(forms.values()),
    }
    return render(request, "veterans/data/request.html", context, status=status)


@registrar_page
def data_request_act(request, pk: int):
    """Answer, extend, carry out or refuse: the button says which."""
    found = _own(request, pk)
    if request.method != "POST":
        return redirect("veterans:data_request", pk=pk)
    if not can_change(request.user, found.person):
        raise PermissionDenied("Anh/chị không xử lý được yêu cầu này.")
    wanted = request.POST.get("do", "")
    by = {"by": request.user, "now": clock.now()}
    if wanted == "answer":
        return _do(request, found, "", None, lambda: requests.answer(found, **by), "Đã ghi: đã trả lời.")
    if wanted == "extend":
        form = WordsForm(request.POST, prefix="extend")
        return _do(
            request,
            found,
            "extend",
            form,
            lambda: requests.extend(found, because=form.cleaned_data["words"], **by),
            "Đã gia hạn. Hãy báo lý do cho người yêu cầu.",
        )
    if wanted == "refuse":
        form = WordsForm(request.POST, prefix="refuse")
        return _do(
            request,
            found,
            "refuse",
            form,
            lambda: requests.refuse(found, reason=form.cleaned_data["words"], **by),
            "Đã ghi: không thực hiện được. Hãy báo lý do cho người yêu cầu.",
        )
    if wanted == "done":
        is_erasure = found.kind == DataRequest.Kind.ERASE
        if is_erasure and not can_erase(request.user, found.person):
            raise PermissionDenied("Việc xóa dữ liệu do cán bộ sổ tri ân cấp tỉnh thực hiện.")
        form = DoneForm(request.POST, prefix="done", erases=found.person_id if is_erasure else 0)
        return _do(
            request,
            found,
            "done",
            form,
            lambda: requests.carry_out(found, outcome=form.cleaned_data.get("words", ""), **by),
            "Đã xóa dữ liệu của hồ sơ." if is_erasure else "Đã ghi: đã thực hiện.",
        )
    messages.error(request, "Không rõ việc nào được chọn; hãy bấm lại nút ở yêu cầu.")
    return redirect("veterans:data_request", pk=pk)


def _do(request, found: DataRequest, name: str, form, act, done: str):
    if form is None or form.is_valid():
        try:
            act()
        except Refused as refusal:
            if form is None:
                messages.error(request, str(refusal))
                return redirect("veterans:data_request", pk=found.pk)
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("veterans:data_request", pk=found.pk)
    return _show(request, found, status=422, **{name: form})
