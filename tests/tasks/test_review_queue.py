"""The queue of what waits for a review: whose it is, in what order, answered one by one and many at once."""

from datetime import date

import pytest

from records.models import AuditEvent
from tasks import permissions
from tasks.desk.queue import waiting_rounds
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.opening import open_report
from tasks.drafts.saving import save_draft
from tasks.models import Assignment, ProgressReport, ReportRound, UnitReport
from tasks.reporting import content_of, submit
from tasks.reviewing import accept_section, return_section
from tasks.rounds.recalling import recall
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_office_user,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from tests.tasks.story import make_story, send
from units.models import UnitKind

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
QUEUE = "/cho-xem-xet/"


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 08:00."""
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)


def waiting(assignment, by, day="2024-04-10", *, results="Đã triển khai.") -> ProgressReport:
    """A section sent on that day that waits for its answer."""
    Assignment.objects.filter(pk=assignment.pk).update(state="submitted", submitted_on=date.fromisoformat(day))
    moment = at(day, "09:00")
    report = UnitReport.objects.create(
        directive=assignment.directive,
        unit=assignment.unit,
        state="submitted",
        created_by=by,
        created_at=moment,
        saved_by=by,
        saved_at=moment,
        submitted_by=by,
        submitted_at=moment,
    )
    section = ProgressReport.objects.create(
        unit_report=report, assignment=assignment, state="submitted", results=results, claims_completion=True
    )
    section.rounds.create(
        number=1,
        submitted_by=by,
        submitted_at=moment,
        submitted_on=moment.date(),
        content=content_of(section),
    )
    return section


def many(story, count: int) -> list[ProgressReport]:
    """`count` units whose section of one task waits."""
    task = make_task(story.directive, "1b.1")
    return [
        waiting(make_assignment(task, unit := make_unit(f"Huyện ủy số {number}")), make_reporter(unit))
        for number in range(count)
    ]


def shown(answer) -> list[int]:
    return [line.section.pk for line in answer.context["queue"].lines]


# --- whose -----------------------------------------------------------------------------------------


def a_house() -> tuple[dict, list[ProgressReport]]:
    """People of every role, and waiting sections in every relation to them."""
    directive = make_directive()
    standing = make_unit("Thường trực", kind=UnitKind.STANDING_COMMITTEE)
    monitor = make_unit("Ban Tuyên giáo")
    reviewer = make_unit("Ủy ban Kiểm tra")
    lead, helper, below = make_unit("Đơn vị chủ trì"), make_unit("Đơn vị phối hợp"), make_unit("Đơn vị nhận lại")
    people = {
        "office": make_office_user(),
        "reader": make_user("thuongtruc"),
        "lead": make_reporter(lead, "chutri"),
        "helper": make_reporter(helper, "phoihop"),
        "monitor": make_reporter(monitor, "tuyengiao"),
        "reviewer": make_reporter(reviewer, "kiemtra"),
        "head of the reviewer": make_user("lanhdaokiemtra"),
        "head": make_user("lanhdao"),
        "both": make_office_user("haivai"),
        "reporter of the office": make_reporter(directive.office, "daumoi"),
        "administrator": make_user("quantri"),
    }
    make_membership(people["reader"], standing, "reader")
    make_membership(people["head"], lead, "unit_head")
    make_membership(people["head of the reviewer"], reviewer, "unit_head")
    make_membership(people["both"], lead, "reporter")
    make_membership(people["administrator"], directive.office, "administrator")
    task = make_task(directive, "1a.1")
    task.monitors.add(monitor)
    watched = make_task(directive, "1a.2", reviewing_unit=monitor)
    watched.monitors.add(monitor)
    offices = make_task(directive, "1a.3", reviewing_unit=standing)
    # Whoever reviews need not monitor.
    reviewed = make_task(directive, "1a.5", reviewing_unit=reviewer)
    own_review = make_task(directive, "1a.4")
    closed = make_task(make_directive(state="closed"), "9")
    own = make_assignment(task, lead)
    rows = [
        own,
        make_assignment(task, helper, role="coordinating"),
        make_assignment(task, below, role="part", parent=own),
        make_assignment(watched, lead),
        make_assignment(watched, monitor),
        make_assignment(offices, directive.office),
        make_assignment(own_review, directive.office),
        make_assignment(closed, lead),
        make_assignment(reviewed, lead),
        make_assignment(reviewed, helper, role="coordinating"),
        make_assignment(make_task(directive, "1a.6", reviewing_unit=reviewer), reviewer),
    ]
    return people, [waiting(row, people["lead"]) for row in rows]


OF_WHOM = {
    "office": ["1a.1 Đơn vị chủ trì"],
    "reader": ["1a.3 Văn phòng"],
    "lead": ["1a.1 Đơn vị phối hợp", "1a.1 Đơn vị nhận lại", "1a.5 Đơn vị phối hợp"],
    "helper": [],
    "reviewer": ["1a.5 Đơn vị chủ trì"],
    "head of the reviewer": ["1a.5 Đơn vị chủ trì"],
    "monitor": ["1a.2 Đơn vị chủ trì"],
    "head": ["1a.1 Đơn vị phối hợp", "1a.1 Đơn vị nhận lại", "1a.5 Đơn vị phối hợp"],
    # Of office and of the lead unit: the contributions, but never the own unit's work.
    "both": ["1a.1 Đơn vị phối hợp", "1a.1 Đơn vị nhận lại", "1a.5 Đơn vị phối hợp"],
    "reporter of the office": [],
    "administrator": [],
}


@pytest.mark.parametrize(("who", "expected"), OF_WHOM.items())
def test_everybody_has_in_the_queue_what_is_theirs_to_answer(who, expected):
    people, _ = a_house()

    rounds = ReportRound.objects.visible_to(people[who]).to_review_by(people[who]).by_waiting()

    found = [(round_.section.assignment.task.code, round_.section.assignment.unit.short_name) for round_ in rounds]
    assert found == [tuple(words.split(" ", 1)) for words in expected]


@pytest.mark.parametrize("who", OF_WHOM)
def test_what_the_rule_lets_somebody_answer_that_person_may_read(who):
    people, sections = a_house()
    person = people[who]

    fresh = ProgressReport.objects.filter(pk__in=[section.pk for section in sections])
    answered = {section.pk for section in fresh if permissions.can_decide_section(person, section)}
    read = set(ProgressReport.objects.visible_to(person).values_list("pk", flat=True))
    assert answered - read == set()


@pytest.mark.parametrize("who", OF_WHOM)
def test_the_queue_holds_what_the_rule_for_one_section_allows(who):
    people, sections = a_house()
    person = people[who]

    queue = ReportRound.objects.visible_to(person).to_review_by(person)

    fresh = ProgressReport.objects.filter(pk__in=[section.pk for section in sections])
    one_by_one = {section.pk for section in fresh if permissions.can_decide_section(person, section)}
    assert set(queue.values_list("section_id", flat=True)) == one_by_one


def test_what_was_answered_is_no_longer_in_the_queue():
    story = make_story(state="in_progress")
    section = send(story)
    accept_section(section, by=story.office, now=at(TODAY))

    assert list(ReportRound.objects.visible_to(story.office).to_review_by(story.office)) == []


# --- the page --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["administrator", "registrar"])
def test_the_page_is_closed_to_who_reviews_nothing(client, who):
    user = make_user()
    if who == "administrator":
        make_membership(user, make_unit(), who)
    client.force_login(user)

    assert client.get(QUEUE).status_code == 403


def test_who_has_waited_longest_stands_first_and_says_how_long(client):
    story = make_story(state="in_progress")
    newer = send(story, day="2024-04-12")
    older = waiting(make_assignment(make_task(story.directive, "1b"), story.other_unit), story.stranger, "2024-04-09")
    client.force_login(story.office)

    answer = client.get(QUEUE)

    lines = answer.context["queue"].lines
    assert [(line.section.pk, line.waits) for line in lines] == [
        (older.pk, "chờ 4 ngày làm việc"),
        (newer.pk, "chờ 1 ngày làm việc"),
    ]
    assert answer.context["item"].section.pk == older.pk


def test_the_section_stands_beside_what_the_unit_said_the_time_before(client):
    story = make_story(state="in_progress")
    section = send(story, results="Mới có dự thảo.")
    return_section(section, by=story.office, now=at("2024-04-11"), reason="Thiếu số liệu.")
    report = UnitReport.objects.get(pk=section.unit_report_id)
    from_then = waiting(story.assignment, story.reporter, "2024-04-12", results="Đã ban hành kế hoạch.")
    client.force_login(story.office)

    answer = client.get(f"{QUEUE}?muc={from_then.pk}")

    assert answer.context["last"].content["results"] == "Mới có dự thảo."
    page = answer.content.decode()
    assert ("Đã ban hành kế hoạch." in page, "Mới có dự thảo." in page, "Thiếu số liệu." in page) == (True, True, True)
    assert report.pk != from_then.unit_report_id


def test_accepting_goes_on_to_the_next(client):
    story = make_story(state="in_progress")
    first, second, third = many(story, 3)
    client.force_login(story.office)

    answer = client.post(
        f"{QUEUE}?muc={second.pk}",
        {"section": second.pk, "seen": f"{second.pk}-1", "decision": "accept", "after": third.pk},
        follow=True,
    )

    assert answer.redirect_chain == [(f"{QUEUE}?muc={third.pk}", 302)]
    assert (shown(answer), answer.context["item"].section.pk) == ([first.pk, third.pk], third.pk)
    assert Assignment.objects.get(pk=second.assignment_id).state == "completed"


def test_returning_without_a_reason_keeps_the_section_on_the_page(client):
    story = make_story(state="in_progress")
    _first, second = many(story, 2)
    client.force_login(story.office)

    answer = client.post(
        f"{QUEUE}?muc={second.pk}", {"section": second.pk, "seen": f"{second.pk}-1", "decision": "return", "after": ""}
    )

    assert (answer.status_code, answer.context["item"].section.pk) == (422, second.pk)
    assert "Hãy ghi lý do trả lại" in answer.content.decode()
    assert ProgressReport.objects.get(pk=second.pk).state == "submitted"


def test_returning_with_a_reason_tells_the_unit_what_to_mend(client):
    story = make_story(state="in_progress")
    (section,) = many(story, 1)
    client.force_login(story.office)

    client.post(
        QUEUE,
        {
            "section": section.pk,
            "seen": f"{section.pk}-1",
            "decision": "return",
            f"s{section.pk}-reason": "Thiếu số người dự.",
        },
    )

    round_ = section.rounds.get()
    assert (round_.decision, round_.reason) == ("returned", "Thiếu số người dự.")


def test_a_decision_on_a_stale_page_is_told_who_did_what_and_goes_on(client):
    story = make_story(state="in_progress")
    first, second = many(story, 2)
    colleague = make_office_user("dongnghiep", full_name="Lê Thị Bình")
    accept_section(ProgressReport.objects.get(pk=first.pk), by=colleague, now=at(TODAY, "07:45"))
    client.force_login(story.office)

    answer = client.post(
        QUEUE, {"section": first.pk, "seen": f"{first.pk}-1", "decision": "accept", "after": second.pk}, follow=True
    )

    told = [str(message) for message in answer.context["messages"]]
    assert told == ["Mục 1b.1: Lê Thị Bình đã xem xét mục này lúc 07:45: chấp nhận."]
    assert answer.context["item"].section.pk == second.pk


def test_the_search_takes_words_of_work_and_unit_without_accents(client):
    story = make_story(state="in_progress")
    rows = many(story, 3)
    client.force_login(story.office)

    answer = client.get(QUEUE, {"q": "huyen uy so 2 1B.1"})

    assert shown(answer) == [rows[2].pk]


@pytest.mark.parametrize("wanted", ["x", "-1", "9" * 30, "²", "987654321"])
def test_an_unknown_section_is_not_found(client, wanted):
    story = make_story()
    client.force_login(story.office)

    assert client.get(QUEUE, {"muc": wanted}).status_code == 404


def test_somebody_elses_section_is_not_answered_through_the_queue(client):
    story = make_story(state="in_progress")
    (section,) = many(story, 1)
    client.force_login(section.unit_report.submitted_by)

    answer = client.post(QUEUE, {"section": section.pk, "seen": f"{section.pk}-1", "decision": "accept"})

    assert (answer.status_code, ProgressReport.objects.get(pk=section.pk).state) == (403, "submitted")


def recalled_and_sent_again(story):
    """The section of the story's unit in its second sending; the first was taken back."""
    section = send(story, claims_completion=True)
    recall(section.unit_report, by=story.reporter, now=at("2024-04-11"))
    return send(story, day="2024-04-12", claims_completion=True, results="Bản đã sửa")


