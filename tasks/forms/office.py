"""Forms of the office's screens."""

from dataclasses import dataclass, field

from django import forms
from django.db.models import Case, Q, QuerySet, When
from django.forms.boundfield import BoundField

from directive_tracker.prepared import Prepared
from directive_tracker.row_ids import row_id
from tasks.chosen import Chosen
from tasks.digests.filters import DETAILS
from tasks.enums import AssignmentRole, DirectiveState, UnitWord
from tasks.forms.plain import PlainInput, PlainSelect
from tasks.lifecycle import REASON_MAX, REASON_MIN
from tasks.models import Directive
from tasks.querysets import access_for
from tasks.rounds.places import WHOLE, Place
from tasks.timeliness import Timeliness
from units.access import Access, Seer
from units.models import Unit

# So many documents stand in the filter.
NEWEST = 20


class ReasonForm(forms.Form):
    """A reason for something done to one assignment."""

    reason = forms.CharField(
        label="Lý do",
        min_length=3,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Hãy ghi lý do."},
    )


class NudgeForm(forms.Form):
    message = forms.CharField(
        label="Lời đôn đốc",
        min_length=3,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Hãy ghi lời đôn đốc."},
        help_text="Gửi cho cán bộ đầu mối của đơn vị trong ứng dụng và bằng thư.",
    )


WHOLE_PLACES = [Place(key, label, key) for key, label in WHOLE.items()]
# What the fold below a whole kind is called.
SINGLE_ONES = {"indicators": "Từng số liệu", "products": "Từng văn bản", "files": "Từng tệp"}


@dataclass
class PlaceRow:
    """One place of the form: its box, the field of its reason, and the single places of its kind."""

    box: object
    words: BoundField
    fold: str = ""
    single: list["PlaceRow"] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Something was typed or ticked in the fold, or is to be mended."""
        return any(row.words.value() or row.words.errors or row.box.data["selected"] for row in self.single)


class ReturnForm(forms.Form):
    """Return one section: where and what to mend; a word for the whole, or for single places, or both."""

    use_required_attribute = False
    fields_to_mend = forms.MultipleChoiceField(
        label="Chỗ cần sửa",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"invalid_choice": "Có chỗ đã chọn không còn trong lần gửi đang hiện. Xin chọn lại."},
    )
    reason = forms.CharField(
        label="Lý do chung",
        min_length=REASON_MIN,
        max_length=REASON_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    without_content = forms.BooleanField(label="Báo cáo không có nội dung (không lùi hạn)", required=False)

    def __init__(self, *args, places: list[Place] = WHOLE_PLACES, **kwargs):
        super().__init__(*args, **kwargs)
        self.all_places = places
        self.fields["fields_to_mend"].choices = [(place.key, place.label) for place in places]
        for place in places:
            self.fields[f"why_{place.key}"] = forms.CharField(
                label=f"Lý do: {place.label}",
                min_length=REASON_MIN,
                max_length=REASON_MAX,
                required=False,
                widget=PlainInput,
            )

    def places(self) -> list[PlaceRow]:
        """Everything that can be sent back, the single ones below their kind."""
        rows: dict[str, PlaceRow] = {}
        for place, box in zip(self.all_places, self["fields_to_mend"], strict=True):
            row = PlaceRow(box, self[f"why_{place.key}"], SINGLE_ONES.get(place.key, ""))
            if place.key == place.group:
                rows[place.key] = row
            else:
                rows[place.group].single.append(row)
        return list(rows.values())

    @property
    def field_reasons(self) -> dict[str, str]:
        """Key → what is to be mended there."""
        said = {place.key: self.cleaned_data.get(f"why_{place.key}", "") for place in self.all_places}
        return {key: words for key, words in said.items() if words}

    def _reasons_of_gone_places(self) -> list[str]:
        """What was typed at places that are not in the sending on the page."""
        start = self.add_prefix("why_")
        known = {self.add_prefix(name) for name in self.fields}
        gone = [name for name in self.data if name.startswith(start) and name not in known]
        return [words for name in gone if (words := self.data[name].strip())]

    def clean(self):
        cleaned = super().clean()
        for words in self._reasons_of_gone_places():
            self.add_error(None, f"Lý do “{words}” ghi cho chỗ không còn trong lần gửi này; xin ghi lại ở chỗ khác.")
        if "reason" not in self.errors and not cleaned.get("reason") and not self.field_reasons:
            self.add_error("reason", "Hãy ghi lý do trả lại, để đơn vị biết phải sửa gì.")
        return cleaned


class ConditionForm(forms.Form):
    """Answer a task's condition."""

    applies = forms.ChoiceField(
        label="Quyết định",
        choices=[("yes", "Có"), ("no", "Không")],
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn Có hoặc Không."},
    )
    reason = forms.CharField(
        label="Căn cứ",
        min_length=3,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ví dụ: số văn bản, ý kiến của ai, ngày nào.",
        error_messages={"required": "Hãy ghi căn cứ quyết định."},
    )


