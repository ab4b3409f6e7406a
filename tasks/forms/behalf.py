"""From what the office enters a unit's report."""

from django import forms

from tasks.enums import BehalfBasis


class BehalfForm(forms.Form):
    """One choice."""

    use_required_attribute = False
    basis = forms.ChoiceField(
        label="Nhập theo",
        choices=BehalfBasis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn nhập theo văn bản giấy, thư điện tử hay điện thoại."},
    )
