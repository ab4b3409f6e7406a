"""A unit's page: groups, taking note, giving back, more time, contributions; statements do not grow."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directive_tracker import clock
from tasks import unit_work
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.opening import open_report
from tasks.drafts.saving import save_draft
from tasks.enums import AssignmentRole, AssignmentState, ConditionState, SectionState, Strength
from tasks.models import ProgressReport, ReportingPeriod, ReportRound, UnitReport
from tasks.models.assignment import AssignmentProduct
from tasks.reporting import submit
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_office_user,
    make_product,
    make_reporter,
    make_task,
    make_unit,
)
from units.models import Role

pytestmark = pytest.mark.django_db
NOW, TODAY = at("2024-04-15"), date(2024, 4, 15)
HOME = "/don-vi/"


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def unit():
    return make_unit("Huyện ủy Đắk Hà")


@pytest.fixture
def person(unit):
    return make_reporter(unit, "dakha", full_name="Y Hương")


@pytest.fixture
def directive():
    return make_directive()


@pytest.fixture
def signed_in(client, person):
    client.force_login(person)
    return client


def url(name, *args) -> str:
    return reverse(f"tasks:{name}", args=args)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def group_keys(person, unit) -> dict[str, list[str]]:
    groups = unit_work.groups_of(person, unit, today=TODAY)
    return {group.key: [row.assignment.task.code for row in group.rows] for group in groups}


def test_each_assignment_stands_in_one_group(person, unit, directive):
    def give(code, state, *, due=date(2024, 5, 30), role=AssignmentRole.LEAD, **task):
        make_assignment(make_task(directive, code, **task), unit, state=state, due=due, role=role)

    give("new", AssignmentState.ASSIGNED)
    give("redo", AssignmentState.REDO)
    give("late", AssignmentState.IN_PROGRESS, due=date(2024, 4, 1))
    give("soon", AssignmentState.IN_PROGRESS, due=date(2024, 4, 22))
    give("doing", AssignmentState.IN_PROGRESS, due=date(2024, 4, 23))
    give("encouraged", AssignmentState.IN_PROGRESS, due=date(2024, 4, 1), strength=Strength.ENCOURAGED)
    give("given-back", AssignmentState.RETURNED_BY_UNIT, due=None)
    give("waiting", AssignmentState.SUBMITTED)
    give("done", AssignmentState.COMPLETED)
    give("paused", AssignmentState.PAUSED)
    give("undecided", AssignmentState.IN_PROGRESS, condition_state=ConditionState.UNDECIDED)
    give("informed", AssignmentState.ASSIGNED, role=AssignmentRole.INFORMED)
    assert group_keys(person, unit) == {
        "redo": ["redo"],
        "new": ["new"],
        "first": ["late", "soon"],
        "doing": ["encouraged", "doing", "given-back"],
        "waiting": ["waiting"],
        "done": ["done"],
        "outside": ["paused", "undecided"],
        "informed": ["informed"],
    }


def _came_back(unit, person, directive, report_state):
    assignment = make_assignment(make_task(directive, "1a.3"), unit, state=AssignmentState.IN_PROGRESS, due=None)
    report = UnitReport.objects.create(
        directive=directive,
        unit=unit,
        state=report_state,
        created_by=person,
        created_at=NOW,
        saved_by=person,
        saved_at=NOW,
        submitted_by=person,
        submitted_at=NOW,
    )
    ProgressReport.objects.create(unit_report=report, assignment=assignment, state="returned")


@pytest.mark.parametrize(("report_state", "key"), [("returned", "redo"), ("awaiting_unit_head", "doing")])
def test_what_came_back_is_to_mend_until_it_waits_for_the_head(person, unit, directive, report_state, key):
    _came_back(unit, person, directive, report_state)
    assert group_keys(person, unit) == {key: ["1a.3"]}


def test_coordinating_work_counts_as_late_for_the_unit(signed_in, unit, directive):
    make_assignment(
        make_task(directive),
        unit,
        state=AssignmentState.IN_PROGRESS,
        role=AssignmentRole.COORDINATING,
        due=date(2024, 4, 1),
    )
    assert "Thứ Hai 15/4/2024 · 1 quá hạn" in text(signed_in.get(HOME))


def test_the_sentence_on_top_counts(signed_in, unit, directive):
    ReportingPeriod.objects.create(
        directive=directive,
        name="Kỳ báo cáo tháng 4",
        opens_on=date(2024, 4, 1),
        cutoff_on=date(2024, 4, 14),
        due_on=date(2024, 4, 17),
    )
    for state, due in (
        (AssignmentState.ASSIGNED, None),
        (AssignmentState.ASSIGNED, None),
        (AssignmentState.REDO, date(2024, 5, 2)),
        (AssignmentState.IN_PROGRESS, date(2024, 4, 12)),
    ):
        make_assignment(make_task(directive), unit, state=state, due=due)
    assert (
        "Thứ Hai 15/4/2024 · 2 việc mới giao · 1 cần bổ sung · 1 quá hạn · kỳ báo cáo tháng 4: gửi chậm nhất 17/4/2024"
    ) in text(signed_in.get(HOME))


def test_a_unit_without_work_says_so(signed_in):
    page = text(signed_in.get(HOME))
    assert "Chưa có việc nào" in page and "không có việc nào phải làm ngay" in page


def test_a_row_says_products_with_their_own_days_and_where_the_due_date_comes_from(signed_in, unit, directive):
    task = make_task(directive, "1a.1")
    assignment = make_assignment(task, unit, state=AssignmentState.IN_PROGRESS, due=date(2024, 5, 7), due_source="text")
    plan, event = make_product(task, name="Kế hoạch"), make_product(task, name="Hội thi", kind="event")
    AssignmentProduct.objects.create(
        assignment=assignment,
        product=plan,
        due_date=date(2024, 2, 29),
        number="12",
        symbol="KH/HU",
        submitted_on=date(2024, 2, 28),
        delivered_on=date(2024, 2, 28),
    )
    AssignmentProduct.objects.create(assignment=assignment, product=event, due_date=date(2024, 5, 7))
    page = text(signed_in.get(HOME))
    assert '07/5/2024<span class="dt-sub">theo văn bản</span>' in page
    assert 'Kế hoạch<span class="dt-sub">29/02/2024 · đã nhận 12-KH/HU</span>' in page
    assert 'Hội thi<span class="dt-sub">07/5/2024 · chưa gửi</span>' in page


def test_coordinating_work_shows_the_lead_its_day_and_state(signed_in, unit, directive):
    task = make_task(directive, "1c.2")
    army = make_unit("Đảng ủy Quân sự tỉnh")
    make_assignment(task, army, state=AssignmentState.COMPLETED, due=date(2024, 3, 29))
    make_assignment(task, unit, role=AssignmentRole.COORDINATING, due=date(2024, 3, 29))
    assert "Chủ trì: Đảng ủy Quân sự tỉnh · Xong · hạn 29/3/2024" in text(signed_in.get(HOME))


# --- taking note, giving back ---------------------------------------------------------------------


def test_acknowledging_twice_says_who_did(signed_in, unit, directive):
    assignment = make_assignment(make_task(directive, "1a.1"), unit)
    first = signed_in.post(url("acknowledge", assignment.pk), follow=True)
    second = signed_in.post(url("acknowledge", assignment.pk), follow=True)
    assert "Đã tiếp nhận việc 1a.1." in text(first)
    assert "Việc 1a.1 đã được Y Hương tiếp nhận ngày 15/4/2024." in text(second)
    assignment.refresh_from_db()
    assert (assignment.state, assignment.status_changes.count()) == (AssignmentState.IN_PROGRESS, 1)


def test_acknowledging_all_takes_the_new_ones_only(signed_in, unit, directive):
    for state in (AssignmentState.ASSIGNED, AssignmentState.ASSIGNED, AssignmentState.REDO):
        make_assignment(make_task(directive), unit, state=state)
    assert "Tiếp nhận tất cả (2)" in text(signed_in.get(HOME))
    answers = [text(signed_in.post(url("acknowledge_all"), {"don-vi": unit.pk}, follow=True)) for _ in range(2)]
    assert "Đã tiếp nhận 2 việc." in answers[0]
    assert "Không còn việc nào chờ tiếp nhận." in answers[1]
    assert sorted(unit.assignments.values_list("state", flat=True)) == ["in_progress", "in_progress", "redo"]


def test_giving_back_needs_a_reason(signed_in, unit, directive):
    assignment = make_assignment(make_task(directive, "1a.1"), unit)
    page = url("give_back", assignment.pk)
    refused = signed_in.post(page, {"reason": " "})
    assert (refused.status_code, "Hãy ghi lý do" in text(refused)) == (422, True)
    assert "Văn phòng sẽ trả lời" in text(signed_in.post(page, {"reason": "Việc của Sở Văn hóa"}, follow=True))
    assert "chỉ việc chưa tiếp nhận mới trả lại được" in text(signed_in.get(page, follow=True))
    assignment.refresh_from_db()
    assert (assignment.state, assignment.state_reason) == (AssignmentState.RETURNED_BY_UNIT, "Việc của Sở Văn hóa")


@pytest.mark.parametrize("name", ["acknowledge", "give_back", "extension_request"])
def test_a_foreign_assignment_does_not_exist(signed_in, directive, name):
    assignment = make_assignment(make_task(directive))
    assert signed_in.post(url(name, assignment.pk)).status_code == 404


@pytest.mark.parametrize("name", ["acknowledge", "give_back", "extension_request"])
def test_who_may_see_but_does_not_report_is_refused(client, unit, directive, name):
    assignment = make_assignment(make_task(directive), unit)
    client.force_login(make_office_user())
    assert client.post(url(name, assignment.pk)).status_code == 403


# --- more time ------------------------------------------------------------------------------------


@pytest.fixture
def running(unit, directive):
    return make_assignment(make_task(directive, "1a.3"), unit, state=AssignmentState.IN_PROGRESS)


def test_asking_for_time_once(signed_in, running):
    page = url("extension_request", running.pk)
    data = {"new_due": "26/4/2024", "reason": "Chờ các xã gửi danh sách"}
    first, second = (text(signed_in.post(page, data, follow=True)) for _ in range(2))
    assert "Đã gửi đề nghị gia hạn việc 1a.3 đến 26/4/2024." in first
    assert "Phần việc đã có một đề nghị đang chờ quyết định." in second
    assert list(running.extension_requests.values_list("requested_due", "state")) == [(date(2024, 4, 26), "pending")]
    assert "đang xin gia hạn" in text(signed_in.get(HOME))


@pytest.mark.parametrize(
    ("new_due", "sentence"),
    [
        ("19/4/2024", "Ngày xin phải sau hạn hiện nay (19/4/2024)."),
        ("31/4/2024", "Không có ngày “31/4/2024” trong lịch."),
        ("", "Hãy ghi ngày xin gia hạn đến."),
    ],
)
def test_a_wrong_day_is_refused_and_the_reason_stays(signed_in, running, new_due, sentence):
    answer = signed_in.post(url("extension_request", running.pk), {"new_due": new_due, "reason": "Chờ danh sách"})
    assert answer.status_code == 422
    assert sentence in text(answer) and "Chờ danh sách</textarea>" in text(answer)


def test_work_without_a_due_date_needs_no_time(signed_in, unit, directive):
    assignment = make_assignment(make_task(directive), unit, state=AssignmentState.IN_PROGRESS, due=None)
    answer = text(signed_in.get(url("extension_request", assignment.pk)))
    assert "Phần việc không có thời hạn, không cần xin gia hạn." in answer


# --- contributions --------------------------------------------------------------------------------


@pytest.fixture
def contribution(unit, person, directive):
    """Đắk Hà leads 1b.1; the Front contributed, the Youth Union did not."""
    task = make_task(directive, "1b.1")
    make_assignment(task, unit, state=AssignmentState.IN_PROGRESS)
    front, youth = make_unit("Mặt trận tỉnh"), make_unit("Tỉnh đoàn")
    for other in (front, youth):
        make_assignment(task, other, role=AssignmentRole.COORDINATING, state=AssignmentState.IN_PROGRESS)
    writer = make_reporter(front, "mttq")
    report = open_report(front, directive, by=writer, now=NOW)
    section = report.sections.get()
    save_draft(
        report,
        ReportInput(sections={section.pk: SectionInput(results="Đã góp danh sách")}),
        by=writer,
        now=NOW,
        version=1,
    )
    submit(report, by=writer, now=NOW)
    section.refresh_from_db()
    return section


def test_the_lead_sees_who_contributed_and_who_not(signed_in, contribution):
    page = text(signed_in.get(HOME))
    assert "1/2 đã góp" in page
    assert 'Mặt trận tỉnh <span class="dt-rows__meta">đã góp, chờ chấp nhận' in page
    assert "<strong>Chưa góp:</strong> Tỉnh đoàn." in page


def test_the_lead_accepts_once(signed_in, contribution):
    page = url("contribution_review", contribution.pk)
    assert "Đã góp danh sách" in text(signed_in.get(page))
    signed_in.post(page, {"do": "accept"})
    contribution.refresh_from_db()
    assert contribution.state == SectionState.ACCEPTED
    assert "Y Hương đã xem xét phần góp này: chấp nhận." in text(signed_in.post(page, {"do": "accept"}, follow=True))


def test_the_lead_returns_with_a_reason(signed_in, contribution):
    page = url("contribution_review", contribution.pk)
    assert signed_in.post(page, {"do": "return", "reason": ""}).status_code == 422
    signed_in.post(page, {"do": "return", "reason": "Thiếu năm sinh"})
    contribution.refresh_from_db()
    assert contribution.state == SectionState.RETURNED


def test_others_do_not_decide_contributions(client, contribution):
    page = url("contribution_review", contribution.pk)
    client.force_login(make_reporter(make_unit("Đảng ủy khác")))
    assert client.get(page).status_code == 404
    client.force_login(make_office_user())
    assert client.post(page, {"do": "accept"}).status_code == 403


# --- several units, units below, limits -------------------------------------------------------------


def test_a_person_with_two_units_picks_one(signed_in, person, unit, directive):
    other = make_unit("Đảng ủy xã")
    make_membership(person, other, Role.REPORTER)
    make_assignment(make_task(directive, "7đ.2"), other)
    assert "7đ.2" not in text(signed_in.get(HOME))
    assert "7đ.2" in text(signed_in.get(HOME, {"don-vi": other.pk}))


@pytest.mark.parametrize("wanted", ["abc", "-1", "999999"])
def test_an_unknown_unit_is_not_found(signed_in, wanted):
    assert signed_in.get(HOME, {"don-vi": wanted}).status_code == 404


def test_a_unit_below_can_be_read_but_not_worked_for(signed_in, unit, directive):
    below = make_unit("Đảng ủy xã Đắk Hring", parent=unit)
    assignment = make_assignment(make_task(directive, "1a.1"), below)
    assert f'<a href="?don-vi={below.pk}">Đảng ủy xã Đắk Hring</a>' in text(signed_in.get(HOME))
    page = text(signed_in.get(HOME, {"don-vi": below.pk}))
    assert "1a.1" in page and "Tiếp nhận" not in page
    assert signed_in.post(url("acknowledge", assignment.pk)).status_code == 403
    assert signed_in.post(url("acknowledge_all"), {"don-vi": below.pk}).status_code == 403


@pytest.mark.parametrize("role", [Role.OFFICE, Role.READER, Role.ADMINISTRATOR])
def test_the_page_is_for_people_of_units(client, role):
    user = make_membership(role=role).user
    client.force_login(user)
    assert (client.get(HOME).status_code, client.get(url("unit_reports")).status_code) == (403, 403)


def _many(directive, unit, person, count):
    report = UnitReport.objects.create(
        directive=directive,
        unit=unit,
        state="returned",
        created_by=person,
        created_at=NOW,
        saved_by=person,
        saved_at=NOW,
        submitted_by=person,
        submitted_at=NOW,
    )
    for number in range(count):
        for state, role in (
            (AssignmentState.IN_PROGRESS, AssignmentRole.LEAD),
            (AssignmentState.REDO, AssignmentRole.COORDINATING),
        ):
            task = make_task(directive, f"{role[0]}.{number}")
            if role == AssignmentRole.COORDINATING:
                make_assignment(task, report_lead(directive))
            assignment = make_assignment(task, unit, state=state, role=role)
            AssignmentProduct.objects.create(assignment=assignment, product=make_product(task))
            section = ProgressReport.objects.create(unit_report=report, assignment=assignment, state="returned")
            ReportRound.objects.create(
                section=section,
                number=1,
                submitted_by=person,
                submitted_at=NOW,
                submitted_on=TODAY,
                content={},
                decision="returned",
                reason="Bổ sung",
                decided_by=person,
                decided_at=NOW,
            )


def report_lead(directive):
    return make_unit("Đơn vị chủ trì")


def _statements(client, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_statements_are_the_same_for_2_and_300_assignments(signed_in, person, unit, directive):
    _many(directive, unit, person, 1)
    few = _statements(signed_in, HOME)
    _many(make_directive(), unit, person, 149)
    assert unit.assignments.count() == 300
    assert (few, _statements(signed_in, HOME)) == (23, 23)


def test_forty_rows_are_shown_at_once_whatever_their_groups(signed_in, unit, directive):
    for number in range(40):
        state = AssignmentState.ASSIGNED if number < 25 else AssignmentState.COMPLETED
        make_assignment(make_task(directive), unit, state=state)
    groups = signed_in.get(HOME).context["groups"]
    assert [(group.key, group.count, len(group.rows)) for group in groups] == [("new", 25, 25), ("done", 15, 15)]


def test_of_many_documents_to_report_on_the_pressing_ones_come_first_and_all_have_a_page(signed_in, unit, person):
    documents = [make_directive(short_title=f"Văn bản {number}") for number in range(12)]
    for document in documents:
        make_assignment(make_task(document), unit, state=AssignmentState.IN_PROGRESS)
    open_report(unit, documents[3], by=person, now=NOW)
    for number, day in ((5, date(2024, 4, 20)), (7, date(2024, 4, 18))):
        ReportingPeriod.objects.create(
            directive=documents[number],
            name=f"Kỳ {number}",
            opens_on=date(2024, 4, 1),
            starts_on=date(2024, 3, 15),
            cutoff_on=date(2024, 4, 14),
            due_on=day,
        )
    home = signed_in.get(HOME)
    shown = [item.directive.short_title for item in home.context["to_write"]]
    assert shown == [f"Văn bản {number}" for number in (3, 7, 5, 11, 10, 9, 8, 6)]
    assert "Xem tất cả 12 văn bản có việc của đơn vị" in text(home)
    page = signed_in.get(HOME, {"nhom": "viet-bao-cao", "don-vi": unit.pk})
    assert [item.directive.short_title for item in page.context["to_write"]][8:] == [
        f"Văn bản {number}" for number in (4, 2, 1, 0)
    ]


def test_the_sentence_names_the_days_of_three_reports_and_how_many_more_there_are(signed_in, unit, person):
    for number in range(5):
        document = make_directive(short_title=f"Văn bản {number}")
        make_assignment(make_task(document), unit, state=AssignmentState.IN_PROGRESS)
        ReportingPeriod.objects.create(
            directive=document,
            name=f"Kỳ {number}",
            opens_on=date(2024, 4, 1),
            starts_on=date(2024, 3, 15),
            cutoff_on=date(2024, 4, 14),
            due_on=date(2024, 4, 16 + number),
        )
    assert signed_in.get(HOME).context["sentence"] == (
        "Thứ Hai 15/4/2024 · kỳ 0: gửi chậm nhất 16/4/2024 · kỳ 1: gửi chậm nhất 17/4/2024 · "
        "kỳ 2: gửi chậm nhất 18/4/2024 · và 2 văn bản khác"
    )


def test_a_long_group_shows_6_rows_and_a_page_with_all(signed_in, unit, directive):
    for _ in range(51):
        make_assignment(make_task(directive), unit)
    home = signed_in.get(HOME)
    assert [(group.count, len(group.rows)) for group in home.context["groups"]] == [(51, 6)]
    assert "Xem tất cả 51 việc" in text(home)
    page = text(signed_in.get(HOME, {"nhom": "new", "don-vi": unit.pk, "page": 2}))
    assert "51–51 trong 51 phần việc" in page


def test_the_list_of_reports_has_25_a_page(signed_in, person, unit, directive):
    for _ in range(26):
        UnitReport.objects.create(
            directive=directive,
            unit=unit,
            state="decided",
            created_by=person,
            created_at=NOW,
            saved_by=person,
            saved_at=NOW,
            submitted_by=person,
            submitted_at=NOW,
        )
    assert "1–25 trong 26 báo cáo" in text(signed_in.get(url("unit_reports")))
