"""Forms of the desk's words: a comment, a filter that is kept."""

from django import forms

from tasks.forms.fields import WrittenField
from tasks.models import SavedFilter
from tasks.models.comment import LONGEST, CommentScope
from tasks.talking.rules import Person, card_number, named_in
from tasks.talking.writing import CARD_REFUSED


class CommentForm(forms.Form):
    """Some words, who reads them, whom they mention."""

    use_required_attribute = False
    text = WrittenField(
        label="Nội dung",
        required=True,
        max_length=LONGEST,
        rows=3,
        error_messages={"required": "Hãy ghi nội dung trao đổi."},
        help_text="Nhắc ai thì gõ @ và tên người đó; không ghi thông tin của người dân.",
    )
    scope = forms.ChoiceField(label="Ai đọc được", widget=forms.RadioSelect)
    mentions = forms.TypedMultipleChoiceField(
        label="Nhắc tới", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data=None, *, scopes: list[CommentScope], people: dict[str, list[Person]]):
        """`people`: scope → who may read words of that scope."""
        if data is not None and scopes and not data.get("scope"):
            data = data.copy()
            data["scope"] = scopes[0].value
        super().__init__(data)
        self.people = people
        self.fields["scope"].choices = [(scope.value, scope.label) for scope in scopes]
        self.fields["scope"].initial = scopes[0].value if scopes else ""
        if len(scopes) < 2:
            self.fields["scope"].widget = forms.HiddenInput()
        every = {person.id: person for found in people.values() for person in found}
        self.fields["mentions"].choices = [(one.id, f"{one.name} ({one.place})") for one in every.values()]
        if not every:
            del self.fields["mentions"]

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if card_number(text):
            raise forms.ValidationError(CARD_REFUSED)
        return text

    def clean(self):
        cleaned = super().clean()
        if "text" not in cleaned or "scope" not in cleaned or self.errors.get("mentions"):
            return cleaned
        readers = self.people.get(cleaned["scope"], [])
        ticked = set(cleaned.get("mentions") or [])
        if ticked - {person.id for person in readers}:
            self.add_error("mentions", "Có người được chọn không đọc được lời này. Xin đổi phạm vi đọc hoặc bỏ chọn.")
            return cleaned
        named = named_in(cleaned["text"], readers, ticked)
        for name in named.unknown:
            self.add_error("text", f"Không thấy ai tên “{name}” trong những người đọc được lời này.")
        for name, people in named.ambiguous:
            said = "; ".join(f"{person.name} ({person.place})" for person in people)
            self.add_error("mentions", f"Có {len(people)} người tên “{name}”: {said}. Xin đánh dấu người cần nhắc.")
        cleaned["people"] = [person for person in readers if person.id in named.people]
        return cleaned


class SavedFilterForm(forms.ModelForm):
    """The name of a filter, and whether the whole office uses it."""

    use_required_attribute = False

    class Meta:
        model = SavedFilter
        fields = ("name", "shared")
        error_messages = {"name": {"required": "Hãy đặt tên cho bộ lọc."}}
        help_texts = {"name": "Ví dụ: việc quá hạn của khối huyện."}

    def __init__(self, data=None, *, may_share: bool, instance: SavedFilter):
        super().__init__(data, instance=instance)
        if not may_share:
            del self.fields["shared"]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        mine = SavedFilter.objects.visible_to(self.instance.owner).filter(
            owner=self.instance.owner_id, page=self.instance.page, name=name
        )
        if mine.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Anh/chị đã có bộ lọc tên này ở trang đó. Xin đặt tên khác.")
        return name
