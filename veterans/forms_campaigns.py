"""Forms of the occasions."""

from typing import Any

from django import forms

from tasks.models import Directive, DirectiveTask
from veterans.campaigns import TASKS
from veterans.enums import SourceLevel
from veterans.forms import SHORT
from veterans.models import Campaign

# The newest documents, as many as one can look through.
DOCUMENTS = 50
DAY = {"placeholder": "07/5/2024", **SHORT}
CODE = {**SHORT, "autocapitalize": "off"}


class CampaignForm(forms.Form):
    """An occasion: its days, its ground, and by their codes the tasks of one document that it carries out."""

    name = forms.CharField(label="Tên đợt", max_length=120, help_text="Ví dụ: Ngày Thương binh – Liệt sĩ 27/7.")
    starts_on = forms.DateField(label="Từ ngày", widget=forms.DateInput(attrs=DAY))
    honour_day = forms.DateField(label="Ngày kỷ niệm", widget=forms.DateInput(attrs=DAY))
    ends_on = forms.DateField(label="Đến ngày", widget=forms.DateInput(attrs=DAY))
    basis = forms.CharField(label="Căn cứ", required=False, max_length=300)
    directive = forms.ModelChoiceField(
        label="Văn bản giao việc",
        queryset=Directive.objects.none(),
        required=False,
        empty_label="Không theo văn bản nào",
    )
    review_task = forms.CharField(
        label="Mã nhiệm vụ rà soát", required=False, max_length=20, widget=forms.TextInput(attrs=CODE)
    )
    plan_task = forms.CharField(
        label="Mã nhiệm vụ lập kế hoạch", required=False, max_length=20, widget=forms.TextInput(attrs=CODE)
    )
    visit_task = forms.CharField(
        label="Mã nhiệm vụ thăm hỏi", required=False, max_length=20, widget=forms.TextInput(attrs=CODE)
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, user, campaign: Campaign | None = None, **kwargs):
        initial = _initial(campaign) if campaign else {}
        super().__init__(*args, initial=initial, **kwargs)
        documents = Directive.objects.visible_to(user).filter(issued_on__isnull=False).order_by("-issued_on", "-pk")
        chosen = [row.pk for row in documents[:DOCUMENTS]]
        if initial.get("directive"):
            chosen.append(initial["directive"])
        self.fields["directive"].queryset = (
            Directive.objects.visible_to(user).filter(pk__in=chosen).order_by("-issued_on", "-pk")
        )

    def clean(self) -> dict[str, Any]:
        """The codes become tasks of the document; what is wrong is said at its field."""
        data = super().clean()
        typed = {name: (data.get(name) or "").strip() for name in TASKS}
        directive = data.get("directive")
        if directive is None:
            for name in TASKS:
                if typed[name] and "directive" not in self.errors:
                    self.add_error(name, "Hãy chọn văn bản giao việc trước, rồi ghi mã nhiệm vụ của văn bản đó.")
                data[name] = None
            return data
        tasks = {task.code.casefold(): task for task in directive.tasks.all()}
        for name in TASKS:
            data[name] = tasks.get(typed[name].casefold()) if typed[name] else None
            if typed[name] and data[name] is None:
                known = ", ".join(sorted(task.code for task in tasks.values())[:20]) or "chưa có nhiệm vụ nào"
                self.add_error(name, f"Văn bản này không có nhiệm vụ “{typed[name]}”. Có: {known}.")
        return data

    def campaign_fields(self) -> dict[str, Any]:
        """What change_campaign takes."""
        names = ("name", "starts_on", "honour_day", "ends_on", "basis", *TASKS)
        return {name: self.cleaned_data[name] for name in names}


def _initial(campaign: Campaign) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: getattr(campaign, name) for name in ("name", "starts_on", "honour_day", "ends_on", "basis", "version")
    }
    tasks: list[DirectiveTask] = [task for name in TASKS if (task := getattr(campaign, name))]
    found |= {name: getattr(campaign, name).code for name in TASKS if getattr(campaign, name)}
    return found | {"directive": tasks[0].directive_id if tasks else None}


class SourceForm(forms.Form):
    """Somebody who gives, by name."""

    level = forms.ChoiceField(label="Cấp", choices=SourceLevel.choices, initial=SourceLevel.COMPANY)
    name = forms.CharField(
        label="Tên nguồn", max_length=120, help_text="Ví dụ tên doanh nghiệp, quỹ, cơ quan trao quà."
    )


class ClosingForm(forms.Form):
    """Why an occasion is ended although something is open, or opened again."""

    words = forms.CharField(label="Ghi chú", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class KeepingForm(forms.Form):
    """For how long, and on what ground, one kind is kept after an occasion."""

    basis = forms.CharField(label="Căn cứ lưu", max_length=300)
    months = forms.IntegerField(
        label="Lưu thêm (tháng)", required=False, min_value=0, max_value=600, widget=forms.NumberInput(attrs=SHORT)
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args, least: int, for_ever: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        empty = " Để trống là không thời hạn." if for_ever else ""
        floor = f" Ít nhất {least} tháng." if least else ""
        self.fields["months"].help_text = f"Tính từ ngày kết thúc đợt.{empty}{floor}"
