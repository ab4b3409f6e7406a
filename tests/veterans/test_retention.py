"""How long data are kept: what is due, who decides, and that no clock erases anybody."""

from datetime import date

import pytest

from records.models import AuditEvent
from tasks.errors import Refused
from tests.factories import at
from tests.veterans.conftest import NOW, TODAY
from veterans.models import Consent, Erasure, Person, RegistryRule
from veterans.protection import consents, requests, retention

pytestmark = pytest.mark.django_db
PAGE = "/so-tri-an/thoi-han-luu/"


@pytest.fixture(autouse=True)
def _list_of_erased(settings, tmp_path):
    settings.ERASED_FILE = str(tmp_path / "erased.jsonl")


def set_rule(land, ends=date(2024, 5, 31), months=0):
    return retention.set_rule(purpose_ends_on=ends, keep_months=months, living_days=30, by=land.of_province, now=NOW)


@pytest.mark.parametrize(
    ("ends", "months", "last"),
    [
        ("2024-05-31", 0, "2024-05-31"),
        ("2024-05-31", 24, "2026-05-31"),
        ("2024-08-31", 6, "2025-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-12-31", 12, "2025-12-31"),
        ("2024-11-30", 1, "2024-12-30"),
    ],
)
def test_the_last_day_is_so_many_months_after_the_end(ends, months, last):
    rule = RegistryRule(purpose_ends_on=date.fromisoformat(ends), keep_months=months)
    assert retention.kept_until(rule) == date.fromisoformat(last)


def test_without_an_end_nothing_is_ever_due(add, land):
    add()
    assert retention.kept_until(retention.rule()) is None
    assert retention.due_count(date(2099, 1, 1)) == 0


def due_names(land, day):
    people = Person.objects.visible_to(land.of_province)
    return [row.full_name for row in retention.due(people, today=date.fromisoformat(day))]


def agree(person, given, *, by):
    consents.note(person, purpose="keep", given=given, said_by="Chính người đó", way="paper", on=TODAY, by=by, now=NOW)


def test_due_are_from_the_day_after_the_last_on_those_who_did_not_agree_to_be_kept(add, land):
    set_rule(land)
    silent, kept, changed, asking = add("A Im"), add("A Giữ"), add("A Đổi Ý"), add("A Hỏi")
    agree(kept, True, by=land.of_near)
    agree(changed, True, by=land.of_near)
    agree(changed, False, by=land.of_near)
    requests.receive(asking, kind="see", asked_by="Con", received_on=TODAY, by=land.of_near, now=NOW)
    assert due_names(land, "2024-05-31") == []
    assert due_names(land, "2024-06-01") == [silent.full_name, changed.full_name]


def test_a_person_decides_and_all_or_none_are_erased(add, land):
    set_rule(land)
    one, two, kept = add("A Một"), add("A Hai"), add("A Giữ")
    agree(kept, True, by=land.of_near)
    people = Person.objects.visible_to(land.of_province)
    later = at("2024-06-03", "09:00")
    with pytest.raises(Refused, match="không còn đến hạn"):
        retention.anonymise(people, [one.pk, kept.pk], by=land.of_province, now=later)
    assert Erasure.objects.count() == 0
    assert retention.anonymise(people, [one.pk, two.pk], by=land.of_province, now=later) == 2
    rows = Erasure.objects.order_by("pk").values_list("person_number", "kind", "basis")
    assert sorted(rows) == [
        (one.pk, "retention", "Hết thời hạn lưu ngày 31/5/2024"),
        (two.pk, "retention", "Hết thời hạn lưu ngày 31/5/2024"),
    ]
    assert due_names(land, "2024-06-03") == []


def test_the_rule_is_logged_with_old_and_new(land):
    set_rule(land)
    set_rule(land, months=24)
    data = AuditEvent.objects.filter(verb="registry.rule_set").latest("pk").data
    assert (data["from"]["keep_months"], data["to"]["keep_months"]) == (0, 24)


@pytest.mark.parametrize(
    ("who", "get", "post"),
    [
        ("of_province", 200, 302),
        ("office", 200, 302),
        ("of_near", 200, 403),
        ("reader", 403, 403),
        ("administrator", 403, 403),
    ],
)
def test_who_reads_and_who_sets_the_rule(client, land, who, get, post):
    client.force_login(getattr(land, who))
    data = {"do": "rule", "rule-purpose_ends_on": "31/05/2024", "rule-keep_months": "24", "rule-living_days": "30"}
    assert (client.get(PAGE).status_code, client.post(PAGE, data).status_code) == (get, post)
    assert RegistryRule.objects.count() == (1 if post == 302 else 0)


def test_the_office_sees_a_number_and_no_name_and_erases_nobody(client, add, land):
    person = add("A Canari")
    set_rule(land, ends=date(2024, 1, 31))
    client.force_login(land.office)
    page = client.get(PAGE).content.decode()
    answer = client.post(PAGE, {"do": "erase", "number": [person.pk], "confirmed": "1"})
    assert ("Canari" in page, answer.status_code, Erasure.objects.count()) == (False, 403, 0)


def test_the_province_confirms_before_anything_is_erased(client, add, land):
    person = add("A Một")
    set_rule(land, ends=date(2024, 1, 31))
    client.force_login(land.of_province)
    assert "A Một" in client.get(PAGE).content.decode()
    without = client.post(PAGE, {"do": "erase", "number": [person.pk]})
    assert (without.status_code, Erasure.objects.count()) == (422, 0)
    done = client.post(PAGE, {"do": "erase", "number": [person.pk], "confirmed": "1"})
    assert (done.status_code, Erasure.objects.count()) == (302, 1)
    assert Consent.objects.count() == 0


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30, ""])
def test_a_number_that_is_none_is_refused_in_words(client, land, number):
    set_rule(land, ends=date(2024, 1, 31))
    client.force_login(land.of_province)
    answer = client.post(PAGE, {"do": "erase", "number": [number], "confirmed": "1"})
    assert answer.status_code == 422
