"""Forms about what phones sent, and about pictures of calls."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.dateparse import parse_date

from records.uploads import limits_sentence
from veterans.models import Person, SentVisit, VisitPhoto


class PhotoForm(forms.Form):
    """One picture of a call."""

    visit = forms.ModelChoiceField(label="Của lần thăm", queryset=None, empty_label="Chọn lần thăm")
    kind = forms.ChoiceField(label="Loại ảnh", choices=[("", "Chọn loại"), *VisitPhoto.Kind.choices])
    file = forms.FileField(label="Tệp", widget=forms.ClearableFileInput(attrs={"accept": ".jpg,.jpeg,.png"}))

    def __init__(self, *args, person: Person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["visit"].queryset = person.visits.select_related("unit")
        self.fields["visit"].label_from_instance = _visit_words
        limit = "Mỗi tệp" + limits_sentence().rpartition("mỗi tệp")[2]
        self.fields["file"].help_text = f"Ảnh jpg, png. Được mã hóa khi lưu, bỏ nơi chụp và máy chụp. {limit}"


def _visit_words(visit) -> str:
    return f"{visit.on:%d/%m/%Y}, {visit.unit.short_name}"


class AsideForm(forms.Form):
    """Why something that a phone sent is not recorded."""

    reason = forms.CharField(
        label="Vì sao không ghi",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ví dụ: đã ghi ở lần thăm của đơn vị khác, bấm nhầm người.",
    )


def typed_for_the_form(sent: SentVisit, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed on the phone, as the form for a visit begins with; amounts stay as they were typed."""
    try:
        day = parse_date(typed["on"])
    except ValueError:
        day = None
    found: dict[str, Any] = {
        "on": day or typed["on"],
        "unit": sent.copy.delegation.unit_id,
        "form": typed["form"] or "home",
        "to_family": typed["to_family"],
        "received_by": typed["received_by"],
        "note": typed["note"],
    }
    for gift in typed["gifts"]:
        found |= {f"money_{gift['source']}": gift["money"], f"goods_{gift['source']}": gift["goods"]}
    return found