@pytest.mark.parametrize(
    ("mark", "sentence"),
    [
        (
            "{pk}-1",
            "Mục 1a.1: Đơn vị đã rút về và gửi lại mục này lúc 09:00 12/4/2024, người gửi: {sender}. "
            "Xin đọc lần gửi 2 rồi quyết định.",
        ),
        (
            None,
            "Mục 1a.1: Trang vừa bấm không cho biết đang hiện lần gửi nào. "
            "Xin đọc lại nội dung dưới đây rồi quyết định.",
        ),
        (
            "x-1",
            "Mục 1a.1: Trang vừa bấm không cho biết đang hiện lần gửi nào. "
            "Xin đọc lại nội dung dưới đây rồi quyết định.",
        ),
    ],
)
@pytest.mark.parametrize("decision", ["accept", "return"])
@pytest.mark.parametrize("page", ["queue", "review"])
def test_what_the_page_did_not_show_is_not_decided_and_stays_in_sight(client, page, decision, mark, sentence):
    story = make_story(state="in_progress")
    section = recalled_and_sent_again(story)
    other = waiting(make_assignment(make_task(story.directive, "1b"), story.other_unit), story.stranger)
    client.force_login(story.office)
    url = QUEUE if page == "queue" else section.unit_report.get_review_url()
    typed = {"section": section.pk, "decision": decision, "after": other.pk, f"s{section.pk}-reason": "Thiếu số."}

    answer = client.post(url, {**typed, **({"seen": mark.format(pk=section.pk)} if mark else {})}, follow=True)

    words = answer.content.decode()
    assert sentence.format(sender=section.unit_report.submitted_by) in words
    assert "Bản đã sửa" in words
    assert (decision == "accept") or "Thiếu số." in words
    assert ProgressReport.objects.get(pk=section.pk).state == "submitted"


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        (["{pk}-1"], "gửi lại mục này lúc 09:00 12/4/2024"),
        ([], "Trang vừa bấm không cho biết đang hiện lần gửi nào."),
    ],
)
def test_accepting_the_whole_takes_nothing_that_the_page_did_not_show(client, marks, told):
    story = make_story(state="in_progress")
    section = recalled_and_sent_again(story)
    client.force_login(story.office)

    answer = client.post(
        section.unit_report.get_review_url(),
        {"decision": "accept_all", "seen": [mark.format(pk=section.pk) for mark in marks]},
        follow=True,
    )

    assert [told in str(message) for message in answer.context["messages"]] == [True]
    assert ProgressReport.objects.get(pk=section.pk).state == "submitted"


