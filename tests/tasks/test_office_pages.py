"""The office's pages: what they show, how many statements they cost, who is refused."""

from datetime import date

import pytest

from tasks import tallies
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.opening import open_report
from tasks.drafts.saving import save_draft
from tasks.extensions import request_extension
from tasks.models import Assignment, ExtensionRequest
from tasks.reporting import submit
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from tests.tasks.story import make_story, send
from units.access import access_of

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 08:00."""
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)


def fill(directive, count: int) -> None:
    """`count` units with a reporter, each with late work and work due next week, and their figures."""
    units = [make_unit(f"Huyện ủy số {number}") for number in range(count)]
    for unit in units:
        make_reporter(unit)
    late, coming = make_task(directive), make_task(directive)
    for unit in units:
        make_assignment(late, unit, due=date(2024, 4, 10), state="in_progress")
        make_assignment(coming, unit, due=date(2024, 4, 24), state="in_progress")
    tallies.refresh(directive, unit_ids=[unit.pk for unit in units], task_ids=[late.pk, coming.pk], today=TODAY)


@pytest.mark.parametrize("count", [1, 300])
@pytest.mark.parametrize(
    ("path", "statements"),
    [("/hom-nay/", 28), ("/phan-viec/", 5)],
)
def test_a_page_costs_the_same_at_one_and_at_three_hundred(client, django_assert_num_queries, path, statements, count):
    story = make_story()
    fill(story.directive, count)
    client.force_login(story.office)

    with django_assert_num_queries(statements):
        answer = client.get(path)

    assert answer.status_code == 200


def test_today_says_in_one_sentence_what_presses(client):
    story = make_story(state="in_progress", due=date(2024, 4, 12))
    tallies.refresh(
        story.directive,
        unit_ids=[story.unit.pk, story.other_unit.pk],
        task_ids=[story.task.pk],
        today=TODAY,
    )
    client.force_login(story.office)

    page = client.get("/hom-nay/").context["page"]

    # 18/4, 29/4, 30/4 and 1/5 are days off, Saturday 4/5 is worked.
    assert page.sentence == (
        "Thứ Hai 15/4/2024 · 1 việc quá hạn · 1 đơn vị chưa tiếp nhận · còn 13 ngày làm việc đến 07/5/2024"
    )


def test_today_gathers_everything_that_waits_for_a_decision(client):
    story = make_story(state="in_progress")
    send(story)
    request_extension(
        Assignment.objects.get(pk=story.other_assignment.pk),
        by=story.stranger,
        now=at("2024-04-12"),
        new_due=date(2024, 4, 26),
        reason="Chờ các xã",
    )
    make_assignment(make_task(story.directive), story.unit, state="returned_by_unit", state_reason="Nhầm")
    make_task(story.directive, condition_state="undecided", condition_question="Có điểm cầu không?")
    client.force_login(story.office)

    page = client.get("/hom-nay/").context["page"]

    waiting = (len(page.reports), len(page.extensions), len(page.given_back), len(page.conditions))
    assert waiting == (1, 1, 1, 1)


@pytest.mark.parametrize("path", ["/hom-nay/", "/van-ban/moi/"])
@pytest.mark.parametrize("who", ["reporter", "reader", "administrator"])
def test_the_offices_own_pages_are_known_to_others_but_closed(client, who, path):
    user = make_user()
    make_membership(user, make_unit(), who)
    client.force_login(user)

    assert client.get(path).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client):
    answer = client.get("/hom-nay/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/hom-nay/")


def test_a_foreign_assignment_is_not_found_however_it_is_asked_for(client):
    story = make_story()
    pk = story.other_assignment.pk
    client.force_login(story.reporter)

    answers = [
        client.get(f"/phan-viec/{pk}/").status_code,
        client.get(f"/phan-viec/{pk}/khung/").status_code,
        client.post(f"/phan-viec/{pk}/cancel/", {"reason": "Thử"}).status_code,
        client.get(f"/phan-viec/{pk + 1000}/").status_code,
        client.get(f"/phan-viec/{10**30}/").status_code,
    ]

    assert answers == [404, 404, 404, 404, 404]


def test_a_known_assignment_is_not_changed_by_who_may_not(client):
    story = make_story()
    client.force_login(story.reporter)

    answer = client.post(f"/phan-viec/{story.assignment.pk}/cancel/", {"reason": "Không muốn làm"})

    assert answer.status_code == 403
    assert Assignment.objects.get(pk=story.assignment.pk).state == "assigned"


def test_a_return_without_a_reason_keeps_what_was_ticked_and_says_what_is_missing(client):
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)
    client.force_login(story.office)
    prefix = f"s{section.pk}"

    answer = client.post(
        section.unit_report.get_review_url(),
        {
            "section": section.pk,
            "decision": "return",
            "seen": f"{section.pk}-1",
            f"{prefix}-reason": "",
            f"{prefix}-fields_to_mend": "results",
        },
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Hãy ghi lý do trả lại, để đơn vị biết phải sửa gì.") == 2
    assert answer.context["form"]["fields_to_mend"].value() == ["results"]
    assert Assignment.objects.get(pk=story.assignment.pk).state == "submitted"


def test_the_second_reviewer_reads_what_happened(client):
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)
    client.force_login(story.office)
    url = section.unit_report.get_review_url()
    client.post(url, {"section": section.pk, "seen": f"{section.pk}-1", "decision": "accept"})

    answer = client.post(url, {"section": section.pk, "seen": f"{section.pk}-1", "decision": "accept"}, follow=True)

    words = [str(message) for message in answer.context["messages"]]
    assert words[-1] == f"Mục 1a.1: {story.office} đã xem xét mục này lúc 08:00: chấp nhận."


def test_accepting_the_whole_report_is_one_press(client):
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)
    client.force_login(story.office)

    client.post(section.unit_report.get_review_url(), {"decision": "accept_all", "seen": f"{section.pk}-1"})

    saved = Assignment.objects.get(pk=story.assignment.pk)
    assert (saved.state, saved.completed_on) == ("completed", date(2024, 4, 10))


def test_a_refused_extension_without_reason_is_asked_for_one(client):
    story = make_story(state="in_progress")
    request = request_extension(
        story.assignment, by=story.reporter, now=at("2024-04-12"), new_due=date(2024, 4, 26), reason="Chờ xã"
    )
    client.force_login(story.office)

    answer = client.post(f"/gia-han/{request.pk}/quyet-dinh/", {"decision": "refuse", "reason": ""})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"reason": ["Hãy ghi lý do không đồng ý."]}
    assert ExtensionRequest.objects.get().state == "pending"


def test_a_granted_day_is_read_the_vietnamese_way(client):
    story = make_story(state="in_progress")
    request = request_extension(
        story.assignment, by=story.reporter, now=at("2024-04-12"), new_due=date(2024, 4, 26), reason="Chờ xã"
    )
    client.force_login(story.office)

    client.post(
        f"/gia-han/{request.pk}/quyet-dinh/", {"decision": "approve", "granted_due": "03/05/2024", "reason": ""}
    )

    assert Assignment.objects.get(pk=story.assignment.pk).due_current == date(2024, 5, 3)


@pytest.mark.parametrize("typed", ["dak ha", "ĐẮK HÀ", "Đa\u0306\u0301k Ha\u0300", "huyen uy dak"])
def test_search_finds_a_unit_however_its_name_is_typed(client, typed):
    story = make_story()
    client.force_login(story.office)

    page = client.get("/phan-viec/", {"q": typed}).context["page"]

    assert [assignment.pk for assignment in page] == [story.assignment.pk]


@pytest.mark.parametrize(
    "query", ["page=x", "page=-1", "page=99999999999999999999", "word=zzz", "unit=abc", "directive=9e99", "q=%00"]
)
def test_an_odd_address_shows_a_page_and_no_error(client, query):
    story = make_story()
    client.force_login(story.office)

    assert client.get(f"/phan-viec/?{query}").status_code == 200


def test_the_draft_is_only_the_offices(client):
    story = make_story()
    draft = make_directive(state="draft", short_title="Bản thảo")
    answers = []
    for user in (story.office, story.reporter):
        client.force_login(user)
        answers.append(client.get(f"/van-ban/{draft.pk}/").status_code)

    assert answers == [200, 404]


def test_rights_cost_one_statement_a_request(django_assert_num_queries):
    story = make_story()

    with django_assert_num_queries(1):
        access = access_of(story.reporter, today=TODAY)
        again = access_of(story.reporter, today=TODAY)

    assert access is again
    assert access.unit_name == "Huyện ủy Đắk Hà"


def test_accepting_the_whole_leaves_a_contribution_to_its_lead(client):
    story = make_story(state="in_progress")
    task = make_task(story.directive, "1b.1")
    make_assignment(task, story.other_unit)
    make_assignment(task, story.unit, role="coordinating", state="in_progress")
    report = write_all(story, "Đã làm.")
    client.force_login(story.office)

    answer = client.post(
        report.get_review_url(),
        {"decision": "accept_all", "seen": [f"{section.pk}-1" for section in report.sections.all()]},
    )

    states = dict(report.sections.values_list("assignment__role", "state"))
    assert answer.status_code == 302
    assert states == {"lead": "accepted", "coordinating": "submitted"}


def test_today_asks_the_office_only_for_what_it_may_decide(client):
    story = make_story(state="completed")
    task = make_task(story.directive, "1b.1")
    make_assignment(task, story.other_unit)
    make_assignment(task, story.unit, role="coordinating", state="in_progress")
    write_all(story, "Đã rà soát.")
    client.force_login(story.office)

    page = client.get("/hom-nay/").context["page"]

    assert (page.reports, page.report_count) == ([], 0)


def write_all(story, words):
    """The unit's report with the same words in every section, sent."""
    report = open_report(story.unit, story.directive, by=story.reporter, now=at("2024-04-10"))
    typed = {section.pk: SectionInput(results=words) for section in report.sections.all()}
    save_draft(report, ReportInput(sections=typed), by=story.reporter, now=at("2024-04-10"), version=report.version)
    submit(report, by=story.reporter, now=at("2024-04-10"))
    return report


