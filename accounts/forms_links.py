"""The forms of mailed links: setting a password, asking for a link."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.views.decorators.debug import sensitive_variables

from accounts import links, signing
from accounts.forms import PASSWORD_AGAIN_HINT, USERNAME_LABEL, password_rules
from accounts.models import AccountLink

WRONG_NAME = "Tên đăng nhập không đúng với đường dẫn này. Quên tên đăng nhập thì hỏi người quản trị."


class LinkPasswordForm(SetPasswordForm):
    """The person's user name, and a new password twice."""

    error_messages = {**SetPasswordForm.error_messages, "password_mismatch": "Hai lần gõ mật khẩu không giống nhau."}
    username = forms.CharField(
        label=USERNAME_LABEL,
        max_length=150,
        help_text="Người quản trị báo riêng, không ghi trong thư.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "username"}),
    )
    field_order = ["username", "new_password1", "new_password2"]

    def __init__(
        self, link: AccountLink, *args: Any, now: datetime, at: datetime, ip: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(link.user, *args, **kwargs)
        self.link, self.now, self.at, self.ip = link, now, at, ip
        self.fields["new_password1"].label, self.fields["new_password1"].help_text = "Mật khẩu mới", password_rules()
        self.fields["new_password1"].widget.attrs.pop("autofocus", None)
        self.fields["new_password2"].label = "Gõ lại mật khẩu mới"
        self.fields["new_password2"].help_text = PASSWORD_AGAIN_HINT

    @sensitive_variables()
    def clean_username(self) -> str:
        """The user name must be the one of the person to whom the link was sent."""
        typed = self.cleaned_data["username"]
        try:
            known = links.is_name_of(self.link, typed, now=self.now, at=self.at, ip=self.ip)
        except signing.WaitFirst as refusal:
            raise ValidationError(str(refusal), code="throttled") from None
        if not known:
            raise ValidationError(WRONG_NAME, code="wrong_name")
        return typed

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        """Judge the password only for the right person: its rules know name and mail address."""
        return self.cleaned_data if "username" in self.errors else super().clean()


class ForgottenForm(forms.Form):
    """Who asks for a link, by user name or mail address."""

    who = forms.CharField(
        label="Tên đăng nhập hoặc địa chỉ thư",
        max_length=254,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "username"}),
    )
