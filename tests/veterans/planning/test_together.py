"""Several registrars plan for one person at the same moment: one entry a plan and form, one gift a source."""

from collections import Counter

import pytest

from tests.veterans.conftest import NOW
from tests.veterans.test_gifts_together import at_once
from veterans.models import Gift, PlanEntry
from veterans.planning import choosing, plans

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_registrars_put_the_same_person_in_once(funded, land, verified, lines):
    people = [verified(name) for name in ("A Thút", "A Khiên", "A Lới")]
    found = []

    def put(by, order):
        wanted = {person.pk: "home" for person in order}
        found.append(choosing.put_in(funded, wanted, lines=lines, by=by, now=NOW))

    answers = at_once(
        lambda: put(land.of_near, people),
        lambda: put(land.of_province, people[::-1]),
        lambda: put(land.of_near, people),
    )

    assert answers == ["done"] * 3
    assert (PlanEntry.objects.count(), Gift.objects.count()) == (3, 6)
    assert Counter(len(each.added) for each in found) == {3: 1, 0: 2}


def test_two_plans_promise_the_gift_of_one_source_once(funded, land, verified, lines):
    person = verified()
    whole = plans.make_plan(area=land.province, unit=land.unit, title="Tỉnh", by=land.of_province, now=NOW)
    row = whole.funding.create(source=land.sources["province"], each=5_000_000, budget=5_000_000)
    found = []

    def put(plan, chosen, by):
        found.append(choosing.put_in(plan, {person.pk: "home"}, lines=chosen, by=by, now=NOW))

    answers = at_once(lambda: put(funded, lines[:1], land.of_near), lambda: put(whole, [row.pk], land.of_province))

    assert answers == ["done", "done"]
    assert (PlanEntry.objects.count(), Gift.objects.count()) == (2, 1)
    assert sorted(len(each.twice) for each in found) == [0, 1]


def test_putting_in_and_taking_out_at_once_end(funded, land, verified, lines):
    first, second = verified(), verified("A Khiên")
    entry = choosing.put_in(funded, {first.pk: "home"}, lines=lines, by=land.of_near, now=NOW).added[0]

    answers = at_once(
        lambda: choosing.drop(entry, why="Xin thôi", by=land.of_near, now=NOW),
        lambda: choosing.put_in(
            funded, {second.pk: "home", first.pk: "meeting"}, lines=lines, by=land.of_province, now=NOW
        ),
    )

    assert answers == ["done", "done"]
    assert Counter(PlanEntry.objects.values_list("state", flat=True)) == {"planned": 2, "dropped": 1}
