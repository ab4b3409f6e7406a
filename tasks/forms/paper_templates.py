"""The form by which a Word file takes the place of a template."""

from django import forms


class TemplateForm(forms.Form):
    """A Word file in the place of a template."""

    file = forms.FileField(label="Tệp Word (.docx)", widget=forms.ClearableFileInput(attrs={"accept": ".docx"}))
