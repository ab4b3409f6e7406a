"""What a figure is, as the office sets it, and the targets of single units."""

from collections.abc import Iterable
from typing import Any

from django import forms

from tasks.enums import IndicatorMode, OverPeriods, OverUnits
from tasks.forms.fields import WholeNumberField, WrittenField
from tasks.indicators import counters
from tasks.indicators.rules import MEANING, RULES
from tasks.models import Indicator
from units.models import Unit

_NEEDED = {"required": "Xin ghi ô này."}
_SHORT = {"class": "dt-w-short"}


class IndicatorForm(forms.Form):
    """One figure: what it means, how it is put together, what is usual.

    Args:
        indicator: the one that is changed; None for a new one.
        frozen: figures were reported, so its meaning stays.
        with_target: the task takes targets.
    """

    name = WrittenField(
        label="Tên chỉ tiêu", max_length=200, required=True, widget=forms.TextInput, error_messages=_NEEDED
    )
    measure = WrittenField(
        label="Đơn vị tính",
        max_length=30,
        required=True,
        widget=forms.TextInput(attrs=_SHORT),
        error_messages=_NEEDED,
        help_text="Mỗi chỉ tiêu một đơn vị tính, ví dụ: buổi, lượt, đồng.",
    )
    mode = forms.ChoiceField(
        label="Đơn vị ghi số",
        choices=IndicatorMode.choices,
        help_text="Lũy kế: tính từ đầu đến ngày chốt. Trong kỳ: chỉ tính trong kỳ báo cáo.",
    )
    over_periods = forms.ChoiceField(label="Qua các kỳ", choices=OverPeriods.choices)
    over_units = forms.ChoiceField(label="Qua các đơn vị", choices=OverUnits.choices)
    counted_from = forms.ChoiceField(
        label="Đếm được từ",
        choices=counters.choices,
        required=False,
        help_text="Số đếm được hiện cạnh ô số liệu của đơn vị; đơn vị bấm để chép, không tự báo cáo.",
    )
    target = WholeNumberField(label="Mức phấn đấu của mỗi đơn vị")
    least = WholeNumberField(label="Thường không dưới")
    most = WholeNumberField(
        label="Thường không quá", help_text="Số ngoài mức này vẫn gửi được, nhưng đơn vị phải ghi một câu giải thích."
    )
    categories = WrittenField(
        label="Chia theo đối tượng",
        max_length=5000,
        rows=4,
        help_text="Mỗi dòng một đối tượng. Khi có đối tượng, tổng là cộng các đối tượng. Để trống nếu không chia.",
    )

    def __init__(self, *args: Any, indicator: Indicator | None, frozen: bool, with_target: bool, **kwargs: Any) -> None:
        if indicator is not None:
            initial = {name: getattr(indicator, name) for name in (*MEANING, *RULES)}
            initial["categories"] = "\n".join(category.name for category in indicator.categories.all())
        else:
            initial = {"mode": IndicatorMode.CUMULATIVE, "over_periods": OverPeriods.LAST, "over_units": OverUnits.SUM}
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        if frozen:
            for name in MEANING:
                self.fields[name].disabled = True
        if not with_target:
            del self.fields["target"]

    def values(self) -> dict[str, Any]:
        """What was typed, for tasks.indicators.rules."""
        return {name: self.cleaned_data[name] for name in (*MEANING, *RULES) if name in self.cleaned_data}

    def category_names(self) -> list[str]:
        return self.cleaned_data["categories"].split("\n")


class TargetsForm(forms.Form):
    """One field for each unit of the page."""

    def __init__(
        self, *args: Any, indicator: Indicator, units: Iterable[Unit], own: dict[int, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for unit in units:
            name = f"u{unit.pk}"
            self.fields[name] = WholeNumberField(label=unit.name, measure=indicator.measure)
            self.initial[name] = own.get(unit.pk)

    def targets(self) -> dict[int, int | None]:
        """By unit id."""
        return {int(name.removeprefix("u")): value for name, value in self.cleaned_data.items()}
