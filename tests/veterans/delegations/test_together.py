"""Several registrars put people on the way at the same moment: nobody stands in two delegations, no order is lost."""

import pytest

from tests.veterans.conftest import NOW
from tests.veterans.delegations.conftest import names_of
from tests.veterans.test_gifts_together import at_once
from veterans.delegations import route
from veterans.models import PlanEntry

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_delegations_that_take_the_same_person_have_it_once(land, enter, send):
    entry, answers = enter("A Chung"), []
    rows = [send(name="Đoàn số 1"), send(name="Đoàn số 2")]

    def take(row):
        return lambda: answers.append(
            route.take(
                row, {entry.pk: None}, entries=PlanEntry.objects.all(), version=1, by=land.of_near, now=NOW
            ).people
        )

    assert at_once(*(take(row) for row in rows)) == ["done", "done"]
    assert sorted(answers) == [0, 1]
    assert sorted(names_of(rows[0]) + names_of(rows[1])) == ["A Chung"]


def test_of_two_who_change_one_way_the_second_is_told(land, enter, send):
    first, second = enter("A Anh"), enter("A Bôn")
    row = send(first, second)

    def move():
        route.move(row, second.pk, up=True, version=2, by=land.of_near, now=NOW)

    assert sorted(at_once(move, move)) == ["done", "refused"]
    assert names_of(row) == ["A Bôn", "A Anh"]
