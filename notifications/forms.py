"""The filters of the ledger."""

from django import forms

from notifications.models import Anchor, Audience, MessageState, NoticeRule


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
    """Letting go; after a restore what had left until a moment is not sent again.

    Args:
        restored: there was a restore: somebody has to say what becomes of mails that may have left before.
    """

    SEND, DROP = "send", "drop"
    doubtful = forms.ChoiceField(
        label="Thư có thể đã gửi",
        required=False,
        choices=[(DROP, "Bỏ, không gửi lại"), (SEND, "Gửi tất cả")],
        error_messages={
            "required": "Hãy chọn: bỏ những thư có thể đã gửi trước khi khôi phục, hay gửi tất cả.",
            "invalid_choice": "Hãy chọn một trong hai cách có trên trang.",
        },
    )

    told_until = forms.DateTimeField(
        label="Thư phải gửi đến lúc này coi như đã gửi",
        required=False,
        input_formats=["%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"placeholder": "07:30 16/4/2024", "class": "dt-w-short"}),
        help_text="Sau khi khôi phục dữ liệu: lúc hệ thống cũ còn gửi thư lần cuối. Để trống là gửi mọi thư đang chờ.",
        error_messages={"invalid": "Xin nhập thời điểm dạng 07:30 16/4/2024."},
    )

    def __init__(self, *args, restored: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["doubtful"].required = restored


class RuleForm(forms.Form):
    """A new rung of the ladder."""

    WHEN = (
        ("before", "ngày làm việc trước hạn"),
        ("after", "ngày làm việc sau hạn"),
        ("assigned", "ngày làm việc sau khi giao mà chưa tiếp nhận"),
    )
    # An occasion is no document's: its rungs are general ones, and whom they tell follows.
    OCCASION = ("occasion", "ngày làm việc trước ngày kỷ niệm của đợt tri ân")

    days = forms.IntegerField(
        label="Số ngày",
        min_value=0,
        max_value=NoticeRule.LONGEST,
        widget=forms.NumberInput(attrs={"class": "dt-w-short", "inputmode": "numeric"}),
        error_messages={
            "required": "Hãy ghi số ngày làm việc, từ 0 đến 60.",
            "invalid": "Số ngày phải là một số nguyên từ 0 đến 60, ví dụ 5.",
            "min_value": "Số ngày phải từ 0 đến 60; muốn nhắc sau hạn thì ghi số dương và chọn “sau hạn”.",
            "max_value": "Số ngày phải từ 0 đến 60.",
        },
    )
    when = forms.ChoiceField(label="Khi nào", choices=WHEN)
    audience = forms.ChoiceField(
        label="Báo cho", choices=[choice for choice in Audience.choices if choice[0] != Audience.OCCASION]
    )
    by_mail = forms.BooleanField(label="Gửi thư", required=False)

    def __init__(self, *args, general: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        if general:
            self.fields["when"].choices = [*self.WHEN, self.OCCASION]

    def clean(self) -> dict:
        """A rung for the office or of an occasion stands in the app only; nobody can be told before a work is given."""
        data = super().clean() or {}
        if data.get("when") == "occasion":
            data["audience"] = Audience.OCCASION
            if data.get("by_mail"):
                self.add_error("by_mail", "Nhắc về đợt tri ân chỉ hiện trong ứng dụng, không gửi thư.")
            return data
        if data.get("by_mail") and data.get("audience") == Audience.OFFICE:
            self.add_error("by_mail", "Danh sách của Văn phòng chỉ hiện trong ứng dụng, không gửi thư.")
        if data.get("when") == "after" and data.get("days") == 0:
            self.add_error("days", "Sau hạn thì số ngày từ 1 trở lên; đúng ngày hạn thì chọn 0 ngày trước hạn.")
        if data.get("when") == "before" and data.get("audience") == Audience.OFFICE:
            self.add_error("audience", "Văn phòng chỉ được báo sau hạn.")
        return data

    def rung(self) -> dict:
        """The arguments of `rules.add`."""
        data = self.cleaned_data
        anchors = {"assigned": Anchor.ASSIGNED, "occasion": Anchor.OCCASION}
        return {
            "anchor": anchors.get(data["when"], Anchor.DUE),
            "days": data["days"] if data["when"] in ("before", "occasion") else -data["days"],
            "audience": data["audience"],
            "by_mail": data["by_mail"],
        }
