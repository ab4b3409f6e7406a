"""What is typed about an instruction: the words themselves, the task it becomes, what came of it."""

from datetime import date

from django import forms

from directive_tracker.vietnamese import shortened, vn_date
from tasks.forms.fields import VnDateField, WrittenField
from tasks.instructions.handling import CODE
from tasks.models import DirectiveTask, InstructionSource
from tasks.models.task import DUE_YEARS
from units.models import Unit

BOXES = forms.CheckboxSelectMultiple


class InstructionForm(forms.Form):
    """The words, whose they are, when and where they were said, and what they are about."""

    use_required_attribute = False
    words = WrittenField(label="Nội dung ý kiến", max_length=2000, rows=4)
    said_by = WrittenField(
        label="Người cho ý kiến",
        max_length=160,
        widget=forms.TextInput,
        help_text="Ghi như trong biên bản, ví dụ: Đồng chí Phó Bí thư Thường trực Tỉnh ủy.",
    )
    said_on = VnDateField(label="Ngày")
    source = forms.ChoiceField(label="Nguồn", choices=InstructionSource.choices)
    tasks = forms.ModelMultipleChoiceField(
        label="Về nhiệm vụ", queryset=DirectiveTask.objects.none(), widget=BOXES, required=False
    )
    units = forms.ModelMultipleChoiceField(
        label="Về đơn vị", queryset=Unit.objects.none(), widget=BOXES, required=False
    )

    def __init__(self, *args, tasks, units, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["tasks"].queryset, self.fields["units"].queryset = tasks, units

    def clean_words(self) -> str:
        words = self.cleaned_data["words"].strip()
        if len(words) < 3:
            raise forms.ValidationError("Hãy ghi nội dung ý kiến chỉ đạo.")
        return words

    def clean_said_by(self) -> str:
        said_by = " ".join(self.cleaned_data["said_by"].split())
        if not said_by:
            raise forms.ValidationError("Hãy ghi người cho ý kiến, như ghi trong biên bản.")
        return said_by

    def clean_said_on(self) -> date:
        """A day up to today."""
        day = self.cleaned_data["said_on"]
        if day is None:
            raise forms.ValidationError("Hãy ghi ngày cho ý kiến, ví dụ 15/4/2024.")
        if day > self.today:
            raise forms.ValidationError(f"Ngày {vn_date(day)} chưa tới; hãy ghi một ngày đến hôm nay.")
        if day.year < DUE_YEARS[0]:
            raise forms.ValidationError(f"Năm {day.year} không hợp lý. Xin xem lại.")
        return day


class UnitsForm(forms.Form):
    """Which units are chased."""

    use_required_attribute = False
    units = forms.ModelMultipleChoiceField(
        label="Đôn đốc đơn vị",
        queryset=Unit.objects.none(),
        widget=BOXES,
        error_messages={"required": "Hãy chọn ít nhất một đơn vị."},
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units


class NewTaskForm(UnitsForm):
    """The task an instruction becomes."""

    title = WrittenField(label="Nhiệm vụ", max_length=240, rows=2)
    short_title = WrittenField(label="Tên gọi ngắn", max_length=80, widget=forms.TextInput)
    due = VnDateField(label="Hạn")

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["units"].label = "Giao đơn vị"
        self.fields["title"].help_text = f"Mã nhiệm vụ ({CODE}1, {CODE}2 …) và ngày của ý kiến được ghi tự động."
        self.order_fields(["title", "short_title", "due", "units"])

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        if len(title) < 5:
            raise forms.ValidationError("Hãy ghi việc phải làm.")
        return title

    def clean_short_title(self) -> str:
        return " ".join(self.cleaned_data["short_title"].split())

    def clean_due(self) -> date:
        day = self.cleaned_data["due"]
        if day is None:
            raise forms.ValidationError("Hãy ghi hạn, ví dụ 29/4/2024.")
        if day < self.today:
            raise forms.ValidationError(f"Hạn {vn_date(day)} đã qua; hãy ghi một ngày từ hôm nay trở đi.")
        if day.year > DUE_YEARS[1]:
            raise forms.ValidationError(f"Năm {day.year} không hợp lý. Xin xem lại.")
        return day

    def clean(self) -> dict:
        """The short name is the beginning of the title where it was left empty."""
        cleaned = super().clean()
        if not cleaned.get("short_title") and cleaned.get("title"):
            cleaned["short_title"] = shortened(cleaned["title"], 60)
        return cleaned


class WordsForm(forms.Form):
    """What came of it, or why it is opened again."""

    use_required_attribute = False
    words = WrittenField(label="Nội dung", max_length=500, rows=2)
