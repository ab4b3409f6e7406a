"""The filters of the page "Nhật ký"."""

from datetime import date

from django import forms

from directive_tracker.vietnamese import parse_vn_date
from records.topics import Topic

OBJECT = r"^[a-z_]+\.[a-z_]+\Z"


class DayField(forms.CharField):
    """One day as people write it: 15/4/2024, 15-4-24."""

    def clean(self, value: str) -> date | None:
        """The day, None for nothing. Errors: ValidationError with an example."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_vn_date(text)
        except ValueError:
            raise forms.ValidationError("Xin nhập ngày dạng 15/4/2024.") from None


def _day(label: str) -> DayField:
    attrs = {"class": "dt-w-short", "inputmode": "numeric", "placeholder": "dd/mm/yyyy"}
    return DayField(label=label, required=False, max_length=20, widget=forms.TextInput(attrs=attrs))


class LogFilterForm(forms.Form):
    """Which events are shown; a value that makes no sense says so and filters nothing."""

    nguoi = forms.CharField(
        label="Người làm",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Họ tên, có dấu hay không dấu"}),
    )
    nhom = forms.ChoiceField(label="Nhóm việc", required=False)
    tu = _day("Từ ngày")
    den = _day("Đến ngày")
    loai = forms.RegexField(OBJECT, required=False, max_length=60, widget=forms.HiddenInput())
    ma = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput())

    def __init__(self, *args, topics: list[Topic], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if len(topics) > 1:
            self.fields["nhom"].choices = [("", "Tất cả"), *((topic.value, topic.label) for topic in topics)]
        else:
            # Who reads only the own acts has nothing to choose from.
            del self.fields["nhom"]

    def clean(self) -> dict:
        """Errors: ValidationError where the days stand the wrong way round."""
        values = super().clean()
        if values.get("tu") and values.get("den") and values["tu"] > values["den"]:
            self.add_error("den", "Đến ngày phải sau từ ngày.")
        return values
