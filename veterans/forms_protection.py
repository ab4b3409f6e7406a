"""Forms of the pages about a person's data."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from records.uploads import limits_sentence
from veterans.enums import Category, ExportPurpose, Living, Purpose, SensitiveKind, Verification
from veterans.forms import grouped
from veterans.models import Consent, DataRequest, PersonScan

SHORT = {"class": "dt-w-short"}


class _Dated(forms.Form):
    """Has a day that cannot be in the future."""

    day_field = "on"

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields[self.day_field].initial = today

    def _day(self) -> date:
        day = self.cleaned_data[self.day_field]
        if day > self.today:
            raise ValidationError("Ngày này không được sau hôm nay.")
        return day


class ConsentForm(_Dated):
    """One answer about one purpose. Nothing is ticked beforehand."""

    purpose = forms.ChoiceField(label="Về việc", choices=[("", "Chọn việc"), *Consent.Purpose.choices])
    given = forms.ChoiceField(
        label="Trả lời", choices=[("yes", "Đồng ý"), ("no", "Không đồng ý")], widget=forms.RadioSelect
    )
    said_by = forms.CharField(
        label="Ai trả lời", max_length=120, help_text="Chính người đó, hay ai trả lời thay và là gì của người đó."
    )
    way = forms.ChoiceField(label="Cách trả lời", choices=[("", "Chọn cách"), *Consent.Way.choices])
    witness = forms.CharField(
        label="Người làm chứng", max_length=120, required=False, help_text="Cần ghi khi trả lời bằng lời."
    )
    on = forms.DateField(label="Ngày", widget=forms.DateInput(attrs=SHORT))

    def clean_on(self) -> date:
        return self._day()

    def clean(self) -> dict:
        data = super().clean()
        if data.get("way") == Consent.Way.SPOKEN and not (data.get("witness") or "").strip():
            self.add_error("witness", "Trả lời bằng lời thì cần ghi người làm chứng.")
        return data


class ScanForm(forms.Form):
    """A scanned paper."""

    kind = forms.ChoiceField(label="Loại giấy tờ", choices=[("", "Chọn loại"), *PersonScan.Kind.choices])
    category = forms.ChoiceField(
        label="Chứng minh cho đối tượng", required=False, choices=[("", "Không ghi"), *Category.choices]
    )
    file = forms.FileField(label="Tệp", widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = f"Bản chụp pdf, jpg, png. Được mã hóa khi lưu. {_limit()}"


def _limit() -> str:
    return "Mỗi tệp" + limits_sentence().rpartition("mỗi tệp")[2]


class RequestForm(_Dated):
    """What somebody asked about the own data."""

    day_field = "received_on"
    kind = forms.ChoiceField(label="Yêu cầu", choices=[("", "Chọn yêu cầu"), *DataRequest.Kind.choices])
    asked_by = forms.CharField(
        label="Ai yêu cầu", max_length=200, help_text="Chính người đó, hay ai thay mặt và là gì của người đó."
    )
    words = forms.CharField(label="Nội dung", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    received_on = forms.DateField(label="Nhận ngày", widget=forms.DateInput(attrs=SHORT))

    def clean_received_on(self) -> date:
        return self._day()


class SheetForm(forms.Form):
    """Why the sheet is made, and as what."""

    purpose = forms.ChoiceField(label="Lập phiếu để làm gì", choices=[("", "Chọn mục đích"), *Purpose.choices])


class WordsForm(forms.Form):
    """A reason or an outcome in words."""

    words = forms.CharField(label="Lý do, kết quả", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class DoneForm(forms.Form):
    """What was done; an erasure is confirmed with the number of the entry."""

    words = forms.CharField(label="Đã làm gì", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    number = forms.CharField(label="Số hồ sơ", max_length=12, required=False, widget=forms.TextInput(attrs=SHORT))

    def __init__(self, *args, erases: int = 0, **kwargs):
        super().__init__(*args, **kwargs)
        self.erases = erases
        if erases:
            self.fields["number"].required = True
            self.fields["number"].help_text = "Gõ lại số hồ sơ để xác nhận. Xóa rồi không lấy lại được."
            del self.fields["words"]
        else:
            del self.fields["number"]

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"].strip()
        if typed != str(self.erases):
            raise ValidationError(f"Số hồ sơ không đúng. Hồ sơ đang xem là số {self.erases}.")
        return typed


class ExportForm(forms.Form):
    """Which people, what for, and whether sensitive columns are wanted; a name never stands in it."""

    purpose = forms.ChoiceField(label="Xuất để làm gì", choices=[("", "Chọn mục đích"), *ExportPurpose.choices])
    area = forms.TypedChoiceField(label="Địa bàn", required=False, coerce=int, empty_value=None)
    category = forms.ChoiceField(label="Đối tượng", required=False, choices=[("", "Tất cả"), *Category.choices])
    living = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), *Living.choices])
    verification = forms.ChoiceField(label="Xác minh", required=False, choices=[("", "Tất cả"), *Verification.choices])
    kinds = forms.MultipleChoiceField(
        label="Kèm thông tin nhạy cảm",
        required=False,
        choices=SensitiveKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chỉ chọn mục thật cần cho mục đích trên. Mỗi mục được ghi nhật ký.",
    )

    def __init__(self, *args, communes, with_kinds: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "Tất cả"), *grouped(communes, whole_districts=True)]
        if not with_kinds:
            del self.fields["kinds"]

    def wanted(self) -> dict:
        """The filter, for the job."""
        names = ("area", "category", "living", "verification")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}

    def words(self) -> str:
        """The filter in words, for the head of the file."""
        found = []
        for name, value in self.wanted().items():
            choices = self.fields[name].choices
            flat = [pair for _, group in choices if isinstance(group, list) for pair in group]
            flat += [pair for pair in choices if not isinstance(pair[1], list)]
            words = next((text for key, text in flat if str(key) == str(value)), "")
            found.append(f"{self.fields[name].label}: {words}")
        return " · ".join(found)


class RuleForm(forms.Form):
    """When the purpose ends and how long data stay afterwards."""

    purpose_ends_on = forms.DateField(
        label="Mục đích kết thúc ngày",
        required=False,
        widget=forms.DateInput(attrs=SHORT),
        help_text="Ngày báo cáo tổng kết đợt. Để trống khi chưa kết thúc: chưa có gì đến hạn.",
    )
    keep_months = forms.IntegerField(
        label="Lưu thêm (tháng)", min_value=0, max_value=240, widget=forms.NumberInput(attrs=SHORT)
    )
    living_days = forms.IntegerField(
        label="Tin “còn sống” có giá trị (ngày)",
        min_value=1,
        max_value=365,
        widget=forms.NumberInput(attrs=SHORT),
        help_text="Cũ hơn thì phải hỏi lại trước khi lên lịch thăm.",
    )