def test_accepting_the_whole_says_what_a_colleague_decided_meanwhile(client):
    story = make_story(state="in_progress")
    make_assignment(make_task(story.directive, "1a.2"), story.unit, state="in_progress")
    report = open_report(story.unit, story.directive, by=story.reporter, now=at("2024-04-10"))
    typed = {section.pk: SectionInput(results="Đã làm.") for section in report.sections.all()}
    save_draft(report, ReportInput(sections=typed), by=story.reporter, now=at("2024-04-10"), version=report.version)
    submit(report, by=story.reporter, now=at("2024-04-10"))
    first, second = report.sections.order_by("pk")
    colleague = make_office_user("dongnghiep", full_name="Lê Thị Bình")
    return_section(first, by=colleague, now=at(TODAY, "07:45"), reason="Thiếu.")
    client.force_login(story.office)

    answer = client.post(
        report.get_review_url(),
        {"decision": "accept_all", "seen": [f"{first.pk}-1", f"{second.pk}-1"]},
        follow=True,
    )

    assert [str(message) for message in answer.context["messages"]] == [
        "Đã chấp nhận 1 mục.",
        "Mục 1a.1: Lê Thị Bình đã xem xét mục này lúc 07:45: trả lại.",
    ]


# --- many at once ----------------------------------------------------------------------------------


