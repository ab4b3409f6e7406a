"""Forms of plans: what a plan is called, its money, its approval, why somebody is taken out."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from units.models import Unit
from veterans.enums import Honour
from veterans.forms import SHORT, MoneyField
from veterans.models import GiftSource, PlanFunding
from veterans.money import typed_money
from veterans.planning.candidates import NO_WISH
from veterans.planning.money import MOST_BUDGET, Fund

DAY = {"placeholder": "29/3/2024", **SHORT}
WISHES = [("", "Tất cả"), *Honour.choices, (NO_WISH, "Chưa ghi nguyện vọng")]


class PlanForm(forms.Form):
    """What a plan is called and who makes it; the area is chosen once."""

    area = forms.TypedChoiceField(label="Địa bàn", coerce=int)
    unit = forms.ModelChoiceField(label="Đơn vị lập", queryset=Unit.objects.none(), empty_label="Chọn đơn vị")
    title = forms.CharField(
        label="Tên kế hoạch",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "dt-w-full"}),
        help_text="Để trống thì lấy tên của đợt và địa bàn.",
    )
    intent = forms.CharField(
        label="Mục đích, yêu cầu",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "class": "dt-w-full"}),
        help_text="Mỗi dòng thành một đoạn trong văn bản trình.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, today: date, areas=(), **kwargs):
        """areas: those a plan may be made for; none for a plan that has its area."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.valid_on(today).in_official_order()
        if areas:
            self.fields["area"].choices = [(area.pk, area.name) for area in areas]
        else:
            del self.fields["area"]


class BudgetField(MoneyField):
    """The money of a source in all; more than what one gift may be."""

    def clean(self, value) -> int:
        return typed_money(forms.CharField.clean(self, value), most=MOST_BUDGET)


class MoneyForm(forms.Form):
    """A line for every source of the campaign; an empty line is a source that gives nothing in this plan."""

    renew = forms.BooleanField(
        label="Sửa cả những suất đã hứa theo mức mới",
        required=False,
        help_text="Không chọn thì suất đã hứa giữ mức cũ; chỉ những người đưa vào sau có mức mới.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, sources: list[GiftSource], rows: dict[int, PlanFunding], **kwargs):
        super().__init__(*args, **kwargs)
        self.sources = sources
        for source in sources:
            row = rows.get(source.pk)
            self.fields[f"each_{source.pk}"] = MoneyField(
                label=f"{source.name}: tiền mỗi suất (đồng)", initial=_typed(row.each) if row else ""
            )
            self.fields[f"goods_{source.pk}"] = forms.CharField(
                label=f"{source.name}: hiện vật mỗi suất",
                required=False,
                max_length=200,
                initial=row.goods if row else "",
            )
            self.fields[f"budget_{source.pk}"] = BudgetField(
                label=f"{source.name}: dự toán (đồng)", initial=_typed(row.budget) if row else ""
            )

    @property
    def lines(self) -> list[tuple[GiftSource, list[tuple[str, forms.BoundField]]]]:
        """Each source with its three fields, each with what stands above it under the source's name."""
        heads = (("each", "Tiền mỗi suất (đồng)"), ("goods", "Hiện vật mỗi suất"), ("budget", "Dự toán (đồng)"))
        return [(source, [(words, self[f"{name}_{source.pk}"]) for name, words in heads]) for source in self.sources]

    def funds(self) -> dict[int, Fund]:
        """Source → what it gives. After is_valid()."""
        data = self.cleaned_data
        return {
            source.pk: Fund(*(data[f"{name}_{source.pk}"] for name in ("each", "goods", "budget")))
            for source in self.sources
        }


def _typed(money: int) -> str:
    """An amount as people type it: "2.000.000"."""
    return f"{money:,}".replace(",", ".") if money else ""


class ApprovalForm(forms.Form):
    """The paper by which a plan was approved."""

    number = forms.CharField(label="Số", max_length=30, widget=forms.TextInput(attrs=SHORT))
    symbol = forms.CharField(
        label="Ký hiệu",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": "KH/MTTQ", **SHORT}),
    )
    approved_on = forms.DateField(label="Ngày phê duyệt", widget=forms.DateInput(attrs=DAY))
    signer = forms.CharField(label="Người ký", max_length=120, help_text="Họ tên, chức vụ.")
    file = forms.FileField(
        label="Bản chụp kế hoạch đã ký",
        required=False,
        help_text="pdf, ảnh hoặc Word; chỉ kế hoạch, không kèm danh sách tên. Chưa có thì để trống.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_approved_on(self) -> date:
        """Nobody has signed tomorrow."""
        day = self.cleaned_data["approved_on"]
        if day > self.today:
            raise ValidationError("Ngày phê duyệt không được sau hôm nay.")
        return day


class ReturnForm(forms.Form):
    """Why a plan comes back."""

    reason = forms.CharField(
        label="Vì sao phải sửa", max_length=500, widget=forms.Textarea(attrs={"rows": 2, "class": "dt-w-full"})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DropForm(forms.Form):
    """Why somebody is taken out of a plan."""

    reason = forms.CharField(
        label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 2, "class": "dt-w-full"})
    )


class GiftsForm(forms.Form):
    """Which sources of the plan give to one person."""

    lines = forms.TypedMultipleChoiceField(
        label="Nguồn trao quà cho người này", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label="Vì sao thôi suất đã hứa",
        required=False,
        max_length=300,
        help_text="Chỉ cần khi bỏ chọn một nguồn đã hứa.",
    )

    def __init__(self, *args, choices, **kwargs):
        """choices: (funding row, words)."""
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = choices
