"""Forms of a corrected text."""

from typing import Any

from django import forms

from tasks.models import DirectiveText


class TextVersionForm(forms.Form):
    """A corrected text, typed or as a file, and why."""

    reason = forms.CharField(
        label="Lý do sửa",
        max_length=500,
        help_text="Ví dụ: sửa lỗi đánh máy theo bản ký. Các đơn vị cũng đọc được.",
        error_messages={"required": "Hãy ghi lý do sửa lời văn."},
    )
    words = forms.CharField(
        label="Lời văn",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "dt-doc"}),
        help_text="Sửa ngay trong ô này. Chú thích cuối trang giữ như cũ.",
    )
    file = forms.FileField(
        label="Hoặc tệp lời văn đã sửa",
        required=False,
        help_text="Tệp .txt, .docx hoặc .pdf có lớp chữ. Chọn tệp thì để nguyên ô lời văn.",
    )
    not_secret = forms.BooleanField(
        label="Lời văn này không có độ mật",
        error_messages={"required": "Chỉ ghi được lời văn không có độ mật."},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, text: DirectiveText, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.text = text
        self.fields["words"].initial = text.body
        self.fields["seen"].initial = text.version

    def clean(self) -> dict[str, Any]:
        """One way at a time: a file, or words that are not those of the newest version."""
        values = super().clean() or {}
        typed = "\n".join((values.get("words") or "").splitlines()).strip()
        is_typed = bool(typed) and typed != self.text.body.strip()
        # Against an older version the words differ by themselves; that is said by the service.
        is_old = values.get("seen") is not None and values["seen"] != self.text.version
        if values.get("file") and is_typed and not is_old:
            self.add_error(
                "file",
                "Vừa chọn tệp vừa sửa lời văn trong ô. Hãy chỉ dùng một cách: bỏ tệp, hoặc trả ô lời văn như cũ.",
            )
        elif not values.get("file") and not typed:
            self.add_error("words", "Lời văn trống. Hãy sửa lời văn trong ô này hoặc chọn tệp.")
        return values

    def go_on_from(self, version: int) -> None:
        """Let what was typed be sent again as a correction of that version."""
        self.data = {**{name: self.data.get(name, "") for name in self.fields}, "seen": str(version)}


class MarkAgainForm(forms.Form):
    """Which sentences of the newest text a task stands for."""

    place = forms.MultipleChoiceField(
        label="Câu của nhiệm vụ trong lời văn mới",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Hãy chọn ít nhất một câu.",
            "invalid_choice": "Câu vừa chọn không còn trong lời văn. Hãy chọn lại.",
        },
    )

    def __init__(self, *args: Any, near: list, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(f"{start}-{end}", words) for (start, end), words in near]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The chosen places, in code points."""
        return [tuple(map(int, place.split("-"))) for place in self.cleaned_data["place"]]
