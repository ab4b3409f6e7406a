"""The filter above the list of missing scans."""

from django import forms

from tasks.forms.plain import PlainInput, PlainSelect
from tasks.papers.missing import directives_with_papers


class MissingScansForm(forms.Form):
    """By document and by unit; what means nothing is left out and said."""

    NEWEST = 20

    q = forms.CharField(
        label="Tìm đơn vị",
        required=False,
        max_length=100,
        widget=PlainInput(attrs={"type": "search", "data-dt-search": ""}),
    )
    directive = forms.TypedChoiceField(
        label="Văn bản", required=False, coerce=int, empty_value=None, widget=PlainSelect
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        found = directives_with_papers(user).values_list("pk", "short_title")[: self.NEWEST]
        self.fields["directive"].choices = [("", "Tất cả"), *found]

    @property
    def chosen(self) -> dict:
        """What holds of it, for `missing_scans`."""
        return {"directive": self.cleaned_data.get("directive"), "words": self.cleaned_data.get("q", "")}
