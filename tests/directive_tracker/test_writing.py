"""Rows that are written without the query API: the same rows, the same guards."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from directive_tracker.writing import insert_row, update_rows
from tasks.models import Assignment, ReportRound, StatusChange
from tests.factories import at, make_assignment, make_directive, make_reporter, make_task, make_unit
from tests.tasks.story import make_story, send

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15")


@pytest.fixture
def work():
    return make_assignment(make_task(make_directive()), make_unit("Huyện ủy"), state="in_progress")


def test_a_row_is_inserted_as_save_would_and_is_no_longer_new(work):
    person = make_reporter(work.unit)
    change = StatusChange(assignment=work, old_state="", new_state="assigned", by=person, at=NOW, note="100% ' \\")

    insert_row(change)

    found = StatusChange.objects.get()
    assert (found.pk, found.by, found.at, found.note, found.assignment) == (change.pk, person, NOW, "100% ' \\", work)
    assert (change._state.adding, change._state.db) == (False, "default")


def test_json_and_empty_values_come_back_as_they_were():
    section = send(make_story(state="in_progress"), results="Đã làm.")
    before = ReportRound.objects.get()
    copy = ReportRound(
        section=section, number=2, submitted_by=before.submitted_by, submitted_at=NOW, submitted_on=date(2024, 4, 15),
        content={"results": None, "products": [{"a": 1}]},
    )  # fmt: skip

    insert_row(copy)

    found = ReportRound.objects.get(pk=copy.pk)
    assert found.content == {"results": None, "products": [{"a": 1}]}
    assert (found.decision, found.decided_by, found.via_name) == (before.decision, None, "")


def test_only_rows_that_still_hold_the_values_are_changed(work):
    other = make_unit("Huyện khác")

    first = update_rows(Assignment, {"id": work.pk, "state": "in_progress"}, {"state": "redo", "unit": other})
    second = update_rows(Assignment, {"id": work.pk, "state": "in_progress"}, {"state": "completed"})

    work.refresh_from_db()
    assert (first, second) == (1, 0)
    assert (work.state, work.unit) == ("redo", other)


def test_an_empty_value_is_written_as_nothing(work):
    update_rows(Assignment, {"id": work.pk}, {"due_current": None, "acknowledged_by": None})

    work.refresh_from_db()
    assert (work.due_current, work.acknowledged_by) == (None, None)


def test_a_refused_row_leaves_the_transaction_to_be_rolled_back(work):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_row(StatusChange(assignment=work, new_state="assigned", at=NOW, note=None))

    assert StatusChange.objects.count() == 0