class ConditionSettingForm(forms.Form):
    """Until when a condition is decided, and by whom. `seen`, hidden, says what stood there when the page was opened."""

    decide_by = forms.DateField(
        label="Quyết định trước ngày",
        required=False,
        widget=forms.DateInput(attrs={"class": "dt-w-short", "placeholder": "ngày/tháng/năm", "autocomplete": "off"}),
        help_text="Qua ngày này mà chưa quyết định thì việc đứng ở đầu trang tổng quan và báo cáo.",
        error_messages={"invalid": "Không có ngày này. Xin ghi ngày/tháng/năm, ví dụ 29/02/2024."},
    )
    decider = forms.ModelChoiceField(
        label="Bên quyết định",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="Chưa rõ",
        error_messages={"invalid_choice": "Xin chọn một đơn vị trong danh sách."},
    )

    def __init__(self, *args, today, task, **kwargs):
        self.mark = f"{task.condition_decide_by or ''}|{task.condition_decider_id or ''}"
        start = {"decide_by": task.condition_decide_by, "decider": task.condition_decider_id}
        super().__init__(*args, initial=start, **kwargs)
        there = Unit.objects.valid_on(today).values("pk")
        self.fields["decider"].queryset = Unit.objects.filter(
            Q(pk__in=there) | Q(pk=task.condition_decider_id)
        ).in_official_order()

    def clean(self):
        cleaned = super().clean()
        if self.data.get("seen", self.mark) != self.mark:
            self.add_error(None, "Ngày hoặc bên quyết định vừa được người khác sửa. Xin xem lại rồi lưu.")
        return cleaned


