"""Small forms of a unit's pages: giving work back, asking for time, deciding contributions."""

from django import forms

from directive_tracker.vietnamese import vn_date
from tasks.forms.asking import UnitNameField
from tasks.forms.fields import VnDateField, WrittenField
from tasks.lifecycle import REASON_MAX, REASON_MIN
from tasks.models import Assignment

RETURN, ACCEPT = "return", "accept"


def _reason(label: str, missing: str, **values) -> WrittenField:
    return WrittenField(
        label=label,
        required=True,
        min_length=REASON_MIN,
        max_length=REASON_MAX,
        rows=4,
        error_messages={"required": missing},
        **values,
    )


class GiveBackForm(forms.Form):
    """Why the work is not the unit's."""

    use_required_attribute = False
    reason = _reason(
        "Lý do",
        "Hãy ghi lý do, để Văn phòng biết việc này thuộc về ai.",
        help_text="Ví dụ: việc thuộc chức năng của cơ quan khác, hoặc đơn vị không có đối tượng.",
    )
    named_unit = UnitNameField(label="Đề nghị giao cho đơn vị")

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["named_unit"].today = today


class HeadReturnForm(forms.Form):
    """What the unit's head wants changed."""

    use_required_attribute = False
    reason = _reason("Điều cần sửa", "Hãy ghi điều cần sửa, để cán bộ đầu mối biết phải sửa gì.")


class ExtensionForm(forms.Form):
    """A later date and why."""

    use_required_attribute = False
    new_due = VnDateField(
        label="Xin gia hạn đến ngày",
        required=True,
        error_messages={"required": "Hãy ghi ngày xin gia hạn đến."},
    )
    reason = _reason(
        "Lý do",
        "Hãy ghi lý do xin gia hạn.",
        help_text="Đã làm đến đâu, còn vướng gì, vì sao ngày mới làm kịp.",
    )

    def __init__(self, *args, assignment: Assignment, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.assignment, self.today = assignment, today

    def clean_new_due(self):
        new_due = self.cleaned_data["new_due"]
        due = self.assignment.due_current
        if due and new_due <= due:
            raise forms.ValidationError(f"Ngày xin phải sau hạn hiện nay ({vn_date(due)}).")
        if new_due <= self.today:
            raise forms.ValidationError("Ngày này đã đến hoặc đã qua; hãy chọn một ngày sau hôm nay.")
        return new_due


class ContributionForm(forms.Form):
    """The lead's answer to a contribution; a return needs a reason."""

    use_required_attribute = False
    reason = _reason("Lý do trả lại", "Hãy ghi lý do trả lại, để đơn vị phối hợp biết phải bổ sung gì.")
