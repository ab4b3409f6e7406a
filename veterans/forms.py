"""The registry's forms. They check; what is done with the answers is in people, living and gratitude."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError

from directive_tracker import vietnamese
from directive_tracker.form_look import PlainHelper
from directive_tracker.vietnamese import vn_number
from tasks.errors import Refused
from units.models import Area, Unit
from veterans.enums import Category, Honour, Living, Purpose, Sex, Verification
from veterans.forms_sensitive import SensitiveFields
from veterans.gifts import Given
from veterans.models import Gift, GiftSource, Person, Visit
from veterans.money import typed_money
from veterans.people import Evidence, check_categories

SHORT = {"class": "dt-w-short"}
LIVING_FIELDS = ("living_state", "living_on", "living_source", "moved_to")


def clean_words(text: str) -> str:
    """Text of one line as it is stored: composed, single spaces."""
    return " ".join(vietnamese.nfc(text or "").split())


def own_communes(area_ids, day: date):
    """The communes of a registrar on a day, by district and name."""
    return (
        Area.objects.communes()
        .valid_on(day)
        .filter(pk__in=area_ids)
        .select_related("parent")
        .order_by("parent__code", "sort_key", "pk")
    )


def grouped(communes, *, whole_districts: bool = False) -> list:
    """Choices of communes under their districts, for one <select>."""
    groups: dict[str, list] = {}
    for commune in communes:
        district = commune.parent or commune
        if district.name not in groups:
            groups[district.name] = [(district.pk, f"Cả {_lower_first(district.name)}")] if whole_districts else []
        groups[district.name].append((commune.pk, commune.name))
    return list(groups.items())


def _lower_first(name: str) -> str:
    """The name as it stands inside a sentence: "huyện Sa Thầy"."""
    return name[:1].lower() + name[1:]


class CommuneField(forms.ModelChoiceField):
    """One commune of the registrar's areas, under its district; one statement for the whole list."""

    def __init__(self, **kwargs):
        super().__init__(queryset=Area.objects.none(), **kwargs)

    def offer(self, communes) -> None:
        """Show these communes."""
        self.queryset = communes
        self.choices = [("", "Chọn xã, phường, thị trấn"), *grouped(communes)]


class Group(Fieldset):
    """Fields that belong together, as a card with a heading."""

    template = "veterans/_fieldset.html"


class FilterForm(forms.Form):
    """What the list shows. It is sent by POST, so that a name never stands in an address."""

    q = forms.CharField(
        label="Tên, năm sinh, xã, bốn số cuối căn cước",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    area = forms.TypedChoiceField(label="Địa bàn", required=False, coerce=int, empty_value=None)
    category = forms.ChoiceField(label="Đối tượng", required=False, choices=[("", "Tất cả"), *Category.choices])
    living = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), *Living.choices])
    verification = forms.ChoiceField(label="Xác minh", required=False, choices=[("", "Tất cả"), *Verification.choices])
    off = forms.BooleanField(label="Đã đưa khỏi danh sách", required=False)

    def __init__(self, *args, communes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "Tất cả"), *grouped(communes, whole_districts=True)]


