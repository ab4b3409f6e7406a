"""A unit's report: one draft, one sending, the office's answer, the days that count."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.models import Notice
from tasks import reporting, reviewing
from tasks.drafts import opening, saving
from tasks.drafts.checking import ReportIncomplete
from tasks.drafts.inputs import ProductInput, ReportInput, SectionInput
from tasks.drafts.saving import DraftConflict
from tasks.errors import Refused, TransitionNotAllowed
from tasks.models import Assignment, ProgressReport, ReportRound, SectionProduct, UnitReport
from tests.factories import at, make_assignment, make_membership, make_reporter, make_task, make_unit, make_user
from tests.tasks.story import make_story, owe_paper, send, write

pytestmark = pytest.mark.django_db
MORNING = at("2024-04-10", "09:00")


def test_opening_twice_gives_the_same_draft_with_a_section_per_open_assignment():
    story = make_story()
    make_assignment(make_task(story.directive, "1a.2"), story.unit, state="in_progress")
    make_assignment(make_task(story.directive, "1a.3"), story.unit, state="completed")
    make_assignment(make_task(story.directive, "1a.4"), story.unit, state="paused")

    first = opening.open_report(story.unit, story.directive, by=story.reporter, now=MORNING)
    second = opening.open_report(story.unit, story.directive, by=story.reporter, now=MORNING)

    codes = list(first.sections.values_list("assignment__task__code", flat=True))
    assert first == second
    assert codes == ["1a.1", "1a.2"]
    assert UnitReport.objects.count() == 1


def test_the_unit_that_reviews_in_place_of_the_office_is_told_of_a_new_report_and_no_other_unit_is():
    story = make_story(state="in_progress")
    story.task.reviewing_unit = story.other_unit
    story.task.save()
    nobody = make_reporter(make_unit("Huyện ủy Sa Thầy"), "sathay")

    send(story)

    told = Notice.objects.filter(kind="report").exclude(recipient=story.office)
    report = UnitReport.objects.get()
    assert [(row.recipient, row.title, row.url, row.message_id) for row in told] == [
        (story.stranger, "Huyện ủy Đắk Hà gửi báo cáo", f"/bao-cao/{report.pk}/xem-xet/", None)
    ]
    assert nobody.notices.count() == 0


def test_work_given_later_joins_the_open_draft():
    story = make_story()
    opening.open_report(story.unit, story.directive, by=story.reporter, now=MORNING)
    make_assignment(make_task(story.directive, "1a.2"), story.unit)

    report = opening.open_report(story.unit, story.directive, by=story.reporter, now=MORNING)

    assert report.sections.count() == 2


@pytest.mark.parametrize("count", [1, 16])
def test_a_report_is_opened_with_the_same_statements_for_any_number_of_works_and_papers(count):
    story = make_story()
    for number in range(count):
        owe_paper(make_assignment(make_task(story.directive, f"1b.{number}"), story.unit))
    # Whether a work is open yet, and the plan of each question, are found out once a process.
    opening.open_report(story.other_unit, story.directive, by=story.reporter, now=MORNING)

    with CaptureQueriesContext(connection) as queries:
        report = opening.open_report(story.unit, story.directive, by=story.reporter, now=MORNING)

    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert (len(asked), report.sections.count()) == (8, count + 1)
    assert SectionProduct.objects.filter(section__unit_report=report).count() == count


@pytest.mark.parametrize("count", [1, 16])
def test_sections_nobody_wrote_in_are_dropped_with_the_same_statements_for_any_number(count):
    story = make_story(state="in_progress")
    for number in range(count):
        owe_paper(make_assignment(make_task(story.directive, f"1b.{number}"), story.unit))
    report = write(story, moment=MORNING, results="Đã làm")

    with CaptureQueriesContext(connection) as queries:
        reporting.submit(report, by=story.reporter, now=MORNING)

    deleted = [query["sql"].split('"')[1] for query in queries if query["sql"].startswith("DELETE")]
    assert deleted == ["tasks_sectionproduct", "tasks_sectionfile", "tasks_draftcopy", "tasks_progressreport"]
    assert [row.assignment for row in report.sections.all()] == [story.assignment]


def test_a_colleagues_save_in_between_overwrites_nothing():
    story = make_story()
    report = write(story, moment=MORNING, results="Bản của tôi")
    section = report.sections.get()
    stale = UnitReport.objects.get(pk=report.pk)

    with pytest.raises(DraftConflict) as conflict:
        saving.save_draft(
            stale,
            ReportInput(sections={section.pk: SectionInput(results="Bản đè")}),
            by=story.reporter,
            now=MORNING,
            version=1,
        )

    assert str(conflict.value).startswith(f"{story.reporter} vừa lưu bản nháp này.")
    assert ProgressReport.objects.get().results == "Bản của tôi"


def test_an_empty_report_is_not_sent():
    story = make_story()
    report = write(story, moment=MORNING, results="  ")

    with pytest.raises(ReportIncomplete) as problem:
        reporting.submit(report, by=story.reporter, now=MORNING)

    assert problem.value.problems == [(None, "", "Báo cáo chưa ghi gì: hãy ghi ít nhất một mục.")]
    assert UnitReport.objects.get().state == "draft"


def test_claiming_completion_needs_the_paper_that_is_owed():
    story = make_story()
    delivery = owe_paper(story.assignment)
    report = write(story, moment=MORNING, claims_completion=True)

    with pytest.raises(ReportIncomplete) as problem:
        reporting.submit(report, by=story.reporter, now=MORNING)

    assert [(field, words) for _, field, words in problem.value.problems] == [
        (f"product_{delivery.pk}", "Hãy ghi số, ký hiệu hoặc đính kèm: Kế hoạch.")
    ]


def test_only_a_claim_of_completion_hands_the_work_to_the_office():
    story = make_story(state="in_progress")

    section = send(story)

    assert story.assignment.state == "in_progress"
    assert section.state == "submitted"


def test_reporting_on_work_takes_note_of_it():
    story = make_story()

    send(story, day="2024-04-10")

    saved = Assignment.objects.get(pk=story.assignment.pk)
    assert (saved.state, saved.acknowledged_on) == ("in_progress", date(2024, 4, 10))


def test_accepting_completes_with_the_day_the_report_arrived_and_the_papers_identity():
    story = make_story(state="in_progress")
    delivery = owe_paper(story.assignment)
    paper = ProductInput("12", "KH/HU", date(2024, 4, 9), "Trần Văn B")
    section = send(story, claims_completion=True, products={delivery.pk: paper})

    reviewing.accept_section(section, by=story.office, now=at("2024-04-25"))

    saved = Assignment.objects.get(pk=story.assignment.pk)
    delivery.refresh_from_db()
    assert (saved.state, saved.completed_on) == ("completed", date(2024, 4, 10))
    assert (delivery.paper_identity, delivery.signer) == ("12-KH/HU", "Trần Văn B")
    assert (delivery.submitted_on, delivery.delivered_on) == (date(2024, 4, 10), date(2024, 4, 10))
    assert UnitReport.objects.get().state == "decided"


def test_returning_asks_to_redo_and_gives_three_working_days():
    story = make_story(state="in_progress", due=date(2024, 4, 10))
    section = send(story, claims_completion=True)

    reviewing.return_section(
        section, by=story.office, now=at("2024-04-12"), reason="Thiếu số liệu", fields=("indicators",)
    )

    saved = Assignment.objects.get(pk=story.assignment.pk)
    round_ = ReportRound.objects.get()
    assert (saved.state, saved.due_original, saved.due_current, saved.due_version) == (
        "redo",
        date(2024, 4, 10),
        date(2024, 4, 17),
        2,
    )
    assert (round_.decision, round_.reason, round_.returned_fields) == (
        "returned",
        "Thiếu số liệu",
        ["indicators"],
    )
    assert UnitReport.objects.get().state == "returned"


def test_a_report_without_content_moves_no_date():
    story = make_story(state="in_progress", due=date(2024, 4, 10))
    section = send(story, claims_completion=True)

    reviewing.return_section(
        section, by=story.office, now=at("2024-04-12"), reason="Không có nội dung", without_content=True
    )

    assert Assignment.objects.get(pk=story.assignment.pk).due_current == date(2024, 4, 10)


def test_corrected_and_sent_again_it_is_a_second_round_and_the_first_stays():
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True, results="Lần đầu")
    reviewing.return_section(section, by=story.office, now=at("2024-04-12"), reason="Ghi rõ hơn")

    second = send(story, day="2024-04-15", claims_completion=True, results="Lần hai")
    reviewing.accept_section(second, by=story.office, now=at("2024-04-16"))

    rounds = ReportRound.objects.order_by("number").values_list("number", "decision", "content__results")
    saved = Assignment.objects.get(pk=story.assignment.pk)
    assert list(rounds) == [(1, "returned", "Lần đầu"), (2, "accepted", "Lần hai")]
    assert (saved.state, saved.completed_on) == ("completed", date(2024, 4, 15))
    assert UnitReport.objects.count() == 1


def test_the_second_to_decide_is_told_who_decided_what_and_when():
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)
    late = ProgressReport.objects.select_related("assignment", "unit_report").get(pk=section.pk)
    reviewing.accept_section(section, by=story.office, now=at("2024-04-11", "14:05"))

    with pytest.raises(TransitionNotAllowed) as refusal:
        reviewing.return_section(late, by=story.office, now=at("2024-04-11", "14:06"), reason="Thiếu")

    assert str(refusal.value) == f"{story.office} đã xem xét mục này lúc 14:05: chấp nhận."
    assert Assignment.objects.get(pk=story.assignment.pk).state == "completed"


def test_where_the_head_approves_the_day_is_the_heads():
    story = make_story(state="in_progress")
    story.unit.needs_head_approval = True
    story.unit.save()
    head = make_user("lanhdao")
    make_membership(head, story.unit, "unit_head")
    report = write(story, moment=MORNING, claims_completion=True)

    reporting.submit(report, by=story.reporter, now=MORNING)
    waiting = (UnitReport.objects.get().state, Assignment.objects.get(pk=story.assignment.pk).state)
    reporting.approve_by_head(report, by=head, now=at("2024-04-12", "08:00"))

    saved = Assignment.objects.get(pk=story.assignment.pk)
    assert waiting == ("awaiting_unit_head", "awaiting_unit_head")
    assert (saved.state, saved.submitted_on) == ("submitted", date(2024, 4, 12))
    assert UnitReport.objects.get().submitted_by == head


def test_the_head_may_send_it_back_to_whoever_writes():
    story = make_story(state="in_progress")
    story.unit.needs_head_approval = True
    story.unit.save()
    report = write(story, moment=MORNING, claims_completion=True)
    reporting.submit(report, by=story.reporter, now=MORNING)

    reporting.return_by_head(report, by=story.reporter, now=MORNING, reason="Bổ sung số liệu")

    assert UnitReport.objects.get().state == "draft"
    assert Assignment.objects.get(pk=story.assignment.pk).state == "in_progress"


def test_sending_twice_is_one_sending():
    story = make_story(state="in_progress")
    report = write(story, moment=MORNING)
    stale = UnitReport.objects.get(pk=report.pk)
    reporting.submit(report, by=story.reporter, now=MORNING)

    with pytest.raises(Refused):
        reporting.submit(stale, by=story.reporter, now=MORNING)

    assert ReportRound.objects.count() == 1


def test_sections_left_blank_are_left_out():
    story = make_story(state="in_progress")
    make_assignment(make_task(story.directive, "1a.2"), story.unit, state="in_progress")

    section = send(story)

    assert list(section.unit_report.sections.all()) == [section]


def test_the_period_is_the_newest_open_one_and_used_once():
    story = make_story(state="in_progress")
    for month in (3, 4):
        story.directive.periods.create(
            name=f"Tháng {month}",
            opens_on=date(2024, month, 8),
            cutoff_on=date(2024, month, 14),
            due_on=date(2024, month, 15),
        )

    first = send(story, day="2024-04-10").unit_report
    second = write(story, moment=at("2024-04-11"))

    assert (first.period.name, second.period) == ("Tháng 4", None)


def test_a_colleagues_save_between_saving_and_sending_is_not_overlooked():
    story = make_story()
    report = write(story, moment=MORNING, results="Bản của tôi")
    mine = list(report.sections.select_related("assignment__task", "assignment__directive"))
    typed = ReportInput(sections={mine[0].pk: SectionInput(results="Bản của đồng nghiệp")})
    theirs = UnitReport.objects.get(pk=report.pk)
    saving.save_draft(theirs, typed, by=story.reporter, now=MORNING, version=theirs.version)

    with pytest.raises(Refused):
        reporting.submit(report, by=story.reporter, now=MORNING, sections=mine)

    assert (UnitReport.objects.get().state, ReportRound.objects.count()) == ("draft", 0)
