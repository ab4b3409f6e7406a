"""Forms of upward reports and of cited documents."""

from typing import Any

from django import forms

from tasks.forms.fields import VnDateField
from tasks.models import CitedDocument, Directive, UpwardReport
from tasks.upward.writing import Sent, Wanted


class UpwardForm(forms.Form):
    """What is to be reported to whom until when."""

    to_whom = forms.CharField(
        label="Gửi đến",
        max_length=200,
        help_text="Ghi như trong văn bản.",
        error_messages={"required": "Hãy ghi báo cáo gửi đến đâu."},
    )
    about = forms.CharField(
        label="Nội dung báo cáo", max_length=300, error_messages={"required": "Hãy ghi báo cáo về việc gì."}
    )
    due = VnDateField(label="Hạn gửi", help_text="Để trống nếu văn bản không ghi. Ví dụ 20/5/2024.")
    cited = forms.ModelChoiceField(
        label="Theo văn bản viện dẫn",
        queryset=CitedDocument.objects.none(),
        required=False,
        empty_label="(không theo văn bản nào)",
    )
    note = forms.CharField(label="Ghi chú", max_length=500, required=False)

    def __init__(self, *args: Any, directive: Directive, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["cited"].queryset = directive.cited_documents.order_by("order", "pk")

    def wanted(self) -> Wanted:
        """What was typed."""
        return Wanted(**self.cleaned_data)

    @staticmethod
    def initial_of(report: UpwardReport) -> dict[str, Any]:
        """The fields as they are stored."""
        return {name: getattr(report, name) for name in ("to_whom", "about", "due", "cited", "note")}


class UpwardSentForm(forms.Form):
    """When and how it was sent."""

    sent_on = VnDateField(
        label="Ngày gửi", required=True, error_messages={"required": "Hãy ghi ngày gửi, ví dụ 20/5/2024."}
    )
    number = forms.CharField(
        label="Số, ký hiệu",
        max_length=60,
        required=False,
        help_text="Báo cáo gửi ngoài hệ thống thì để trống, chỉ ghi ngày.",
    )
    signer = forms.CharField(label="Người ký", max_length=120, required=False)
    file = forms.FileField(
        label="Tệp báo cáo", required=False, help_text="Không tải lên tài liệu có nội dung bí mật nhà nước."
    )

    def sent(self) -> Sent:
        """What was typed."""
        values = self.cleaned_data
        return Sent(values["sent_on"], values["number"], values["signer"])


class CitedForm(forms.ModelForm):
    """What a draft's cited document is, beside the number as printed."""

    date = VnDateField(label="Ngày", help_text="Ví dụ 08/01/2024.")

    class Meta:
        model = CitedDocument
        fields = ("number_corrected", "date", "issuer", "title")
        help_texts = {"number_corrected": "Khi bản in ghi sai; số như in vẫn giữ bên cạnh."}
