"""Several people write about one person at the same moment: one gift a source, one call a day, whatever the order."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from records.models import AuditEvent
from tasks.errors import Refused
from tests.factories import make_unit
from tests.veterans.conftest import NOW
from veterans import campaigns, gifts, gratitude
from veterans.duplicates.merging import merge
from veterans.gifts import Given
from veterans.models import Gift, Visit

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do everything in its own thread at the same moment; "done", or the kind of refusal, in the order of the acts."""
    begin, answers = threading.Barrier(len(acts)), ["hangs"] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            begin.wait(20)
            act()
            answers[place] = "done"
        except gifts.TwiceRefused:
            answers[place] = "twice"
        except Refused:
            answers[place] = "refused"
        except ValidationError:
            answers[place] = "invalid"
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_of_six_delegations_that_bring_the_same_gift_one_brings_it_and_five_are_told(add, land):
    person, units = add(), [make_unit(f"Đoàn thể {number}") for number in range(6)]
    given = Given(land.sources["province"], money=2_000_000)

    answers = at_once(
        *(
            lambda unit=unit: gratitude.record_visit(
                person, on=date(2024, 4, 5), unit=unit, gifts=[given], by=land.of_near, now=NOW
            )
            for unit in units
        )
    )

    assert Counter(answers) == {"done": 1, "twice": 5}
    assert (Visit.objects.count(), Gift.objects.count()) == (1, 1)


def test_the_same_call_from_two_phones_is_one_call(add, land):
    person, given = add(), Given(land.sources["district"], goods="Sữa")

    def record():
        gratitude.record_visit(person, on=date(2024, 4, 5), unit=land.unit, gifts=[given], by=land.of_near, now=NOW)

    assert Counter(at_once(record, record)) == {"done": 1, "refused": 1}
    assert (Visit.objects.count(), Gift.objects.count()) == (1, 1)


@pytest.mark.parametrize("time", range(3))
def test_a_merge_and_gifts_to_both_entries_leave_one_gift_of_the_source(add, land, time):
    kept, absorbed = add("A Thút"), add("A Thút", birth_year=1931)
    versions, units = (kept.version, absorbed.version), [make_unit(f"Đoàn {number}") for number in range(2)]
    given = Given(land.sources["province"], money=1)

    def give(person, unit):
        gratitude.record_visit(person, on=date(2024, 4, 5), unit=unit, gifts=[given], by=land.of_near, now=NOW)

    answers = at_once(
        lambda: merge(kept, absorbed, taken=(), versions=versions, by=land.of_near, now=NOW),
        lambda: give(kept, units[0]),
        lambda: give(absorbed, units[1]),
    )

    assert answers[0] == "done"
    assert set(answers[1:]) <= {"done", "twice", "invalid"}
    live = Gift.objects.filter(state__in=["promised", "given"])
    # Whoever was told that it was refused has left nothing; what was given twice before the merge is money spent.
    assert [gift.person_id for gift in live] == [kept.pk]
    assert Gift.objects.count() == Visit.objects.count() == Counter(answers[1:])["done"]


@pytest.mark.parametrize("time", range(2))
def test_a_call_at_the_moment_the_occasion_ends_comes_before_the_end_or_is_refused(add, land, time):
    person = add()

    answers = at_once(
        lambda: campaigns.close_campaign(land.campaign, words="Hết đợt", by=land.of_province, now=NOW),
        lambda: gratitude.record_visit(person, on=date(2024, 4, 5), unit=land.unit, by=land.of_near, now=NOW),
    )

    ended = AuditEvent.objects.get(verb="registry.campaign_closed")
    called = AuditEvent.objects.filter(verb="person.visited").first()
    assert answers[0] == "done"
    assert (answers[1], called is None or called.pk < ended.pk) in (("done", True), ("refused", True))
    assert Visit.objects.count() == (1 if called else 0)
