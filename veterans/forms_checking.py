"""Forms of what is checked: findings, news that somebody lives, moves, reviews of communes, calls of condolence."""

from datetime import date

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError

from directive_tracker.form_look import PlainHelper
from veterans.area_reviews import NOT_BEGUN, NOT_BEGUN_WORDS
from veterans.enums import Finding, ReviewState
from veterans.forms import SHORT, CommuneField, clean_words
from veterans.models import AreaReview, Person

FINDINGS = [choice for choice in Finding.choices if choice[0]]
NO_NUMBER = "Hãy ghi số người; nếu không có ai thì chọn “Xong, không có ai”."
REASON = {"class": "dt-w-full", "rows": 2}


class FindingForm(forms.Form):
    """What a level found of an entry."""

    finding = forms.ChoiceField(
        label="Kết luận",
        choices=[choice for choice in FINDINGS if choice[0] != Finding.ENOUGH],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Lý do, còn thiếu gì",
        max_length=500,
        widget=forms.Textarea(attrs=REASON),
        help_text="Người khác đọc được lý do này và có thể đề nghị xem lại. Không ai bị đưa khỏi danh sách.",
    )


class NewsForm(forms.Form):
    """Who says that somebody lives."""

    source = forms.CharField(
        label="Ai cho biết", max_length=200, help_text="Ví dụ: trưởng thôn, gia đình, gọi điện cho con gái."
    )


class MoveForm(forms.Form):
    """Where somebody lives now."""

    to = CommuneField(label="Xã, phường, thị trấn trong tỉnh", required=False)
    words = forms.CharField(
        label="Thôn, làng; hoặc nơi ngoài tỉnh",
        required=False,
        max_length=200,
        help_text="Chuyển trong tỉnh: chọn xã, ghi thôn ở đây. Ra ngoài tỉnh: không chọn xã, ghi xã, tỉnh nơi đến.",
    )
    on = forms.DateField(label="Ngày có tin", widget=forms.DateInput(attrs={"placeholder": "05/4/2024", **SHORT}))
    source = forms.CharField(label="Ai cho biết", max_length=200, help_text="Ví dụ: gia đình, UBND xã.")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, communes, person: Person, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.person, self.today = person, today
        self.fields["to"].offer(communes)
        self.helper = PlainHelper()
        self.helper.layout = Layout(
            "version", Div("to", "words", css_class="dt-cols"), Div("on", "source", css_class="dt-cols")
        )

    def clean_on(self) -> date:
        """Nobody knows about tomorrow."""
        day = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError("Ngày có tin không được sau hôm nay.")
        return day

    def clean(self) -> dict:
        """A place is needed, in the province or outside."""
        data = super().clean()
        data["words"] = clean_words(data.get("words", ""))
        if not data.get("to") and not data["words"] and "to" not in self.errors:
            self.add_error("to", "Hãy chọn xã trong tỉnh, hoặc ghi nơi chuyển đến ngoài tỉnh.")
        if data.get("to") == self.person.residence:
            self.add_error("to", f"Người này đang ở {data['to'].name}. Đổi thôn thì sửa ở hồ sơ.")
        return data


class ReviewCellForm(forms.Form):
    """How far one source is with one commune."""

    state = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[(NOT_BEGUN, NOT_BEGUN_WORDS), *ReviewState.choices],
        widget=forms.RadioSelect,
    )
    people = forms.IntegerField(
        label="Số người trong danh sách",
        required=False,
        min_value=1,
        max_value=10_000,
        error_messages={"min_value": NO_NUMBER},
        widget=forms.NumberInput(attrs=SHORT),
        help_text="Chỉ ghi khi xong, có danh sách.",
    )
    signed_by = forms.CharField(
        label="Ai ký", required=False, max_length=120, help_text="Người ký danh sách hoặc giấy báo không có ai."
    )
    on = forms.DateField(
        label="Ngày xong",
        required=False,
        widget=forms.DateInput(attrs={"placeholder": "05/4/2024", **SHORT}),
        help_text="Để trống là hôm nay.",
    )
    note = forms.CharField(label="Ghi chú", required=False, max_length=300)
    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, row: AreaReview | None, people: int, today: date, **kwargs):
        stored = {
            "state": row.state if row else NOT_BEGUN,
            "people": (row.people if row else people) or None,
            "signed_by": row.signed_by if row else "",
            "on": row.reviewed_on if row else None,
            "note": row.note if row else "",
            "was": row.state if row else NOT_BEGUN,
        }
        super().__init__(*args, initial=stored, **kwargs)
        self.today = today
        self.helper = PlainHelper()
        self.helper.layout = Layout(
            "was", "state", Div("people", "on", css_class="dt-cols"), Div("signed_by", "note", css_class="dt-cols")
        )

    def clean_on(self) -> date | None:
        """A list is finished when it is."""
        day = self.cleaned_data["on"]
        if day and day > self.today:
            raise ValidationError("Ngày rà soát xong không được sau hôm nay.")
        return day

    def clean(self) -> dict:
        """What goes with which state."""
        data = super().clean()
        if data.get("state") == ReviewState.DONE and not data.get("people") and "people" not in self.errors:
            self.add_error("people", NO_NUMBER)
        if data.get("state") != ReviewState.DONE:
            # What stands in the field from before says nothing of another state.
            data["people"] = None
        return data


class CondolenceForm(forms.Form):
    """What became of a proposed call."""

    done = forms.ChoiceField(
        label="Kết quả", choices=[("1", "Đã thăm viếng"), ("0", "Không thăm viếng")], widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Ghi chú", required=False, max_length=300, help_text="Không thăm viếng thì ghi vì sao."
    )

    def clean(self) -> dict:
        """Not to go needs a reason."""
        data = super().clean()
        if data.get("done") == "0" and not clean_words(data.get("note")):
            self.add_error("note", "Hãy ghi vì sao không thăm viếng.")
        return data
