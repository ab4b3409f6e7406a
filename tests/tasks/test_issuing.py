"""Issuing: groups become units once each, tasks become assignments, twice changes nothing."""

from datetime import date

import pytest

from tasks.enums import AssignmentRole
from tasks.errors import Refused
from tasks.issuing import add_assignment, issue, preview_issue
from tasks.models import Addressee, Assignment, Directive, StatusChange, Tally, TaskRecipient
from tests.factories import at, make_directive, make_office_user, make_product, make_task, make_unit
from units.models import UnitGroup

pytestmark = pytest.mark.django_db
NOW = at("2024-02-15", "08:30")


@pytest.fixture
def draft():
    """A draft whose one task goes to a group of two and, named again, to one of them."""
    directive = make_directive(state="draft")
    first, second = make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy Ngọc Hồi")
    gone = make_unit("Huyện ủy cũ", valid_to=date(2024, 1, 31))
    group = UnitGroup.objects.create(code="huyen", name="Các huyện ủy")
    group.units.add(first, second, gone)
    line = Addressee.objects.create(directive=directive, written="Các huyện ủy")
    line.groups.add(group)
    task = make_task(directive, "1a.1")
    make_product(task, name="Kế hoạch", due_kind="fixed", due_date=date(2024, 2, 29))
    make_product(task, name="Báo cáo", due_kind="before_event", due_days=3)
    TaskRecipient.objects.create(task=task, role="lead", group=group)
    TaskRecipient.objects.create(task=task, role="lead", unit=first)
    TaskRecipient.objects.create(task=task, role="coordinating", written="các đơn vị liên quan")
    directive.first, directive.second, directive.task = first, second, task
    return directive


def test_issuing_gives_each_unit_of_the_day_one_assignment_due_with_the_last_product(draft):
    result = issue(draft, by=make_office_user(), now=NOW)

    rows = list(
        Assignment.objects.order_by("unit__sort_order").values_list(
            "unit__name", "role", "state", "due_original", "due_current", "assigned_on"
        )
    )
    due, day = date(2024, 5, 3), date(2024, 2, 15)
    assert (result.created, result.units) == (2, 2)
    assert rows == [
        ("Huyện ủy Đắk Hà", "lead", "assigned", due, due, day),
        ("Huyện ủy Ngọc Hồi", "lead", "assigned", due, due, day),
    ]
    assert StatusChange.objects.count() == 2


def test_each_product_has_its_own_day(draft):
    issue(draft, by=make_office_user(), now=NOW)

    days = Assignment.objects.first().products.values_list("product__name", "due_date")

    assert list(days) == [("Kế hoạch", date(2024, 2, 29)), ("Báo cáo", date(2024, 5, 3))]


def test_issuing_again_changes_nothing(draft):
    by = make_office_user()
    issue(draft, by=by, now=NOW)
    stale = Directive.objects.get(pk=draft.pk)
    stale.state = "draft"

    again = issue(stale, by=by, now=at("2024-02-16"))

    assert (again.created, again.units) == (0, 0)
    assert Assignment.objects.count() == 2
    assert Directive.objects.get(pk=draft.pk).issued_on == date(2024, 2, 15)


def test_the_preview_says_what_is_missing_and_stores_nothing(draft):
    addressed_only = make_unit("Đảng ủy Khối")
    draft.addressees.get().units.add(addressed_only)
    tasked_only = make_unit("Ban Tuyên giáo")
    TaskRecipient.objects.create(task=draft.task, role="lead", unit=tasked_only)

    preview = preview_issue(draft, on=date(2024, 2, 15))

    assert preview.lead_count == 3
    assert [(task.code, words) for task, words in preview.open_texts] == [("1a.1", "các đơn vị liên quan")]
    assert preview.warnings == [
        "Ban Tuyên giáo được giao việc nhưng không có trong nơi kính gửi.",
        "Đảng ủy Khối có trong nơi kính gửi nhưng chưa được giao việc nào.",
    ]
    assert Assignment.objects.count() == 0


def test_a_unit_that_would_review_its_own_work_stops_the_issue(draft):
    draft.task.reviewing_unit = draft.first
    draft.task.save()

    with pytest.raises(Refused):
        issue(draft, by=make_office_user(), now=NOW)

    assert Directive.objects.get(pk=draft.pk).state == "draft"
    assert Assignment.objects.count() == 0


def test_a_document_without_tasks_is_not_issued():
    with pytest.raises(Refused):
        issue(make_directive(state="draft"), by=make_office_user(), now=NOW)


def test_issuing_fills_the_figures(draft):
    issue(draft, by=make_office_user(), now=NOW)

    figures = Tally.objects.values_list("unit__name", "task__code", "open_in_time", "not_acknowledged")

    assert sorted(figures, key=str) == [
        ("Huyện ủy Ngọc Hồi", None, 1, 1),
        ("Huyện ủy Đắk Hà", None, 1, 1),
        (None, "1a.1", 2, 2),
    ]


def test_a_unit_added_later_coordinates_once(draft):
    by = make_office_user()
    issue(draft, by=by, now=NOW)
    task = draft.tasks.select_related("directive").get()
    task.directive.refresh_from_db()
    third = make_unit("Hội Cựu chiến binh")

    first_time = add_assignment(task, third, AssignmentRole.COORDINATING, by=by, now=NOW)
    second_time = add_assignment(task, third, AssignmentRole.COORDINATING, by=by, now=NOW)

    assert first_time.pk == second_time.pk
    assert (first_time.role, first_time.due_current) == ("coordinating", date(2024, 5, 3))
    assert Assignment.objects.count() == 3
