"""The form that takes a workbook in."""

from django import forms

from units.importing.reading import KINDS


class ImportForm(forms.Form):
    """One file; whether it can be taken is judged by the upload checks."""

    file = forms.FileField(
        label="Tệp Excel, ODS hoặc CSV",
        help_text="Theo tệp mẫu, hoặc tệp dữ liệu hiện có đã sửa. Nhiều nhất 20.000 dòng.",
        error_messages={
            "required": "Hãy chọn tệp.",
            "empty": "Tệp này trống.",
            "missing": "Hãy chọn tệp.",
            "invalid": "Hãy chọn tệp.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(KINDS)}),
    )
