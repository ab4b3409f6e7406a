"""Filters of a list in words, for the head of its file."""

from typing import Any

from django import forms

from directive_tracker.vietnamese import vn_date
from records.sheets import Filter
from tasks.models import DirectiveTask
from units.models import Unit

# Fields whose value is the key of a unit, and of a task.
_UNITS = ("unit", "reviewer", "office")
_TYPED = ("q", "words")


def filters_of(form: forms.Form, user: Any) -> list[Filter]:
    """What was chosen in a validated filter form, as on its page: label and value; what was refused is left out."""
    found = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value not in (None, "", False):
            words = _words(name, field, value, user)
            found.append(Filter(str(field.label or name), words, typed=name in _TYPED))
    return found


def _words(name: str, field: forms.Field, value: Any, user: Any) -> str:
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    if name in _UNITS:
        return Unit.objects.filter(pk=value).values_list("short_name", flat=True).first() or str(value)
    if name == "task":
        return DirectiveTask.objects.visible_to(user).filter(pk=value).values_list("code", flat=True).first() or "–"
    if isinstance(field, forms.DateField):
        return vn_date(value)
    return "có" if value is True else str(value)
