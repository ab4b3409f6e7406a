"""The page on which an administrator lets somebody go: first what would end, then a reason and the button."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from directive_tracker import clock
from units import leaving
from units.errors import Refused


class LeavingForm(forms.Form):
    """Why somebody leaves."""

    reason = forms.CharField(
        label="Lý do",
        max_length=300,
        help_text="Ví dụ: Quyết định số 45-QĐ/TU ngày 12/4/2024; chuyển sang Sở Nội vụ. Chỉ ghi vào nhật ký.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": "Xin ghi lý do: số quyết định hoặc nơi chuyển đến."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def leave_page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows what would end; POST ends it. For administrators only (wrapped by the admin site)."""
    if not request.access.is_administrator:
        raise PermissionDenied
    person, today = get_object_or_404(User, pk=pk), clock.today()
    form = LeavingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            leaving.leave(person, by=request.user, now=clock.now(), today=today, reason=reason)
        except Refused as refusal:
            messages.error(request, f"Chưa làm: {refusal}")
            return redirect("admin:units_leave", pk=pk)
        messages.success(request, f"{person} đã thôi việc: tài khoản đã khóa, mọi phiên đã kết thúc.")
        return redirect("admin:accounts_user_change", pk)
    return TemplateResponse(
        request,
        "admin/leave.html",
        {
            **admin.site.each_context(request),
            "title": f"Thôi việc hoặc chuyển đi: {person}",
            "opts": User._meta,
            "original": person,
            "form": form,
            "refusal": leaving.refusal(person, by=request.user, today=today),
            "preview": leaving.preview(person, today),
            "today": today,
        },
        status=422 if form.errors else 200,
    )
