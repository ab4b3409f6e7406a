"""The form under the list of digests."""

from django import forms


class DigestNowForm(forms.Form):
    """Freeze the figures of this moment."""

    send = forms.BooleanField(label="Gửi cả cho Thường trực bằng thư", required=False)
