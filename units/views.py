"""Standing in for somebody: choosing whom to act for, asking a colleague to stand in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from directive_tracker import clock
from directive_tracker.form_look import PlainHelper
from directive_tracker.row_ids import row_id
from units import deputies
from units.errors import Refused
from units.models import Deputation


def _next_or_home(request: HttpRequest) -> HttpResponse:
    """Back to a page of ours, else to the first page of the rights that count now."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else "home")


@never_cache
@login_required
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Act for somebody from the next page on."""
    person = User.objects.filter(pk=row_id(request.POST.get("principal"))).first()
    try:
        if person is None:
            raise Refused("Không có người này.")
        deputies.begin(request, person, now=clock.now(), today=clock.today())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("home")
    # No message: the strip under the head says it on every page from now on.
    return _next_or_home(request)


@never_cache
@login_required
@require_POST
def stop_acting(request: HttpRequest) -> HttpResponse:
    """Act in one's own name again."""
    if deputies.end(request, now=clock.now()):
        messages.success(request, "Đã trở lại làm việc bằng quyền của mình.")
    return _next_or_home(request)


class OwnDeputyForm(forms.Form):
    """Whom a person asks to stand in, when and why."""

    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label="Người thay mặt",
        empty_label="Chọn người cùng đơn vị",
        error_messages={
            "required": "Xin chọn người thay mặt.",
            "invalid_choice": "Chỉ nhờ được người cùng đơn vị; nhờ người khác thì liên hệ quản trị hệ thống.",
        },
    )
    valid_from = forms.DateField(
        label="Từ ngày",
        widget=forms.DateInput(attrs={"placeholder": "dd/mm/yyyy", "class": "dt-w-short", "inputmode": "numeric"}),
        error_messages={"required": "Xin nhập ngày bắt đầu.", "invalid": "Xin nhập ngày dạng 15/4/2024."},
    )
    valid_to = forms.DateField(
        label="Đến hết ngày",
        widget=forms.DateInput(attrs={"placeholder": "dd/mm/yyyy", "class": "dt-w-short", "inputmode": "numeric"}),
        help_text=f"Nhiều nhất {deputies.OWN_LONGEST_DAYS} ngày; kết thúc sớm lúc nào cũng được.",
        error_messages={"required": "Xin nhập ngày kết thúc.", "invalid": "Xin nhập ngày dạng 15/4/2024."},
    )
    reason = forms.CharField(
        label="Lý do",
        max_length=300,
        help_text="Ví dụ: đi công tác, nghỉ phép, số quyết định.",
        error_messages={"required": "Xin ghi lý do."},
    )

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = colleagues
        self.helper = PlainHelper()

    def clean(self) -> dict[str, Any]:
        """The first day stands before the last."""
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", "Ngày kết thúc đứng trước ngày bắt đầu.")
        return data


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_deputies(request: HttpRequest) -> HttpResponse:
    """Page "Nhờ người thay": a head, a person of the office or a reader asks a colleague to stand in for a while.

    Not while acting: one person's deputy does not ask a third.
    """
    if not request.standing.own.may_name_a_deputy or request.user.acting_for is not None:
        raise PermissionDenied
    now, today = clock.now(), clock.today()
    colleagues = deputies.colleagues_of(request.user, today)
    first = {"valid_from": today}
    form = OwnDeputyForm(request.POST or None, colleagues=colleagues, initial=first)
    if request.method == "POST" and form.is_valid() and _make(request, form, now=now, today=today):
        messages.success(request, "Đã lưu. Người thay mặt thấy mục “Làm việc thay mặt” trong trình đơn tài khoản.")
        return redirect("units:deputies")
    rows = Deputation.objects.filter(principal=request.user).select_related("deputy")
    context = {
        "form": form,
        "today": today,
        "standing": [row for row in rows if row.ended_at is None and row.valid_to >= today],
        "over": [row for row in rows if row.ended_at is not None or row.valid_to < today][:20],
    }
    return render(request, "units/deputies.html", context, status=422 if form.errors else 200)


def _make(request: HttpRequest, form: OwnDeputyForm, **moment: Any) -> bool:
    """Make the deputation; what speaks against it stands in the form."""
    try:
        deputies.make_own(principal=request.user, **form.cleaned_data, **moment)
    except ValidationError as errors:
        form.add_error(None, errors)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


@never_cache
@login_required
@require_POST
def end_own_deputy(request: HttpRequest, pk: int) -> HttpResponse:
    """The person who was represented ends it, at any time."""
    if request.user.acting_for is not None:
        raise PermissionDenied
    row = get_object_or_404(Deputation.objects.select_related("deputy", "principal"), pk=pk, principal=request.user)
    if deputies.end_deputation(row, by=request.user, now=clock.now()):
        messages.success(request, f"{row.deputy} không còn thay mặt anh/chị nữa.")
    return redirect("units:deputies")
