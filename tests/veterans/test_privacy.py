"""Every field the registry keeps is declared, and a person never prints as a name."""

import pytest
from django.apps import apps

from records.models import Job, StoredFile
from veterans.models import Person
from veterans.privacy import FIELDS, HISTORY, fields_of, kind_of

MODELS = [*apps.get_app_config("veterans").get_models(), StoredFile, Job]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_named_as_allowed_personal_or_sensitive(model):
    fields = {field.name for field in model._meta.concrete_fields}
    label = model._meta.label_lower.replace(".historical", ".")
    declared = set(FIELDS[label])
    # A history leaves out what follows from other fields.
    is_history = label != model._meta.label_lower
    left_out = {"search_key", "sort_key", "waits_for"} if is_history else set()
    assert fields == (declared - left_out) | (set(HISTORY) if is_history else set())
    assert {kind_of(model, name) for name in fields} <= {"allowed", "personal", "sensitive"}


def test_no_field_stands_twice():
    for label, kinds in FIELDS.items():
        assert len(kinds) == len(apps.get_model(label)._meta.concrete_fields)


def test_nothing_sensitive_is_a_column_of_a_person():
    assert fields_of(Person, "sensitive") == []
    words = " ".join(FIELDS["veterans.person"])
    unfit = ("health", "id_number", "ethnic", "religion", "photo", "relative", "phone")
    assert [word for word in unfit if word in words] == []


def test_a_person_prints_as_a_number_and_never_as_a_name():
    assert str(Person(pk=7, full_name="Nguyễn Văn Hoà")) == "Hồ sơ tri ân số 7"
