"""A draft is the truth of one moment, and two who make one at once get two."""

import threading

import pytest
from django.db import connection, connections

from tasks.models import SummaryReport
from tasks.summary.freezing import freeze
from tasks.summary.making import make
from tests.factories import at
from tests.tasks.digests import make_committee
from tests.tasks.summary.story import NOTHING, make_play
from tests.tasks.test_digest_moment import Meddler

THURSDAY = at("2024-04-18", "17:00")


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_figures_units_and_lists_agree_while_others_write():
    house = make_committee()
    meddler = Meddler([house.works[name].pk for name in ("overdue", "overdue too", "sent late", "waiting")])

    with connection.execute_wrapper(meddler):
        data = freeze(house.directive, now=THURSDAY, typed=NOTHING)

    assert meddler.meddled == 4
    assert (data["total"]["open_overdue"], len(data["overdue"])) == (3, 3)
    assert sum(unit["figures"]["open_overdue"] for unit in data["units"]) == 3
    assert freeze(house.directive, now=THURSDAY, typed=NOTHING)["total"]["open_overdue"] == 0


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_drafts_of_their_own():
    play = make_play()
    begin, made = threading.Barrier(2), []

    def run(words: str) -> None:
        try:
            begin.wait(10)
            made.append(make(play.directive, by=play.office, now=THURSDAY, typed={**NOTHING, "good": words}))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[words]) for words in ("Một.", "Hai.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    drafts = SummaryReport.objects.order_by("draft_number")
    assert len(made) == 2
    assert [draft.draft_number for draft in drafts] == [1, 2]
    assert {draft.data["typed"]["good"] for draft in drafts} == {"Một.", "Hai."}
    assert drafts[1].previous_id == drafts[0].pk
