"""Forms of the directive screens."""

from django import forms

from tasks.models import Directive
from tasks.models.task import DUE_YEARS
from units.models import Unit


class DirectiveUploadForm(forms.Form):
    """A document to record: its file, and the promise that it is not secret."""

    file = forms.FileField(
        label="Tệp văn bản",
        help_text="Word, PDF, txt; bản quét (PDF, jpg, png, tif) được đọc chữ từ ảnh và phải soát lại. Không tải lên tài liệu có nội dung bí mật nhà nước.",
        error_messages={
            "required": "Hãy chọn tệp văn bản.",
            "empty": "Tệp đã chọn trống, không có nội dung. Hãy chọn lại tệp.",
        },
    )
    not_secret = forms.BooleanField(
        label="Văn bản này không có độ mật",
        error_messages={"required": "Chỉ ghi được văn bản không có độ mật."},
    )


class DirectiveHeaderForm(forms.ModelForm):
    """Header fields; number and date may stay empty."""

    class Meta:
        model = Directive
        fields = [
            "kind",
            "number",
            "issued_date",
            "issuer",
            "title",
            "short_title",
            "signer_authority",
            "signer_title",
            "signer_name",
            "signer_name_corrected",
            "event_name",
            "event_date",
            "figures_published",
            "report_links",
            "report_original",
        ]
        help_texts = {
            "number": "Để trống nếu văn bản không in số.",
            "issued_date": "Để trống nếu văn bản không in ngày. Ví dụ 15/02/2024.",
        }
        widgets = {
            "issued_date": forms.DateInput(attrs={"class": "dt-w-short"}),
            "event_date": forms.DateInput(attrs={"class": "dt-w-short"}),
        }

    def clean_event_date(self):
        """Days are counted from the event: a slip of the keyboard must not lead to the end of the calendar."""
        day = self.cleaned_data["event_date"]
        if day is not None and not DUE_YEARS[0] <= day.year <= DUE_YEARS[1]:
            raise forms.ValidationError(
                f"Năm {day.year} không hợp lý. Xin ghi năm từ {DUE_YEARS[0]} đến {DUE_YEARS[1]}."
            )
        return day


class CitedFileForm(forms.Form):
    file = forms.FileField(label="Tệp", error_messages={"required": "Hãy chọn tệp."})


class CoordinatingForm(forms.Form):
    """Which units "các địa phương, đơn vị liên quan" means."""

    units = forms.ModelMultipleChoiceField(
        label="Đơn vị phối hợp",
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn ít nhất một đơn vị."},
    )

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = choices
