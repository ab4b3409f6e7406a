"""Forms of chasing: the nudge's words, a call, what a unit says of a delay, a letter."""

from dataclasses import asdict
from datetime import date

from django import forms

from tasks.chasing.letters import NUMBER_MAX, LetterHead
from tasks.chasing.notes import REASON_MAX, REASON_MIN, SAID_MAX, SAID_MIN, WITH_MAX, WITH_MIN
from tasks.chasing.nudging import USUAL_WORDS
from tasks.chasing.rules import expected_day_error
from tasks.forms.fields import VnDateField, WrittenField
from tasks.lifecycle import REASON_MAX as MESSAGE_MAX
from tasks.models import Assignment, ChaseLetter, DelayCause


class NudgeManyForm(forms.Form):
    """The words that go with a nudge; shown in the app, never mailed."""

    use_required_attribute = False
    message = WrittenField(
        label="Lời đôn đốc",
        required=True,
        min_length=3,
        max_length=MESSAGE_MAX,
        rows=3,
        initial=USUAL_WORDS,
        error_messages={"required": "Hãy ghi lời đôn đốc."},
        help_text="Hiện trong mục Thông báo của người nhận; thư chỉ ghi tên việc và đường dẫn.",
    )


class CallNoteForm(forms.Form):
    """A telephone call about one assignment."""

    use_required_attribute = False
    spoke_with = forms.CharField(
        label="Nói chuyện với",
        min_length=WITH_MIN,
        max_length=WITH_MAX,
        help_text="Chức vụ hoặc tên, ví dụ: chánh văn phòng huyện ủy. Đơn vị đọc được dòng này trong Diễn biến.",
        error_messages={"required": "Hãy ghi đã nói chuyện với ai."},
    )
    called_on = VnDateField(label="Gọi ngày", required=True, error_messages={"required": "Hãy ghi ngày gọi."})
    said = WrittenField(
        label="Nội dung trao đổi",
        required=True,
        min_length=SAID_MIN,
        max_length=SAID_MAX,
        rows=3,
        help_text="Đơn vị nói gì, hẹn làm gì; không gọi được thì ghi rõ.",
        error_messages={"required": "Hãy ghi nội dung trao đổi."},
    )
    promised_until = VnDateField(
        label="Hẹn xong ngày", help_text="Để trống nếu đơn vị không hẹn. Lời hẹn không đổi thời hạn."
    )

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["called_on"].initial = today


class DelayForm(forms.Form):
    """The two things a unit is asked about late work: why, and when it expects to be done."""

    use_required_attribute = False
    cause = forms.ChoiceField(
        label="Nguyên nhân",
        choices=DelayCause.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Hãy chọn nguyên nhân: khách quan hoặc chủ quan.",
            "invalid_choice": "Hãy chọn nguyên nhân: khách quan hoặc chủ quan.",
        },
    )
    reason = forms.CharField(
        label="Lý do chậm",
        min_length=REASON_MIN,
        max_length=REASON_MAX,
        help_text="Một dòng, ví dụ: chờ các xã gửi danh sách.",
        error_messages={"required": "Hãy ghi lý do chậm."},
    )
    expected_on = VnDateField(
        label="Dự kiến xong ngày",
        required=True,
        help_text="Không thay cho xin gia hạn; thời hạn vẫn giữ nguyên.",
        error_messages={"required": "Hãy ghi ngày dự kiến xong."},
    )

    def __init__(self, *args, assignment: Assignment, today: date, **kwargs):
        # Several stand on one page.
        super().__init__(*args, prefix=f"v{assignment.pk}", **kwargs)
        self.assignment, self.today = assignment, today

    def clean_expected_on(self):
        day = self.cleaned_data["expected_on"]
        if error := expected_day_error(day, today=self.today):
            raise forms.ValidationError(error)
        return day


class LetterForm(forms.Form):
    """A letter to one or more units: by when they shall report, and what stands around the text."""

    use_required_attribute = False
    report_by = VnDateField(
        label="Đề nghị báo cáo chậm nhất ngày",
        required=True,
        error_messages={"required": "Hãy ghi ngày đề nghị báo cáo."},
    )
    superior = forms.CharField(label="Cơ quan cấp trên", max_length=120, required=False)
    organ = forms.CharField(
        label="Cơ quan ban hành", max_length=120, error_messages={"required": "Hãy ghi tên cơ quan ban hành."}
    )
    symbol = forms.CharField(
        label="Ký hiệu",
        max_length=30,
        help_text="Phần sau số, ví dụ CV/VPTU. Số để trống, văn thư ghi sau khi ký.",
        error_messages={"required": "Hãy ghi ký hiệu của công văn."},
    )
    place = forms.CharField(label="Địa danh", max_length=60, error_messages={"required": "Hãy ghi địa danh."})
    authority = forms.CharField(
        label="Quyền hạn người ký",
        max_length=120,
        required=False,
        help_text="Ví dụ K/T Chánh Văn phòng; để trống khi cấp trưởng ký.",
    )
    position = forms.CharField(
        label="Chức vụ người ký", max_length=120, error_messages={"required": "Hãy ghi chức vụ người ký."}
    )

    def __init__(self, *args, today: date, head: LetterHead, report_by: date, **kwargs):
        super().__init__(*args, initial={**asdict(head), "report_by": report_by}, **kwargs)
        self.today = today

    def clean_report_by(self):
        day = self.cleaned_data["report_by"]
        if error := expected_day_error(day, today=self.today):
            raise forms.ValidationError(error)
        return day

    @property
    def head(self) -> LetterHead:
        """What stands around the text, as typed."""
        return LetterHead(**{name: self.cleaned_data[name].strip() for name in LetterHead.__dataclass_fields__})


class LetterSentForm(forms.Form):
    """Number and day of the letter once it has been signed and sent."""

    use_required_attribute = False
    number = forms.CharField(
        label="Số, ký hiệu",
        max_length=NUMBER_MAX,
        help_text="Ví dụ 127-CV/VPTU.",
        error_messages={"required": "Hãy ghi số, ký hiệu của công văn đã ký."},
    )
    sent_on = VnDateField(label="Gửi ngày", required=True, error_messages={"required": "Hãy ghi ngày gửi."})

    def __init__(self, *args, letter: ChaseLetter, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sent_on"].initial = today
        self.fields["number"].widget.attrs["placeholder"] = f"…-{letter.content['symbol']}"
