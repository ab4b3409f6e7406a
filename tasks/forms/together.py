"""What is typed when work is handed on, contributions are asked for, papers are handed out."""

from datetime import date

from django import forms

from directive_tracker.vietnamese import vn_date
from tasks.forms.fields import VnDateField, WrittenField
from tasks.handing.contributions import USUAL_WORDS
from tasks.handing.giving import DOES_MAX, END, KEEP, NAME_MAX, WORDS_MAX
from tasks.models import AssignmentProduct
from units.models import Unit, UnitGroup

BOXES = forms.CheckboxSelectMultiple


class HandOnForm(forms.Form):
    """Which units, what, by when, which papers. plain: the task takes words and counts only, so no link stands here either."""

    use_required_attribute = False
    units = forms.ModelMultipleChoiceField(
        label="Đơn vị nhận",
        queryset=Unit.objects.none(),
        widget=BOXES,
        error_messages={"required": "Hãy chọn ít nhất một đơn vị nhận."},
    )
    words = WrittenField(
        label="Nội dung giao lại",
        required=True,
        error_messages={"required": "Hãy ghi nội dung giao lại."},
        max_length=WORDS_MAX,
        rows=3,
        help_text="Đơn vị nhận đọc đúng lời này, ví dụ: Tổ chức tuyên truyền trên loa truyền thanh của xã, báo cáo số buổi.",
    )
    due = VnDateField(label="Hạn của phần giao lại", required=False)
    deliveries = forms.ModelMultipleChoiceField(
        label="Đơn vị nhận phải gửi văn bản",
        queryset=AssignmentProduct.objects.none(),
        widget=BOXES,
        required=False,
    )
    across = forms.BooleanField(required=False)

    def __init__(self, *args, units, deliveries, latest: date | None, under: bool, name: str, plain: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].plain = plain
        self.fields["units"].queryset = units
        self.fields["deliveries"].queryset = deliveries
        self.fields["deliveries"].label_from_instance = lambda delivery: delivery.product.name
        limit = f"Không sau hạn của đơn vị ({vn_date(latest)}). " if latest else ""
        self.fields["due"].help_text = f"{limit}Để trống nếu không đặt hạn."
        if not deliveries:
            del self.fields["deliveries"]
        if under:
            del self.fields["across"]
        else:
            self.fields["across"].required = True
            self.fields["across"].label = (
                f"Tôi biết các đơn vị này không trực thuộc {name}; việc giao lại đã được thống nhất "
                "và được ghi vào nhật ký, Văn phòng được báo."
            )
            self.fields["across"].error_messages["required"] = "Xin đánh dấu xác nhận trước khi giao lại."


class AskForm(forms.Form):
    """The words of a request for contributions, and by when."""

    use_required_attribute = False
    words = WrittenField(
        label="Nội dung đề nghị",
        required=True,
        error_messages={"required": "Hãy ghi nội dung đề nghị."},
        max_length=500,
        rows=2,
        initial=USUAL_WORDS,
    )
    wanted_by = VnDateField(label="Gửi trước ngày", required=False)


class PartnerForm(forms.Form):
    """A body without an account, and what it does."""

    use_required_attribute = False
    name = WrittenField(
        label="Tên cơ quan, đơn vị",
        required=True,
        error_messages={"required": "Hãy ghi tên cơ quan, đơn vị."},
        max_length=NAME_MAX,
        widget=forms.TextInput,
    )
    does = WrittenField(
        label="Làm việc gì",
        required=True,
        error_messages={"required": "Hãy ghi việc cơ quan đó làm."},
        max_length=DOES_MAX,
        rows=2,
    )


class EndPartsForm(forms.Form):
    """Why all parts that are still open are taken back."""

    use_required_attribute = False
    reason = WrittenField(
        label="Lý do", required=True, error_messages={"required": "Hãy ghi lý do."}, max_length=500, rows=2
    )


class WhatOfPartsForm(forms.Form):
    """What becomes of the parts when the work they belong to ends; asked only where there are any."""

    parts = forms.ChoiceField(
        label="Các phần đã giao lại",
        widget=forms.RadioSelect,
        choices=[(END, "Kết thúc cùng lúc, báo cho các đơn vị"), (KEEP, "Để các đơn vị làm tiếp")],
        error_messages={"required": "Hãy chọn: kết thúc các phần đã giao lại, hay để làm tiếp."},
    )


class ReleaseForm(forms.Form):
    """Who gets the paper, with which words."""

    use_required_attribute = False
    words = WrittenField(label="Lời nhắn", max_length=1000, rows=2, required=False)
    units = forms.ModelMultipleChoiceField(
        label="Đơn vị nhận", queryset=Unit.objects.none(), widget=BOXES, required=False
    )
    groups = forms.ModelMultipleChoiceField(
        label="Thêm cả nhóm", queryset=UnitGroup.objects.none(), widget=BOXES, required=False
    )

    def __init__(self, *args, units, groups, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["groups"].queryset = groups
        if units:
            self.fields["units"].queryset = units
        else:  # All that usually get it have it: no list without a box.
            del self.fields["units"]

    def clean(self) -> dict:
        """Somebody gets it."""
        cleaned = super().clean()
        if not cleaned.get("units") and not cleaned.get("groups") and not self.errors:
            chosen = "units" if "units" in self.fields else "groups"
            self.add_error(chosen, "Hãy chọn ít nhất một đơn vị hoặc một nhóm.")
        return cleaned

    def recipients(self) -> list[Unit]:
        """The chosen units, groups unfolded as of today, each once."""
        found = {unit.pk: unit for unit in self.cleaned_data.get("units", ())}
        for group in self.cleaned_data["groups"]:
            for unit in group.members_on(self.today):
                found.setdefault(unit.pk, unit)
        return list(found.values())
