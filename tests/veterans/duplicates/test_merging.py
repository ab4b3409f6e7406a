"""Merging two entries and taking them apart again."""

from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from records.models import AuditEvent
from tasks.errors import Refused
from tests.factories import at
from tests.veterans.conftest import NOW, TODAY, logged_words
from veterans import gratitude, people, sensitive, verification
from veterans.duplicates import registry
from veterans.duplicates.deciding import decide_different
from veterans.duplicates.merging import left_behind, merge
from veterans.duplicates.snapshot import of_person
from veterans.duplicates.undoing import undo, why_not
from veterans.enums import Category, SensitiveKind, Verification
from veterans.gifts import Given
from veterans.models import Consent, DuplicatePair, Merge, Person, PersonCategory, Visit

pytestmark = pytest.mark.django_db
LATER = at("2024-04-16", "09:00")


@pytest.fixture
def two(add):
    """One person twice: the kept entry and the one to be absorbed."""
    kept = add(
        "Lo Van On",
        hamlet="Thôn 4",
        id_number="239004711",
        categories={Category.LABOURER: ("", "")},
    )
    absorbed = add(
        "Lò Văn Ơn",
        hamlet="thôn 4",
        other_name="Ba Ơn",
        birth_month=3,
        birth_day=5,
        id_number="062030004711",
        phone="0950000001",
        categories={Category.LABOURER: ("Giấy chứng nhận", "DC-02"), Category.SOLDIER: ("Huy hiệu", "")},
    )
    return kept, absorbed


def do(kept, absorbed, *taken, by, now=NOW, versions=None):
    return merge(kept, absorbed, taken=taken, versions=versions or (kept.version, absorbed.version), by=by, now=now)


def visit(person, land, on=TODAY, source="district"):
    given = Given(land.sources[source], goods="Sữa")
    return gratitude.record_visit(person, on=on, unit=land.unit, gifts=[given], by=land.of_near, now=NOW)


def consent(person, land) -> Consent:
    return Consent.objects.create(
        person=person,
        purpose="keep",
        given=True,
        said_by="chính người đó",
        way="paper",
        on=TODAY,
        recorded_by=land.of_near,
        recorded_at=NOW,
    )


def state_of(*entries) -> list[dict]:
    """All that a merge may change of entries, but for the count of changes."""
    found = []
    for entry in entries:
        content = of_person(Person.objects.get(pk=entry.pk))
        content["fields"].pop("version")
        found.append(
            content
            | {
                "visits": list(Visit.objects.filter(person=entry).order_by("pk").values_list("pk", flat=True)),
                "consents": list(Consent.objects.filter(person=entry).order_by("pk").values_list("pk", flat=True)),
            }
        )
    return found


def test_what_was_chosen_is_taken_and_the_rest_stays(two, land):
    kept, absorbed = two

    do(kept, absorbed, "full_name", "birth", by=land.of_near)

    kept.refresh_from_db()
    assert (kept.full_name, kept.other_name) == ("Lò Văn Ơn", "Lo Van On; Ba Ơn")
    assert (kept.birth_day, kept.birth_month, kept.birth_year) == (5, 3, 1930)
    assert kept.hamlet == "Thôn 4"


def test_groups_and_sealed_values_go_over_and_nothing_is_written_over_unasked(two, land):
    kept, absorbed = two

    do(kept, absorbed, by=land.of_near)

    groups = PersonCategory.objects.filter(person=kept).order_by("category").values_list("category", "paper", "number")
    assert list(groups) == [("dien_bien_soldier", "Huy hiệu", ""), ("frontline_labourer", "Giấy chứng nhận", "DC-02")]
    assert sensitive.read(kept, SensitiveKind.values) == {"id_number": "239004711", "phone": "0950000001"}
    assert sensitive.read(absorbed, SensitiveKind.values) == {}


def test_a_sealed_value_is_taken_when_it_was_chosen(two, land):
    kept, absorbed = two

    do(kept, absorbed, "sealed_id_number", by=land.of_near)

    assert sensitive.read(kept, ["id_number"]) == {"id_number": "062030004711"}
    assert list(sensitive.with_number(Person.objects.all(), "4711")) == [kept]


