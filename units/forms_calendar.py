"""The forms by which an administrator changes the working calendar; each ends in a Change, nothing is written here."""

from datetime import date
from typing import Any

from django import forms

from directive_tracker.vietnamese import vn_date
from directive_tracker.workdays import WorkCalendar
from units.calendar_changes import Change, Day, Year
from units.importing.reading import KINDS
from units.models import CalendarDay, CalendarYear
from units.models.calendar import FIRST_YEAR, LAST_YEAR

OFF, WORK, SWAP = "off", "work", "swap"
KIND_WORDS = (
    (OFF, "Nghỉ một ngày"),
    (SWAP, "Nghỉ một ngày, làm bù một ngày khác"),
    (WORK, "Làm việc vào một ngày nghỉ"),
)
_TEXT = forms.TextInput(attrs={"class": "vTextField"})


def _day_field(label: str, **values: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"size": 12, "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Xin ghi ngày, ví dụ 02/5/2024.",
            "invalid": "Không có ngày này. Xin ghi ngày/tháng/năm, ví dụ 02/5/2024.",
        },
        **values,
    )


def _number_field() -> forms.CharField:
    most = CalendarDay._meta.get_field("notice_number").max_length
    return forms.CharField(
        label="Số thông báo",
        required=False,
        max_length=most,
        help_text="Ví dụ 2450/VPCP-KGVX. Để trống nếu là việc riêng của cơ quan.",
        widget=_TEXT,
    )


class EntryForm(forms.Form):
    """One day off, one day worked, or the two days of a swap.

    Args:
        calendar: the calendar of now; own: days the office itself has entered.
    """

    kind = forms.ChoiceField(
        label="Việc gì",
        choices=KIND_WORDS,
        initial=OFF,
        widget=forms.RadioSelect,
        error_messages={"required": "Xin chọn một việc.", "invalid_choice": "Xin chọn một việc trong danh sách."},
    )
    day = _day_field("Ngày")
    make_up = _day_field("Làm bù vào ngày", required=False, help_text="Chỉ khi có làm bù: Thứ Bảy hoặc Chủ nhật nào.")
    reason = forms.CharField(
        label="Lý do",
        max_length=CalendarDay._meta.get_field("reason").max_length,
        help_text="Ví dụ: Nghỉ hoán đổi dịp 30/4 – 01/5. Lý do hiện trong cách tính hạn.",
        widget=_TEXT,
        error_messages={"required": "Xin ghi lý do."},
    )
    notice_number = _number_field()

    def __init__(self, *args: Any, calendar: WorkCalendar, own: set[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar, self.own = calendar, own

    def clean(self) -> dict[str, Any]:
        """Say where an entry would change nothing, or a swap has no second day."""
        data = super().clean() or {}
        kind = data.get("kind")
        works = kind == WORK
        self._fits("day", works=works)
        if kind == SWAP and "make_up" not in self.errors:
            if data.get("make_up") is None:
                self.add_error("make_up", "Xin ghi ngày làm bù.")
            elif data["make_up"] == data.get("day"):
                self.add_error("make_up", "Ngày làm bù phải là một ngày khác.")
            else:
                self._fits("make_up", works=True)
        return data

    def _fits(self, name: str, *, works: bool) -> None:
        day = self.cleaned_data.get(name)
        if day is None:
            return
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.add_error(name, f"Năm {day.year} nằm ngoài lịch; xin ghi năm từ {FIRST_YEAR} đến {LAST_YEAR}.")
        elif day not in self.own and self.calendar.is_working_day(day) == works:
            why = self.calendar.why(day)
            already = "là ngày làm việc" if works else f"là ngày nghỉ{f' ({why})' if why else ''}"
            self.add_error(name, f"Ngày {vn_date(day)} vốn đã {already}.")

    def change(self) -> Change:
        """What the form asks for; it must be valid."""
        data = self.cleaned_data
        kind, number = data["kind"], data["notice_number"]
        other = data["make_up"] if kind == SWAP else None
        days = [Day(data["day"], kind == WORK, data["reason"], number, other)]
        if other:
            days.append(Day(other, True, data["reason"], number, data["day"]))
        return Change(tuple(days))


class YearForm(forms.Form):
    """That a year's days off are official."""

    notice_number = _number_field()

    def change(self, year: int, *, announced: bool) -> Change:
        """What the form asks for; it must be valid."""
        return Change(years=(Year(year, announced, self.cleaned_data["notice_number"]),))


class YearFileForm(forms.Form):
    """A year by file."""

    year = forms.IntegerField(
        label="Năm",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.NumberInput(attrs={"size": 6}),
        error_messages={"required": "Xin ghi năm, ví dụ 2025.", "invalid": "Xin ghi năm bằng bốn chữ số, ví dụ 2025."},
    )
    file = forms.FileField(
        label="Tệp Excel, ODS hoặc CSV",
        help_text="Cột: Ngày, Nghỉ hay làm việc, Lý do, Số thông báo, Hoán đổi với.",
        error_messages={"required": "Hãy chọn tệp.", "empty": "Tệp này trống.", "missing": "Hãy chọn tệp."},
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(KINDS)}),
    )
    announced = forms.BooleanField(label="Đánh dấu lịch nghỉ của năm này đã công bố", required=False, initial=True)
    notice_number = _number_field()

    def announcement(self) -> Year | None:
        """What to note of the year; a number that is known already is not taken away by an empty field."""
        if not self.cleaned_data["announced"]:
            return None
        year, number = self.cleaned_data["year"], self.cleaned_data["notice_number"]
        known = CalendarYear.objects.filter(year=year).first()
        return Year(year, True, number or (known.notice_number if known else ""))