@pytest.mark.parametrize("address", ["get_review_url", "get_absolute_url"])
def test_a_lead_and_a_monitor_read_their_sections_of_a_report_and_no_other_word(client, address):
    story = make_story(state="in_progress")
    task = make_task(story.directive, "1b.1")
    make_assignment(task, story.other_unit)
    make_assignment(task, story.unit, role="coordinating", state="in_progress")
    report = write_all(story, "Chỉ của đơn vị")
    report.general_note = "Đánh giá riêng của đơn vị"
    report.save()
    monitor_unit = make_unit("Ban Tuyên giáo")
    story.task.monitors.add(monitor_unit)
    seen = {}
    for name, user in {"lead": story.stranger, "monitor": make_reporter(monitor_unit)}.items():
        client.force_login(user)
        page = client.get(getattr(report, address)()).content.decode()
        seen[name] = [word for word in ("1a.1", "1b.1", "Đánh giá riêng") if word in page]

    assert seen == {"lead": ["1b.1"], "monitor": ["1a.1"]}


def test_what_still_waits_stays_on_the_day_after_another_section_came_back(client):
    story = make_story(state="in_progress")
    make_assignment(make_task(story.directive, "1a.2"), story.unit, state="in_progress")
    report = write_all(story, "Đã làm.")
    section = report.sections.get(assignment=story.assignment)
    client.force_login(story.office)
    prefix = f"s{section.pk}"
    client.post(
        report.get_review_url(),
        {"section": section.pk, "seen": f"{section.pk}-1", "decision": "return", f"{prefix}-reason": "Thiếu số"},
    )

    (row,) = client.get("/hom-nay/").context["page"].reports

    assert (row.pk, row.waiting_sections) == (report.pk, 1)
