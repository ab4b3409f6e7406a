"""The preview before issuing: who gets what, who is told when – the same that issuing then does – and what stops it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directive_tracker import clock
from notifications.models import Message, Notice, UnitAddress
from tasks.assigning.plan import build_plan
from tasks.drafts.opening import reportable_assignments
from tasks.enums import AssignmentRole
from tasks.issuing import add_assignment, issue
from tasks.models import Assignment, Directive, DirectiveTask
from tests.factories import at, make_membership, make_reporter, make_unit, make_user
from tests.tasks.assigning.draft import NOW, TODAY, make_draft
from tests.tasks.drafting.draft import set_role

pytestmark = pytest.mark.django_db
MONDAY = NOW
EVENING = at("2026-03-02", "23:59")
MIDNIGHT = at("2026-03-03", "00:01")
SATURDAY = at("2026-03-07", "10:00")


@pytest.fixture
def draft():
    """A group of two leads both tasks, a third unit coordinates the first and is told of the second; two have people."""
    made = make_draft()
    made.tasks[0].recipients.create(role="coordinating", unit=made.units[2])
    made.tasks[1].recipients.create(role="informed", unit=made.units[2])
    make_reporter(made.units[0], "dauda", full_name="Trần Thị Đầu", position="Chuyên viên")
    make_reporter(made.units[2], "dauhai", full_name="Lê Văn Hai")
    return made


def told(plan) -> list[tuple]:
    return [(row.unit.name, [(one.name, one.when, one.has_mail) for one in row.told]) for row in plan.units]


@pytest.mark.parametrize(
    ("now", "when"),
    [
        (MONDAY, "ngay"),
        (at("2026-03-02", "07:29"), "hôm nay 07:30"),
        (at("2026-03-02", "07:30"), "ngay"),
        (at("2026-03-02", "16:59"), "ngay"),
        (at("2026-03-02", "17:00"), "ngày mai 07:30"),
        (EVENING, "ngày mai 07:30"),
        (MIDNIGHT, "hôm nay 07:30"),
        (SATURDAY, "07:30 ngày 09/3/2026"),
    ],
)
def test_every_unit_has_its_work_its_people_and_the_moment_of_their_letter(draft, now, when):
    plan = build_plan(draft.directive, now=now)
    assert told(plan) == [
        ("Huyện ủy Số 0", [("Trần Thị Đầu", when, True)]),
        ("Huyện ủy Số 1", []),
        ("Huyện ủy Số 2", [("Lê Văn Hai", when, True)]),
    ]
    assert [row.given for row in plan.units] == [
        "2 việc chủ trì, hạn sớm nhất 20/3/2026",
        "2 việc chủ trì, hạn sớm nhất 20/3/2026",
        "1 việc phối hợp, 1 việc để biết, hạn sớm nhất 20/3/2026",
    ]
    assert ([row.unit.name for row in plan.untold], plan.letters, plan.people) == (["Huyện ủy Số 1"], 2, 2)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (MONDAY, MONDAY),
        (EVENING, at("2026-03-03", "07:30")),
        (MIDNIGHT, at("2026-03-03", "07:30")),
        (SATURDAY, at("2026-03-09", "07:30")),
    ],
)
def test_what_is_told_at_issue_is_what_the_preview_said(draft, now, leaves):
    UnitAddress.objects.create(unit=draft.units[0], address="vanthu@example.vn")
    UnitAddress.objects.create(unit=draft.units[1], address="khong-ai@example.vn")
    plan = build_plan(draft.directive, now=now)
    issue(draft.directive, by=draft.office, now=now, seen=plan.seen)
    letters = Message.objects.filter(kind="issued")
    assert letters.count() == plan.letters == 3
    people = sorted(letters.exclude(recipient=None).values_list("recipient__full_name", flat=True))
    assert people == sorted(one.name for row in plan.units for one in row.told)
    titles = set(Notice.objects.filter(kind="issued", recipient__isnull=False).values_list("title", flat=True))
    assert titles == {f"Giao việc: Ngày hội đọc sách – {row.given}" for row in plan.units if row.told}
    assert set(letters.values_list("due_at", flat=True)) == {leaves}
    given = sorted(Assignment.objects.values_list("task__code", "unit__name", "role", "due_current"))
    assert given == sorted((i.task.code, i.unit.name, i.role, i.due) for i in plan.preview.planned)


def test_a_person_without_an_address_is_told_in_the_program_alone(draft):
    make_reporter(draft.units[1], "khongthu", full_name="Ngô Không Thư", email="")
    plan = build_plan(draft.directive, now=NOW)
    assert told(plan)[1] == ("Huyện ủy Số 1", [("Ngô Không Thư", "ngay", False)])
    assert (plan.letters, plan.people, plan.untold) == (2, 3, [])


def test_who_reports_for_two_units_is_one_person_with_two_letters(draft):
    person = draft.units[0].memberships.get().user
    make_membership(person, draft.units[1], "reporter")
    plan = build_plan(draft.directive, now=NOW)
    issue(draft.directive, by=draft.office, now=NOW)
    assert (plan.people, plan.letters, Message.objects.filter(kind="issued").count()) == (2, 3, 3)


def test_people_who_have_left_and_heads_are_not_told(draft):
    gone = make_user("danghi", full_name="Phạm Đã Nghỉ")
    make_membership(gone, draft.units[1], "reporter", valid_to=date(2026, 3, 1))
    make_membership(make_user("lanhdao"), draft.units[1], "unit_head")
    assert told(build_plan(draft.directive, now=NOW))[1] == ("Huyện ủy Số 1", [])


def test_words_that_are_no_unit_are_told_on_paper(draft):
    for task in draft.tasks:
        task.recipients.create(role="coordinating", written="các đơn vị liên quan")
    assert build_plan(draft.directive, now=NOW).open_words == [("các đơn vị liên quan", ["1.1", "1.2"])]


# --- who is told of it only ------------------------------------------------------------------------


def test_who_is_told_only_gets_it_without_a_day_and_is_asked_for_no_report(draft):
    issue(draft.directive, by=draft.office, now=NOW)
    unit = draft.units[2]
    rows = Assignment.objects.filter(unit=unit).order_by("task__order")
    assert list(rows.values_list("task__code", "role", "due_original", "due_current", "state")) == [
        ("1.1", "coordinating", date(2026, 3, 20), date(2026, 3, 20), "assigned"),
        ("1.2", "informed", None, None, "assigned"),
    ]
    reporter = unit.memberships.get().user
    assert [
        row.task.code for row in Assignment.objects.visible_to(reporter).filter(unit=unit).order_by("task__order")
    ] == [
        "1.1",
        "1.2",
    ]
    directive = Directive.objects.get(pk=draft.directive.pk)
    assert [row.task.code for row in reportable_assignments(unit, directive)] == ["1.1"]


def test_a_unit_that_is_told_only_gets_a_letter(draft):
    draft.tasks[0].recipients.filter(unit=draft.units[2]).delete()
    issue(draft.directive, by=draft.office, now=NOW)
    titles = Notice.objects.filter(unit_id=draft.units[2].pk).values_list("title", flat=True)
    assert list(titles) == ["Giao việc: Ngày hội đọc sách – 1 việc để biết"]
    assert not reportable_assignments(draft.units[2], Directive.objects.get(pk=draft.directive.pk)).exists()


def test_a_unit_told_of_it_later_owes_nothing_by_any_day(draft):
    issue(draft.directive, by=draft.office, now=NOW)
    task = DirectiveTask.objects.select_related("directive").get(pk=draft.tasks[0].pk)
    part = add_assignment(task, make_unit("Tỉnh đoàn"), AssignmentRole.INFORMED, by=draft.office, now=NOW)
    assert (part.role, part.due_original, part.due_current) == ("informed", None, None)


# --- the page --------------------------------------------------------------------------------------


@pytest.fixture
def page(client, monkeypatch, draft):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    client.force_login(draft.office)
    return f"/van-ban/{draft.directive.pk}/giao/"


def form_of(answer) -> dict:
    """The hidden fields of the button."""
    seen = answer.context["plan"].seen
    return {"number": str(seen.number), "mark": seen.mark}


def test_the_button_says_the_numbers_and_issues_what_was_shown(client, draft, page):
    shown = client.get(page)
    assert "Giao 4 phần việc cho 2 đơn vị</button>" in shown.content.decode()
    answer = client.post(page, form_of(shown), follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Đã giao 6 phần việc cho 3 đơn vị."]


def test_a_draft_that_changed_since_is_not_issued_and_the_page_says_who_did_what(client, draft, page):
    form = form_of(client.get(page))
    set_role(draft.directive, draft.tasks[:1], [draft.units[2]], AssignmentRole.LEAD, by=draft.office, now=NOW)
    answer = client.post(page, form)
    assert answer.status_code == 422
    assert (
        "Dự thảo đã đổi từ khi anh/chị xem: Đã giao đơn vị 1.1: Huyện ủy Số 2 – chủ trì "
        "(Nguyễn Văn Vanphong, 09:00 02/3/2026). Hãy xem lại rồi giao." in answer.content.decode()
    )
    assert Assignment.objects.count() == 0
    # Shown anew; what is agreed to now goes through.
    assert client.post(page, form_of(answer)).status_code == 302
    assert Assignment.objects.count() == 6


@pytest.mark.parametrize("change", ["due", "member"])
def test_a_day_or_a_group_that_changed_without_a_step_is_shown_again(client, draft, page, change):
    form = form_of(client.get(page))
    if change == "due":
        draft.tasks[0].products.update(due_date="2026-03-27")
    else:
        draft.group.group_members.filter(unit=draft.units[1]).update(valid_to="2026-03-01")
    answer = client.post(page, form)
    assert answer.status_code == 422
    assert "Đơn vị nhận việc hoặc hạn đã đổi từ khi anh/chị xem" in answer.content.decode()
    assert Assignment.objects.count() == 0


def test_what_stops_the_issue_is_said_and_there_is_no_button(client, draft, page):
    DirectiveTask.objects.filter(pk=draft.tasks[1].pk).update(why="subject")
    shown = client.get(page).content.decode()
    assert "Còn nhiệm vụ do chương trình đề xuất chưa ai soát (1.2). Hãy soát hết rồi giao." in shown
    assert "phần việc cho 2 đơn vị</button>" not in shown
    assert client.post(page, {}).status_code == 422


@pytest.mark.parametrize(("number", "mark"), [("abc", "x"), ("9" * 40, ""), ("0", "x" * 5000), ("-1", "\x00")])
def test_nonsense_is_shown_again_or_taken_for_not_seen(client, draft, page, number, mark):
    assert client.post(page, {"number": number, "mark": mark}).status_code in (302, 422)


def test_the_page_takes_no_letters_addresses(client, draft, page):
    shown = client.get(page).content.decode()
    assert "Trần Thị Đầu" in shown
    assert "dauda@example.vn" not in shown


@pytest.mark.parametrize(("tasks", "units"), [(1, 3), (30, 40)])
def test_the_preview_takes_the_same_statements_for_any_number_of_tasks_units_and_people(client, tasks, units):
    made = make_draft(tasks=tasks, units=units)
    for unit in made.units[1:]:
        make_reporter(unit)
    client.force_login(made.office)
    with CaptureQueriesContext(connection) as context:
        assert client.get(f"/van-ban/{made.directive.pk}/giao/").status_code == 200
    assert len(context) == 21
