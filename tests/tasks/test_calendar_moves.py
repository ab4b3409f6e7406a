"""When the calendar changes, due days that still stem from their rule move with it; nothing else does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import Notice
from records.models import AuditEvent
from tasks import tallies
from tasks.enums import AssignmentState, DueSource
from tasks.issuing import issue
from tasks.models import Assignment, AssignmentProduct, DueChange, Tally, TaskRecipient
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_office_user,
    make_product,
    make_reporter,
    make_task,
    make_unit,
)
from units.calendar_changes import Change, Day, Move, apply, preview

NOW = at("2024-04-15", "09:00")
EVENT = date(2024, 5, 7)
# Three working days before the event by the published calendar, and when 2 and 3 May are off too.
DUE, MOVED = date(2024, 5, 3), date(2024, 4, 26)
CHANGE = Change((Day(date(2024, 5, 2), False, "Nghỉ thêm"), Day(date(2024, 5, 3), False, "Nghỉ thêm")))

pytestmark = pytest.mark.django_db


def part(name: str = "Huyện ủy Đắk Hà", *, task=None, due: date | None = DUE, days: int = 3, **values) -> Assignment:
    """A unit's part of a task due three working days before the event, with its product."""
    if task is None:
        task = make_task(make_directive(), "1a.1")
        make_product(task, due_kind="before_event", due_days=days)
    assignment = make_assignment(task, make_unit(name), due=due, **values)
    assignment.products.create(product=task.products.get(), due_date=due)
    return assignment


def change_calendar(change: Change = CHANGE):
    """Apply a change as somebody who has just seen its preview."""
    return apply(change, digest=preview(change).digest, by=None, now=NOW)


def test_a_preview_names_unit_code_and_days_and_no_more():
    part()

    moves = preview(CHANGE).moves

    assert moves == [
        Move("Huyện ủy Đắk Hà", "1a.1", DUE, MOVED),
        Move("Huyện ủy Đắk Hà", "1a.1", DUE, MOVED, "mốc sản phẩm"),
    ]


def test_applying_moves_the_day_its_product_and_writes_the_history():
    assignment = part(due_source=DueSource.TEXT)

    change_calendar()

    assignment.refresh_from_db()
    assert (assignment.due_original, assignment.due_current, assignment.due_version, assignment.due_source) == (
        DUE,
        MOVED,
        2,
        "text",
    )
    assert assignment.products.get().due_date == MOVED
    change = DueChange.objects.get()
    assert (change.version, change.old_due, change.new_due, change.source, change.at) == (2, DUE, MOVED, "text", NOW)
    assert change.reason == (
        "Lịch làm việc thay đổi: 02/5/2024 (Thứ Năm): nghỉ – Nghỉ thêm; 03/5/2024 (Thứ Sáu): nghỉ – Nghỉ thêm"
    )
    event = AuditEvent.objects.get(verb="directive.due_days_moved")
    assert event.target_label == str(assignment.directive)
    assert event.data == {
        "due_days": ["1a.1 Huyện ủy Đắk Hà 03/5/2024 → 26/4/2024"] * 2,
        "count": 2,
    }


@pytest.mark.parametrize(
    "values",
    [
        {"due_source": DueSource.EXTENDED},
        {"due_source": DueSource.RETURNED},
        {"due": date(2024, 5, 2)},  # moved by hand
        {"state": AssignmentState.COMPLETED},
        {"state": AssignmentState.NOT_APPLICABLE},
        {"state": AssignmentState.CANCELLED},
    ],
)
def test_what_was_extended_moved_by_hand_or_done_stays(values):
    assignment = part(**values)
    due = assignment.due_current

    change_calendar()

    assignment.refresh_from_db()
    assert assignment.due_current == due
    assert assignment.products.get().due_date == due
    assert not DueChange.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"state": AssignmentState.IN_PROGRESS},
        {"state": AssignmentState.SUBMITTED},
        {"state": AssignmentState.REDO},
        {"state": AssignmentState.PAUSED},
        {"role": "coordinating"},
        {"due_source": DueSource.AGREED},
    ],
)
def test_open_and_paused_work_moves_whatever_its_state(values):
    assignment = part(**values)

    change_calendar()

    assignment.refresh_from_db()
    assert assignment.due_current == MOVED


