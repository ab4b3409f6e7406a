"""“Mã truy cập API”: the person's keys and those of the person's units; made, shown once, taken over, taken back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from directive_tracker import clock
from directive_tracker.form_look import PlainHelper
from units import tokens
from units.errors import Refused
from units.models import ApiToken, Scope, Unit

# Keys that open nothing any more are shown below the others, the newest of them.
OVER = 10


class TokenForm(forms.Form):
    """What a key is for, whose work it does, what it may do and until when."""

    name = forms.CharField(
        label="Dùng cho",
        max_length=80,
        help_text="Phần mềm nào dùng mã này, ví dụ: Phần mềm quản lý văn bản của Huyện ủy.",
        error_messages={"required": "Xin ghi mã dùng cho phần mềm nào."},
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Làm việc của",
        required=False,
        empty_label="Tôi (mọi quyền của tôi)",
        help_text="Mã của đơn vị chỉ thấy và làm việc của đơn vị ấy; người khác của đơn vị nhận giữ thay được.",
        error_messages={"invalid_choice": "Xin chọn một đơn vị trong danh sách."},
    )
    scopes = forms.MultipleChoiceField(
        label="Được làm",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Hãy chọn ít nhất một việc mà mã được làm.",
            "invalid_choice": "Xin chọn trong danh sách.",
        },
    )
    days = forms.TypedChoiceField(
        label="Hết hạn sau",
        choices=[(days, f"{days} ngày") for days in tokens.LIVES],
        coerce=int,
        error_messages={"required": "Xin chọn thời hạn.", "invalid_choice": "Xin chọn một thời hạn trong danh sách."},
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units]).in_official_order()
        self.helper = PlainHelper()


def _may(request: HttpRequest) -> None:
    if not tokens.may_have(request.user, request.access):
        raise PermissionDenied


@sensitive_variables("secret")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_tokens(request: HttpRequest) -> HttpResponse:
    """The keys the person may know of; posted, a new one, which this answer alone shows."""
    _may(request)
    units = tokens.units_of(request.access)
    first = {"unit": units[0] if units else None, "scopes": [Scope.READ.value], "days": 180}
    form = TokenForm(request.POST if request.method == "POST" else None, units=units, initial=first)
    shown, secret = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            shown, secret = tokens.make(
                request.user, **form.cleaned_data, now=timezone.now(), at=clock.now(), today=clock.today()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            form = TokenForm(units=units, initial=first)
    context = {"form": form, "now": timezone.now(), "shown": shown, "secret": secret, **_rows(request)}
    return render(request, "units/tokens.html", context, status=422 if form.errors else 200)


def _rows(request: HttpRequest) -> dict[str, list[ApiToken]]:
    """Those that open something, those that ended."""
    now = timezone.now()
    # An administrator sees all of them in the administration; here are those one has to do with.
    units = request.access.reporter_unit_ids | request.access.head_unit_ids
    mine = Q(holder=request.user) | Q(unit__in=units)
    found = ApiToken.objects.visible_to(request.user).filter(mine).select_related("holder", "unit")
    return {
        "alive": list(found.alive().filter(expires_at__gt=now).order_by(F("unit").asc(nulls_first=True), "-pk")),
        "over": list(found.exclude(revoked_at__isnull=True, expires_at__gt=now).order_by("-pk")[:OVER]),
    }


def _known(request: HttpRequest, pk: int) -> ApiToken:
    """A key the person may know of; 404 else."""
    return get_object_or_404(ApiToken.objects.visible_to(request.user).select_related("holder", "unit"), pk=pk)


@never_cache
@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a key back: the own ones, and those of one's unit."""
    if request.user.acting_for is not None:
        raise PermissionDenied
    token = _known(request, pk)
    if tokens.revoke(token, by=request.user, now=timezone.now(), at=clock.now()):
        messages.success(request, f"Đã hủy mã “{token.name}”. Phần mềm dùng mã này không vào được nữa.")
    else:
        messages.info(request, "Mã này đã hủy từ trước.")
    back = "units:tokens" if tokens.may_have(request.user, request.access) else "admin:units_apitoken_changelist"
    return redirect(back)


@never_cache
@login_required
@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold a key of the unit in a colleague's stead."""
    _may(request)
    token = _known(request, pk)
    try:
        tokens.take_over(token, by=request.user, now=timezone.now(), at=clock.now(), today=clock.today())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"Từ nay việc phần mềm làm bằng mã “{token.name}” đứng tên anh/chị.")
    return redirect("units:tokens")
