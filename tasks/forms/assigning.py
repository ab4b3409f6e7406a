"""Forms of the assignment matrix: one body's or one task's roles, and what is given to many cells at once."""

from collections.abc import Iterable
from typing import Any

from django import forms

from tasks.drafting.assigning import ROLE_OF_KEY
from tasks.enums import AssignmentRole

NONE = "none"
ROLES = [*((role.value, role.label) for role in ROLE_OF_KEY.values()), (NONE, "Không giao")]


def role_from(value: str) -> AssignmentRole | None:
    """The role of a form's value; None for "none"."""
    return None if value == NONE else AssignmentRole(value)


class RoleField(forms.ChoiceField):
    """Chủ trì, phối hợp, để biết or không giao; clean value: an AssignmentRole or None."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {})
        options["error_messages"] |= {
            "required": "Xin chọn chủ trì, phối hợp, để biết hoặc không giao.",
            "invalid_choice": "Chỉ giao được chủ trì, phối hợp hoặc để biết.",
        }
        super().__init__(choices=ROLES, **options)

    def clean(self, value: Any) -> Any:
        return role_from(super().clean(value))


class RolesForm(forms.Form):
    """A role for each of several cells. `lines`: (name of the field, label, role now or "")."""

    number = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, lines: Iterable[tuple[str, str, str]], number: int) -> None:
        super().__init__(data, initial={"number": number})
        self.names: list[str] = []
        for name, label, role in lines:
            self.names.append(name)
            self.fields[name] = RoleField(label=label, initial=role or NONE, widget=forms.RadioSelect)

    @property
    def chosen(self) -> dict[str, AssignmentRole | None]:
        """Of a valid form: the fields that were changed."""
        return {name: self.cleaned_data[name] for name in self.names if name in self.changed_data}

    def lines(self) -> list[tuple[forms.BoundField, str]]:
        """(field, what stands chosen) of each line, for the page."""
        return [(self[name], str(self[name].value() or NONE)) for name in self.names]