def test_a_closed_directive_stands_still():
    task = make_task(make_directive(state="closed"), "1a.1")
    make_product(task, due_kind="before_event", due_days=3)
    part(task=task)

    assert preview(CHANGE).moves == []


def test_a_product_that_was_handed_in_keeps_its_day():
    assignment = part()
    AssignmentProduct.objects.update(submitted_on=date(2024, 4, 10))

    change_calendar()

    assignment.refresh_from_db()
    assert (assignment.due_current, assignment.products.get().due_date) == (MOVED, DUE)


def test_a_milestone_moves_while_the_work_stays():
    task = make_task(make_directive(), "1a.1")
    first = make_product(task, due_kind="before_event", due_days=3)
    make_product(task, due_kind="fixed", due_date=date(2024, 5, 20))
    assignment = make_assignment(task, make_unit("Huyện ủy Đắk Hà"), due=date(2024, 5, 20))
    assignment.products.create(product=first, due_date=DUE)

    done = change_calendar()

    assignment.refresh_from_db()
    assert done.moves == [Move("Huyện ủy Đắk Hà", "1a.1", DUE, MOVED, "mốc sản phẩm")]
    assert (assignment.due_current, assignment.products.get().due_date) == (date(2024, 5, 20), MOVED)


def test_each_unit_moves_by_its_own_day_of_receipt():
    task = make_task(make_directive(), "1a.1")
    make_product(task, due_kind="after_receipt", due_days=2)
    early = part("Huyện ủy Đắk Hà", task=task, due=date(2024, 5, 3), assigned_on=date(2024, 4, 26))
    late = part("Huyện ủy Ngọc Hồi", task=task, due=date(2024, 5, 9), assigned_on=EVENT)

    change_calendar()

    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.due_current, late.due_current) == (date(2024, 5, 6), date(2024, 5, 9))


def test_a_wish_put_back_moves_the_day_back_again():
    assignment = part()
    change_calendar()

    change_calendar(Change((Day(date(2024, 5, 2), None), Day(date(2024, 5, 3), None))))

    assignment.refresh_from_db()
    assert (assignment.due_current, assignment.due_version) == (DUE, 3)
    assert list(DueChange.objects.order_by("version").values_list("old_due", "new_due")) == [(DUE, MOVED), (MOVED, DUE)]


def test_a_preview_grows_stale_when_a_day_is_extended_meanwhile():
    assignment = part()
    seen = preview(CHANGE).digest
    assignment.set_due(date(2024, 5, 20), source=DueSource.EXTENDED, by=None, now=NOW, reason="Gia hạn")

    with pytest.raises(Exception, match="vừa thay đổi nên chưa lưu gì"):
        apply(CHANGE, digest=seen, by=None, now=NOW)

    assignment.refresh_from_db()
    assert assignment.due_current == date(2024, 5, 20)


def test_the_figures_follow_the_moved_days():
    assignment = part(state=AssignmentState.IN_PROGRESS)
    today = date(2024, 4, 29)
    tallies.refresh(assignment.directive, unit_ids=[assignment.unit_id], task_ids=[assignment.task_id], today=today)
    before = Tally.objects.get(unit=assignment.unit).open_overdue

    apply(CHANGE, digest=preview(CHANGE).digest, by=None, now=at("2024-04-29", "09:00"))

    assert (before, Tally.objects.get(unit=assignment.unit).open_overdue) == (0, 1)


def test_what_was_planned_for_the_old_day_is_taken_back():
    assignment = part()
    notice = Notice.objects.create(
        key="thu-1",
        kind="due",
        target_type="tasks.assignment",
        target_id=assignment.pk,
        target_version=1,
        recipient=make_office_user(),
        title="Nhắc",
        due_at=NOW,
        state="planned",
        planned_at=NOW,
    )

    change_calendar()

    notice.refresh_from_db()
    assert notice.state == "superseded"


