"""What may be shown of a person, and what the log may hold."""

from veterans.models import Person
from veterans.privacy import PERSON_FIELDS


def test_every_field_of_a_person_is_named_as_allowed_personal_or_sensitive():
    fields = {field.name for field in Person._meta.get_fields() if field.concrete}
    assert fields == set(PERSON_FIELDS)
    assert set(PERSON_FIELDS.values()) == {"allowed", "personal"}


def test_nothing_sensitive_is_a_column_of_a_person():
    words = " ".join(PERSON_FIELDS)
    unfit = ("health", "id_number", "ethnic", "religion", "photo", "relative", "phone")
    assert [word for word in unfit if word in words] == []


def test_a_person_prints_as_a_number_and_never_as_a_name():
    assert str(Person(pk=7, full_name="Nguyễn Văn Hoà")) == "Hồ sơ tri ân số 7"
