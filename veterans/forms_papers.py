"""Forms of papers: which one, of which plan, what for."""

from collections.abc import Iterable

from django import forms

from veterans.enums import Paper, PaperPurpose
from veterans.models import GratitudePlan

DELEGATION_PAPERS = (Paper.SHEET, Paper.SIGNATURES)
PLAN_PAPERS = (Paper.SIGNATURES, Paper.PRESS)


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
    field_order = ("plan", "paper", "purpose")

    def __init__(self, *args, plans, **kwargs):
        super().__init__(*args, papers=PLAN_PAPERS, **kwargs)
        self.fields["plan"].queryset = plans
