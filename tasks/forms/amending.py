"""The form of one thing a draft does to an earlier document."""

from typing import Any

from django import forms

from tasks.amending.writing import Wanted
from tasks.enums import AssignmentRole
from tasks.forms.fields import VnDateField
from tasks.models import AmendmentKind, DirectiveTask
from units.models import Unit

WHOLE = [(AmendmentKind.ADDS.value, "Bổ sung cho cả văn bản")]
OF_A_TASK = [
    (AmendmentKind.DUE.value, "Đổi hạn"),
    (AmendmentKind.ENDS.value, "Kết thúc nhiệm vụ, không phải làm nữa"),
    (AmendmentKind.REPLACES.value, "Kết thúc, thay bằng nhiệm vụ của văn bản này"),
    (AmendmentKind.UNITS.value, "Thêm, bớt đơn vị được giao"),
    (AmendmentKind.ADDS.value, "Bổ sung: nhiệm vụ của văn bản này thêm vào nhiệm vụ đã giao"),
]
ROLES = [(role.value, role.label) for role in (AssignmentRole.LEAD, AssignmentRole.COORDINATING)]


# What each kind asks for beside words and note.
ASKED = {
    AmendmentKind.DUE: ("new_due", "only"),
    AmendmentKind.ENDS: (),
    AmendmentKind.REPLACES: ("new_task",),
    AmendmentKind.UNITS: ("take", "give", "role"),
    AmendmentKind.ADDS: ("new_task",),
}


class AmendmentForm(forms.Form):
    """What the chosen kind needs, in which words."""

    new_due = VnDateField(
        label="Hạn mới",
        help_text="Ví dụ 29/02/2024.",
        error_messages={"required": "Hãy ghi hạn mới, ví dụ 29/02/2024."},
    )
    only = forms.ModelMultipleChoiceField(
        label="Chỉ đổi hạn cho các đơn vị",
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Để trống: mọi đơn vị đang làm nhiệm vụ này.",
    )
    new_task = forms.ModelChoiceField(
        label="Nhiệm vụ của văn bản này",
        queryset=DirectiveTask.objects.none(),
        required=False,
        empty_label="(chưa chọn)",
        error_messages={"required": "Hãy chọn nhiệm vụ của văn bản này thay cho nhiệm vụ cũ."},
    )
    take = forms.ModelMultipleChoiceField(
        label="Không giao nữa cho",
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    give = forms.ModelMultipleChoiceField(
        label="Giao thêm cho",
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    role = forms.ChoiceField(label="Vai trò của đơn vị được giao thêm", choices=ROLES, initial=AssignmentRole.LEAD)
    words = forms.CharField(
        label="Câu trong văn bản này",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Các đơn vị đọc được câu này ở phần việc được sửa đổi.",
    )
    note = forms.CharField(label="Ghi chú của Văn phòng", required=False, max_length=500)

    def __init__(
        self,
        *args: Any,
        kind: AmendmentKind,
        task: DirectiveTask | None,
        new_tasks: Any,
        there: Any,
        others: Any,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.kind, self.task = kind, task
        self.fields["new_task"].queryset = new_tasks
        self.fields["only"].queryset = there
        self.fields["take"].queryset = there
        self.fields["give"].queryset = others
        for name in {name for asked in ASKED.values() for name in asked} - set(ASKED[kind]):
            del self.fields[name]
        for name in {"new_due", "new_task"} & set(self.fields):
            self.fields[name].required = kind != AmendmentKind.ADDS

    @property
    def label(self) -> str:
        """What is done, as it was chosen."""
        return dict(OF_A_TASK if self.task else WHOLE)[self.kind.value]

    def wanted(self) -> Wanted:
        """What was typed."""
        values = self.cleaned_data
        return Wanted(
            kind=self.kind,
            task=self.task,
            new_task=values.get("new_task"),
            new_due=values.get("new_due"),
            only=list(values.get("only") or ()),
            take=list(values.get("take") or ()),
            give=list(values.get("give") or ()),
            role=values.get("role") or AssignmentRole.COORDINATING,
            words=values["words"],
            note=values["note"],
        )
