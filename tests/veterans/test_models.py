"""What the database itself refuses, and how names are kept."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.veterans.conftest import NOW
from veterans.models import AreaReview, Person, PersonCategory, Visit

pytestmark = pytest.mark.django_db


def _refused(person, **values):
    """The constraint that stops these values, by name."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Person.objects.filter(pk=person.pk).update(**values)
    return str(caught.value)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"full_name": ""}, "person_has_name"),
        ({"birth_year": 32}, "person_birth_year_sane"),
        ({"birth_month": 13}, "person_birth_month_sane"),
        ({"birth_year": None, "birth_is_estimated": None, "birth_month": 3}, "person_birth_month_sane"),
        ({"birth_day": 5}, "person_birth_day_sane"),
        ({"birth_month": 2, "birth_day": 30}, "person_birth_day_sane"),
        ({"birth_month": 4, "birth_day": 31}, "person_birth_day_sane"),
        ({"birth_is_estimated": None}, "person_estimate_needs_year"),
        ({"birth_year": None}, "person_estimate_needs_year"),
        ({"living_source": ""}, "person_living_has_source"),
        ({"living_state": "deceased"}, "person_death_confirmed"),
        ({"death_source": "nghe nói"}, "person_death_has_source"),
        ({"verification": "province"}, "person_verified_by_someone"),
        ({"removed_on": date(2024, 4, 1)}, "person_removed_with_reason"),
    ],
)
def test_impossible_values_do_not_reach_the_table(add, values, constraint):
    assert constraint in _refused(add(), **values)


def test_a_death_confirmed_by_its_reporter_does_not_reach_the_table(add, land):
    values = {
        "living_state": "deceased",
        "death_source": "gia đình",
        "death_reported_by": land.of_near,
        "death_reported_at": NOW,
        "death_confirmed_by": land.of_near,
        "death_confirmed_at": NOW,
    }
    assert "person_death_two_people" in _refused(add(), **values)


def test_one_person_is_in_a_group_once(add):
    person = add()
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonCategory.objects.create(person=person, category="frontline_labourer")


def test_a_commune_is_reviewed_once(land):
    row = {
        "area": land.hring,
        "campaign": land.campaign,
        "reviewed_on": date(2024, 4, 1),
        "by": land.of_near,
        "at": NOW,
    }
    AreaReview.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        AreaReview.objects.create(**row)


def test_the_same_visit_is_not_stored_twice(add, land):
    row = {
        "person": add(),
        "on": date(2024, 4, 5),
        "unit": land.unit,
        "campaign": land.campaign,
        "recorded_by": land.of_near,
        "recorded_at": NOW,
    }
    Visit.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(**row)


def test_a_name_is_kept_as_written_but_composed():
    person = Person(full_name="  Nguyễn  Văn Hoà ")
    with pytest.raises(IntegrityError), transaction.atomic():
        person.save()  # no residence: only the keys matter here
    assert person.full_name == "Nguyễn Văn Hoà"
    assert person.search_key == "|nguyen van hoa||"


@pytest.mark.parametrize("name", ["A", "Y Ơ", "Kring Ba", "Siu H'Byuh"])
def test_short_names_are_names(add, name):
    assert add(name).full_name == name


@pytest.mark.parametrize("name", ["…", "123", "?"])
def test_what_holds_no_letter_is_no_name(add, name):
    with pytest.raises(ValidationError) as caught:
        add(name)
    assert "Hãy ghi họ và tên, ít nhất một chữ cái." in caught.value.message_dict["full_name"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"birth_year": 1932, "birth_month": 3, "birth_day": 5}, "05/3/1932"),
        ({"birth_year": 1932, "birth_month": 5}, "5/1932"),
        ({"birth_year": 1932}, "1932"),
        ({"birth_year": 1930, "birth_is_estimated": True}, "khoảng 1930"),
        ({"birth_year": None}, "chưa rõ"),
    ],
)
def test_a_birth_is_said_as_far_as_it_is_known(fields, words):
    assert Person(**fields).birth_words == words


def test_residence_is_a_commune(add, land):
    with pytest.raises(ValidationError) as caught:
        add("A Thút", land.near)
    assert caught.value.message_dict["residence"] == ["Nơi cư trú phải là một xã, phường hoặc thị trấn."]


def test_sex_is_never_guessed_from_the_name(add):
    assert [add("A Thút").sex, add("Y Blưm").sex, add("Phạm Thị Sâm").sex] == ["unknown"] * 3
