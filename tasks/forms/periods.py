"""How the periods of a directive are laid out, and one period alone."""

from datetime import date
from typing import Any

from django import forms

from tasks.enums import PeriodKind
from tasks.forms.fields import VnDateField, WrittenField
from tasks.models import ReportingPeriod
from tasks.models.task import DUE_YEARS
from tasks.periods.laying import Layout
from tasks.periods.setting import FIELDS, problems_of

_DATE = {"required": "Xin ghi ngày, ví dụ 14/3/2024."}


def _count(label: str, least: int, most: int, initial: int, help_text: str = "") -> forms.IntegerField:
    words = f"Xin ghi một số từ {least} đến {most}."
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        initial=initial,
        help_text=help_text,
        widget=forms.TextInput(attrs={"class": "dt-w-short", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), words),
    )


class LayoutForm(forms.Form):
    """Months, quarters, or days of one's own choice, with what is counted from the cut-off."""

    kind = forms.ChoiceField(label="Loại kỳ", choices=PeriodKind.choices, initial=PeriodKind.MONTHLY)
    name = WrittenField(
        label="Tên kỳ",
        max_length=80,
        widget=forms.TextInput,
        help_text="Chỉ khi tự chọn ngày, ví dụ: Báo cáo nhanh đợt cao điểm.",
    )
    first = VnDateField(
        label="Từ ngày",
        required=True,
        error_messages=_DATE,
        help_text="Hằng tháng, hằng quý: một ngày bất kỳ trong tháng, quý đầu tiên. Tự chọn: ngày đầu của số liệu.",
    )
    last = VnDateField(
        label="Đến ngày",
        required=True,
        error_messages=_DATE,
        help_text="Một ngày trong tháng, quý cuối cùng. Tự chọn: ngày chốt số liệu.",
    )
    cutoff_day = _count(
        "Chốt số liệu ngày", 1, 31, 14, "Ngày của tháng (của quý: tháng cuối quý); tháng ngắn thì chốt ngày cuối tháng."
    )
    opened_before = _count("Mở trước ngày chốt", 0, 60, 7, "số ngày")
    sent_after = _count("Gửi chậm nhất sau ngày chốt", 0, 30, 2, "số ngày làm việc")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("first", "last"):
            day = data.get(name)
            if day is not None and not DUE_YEARS[0] <= day.year <= DUE_YEARS[1]:
                self.add_error(name, f"Năm {day.year} không hợp lý. Xin ghi năm từ {DUE_YEARS[0]} đến {DUE_YEARS[1]}.")
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", "Ngày cuối đứng trước ngày đầu.")
        if data.get("kind") == PeriodKind.CUSTOM and not data.get("name"):
            self.add_error("name", "Xin đặt tên cho kỳ tự chọn ngày.")
        return data

    def layout(self) -> Layout:
        """What was chosen. Only after is_valid()."""
        return Layout(**{name: self.cleaned_data[name] for name in self.fields})


class PeriodForm(forms.Form):
    """One period: its name and its four days."""

    name = WrittenField(
        label="Tên kỳ",
        max_length=80,
        required=True,
        widget=forms.TextInput,
        error_messages={"required": "Xin đặt tên cho kỳ."},
    )
    starts_on = VnDateField(label="Số liệu từ ngày")
    opens_on = VnDateField(label="Mở từ ngày", required=True, error_messages=_DATE)
    cutoff_on = VnDateField(label="Chốt số liệu ngày", required=True, error_messages=_DATE)
    due_on = VnDateField(label="Gửi chậm nhất ngày", required=True, error_messages=_DATE)

    def __init__(self, *args: Any, period: ReportingPeriod, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(period, name) for name in FIELDS})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        days: dict[str, date | None] = {name: data.get(name) for name in FIELDS if name != "name"}
        for name, sentence in problems_of(days).items():
            self.add_error(name, sentence)
        return data
