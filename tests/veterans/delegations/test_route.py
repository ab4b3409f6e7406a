"""The way: by commune, changed by hand, nobody twice, nobody who is gone."""

from datetime import date

import pytest

from records.models import AuditEvent
from tasks.errors import Refused
from tests.veterans.conftest import NOW
from tests.veterans.delegations.conftest import names_of
from tests.veterans.delegations.test_writing import refusal_of
from units.models import Area
from veterans import people
from veterans.delegations import route, writing
from veterans.delegations.stops import gone_because, stops_of
from veterans.models import Person, PlanEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(land, enter):
    """B in the first commune, Anh and Chi in two hamlets of the second; the codes say which is first."""
    Area.objects.filter(pk=land.hamon.pk).update(code="1")
    Area.objects.filter(pk=land.hring.pk).update(code="2")
    chi = enter("Y Chi", land.hring, hamlet="Thôn 2")
    anh = enter("A Anh", land.hring, hamlet="Thôn 1")
    bon = enter("A Bôn", land.hamon)
    return bon, anh, chi


def take(delegation, entries, land, *, seen=None):
    delegation.refresh_from_db()
    return route.take(
        delegation,
        {entry.pk: (seen or {}).get(entry) for entry in entries},
        entries=PlanEntry.objects.all(),
        version=delegation.version,
        by=land.of_near,
        now=NOW,
    )


def test_the_way_is_by_the_official_order_of_communes_then_hamlet_then_name(three, send):
    bon, anh, chi = three
    assert names_of(send(chi, anh, bon)) == ["A Bôn", "A Anh", "Y Chi"]


def test_who_is_added_later_stands_with_the_own_commune(land, three, send):
    bon, anh, chi = three
    row = send(chi, bon)
    answer = take(row, [anh], land)
    assert (answer.people, answer.moved, answer.left) == (1, {}, [])
    assert names_of(row) == ["A Bôn", "A Anh", "Y Chi"]
    event = AuditEvent.objects.filter(verb="registry.delegation_people_taken").first()
    assert event.data == {"people": 1}


def test_the_order_is_changed_one_place_at_a_time_and_sorted_again(land, three, send):
    row = send(*three)
    chi = three[2]
    for _ in range(2):
        row.refresh_from_db()
        route.move(row, chi.pk, up=True, version=row.version, by=land.of_near, now=NOW)
    assert names_of(row) == ["Y Chi", "A Bôn", "A Anh"]
    row.refresh_from_db()
    given = {"version": row.version, "by": land.of_near, "now": NOW}
    assert refusal_of(lambda: route.move(row, chi.pk, up=True, **given)) == "Người này đã ở đầu đường đi."
    route.move(row, chi.pk, up=False, **given)
    assert names_of(row) == ["A Bôn", "Y Chi", "A Anh"]
    row.refresh_from_db()
    route.sort_again(row, version=row.version, by=land.of_near, now=NOW)
    assert names_of(row) == ["A Bôn", "A Anh", "Y Chi"]


def test_an_order_made_by_hand_stays_when_somebody_is_added(land, three, send):
    bon, anh, chi = three
    row = send(bon, chi)
    route.move(row, chi.pk, up=True, version=row.version, by=land.of_near, now=NOW)
    take(row, [anh], land)
    assert names_of(row) == ["Y Chi", "A Bôn", "A Anh"]


def test_a_person_with_two_entries_is_one_stop(land, enter, send):
    home = enter()
    gift = enter(form="gift", person=home.person)
    row = send(home, gift)
    stops, hidden = stops_of(land.of_near, row)
    assert [(stop.person, stop.forms) for stop in stops] == [(home.person, "Thăm tận nhà, Tặng quà")]
    assert hidden == 0
    route.put_off(row, gift.pk, version=row.version, by=land.of_near, now=NOW)
    assert names_of(row) == []


def test_who_is_in_another_delegation_moves_only_when_the_page_said_so(land, three, send):
    bon, *_ = three
    first, second = send(bon), send(name="Đoàn số 2")
    answer = take(second, [bon], land)
    assert (answer.people, answer.left) == (0, [f"Hồ sơ số {bon.person_id} vừa được xếp vào đoàn “Đoàn số 1”"])
    assert (names_of(first), names_of(second)) == (["A Bôn"], [])
    version = first.version
    answer = take(second, [bon], land, seen={bon: first.pk})
    assert (answer.people, answer.moved, answer.left) == (1, {"Đoàn số 1": 1}, [])
    assert (names_of(first), names_of(second)) == ([], ["A Bôn"])
    first.refresh_from_db()
    assert first.version == version + 1


def test_nobody_is_taken_from_a_delegation_that_has_gone(land, three, send):
    bon, *_ = three
    first, second = send(bon, on=date(2024, 4, 15)), send(name="Đoàn số 2")
    writing.done(first, version=first.version, by=land.of_near, now=NOW)
    answer = take(second, [bon], land, seen={bon: first.pk})
    assert answer.left == [f"Hồ sơ số {bon.person_id} đoàn “Đoàn số 1” đã đi"]


GONE = {
    "dead": ({"living_state": "deceased", "death_on": date(2024, 4, 9)}, "Đã từ trần ngày 09/4/2024"),
    "moved": ({"living_state": "moved", "moved_to": "Gia Lai"}, "Đã chuyển đi"),
    "removed": ({"removed_on": date(2024, 4, 9), "removal_reason": "Ghi nhầm"}, "Đã đưa khỏi danh sách"),
}


def make_gone(person, land, kind):
    fields = dict(GONE[kind][0])
    if kind == "dead":
        fields |= {"death_reported_by": land.of_near, "death_reported_at": NOW, "death_source": "Gia đình"}
        fields |= {"death_confirmed_by": land.of_province, "death_confirmed_at": NOW}
    if kind == "removed":
        fields |= {"removed_by": land.of_near}
    Person.objects.filter(pk=person.pk).update(**fields)


