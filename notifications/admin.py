"""Rules of reminding, and what became of letters; their texts are between sender and recipient."""

from collections.abc import Callable

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, RegexValidator
from django.http import HttpRequest

from directive_tracker.admin_mixins import ReadOnlyMixin, TrackerAdmin
from notifications import channels, targets
from notifications.models import ChannelKind, Message, Notice, NoticeRule, UnitAddress


@admin.register(NoticeRule)
class NoticeRuleAdmin(TrackerAdmin):
    """When to remind, whom, and whether by mail. Rungs are added on the office's page."""

    list_display = ("name", "anchor", "working_days_before", "audience", "by_mail", "is_active")
    list_editable = ("by_mail", "is_active")
    fields = ("stage", "name", "anchor", "working_days_before", "repeats_weekly", "audience", "by_mail", "is_active")
    # Another number of days would be another rung: what was told at the old one keeps its name.
    readonly_fields = ("stage", "anchor", "working_days_before", "repeats_weekly", "audience")
    search_fields = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A new stage would be one the program does not know."""
        return False


@admin.register(Message)
class MessageAdmin(ReadOnlyMixin, TrackerAdmin):
    """Was it sent, when, and if not, why. Without the text: it may carry a link that signs somebody in."""

    list_display = ("recipient", "kind", "day", "state", "attempts", "sent_at", "last_error")
    list_filter = ("state", "kind")
    list_select_related = ("recipient",)
    fields = ("recipient", "key", "kind", "day", "due_at", "state", "attempts", "next_try_at", "sent_at", "last_error")
    search_fields = ("recipient__search_key", "key")
    search_help_text = "Người nhận (không cần dấu) hoặc khóa của thư (X-Notification-Key)."


@admin.register(Notice)
class NoticeAdmin(ReadOnlyMixin, TrackerAdmin):
    """Was it planned and sent; neither what it says nor whether somebody has read it."""

    list_display = ("recipient", "kind", "due_at", "state", "sent_at")
    list_filter = ("state", "kind")
    list_select_related = ("recipient",)
    fields = ("recipient", "key", "kind", "due_at", "planned_at", "state", "message_key", "sent_at")
    readonly_fields = ("message_key",)
    search_fields = ("recipient__search_key", "key")
    search_help_text = "Người nhận (không cần dấu) hoặc khóa của nhắc việc."

    @admin.display(description="thư")
    def message_key(self, notice: Notice) -> str:
        """The letter that carried it."""
        return notice.message.key if notice.message else "–"


def check_target(url: str) -> None:
    """Raise ValidationError, in words, for an address to which nothing may be sent."""
    try:
        targets.check(url)
    except targets.Refused as refused:
        raise ValidationError(str(refused)) from refused


ADDRESS_CHECKS: dict[ChannelKind, Callable[[str], None]] = {
    ChannelKind.MAIL: EmailValidator("Địa chỉ thư chưa đúng; ví dụ vanthu@huyen.example.vn."),
    ChannelKind.WEBHOOK: check_target,
    ChannelKind.SMS: RegexValidator(r"^\+?[0-9]{8,15}$", "Số điện thoại chỉ gồm 8–15 chữ số, ví dụ 0903000000."),
}


class UnitAddressForm(forms.ModelForm):
    """An address, with the key of signing typed in and never shown again."""

    secret = forms.CharField(
        label="Khóa ký",
        required=False,
        min_length=16,
        max_length=200,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Chỉ cho hệ thống khác: từ 16 ký tự, hai bên giữ kín. Để trống là giữ khóa cũ; khi đổi, khóa cũ còn "
        "ký cùng khóa mới 7 ngày để bên nhận kịp thay.",
        error_messages={"min_length": "Khóa ký phải có ít nhất 16 ký tự."},
    )
    drop_old_key = forms.BooleanField(
        label="Ngừng dùng khóa cũ ngay",
        required=False,
        help_text="Khi khóa cũ đã lộ: từ lúc lưu chỉ còn ký bằng khóa hiện dùng.",
    )

    class Meta:
        model = UnitAddress
        fields = ("unit", "channel", "address", "secret", "drop_old_key", "is_active")

    def clean_secret(self) -> str:
        """A key that says it is written in base64 must be."""
        secret = self.cleaned_data["secret"]
        try:
            channels.key_of(secret)
        except ValueError as error:
            raise ValidationError(
                "Khóa bắt đầu bằng whsec_ thì phần sau phải là base64; hãy chép lại đủ, hoặc dùng khóa không có whsec_."
            ) from error
        return secret

    def clean(self) -> dict:
        """The address must fit its channel; another system needs a key."""
        data = super().clean() or {}
        channel, address = data.get("channel"), data.get("address")
        if channel and address:
            try:
                ADDRESS_CHECKS[ChannelKind(channel)](address)
            except ValidationError as error:
                self.add_error("address", error)
        if channel == ChannelKind.WEBHOOK and not data.get("secret") and not self.instance.sealed_secret:
            self.add_error("secret", "Hệ thống khác cần khóa ký để kiểm tra nguồn gửi; hãy đặt khóa từ 16 ký tự.")
        return data

    def _post_clean(self) -> None:
        at_once = self.cleaned_data.get("drop_old_key", False)
        if self.cleaned_data.get("secret"):
            self.instance.keep_secret(self.cleaned_data["secret"], at_once=at_once)
        elif at_once:
            self.instance.sealed_secret_before = self.instance.secret_before_until = None
        if self.cleaned_data.get("is_active") and (self.instance.paused_at or "address" in self.changed_data):
            self.instance.begin_anew()
        super()._post_clean()


@admin.register(UnitAddress)
class UnitAddressAdmin(TrackerAdmin):
    """Mailboxes, other systems and numbers of units; what has been told there stays, so that none is deleted."""

    form = UnitAddressForm
    list_display = ("unit", "channel", "address", "is_active")
    list_filter = ("channel", "is_active")
    list_select_related = ("unit",)
    autocomplete_fields = ("unit",)
    search_fields = ("unit__search_key", "address")
    search_help_text = "Đơn vị (không cần dấu) hoặc địa chỉ."

    def has_delete_permission(self, request: HttpRequest, obj: UnitAddress | None = None) -> bool:
        """An address that is not used any more is switched off."""
        return False
