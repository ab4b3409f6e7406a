"""Forms of rankings: what is ranked, what is said to it, why it is withdrawn."""

from datetime import date, timedelta
from typing import Any

from django import forms

from directive_tracker.vietnamese import vn_date
from tasks.forms.fields import WholeNumberField, WrittenField
from tasks.models import Directive
from tasks.ranking.freezing import MINIMUM, MOST_MINIMUM
from tasks.ranking.steps import LONGEST, LONGEST_REASON, SHORTEST

ALL = "tat-ca"
YESTERDAY, TODAY = "hom-qua", "hom-nay"


class RankingForm(forms.Form):
    """Which documents, at the end of which day, how many works at least.

    Args:
        directives: what may be chosen, the newest first.
        today: the day of the pages' clock.
    """

    scope = forms.ChoiceField(
        label="Xếp hạng theo", error_messages={"invalid_choice": "Hãy chọn một văn bản đang theo dõi, hoặc tất cả."}
    )
    day = forms.ChoiceField(
        label="Số liệu", widget=forms.RadioSelect, error_messages={"invalid_choice": "Hãy chọn hôm qua hoặc hôm nay."}
    )
    minimum = WholeNumberField(
        label="Số việc đến hạn ít nhất để xếp hạng",
        required=True,
        help_text="Đơn vị có ít việc đến hạn hơn thì ghi “chưa đủ việc đến hạn để xếp”, đứng riêng, không đứng cuối.",
    )

    def __init__(self, *args: Any, directives: list[Directive], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._directives = {str(row.pk): row for row in directives}
        self._days = {YESTERDAY: today - timedelta(days=1), TODAY: today}
        self.fields["scope"].choices = [
            (ALL, "Tất cả văn bản đang theo dõi"),
            *((pk, row.short_title) for pk, row in self._directives.items()),
        ]
        self.fields["day"].choices = [
            (YESTERDAY, f"Đến hết ngày hôm qua, {vn_date(self._days[YESTERDAY])}"),
            (TODAY, f"Đến lúc lập, hôm nay {vn_date(today)}"),
        ]
        self.initial = {"scope": ALL, "day": YESTERDAY, "minimum": MINIMUM, **self.initial}

    def clean_minimum(self) -> int:
        minimum = self.cleaned_data["minimum"]
        if minimum is None or not 1 <= minimum <= MOST_MINIMUM:
            raise forms.ValidationError(f"Số việc ít nhất phải từ 1 đến {MOST_MINIMUM}.")
        return minimum

    def clean_scope(self) -> Directive | None:
        return self._directives.get(self.cleaned_data["scope"])

    def clean_day(self) -> date:
        return self._days[self.cleaned_data["day"]]


class RankingWordsForm(forms.Form):
    """What a unit says to its place, and what the office answers."""

    text = WrittenField(
        label="Ý kiến",
        required=True,
        rows=4,
        min_length=SHORTEST,
        max_length=LONGEST,
        error_messages={
            "required": "Hãy ghi ý kiến.",
            "min_length": f"Hãy ghi rõ hơn, ít nhất {SHORTEST} chữ cái.",
            "max_length": f"Ý kiến dài quá {LONGEST} chữ cái, hãy ghi gọn lại.",
        },
    )


class RankingWithdrawForm(forms.Form):
    """Why it is taken back."""

    reason = WrittenField(
        label="Lý do rút",
        required=True,
        rows=2,
        min_length=SHORTEST,
        max_length=LONGEST_REASON,
        error_messages={
            "required": "Hãy ghi lý do rút.",
            "min_length": f"Hãy ghi rõ hơn, ít nhất {SHORTEST} chữ cái.",
            "max_length": f"Lý do dài quá {LONGEST_REASON} chữ cái, hãy ghi gọn lại.",
        },
    )
