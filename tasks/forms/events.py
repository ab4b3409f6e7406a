"""Forms of events and inspections: few fields first, the rest folded away; pictures are checked by the upload checks."""

import re
from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django import forms

from directive_tracker.vietnamese import vn_date
from tasks.errors import Refused
from tasks.events.activities import CAPTION_MAX, NOTE_MAX, ActivityInput, refuse_days_that_cannot_be
from tasks.events.inspections import PLACE_MAX, PLACE_MIN, WORDS_MAX, WORDS_MIN
from tasks.events.privacy import privacy_error
from tasks.forms.fields import SeveralFilesField, VnDateField, WholeNumberField, WrittenField
from tasks.models import Activity, ActivityKind, Indicator, PlaceKind
from tasks.models.activity import MOST_PEOPLE
from units.models import Area, Unit

# "7", "7h", "7h30", "07:30", "7 giờ 30".
_TIME = re.compile(r"([01]?\d|2[0-3])\s*(?:(?:h|:|\.|g|giờ|gio)\s*([0-5]\d)?)?(?:\s*(?:phút|p))?", re.IGNORECASE)
PHOTO_NAMES = (".jpg", ".jpeg", ".png")


class HourField(forms.CharField):
    """An hour as people write it: 7h30, 07:30, 7 giờ; cleaned to a time or None."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"required": False, "max_length": 20, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict:
        return {**super().widget_attrs(widget), "class": "dt-w-short", "placeholder": "7h30", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def clean(self, value: Any) -> time | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = _TIME.fullmatch(typed.strip())
        if not found:
            raise forms.ValidationError(f"“{typed}” không phải giờ. Ví dụ viết 7h30 hoặc 14:00.")
        return time(int(found[1]), int(found[2] or 0))


class PhotoInput(forms.ClearableFileInput):
    """One picture; a phone offers its camera."""

    template_name = "django/forms/widgets/file.html"


def _photo(label: str, help_text: str) -> forms.FileField:
    attrs = {"accept": "image/jpeg,image/png"}
    return forms.FileField(
        label=label, required=False, allow_empty_file=True, help_text=help_text, widget=PhotoInput(attrs=attrs)
    )


class PhotosField(SeveralFilesField):
    def widget_attrs(self, widget: forms.Widget) -> dict:
        return {**super().widget_attrs(widget), "accept": "image/jpeg,image/png"}


class ActivityForm(forms.Form):
    """An event. What a phone needs comes first: kind, title, day, place; the others are folded."""

    use_required_attribute = False
    first_fields = ("kind", "title", "starts_on", "held", "attendance", "place")
    kind = forms.ChoiceField(
        label="Loại", choices=ActivityKind.choices, error_messages={"required": "Hãy chọn loại sự kiện."}
    )
    title = WrittenField(
        label="Tên sự kiện",
        required=True,
        min_length=3,
        max_length=200,
        widget=forms.TextInput(),
        help_text="Ví dụ: Hội nghị quán triệt tại thị trấn. Không ghi tên riêng của người dân.",
        error_messages={"required": "Hãy ghi tên sự kiện."},
    )
    starts_on = VnDateField(label="Ngày", required=True, error_messages={"required": "Hãy ghi ngày tổ chức."})
    held = forms.BooleanField(label="Đã tổ chức", required=False)
    attendance = WholeNumberField(label="Lượt người dự", help_text="Chưa tổ chức thì để trống.")
    place = WrittenField(label="Địa điểm", max_length=200, widget=forms.TextInput())
    starts_at = HourField(label="Từ giờ", help_text="Để trống là cả ngày.")
    ends_at = HourField(label="Đến giờ")
    ends_on = VnDateField(label="Đến ngày", help_text="Chỉ ghi khi kéo dài nhiều ngày.")
    area = forms.ModelChoiceField(
        label="Địa bàn", queryset=Area.objects.none(), required=False, empty_label="(không chọn)"
    )
    photos = PhotosField(
        label="Ảnh",
        help_text="Ảnh chung của sự kiện; không chụp cận mặt người chưa đồng ý. Nơi chụp ghi trong ảnh sẽ bị xóa.",
    )
    caption = WrittenField(label="Chú thích ảnh", max_length=CAPTION_MAX, widget=forms.TextInput())

    def __init__(
        self,
        *args: Any,
        today: date,
        areas: Any,
        indicators: Iterable[Indicator],
        activity: Activity | None = None,
        **kw: Any,
    ) -> None:
        initial: dict[str, Any] = {"starts_on": today}
        if activity is not None:
            names = ("kind", "title", "starts_on", "starts_at", "ends_at", "attendance", "place")
            initial = {name: getattr(activity, name) for name in names}
            initial |= {"area": activity.area_id, "version": activity.version}
            if activity.ends_on != activity.starts_on:
                initial["ends_on"] = activity.ends_on
            initial |= {f"figure_{item.indicator_id}": item.value for item in activity.figures.all()}
        super().__init__(*args, initial={**initial, **kw.pop("initial", {})}, **kw)
        self.today, self.activity = today, activity
        self.fields["area"].queryset = areas
        if activity is not None:
            # What became of it has buttons of its own on the page.
            del self.fields["held"]
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
        self.indicators = list(indicators)
        for indicator in self.indicators:
            self.fields[f"figure_{indicator.pk}"] = WholeNumberField(label=f"{indicator.name} ({indicator.measure})")

    def first(self) -> list:
        """The fields that are always open."""
        return [self[name] for name in self.first_fields if name in self.fields]

    def more(self) -> list:
        """The folded ones."""
        hidden = {*self.first_fields, "version"}
        return [self[name] for name in self.fields if name not in hidden]

    def more_is_open(self) -> bool:
        """Whether something stands there, or is wrong there."""
        return any(field.errors or field.value() for field in self.more())

    def clean_attendance(self) -> int | None:
        value = self.cleaned_data["attendance"]
        if value is not None and value > MOST_PEOPLE:
            raise forms.ValidationError("Số lượt người lớn quá mức có thể; xin xem lại.")
        return value

    def clean_caption(self) -> str:
        return _public(self.cleaned_data["caption"], "Chú thích ảnh")

    def clean(self) -> dict:
        """The days and hours in their order."""
        data = super().clean()
        first, last = data.get("starts_on"), data.get("ends_on")
        if first:
            held = bool(data.get("held")) or (self.activity is not None and self.activity.is_held)
            try:
                refuse_days_that_cannot_be(first, last, today=self.today, held=held)
            except Refused as refusal:
                self.add_error("ends_on" if last and last < first else "starts_on", str(refusal))
        opens, closes = data.get("starts_at"), data.get("ends_at")
        if closes and not opens and "starts_at" not in self.errors:
            self.add_error("starts_at", "Đã ghi giờ kết thúc thì xin ghi cả giờ bắt đầu.")
        elif opens and closes and closes <= opens and (last is None or last == first):
            self.add_error("ends_at", f"Giờ kết thúc phải sau giờ bắt đầu ({opens:%H:%M}).")
        return data

    def typed(self) -> ActivityInput:
        """What was typed, once it is valid."""
        data = self.cleaned_data
        names = ("kind", "title", "starts_on", "starts_at", "ends_on", "ends_at", "place", "attendance")
        return ActivityInput(
            **{name: data[name] for name in names},
            area_id=data["area"].pk if data["area"] else None,
            figures={item.pk: data[f"figure_{item.pk}"] for item in self.indicators},
        )


def _public(text: str, what: str) -> str:
    if error := privacy_error(text, what):
        raise forms.ValidationError(error)
    return text


class HoldForm(forms.Form):
    """It took place: how many came."""

    use_required_attribute = False
    attendance = WholeNumberField(label="Lượt người dự", help_text="Chưa có số thì để trống, ghi thêm sau được.")

    def __init__(self, *args: Any, activity: Activity, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"attendance": activity.attendance}, **kwargs)

    clean_attendance = ActivityForm.clean_attendance


class PostponeForm(forms.Form):
    """Another day, and why."""

    use_required_attribute = False
    new_day = VnDateField(
        label="Ngày mới",
        required=True,
        help_text="Chưa chốt thì ghi ngày dự kiến; lùi tiếp được.",
        error_messages={"required": "Hãy ghi ngày mới."},
    )
    note = WrittenField(label="Lý do", max_length=NOTE_MAX, rows=2)

    def __init__(self, *args: Any, activity: Activity, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.activity = activity


class CancelForm(forms.Form):
    """Why it does not take place."""

    use_required_attribute = False
    note = WrittenField(
        label="Lý do hủy",
        required=True,
        min_length=3,
        max_length=NOTE_MAX,
        rows=2,
        error_messages={"required": "Hãy ghi lý do hủy."},
    )

    def __init__(self, *args: Any, activity: Activity, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


# --- inspections ----------------------------------------------------------------------------------


class InspectionForm(forms.Form):
    use_required_attribute = False
    day = VnDateField(label="Ngày kiểm tra", required=True, error_messages={"required": "Hãy ghi ngày kiểm tra."})

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"day": today}, **kwargs)


class FindingForm(forms.Form):
    """What has to be mended at a place, by when."""

    use_required_attribute = False
    words = WrittenField(
        label="Kiến nghị",
        required=True,
        min_length=WORDS_MIN,
        max_length=WORDS_MAX,
        rows=2,
        help_text="Ví dụ: cờ Tổ quốc đã cũ, cần thay. Không ghi nhà riêng, không ghi tên người.",
        error_messages={"required": "Hãy ghi kiến nghị."},
    )
    mend_by = VnDateField(
        label="Khắc phục chậm nhất ngày", required=True, error_messages={"required": "Hãy ghi ngày khắc phục."}
    )
    photo = _photo("Ảnh", "Ảnh của nơi kiểm tra, không chụp người. Nơi chụp ghi trong ảnh sẽ bị xóa.")

    def __init__(self, *args: Any, today: date, mend_by: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"mend_by": mend_by}, **kwargs)
        self.today = today

    def clean_words(self) -> str:
        return _public(self.cleaned_data["words"], "Kiến nghị")

    def clean_mend_by(self) -> date | None:
        day = self.cleaned_data["mend_by"]
        if day and day < self.today:
            raise forms.ValidationError(
                f"Ngày {vn_date(day)} đã qua; hãy ghi từ hôm nay ({vn_date(self.today)}) trở đi."
            )
        return day


class PlaceForm(FindingForm):
    """One place, and what has to be mended there, if anything."""

    kind = forms.ChoiceField(
        label="Loại nơi", choices=PlaceKind.choices, error_messages={"required": "Hãy chọn loại nơi."}
    )
    name = WrittenField(
        label="Tên nơi kiểm tra",
        required=True,
        min_length=PLACE_MIN,
        max_length=PLACE_MAX,
        widget=forms.TextInput(),
        help_text="Trụ sở, trục đường, nơi công cộng. Không ghi nhà riêng, không ghi tên người.",
        error_messages={"required": "Hãy ghi tên nơi kiểm tra."},
    )
    unit = forms.ModelChoiceField(
        label="Đơn vị phụ trách",
        queryset=Unit.objects.none(),
        empty_label="(chọn đơn vị)",
        error_messages={
            "required": "Hãy chọn đơn vị phụ trách.",
            "invalid_choice": "Đơn vị này không được giao nhiệm vụ; hãy chọn một đơn vị trong danh sách.",
        },
    )
    field_order = ("kind", "name", "unit", "words", "mend_by", "photo")

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        for name in ("words", "mend_by"):
            self.fields[name].required = False
        self.fields["words"].help_text = "Nơi làm tốt thì để trống. Không ghi nhà riêng, không ghi tên người."

    def clean_name(self) -> str:
        return _public(self.cleaned_data["name"], "Nơi kiểm tra")

    def clean(self) -> dict:
        data = super().clean()
        if data.get("words") and not data.get("mend_by") and "mend_by" not in self.errors:
            self.add_error("mend_by", "Có kiến nghị thì xin ghi ngày khắc phục chậm nhất.")
        if data.get("photo") and not data.get("words") and "words" not in self.errors:
            self.add_error("words", "Ảnh đi cùng một kiến nghị; hãy ghi kiến nghị.")
        return data


class AnswerForm(forms.Form):
    """What the unit did about a finding."""

    use_required_attribute = False
    words = WrittenField(
        label="Đã làm gì",
        required=True,
        min_length=WORDS_MIN,
        max_length=WORDS_MAX,
        rows=2,
        error_messages={"required": "Hãy ghi đã khắc phục thế nào."},
    )
    done_on = VnDateField(label="Xong ngày", required=True, error_messages={"required": "Hãy ghi ngày khắc phục xong."})
    photo = _photo("Ảnh sau khi khắc phục", "Nơi chụp ghi trong ảnh sẽ bị xóa.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"done_on": today}, **kwargs)


class SendBackForm(forms.Form):
    """What is still to be done, and by which new day."""

    use_required_attribute = False
    words = WrittenField(
        label="Cần làm thêm",
        required=True,
        min_length=WORDS_MIN,
        max_length=WORDS_MAX,
        rows=2,
        error_messages={"required": "Hãy ghi việc cần làm thêm."},
    )
    mend_by = VnDateField(
        label="Khắc phục chậm nhất ngày", required=True, error_messages={"required": "Hãy ghi ngày khắc phục."}
    )

    def __init__(self, *args: Any, mend_by: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"mend_by": mend_by}, **kwargs)


class CloseForm(forms.Form):
    """That it is mended; a word more where somebody wants to."""

    use_required_attribute = False
    words = WrittenField(label="Nhận xét", max_length=WORDS_MAX, rows=2)
