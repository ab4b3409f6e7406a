"""Questions that are put together once: the same rows as the queryset gives, whoever asked first."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.test.utils import CaptureQueriesContext

from directive_tracker.prepared import Prepared
from tasks.models import Assignment, Nudge, StatusChange
from tests.factories import at, make_assignment, make_directive, make_reporter, make_task, make_unit
from units.access import Access, Seer
from units.models import Membership

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)


def of_task(task: int) -> QuerySet:
    return (
        Assignment.objects.filter(task=task)
        .select_related("unit", "task__directive")
        .annotate(is_chased=Exists(Nudge.objects.filter(assignment=OuterRef("pk"))))
        .order_by("pk")
    )


def seen(access: Access, pk: int) -> QuerySet:
    return Assignment.objects.visible_to(Seer(access)).filter(pk=pk)


def test_rows_come_out_as_the_queryset_gives_them_in_one_statement():
    directive = make_directive()
    first, second = make_task(directive, "1a.1"), make_task(directive, "1a.2")
    one, two = make_assignment(first, make_unit("Một")), make_assignment(second, make_unit("Hai"))
    question = Prepared(of_task)
    question.rows(first.pk)

    with CaptureQueriesContext(connection) as asked:
        (row,) = question.rows(second.pk)
        told = (row.unit.name, row.task.code, row.task.directive, row.is_chased, row.due_current)

    assert len(asked) == 1
    assert (row, told) == (two, ("Hai", "1a.2", directive, False, two.due_current))
    assert question.rows(first.pk) == [one]
    assert question.rows(0) == []


def test_a_day_is_a_value_like_any_other():
    def due_by(unit: int, day: date) -> QuerySet:
        return Assignment.objects.filter(unit=unit, due_current__lte=day).order_by("pk")

    unit, task = make_unit("Một"), make_task(make_directive(), "1a.1")
    found = make_assignment(task, unit, due=date(2024, 4, 15))
    question = Prepared(due_by)

    assert question.rows(unit.pk, date(2024, 4, 14)) == []
    assert question.rows(unit.pk, date(2024, 4, 15)) == [found]


def test_one_value_may_stand_in_several_places_of_a_union():
    def steps(assignment: int) -> QuerySet:
        moves = StatusChange.objects.filter(assignment=assignment).order_by()
        nudges = Nudge.objects.filter(assignment=assignment).order_by()
        return (
            moves.annotate(kind=Value("move"))
            .values_list("kind", "note")
            .union(nudges.annotate(kind=Value("nudge")).values_list("kind", "message"), all=True)
        )

    person = make_reporter(make_unit("Một"))
    work = [make_assignment(make_task(make_directive(), code), make_unit(code)) for code in ("1a.1", "1a.2")]
    for number, assignment in enumerate(work):
        assignment.status_changes.create(new_state="assigned", by=person, at=at(TODAY), note=f"giao {number}")
        assignment.nudges.create(by=person, at=at(TODAY), message=f"nhắc {number}")
    question = Prepared(steps)

    assert [question.rows(assignment.pk) for assignment in work] == [
        [("move", "giao 0"), ("nudge", "nhắc 0")],
        [("move", "giao 1"), ("nudge", "nhắc 1")],
    ]


def test_moments_and_texts_are_values_too():
    def told(message: str, since) -> QuerySet:
        return Nudge.objects.filter(message=message, at__gt=since)

    person = make_reporter(make_unit("Một"))
    assignment = make_assignment(make_task(make_directive()), make_unit("Hai"))
    nudge = assignment.nudges.create(by=person, at=at(TODAY), message="100% ' \\")
    question = Prepared(told)

    assert question.rows("100% ' \\", at(TODAY) - timedelta(microseconds=1)) == [nudge]
    assert question.rows("100% ' \\", at(TODAY)) == []
    assert question.rows("khác", at(TODAY) - timedelta(days=1)) == []


def test_who_has_other_rights_gets_a_question_of_his_own():
    mine, theirs = make_unit("Một"), make_unit("Hai")
    assignment = make_assignment(make_task(make_directive()), mine)
    question = Prepared(seen)
    found = {}
    for unit in (mine, theirs):
        access = Access(
            roles=frozenset(["reporter"]),
            own_unit_ids=frozenset([unit.pk]),
            reporter_unit_ids=frozenset([unit.pk]),
            visible_unit_ids=frozenset([unit.pk]),
        )
        found[unit.name] = question.rows(assignment.pk, key=(access,))

    assert found == {"Một": [assignment], "Hai": []}
    assert question.rows(assignment.pk, key=(Access(),)) == []


def test_a_question_about_a_person_cannot_be_put_together_for_all_with_the_same_rights():
    def own(access: Access, unit: int) -> QuerySet:
        return Membership.objects.filter(user=Seer(access).pk, unit=unit)

    with pytest.raises(AttributeError, match="pk"):
        Prepared(own).rows(1, key=(Access(),))


def test_a_value_that_is_no_parameter_of_its_own_is_refused():
    def derived(pk: int) -> QuerySet:
        return Assignment.objects.filter(pk=pk + 1)

    with pytest.raises(TypeError, match="a value is no parameter"):
        Prepared(derived).rows(1)
