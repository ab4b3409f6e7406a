"""What may be shown of a person, and what the log may hold."""

from veterans.models import Person
from veterans.privacy import PERSON_FIELDS, masked_phone


def test_every_field_of_a_person_is_named_as_allowed_personal_or_sensitive():
    fields = {field.name for field in Person._meta.get_fields() if field.concrete}
    assert fields == set(PERSON_FIELDS)
    assert set(PERSON_FIELDS.values()) == {"allowed", "personal", "sensitive"}


def test_health_and_identity_numbers_have_no_field():
    words = " ".join(PERSON_FIELDS)
    assert [word for word in ("health", "id_number", "ethnic", "religion", "photo") if word in words] == []


def test_the_history_does_not_multiply_sensitive_fields():
    kept = {field.name for field in Person.history.model._meta.get_fields()}
    assert {"relative_contact", "relative_phone"} & kept == set()
    assert "full_name" in kept


def test_a_phone_is_masked_but_for_four_and_three_digits():
    assert masked_phone("0950000001") == "0950***001"
    assert masked_phone("0260 3862 524") == "0260***524"
    assert masked_phone("12345") == "***"
    assert masked_phone("") == ""


def test_a_person_prints_as_a_number_and_never_as_a_name():
    assert str(Person(pk=7, full_name="Nguyễn Văn Hoà")) == "Hồ sơ tri ân số 7"
