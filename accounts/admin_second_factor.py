"""Taking a person's second factor off in the administration: the phone is lost, and the recovery codes too."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor
from accounts.models import User
from directive_tracker import clock
from directive_tracker.addresses import client_address

# django-otp registers its rows; nobody has to see them.
for _model in (TOTPDevice, StaticDevice):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


class ResetForm(forms.Form):
    """Why; the audit keeps it."""

    reason = forms.CharField(
        label="Lý do",
        min_length=5,
        max_length=300,
        help_text="Ví dụ: mất điện thoại, đã gọi lại xác nhận qua số cơ quan. Ghi vào nhật ký.",
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        error_messages={"required": "Xin ghi lý do.", "min_length": "Xin ghi rõ hơn."},
    )


class SecondFactorAdminMixin(admin.ModelAdmin):
    """A line on the person's page, and the page that takes the second factor off."""

    def get_urls(self) -> list[URLPattern]:
        """The page beside Django's own ones."""
        view = self.admin_site.admin_view(self.reset_second_factor)
        own = path("<id>/second-factor/", view, name="accounts_user_second_factor")
        return [own, *super().get_urls()]

    @admin.display(description="xác thực hai bước")
    def second_factor_state(self, user: User) -> str:
        """Since when it is there, with the way to take it off."""
        app = second_factor.app_of(user) if user.pk else None
        if app is None:
            return "Chưa bật"
        url = reverse("admin:accounts_user_second_factor", args=[user.pk])
        return format_html('Đang bật. <a class="button" href="{}">Bỏ vì mất điện thoại</a>', url)

    def reset_second_factor(self, request: HttpRequest, id: str) -> HttpResponse:
        """Ask for the reason and take it off. Errors: PermissionDenied, Http404."""
        person = self.get_object(request, unquote(id))
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person is None:
            raise Http404
        back = redirect("admin:accounts_user_change", person.pk)
        if person.pk == request.user.pk:
            messages.error(request, "Của chính mình thì đổi ở trang “Xác thực hai bước”.")
            return back
        if not second_factor.has(person):
            messages.info(request, f"{person} chưa bật xác thực hai bước.")
            return back
        form = ResetForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            self._reset(request, person, form.cleaned_data["reason"])
            return back
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": f"Bỏ xác thực hai bước: {person}",
            "form": form,
            "original": person,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/second_factor_reset.html", context)

    def _reset(self, request: HttpRequest, person: User, reason: str) -> None:
        second_factor.reset(
            person, by=request.user, now=timezone.now(), at=clock.now(), reason=reason, ip=client_address(request)
        )
        messages.success(
            request, f"Đã bỏ xác thực hai bước của {person}. Mọi máy đã bị đăng xuất; người đó được báo qua thư."
        )
