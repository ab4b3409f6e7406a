"""Forms of delegations and their papers."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from units.models import Area, Unit
from veterans.delegations.writing import MOST_MEMBERS, Details
from veterans.forms import grouped
from veterans.models import Delegation, GratitudePlan
from veterans.wording import line

SHORT = {"class": "dt-w-short"}
# "Nguyễn Văn A – Chủ tịch", "Nguyễn Văn A - Chủ tịch", "Nguyễn Văn A, Chủ tịch".
_DIVIDES = re.compile(r"\s+[–—-]\s+|\s*[,;\t]\s*")
STATES = {"sap-di": Delegation.State.PLANNED, "da-di": Delegation.State.DONE, "khong-di": Delegation.State.CANCELLED}


class DelegationForm(forms.Form):
    """One delegation; the plan is chosen once."""

    plan = forms.ModelChoiceField(label="Kế hoạch", queryset=GratitudePlan.objects.none(), empty_label="Chọn kế hoạch")
    name = forms.CharField(label="Tên đoàn", max_length=120, help_text="Ví dụ: Đoàn số 1, các xã phía bắc.")
    unit = forms.ModelChoiceField(label="Đơn vị tổ chức đoàn", queryset=Unit.objects.none(), empty_label="Chọn đơn vị")
    leader = forms.CharField(label="Trưởng đoàn", max_length=120)
    leader_title = forms.CharField(label="Chức vụ trưởng đoàn", max_length=200, required=False)
    on = forms.DateField(label="Ngày đi", widget=forms.DateInput(attrs={"placeholder": "05/5/2024", **SHORT}))
    starts_at = forms.TimeField(
        label="Giờ xuất phát",
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"placeholder": "07:30", **SHORT}),
        error_messages={"invalid": "Xin nhập giờ dạng 07:30."},
    )
    starts_from = forms.CharField(label="Nơi xuất phát", max_length=200, required=False)
    vehicle = forms.CharField(label="Xe", max_length=120, required=False)
    members = forms.CharField(
        label="Thành viên đoàn",
        required=False,
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 5, "class": "dt-w-full"}),
        help_text="Mỗi dòng một người, ví dụ: Nguyễn Văn A – Chủ tịch Hội Cựu chiến binh.",
    )
    note = forms.CharField(label="Ghi chú", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, today: date, plans=None, **kwargs):
        """plans: among which one is chosen; None for a delegation that has its plan."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.valid_on(today).in_official_order()
        if plans is None:
            del self.fields["plan"]
        else:
            self.fields["plan"].queryset = plans

    def clean_members(self) -> list[tuple[str, str]]:
        """Name and title of each line. Errors: ValidationError that names the line."""
        found, problems = [], []
        for number, text in enumerate(self.cleaned_data["members"].splitlines(), start=1):
            name, *rest = _DIVIDES.split(text.strip(), maxsplit=1)
            name, title = line(name), line(rest[0] if rest else "")
            if not name and title:
                problems.append(f"Dòng {number}: thiếu họ tên trước chức vụ.")
            elif len(name) > 120 or len(title) > 200:
                problems.append(f"Dòng {number}: họ tên dài nhất 120 ký tự, chức vụ dài nhất 200 ký tự.")
            elif name:
                found.append((name, title))
        if len(found) > MOST_MEMBERS:
            problems.append(f"Một đoàn có nhiều nhất {MOST_MEMBERS} thành viên; đang có {len(found)}.")
        if problems:
            raise ValidationError(problems)
        return found

    def details(self) -> Details:
        """What the services take."""
        return Details(**{key: value for key, value in self.cleaned_data.items() if key not in ("plan", "version")})


def members_text(delegation: Delegation) -> str:
    """The members as they are typed."""
    return "\n".join(" – ".join(part for part in (row.name, row.title) if part) for row in delegation.members.all())


class PickFilterForm(forms.Form):
    """Of which commune, and whether those of other delegations too."""

    xa = forms.TypedChoiceField(label="Xã, phường, thị trấn", coerce=int, empty_value=None, required=False)
    ca = forms.BooleanField(label="Cả người đang ở đoàn khác", required=False)

    def __init__(self, *args, communes: list[Area], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["xa"].choices = [("", "Tất cả các xã"), *grouped(communes)]


class CancelForm(forms.Form):
    """Why a delegation does not go."""

    why = forms.CharField(label="Vì sao đoàn không đi", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
