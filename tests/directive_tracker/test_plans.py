"""Statements that PostgreSQL keeps: asked the same, planned once a connection, however many units ask."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directive_tracker import plans
from directive_tracker.plans import Kept, kept, plan_of
from directive_tracker.prepared import Prepared
from tasks.models import Assignment, Nudge
from tests.factories import at, make_assignment, make_directive, make_reporter, make_task, make_unit
from units.access import Seer, access_of

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)


def rows(statement: Kept, *params):
    with connection.cursor() as cursor:
        cursor.execute(*statement.asked(params))
        return cursor.fetchall()


def names() -> set[str]:
    """What the connection has prepared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'kept_%'")
        return {name for (name,) in cursor.fetchall()}


def test_other_values_are_asked_of_the_same_statement():
    statement = Kept("SELECT CAST(%s AS bigint), CAST(%s AS text), CAST(%s AS text), '100%%' WHERE 1 = 1")

    assert rows(statement, 1, "một ' \\ %s $1", None) == [(1, "một ' \\ %s $1", None, "100%")]
    assert rows(statement, 2**40, "hai", "ba") == [(2**40, "hai", "ba", "100%")]
    assert rows(statement, 3, "", None) == [(3, "", None, "100%")]


@pytest.mark.embedded
def test_a_database_that_plans_nothing_is_asked_plainly():
    assert plan_of("SELECT %s", [1]) is None
    assert Kept("SELECT %s").asked([1]) == ("SELECT %s", [1])


@pytest.mark.pg
def test_a_statement_is_prepared_once_a_connection_and_a_new_connection_has_its_own():
    statement = Kept("SELECT CAST(%s AS bigint) + 41")
    before = names()
    rows(statement, 1)
    (name,) = names() - before

    with CaptureQueriesContext(connection) as asked:
        assert rows(statement, 2) == [(43,)]

    assert [query["sql"] for query in asked] == [f"EXECUTE {name} (2)"]
    assert names() - before == {name}


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_after_the_connection_was_lost_the_statement_is_prepared_again():
    statement = Kept("SELECT CAST(%s AS bigint) + 43")
    rows(statement, 1)
    connection.close()

    assert rows(statement, 2) == [(45,)]


@pytest.mark.pg
def test_a_statement_that_the_connection_has_but_nobody_remembers_is_asked_all_the_same():
    statement = Kept("SELECT CAST(%s AS bigint) + 47")
    rows(statement, 1)
    plans._prepared.pop(connection.connection)

    assert rows(statement, 2) == [(49,)]


@pytest.mark.pg
def test_what_was_asked_for_longest_ago_makes_room(monkeypatch):
    monkeypatch.setattr(plans, "KEPT", 2)
    plans._prepared.pop(connection.connection, None)
    first, second, third = (Kept(f"SELECT CAST(%s AS bigint) + {number}") for number in (101, 102, 103))
    before = names()
    for statement in (first, second, first, third):
        rows(statement, 1)
    kept_now = names() - before

    assert rows(second, 1) == [(103,)]
    assert (len(kept_now), len(names() - before)) == (2, 2)


@pytest.mark.pg
def test_words_stand_in_the_statement_for_partial_indexes_and_days_do_not():
    sql, params = Assignment.objects.filter(
        state="assigned", due_current__lt=TODAY, unit__in=[4, 5]
    ).query.sql_with_params()

    plan = plan_of(sql, params)

    assert "'assigned'" in plan.prepare and "2024" not in plan.prepare
    assert plan.prepare.startswith(f"PREPARE {plan.name} (date, integer, integer) AS SELECT ")
    assert plan.execute == f"EXECUTE {plan.name} (%s, %s, %s)"


@pytest.mark.pg
def test_a_refused_statement_is_not_taken_for_prepared():
    wrong = Kept("SELECT nothing FROM nowhere WHERE 1 = %s")
    for _ in range(2):
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT here")
        with pytest.raises(Exception, match="nowhere"):
            wrong.asked([1])
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK TO here")


def test_units_with_the_same_rights_share_one_question_and_each_sees_its_own():
    directive = make_directive()
    people = {}
    for number in range(3):
        unit = make_unit(f"Đơn vị {number}")
        make_assignment(make_task(directive, f"1a.{number}"), unit)
        people[unit.pk] = make_reporter(unit, f"nguoi{number}")
    seen = Prepared(lambda access, after: Assignment.objects.visible_to(Seer(access)).filter(pk__gt=after))

    found = {
        unit: [row.unit_id for row in seen.rows(0, key=(access_of(person, today=TODAY),))]
        for unit, person in people.items()
    }

    assert found == {unit: [unit] for unit in people}
    assert seen._form.cache_info().currsize == 1


def test_rights_in_other_units_are_another_question_only_where_their_shape_differs():
    lead, below = make_unit("Huyện"), make_unit("Xã")
    one, two = make_reporter(lead, "mot"), make_reporter(below, "hai")
    below.parent = lead
    below.save()

    of_lead, of_below = (access_of(person, today=TODAY) for person in (one, two))

    assert of_lead.ids == tuple(sorted([lead.pk, below.pk])) and of_below.ids == (below.pk,)
    assert of_lead.shape != of_below.shape
    assert of_below.shape.unit_name == ""
    assert of_lead.with_ids(of_lead.ids).visible_unit_ids == of_lead.visible_unit_ids


def test_the_kept_statements_are_found_by_their_words():
    assert kept("SELECT 1") is kept("SELECT 1")
    assert kept("SELECT 1") is not kept("SELECT 2")


def test_a_moment_is_compared_as_a_moment():
    person = make_reporter(make_unit("Một"))
    work = make_assignment(make_task(make_directive()), make_unit("Hai"))
    for hour in (1, 2):
        Nudge.objects.create(assignment=work, by=person, at=at(TODAY) + timedelta(hours=hour), message=str(hour))
    since = Prepared(lambda moment, pk: Nudge.objects.filter(at__gt=moment, assignment=pk).order_by("pk"))

    assert [row.message for row in since.rows(at(TODAY) + timedelta(minutes=90), work.pk)] == ["2"]
    assert [row.message for row in since.rows(at(TODAY), work.pk)] == ["1", "2"]
