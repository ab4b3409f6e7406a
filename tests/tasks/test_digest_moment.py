"""A digest is the truth of one moment, whatever others commit while it is read."""

import threading
from datetime import date

import pytest
from django.db import connection, connections

from notifications.models import Notice, NoticeRule
from tasks.digests.freezing import freeze
from tasks.digests.making import make_due
from tasks.models import Assignment, Digest, DigestKind
from tests.factories import at
from tests.tasks.digests import make_committee

THURSDAY = at("2024-04-18", "17:00")


class Meddler:
    """After the n-th statement about works another connection finishes one more piece of overdue work."""

    def __init__(self, works: list[int]) -> None:
        self.works = list(works)
        self.meddled = 0

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if "tasks_assignment" in sql and self.works:
            thread = threading.Thread(target=self._finish, args=[self.works.pop()])
            thread.start()
            thread.join(10)
        return result

    def _finish(self, pk: int) -> None:
        Assignment.objects.filter(pk=pk).update(state="completed", completed_on=date(2024, 4, 18))
        self.meddled += 1
        connections.close_all()


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_figures_units_and_lists_agree_while_others_write():
    house = make_committee()
    meddler = Meddler([house.works[name].pk for name in ("overdue", "overdue too", "sent late", "waiting")])

    with connection.execute_wrapper(meddler):
        data = freeze(DigestKind.WEEKLY, now=THURSDAY).data

    total = data["total"]
    assert meddler.meddled == 4
    for name, number in total.items():
        assert number == sum(unit[name] for row in data["directives"] for unit in row["units"]), name
    assert (total["open_overdue"], len(data["overdue"]["rows"])) == (3, 3)
    assert (total["waiting"], data["waiting"][0]["count"]) == (2, 2)
    after = freeze(DigestKind.WEEKLY, now=THURSDAY).data["total"]
    assert (after["open_overdue"], after["waiting"]) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_at_once_one_freezes_and_tells():
    make_committee()
    NoticeRule.objects.update(is_active=False)
    begin, told = threading.Barrier(2), []

    def run() -> None:
        try:
            begin.wait(10)
            told.append(make_due(THURSDAY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert (sorted(told), Digest.objects.count(), Notice.objects.count()) == ([0, 1], 1, 1)
