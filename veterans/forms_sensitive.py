"""The part of a person's form that writes sensitive things: never shown, empty keeps what is stored."""

from crispy_forms.layout import HTML, Div, Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join

from veterans import ethnic_groups, sensitive
from veterans.enums import Circumstance, Health, SensitiveKind
from veterans.models import Person
from veterans.sensitive_words import Unfit, clean_ethnicity, clean_id_number, clean_phone, joined

HEALTH, CIRCUMSTANCES = SensitiveKind.HEALTH.value, SensitiveKind.CIRCUMSTANCES.value
_OFF = {"autocomplete": "off"}
_PHONE = {"inputmode": "tel", "class": "dt-w-medium", **_OFF}
_LABELS = dict(SensitiveKind.choices)
_HINTS = {
    "relative_contact": "Họ tên và quan hệ, ví dụ: A Thút, con trai.",
    "id_number": "9 chữ số (CMND) hoặc 12 chữ số (căn cước, định danh).",
    "ethnicity": "Chọn trong danh sách, hoặc ghi đúng như trên giấy tờ.",
    "note": "Điều trong danh sách không vào được cột nào.",
}
KEPT = "Để trống là giữ nguyên."


SUGGESTIONS = "ethnic-groups"


def _suggestions() -> str:
    """The groups as suggestions for the field; anything else may be typed."""
    options = format_html_join("", '<option value="{}"></option>', ((name,) for name in ethnic_groups.names()))
    return format_html('<datalist id="{}">{}</datalist>', SUGGESTIONS, options)


class SensitiveFields(forms.Form):
    """Mixed into a form of a person; `sensitive_of()` gives what was typed."""

    phone = forms.CharField(required=False, max_length=20, widget=forms.TextInput(attrs=_PHONE))
    relative_contact = forms.CharField(required=False, max_length=200, widget=forms.TextInput(attrs=_OFF))
    relative_phone = forms.CharField(required=False, max_length=20, widget=forms.TextInput(attrs=_PHONE))
    id_number = forms.CharField(
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "dt-w-medium", **_OFF}),
    )
    ethnicity = forms.CharField(
        required=False, max_length=60, widget=forms.TextInput(attrs={"list": SUGGESTIONS, **_OFF})
    )
    health = forms.ChoiceField(required=False, choices=[("", "Không ghi"), *Health.choices])
    circumstances = forms.MultipleChoiceField(
        required=False, choices=Circumstance.choices, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2, **_OFF}))
    forget = forms.MultipleChoiceField(
        label="Xóa điều đang lưu", required=False, choices=SensitiveKind.choices, widget=forms.CheckboxSelectMultiple
    )

    def prepare_sensitive(self, person: Person | None) -> None:
        """Word the fields by what is known of the person; None for a new one."""
        known = sensitive.known(person) if person and person.pk else {}
        for kind, label in SensitiveKind.choices:
            field = self.fields[kind]
            field.label = label
            hint = _HINTS.get(kind, "")
            if kind in known:
                hint = f"Đang lưu {known[kind]}. {KEPT}" if known[kind] else f"Đã có. {KEPT}"
                if kind == HEALTH:
                    field.choices = [("", "Giữ nguyên"), *Health.choices]
            field.help_text = hint
        self.fields["forget"].choices = [(kind, _LABELS[kind]) for kind in SensitiveKind.values if kind in known]
        if not known:
            del self.fields["forget"]

    def sensitive_layout(self, group: type[Fieldset]) -> list[Fieldset]:
        """The fields as groups of the form."""
        forget = ["forget"] if "forget" in self.fields else []
        return [
            group("Liên hệ", Div("phone", "relative_contact", "relative_phone", css_class="dt-cols")),
            group(
                "Thông tin nhạy cảm",
                HTML(
                    '<p class="dt-hint">Chỉ ghi khi cần cho việc thăm hỏi, xác minh. Được mã hóa khi lưu; mỗi lần mở xem'
                    " đều ghi nhật ký.</p>"
                ),
                HTML(_suggestions()),
                Div("id_number", "ethnicity", HEALTH, css_class="dt-cols"),
                CIRCUMSTANCES,
                "note",
                *forget,
            ),
        ]

    def _cleaned(self, name: str, clean) -> str:
        try:
            return clean(self.cleaned_data[name])
        except Unfit as wrong:
            raise ValidationError(str(wrong)) from None

    def clean_phone(self) -> str:
        return self._cleaned("phone", clean_phone)

    def clean_relative_phone(self) -> str:
        return self._cleaned("relative_phone", clean_phone)

    def clean_id_number(self) -> str:
        return self._cleaned("id_number", clean_id_number)

    def clean_ethnicity(self) -> str:
        return self._cleaned("ethnicity", clean_ethnicity)

    def sensitive_of(self) -> dict[str, str]:
        """Kind → what was typed; "" for what is to be forgotten; what was left empty is missing. After is_valid()."""
        data = self.cleaned_data
        typed = {kind: data.get(kind) or "" for kind in SensitiveKind.values}
        typed[CIRCUMSTANCES] = joined(data.get(CIRCUMSTANCES) or [])
        forgotten = set(data.get("forget") or ())
        return {kind: words for kind, words in typed.items() if words or kind in forgotten}