def test_ticked_rows_are_accepted_by_one_act_that_names_them(client):
    story = make_story(state="in_progress")
    first, second, third = many(story, 3)
    client.force_login(story.office)
    before = AuditEvent.objects.count()

    client.post(QUEUE, {"decision": "accept_chosen", "chon": [f"{first.pk}-1", f"{third.pk}-1"]})

    states = ProgressReport.objects.filter(pk__in=[first.pk, second.pk, third.pk]).order_by("pk")
    assert [section.state for section in states] == ["accepted", "submitted", "accepted"]
    (event,) = AuditEvent.objects.order_by("pk")[before:]
    assert (event.verb, event.data) == (
        "report.many_accepted",
        {"count": 2, "units": 2, "codes": ["1b.1 Huyện ủy số 0", "1b.1 Huyện ủy số 2"]},
    )


def test_rows_that_cannot_be_accepted_are_told_by_name_and_hold_up_nothing(client):
    story = make_story(state="in_progress")
    first, second, third = many(story, 3)
    monitor = make_unit("Ban Tuyên giáo")
    theirs = waiting(
        make_assignment(make_task(story.directive, "3c", reviewing_unit=monitor), story.unit), story.reporter
    )
    colleague = make_office_user("dongnghiep", full_name="Lê Thị Bình")
    return_section(ProgressReport.objects.get(pk=first.pk), by=colleague, now=at(TODAY, "07:45"), reason="Thiếu.")
    client.force_login(story.office)

    answer = client.post(
        QUEUE,
        {"decision": "accept_chosen", "chon": [f"{first.pk}-1", f"{second.pk}-1", f"{third.pk}-7", f"{theirs.pk}-1"]},
        follow=True,
    )

    assert sorted(str(message) for message in answer.context["messages"]) == [
        "Chưa chấp nhận mục 1b.1 của Huyện ủy số 0: Lê Thị Bình đã xem xét mục này lúc 07:45: trả lại.",
        "Chưa chấp nhận mục 1b.1 của Huyện ủy số 2: Đơn vị đã rút về và gửi lại mục này lúc 09:00 10/4/2024, "
        f"người gửi: {third.unit_report.submitted_by}. Xin đọc lần gửi 1 rồi quyết định.",
        "Chưa chấp nhận mục 3c của Huyện ủy Đắk Hà: mục này không do anh/chị xem xét.",
        "Đã chấp nhận 1 mục.",
    ]
    assert ProgressReport.objects.get(pk=second.pk).state == "accepted"