class PersonForm(SensitiveFields, forms.ModelForm):
    """What a registrar writes about a person, groups with their papers included."""

    residence = CommuneField(label="Xã, phường, thị trấn")
    birth_is_estimated = forms.BooleanField(label="Năm sinh chỉ là ước chừng", required=False)
    living_state = forms.ChoiceField(
        label="Tình trạng", choices=[choice for choice in Living.choices if choice[0] != Living.DECEASED]
    )
    wishes = forms.MultipleChoiceField(
        label="Nguyện vọng được tri ân",
        required=False,
        choices=Honour.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Điều chính người đó hoặc gia đình nói. Chưa hỏi thì để trống.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Person
        fields = [
            "full_name",
            "other_name",
            "sex",
            "birth_day",
            "birth_month",
            "birth_year",
            "birth_is_estimated",
            "residence",
            "hamlet",
            "living_state",
            "living_on",
            "living_source",
            "moved_to",
            "legal_basis",
            "needs_interpreter",
            "needs_vehicle",
        ]
        widgets = {
            "birth_day": forms.NumberInput(attrs=SHORT),
            "birth_month": forms.NumberInput(attrs=SHORT),
            "birth_year": forms.NumberInput(attrs=SHORT),
        }

    def __init__(self, *args, communes, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["residence"].offer(communes)
        self.fields["sex"].choices = Sex.choices
        if self.instance.pk:
            self.initial["wishes"] = [row.form for row in self.instance.wishes.all()]
        self._add_category_fields()
        self.prepare_sensitive(self.instance)
        if self.instance.pk and self.instance.is_deceased:
            for name in LIVING_FIELDS:
                del self.fields[name]
        self._word_fields()
        self.helper = PlainHelper()
        self.helper.layout = self._layout()

    def _add_category_fields(self) -> None:
        """A tick for each group, with the paper that proves it and its number."""
        known = {row.category: row for row in self.instance.categories.all()} if self.instance.pk else {}
        for value, words in Category.choices:
            row = known.get(value)
            self.fields[f"is_{value}"] = forms.BooleanField(label=words, required=False, initial=bool(row))
            self.fields[f"paper_{value}"] = forms.CharField(
                label="Giấy tờ, hoặc ai xác nhận", max_length=200, required=False, initial=row.paper if row else ""
            )
            self.fields[f"number_{value}"] = forms.CharField(
                label="Số giấy tờ", max_length=60, required=False, initial=row.number if row else ""
            )
            self.fields[f"issuer_{value}"] = forms.CharField(
                label="Nơi cấp", max_length=200, required=False, initial=row.issuer if row else ""
            )
            self.fields[f"issued_on_{value}"] = forms.DateField(
                label="Ngày cấp",
                required=False,
                initial=row.issued_on if row else None,
                widget=forms.DateInput(attrs={"placeholder": "ngày/tháng/năm", **SHORT}),
            )
            self.fields[f"witness_{value}"] = forms.CharField(
                label="Người làm chứng", max_length=200, required=False, initial=row.witness if row else ""
            )

    def _word_fields(self) -> None:
        """Labels and hints in the words of the office."""
        hints = {
            "full_name": "Ghi đúng như trên giấy tờ, có dấu. Tên một chữ cũng được.",
            "birth_year": "Bốn chữ số. Không rõ thì để trống.",
            "other_name": "Nhiều tên thì cách nhau bằng dấu chấm phẩy (;).",
            "moved_to": "Chỉ khi đã chuyển ra ngoài tỉnh. Chuyển trong tỉnh thì ghi ở hồ sơ, mục “Chuyển đi”.",
            "living_source": "Ai cho biết, ví dụ: trưởng thôn, gia đình.",
            "legal_basis": "Ví dụ: Danh sách của Ủy ban MTTQ xã, đã thông báo cho gia đình.",
        }
        for name, hint in hints.items():
            if name in self.fields:
                self.fields[name].help_text = hint
        self.fields["birth_day"].label = "Ngày sinh"
        self.fields["birth_month"].label = "Tháng sinh"

    def _layout(self) -> Layout:
        """Five groups of fields, in the order in which a list on paper has them."""
        groups = [
            Div(
                f"is_{value}",
                Div(f"paper_{value}", f"number_{value}", css_class="dt-cols"),
                Div(f"issuer_{value}", f"issued_on_{value}", f"witness_{value}", css_class="dt-cols"),
            )
            for value, _ in Category.choices
        ]
        living = [name for name in LIVING_FIELDS if name in self.fields]
        return Layout(
            "version",
            Group(
                "Họ tên, năm sinh",
                Div("full_name", "other_name", "sex", css_class="dt-cols"),
                Div("birth_day", "birth_month", "birth_year", css_class="dt-cols"),
                "birth_is_estimated",
            ),
            Group("Nơi cư trú", Div("residence", "hamlet", css_class="dt-cols")),
            Group(
                "Đối tượng",
                HTML('<p class="dt-hint">Chọn ít nhất một. Thân nhân liệt sĩ được đếm riêng.</p>'),
                *groups,
            ),
            *([Group("Tình trạng", Div(*living[:3], css_class="dt-cols"), *living[3:])] if living else []),
            *self.sensitive_layout(Group),
            Group(
                "Khi đến thăm và căn cứ",
                "wishes",
                "needs_interpreter",
                "needs_vehicle",
                "legal_basis",
            ),
        )

    def clean_birth_year(self) -> int | None:
        """Two digits could be 1932 or 2032; nothing is guessed."""
        year = self.cleaned_data["birth_year"]
        if year is not None and year < 1000:
            raise ValidationError("Năm sinh viết đủ bốn chữ số, ví dụ 1932.")
        return year

    def clean_living_on(self) -> date | None:
        """Nobody knows about tomorrow."""
        day = self.cleaned_data["living_on"]
        if day and day > self.today:
            raise ValidationError("Ngày có tin không được sau hôm nay.")
        return day

    def clean(self) -> dict:
        """Join what belongs together: estimate and year, groups and year."""
        data = super().clean()
        if data.get("moved_to") and data.get("living_state") != Living.MOVED:
            self.add_error("moved_to", "Có nơi chuyển đến thì chọn tình trạng “Chuyển đi”; nếu không, hãy để trống.")
        data["birth_is_estimated"] = data.get("birth_is_estimated", False) if data.get("birth_year") else None
        ticked = self.data.get(self.add_prefix("birth_is_estimated"))
        if ticked and not data.get("birth_year") and "birth_year" not in self.errors:
            self.add_error("birth_year", "Ước chừng thì cũng cần ghi năm, ví dụ 1932.")
        for name in ("full_name", "other_name", "hamlet", "living_source", "moved_to", "legal_basis"):
            if name in data:
                data[name] = clean_words(data[name])
        try:
            check_categories(data.get("birth_year"), self.categories())
        except Refused as refusal:
            field = "birth_year" if self.categories() else f"is_{Category.SOLDIER}"
            self.add_error(field, str(refusal))
        for value in Category.values:
            day = data.get(f"issued_on_{value}")
            if day and day > self.today:
                self.add_error(f"issued_on_{value}", "Ngày cấp không được sau hôm nay.")
        return data

    def categories(self) -> dict[str, Evidence]:
        """The ticked groups with their papers."""
        data = self.cleaned_data
        return {
            value: Evidence(
                *(clean_words(data.get(f"{name}_{value}")) for name in ("paper", "number", "issuer")),
                issued_on=data.get(f"issued_on_{value}"),
                witness=clean_words(data.get(f"witness_{value}")),
            )
            for value in Category.values
            if data.get(f"is_{value}")
        }

    def person_fields(self) -> dict:
        """The values for add_person and change_person."""
        plain = {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.cleaned_data}
        return plain | self.sensitive_of() | {"wishes": self.cleaned_data.get("wishes", [])}


class MoneyField(forms.CharField):
    """An amount in đồng: 2.000.000, 2 000 000 or 2000000; nothing is 0."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", **SHORT}))
        super().__init__(required=False, max_length=20, **kwargs)

    def clean(self, value) -> int:
        return typed_money(super().clean(value))


class GiftRow(NamedTuple):
    """One line of the table of gifts."""

    source: GiftSource
    money: forms.BoundField
    goods: forms.BoundField
    known: Gift | None


class VisitForm(forms.Form):
    """One visit of one unit, with what each source of the campaign gave."""

    on = forms.DateField(label="Ngày thăm", widget=forms.DateInput(attrs={"placeholder": "05/4/2024", **SHORT}))
    unit = forms.ModelChoiceField(label="Đơn vị tổ chức đoàn", queryset=Unit.objects.none(), empty_label="Chọn đơn vị")
    form = forms.ChoiceField(label="Hình thức", choices=Honour.choices, initial=Honour.HOME)
    to_family = forms.BooleanField(label="Thăm gia đình người đã từ trần", required=False)
    received_by = forms.CharField(
        label="Người nhận thay", required=False, max_length=120, help_text="Để trống nếu chính người được thăm nhận."
    )
    note = forms.CharField(label="Ghi chú", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self, *args, person: Person, sources: list[GiftSource], today: date, known: Iterable[Gift] = (), **kwargs
    ):
        """known: the person's gifts of these sources that were promised or given; a promised one is filled in."""
        self.known = {gift.source_id: gift for gift in known if gift.kind == Gift.Kind.GIFT}
        promised = {
            name: value
            for pk, gift in self.known.items()
            if gift.state == Gift.State.PROMISED
            for name, value in (
                (f"money_{pk}", vn_number(gift.money) if gift.money else ""),
                (f"goods_{pk}", gift.goods),
            )
        }
        super().__init__(*args, initial=promised | (kwargs.pop("initial", None) or {}), **kwargs)
        self.person = person
        self.today = today
        self.sources = sources
        self.fields["unit"].queryset = Unit.objects.valid_on(today).in_official_order()
        if not person.is_deceased:
            del self.fields["to_family"]
        for source in sources:
            self.fields[f"money_{source.pk}"] = MoneyField(label=f"{source.name}: số tiền (đồng)")
            self.fields[f"goods_{source.pk}"] = forms.CharField(
                label=f"{source.name}: hiện vật", required=False, max_length=200
            )

    @property
    def gift_rows(self) -> list["GiftRow"]:
        """Each source with its two fields and what it has promised or given this person."""
        return [
            GiftRow(source, self[f"money_{source.pk}"], self[f"goods_{source.pk}"], self.known.get(source.pk))
            for source in self.sources
        ]

    def visit_of(self) -> dict:
        """What record_visit takes, gifts included; a source without money and goods gave nothing."""
        data = self.cleaned_data
        found = {name: data[name] for name in ("on", "unit", "form", "received_by", "note")}
        gifts = [
            Given(source, money=data[f"money_{source.pk}"], goods=data[f"goods_{source.pk}"])
            for source in self.sources
            if data[f"money_{source.pk}"] or data[f"goods_{source.pk}"]
        ]
        return found | {"to_family": data.get("to_family", False), "gifts": gifts}

    def clean_on(self) -> date:
        """A visit has taken place."""
        day = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError("Ngày thăm không được sau hôm nay.")
        return day

    def clean(self) -> dict:
        """Nobody is visited after death or after leaving the list."""
        data = super().clean()
        if data.get("on"):
            Visit(person=self.person, on=data["on"], to_family=data.get("to_family", False)).clean()
        return data


class DeathForm(forms.Form):
    """A death as it is reported."""

    died_on = forms.DateField(
        label="Ngày từ trần", required=False, widget=forms.DateInput(attrs={"placeholder": "ngày/tháng/năm", **SHORT})
    )
    source = forms.CharField(label="Ai báo tin", max_length=200, help_text="Ví dụ: gia đình, UBND xã.")


class ReasonForm(forms.Form):
    """A reason in words, for what takes something away or puts it back."""

    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class PurposeForm(forms.Form):
    """Why a sensitive thing is opened."""

    purpose = forms.ChoiceField(label="Xem để làm gì", choices=[("", "Chọn mục đích"), *Purpose.choices])
