"""The forms of the second factor."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts import browsers, second_factor, signing, throttle
from accounts.models import User
from directive_tracker import clock
from directive_tracker.addresses import client_address

CODE = "code"


class OneOfSome(forms.CharField):
    """A field that may stay empty because another one serves as well: the form says what is missing, no label does."""

    def validate(self, value: str) -> None:
        """Nothing to say about one field alone."""


def _code_widget() -> forms.TextInput:
    return forms.TextInput(
        attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false", "class": "dt-w-short"}
    )


def _recovery_widget() -> forms.TextInput:
    return forms.TextInput(
        attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "dt-w-medium"}
    )


def _password_widget() -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": "current-password"})


class FirstCodeForm(forms.Form):
    """The code that confirms a new app; whether it is right is the view's question."""

    code = forms.CharField(
        label="Mã 6 chữ số",
        max_length=20,
        widget=_code_widget(),
        error_messages={"required": "Xin gõ mã 6 chữ số đang hiện trên điện thoại."},
    )


class CodeForm(forms.Form):
    """A code of the app, or a recovery code where the phone is not at hand. `way` says which of them passed."""

    code = OneOfSome(label="Mã 6 chữ số", max_length=20, widget=_code_widget())
    recovery = OneOfSome(label="Mã dự phòng", max_length=30, widget=_recovery_widget())
    use_required_attribute = False
    missing = "Xin gõ mã 6 chữ số, hoặc một mã dự phòng."
    way = ""

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user

    def clean(self) -> dict[str, Any]:
        """Take the code, with the waits between wrong ones."""
        self.take_code(required=True)
        return self.cleaned_data

    @sensitive_variables()
    def take_code(self, *, required: bool) -> None:
        """Check what was typed in one of the two fields; the error stands beside that field."""
        typed = [(name, self.cleaned_data[name]) for name in (CODE, "recovery") if self.cleaned_data.get(name)]
        if not typed:
            # A field that is wrong in itself has its error already.
            if required and not self.errors:
                self.add_error(CODE, self.missing)
            return
        name, code = typed[-1]
        try:
            self.way = second_factor.check(self.request, self.user, code, now=timezone.now(), at=clock.now())
        except second_factor.WrongCode as refusal:
            sentence = str(refusal) if name == CODE else "Mã dự phòng không đúng hoặc đã dùng rồi."
            self.add_error(name, sentence)
        except signing.WaitFirst as refusal:
            self.add_error(name, ValidationError(str(refusal), code="throttled"))


class SignInCodeForm(CodeForm):
    """The step after the password."""

    trust = forms.BooleanField(
        label="Tin cậy máy này 30 ngày",
        required=False,
        help_text="Chỉ chọn trên máy của riêng anh/chị. Lần sau máy này chỉ hỏi mật khẩu.",
    )


class ProofForm(CodeForm):
    """Password and code, before the second factor itself is changed."""

    password = forms.CharField(
        label="Mật khẩu",
        strip=False,
        widget=_password_widget(),
        error_messages={"required": "Xin gõ mật khẩu."},
    )
    field_order = ["password", CODE, "recovery"]

    @sensitive_variables()
    def clean_password(self) -> str:
        """Check the password, with the waits of signing in."""
        password = self.cleaned_data["password"]
        if password:
            ip, browser = client_address(self.request), browsers.own_browser(self.request, self.user.username)
            wait = throttle.begin(self.user.username, ip, now=timezone.now(), browser=browser)
            if wait:
                raise ValidationError(signing.wait_sentence(wait), code="throttled")
            if not self.user.check_password(password):
                raise ValidationError("Mật khẩu không đúng.", code="password")
            throttle.succeeded(self.user.username, ip, browser=browser)
        return password

    def clean(self) -> dict[str, Any]:
        """A wrong password uses no code up."""
        if not self.errors:
            self.take_code(required=True)
        return self.cleaned_data


class EitherForm(ProofForm):
    """Password or code: enough where nothing is given up."""

    password = OneOfSome(label="Mật khẩu", strip=False, widget=_password_widget())
    missing = "Xin gõ mật khẩu, mã 6 chữ số hoặc một mã dự phòng."

    def clean(self) -> dict[str, Any]:
        """One of the two must be there, and what is there must be right."""
        if not self.errors:
            self.take_code(required=not self.cleaned_data.get("password"))
        return self.cleaned_data
