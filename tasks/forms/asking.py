"""Forms of asking and answering about work a unit was given."""

from datetime import date

from django import forms

from directive_tracker.vietnamese import fold, vn_date
from tasks.enums import QuestionKind
from tasks.forms.fields import VnDateField, WrittenField
from tasks.lifecycle import REASON_MAX, REASON_MIN
from tasks.models import UnitQuestion
from units.models import Unit

# Of a name that fits several units, so many are named.
NAMED = 5


def written(label: str, missing: str, *, required: bool = True, **values) -> WrittenField:
    """A text area for a reason, a question or an answer."""
    return WrittenField(
        label=label,
        required=required,
        min_length=REASON_MIN,
        max_length=REASON_MAX,
        error_messages={"required": missing},
        **values,
    )


class UnitNameField(forms.CharField):
    """A unit by its name as people write it, with or without accents; cleaned to a Unit or None.

    Args:
        today: the day on which the unit must be there; set by the form.
    """

    today: date | None = None

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", "Gõ tên đơn vị, có dấu hay không dấu đều được.")
        super().__init__(*args, **kwargs)

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        wanted = fold(typed)
        units = Unit.objects.valid_on(self.today).in_official_order()
        for word in wanted.split():
            units = units.filter(search_key__contains=word)
        found = list(units[: NAMED * 4])
        exact = [unit for unit in found if wanted in (fold(unit.name), fold(unit.short_name))]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        if not found:
            raise forms.ValidationError(f"Không tìm thấy đơn vị nào tên “{typed}”. Xin xem lại tên.")
        names = ", ".join(unit.name for unit in found[:NAMED]) + (", …" if len(found) > NAMED else "")
        raise forms.ValidationError(f"Có nhiều đơn vị như vậy: {names}. Xin ghi đủ tên một đơn vị.")


class AskForm(forms.Form):
    """ "Cần làm rõ": what."""

    use_required_attribute = False
    words = written("Điều cần làm rõ", "Hãy ghi điều cần làm rõ, để Văn phòng trả lời đúng chỗ.", rows=4)


class DueForm(forms.Form):
    """Another day than the proposed one, and why."""

    use_required_attribute = False
    day = VnDateField(
        label="Đơn vị đề nghị hạn", required=True, error_messages={"required": "Hãy ghi ngày đơn vị đề nghị."}
    )
    reason = written("Lý do", "Hãy ghi lý do đề nghị hạn khác.", rows=3)


class AnswerForm(forms.Form):
    """The office's answer; what can be chosen follows from what was asked."""

    use_required_attribute = False
    KEEP, HAND_OVER, CANCEL, EXPLAIN, AGREE, ANOTHER = "keep", "hand_over", "cancel", "explain", "agree", "another"
    decision = forms.ChoiceField(
        label="Trả lời", widget=forms.RadioSelect, error_messages={"required": "Hãy chọn một cách trả lời."}
    )
    unit = UnitNameField(label="Giao cho đơn vị")
    day = VnDateField(label="Hạn khác")
    words = written("Ý kiến, lý do", "Hãy ghi câu trả lời.", required=False, rows=3)

    def __init__(self, *args, question: UnitQuestion, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.question = question
        due = vn_date(question.assignment.due_current)
        choices = {
            QuestionKind.NOT_OURS: [
                (self.KEEP, "Giữ nguyên cho đơn vị"),
                (self.HAND_OVER, "Giao cho đơn vị khác"),
                (self.CANCEL, "Hủy phần việc"),
            ],
            QuestionKind.OTHER_DUE: [
                (self.AGREE, f"Đồng ý hạn {vn_date(question.proposed_due)}"),
                (self.ANOTHER, "Ấn định hạn khác"),
                (self.KEEP, f"Giữ nguyên hạn {due}"),
            ],
        }
        kind = QuestionKind(question.kind)
        if kind == QuestionKind.UNCLEAR:
            del self.fields["decision"]
            self.fields["words"].label, self.fields["words"].required = "Câu trả lời", True
        else:
            self.fields["decision"].choices = choices[kind]
        if kind != QuestionKind.NOT_OURS:
            del self.fields["unit"]
        else:
            self.fields["unit"].today = today
            if question.named_unit is not None:
                self.initial["unit"] = question.named_unit.name
        if kind != QuestionKind.OTHER_DUE:
            del self.fields["day"]

    @property
    def chosen(self) -> str:
        return self.cleaned_data.get("decision", self.EXPLAIN)

    def clean(self):
        cleaned = super().clean()
        chosen = cleaned.get("decision")
        if chosen == self.HAND_OVER and "unit" not in self.errors and not cleaned.get("unit"):
            self.add_error("unit", "Hãy ghi tên đơn vị nhận việc.")
        if chosen == self.ANOTHER and "day" not in self.errors and not cleaned.get("day"):
            self.add_error("day", "Hãy ghi hạn khác, ví dụ 29/3/2024.")
        if chosen and chosen != self.AGREE and "words" not in self.errors and not cleaned.get("words"):
            self.add_error("words", "Hãy ghi lý do, để đơn vị biết vì sao.")
        return cleaned


class PermitForm(forms.Form):
    """Let a unit ask for time after the due day."""

    use_required_attribute = False
    until = VnDateField(
        label="Đơn vị được xin chậm nhất ngày",
        required=True,
        error_messages={"required": "Hãy ghi ngày cuối được xin, ví dụ 19/4/2024."},
    )
    reason = written("Lý do", "Hãy ghi lý do cho phép xin gia hạn sau hạn.", rows=3)
