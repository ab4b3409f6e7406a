"""The forms of signing in and of one's own account."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm, BaseUserCreationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_variables

from accounts import signing, throttle
from accounts.models import User
from directive_tracker import clock
from directive_tracker.form_look import PlainHelper

USERNAME_LABEL = "Tên đăng nhập"
PASSWORD_AGAIN_HINT = "Gõ lại đúng mật khẩu trên để chắc không gõ nhầm."


def password_rules() -> SafeString:
    """What a password must be, as one list."""
    rules = password_validation.password_validators_help_texts()
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((rule,) for rule in rules)))


class SignInForm(AuthenticationForm):
    """User name and password; the same words whatever was wrong."""

    error_messages = {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu không đúng.",
        "inactive": "Tên đăng nhập hoặc mật khẩu không đúng.",
    }

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.helper = PlainHelper()
        self.fields["username"].label = USERNAME_LABEL
        self.fields["username"].widget.attrs.update(autocapitalize="none", spellcheck="false", autocomplete="username")
        self.fields["password"].label = "Mật khẩu"

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        """Check the password, unless too many were wrong just now."""
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username and password:
            try:
                self.user_cache = signing.check(
                    self.request, username, password, now=clock.now(), real_now=timezone.now()
                )
            except signing.WaitFirst as refusal:
                raise ValidationError(str(refusal), code="throttled") from None
            if self.user_cache is None:
                raise self.get_invalid_login_error()
        return self.cleaned_data


class ProfileForm(forms.ModelForm):
    """What people keep themselves about their account."""

    class Meta:
        model = User
        fields = ["full_name", "phone", "email"]
        labels = {"full_name": "Họ và tên", "phone": "Điện thoại", "email": "Thư điện tử"}
        help_texts = {"email": "Nơi nhận nhắc việc và liên kết đặt lại mật khẩu."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
        self.fields["full_name"].widget.attrs["autocomplete"] = "name"
        self.fields["phone"].widget.attrs.update(autocomplete="tel", inputmode="tel")
        self.fields["email"].widget.attrs["autocomplete"] = "email"


class OwnPasswordForm(PasswordChangeForm):
    """A new password, against the old one; guessing the old one is slowed down like signing in."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "Mật khẩu hiện nay không đúng.",
        "password_mismatch": "Hai lần gõ mật khẩu mới không giống nhau.",
    }

    def __init__(self, user: User, *args: Any, address: str | None = None, browser: str = "", **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.address, self.browser = address, browser
        self.helper = PlainHelper()
        self.fields["old_password"].label = "Mật khẩu hiện nay"
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        self.fields["new_password1"].label = "Mật khẩu mới"
        self.fields["new_password1"].help_text = password_rules()
        self.fields["new_password2"].label = "Gõ lại mật khẩu mới"
        self.fields["new_password2"].help_text = ""

    def clean_old_password(self) -> str:
        """Check the old password, with the waits of signing in."""
        wait = throttle.begin(self.user.username, self.address, now=timezone.now(), browser=self.browser)
        if wait:
            raise ValidationError(signing.wait_sentence(wait), code="throttled")
        password = super().clean_old_password()
        throttle.succeeded(self.user.username, self.address, browser=self.browser)
        return password


class FirstAdministratorForm(BaseUserCreationForm):
    """The office and the person who runs it."""

    office_name = forms.CharField(
        label="Tên văn phòng",
        max_length=200,
        initial="Văn phòng Tỉnh ủy",
        help_text="Cơ quan giao và theo dõi nhiệm vụ.",
    )
    field_order = ["office_name", "full_name", "username", "email", "password1", "password2"]
    error_messages = {"password_mismatch": "Hai lần gõ mật khẩu không giống nhau."}

    class Meta(BaseUserCreationForm.Meta):
        model = User
        fields = ["full_name", "username", "email"]
        labels = {"full_name": "Họ và tên", "username": USERNAME_LABEL, "email": "Thư điện tử"}
        help_texts = {"username": "Chữ không dấu và số, viết liền, ví dụ: vanphong."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields["password1"].label, self.fields["password1"].help_text = "Mật khẩu", password_rules()
        self.fields["password2"].label, self.fields["password2"].help_text = "Gõ lại mật khẩu", PASSWORD_AGAIN_HINT

    def _post_clean(self) -> None:
        """The password is held against the office's name too, which is not stored yet."""
        self.instance.office_words = self.cleaned_data.get("office_name", "")
        super()._post_clean()