def test_visits_and_consents_go_over_and_the_same_visit_twice_stays_and_is_told(two, land):
    kept, absorbed = two
    same = [visit(kept, land), visit(absorbed, land)]
    other = visit(absorbed, land, on=date(2024, 4, 1), source="commune")
    said = consent(absorbed, land)

    do(kept, absorbed, by=land.of_near)

    assert set(Visit.objects.filter(person=kept)) == {same[0], other}
    assert Consent.objects.get(pk=said.pk).person == kept
    assert left_behind(absorbed) == [
        f"lần thăm 15/4/2024 của {land.unit.short_name}",
        "đối tượng dân công hỏa tuyến",
    ]


def test_the_absorbed_entry_is_off_the_list_and_both_have_their_history_and_log(two, land):
    kept, absorbed = two

    do(kept, absorbed, "full_name", by=land.of_near)

    absorbed.refresh_from_db()
    assert absorbed.merged_into == kept
    assert list(Person.objects.on_the_list()) == [kept]
    assert [row.history_user for row in absorbed.history.order_by("-history_id")[:1]] == [land.of_near]
    assert [row.full_name for row in kept.history.order_by("history_id")] == ["Lo Van On", "Lò Văn Ơn"]
    verbs = AuditEvent.objects.filter(verb__in=("person.merged", "person.absorbed")).values_list("verb", "data")
    assert dict(verbs) == {
        "person.merged": {"fields": ["full_name", "other_name", "phone"], "entry": absorbed.pk},
        "person.absorbed": {"entry": kept.pk},
    }
    assert not {"Lò Văn Ơn", "062030004711", "0950000001"} & set(logged_words().split("'"))


def test_the_pair_is_decided_even_where_nobody_proposed_it(two, land):
    kept, absorbed = two

    do(kept, absorbed, by=land.of_near)

    pair = DuplicatePair.objects.get()
    assert (pair.first, pair.second, pair.state) == (kept, absorbed, "merged")
    assert (pair.decided_by, pair.decided_at) == (land.of_near, NOW)


def test_a_confirmed_entry_is_verified_anew_when_name_birth_or_residence_changes(two, land):
    kept, absorbed = two
    kept = verification.verify(kept, to=Verification.HAMLET, by=land.of_near, now=NOW)

    do(kept, absorbed, "birth", by=land.of_near)

    kept.refresh_from_db()
    assert (kept.verification, kept.verified_by) == ("new", None)


def test_a_confirmed_entry_stays_confirmed_when_nothing_of_it_changes(two, land):
    kept, absorbed = two
    kept = verification.verify(kept, to=Verification.HAMLET, by=land.of_near, now=NOW)

    do(kept, absorbed, "sealed_id_number", by=land.of_near)

    kept.refresh_from_db()
    assert kept.verification == "hamlet"


@pytest.mark.parametrize("side", [0, 1])
def test_a_stale_page_is_told_who_changed_what_and_when(two, land, side):
    versions = (two[0].version, two[1].version)
    people.change_person(
        two[side],
        fields={"hamlet": "Thôn 7"},
        categories={Category.LABOURER: ("", "")},
        version=two[side].version,
        by=land.of_province,
        now=NOW,
    )

    with pytest.raises(Refused, match=rf"^Hồ sơ số {two[side].pk} đã được .* thay đổi lúc 09:00 ngày 15/4/2024"):
        do(*two, by=land.of_near, versions=versions)

    assert Merge.objects.count() == 0


def test_a_pair_of_two_people_is_not_merged(two, land):
    registry.propose(now=NOW)
    pair = DuplicatePair.objects.get()
    decide_different(pair, by=land.of_province, now=NOW)

    with pytest.raises(Refused, match="đã quyết định cặp này ngày 15/4/2024: “Không phải một người”"):
        do(*two, by=land.of_near)


def test_an_entry_that_was_absorbed_is_not_merged_changed_or_visited_again(two, land, add):
    kept, absorbed = two
    third = add("Lò Văn Ơn")
    do(kept, absorbed, by=land.of_near)
    absorbed.refresh_from_db()

    with pytest.raises(Refused, match=f"đã gộp vào hồ sơ số {kept.pk}"):
        do(third, absorbed, by=land.of_near)
    with pytest.raises(Refused, match=f"đã gộp vào hồ sơ số {kept.pk}"):
        people.take_off(absorbed, reason="x", by=land.of_near, now=NOW)
    with pytest.raises(ValidationError, match=f"đã gộp vào hồ sơ số {kept.pk}"):
        visit(absorbed, land)


