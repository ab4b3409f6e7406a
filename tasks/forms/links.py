"""What is typed on the page of a mailed link: who acts, and to which colleague it is passed on."""

import re

from django import forms

from tasks.forms.fields import WrittenField

_LETTERS = re.compile(r"[^\W\d_]{2,}")


def _line(label: str, **values) -> WrittenField:
    return WrittenField(
        label=label, max_length=120, plain=True, widget=forms.TextInput(attrs={"class": "dt-w-medium", **values})
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


class NameForm(forms.Form):
    """Name and position of whoever acts through the link; shown on everything sent through it."""

    use_required_attribute = False
    name = _line("Họ và tên", autocomplete="name")
    position = _line("Chức vụ", autocomplete="organization-title")

    def clean_name(self) -> str:
        """A name has letters and no figures."""
        name = _one_line(self.cleaned_data["name"])
        if not _LETTERS.search(name) or any(sign.isdigit() for sign in name):
            raise forms.ValidationError("Xin ghi họ và tên người báo cáo, ví dụ Nguyễn Văn An.")
        return name

    def clean_position(self) -> str:
        """Some words."""
        position = _one_line(self.cleaned_data["position"])
        if not _LETTERS.search(position):
            raise forms.ValidationError("Xin ghi chức vụ, ví dụ Phó Chánh Văn phòng.")
        return position


class PassOnForm(forms.Form):
    """A colleague of the unit with an account, or the name of one without."""

    use_required_attribute = False
    user = forms.TypedChoiceField(label="Đồng nghiệp có tài khoản", coerce=int, empty_value=None, required=False)
    name = _line("Hoặc họ tên đồng nghiệp chưa có tài khoản", autocomplete="off")

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = [("", "– chọn –"), *((user.pk, str(user)) for user in colleagues)]

    def clean_name(self) -> str:
        return _one_line(self.cleaned_data["name"])

    def clean(self) -> dict:
        """Exactly one of the two."""
        cleaned = super().clean()
        user, name = cleaned.get("user"), cleaned.get("name", "")
        if not self.errors and bool(user) == bool(name):
            raise forms.ValidationError(
                "Xin chọn một đồng nghiệp có tài khoản, hoặc ghi tên một người chưa có tài khoản."
            )
        if name and not _LETTERS.search(name):
            self.add_error("name", "Xin ghi họ và tên người nhận.")
        return cleaned
