"""Add, change, verify, off the list and back, deaths."""

from datetime import date

import pytest

from records.models import AuditEvent
from tasks.errors import Refused
from tests.veterans.conftest import NOW, logged_words
from veterans import living, people, verification
from veterans.models import Person

pytestmark = pytest.mark.django_db

LABOURER = {"frontline_labourer": ("Giấy chứng nhận", "DC-01")}


def events(person):
    return list(AuditEvent.objects.about(person).order_by("pk").values_list("verb", "data"))


def verified(person, land, to="province"):
    for step in ("hamlet", "commune", "district", "province"):
        verification.verify(person, to=step, by=land.of_province, now=NOW)
        if step == to:
            break
    person.refresh_from_db()
    return person


def test_the_log_names_fields_and_never_values(add, land):
    person = add("Nguyễn Văn Hoà", relative_phone="0950000009", relative_contact="A Khiên, con trai")
    people.change_person(
        person,
        fields={"relative_phone": "0950000010", "hamlet": "Thôn Kon Proh"},
        categories=LABOURER,
        version=1,
        by=land.of_near,
        now=NOW,
    )
    assert events(person) == [
        ("person.added", {}),
        ("person.changed", {"fields": ["hamlet", "relative_phone"]}),
    ]
    words = logged_words()
    assert [word for word in ("Hoà", "0950", "Khiên", "Kon Proh", "1930") if word in words] == []


def test_a_changed_name_or_birth_is_verified_again_from_the_beginning(add, land):
    person = verified(add(), land)
    people.change_person(
        person, fields={"birth_year": 1931}, categories=LABOURER, version=person.version, by=land.of_near, now=NOW
    )
    person.refresh_from_db()
    assert (person.verification, person.verified_on, person.verified_by) == ("new", None, None)


def test_a_changed_hamlet_leaves_the_verification(add, land):
    person = verified(add(), land)
    people.change_person(
        person, fields={"hamlet": "Thôn 2"}, categories=LABOURER, version=person.version, by=land.of_near, now=NOW
    )
    person.refresh_from_db()
    assert person.verification == "province"


def test_who_changes_an_old_version_is_told(add, land):
    person = add()
    people.change_person(person, fields={"hamlet": "Thôn 1"}, categories=LABOURER, version=1, by=land.of_near, now=NOW)
    with pytest.raises(Refused, match="đã được người khác thay đổi"):
        people.change_person(
            person, fields={"hamlet": "Thôn 2"}, categories=LABOURER, version=1, by=land.of_near, now=NOW
        )


def test_saving_without_a_change_writes_nothing(add, land):
    person = add()
    people.change_person(person, fields={"hamlet": ""}, categories=LABOURER, version=1, by=land.of_near, now=NOW)
    assert events(person) == [("person.added", {})]
    assert person.history.count() == 1


def test_who_took_part_was_born_between_1905_and_1942(add):
    with pytest.raises(Refused, match="phải sinh từ 1905 đến 1942"):
        add(birth_year=1943)
    assert add("Đinh Thị Lới", birth_year=1943, categories={"martyr_relative": ("", "")}).birth_year == 1943


def test_a_person_may_be_in_several_groups_but_in_one_at_least(add):
    person = add(categories={"dien_bien_soldier": ("Huy hiệu", "1"), "frontline_labourer": ("", "")})
    assert sorted(person.categories.values_list("category", flat=True)) == ["dien_bien_soldier", "frontline_labourer"]
    with pytest.raises(Refused, match="ít nhất một đối tượng"):
        people.add_person(fields={"full_name": "A Rin", "residence": person.residence}, categories={}, by=None, now=NOW)


def test_verification_goes_one_step_at_a_time(add, land):
    person = add()
    with pytest.raises(Refused):
        verification.verify(person, to="province", by=land.of_province, now=NOW)
    verification.verify(person, to="hamlet", by=land.of_near, now=NOW)
    with pytest.raises(Refused, match="người khác vừa làm"):
        verification.verify(person, to="hamlet", by=land.of_near, now=NOW)
    person.refresh_from_db()
    assert (person.verification, person.verified_on, person.verified_by) == ("hamlet", date(2024, 4, 15), land.of_near)


def test_nobody_leaves_the_list_without_a_reason(add, land):
    person = add()
    with pytest.raises(Refused, match="lý do"):
        people.take_off(person, reason="  ", by=land.of_near, now=NOW)
    people.take_off(person, reason="Ghi trùng với hồ sơ khác", by=land.of_near, now=NOW)
    assert Person.objects.on_the_list().count() == 0
    assert Person.objects.taken_off().get().removal_reason == "Ghi trùng với hồ sơ khác"


def test_a_removal_can_be_contested_and_starts_the_verification_again(add, land):
    person = verified(add(), land)
    people.take_off(person, reason="Ghi trùng", by=land.of_near, now=NOW)
    people.put_back(person, objection="Là hai anh em, không trùng", by=land.of_province, now=NOW)
    person.refresh_from_db()
    assert (person.removed_on, person.removal_contested, person.verification) == (
        None,
        "Là hai anh em, không trùng",
        "new",
    )


def test_who_is_off_the_list_is_not_changed(add, land):
    person = add()
    people.take_off(person, reason="Ghi trùng", by=land.of_near, now=NOW)
    with pytest.raises(Refused, match="đã được đưa khỏi danh sách"):
        verification.verify(person, to="hamlet", by=land.of_near, now=NOW)


def test_a_reported_death_changes_nothing_until_a_second_person_confirms(add, land):
    person = add()
    living.report_death(person, source="gia đình", died_on=date(2024, 4, 10), by=land.of_near, now=NOW)
    person.refresh_from_db()
    assert (person.living_state, person.death_waits) == ("living", True)
    with pytest.raises(Refused, match="không tự xác nhận"):
        living.confirm_death(person, by=land.of_near, now=NOW)
    living.confirm_death(person, by=land.of_province, now=NOW)
    person.refresh_from_db()
    assert (person.living_state, person.death_waits) == ("deceased", False)


@pytest.mark.parametrize(
    ("source", "died_on"), [(" ", None), ("gia đình", date(2024, 4, 16)), ("gia đình", date(1929, 1, 1))]
)
def test_a_death_needs_a_source_and_a_possible_day(add, land, source, died_on):
    with pytest.raises(Refused):
        living.report_death(add(), source=source, died_on=died_on, by=land.of_near, now=NOW)


def test_a_confirmed_death_can_be_withdrawn(add, land):
    person = add()
    living.report_death(person, source="nghe nói", by=land.of_near, now=NOW)
    living.confirm_death(person, by=land.of_province, now=NOW)
    living.withdraw_death(person, reason="Gia đình: nhầm với người cùng tên", by=land.of_near, now=NOW)
    person.refresh_from_db()
    assert (person.living_state, person.living_source, person.death_reported_by, person.death_confirmed_by) == (
        "unknown",
        "Gia đình: nhầm với người cùng tên",
        None,
        None,
    )