def test_each_unit_is_told_once_in_the_app_of_all_its_days_that_moved():
    directive, unit = make_directive(), make_unit("Huyện ủy Đắk Hà")
    reporter = make_reporter(unit)
    for code, state in (("1a.1", "in_progress"), ("1a.2", "assigned"), ("1a.3", "paused")):
        task = make_task(directive, code, short_title="Tuyên truyền")
        make_product(task, due_kind="before_event", due_days=3)
        make_assignment(task, unit, due=DUE, state=state)
    other = make_reporter((single := part("Huyện ủy Ngọc Hồi")).unit)

    change_calendar()

    told = (
        Notice.objects.filter(kind="due_moved")
        .order_by("recipient")
        .values_list("recipient", "title", "message", "url")
    )
    assert list(told) == [
        (reporter.pk, "Hạn của 2 việc chuyển theo lịch làm việc: 1a.1, 1a.2", None, f"/don-vi/?don-vi={unit.pk}"),
        (
            other.pk,
            "Hạn việc 1a.1 Tuyên truyền chuyển sang 26/4/2024 theo lịch làm việc",
            None,
            single.get_absolute_url(),
        ),
    ]


@pytest.mark.parametrize("count", [1, 30])
def test_many_days_move_in_as_few_statements_as_one(django_assert_num_queries, count):
    task = make_task(make_directive(), "1a.1")
    make_product(task, due_kind="before_event", due_days=3)
    for number in range(count):
        make_reporter(part(f"Đơn vị {number}", task=task).unit, f"nguoi-{number}")
    shown = preview(CHANGE)

    with django_assert_num_queries(7):
        preview(CHANGE)
    # PostgreSQL also takes the lock of whoever changes the calendar.
    with django_assert_num_queries(41 if connection.vendor == "postgresql" else 40):
        apply(CHANGE, digest=shown.digest, by=None, now=NOW)

    assert len(shown.moves) == 2 * count
    assert Assignment.objects.filter(due_current=MOVED, due_version=2).count() == count


def test_many_due_days_are_set_as_one_is():
    one, many = part("Huyện ủy Đắk Hà"), part("Huyện ủy Ngọc Hồi")

    one.set_due(MOVED, source=DueSource(one.due_source), by=None, now=NOW, reason="Thử")
    Assignment.set_due_of_many([(many, MOVED)], by=None, now=NOW, reason="Thử")

    names = ("due_original", "due_current", "due_version", "due_source", "updated_at")
    first, second = Assignment.objects.order_by("pk").values_list(*names)
    changes = DueChange.objects.order_by("pk").values_list("version", "old_due", "new_due", "source", "reason", "at")
    assert first == second == tuple(getattr(many, name) for name in names)
    assert changes[0] == changes[1]


@contextmanager
def _undone() -> Iterator[None]:
    """Each example of hypothesis leaves nothing to the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


DAYS = st.dates(min_value=date(2024, 4, 16), max_value=date(2024, 5, 20))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(DAYS, st.booleans(), min_size=1, max_size=6), st.integers(0, 12), st.integers(0, 12))
def test_applying_does_exactly_what_the_preview_said(days, before, after):
    """Whatever days change: every part ends on the day the preview named, all others where they were."""
    with _undone():
        directive = make_directive(state="draft")
        task = make_task(directive, "1a.1")
        make_product(task, due_kind="before_event", due_days=before)
        make_product(task, due_kind="after_receipt", due_days=after)
        for name in ("Huyện ủy Đắk Hà", "Huyện ủy Ngọc Hồi"):
            TaskRecipient.objects.create(task=task, role="lead", unit=make_unit(name))
        issue(directive, by=make_office_user(), now=NOW)
        change = Change(tuple(Day(day, works, "Thử") for day, works in sorted(days.items())))
        was = {row.unit.short_name: row.due_current for row in Assignment.objects.select_related("unit")}
        shown = preview(change)

        apply(change, digest=shown.digest, by=None, now=NOW)

        wanted = was | {move.unit: move.new for move in shown.moves if not move.what}
        now = {row.unit.short_name: row.due_current for row in Assignment.objects.select_related("unit")}
        assert now == wanted
        assert preview(change).has_work is False
