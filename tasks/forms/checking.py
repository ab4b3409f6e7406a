"""Forms of checking a draft: a task's fields, a product, names of units typed as people write them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from directive_tracker.vietnamese import fold, nfc
from tasks.drafting.products import FIELDS
from tasks.drafting.proposing import condition_values
from tasks.enums import AssignmentRole, ConditionState, ProductKind, Strength
from tasks.forms.fields import VnDateField
from tasks.models import DirectiveTask, Product
from tasks.models.directive import CODE_LENGTH
from tasks.models.task import DUE_YEARS
from units.groups import members_of
from units.models import Unit

# So many likely names stand in the sentence about a name nobody knows.
OFFERED = 4
_MORE = "Gõ tên, chọn trong gợi ý."


class UnitNames:
    """The units of a day, found by their names as people type them; read once, when first asked."""

    def __init__(self, *, on: date) -> None:
        self.on = on
        self._units: list[Unit] | None = None

    @property
    def units(self) -> list[Unit]:
        if self._units is None:
            self._units = list(Unit.objects.valid_on(self.on).in_official_order())
        return self._units

    def find(self, typed: str) -> Unit:
        """The unit of that name: whole, short, or the only one that holds all the words.

        Errors: ValidationError that names likely ones.
        """
        wanted = fold(typed)
        same = [unit for unit in self.units if wanted in (fold(unit.name), fold(unit.short_name))]
        near = same or [unit for unit in self.units if all(word in unit.search_key for word in wanted.split())]
        if len(near) == 1 or same:
            return near[0]
        offered = "; ".join(unit.name for unit in near[:OFFERED])
        words = f"Có nhiều đơn vị như “{typed}”: {offered}. Hãy ghi đủ tên." if near else ""
        raise ValidationError(
            words or f"Không có đơn vị nào tên “{typed}”. Hãy gõ vài chữ trong tên rồi chọn trong gợi ý."
        )


class UnitNameField(forms.CharField):
    """One unit by its name; cleaned to a Unit or None. `names` is set by the form."""

    names: UnitNames

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": "units", "autocomplete": "off", "class": "dt-w-medium"})
        super().__init__(max_length=200, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return self.names.find(typed) if typed else None


class UnitNamesField(forms.CharField):
    """Several units by their names, parted by semicolons; cleaned to a list."""

    names: UnitNames

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2000, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "; ".join(unit.name for unit in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return list(dict.fromkeys(self.names.find(name.strip()) for name in typed.split(";") if name.strip()))


def _length(name: str) -> int:
    return DirectiveTask._meta.get_field(name).max_length or 0


class TaskForm(forms.Form):
    """What a person may say of a draft's task. A condition without words is none."""

    code = forms.CharField(
        label="Mã",
        max_length=CODE_LENGTH,
        widget=forms.TextInput(attrs={"class": "dt-w-short"}),
        error_messages={"required": "Xin ghi mã nhiệm vụ, ví dụ 1a.1."},
    )
    title = forms.CharField(
        label="Nhiệm vụ",
        max_length=_length("title"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Xin ghi nội dung nhiệm vụ."},
    )
    short_title = forms.CharField(
        label="Tên gọi ngắn",
        max_length=_length("short_title"),
        required=False,
        help_text="Đứng trong danh sách, thư nhắc. Để trống thì lấy phần đầu của nhiệm vụ.",
    )
    strength = forms.ChoiceField(label="Mức độ", choices=Strength.choices, widget=forms.RadioSelect)
    words_and_counts_only = forms.BooleanField(
        label="Chỉ nhận chữ và số đếm, không nhận tệp hay đường dẫn", required=False
    )
    condition_text = forms.CharField(
        label="Điều kiện",
        max_length=_length("condition_text"),
        required=False,
        help_text="Ví dụ: nếu có điểm cầu tại tỉnh. Để trống nếu không có điều kiện.",
    )
    condition_question = forms.CharField(
        label="Câu hỏi quyết định",
        max_length=_length("condition_question"),
        required=False,
        help_text="Trả lời được bằng Có hoặc Không.",
    )
    condition_decider = UnitNameField(label="Bên quyết định", required=False, help_text=_MORE)
    condition_decide_by = VnDateField(label="Quyết định trước ngày")
    reviewing_unit = UnitNameField(
        label="Đơn vị xem xét kết quả",
        help_text=f"Không phải đơn vị chủ trì. {_MORE}",
        error_messages={"required": "Xin ghi đơn vị xem xét kết quả."},
    )
    monitors = UnitNamesField(
        label="Đơn vị theo dõi", required=False, help_text="Nhiều đơn vị cách nhau bằng dấu chấm phẩy."
    )

    def __init__(self, *args: Any, task: DirectiveTask, today: date, **kwargs: Any) -> None:
        initial = {name: getattr(task, name) for name in self.base_fields if name != "monitors"}
        super().__init__(*args, initial={**initial, "monitors": list(task.monitors.all())}, **kwargs)
        self.task, self.today = task, today
        self.names = UnitNames(on=today)
        for name in ("condition_decider", "reviewing_unit", "monitors"):
            self.fields[name].names = self.names  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code = nfc(self.cleaned_data["code"]).strip()
        if any(sign.isspace() for sign in code):
            raise ValidationError("Mã không có khoảng trắng, ví dụ 1a.1.")
        if code != self.task.code and self.task.directive.tasks.filter(code=code).exists():
            raise ValidationError(f"Mã “{code}” đã dùng cho nhiệm vụ khác của văn bản này. Hãy đặt mã khác.")
        return code

    def clean_condition_decide_by(self) -> date | None:
        day = self.cleaned_data["condition_decide_by"]
        if day is not None and not DUE_YEARS[0] <= day.year <= DUE_YEARS[1]:
            raise ValidationError(f"Năm {day.year} không hợp lý. Xin ghi năm từ {DUE_YEARS[0]} đến {DUE_YEARS[1]}.")
        return day

    def clean_reviewing_unit(self) -> Unit:
        """Nobody reviews what is theirs, neither named nor as a member of a group."""
        unit: Unit = self.cleaned_data["reviewing_unit"]
        leads = [row for row in self.task.recipients.all() if row.role == AssignmentRole.LEAD]
        groups = members_of([row.group_id for row in leads if row.group_id], on=self.today)
        taken = {row.unit_id for row in leads} | {one.pk for units in groups.values() for one in units}
        if unit.pk in taken:
            raise ValidationError(f"{unit.name} chủ trì việc này nên không tự xem xét. Hãy chọn đơn vị khác.")
        return unit

    def values(self) -> dict[str, Any]:
        """The task's fields as they shall be stored."""
        said = dict(self.cleaned_data)
        said["title"] = nfc(" ".join(said["title"].split()))
        said["short_title"] = said["short_title"].strip() or said["title"][: _length("short_title")].strip()
        if not said["condition_text"]:
            return said | condition_values(None, self.task.directive.office)
        if not said["condition_question"]:
            decider = said["condition_decider"] or self.task.directive.office
            said["condition_question"] = condition_values(said["condition_text"], decider)["condition_question"]
        return said | {"condition_state": ConditionState.UNDECIDED}


class ProductForm(forms.Form):
    """One product of a task; its day has a page of its own."""

    kind = forms.ChoiceField(label="Loại", choices=ProductKind.choices)
    name = forms.CharField(
        label="Sản phẩm",
        max_length=Product._meta.get_field("name").max_length,
        error_messages={"required": "Xin ghi tên sản phẩm, ví dụ Kế hoạch."},
    )
    is_required = forms.BooleanField(
        label="Bắt buộc", required=False, help_text="Phần việc đến hạn cùng sản phẩm bắt buộc cuối cùng."
    )
    has_paper = forms.BooleanField(label="Là văn bản có số, ký hiệu", required=False)

    def __init__(self, *args: Any, product: Product | None = None, **kwargs: Any) -> None:
        start = (
            {name: getattr(product, name) for name in FIELDS} if product else {"kind": "report", "is_required": True}
        )
        super().__init__(*args, initial=start, **kwargs)

    def clean_name(self) -> str:
        return nfc(" ".join(self.cleaned_data["name"].split()))


def offered_names(units: Iterable[Unit]) -> list[str]:
    """The names a list of suggestions holds: bodies of the province and its districts, not every commune."""
    return [unit.name for unit in units if unit.parent_id is None or unit.area_id is None][:400]
