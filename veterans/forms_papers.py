"""Forms of papers: which one, of which plan, what for."""

from collections.abc import Iterable

from django import forms

from veterans.enums import Paper, PaperPurpose
from veterans.models import GratitudePlan
from veterans.wording import line

DELEGATION_PAPERS = (Paper.SHEET, Paper.SIGNATURES)
PLAN_PAPERS = (Paper.SIGNATURES, Paper.INVITATIONS, Paper.ENVELOPES, Paper.PRESS)


class PaperForm(forms.Form):
    """A paper and what it is for. Nothing is chosen beforehand."""

    paper = forms.ChoiceField(label="Giấy tờ", widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label="Lập để làm gì", choices=[("", "Chọn mục đích"), *PaperPurpose.choices])

    def __init__(self, *args, papers: Iterable[Paper] = DELEGATION_PAPERS, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["paper"].choices = [(paper.value, paper.label) for paper in papers]


class PlanPaperForm(PaperForm):
    """A paper of one of the plans."""

    plan = forms.ModelChoiceField(label="Kế hoạch", queryset=GratitudePlan.objects.none(), empty_label="Chọn kế hoạch")
    thoi_gian = forms.CharField(
        label="Thời gian gặp mặt",
        required=False,
        max_length=200,
        help_text="Cho thư mời. Ví dụ: 8 giờ 00, ngày 05/5/2024.",
    )
    dia_diem = forms.CharField(label="Địa điểm gặp mặt", required=False, max_length=200, help_text="Cho thư mời.")
    field_order = ("plan", "paper", "thoi_gian", "dia_diem", "purpose")

    def __init__(self, *args, plans, **kwargs):
        super().__init__(*args, papers=PLAN_PAPERS, **kwargs)
        self.fields["plan"].queryset = plans

    def clean(self) -> dict:
        """A letter without a day and a place invites nobody."""
        data = super().clean()
        if data.get("paper") == Paper.INVITATIONS:
            for name, words in (("thoi_gian", "thời gian"), ("dia_diem", "địa điểm")):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, f"Thư mời cần có {words} gặp mặt.")
        return data

    def words(self) -> dict[str, str]:
        """What a letter says of the meeting."""
        return {name: line(self.cleaned_data[name]) for name in ("thoi_gian", "dia_diem")}
