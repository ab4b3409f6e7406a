"""What programs read: what the pages show the same person, in stretches that nothing shifts, at a constant cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directive_tracker.api.fields import Paging
from directive_tracker.api.work import AssignmentFilter
from tasks import tallies
from tasks.enums import AssignmentState, DirectiveState
from tasks.forms.office import AssignmentFilterForm
from tasks.models import AssignmentProduct, Indicator, IndicatorCategory
from tests.api.house import Program, ids, kind, program
from tests.factories import (
    make_assignment,
    make_directive,
    make_membership,
    make_office,
    make_office_user,
    make_product,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from units.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit("Huyện ủy Đắk Hà", code="dakha")


@pytest.fixture
def reporter(unit):
    return make_reporter(unit, "dakha")


@pytest.fixture
def directive():
    return make_directive(number="1234-CV/TU")


def asked(program: Program, path: str, query: dict | None = None) -> int:
    """How many statements it costs; once before, so that what is kept is there and the last use is noted."""
    program.get(path, query)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert program.get(path, query).status_code == 200
    return len(caught)


# --- what is seen -----------------------------------------------------------------------------------------------------------


def test_a_draft_is_the_office_s_alone(reporter):
    draft, issued = make_directive(state=DirectiveState.DRAFT), make_directive()
    task = make_task(draft)

    office, unit = program(make_office_user()), program(reporter)

    assert ids(office.get("/directives")) == [issued.pk, draft.pk]
    assert ids(unit.get("/directives")) == [issued.pk]
    assert unit.get(f"/directives/{draft.pk}").status_code == 404
    assert unit.get(f"/tasks/{task.pk}").status_code == 404


def test_what_is_not_there_and_what_is_none_of_theirs_are_the_same_answer(reporter):
    foreign = make_assignment()
    unit = program(reporter)

    answers = [unit.get(f"/assignments/{pk}") for pk in (foreign.pk, 987_654_321, 10**30)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert ids(unit.get("/assignments")) == []


def test_a_unit_s_token_shows_that_unit_alone(reporter, unit, directive):
    other = make_unit("Đơn vị khác")
    make_membership(reporter, other)
    task = make_task(directive)
    mine, theirs = make_assignment(task, unit), make_assignment(task, other)

    assert ids(program(reporter).get("/assignments")) == [mine.pk, theirs.pk]
    assert ids(program(reporter, unit).get("/assignments")) == [mine.pk]


def test_an_administrator_and_a_registrar_have_nothing_here():
    administrator = make_user("quantri")
    make_membership(administrator, make_unit("Trung tâm"), Role.ADMINISTRATOR)

    with pytest.raises(Exception, match="không có vai trò"):
        program(administrator)


def test_a_work_is_told_with_its_days_and_papers(reporter, unit, directive):
    task = make_task(directive, "1a.1")
    work = make_assignment(task, unit, due=date(2024, 4, 12), state=AssignmentState.IN_PROGRESS)
    product = make_product(task, has_paper=True)
    delivery = AssignmentProduct.objects.create(assignment=work, product=product, due_date=date(2024, 2, 29))

    told = program(reporter).get(f"/assignments/{work.pk}").json()

    assert {name: told[name] for name in ("word", "timeliness", "days_overdue", "due_current", "assigned_on")} == {
        "word": "doing",
        "timeliness": "open_overdue",
        "days_overdue": 3,
        "due_current": "2024-04-12",
        "assigned_on": "2024-02-15",
    }
    assert told["task"]["code"] == "1a.1"
    assert told["unit"] == {"id": unit.pk, "code": "dakha", "name": "Huyện ủy Đắk Hà"}
    assert told["updated_at"].endswith("+07:00")
    assert [(one["id"], one["due_on"]) for one in told["products"]] == [(delivery.pk, "2024-02-29")]


def test_a_task_is_told_with_the_figures_it_asks_for(reporter, directive):
    task = make_task(directive, "1a.2")
    asked_for = Indicator.objects.create(task=task, code="nguoi", name="Người dự", measure="người", least=5)
    IndicatorCategory.objects.create(indicator=asked_for, code="nu", name="Nữ")

    told = program(reporter).get("/tasks", {"directive": directive.pk}).json()["items"]

    assert [row["code"] for row in told] == ["1a.2"]
    assert told[0]["indicators"][0]["parts"] == [{"code": "nu", "name": "Nữ"}]
    assert told[0]["indicators"][0]["least"] == 5


def test_figures_are_those_the_person_may_see(reporter, unit, directive):
    task = make_task(directive)
    other = make_unit("Đơn vị khác")
    for who in (unit, other):
        make_assignment(task, who, due=date(2024, 4, 12))
        tallies.refresh(directive, unit_ids=[who.pk], task_ids=[task.pk], today=date(2024, 4, 1))

    office = program(make_office_user()).get(f"/directives/{directive.pk}/tallies").json()
    own = program(reporter).get(f"/directives/{directive.pk}/tallies").json()

    assert [(row["unit"]["id"], row["open_overdue"], row["counted"]) for row in office["units"]] == [
        (unit.pk, 1, 1),
        (other.pk, 1, 1),
    ]
    assert [row["open_overdue"] for row in office["tasks"]] == [2]
    assert [row["unit"]["id"] for row in own["units"]] == [unit.pk]
    assert (own["tasks"], own["day"]) == ([], "2024-04-15")


def test_units_are_known_to_everybody_but_not_their_telephones(reporter):
    below = make_unit("Đảng ủy xã Hà Mòn", phone="0260 3862 524", email="hamon@example.vn")

    told = program(reporter).get("/units", {"q": "ha mon"})

    assert ids(told) == [below.pk]
    assert b"3862" not in told.content
    assert b"hamon@" not in told.content


# --- scopes -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("read", {"/directives", "/tasks", "/units", "/assignments", "/reports"}),
        ("figures", {"/values"}),
        ("acknowledge", set()),
        ("report", set()),
    ],
)
def test_a_scope_opens_what_it_names_and_nothing_else(reporter, scope, allowed):
    unit = program(reporter, scopes=[scope])
    answers = {
        path: unit.get(path) for path in ("/directives", "/tasks", "/units", "/assignments", "/reports", "/values")
    }

    assert {path for path, answer in answers.items() if answer.status_code == 200} == allowed
    refused = [answer for path, answer in answers.items() if path not in allowed]
    assert {(answer.status_code, kind(answer)) for answer in refused} == {(403, "scope-missing")}


# --- filters ----------------------------------------------------------------------------------------------------------------


def test_the_filters_are_those_of_the_page():
    assert set(AssignmentFilter.model_fields) - set(Paging.model_fields) == set(AssignmentFilterForm.base_fields)


def test_filters_narrow_as_on_the_page(reporter, unit, directive):
    task = make_task(directive)
    late = make_assignment(task, unit, due=date(2024, 4, 12))
    make_assignment(make_task(directive), unit, due=date(2024, 5, 1))
    done = make_assignment(make_task(), unit, state=AssignmentState.COMPLETED)
    asks = program(reporter)

    assert ids(asks.get("/assignments", {"timeliness": "open_overdue"})) == [late.pk]
    assert ids(asks.get("/assignments", {"word": "done"})) == [done.pk]
    assert ids(asks.get("/assignments", {"task": task.pk, "followed": "true"})) == [late.pk]
    assert ids(asks.get("/assignments", {"due": "2024-04-12"})) == [late.pk]
    assert ids(asks.get("/assignments", {"directive": 987_654_321})) == []


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"statu": "new"}, "statu"),
        ({"word": "neu"}, "word"),
        ({"directive": "abc"}, "directive"),
        ({"directive": "-1"}, "directive"),
        ({"due": "12/4/2024"}, "due"),
        ({"due": "2024-02-30"}, "due"),
        ({"limit": "101"}, "limit"),
        ({"limit": "0"}, "limit"),
        ({"q": "a\x00b"}, "q"),
        ({"followed": "có"}, "followed"),
        ({"role": "informed"}, "role"),
        ({"cursor": "WzFd"}, "cursor"),
        ({"cursor": "!"}, "cursor"),
    ],
)
def test_a_filter_that_means_nothing_is_refused_by_name(reporter, query, parameter):
    answer = program(reporter).get("/assignments", query)

    assert (answer.status_code, kind(answer)) == (422, "invalid")
    assert [row["parameter"] for row in answer.json()["errors"]] == [parameter]
    assert answer.json()["errors"][0]["detail"]


def test_a_parameter_twice_is_refused(reporter):
    answer = program(reporter).client.get("/api/v1/tasks?directive=1&directive=2", headers=program(reporter).headers())

    assert answer.status_code == 422


# --- stretches --------------------------------------------------------------------------------------------------------------


def test_stretches_join_without_gap_or_repetition_while_rows_come_in(reporter, unit, directive):
    dues = [date(2024, 4, 12), None, date(2024, 4, 20), date(2024, 4, 12), None]
    works = [make_assignment(make_task(directive), unit, due=due) for due in dues]
    asks, query, found = program(reporter), {"limit": 2}, []

    for _ in range(3):
        answer = asks.get("/assignments", query)
        found += ids(answer)
        cursor = answer.json()["next_cursor"]
        query = {"limit": 2, "cursor": cursor}
        # It belongs before what was read already.
        make_assignment(make_task(directive), unit, due=date(2024, 3, 1))

    assert found == [works[index].pk for index in (0, 3, 2, 1, 4)]
    assert cursor is None


def test_the_next_address_keeps_the_filters(reporter, unit, directive):
    task = make_task(directive)
    for _ in range(2):
        make_assignment(make_task(directive), unit)
    asks = program(reporter)
    address = asks.get("/assignments", {"limit": 1, "directive": directive.pk}).json()["next"]

    assert task.directive == directive
    assert address.startswith("http://127.0.0.1:8000/api/v1/assignments?limit=1&directive=")
    answer = asks.client.get(address.removeprefix("http://127.0.0.1:8000"), headers=asks.headers())
    assert len(ids(answer)) == 1
    assert answer.json()["next"] is None


def test_a_place_in_another_list_is_none_in_this_one(reporter):
    make_directive()
    make_directive()
    asks = program(reporter)
    cursor = asks.get("/directives", {"limit": 1}).json()["next_cursor"]

    assert asks.get("/reports", {"cursor": cursor}).status_code == 422
    assert asks.get("/directives", {"cursor": cursor}).status_code == 200


# --- cost -------------------------------------------------------------------------------------------------------------------

# Two of each are who asks: the key with its holder, and the rights.
COSTS = {
    "/directives": 3,
    "/tasks": 6,
    "/units": 3,
    "/assignments": 4,
    "/reports": 3,
    "/values": 3,
}


@pytest.mark.parametrize(("path", "statements"), COSTS.items())
@pytest.mark.parametrize("rows", [1, 25])
def test_a_list_costs_the_same_at_any_length(reporter, unit, rows, path, statements):
    for _ in range(rows):
        task = make_task(make_directive())
        make_assignment(task, unit)
        make_product(task)
        asked_for = Indicator.objects.create(task=task, code="nguoi", name="Người dự", measure="người")
        IndicatorCategory.objects.create(indicator=asked_for, code="nu", name="Nữ")
    make_office()

    assert asked(program(reporter), path) == statements


# --- errors -----------------------------------------------------------------------------------------------------------------


def test_every_error_is_a_problem_in_vietnamese(reporter):
    asks = program(reporter)
    wrong = {
        404: asks.get("/khong-co"),
        405: asks.client.delete("/api/v1/directives", headers=asks.headers()),
        401: Program().get("/tasks"),
    }

    for status, answer in wrong.items():
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert answer.json()["detail"]
    assert wrong[405]["Allow"] == "GET"


def test_an_error_nobody_expected_is_a_problem_too(reporter, monkeypatch):
    def broken(row):
        raise ZeroDivisionError

    make_directive()
    monkeypatch.setattr("directive_tracker.api.shapes.directive", broken)

    answer = program(reporter).get("/directives")

    assert (answer.status_code, kind(answer)) == (500, "error")
    assert "ZeroDivision" not in answer.content.decode()


def test_head_is_answered_without_a_body(reporter):
    asks = program(reporter)
    answer = asks.client.head("/api/v1/directives", headers=asks.headers())

    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer["Content-Length"]) > 10


def test_the_description_names_every_operation_and_the_page_has_no_inline_script(client):
    described = client.get("/api/v1/openapi.json").json()
    page = client.get("/api/v1/docs").content.decode()

    assert described["openapi"] == "3.1.0"
    assert "/api/v1/assignments/{assignment_id}" in described["paths"]
    assert "<script>" not in page
    assert "style=" not in page