@pytest.mark.parametrize("marks", [[], ["x"], ["12"], ["1-2-3"], ["9" * 40 + "-1"]])
def test_nothing_ticked_or_nonsense_is_said_and_changes_nothing(client, marks):
    story = make_story(state="in_progress")
    (section,) = many(story, 1)
    client.force_login(story.office)

    answer = client.post(QUEUE, {"decision": "accept_chosen", "chon": marks}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "Chưa chọn mục nào. Xin đánh dấu các mục cần chấp nhận."
    ]
    assert ProgressReport.objects.get(pk=section.pk).state == "submitted"


# --- cost ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 25, 300])
def test_the_queue_costs_the_same_at_one_and_at_three_hundred(client, django_assert_num_queries, count):
    story = make_story()
    many(story, count)
    client.force_login(story.office)

    with django_assert_num_queries(12):
        answer = client.get(QUEUE)

    assert (answer.status_code, len(shown(answer))) == (200, min(count, 25))


def test_a_page_that_has_emptied_shows_the_last_one(client):
    story = make_story()
    many(story, 26)
    client.force_login(story.office)

    answer = client.get(QUEUE, {"page": "9"})

    assert (len(shown(answer)), answer.context["page"].number) == (1, 2)


def test_a_sign_that_no_database_keeps_is_no_word_to_look_for():
    story = make_story()

    _, params = waiting_rounds(story.office, "dak\x00ha").query.sql_with_params()

    assert "%dak%" in params
    assert "%ha%" in params
