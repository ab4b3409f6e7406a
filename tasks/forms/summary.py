"""What the office types for a draft of the summary report: the day of the figures, its own words."""

from datetime import date, datetime

from django import forms

from tasks.errors import Refused
from tasks.forms.fields import VnDateField, WrittenField
from tasks.models import Directive
from tasks.summary.asof import moment_of
from tasks.summary.shape import Typed

LONGEST = 20_000


class SummaryForm(forms.Form):
    """Every field may stay empty: then the figures are those of today and the part is left to the hand."""

    use_required_attribute = False
    as_of = VnDateField(
        label="Số liệu đến ngày",
        help_text="Để trống là hôm nay. Ngày đã qua: số liệu cuối ngày đó, dựng lại từ lịch sử các phần việc.",
    )
    good = WrittenField(label="Ưu điểm", max_length=LONGEST, rows=4)
    bad = WrittenField(label="Hạn chế, nguyên nhân", max_length=LONGEST, rows=4)
    next = WrittenField(label="Nhiệm vụ thời gian tới", max_length=LONGEST, rows=4)

    def __init__(self, *args, directive: Directive, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.directive, self.now = directive, now

    def clean_as_of(self) -> date | None:
        """A day from the issue to today."""
        day = self.cleaned_data["as_of"]
        try:
            moment_of(self.directive, day, now=self.now)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return day

    @property
    def typed(self) -> Typed:
        """The office's words; of a valid form."""
        return {
            "good": self.cleaned_data["good"],
            "bad": self.cleaned_data["bad"],
            "next": self.cleaned_data["next"],
        }
