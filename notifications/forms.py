"""The filters of the ledger."""

from django import forms

from notifications.models import MessageState


class LedgerFilterForm(forms.Form):
    """Which mails the ledger shows; a value that makes no sense says so and filters nothing."""

    state = forms.ChoiceField(label="Trạng thái", required=False, choices=[("", "Tất cả"), *MessageState.choices])
    person = forms.CharField(
        label="Người nhận",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "tên, không cần dấu"}),
    )
    day = forms.DateField(
        label="Ngày gửi",
        required=False,
        widget=forms.DateInput(attrs={"placeholder": "dd/mm/yyyy", "class": "dt-w-short", "inputmode": "numeric"}),
        error_messages={"invalid": "Xin nhập ngày dạng 15/4/2024."},
    )


class HoldAllForm(forms.Form):
    """Why nothing shall leave."""

    reason = forms.CharField(
        label="Lý do giữ mọi thư",
        min_length=3,
        max_length=200,
        error_messages={
            "required": "Hãy ghi lý do giữ mọi thư, để người khác biết vì sao không có thư.",
            "min_length": "Lý do giữ mọi thư quá ngắn: cần ít nhất 3 ký tự.",
            "max_length": "Lý do giữ mọi thư quá dài: nhiều nhất 200 ký tự.",
        },
    )


class ReleaseAllForm(forms.Form):
    """Letting go; after a restore what had left until a moment is not sent again."""

    told_until = forms.DateTimeField(
        label="Thư phải gửi đến lúc này coi như đã gửi",
        required=False,
        input_formats=["%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"placeholder": "07:30 16/4/2024", "class": "dt-w-short"}),
        help_text="Sau khi khôi phục dữ liệu: lúc hệ thống cũ còn gửi thư lần cuối. Để trống là gửi mọi thư đang chờ.",
        error_messages={"invalid": "Xin nhập thời điểm dạng 07:30 16/4/2024."},
    )
