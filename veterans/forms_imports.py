"""The forms that take a list of persons in and put its columns right."""

from django import forms

from units.models import Area, AreaLevel
from veterans.importing.taking import KINDS


class ListForm(forms.Form):
    """One file, whose list it is, and which area it is about."""

    file = forms.FileField(
        label="Tệp danh sách",
        help_text="Excel (.xlsx, .xls), ODS hoặc CSV, đúng như nơi gửi đã lập; không cần sửa lại theo mẫu.",
        error_messages=dict.fromkeys(("required", "missing", "invalid"), "Hãy chọn tệp.")
        | {"empty": "Tệp này trống. Hãy kiểm tra lại tệp đã chọn."},
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(KINDS)}),
    )
    sender = forms.CharField(
        label="Nơi gửi danh sách",
        max_length=160,
        help_text="Ví dụ: UBND xã Đăk Hring. Lần sau cùng nơi gửi, các cột đã sửa được nhớ.",
        error_messages={"required": "Hãy ghi nơi gửi danh sách."},
    )
    area = forms.ModelChoiceField(
        label="Địa bàn của danh sách",
        queryset=Area.objects.none(),
        empty_label=None,
        help_text="Dòng của xã ngoài địa bàn này được báo lỗi, không nhập.",
        error_messages={"required": "Hãy chọn địa bàn.", "invalid_choice": "Hãy chọn địa bàn anh/chị phụ trách."},
    )

    def __init__(self, *args, area_ids, senders: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        areas = Area.objects.filter(pk__in=area_ids).select_related("parent")
        order = {AreaLevel.PROVINCE: 0, AreaLevel.DISTRICT: 1, AreaLevel.COMMUNE: 2}
        rows = sorted(
            areas, key=lambda area: (order[AreaLevel(area.level)], area.valid_to is not None, area.sort_key, area.pk)
        )
        field = self.fields["area"]
        field.queryset = areas
        field.choices = [(area.pk, _words(area)) for area in rows]
        self.senders = senders
        self.fields["sender"].widget.attrs |= {"list": "senders", "autocomplete": "off"}


def _words(area: Area) -> str:
    """ "Xã Đăk Hring, Huyện Đăk Hà": communes of one name are told apart."""
    is_below = area.level == AreaLevel.COMMUNE and area.parent is not None
    return f"{area.name}, {area.parent.name}" if is_below else area.name
