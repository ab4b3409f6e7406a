"""The administration pages as an office knows them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts import second_factor, signing
from directive_tracker import clock
from records.models import AuditEvent
from units.access import access_of

# In the order of the screen: what an administrator opens most comes first. Others follow by name.
MODEL_ORDER = (
    "units.Unit",
    "units.UnitGroup",
    "units.Area",
    "units.CalendarDay",
    "accounts.User",
    "units.Membership",
    "units.Deputation",
    "notifications.NoticeRule",
    "notifications.Message",
    "notifications.Notice",
    "tasks.Directive",
    "tasks.DirectiveTask",
    "tasks.Assignment",
    "records.AuditEvent",
)
APP_ORDER = ("units", "accounts", "notifications", "tasks", "records")
RECENT = 10


def _place(order: tuple[str, ...], name: str) -> tuple[int, str]:
    """Sort key: the place in the order, unknown names last and by name."""
    return (order.index(name) if name in order else len(order), name)


class TrackerAdminSite(admin.AdminSite):
    """The admin site: in Vietnamese, open by role, never by a flag on the account alone."""

    site_header = "Quản trị hệ thống"
    site_title = "Quản trị hệ thống"
    index_title = "Đơn vị, người dùng, lịch và quy tắc"
    empty_value_display = "–"
    # The first page and the path above each page lead everywhere; lists need the width.
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # Nothing is deleted here: what has ended gets an end date, a person's account is switched off.
        self.disable_action("delete_selected")

    def get_urls(self) -> list:
        """Without the page that leads to any row's own page: it would tell of every id whether it is there."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person administrates, or works in the office and may read, and has passed the second factor.

        The middleware leads there before; this holds even where somebody takes the middleware away.
        """
        if not request.user.is_active:
            return False
        access = access_of(request.user, today=clock.today())
        if not (access.is_administrator or access.is_office):
            return False
        return second_factor.is_verified(request) or not second_factor.needs(request.user, access.roles)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., HttpResponseBase]:
        """Guard a page: strangers sign in first, other roles are told that they may not."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("accounts:login"))
            if not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return guarded

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """There is one sign-in page for everything."""
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect_to_login(reverse("admin:index"), reverse("accounts:login"))

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Sign out as everywhere else; only by the button."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        signing.sign_out(request, now=clock.now())
        return redirect("accounts:login")

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """One's own password is changed on the page of one's own account."""
        return redirect("accounts:profile")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Rooms and their lists in the order of the work, not of the alphabet."""
        apps = list(self._build_app_dict(request, app_label).values())
        for app in apps:
            app["models"].sort(key=lambda row: _place(MODEL_ORDER, row["model"]._meta.label))
        return sorted(apps, key=lambda app: _place(APP_ORDER, app["app_label"]))

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> TemplateResponse:
        """The first page, with what this person changed here lately."""
        recent = AuditEvent.objects.filter(actor=request.user, verb__startswith="admin.").order_by("-pk")[:RECENT]
        return super().index(request, {"recent_events": recent, **(extra_context or {})})
