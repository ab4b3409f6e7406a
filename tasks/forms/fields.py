"""Fields as people in Việt Nam fill them: dates day first, whole numbers with points, several files."""

import re

from django import forms
from django.core.exceptions import ValidationError

from directive_tracker.vietnamese import nfc, parse_vn_date, vn_date, vn_number
from records import secrecy
from records.errors import SecretDocumentRefused
from tasks.indicators.typed import read_count

_LINK = re.compile(
    r"https?\s*:|\bwww\s*\.|(?<!\w)@\s?\w|\w@\w"
    r"|\b[a-z0-9][a-z0-9-]*\.(?:com|net|org|vn|info|me|tv|io|ly|be|gl|us|asia)\b",
    re.IGNORECASE,
)
NO_LINKS = "Mục này chỉ nhận chữ và số đếm: hãy bỏ đường dẫn, địa chỉ trang và tên tài khoản “{found}”."


class VnDateField(forms.CharField):
    """A day typed as 07/5/2024; cleaned to a date or None."""

    widget = forms.TextInput

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("required", False)
        super().__init__(*args, **kwargs)

    def widget_attrs(self, widget):
        return {
            **super().widget_attrs(widget),
            "class": "dt-w-short",
            "placeholder": "ngày/tháng/năm",
            "inputmode": "numeric",
            "autocomplete": "off",
        }

    def prepare_value(self, value):
        return value if isinstance(value, str) else vn_date(value)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_vn_date(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class WholeNumberField(forms.CharField):
    """A count from 0 up, typed as 1234, 1.234 or 1 234; cleaned to an int or None.

    Args:
        measure: the unit of measure that stands beside it, for the sentence about "12 buổi".
    """

    def __init__(self, *args, measure: str = "", **kwargs):
        self.measure = measure
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("required", False)
        super().__init__(*args, **kwargs)

    def widget_attrs(self, widget):
        return {
            **super().widget_attrs(widget),
            "class": "dt-w-short",
            "inputmode": "numeric",
            "autocomplete": "off",
        }

    def prepare_value(self, value):
        return vn_number(value) if isinstance(value, int) else value

    def clean(self, value):
        try:
            return read_count(super().clean(value), measure=self.measure)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class WrittenField(forms.CharField):
    """A text area; the text is stored composed (NFC), with plain line ends.

    Args:
        plain: words and counts only – links, addresses and account names are refused.
    """

    def __init__(self, *args, rows: int = 3, plain: bool = False, **kwargs):
        self.plain = plain
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        return nfc(super().to_python(value)).replace("\r\n", "\n")

    def clean(self, value):
        text = super().clean(value)
        try:
            secrecy.guard(text)
        except SecretDocumentRefused as refusal:
            raise ValidationError(str(refusal)) from None
        if self.plain and (found := _LINK.search(text)):
            raise ValidationError(NO_LINKS.format(found=_word_around(text, found)))
        return text


def _word_around(text: str, found: re.Match) -> str:
    """The whole word a match stands in, short enough for a sentence."""
    begin = max(text.rfind(sign, 0, found.start()) for sign in " \n\t") + 1
    return (text[begin : found.start()] + text[found.start() :].split()[0])[:60]


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class SeveralFilesField(forms.FileField):
    """Any number of files; cleaned to a list. What each may be is checked by the upload checks."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", SeveralFilesInput())
        super().__init__(*args, **kwargs)

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [file for file in files if file]
