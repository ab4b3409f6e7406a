"""What an administrator does for a person beside changing the row: invite, reset, print, end sessions.

Each is a page of its own: GET asks, POST acts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import segno
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts import letters, links, signing
from accounts.models import LinkPurpose, User
from directive_tracker import clock
from directive_tracker.addresses import client_address
from directive_tracker.vietnamese import vn_datetime
from records import audit

# Names under which no phone finds this machine.
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
OFF = "Tài khoản đang khóa. Mở lại tài khoản trước."
NO_MAIL = "Người này chưa có địa chỉ thư. Hãy điền địa chỉ thư trước."


@dataclass(frozen=True)
class Deed:
    """One thing to do for a person: words of the button, what it means, when it cannot be done, how it is done."""

    label: str
    meaning: str
    refusal: Callable[[HttpRequest, User], str]
    do: Callable[[HttpRequest, User], str]


def _send(purpose: LinkPurpose) -> Callable[[HttpRequest, User], str]:
    def send(request: HttpRequest, user: User) -> str:
        ip = client_address(request)
        links.send_many([user], purpose, by=request.user, now=timezone.now(), at=clock.now(), ip=ip)
        what = "lời mời" if purpose == LinkPurpose.INVITATION else "đường dẫn đặt lại mật khẩu"
        where = f"đến {user.email}" if letters.reach_people() else "vào thư mục thư của máy này (chưa nối máy chủ thư)"
        return f"Đã gửi {what} {where}. Báo riêng tên đăng nhập: {user.username}."

    return send


def _may_send(request: HttpRequest, user: User) -> str:
    if not user.is_active:
        return OFF
    return "" if user.email else NO_MAIL


def _may_invite(request: HttpRequest, user: User) -> str:
    if user.has_usable_password():
        return "Người này đã có mật khẩu. Nếu quên, hãy gửi đường dẫn đặt lại mật khẩu."
    return _may_send(request, user)


def _may_reset(request: HttpRequest, user: User) -> str:
    if not user.has_usable_password():
        return "Người này chưa có mật khẩu. Hãy gửi lời mời."
    return _may_send(request, user)


def _may_end_sessions(request: HttpRequest, user: User) -> str:
    if user.pk == request.user.pk:
        return "Phiên của chính mình thì kết thúc ở trang “Tài khoản của tôi”."
    return ""


@transaction.atomic
def _end_sessions(request: HttpRequest, user: User) -> str:
    count = signing.end_sessions(user)
    data, ip = {"count": count}, client_address(request)
    audit.record("account.sessions_ended", by=request.user, at=clock.now(), target=user, data=data, ip=ip)
    return f"Đã kết thúc {count} phiên."


DEEDS = {
    "moi": Deed(
        label="Gửi lời mời",
        meaning="Gửi thư có đường dẫn để tự đặt mật khẩu lần đầu; dùng được một lần, trong 7 ngày. "
        "Lời mời cũ, nếu còn, hết giá trị.",
        refusal=_may_invite,
        do=_send(LinkPurpose.INVITATION),
    ),
    "dat-lai": Deed(
        label="Gửi đường dẫn đặt lại mật khẩu",
        meaning="Gửi thư có đường dẫn để tự đặt mật khẩu mới; dùng được một lần, trong 2 giờ. "
        "Mật khẩu hiện nay vẫn dùng được cho đến lúc đó.",
        refusal=_may_reset,
        do=_send(LinkPurpose.RESET),
    ),
    "ket-thuc-phien": Deed(
        label="Kết thúc mọi phiên",
        meaning="Đăng xuất người này khỏi mọi máy ngay bây giờ. Mật khẩu không đổi.",
        refusal=_may_end_sessions,
        do=_end_sessions,
    ),
}


class InvitationFilter(admin.SimpleListFilter):
    """Who has not yet accepted an invitation."""

    title = "lời mời"
    parameter_name = "invitation"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """The three answers."""
        return [("none", "Chưa nhận lời mời"), ("open", "Đã mời, chưa đặt mật khẩu"), ("done", "Đã có mật khẩu")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The people of the chosen answer."""
        now = timezone.now()
        if self.value() == "none":
            return queryset.filter(pk__in=links.not_invited(now=now).values("pk"))
        if self.value() == "open":
            waiting = links.without_password().exclude(pk__in=links.not_invited(now=now).values("pk"))
            return queryset.filter(pk__in=waiting.values("pk"))
        if self.value() == "done":
            return queryset.exclude(pk__in=links.without_password().values("pk")).filter(is_active=True)
        return queryset


