"""The sheet on the phone: who takes it, what stands on it and what never does, how it ends."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records.models import AuditEvent
from tasks.errors import Refused
from tests.veterans.conftest import NOW, logged_words
from tests.veterans.village.conftest import Phone
from veterans import gifts, living, people
from veterans.enums import Category
from veterans.models import Delegation, Gift, OfflineCopy, PlanEntry
from veterans.people import add_person
from veterans.village import copies, jobs


def take(client, village):
    return client.post(reverse("veterans:take_along", args=[village.delegation.pk]))


def test_the_sheet_holds_the_stops_in_their_order_with_what_is_needed_at_the_door(village, client):
    client.force_login(village.of_near)

    sheet = take(client, village).json()

    province = village.sources["province"].pk
    assert [stop["name"] for stop in sheet["stops"]] == ["A Thút", "Y Blơ"]
    assert sheet["stops"][1] == {
        "person": village.second.pk,
        "place": 2,
        "name": "Y Blơ",
        "birth_year": 1932,
        "commune": "Xã Hà Mòn",
        "hamlet": "Thôn 2",
        "interpreter": False,
        "vehicle": False,
        "deceased": False,
        "form": "home",
        "promised": [{"source": province, "money": 2_000_000, "goods": ""}],
        "given": [],
        "photo": None,
    }
    assert sheet["delegation"] == {
        "id": village.delegation.pk,
        "name": "Đoàn số 1",
        "on": "2024-04-15",
        "leader": "Ông Trưởng đoàn",
        "unit": village.unit.short_name,
    }
    assert sheet["expires_at"] == "2024-04-22T09:00:00+07:00"


def test_nothing_sealed_of_anybody_stands_on_the_sheet(village, client):
    sealed = {
        "id_number": "062030001234",
        "ethnicity": "Xơ Đăng",
        "health": "bedridden",
        "circumstances": "alone",
        "phone": "0950000123",
        "relative_contact": "Y Hơ, con gái",
        "relative_phone": "0950000456",
        "note": "Ghi chú của danh sách",
    }
    people.change_person(
        village.first,
        fields=sealed,
        categories={row.category: people.evidence_of(row) for row in village.first.categories.all()},
        version=village.first.version,
        by=village.of_near,
        now=NOW,
    )
    client.force_login(village.of_near)

    said = take(client, village).content.decode()

    assert village.first.sensitive.count() == len(sealed)
    assert [words for words in sealed.values() if words in json.dumps(json.loads(said), ensure_ascii=False)] == []
    assert set(json.loads(said)["stops"][0]) == {
        "person", "place", "name", "birth_year", "commune", "hamlet", "interpreter", "vehicle", "deceased", "form",
        "promised", "given", "photo",
    }  # fmt: skip


def test_who_is_off_the_list_is_no_stop_and_the_dead_are_marked_for_a_call_on_the_family(village, client):
    people.take_off(village.second, reason="Ghi nhầm", by=village.of_near, now=NOW)
    living.report_death(village.first, source="Gia đình", by=village.of_near, now=NOW)
    living.confirm_death(village.first, by=village.of_province, now=NOW)
    client.force_login(village.of_near)

    stops = take(client, village).json()["stops"]

    assert [(stop["name"], stop["deceased"]) for stop in stops] == [("A Thút", True)]


def test_the_ticket_is_told_once_and_only_its_digest_is_kept_and_the_log_names_nobody(village, client):
    client.force_login(village.of_near)

    ticket = take(client, village).json()["ticket"]

    copy = OfflineCopy.objects.get()
    assert len(ticket) == 43
    assert copy.ticket == copies.digest(ticket)
    event = AuditEvent.objects.get(verb="registry.sheet_taken")
    assert (event.actor, event.data) == (village.of_near, {"copy": copy.pk})
    assert "A Thút" not in logged_words()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("of_near", 200),
        ("of_province", 200),
        ("of_far", 404),
        ("office", 403),
        ("reader", 403),
        ("reporter", 403),
        ("administrator", 403),
    ],
)
def test_only_a_registrar_of_the_plans_area_takes_it_along(village, client, name, status):
    client.force_login(getattr(village, name))
    answer = take(client, village)
    assert answer.status_code == status
    assert OfflineCopy.objects.count() == (1 if status == 200 else 0)


def test_a_delegation_that_does_not_go_any_more_is_not_taken_along(village, client):
    village.delegation.state, village.delegation.cancelled_because = Delegation.State.CANCELLED, "Mưa lũ"
    village.delegation.save()
    client.force_login(village.of_near)

    assert take(client, village).status_code == 403
    with pytest.raises(Refused) as refusal:
        copies.take_along(village.delegation, by=village.of_near, now=NOW)
    assert str(refusal.value) == "Đoàn này không đi nữa, không mang danh sách theo được."


def fill(village, count: int) -> None:
    for number in range(count):
        person = add_person(
            fields={
                "full_name": f"A Số {number}",
                "residence": village.hring,
                "birth_year": 1930,
                "birth_is_estimated": False,
            },
            categories={Category.LABOURER: ()},
            by=village.of_near,
            now=NOW,
        )
        entry = PlanEntry.objects.create(
            plan=village.plan,
            person=person,
            form="home",
            added_by=village.of_near,
            added_at=NOW,
            delegation=village.delegation,
            position=number,
        )
        given = gifts.Given(village.sources["province"], money=1)
        gifts.promise(person, given, unit=village.unit, entry=entry, by=village.of_near, now=NOW)


def statements(act) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        act()
    return len(found)


def test_the_sheet_of_thirty_takes_as_many_statements_as_that_of_two(village, client):
    client.force_login(village.of_near)
    take(client, village)
    two = statements(lambda: take(client, village))
    fill(village, 28)
    thirty = statements(lambda: take(client, village))

    assert Gift.objects.count() == 30
    assert two == thirty


def test_the_list_of_delegations_takes_as_many_statements_for_many_as_for_one(village, client):
    client.force_login(village.of_near)
    address = reverse("veterans:village_list")
    client.get(address)
    one = statements(lambda: client.get(address))
    for number in range(24):
        Delegation.objects.create(
            plan=village.plan,
            unit=village.unit,
            name=f"Đoàn {number}",
            leader="Ông",
            on=NOW.date(),
            made_by=village.of_near,
            made_at=NOW,
        )
    assert statements(lambda: client.get(address)) == one


def test_after_seven_days_a_copy_ends_by_itself_and_not_a_second_earlier(phone):
    week = timedelta(days=7)
    assert copies.end_expired(now=NOW + week - timedelta(seconds=1)) == 0
    assert copies.end_expired(now=NOW + week) == 1
    phone.copy.refresh_from_db()
    assert (phone.copy.ended, phone.copy.ended_at) == ("expired", NOW + week)


def test_the_job_ends_what_is_over(phone, monkeypatch):
    monkeypatch.setattr("directive_tracker.clock.now", lambda: NOW + timedelta(days=8))
    assert jobs.end_old_sheets() == 1


def test_a_copy_that_is_called_back_is_ended_once_and_the_second_is_told(village, phone, client):
    client.force_login(village.of_province)
    address = reverse("veterans:copy_revoke", args=[phone.copy.pk])

    client.post(address)
    again = client.post(address, follow=True)

    phone.copy.refresh_from_db()
    assert phone.copy.ended == "revoked"
    assert "Bản này đã kết thúc lúc 09:00 15/4/2024: đã thu hồi." in again.content.decode()
    assert AuditEvent.objects.filter(verb="registry.sheet_revoked").count() == 1


def test_the_page_of_copies_shows_who_took_what_until_when(village, phone, client):
    client.force_login(village.of_near)
    page = client.get(reverse("veterans:copy_list")).content.decode()
    assert "Đang trên máy, đến 09:00 22/4/2024" in page
    client.force_login(village.of_far)
    assert "Chưa ai mang danh sách theo máy" in client.get(reverse("veterans:copy_list")).content.decode()


@pytest.mark.parametrize(("who", "session"), [("of_near", "same"), ("of_province", "other"), (None, "left")])
def test_the_phone_is_told_who_is_signed_in_on_it(phone, village, client, who, session):
    if who:
        client.force_login(getattr(village, who))
    said = client.post(
        reverse("veterans:village_state"),
        json.dumps({"copy": phone.copy.pk, "ticket": phone.ticket}),
        content_type="application/json",
    )
    assert said.json()["session"] == session
    assert said.json()["ended"] == ""


@pytest.mark.parametrize(
    ("end", "stored"), [("synced", "synced"), ("signed_out", "signed_out"), ("revoked", ""), (5, "")]
)
def test_a_phone_says_that_it_has_wiped_its_sheet_and_nothing_else(phone, end, stored):
    body = json.dumps({"copy": phone.copy.pk, "ticket": phone.ticket, "end": end})
    phone.client.post(reverse("veterans:village_state"), body, content_type="application/json")
    phone.copy.refresh_from_db()
    assert phone.copy.ended == stored


def test_a_phone_takes_a_second_copy_and_the_first_still_sends(village):
    first, second = Phone(village), Phone(village)
    assert first.became(first.visit()) == ("recorded", "")
    assert second.became(second.visit(village.second)) == ("recorded", "")