@pytest.mark.parametrize("kind", GONE)
def test_who_is_gone_stands_crossed_out_with_the_reason_and_is_not_taken(land, three, send, kind):
    bon, anh, _ = three
    row, other = send(bon, anh), send(name="Đoàn số 2")
    make_gone(bon.person, land, kind)
    stops, _ = stops_of(land.of_near, row)
    assert [stop.gone for stop in stops] == [GONE[kind][1], ""]
    waiting = route.waiting(PlanEntry.objects.visible_to(land.of_near))
    assert set(waiting.values_list("pk", flat=True)) == {anh.pk, three[2].pk}
    answer = take(other, [bon], land, seen={bon: row.pk})
    assert (answer.people, len(answer.left)) == (0, 1)


def test_nobody_calls_on_an_empty_shell(land, plan):
    assert gone_because(Person(erased_at=NOW, residence=land.hring), plan) == "Dữ liệu của hồ sơ đã được xóa"


def test_a_reported_death_is_to_be_asked_about_before_going(land, three, send):
    row = send(three[0])
    Person.objects.filter(pk=three[0].person_id).update(
        death_reported_by=land.of_near, death_reported_at=NOW, death_source="Thôn"
    )
    [stop], _ = stops_of(land.of_near, row)
    assert (stop.gone, stop.note) == ("", "Có tin từ trần chưa được xác nhận; hãy hỏi lại trước khi đi.")


def test_who_moved_to_another_district_is_counted_without_a_name_for_the_district(land, three, send):
    row = send(*three)
    Person.objects.filter(pk=three[0].person_id).update(residence=land.rokoi)
    stops, hidden = stops_of(land.of_near, row)
    assert ([stop.person.full_name for stop in stops], hidden) == (["A Anh", "Y Chi"], 1)
    stops, hidden = stops_of(land.of_province, row)
    assert ([stop.gone for stop in stops], hidden) == (["Đã chuyển đến địa bàn khác", "", ""], 0)


def test_everybody_gone_leaves_the_way_with_one_button(land, three, send):
    bon, _anh, chi = three
    row = send(*three)
    make_gone(bon.person, land, "dead")
    Person.objects.filter(pk=chi.person_id).update(residence=land.rokoi)
    assert route.put_off_gone(row, version=row.version, by=land.of_near, now=NOW) == 2
    assert names_of(row) == ["A Anh"]
    row.refresh_from_db()
    told = refusal_of(lambda: route.put_off_gone(row, version=row.version, by=land.of_near, now=NOW))
    assert told == "Mọi người trong danh sách đều còn được đến thăm."


def test_the_way_up_passes_those_who_are_gone(land, three, send):
    _bon, anh, chi = three
    row = send(*three)
    make_gone(anh.person, land, "moved")
    route.move(row, chi.pk, up=True, version=row.version, by=land.of_near, now=NOW)
    assert names_of(row) == ["Y Chi", "A Anh", "A Bôn"]


def test_only_what_is_called_on_and_waits_can_be_taken(land, enter, send):
    invited = enter("A Mời", form="meeting")
    dropped = enter("A Thôi")
    dropped.state, dropped.dropped_because = "dropped", "Đi xa"
    dropped.dropped_by, dropped.dropped_at = land.of_near, NOW
    dropped.save()
    row = send()
    answer = take(row, [invited, dropped], land)
    assert (answer.people, answer.left) == (
        0,
        [
            f"Hồ sơ số {invited.person_id} được mời gặp mặt, không có trong danh sách đến nhà",
            f"Hồ sơ số {dropped.person_id} vừa được đưa ra khỏi kế hoạch",
        ],
    )
    assert route.waiting(PlanEntry.objects.all()).count() == 0


def test_more_than_one_delegation_can_call_on_are_several_delegations(land, enter, send, monkeypatch):
    monkeypatch.setattr(route, "MOST_STOPS", 1)
    row = send(enter("A Một"))
    with pytest.raises(Refused, match="Một đoàn thăm nhiều nhất 1 người"):
        take(row, [enter("A Hai")], land)
    assert names_of(row) == ["A Một"]


def test_a_page_from_before_the_last_change_changes_nothing(land, three, send):
    row = send(*three)
    for act in (
        lambda: route.put_off(row, three[0].pk, version=1, by=land.of_near, now=NOW),
        lambda: route.move(row, three[0].pk, up=False, version=1, by=land.of_near, now=NOW),
        lambda: route.sort_again(row, version=1, by=land.of_near, now=NOW),
        lambda: route.put_off_gone(row, version=1, by=land.of_near, now=NOW),
    ):
        assert refusal_of(act).startswith("Trong lúc anh/chị xem, Nguyễn Văn Dakha đã xếp người vào đoàn thăm")
    assert names_of(row) == ["A Bôn", "A Anh", "Y Chi"]


def test_an_entry_of_another_way_is_told(land, three, send):
    row = send(three[0])
    told = refusal_of(lambda: route.put_off(row, three[1].pk, version=row.version, by=land.of_near, now=NOW))
    assert told == "Người này không còn trong danh sách của đoàn."


def test_a_person_put_back_on_the_list_is_called_on_again(land, three, send):
    row = send(three[0])
    people.take_off(three[0].person, reason="Ghi nhầm", by=land.of_near, now=NOW)
    assert [stop.gone for stop in stops_of(land.of_near, row)[0]] == ["Đã đưa khỏi danh sách"]
    people.put_back(three[0].person, objection="Đúng là người này", by=land.of_near, now=NOW)
    assert [stop.gone for stop in stops_of(land.of_near, row)[0]] == [""]