class PersonDeedsMixin:
    """The pages of DEEDS, the printed invitation, and inviting the people selected in the list."""

    actions = ("invite_selected",)
    change_form_template = "admin/person_change.html"

    def get_urls(self) -> list:
        """The pages of one person stand below the person's own address."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/viec/<slug:what>/", wrap(self.deed_view), name="accounts_user_deed"),
            path("<int:pk>/giay-moi/", wrap(self.sheet_view), name="accounts_user_sheet"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """The person's page with the buttons of what can be done now."""
        user = self.get_object(request, unquote(object_id))
        may = user is not None and self.has_change_permission(request, user)
        deeds = [
            {"label": deed.label, "url": reverse("admin:accounts_user_deed", args=[user.pk, what])}
            for what, deed in (DEEDS.items() if may else ())
            if not deed.refusal(request, user)
        ]
        if may and not self._sheet_refusal(user):
            deeds.append({"label": "In giấy mời", "url": reverse("admin:accounts_user_sheet", args=[user.pk])})
        return super().change_view(request, object_id, form_url, {"deeds": deeds, **(extra_context or {})})

    def _person(self, request: HttpRequest, pk: int) -> User:
        """The person, for whoever may change the row. Errors: Http404, PermissionDenied."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        user = self.get_object(request, str(pk))
        if user is None:
            raise Http404
        return user

    def _ask(self, request: HttpRequest, user: User, **context: Any) -> HttpResponse:
        """The page that asks before something is done."""
        base = {**self.admin_site.each_context(request), "opts": self.opts, "original": user, "subtitle": None}
        return TemplateResponse(request, "admin/person_deed.html", {**base, **context})

    @method_decorator(never_cache)
    def deed_view(self, request: HttpRequest, pk: int, what: str) -> HttpResponse:
        """Ask (GET) and do (POST) one of DEEDS."""
        user = self._person(request, pk)
        deed = DEEDS.get(what)
        if deed is None:
            raise Http404
        refusal = deed.refusal(request, user)
        if request.method != "POST" or refusal:
            words = {"title": deed.label, "meaning": deed.meaning, "button": deed.label}
            return self._ask(request, user, refusal=refusal, **words)
        messages.success(request, deed.do(request, user))
        return redirect("admin:accounts_user_change", user.pk)

    def _sheet_refusal(self, user: User) -> str:
        """Why no invitation is printed for this person, or ""."""
        if letters.reach_people():
            return "Hệ thống đã nối máy chủ thư: hãy gửi lời mời qua thư."
        return "" if user.is_active else OFF

    @method_decorator(never_cache)
    def sheet_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A printed invitation for a pilot without a mail server: shown once, to whoever had it made."""
        user = self._person(request, pk)
        refusal = self._sheet_refusal(user)
        if request.method != "POST" or refusal:
            return self._ask(
                request,
                user,
                title="In giấy mời",
                meaning="Tờ giấy có đường dẫn và mã vuông để người này tự đặt mật khẩu; dùng được một lần và chỉ hiện "
                "một lần. Đường dẫn cũ, nếu còn, hết giá trị. Trao tận tay, và báo riêng tên đăng nhập.",
                refusal=refusal,
                button="Lập giấy mời",
            )
        with transaction.atomic():
            purpose, at = links.purpose_for(user), clock.now()
            link = links.make(user, purpose, request.user, timezone.now(), printed=True)
            ip = client_address(request)
            audit.record("account.sheet_printed", by=request.user, at=at, target=user, data={"to": purpose}, ip=ip)
        address = links.address(link)
        context = {"person": user, "address": address, "link": link, "referrer": "strict-origin"}
        if urlsplit(address).hostname not in THIS_MACHINE:
            context["picture"] = segno.make(address, error="m").svg_data_uri(scale=5, border=2)
        response = render(request, "admin/person_sheet.html", context)
        response["Referrer-Policy"] = "strict-origin"
        return response

    @admin.action(description="Gửi lời mời cho người đã chọn", permissions=["change"])
    def invite_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Invite everybody selected who has no password yet."""
        ip = client_address(request)
        invited = links.invite(queryset, by=request.user, now=timezone.now(), at=clock.now(), ip=ip)
        level = messages.SUCCESS if invited.sent else messages.WARNING
        self.message_user(request, invited.sentence(), level)

    @admin.display(description="lời mời")
    def invitation_state(self, user: User) -> str:
        """Whether the person has been invited and has answered."""
        if user.pk is None:
            return "–"
        if user.has_usable_password():
            return "Đã có mật khẩu"
        link = user.account_links.first()
        if link is None:
            return "Chưa được mời"
        if links.is_open(link, now=timezone.now()):
            return f"Đã mời {vn_datetime(link.made_at)}, chờ đặt mật khẩu đến {vn_datetime(link.expires_at)}"
        return "Lời mời trước không còn dùng được; hãy gửi lại"
