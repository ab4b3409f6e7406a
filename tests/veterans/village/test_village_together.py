"""Phones that send at the same moment, registrars that decide at the same moment: one visit, whatever the order."""

from collections import Counter
from datetime import date

import pytest

from tasks.errors import Refused
from tests.factories import make_unit
from tests.veterans.conftest import NOW
from tests.veterans.test_gifts_together import at_once
from tests.veterans.village.conftest import Phone
from veterans import gratitude
from veterans.duplicates.merging import merge
from veterans.gifts import Given
from veterans.models import Gift, SentVisit, Visit
from veterans.village import content, copies, deciding, receiving

pytestmark = pytest.mark.django_db(transaction=True)


def sending(phone: Phone, visit: dict):
    """What the server does with it, in a thread: no picture, in the owner's session."""

    def act():
        copy = copies.by_ticket(phone.copy.pk, phone.ticket)
        return receiving.receive(content.read_told(visit), copy, [], [], there=True, now=NOW)

    return act


def outcomes() -> Counter:
    return Counter(SentVisit.objects.values_list("outcome", "why"))


def on_record() -> tuple[int, int]:
    return Visit.objects.count(), Gift.objects.filter(state="given").count()


def test_the_same_key_six_times_at_once_is_stored_once(village):
    phone = Phone(village)
    visit = phone.visit()
    assert at_once(*[sending(phone, visit)] * 6) == ["done"] * 6
    assert outcomes() == {("recorded", ""): 1}
    assert on_record() == (1, 1)


def test_four_phones_that_say_the_same_at_once_are_one_visit(village):
    phones = [Phone(village) for _ in range(4)]
    assert at_once(*(sending(phone, phone.visit()) for phone in phones)) == ["done"] * 4
    assert outcomes() == {("recorded", ""): 1, ("same", ""): 3}
    assert on_record() == (1, 1)


def test_two_phones_that_say_different_things_at_once_leave_one_waiting(village):
    one, other = Phone(village), Phone(village)
    acts = (sending(one, one.visit(note="một")), sending(other, other.visit(note="hai")))
    assert at_once(*acts) == ["done"] * 2
    assert outcomes() == {("recorded", ""): 1, ("waiting", "differs"): 1}
    assert on_record() == (1, 1)


def test_a_phone_and_a_desk_that_bring_the_same_gift_at_once_bring_it_once(village):
    phone, unit = Phone(village), make_unit("Hội Cựu chiến binh")
    given = [Given(village.sources["province"], money=2_000_000)]

    def at_the_desk():
        gratitude.record_visit(
            village.first, on=date(2024, 4, 15), unit=unit, gifts=given, by=village.of_province, now=NOW
        )

    answers = at_once(sending(phone, phone.visit()), at_the_desk)

    first_was_the_phone = outcomes() == {("recorded", ""): 1}
    assert answers == (["done", "twice"] if first_was_the_phone else ["done", "done"])
    assert first_was_the_phone or outcomes() == {("waiting", "twice"): 1}
    assert on_record() == (1, 1)


@pytest.mark.parametrize("time", range(3))
def test_a_merge_while_the_phone_sends_loses_nothing(add, village, time):
    kept, phone = add("A Thút", birth_year=1931), Phone(village)
    versions = (kept.version, village.first.version)

    def merging():
        merge(kept, village.first, taken=(), versions=versions, by=village.of_province, now=NOW)

    assert at_once(sending(phone, phone.visit()), merging)[0] == "done"

    assert outcomes() == {("recorded", ""): 1}
    assert on_record() == (1, 1)
    assert SentVisit.objects.get().person_id == Visit.objects.get().person_id


def test_of_two_registrars_who_decide_at_once_the_second_is_told(village):
    phone = Phone(village)
    sending(phone, phone.visit(on="2024-03-20"))()
    sent = SentVisit.objects.get()

    def aside(by):
        return lambda: deciding.set_aside(sent, reason="Trùng", by=by, now=NOW)

    assert Counter(at_once(aside(village.of_near), aside(village.of_province))) == {"done": 1, "refused": 1}
    sent.refresh_from_db()
    assert sent.outcome == "set_aside"


def test_a_revocation_is_done_once(village):
    phone = Phone(village)

    def revoke():
        copies.revoke(phone.copy, by=village.of_near, now=NOW)

    assert Counter(at_once(revoke, revoke)) == {"done": 1, "refused": 1}
    with pytest.raises(Refused):
        revoke()
