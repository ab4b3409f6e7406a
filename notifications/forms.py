"""The filters of the ledger."""

from django import forms

from notifications.models import MessageState


class LedgerFilterForm(forms.Form):
    """Which mails the ledger shows; a value that makes no sense says so and filters nothing."""

    state = forms.ChoiceField(label="Trạng thái", required=False, choices=[("", "Tất cả"), *MessageState.choices])
    day = forms.DateField(
        label="Ngày gửi",
        required=False,
        widget=forms.DateInput(attrs={"placeholder": "dd/mm/yyyy", "class": "dt-w-short", "inputmode": "numeric"}),
        error_messages={"invalid": "Xin nhập ngày dạng 15/4/2024."},
    )
