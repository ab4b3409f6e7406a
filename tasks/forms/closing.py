"""Forms of ending a document and of following it again."""

from datetime import date
from typing import Any

from django import forms

from tasks.closing.ending import Ending
from tasks.forms.fields import VnDateField, WrittenField


class EndingForm(forms.Form):
    """The day, the number of the summary report, and that what is open does not matter."""

    use_required_attribute = False
    closed_on = VnDateField(
        label="Ngày kết thúc theo dõi",
        required=True,
        help_text="Thường là ngày ký báo cáo tổng hợp. Ví dụ 20/5/2024.",
        error_messages={"required": "Hãy ghi ngày kết thúc theo dõi, ví dụ 20/5/2024."},
    )
    report_number = forms.CharField(
        label="Số báo cáo tổng hợp",
        max_length=60,
        help_text="Số văn thư cấp trên bản giấy, ví dụ 125-BC/VPTU.",
        error_messages={
            "required": "Hãy ghi số của báo cáo tổng hợp, ví dụ 125-BC/VPTU.",
            "max_length": "Số báo cáo dài %(show_value)s ký tự; chỉ ghi số và ký hiệu, tối đa %(limit_value)s ký tự.",
        },
    )
    anyway = forms.BooleanField(label="Tôi đã xem các việc chưa xong ở trên và vẫn kết thúc theo dõi", required=False)

    def __init__(self, *args: Any, is_open: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not is_open:
            del self.fields["anyway"]

    def ending(self) -> Ending:
        """What was typed."""
        day: date = self.cleaned_data["closed_on"]
        return Ending(day, self.cleaned_data["report_number"], self.cleaned_data.get("anyway", False))


class FollowAgainForm(forms.Form):
    """Why a document is followed again."""

    use_required_attribute = False
    reason = WrittenField(
        label="Lý do theo dõi lại",
        max_length=500,
        rows=3,
        required=True,
        error_messages={"required": "Hãy ghi lý do theo dõi lại (ít nhất 3 ký tự)."},
    )