def test_an_entry_is_not_merged_into_itself(two, land):
    with pytest.raises(Refused, match="hai hồ sơ khác nhau"):
        do(two[0], two[0], by=land.of_near)


def test_the_snapshot_is_sealed(two, land):
    made = do(*two, by=land.of_near)

    assert "Lò".encode() not in bytes(made.sealed)
    assert b"062030004711" not in bytes(made.sealed)
    assert len(made.key_id) == 8


def test_undoing_restores_both_exactly(two, land):
    kept, absorbed = two
    visit(kept, land)
    visit(absorbed, land)
    visit(absorbed, land, on=date(2024, 4, 1), source="commune")
    consent(absorbed, land)
    before = state_of(kept, absorbed)
    made = do(kept, absorbed, "full_name", "birth", "residence", "living", "sealed_id_number", by=land.of_near)
    assert state_of(kept, absorbed) != before

    undo(made, by=land.of_province, now=LATER)

    assert state_of(kept, absorbed) == before
    assert set(Person.objects.on_the_list()) == {kept, absorbed}
    assert DuplicatePair.objects.get().state == "proposed"
    made.refresh_from_db()
    assert (made.undone_by, made.undone_at, bytes(made.sealed)) == (land.of_province, LATER, b"")


def test_two_entries_that_were_taken_apart_can_be_merged_again(two, land):
    kept, absorbed = two
    undo(do(kept, absorbed, by=land.of_near), by=land.of_near, now=LATER)
    kept.refresh_from_db()
    absorbed.refresh_from_db()

    do(absorbed, kept, by=land.of_near, now=LATER)

    assert list(Person.objects.on_the_list()) == [absorbed]


def test_a_merge_on_which_somebody_built_is_not_undone_and_says_who(two, land):
    kept, absorbed = two
    made = do(kept, absorbed, by=land.of_near)
    kept.refresh_from_db()
    verification.verify(kept, to=Verification.HAMLET, by=land.of_province, now=LATER)

    with pytest.raises(Refused, match=rf"Hồ sơ số {kept.pk} đã được .* 16/4/2024\. Tách lại sẽ làm mất thay đổi đó"):
        undo(made, by=land.of_near, now=LATER)


def test_a_merge_is_undone_once_and_in_order(two, land, add):
    kept, absorbed = two
    third = add("Lò Văn Ơn")
    first = do(kept, absorbed, by=land.of_near)
    kept.refresh_from_db()
    second = do(third, kept, by=land.of_near)

    with pytest.raises(Refused, match=f"đã gộp tiếp vào hồ sơ số {third.pk}"):
        undo(first, by=land.of_near, now=LATER)
    undo(second, by=land.of_near, now=LATER)
    with pytest.raises(Refused, match="đã tách lại hai hồ sơ này ngày 16/4/2024"):
        undo(second, by=land.of_near, now=LATER)


def test_a_visit_made_since_stays_with_the_kept_entry(two, land):
    kept, absorbed = two
    made = do(kept, absorbed, by=land.of_near)
    kept.refresh_from_db()
    since = visit(kept, land)

    assert why_not(made, kept, Person.objects.get(pk=absorbed.pk)) == ""
    undo(made, by=land.of_near, now=LATER)

    assert Visit.objects.get(pk=since.pk).person == kept


def test_without_its_key_a_merge_is_not_undone(two, land, settings):
    made = do(*two, by=land.of_near)
    settings.FIELD_KEY = b"\x07" * 32

    with pytest.raises(Refused, match="không mở được bằng khóa hiện có"):
        undo(made, by=land.of_near, now=LATER)


def test_after_a_change_of_the_key_a_merge_can_still_be_undone(two, land, settings):
    made = do(*two, by=land.of_near)
    old, settings.FIELD_KEY = settings.FIELD_KEY, b"\x07" * 32
    settings.FIELD_KEY_FALLBACKS = [old]

    call_command("reseal", stdout=StringIO())
    settings.FIELD_KEY_FALLBACKS = []

    undo(Merge.objects.get(pk=made.pk), by=land.of_near, now=LATER)
    assert Person.objects.on_the_list().count() == 2
