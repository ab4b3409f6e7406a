"""The filter bars of the overview and of the year."""

from typing import Any

from django import forms

from directive_tracker.row_ids import row_id
from tasks.forms.figures import WRONG_CHOICE
from tasks.forms.plain import PlainSelect
from tasks.whole.narrowing import Narrowed
from tasks.whole.year import KINDS


class DroppingForm(forms.Form):
    """A filter bar that leaves out what does not exist and says so."""

    @property
    def dropped(self) -> str:
        """What was asked for and does not exist, in words; "" where everything holds."""
        names = ", ".join(str(self.fields[name].label).lower() for name in self.errors if name in self.fields)
        return f"Không có lựa chọn đã ghi ở {names}; phần đó đang hiện tất cả." if names else ""


class WholeFilterForm(DroppingForm):
    """What part of the whole to show; choices come from the figures themselves."""

    dieu = forms.ChoiceField(label="Điểm", required=False, error_messages=WRONG_CHOICE, widget=PlainSelect)
    nhom = forms.ChoiceField(label="Nhóm đơn vị", required=False, error_messages=WRONG_CHOICE, widget=PlainSelect)

    def __init__(self, *args, part: Narrowed, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dieu"].choices = [("", "Tất cả"), *((str(row.pk), str(row)) for row in part.clauses)]
        self.fields["nhom"].choices = [("", "Tất cả"), *((str(pk), name) for pk, name in part.groups)]


class YearFilterForm(DroppingForm):
    """Which documents of a year, and whether by document or by unit."""

    loai = forms.ChoiceField(
        label="Văn bản",
        required=False,
        choices=[("", "Tất cả"), *KINDS.items()],
        error_messages=WRONG_CHOICE,
        widget=PlainSelect,
    )
    theo = forms.ChoiceField(
        label="Xem theo",
        required=False,
        choices=[("", "Văn bản"), ("don-vi", "Đơn vị")],
        error_messages=WRONG_CHOICE,
        widget=PlainSelect,
    )

    @property
    def chosen(self) -> dict[str, Any]:
        """What holds of it: {"kind", "by_unit"}."""
        self.is_valid()
        return {"kind": self.cleaned_data.get("loai", ""), "by_unit": bool(self.cleaned_data.get("theo"))}


def asked_part(data) -> dict[str, int | None]:
    """The filters as they were asked for: {"clause_id", "group_id"}."""
    return {"clause_id": row_id(data.get("dieu")), "group_id": row_id(data.get("nhom"))}
