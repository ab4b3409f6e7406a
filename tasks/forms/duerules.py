"""The form "Cách tính hạn": a kind, and the fields that kind needs."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from tasks.enums import DayCount, DayOffPolicy, DueKind, DueSource
from tasks.models import Product
from tasks.models.task import DUE_NEEDS_DAYS
from tasks.rulesetting import RULE_FIELDS

_COUNTED = ("due_days", "due_count", "due_on_day_off")
_DATED = ("due_date", "due_on_day_off")
_PERIODIC = ("due_days", "due_date", "due_on_day_off")
# What each kind asks for; everything else of the rule is empty.
ASKED: dict[str, tuple[str, ...]] = {
    DueKind.NONE: (),
    DueKind.FIXED: _DATED,
    DueKind.WINDOW: ("due_from", "due_date", "due_on_day_off"),
    DueKind.CONTINUOUS: _DATED,
    DueKind.BEFORE_EVENT: _COUNTED,
    DueKind.AFTER_EVENT: _COUNTED,
    DueKind.AFTER_RECEIPT: _COUNTED,
    DueKind.END_OF_MONTH: _DATED,
    DueKind.END_OF_QUARTER: _DATED,
    DueKind.MONTHLY: _PERIODIC,
    DueKind.QUARTERLY: _PERIODIC,
}
DATE_LABELS: dict[str, str] = {
    DueKind.FIXED: "Chậm nhất ngày",
    DueKind.CONTINUOUS: "Đến hết ngày",
    DueKind.END_OF_MONTH: "Một ngày trong tháng ấy",
    DueKind.END_OF_QUARTER: "Một ngày trong quý ấy",
    DueKind.MONTHLY: "Đến hết ngày",
    DueKind.QUARTERLY: "Đến hết ngày",
}
PERIODIC = (DueKind.MONTHLY, DueKind.QUARTERLY)
# Agreed, extended, returned are what becomes of a day later.
SOURCES = [(source.value, source.label) for source in (DueSource.TEXT, DueSource.OFFICE)]
_EMPTY: dict[str, Any] = {
    "due_from": None,
    "due_date": None,
    "due_days": None,
    "due_count": DayCount.WORKING,
    "due_on_day_off": DayOffPolicy.KEEP,
}
_DAY_WORDS = {"invalid": "Không có ngày này. Xin ghi ngày/tháng/năm, ví dụ 29/02/2024."}


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"class": "dt-w-short", "autocomplete": "off"})
    return forms.DateField(label=label, required=False, widget=widget, error_messages=_DAY_WORDS)


class DueRuleForm(forms.Form):
    """One product's due rule. Fields of other kinds travel hidden, so that changing one's mind loses nothing."""

    due_kind = forms.ChoiceField(label="Cách tính hạn", choices=DueKind.choices)
    due_from = _day("Từ ngày")
    due_date = _day("Đến ngày")
    due_days = forms.IntegerField(
        label="Số ngày",
        required=False,
        widget=forms.TextInput(attrs={"class": "dt-w-short", "inputmode": "numeric"}),
        error_messages={"invalid": "Xin ghi một số nguyên, ví dụ 5."},
    )
    due_count = forms.ChoiceField(label="Đếm theo", choices=DayCount.choices, required=False)
    due_on_day_off = forms.ChoiceField(label="Nếu rơi vào ngày nghỉ", choices=DayOffPolicy.choices, required=False)
    due_source = forms.ChoiceField(label="Nguồn của hạn", choices=SOURCES)
    due_basis = forms.CharField(
        label="Căn cứ của hạn",
        required=False,
        max_length=Product._meta.get_field("due_basis").max_length,
        help_text="Ví dụ: điểm 1a ghi “trước ngày 29/02/2024”.",
    )

    field_order: ClassVar = ("due_kind", "due_days", "due_count", *RULE_FIELDS)

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(product, name) for name in RULE_FIELDS})
        super().__init__(*args, **kwargs)
        self.product = product
        kind = str(self["due_kind"].value() or "")
        asked = ASKED.get(kind, ())
        for name in _EMPTY:
            if name not in asked:
                self.fields[name].widget = forms.HiddenInput()
            self.fields[name].required = name in asked and not (kind in PERIODIC and name == "due_date")
        self.fields["due_date"].label = DATE_LABELS.get(kind, "Đến ngày")
        if kind in PERIODIC:
            self.fields["due_days"].label = "Chốt ngày"
            self.fields["due_days"].help_text = "Ngày của tháng, từ 1 đến 31; tháng ngắn thì chốt ngày cuối tháng."
            self.fields["due_date"].help_text = "Để trống nếu chưa biết đến bao giờ."
        if kind in DUE_NEEDS_DAYS:
            least, most = DUE_NEEDS_DAYS[DueKind(kind)]
            self.fields["due_days"].error_messages["required"] = f"Xin ghi một số từ {least} đến {most}."
        self.fields["due_from"].error_messages["required"] = "Xin ghi ngày đầu của khoảng, ví dụ 26/4/2024."
        self.fields["due_date"].error_messages["required"] = "Xin ghi ngày, ví dụ 29/02/2024."

    def is_only_unfinished(self) -> bool:
        """Forget what is wrong with fields that are still empty: somebody is typing; say whether that was all."""
        for name in list(self.errors):
            if name in self.fields and not self[name].value():
                del self.errors[name]
        return not self.errors

    def clean(self) -> dict[str, Any]:
        """Keep what the kind asks for, empty the rest, and let the product say what is wrong with its rule."""
        data = super().clean() or {}
        asked = ASKED.get(data.get("due_kind", ""), ())
        for name, empty in _EMPTY.items():
            if name not in asked:
                data[name] = empty
                self.errors.pop(name, None)
            elif data.get(name) in (None, ""):
                data[name] = empty
        if "due_kind" in self.errors:
            return data
        for name in RULE_FIELDS:
            if name in data:
                setattr(self.product, name, data[name])
        try:
            self.product.clean()
        except ValidationError as error:
            for name, words in error.message_dict.items():
                if name not in self.errors:
                    self.add_error(name, words)
        return data