class ExtensionDecisionForm(forms.Form):
    """Approve, approve another date, or refuse."""

    decision = forms.ChoiceField(
        label="Quyết định",
        choices=[("approve", "Đồng ý gia hạn"), ("refuse", "Không đồng ý")],
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn Đồng ý hoặc Không đồng ý."},
    )
    granted_due = forms.DateField(
        label="Gia hạn đến ngày",
        required=False,
        help_text="Để trống là đúng ngày đơn vị xin.",
        widget=forms.DateInput(attrs={"class": "dt-w-short", "placeholder": "ngày/tháng/năm"}),
    )
    reason = forms.CharField(
        label="Ý kiến",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Bắt buộc khi không đồng ý.",
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == "refuse" and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Hãy ghi lý do không đồng ý.")
        return cleaned


def _directives(access: Access, first: int) -> QuerySet:
    """The newest documents that these rights see, before them the one that was chosen."""
    user = Seer(access)
    return (
        Directive.objects.visible_to(user)
        .exclude(state=DirectiveState.DRAFT)
        .with_reach(user)
        .order_by(Case(When(pk=first, then=0), default=1), "-issued_on", "-pk")
        .values_list("pk", "short_title", "issued_on", "closed_on", "monitors", "leads_others")[:NEWEST]
    )


_DIRECTIVES = Prepared(_directives)


class AssignmentFilterForm(forms.Form):
    """Filters of the list of assignments; knows how to apply itself.

    Only the newest documents can be chosen from, and the one that a link has chosen: a list of thousands helps nobody.
    """

    q = forms.CharField(
        label="Tìm việc, đơn vị",
        required=False,
        max_length=100,
        widget=PlainInput(attrs={"type": "search", "data-dt-search": ""}),
    )
    directive = forms.TypedChoiceField(
        label="Văn bản", required=False, coerce=int, empty_value=None, widget=PlainSelect
    )
    unit = forms.IntegerField(label="Đơn vị", required=False, widget=forms.HiddenInput)
    task = forms.IntegerField(label="Nhiệm vụ", required=False, widget=forms.HiddenInput)
    word = forms.ChoiceField(
        label="Tình trạng", choices=[("", "Tất cả"), *UnitWord.choices], required=False, widget=PlainSelect
    )
    timeliness = forms.ChoiceField(
        label="Thời hạn", choices=[("", "Tất cả"), *Timeliness.choices], required=False, widget=PlainSelect
    )
    role = forms.ChoiceField(
        label="Vai trò",
        choices=[
            ("", "Tất cả"),
            (AssignmentRole.LEAD.value, AssignmentRole.LEAD.label),
            (AssignmentRole.COORDINATING.value, AssignmentRole.COORDINATING.label),
            (AssignmentRole.PART.value, AssignmentRole.PART.label),
        ],
        required=False,
        widget=PlainSelect,
    )
    # What only links of a digest choose; a bar without them is cheaper.
    detail = forms.ChoiceField(
        label="Xem riêng",
        choices=[("", "Tất cả"), *((name, words) for name, (words, _) in DETAILS.items())],
        required=False,
        widget=PlainSelect,
    )
    due = forms.DateField(label="Hạn", required=False, widget=forms.HiddenInput)
    due_from = forms.DateField(label="Hạn từ ngày", required=False, widget=forms.HiddenInput)
    followed = forms.BooleanField(label="Đang theo dõi", required=False, widget=forms.HiddenInput)
    reviewer = forms.IntegerField(label="Đơn vị xem xét", required=False, widget=forms.HiddenInput)
    office = forms.IntegerField(label="Văn phòng theo dõi", required=False, widget=forms.HiddenInput)
    # What only links of the overview choose.
    clause = forms.IntegerField(label="Điểm", required=False, widget=forms.HiddenInput)
    group = forms.IntegerField(label="Nhóm đơn vị", required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, user):
        super().__init__(data)
        for name in ("detail", "due", "due_from", "followed", "reviewer", "office", "clause", "group"):
            if not (data or {}).get(name):
                del self.fields[name]
        first = row_id((data or {}).get("directive")) or 0
        directives = _DIRECTIVES.rows(first, key=(access_for(user),))
        found = sorted(directives, key=lambda row: (row[2], row[0]), reverse=True)
        self.monitors, self.leads_others = found[0][4:] if found else (True, True)
        # Of a chosen document that has ended: the day its works are shown as of, like its figures.
        self.closed_on = next((row[3] for row in found if row[0] == first), None)
        self.own_units = access_for(user).visible_unit_ids
        self.fields["directive"].choices = [("", "Tất cả"), *((pk, title) for pk, title, *_ in found)]

    @property
    def reaches_others(self) -> bool:
        """Whether work of units other than the own ones and those below can be meant by what was chosen."""
        contributions = self.leads_others and self.cleaned_data.get("role") != AssignmentRole.LEAD
        return self.monitors or contributions

    @property
    def chosen(self) -> Chosen:
        """What holds of it; an invalid choice is ignored."""
        return Chosen.of(self.cleaned_data, reaches_others=self.reaches_others)
