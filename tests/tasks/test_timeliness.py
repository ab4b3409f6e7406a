"""In time or overdue: literal cases, and the SQL expression equal to the function over a full table."""

from collections import Counter
from datetime import date
from itertools import product
from types import SimpleNamespace

import pytest

from tasks.enums import AssignmentRole, AssignmentState, ConditionState, Strength
from tasks.models import Assignment
from tasks.timeliness import days_overdue, timeliness_of, timeliness_words
from tests.factories import at, make_directive, make_task
from units.models import Unit, UnitKind

S = AssignmentState
TODAY = date(2024, 4, 15)
BEFORE, ON, AFTER = date(2024, 4, 14), date(2024, 4, 15), date(2024, 4, 16)
DUES = (None, BEFORE, ON, AFTER)
# Two days round each due day, so that equal, earlier and later all occur.
REPORT_DAYS = (date(2024, 4, 13), date(2024, 4, 15), date(2024, 4, 17))


def an_assignment(
    state,
    due=ON,
    *,
    role="lead",
    strength="required",
    condition="none",
    submitted=None,
    completed=None,
):
    """What the functions look at, without a database."""
    task = SimpleNamespace(strength=strength, condition_state=condition)
    assignment = Assignment(state=state, role=role, due_current=due, submitted_on=submitted, completed_on=completed)
    assignment._state.fields_cache["task"] = SimpleNamespace(**vars(task))
    return assignment


LITERALS = [
    # state, due, submitted, completed → class, days late, words
    (S.ASSIGNED, ON, None, None, "open_in_time", 0, "hạn hôm nay"),
    (S.IN_PROGRESS, AFTER, None, None, "open_in_time", 0, "còn 1 ngày"),
    (S.IN_PROGRESS, BEFORE, None, None, "open_overdue", 1, "quá hạn 1 ngày"),
    (S.REDO, date(2024, 3, 29), None, None, "open_overdue", 17, "quá hạn 17 ngày"),
    (S.AWAITING_UNIT_HEAD, BEFORE, None, None, "open_overdue", 1, "quá hạn 1 ngày"),
    (S.RETURNED_BY_UNIT, BEFORE, None, None, "open_overdue", 1, "quá hạn 1 ngày"),
    (S.IN_PROGRESS, None, None, None, "open_in_time", 0, "không thời hạn"),
    (S.SUBMITTED, BEFORE, BEFORE, None, "open_in_time", 0, "gửi trong hạn"),
    (S.SUBMITTED, BEFORE, ON, None, "open_overdue", 1, "gửi muộn 1 ngày"),
    (S.COMPLETED, BEFORE, BEFORE, BEFORE, "done_on_time", 0, "đúng hạn"),
    (S.COMPLETED, BEFORE, AFTER, AFTER, "done_late", 2, "xong muộn 2 ngày"),
    (S.COMPLETED, None, ON, ON, "done_on_time", 0, "đúng hạn"),
    (S.PAUSED, BEFORE, None, None, "outside", 0, ""),
    (S.CANCELLED, BEFORE, None, None, "outside", 0, ""),
    (S.NOT_APPLICABLE, BEFORE, None, None, "outside", 0, ""),
]


@pytest.mark.parametrize(("state", "due", "submitted", "completed", "name", "days", "words"), LITERALS)
def test_class_days_and_words_of_required_lead_work(state, due, submitted, completed, name, days, words):
    assignment = an_assignment(state, due, submitted=submitted, completed=completed)

    found = (
        timeliness_of(assignment, today=TODAY).value,
        days_overdue(assignment, today=TODAY),
        timeliness_words(assignment, today=TODAY),
    )

    assert found == (name, days, words)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"strength": "encouraged"}, "outside"),
        ({"condition": "undecided"}, "outside"),
        ({"condition": "applies"}, "open_overdue"),
        ({"condition": "not_applies"}, "open_overdue"),
        ({"role": "coordinating"}, "outside"),
        ({"role": "informed"}, "outside"),
        ({"role": "part"}, "outside"),
    ],
)
def test_only_required_decided_lead_work_is_counted(values, name):
    assignment = an_assignment(S.IN_PROGRESS, BEFORE, **values)

    assert timeliness_of(assignment, today=TODAY).value == name


def _rows():
    """state, role, due, submitted_on, completed_on in every combination the constraints allow."""
    for state, role, due in product(S, AssignmentRole, DUES):
        submissions = REPORT_DAYS if state == S.SUBMITTED else (None, *REPORT_DAYS)
        completions = REPORT_DAYS if state == S.COMPLETED else (None,)
        for submitted, completed in product(submissions, completions):
            yield state, role, due, submitted, completed


@pytest.fixture
def full_table(db):
    """Every row under every strength and condition; returns the lead assignment parts hang on."""
    directive = make_directive()
    rows = list(_rows())
    units = Unit.objects.bulk_create(
        Unit(name=f"Đơn vị {n}", short_name=f"Đơn vị {n}", code=f"dv{n}", kind=UnitKind.OTHER) for n in range(len(rows))
    )
    for strength, condition in product(Strength, ConditionState):
        task = make_task(directive, strength=strength, condition_state=condition)
        parent = None
        made = []
        for unit, (state, role, due, submitted, completed) in zip(units, rows, strict=True):
            made.append(
                Assignment(
                    directive=directive,
                    task=task,
                    unit=unit,
                    role=role,
                    depth=1 if role == AssignmentRole.PART else 0,
                    state=state,
                    due_original=due,
                    due_current=due,
                    submitted_on=submitted,
                    completed_on=completed,
                    paused_from="assigned" if state == S.PAUSED else "",
                    assigned_on=date(2024, 2, 15),
                    updated_at=at("2024-02-15"),
                )
            )
        parts = [row for row in made if row.role == AssignmentRole.PART]
        created = Assignment.objects.bulk_create([row for row in made if row.role != AssignmentRole.PART])
        parent = created[0]
        for part in parts:
            part.parent_id = parent.pk or Assignment.objects.filter(task=task).earliest("pk").pk
        Assignment.objects.bulk_create(parts)
    return directive


def test_sql_and_python_agree_over_the_full_table(full_table):
    rows = list(Assignment.objects.with_timeliness(today=TODAY).select_related("task"))
    overdue = set(Assignment.objects.overdue(today=TODAY).values_list("pk", flat=True))

    different = [
        (
            row.state,
            row.role,
            row.due_current,
            row.submitted_on,
            row.completed_on,
            row.task.strength,
            row.task.condition_state,
        )
        for row in rows
        if row.timeliness != timeliness_of(row, today=TODAY).value
        or (row.pk in overdue) != (row.timeliness == "open_overdue")
    ]

    assert (len(rows), different) == (6016, [])
    # Counted are the lead rows of the three tasks that are required and decided: 3 × 4 due days ×
    # (5 open states × 4 submission days + 3 of submitted + 12 of completed) = 420.
    assert Counter(row.timeliness for row in rows) == {
        "done_on_time": 96,
        "done_late": 48,
        "open_in_time": 204,
        "open_overdue": 72,
        "outside": 5596,
    }
