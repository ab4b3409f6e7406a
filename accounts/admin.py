"""People in the admin. The units room hangs the roles on it (units/admin.py)."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from accounts import letters, links, signing
from accounts.admin_people import InvitationFilter, PersonDeedsMixin
from accounts.admin_second_factor import SecondFactorAdminMixin
from accounts.forms import password_rules
from accounts.models import LinkPurpose, User
from directive_tracker import clock
from directive_tracker.addresses import client_address
from directive_tracker.admin_mixins import RefusedOnSave, TrackerAdmin

admin.site.unregister(Group)

LABELS = {"username": "Tên đăng nhập", "email": "Thư điện tử", "is_active": "Được đăng nhập"}
HINTS = {
    "username": "Chữ không dấu và số, viết liền, ví dụ: dakha.",
    "email": "Nơi nhận nhắc việc.",
    "is_active": "Bỏ chọn để tạm khóa; thôi việc hoặc chuyển đi thì dùng nút ở đầu trang. Tài khoản không bao giờ bị xóa.",
}


class NewPersonForm(forms.ModelForm):
    """A new person; the password is the person's own business."""

    invite = forms.BooleanField(
        label="Gửi lời mời ngay",
        required=False,
        help_text="Thư có đường dẫn để người này tự đặt mật khẩu. Tên đăng nhập thì báo riêng.",
    )

    class Meta:
        model = User
        fields = ["full_name", "username", "position", "phone", "email"]
        labels = LABELS
        help_texts = HINTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["invite"].initial = letters.reach_people()

    def clean(self) -> dict[str, Any]:
        """A mail needs an address."""
        data = super().clean()
        if data.get("invite") and not data.get("email") and "email" not in self.errors:
            self.add_error("email", "Cần địa chỉ thư để gửi lời mời; hoặc bỏ chọn “Gửi lời mời ngay”.")
        return data

    def save(self, commit: bool = True) -> User:
        """An account into which nobody can sign in before setting a password."""
        self.instance.set_unusable_password()
        return super().save(commit)


class PersonForm(forms.ModelForm):
    """A person who is there; the password has a page of its own."""

    class Meta:
        model = User
        fields = ["full_name", "username", "position", "phone", "email", "language", "is_active"]
        labels = LABELS
        help_texts = HINTS


class PersonPasswordForm(AdminPasswordChangeForm):
    """A new password set by the administrator; switching the password off is done by switching off the account."""

    error_messages = {"password_mismatch": "Hai lần gõ mật khẩu không giống nhau."}

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields.pop("usable_password", None)
        for name, label in (("password1", "Mật khẩu mới"), ("password2", "Gõ lại mật khẩu mới")):
            self.fields[name].label, self.fields[name].required = label, True
        self.fields["password1"].help_text = password_rules()
        self.fields["password2"].help_text = "Mọi máy đang đăng nhập bằng tài khoản này sẽ bị đăng xuất."

    def save(self, commit: bool = True) -> User:
        """Set it; links that wait in the mail end, and the person is told."""
        user = super().save(commit)
        links.end_open([user], now=timezone.now())
        user.trusted_devices.filter(revoked_at=None).update(revoked_at=timezone.now())
        letters.tell(letters.PASSWORD_CHANGED, user, now=clock.now())
        return user


@admin.register(User)
class PersonAdmin(PersonDeedsMixin, SecondFactorAdminMixin, TrackerAdmin, UserAdmin):
    """Names, how to reach them, roles from–to, a password that can be set but never read."""

    form = PersonForm
    add_form = NewPersonForm
    add_form_template = "admin/change_form.html"
    change_password_form = PersonPasswordForm
    change_user_password_template = "admin/person_password.html"
    list_display = ("full_name", "username", "position", "phone", "roles_now", "is_active")
    list_filter = ("is_active", InvitationFilter)
    ordering = ("sort_key", "pk")
    filter_horizontal = ()
    readonly_fields = ("invitation_state", "password_link", "second_factor_state")
    # The units room appends the roles; a list, so that it need not be replaced.
    inlines: ClassVar[list] = []
    # Called after everything of the form is saved; what it refuses is undone.
    after_saving: ClassVar[list[Callable[[], None]]] = []
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "full_name",
                    "username",
                    "invitation_state",
                    "password_link",
                    "second_factor_state",
                    "is_active",
                )
            },
        ),
        ("Liên hệ", {"fields": ("position", "phone", "email", "language")}),
    )
    add_fieldsets = (
        (None, {"fields": ("full_name", "username")}),
        ("Liên hệ", {"fields": ("position", "phone", "email", "invite")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """People with their roles, in three statements however many there are."""
        return super().get_queryset(request).prefetch_related("memberships__unit", "memberships__area")

    @admin.display(description="vai trò hiện nay")
    def roles_now(self, user: User) -> str:
        """The roles in force today, one a line."""
        today = clock.today()
        words = [
            f"{row.get_role_display()} – {row.unit.short_name if row.unit else row.area}"
            for row in user.memberships.all()
            if row.valid_from <= today and (row.valid_to is None or row.valid_to >= today)
        ]
        return format_html_join(mark_safe("<br>"), "{}", ((word,) for word in words)) or "–"

    @admin.display(description="mật khẩu")
    def password_link(self, user: User) -> str:
        """The way to the page that sets a new password."""
        if user.pk is None:
            return "–"
        url = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('<a class="button" href="{}">Đặt mật khẩu mới</a>', url)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Nobody shuts the door on themselves."""
        if obj.pk == request.user.pk and not obj.is_active:
            raise RefusedOnSave("Không thể tự khóa tài khoản của chính mình.")
        super().save_model(request, obj, form, change)
        if change and not obj.is_active and "is_active" in form.changed_data:
            signing.end_sessions(obj)
            links.end_open([obj], now=timezone.now())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows below and ask the later rooms whether that may stand."""
        super().save_related(request, form, formsets, change)
        for check in self.after_saving:
            check()
        if form.cleaned_data.get("invite"):
            links.send_many(
                [form.instance],
                LinkPurpose.INVITATION,
                by=request.user,
                now=timezone.now(),
                at=clock.now(),
                ip=client_address(request),
            )
