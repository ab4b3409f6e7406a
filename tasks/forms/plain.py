"""Widgets of filter bars, written without templates: a bar of six fields costs as much as the list below it otherwise."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


class PlainInput(forms.TextInput):
    """As Django's own, in one line."""

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        """The markup of django/forms/widgets/input.html."""
        shown = self.format_value(value)
        given = {"type": self.input_type, "name": name, **({} if shown is None else {"value": shown})}
        return mark_safe(f"<input{flatatt({**given, **self.build_attrs(self.attrs, attrs)})}>")


class PlainSelect(forms.Select):
    """As Django's own, without groups of options."""

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        """The markup of django/forms/widgets/select.html."""
        chosen = set(self.format_value(value))
        options = "".join(
            [
                f'<option value="{conditional_escape(key)}"{" selected" if str(key) in chosen else ""}>'
                f"{conditional_escape(label)}</option>"
                for key, label in self.choices
            ]
        )
        return mark_safe(f"<select{flatatt({'name': name, **self.build_attrs(self.attrs, attrs)})}>{options}</select>")
