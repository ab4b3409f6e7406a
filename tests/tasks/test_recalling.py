"""Taking back what was sent: before the decision, whole or in part; what it undoes and what stays."""

import threading
from datetime import date

import pytest
from django.db import DatabaseError, connection, connections, transaction

from notifications.models import Notice
from records.models import AuditEvent
from tasks import reporting, reviewing
from tasks.drafts import inputs, opening, saving
from tasks.drafts.inputs import ProductInput
from tasks.errors import Refused, TransitionNotAllowed
from tasks.models import Assignment, ProgressReport, ReportRound, UnitReport
from tasks.rounds.recalling import recall, take_from_head
from tests.factories import at, make_assignment, make_membership, make_task, make_user
from tests.tasks.story import make_story, owe_paper, send, write

pytestmark = pytest.mark.django_db
SENT, LATER = at("2024-04-10", "09:00"), at("2024-04-10", "10:30")


def states(story) -> tuple[str, str, str]:
    """Of report, section and assignment."""
    report = UnitReport.objects.get()
    return (
        report.state,
        report.sections.get(assignment=story.assignment).state,
        Assignment.objects.get(pk=story.assignment.pk).state,
    )


@pytest.mark.parametrize("before", ["assigned", "in_progress", "redo"])
def test_a_report_taken_back_opens_for_typing_and_the_work_goes_back_to_where_it_was(before):
    story = make_story(state=before)
    section = send(story, claims_completion=True)

    count = recall(section.unit_report, by=story.reporter, now=LATER)

    saved = Assignment.objects.get(pk=story.assignment.pk)
    round_ = ReportRound.objects.get()
    assert count == 1
    assert states(story) == ("recalled", "recalled", "redo" if before == "redo" else "in_progress")
    assert (saved.submitted_on, saved.completed_on) == (None, None)
    assert (round_.decision, round_.decided_by, round_.decided_at) == ("withdrawn", story.reporter, LATER)
    assert UnitReport.objects.get().is_editable


def test_the_day_that_counts_is_that_of_the_next_sending():
    story = make_story(state="in_progress", due=date(2024, 4, 11))
    section = send(story, claims_completion=True)
    recall(section.unit_report, by=story.reporter, now=LATER)

    again = send(story, day="2024-04-12", claims_completion=True, results="Bản đã sửa")
    reviewing.accept_section(again, by=story.office, now=at("2024-04-15"))

    saved = Assignment.objects.get(pk=story.assignment.pk)
    rounds = ReportRound.objects.order_by("number").values_list("number", "decision")
    assert (saved.state, saved.completed_on) == ("completed", date(2024, 4, 12))
    assert list(rounds) == [(1, "withdrawn"), (2, "accepted")]


def test_a_paper_that_only_this_sending_brought_has_not_been_sent():
    story = make_story(state="in_progress")
    delivery = owe_paper(story.assignment)
    paper = ProductInput("12", "KH/HU", date(2024, 4, 9), "Trần Văn B")
    section = send(story, claims_completion=True, products={delivery.pk: paper})

    recall(section.unit_report, by=story.reporter, now=LATER)

    delivery.refresh_from_db()
    assert delivery.submitted_on is None


def test_a_paper_of_an_earlier_report_stays_sent():
    story = make_story(state="in_progress")
    delivery = owe_paper(story.assignment)
    paper = {"products": {delivery.pk: ProductInput("12", "KH/HU", date(2024, 4, 9), "Trần Văn B")}}
    first = send(story, day="2024-04-08", **paper)
    reviewing.accept_section(first, by=story.office, now=at("2024-04-09"))
    second = send(story, claims_completion=True, **paper)

    recall(second.unit_report, by=story.reporter, now=LATER)

    delivery.refresh_from_db()
    assert (delivery.submitted_on, delivery.delivered_on) == (date(2024, 4, 8), date(2024, 4, 8))


def two_sections(story):
    """A report with two sections that wait."""
    other = make_assignment(make_task(story.directive, "1a.2"), story.unit, state="in_progress")
    report = opening.open_report(story.unit, story.directive, by=story.reporter, now=SENT)
    sections = {
        section.pk: inputs.SectionInput(results="Đã làm.", claims_completion=True) for section in report.sections.all()
    }
    typed = inputs.ReportInput(sections=sections)
    saving.save_draft(report, typed, by=story.reporter, now=SENT, version=report.version)
    reporting.submit(report, by=story.reporter, now=SENT)
    loaded = report.sections.select_related("assignment__task", "assignment__unit", "assignment__directive")
    return report, loaded.get(assignment=story.assignment), loaded.get(assignment=other)


def test_one_section_is_taken_back_and_the_other_goes_on_waiting():
    story = make_story(state="in_progress")
    report, mine, other = two_sections(story)

    recall(report, by=story.reporter, now=LATER, sections=[mine])

    assert states(story) == ("recalled", "recalled", "in_progress")
    other.refresh_from_db()
    assert (other.state, Assignment.objects.get(pk=other.assignment_id).state) == ("submitted", "submitted")


def test_what_was_decided_stays_decided_when_the_rest_is_taken_back():
    story = make_story(state="in_progress")
    report, mine, other = two_sections(story)
    reviewing.accept_section(other, by=story.office, now=LATER)

    count = recall(report, by=story.reporter, now=LATER)

    assert count == 1
    other.refresh_from_db()
    assert (mine.pk, other.state) == (report.sections.get(state="recalled").pk, "accepted")


def test_a_decided_section_is_not_taken_back_and_the_sentence_says_who_decided():
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)
    reviewing.accept_section(section, by=story.office, now=at("2024-04-10", "10:15"))

    with pytest.raises(TransitionNotAllowed) as refusal:
        recall(section.unit_report, by=story.reporter, now=LATER, sections=[section])

    assert str(refusal.value) == (
        f"{story.office} đã xem xét mục này lúc 10:15: chấp nhận. Báo cáo đã có kết quả thì không rút về được nữa."
    )
    assert states(story) == ("decided", "accepted", "completed")


def test_who_decides_after_it_was_taken_back_is_told_who_took_it_when():
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)
    recall(section.unit_report, by=story.reporter, now=LATER)

    with pytest.raises(TransitionNotAllowed) as refusal:
        reviewing.accept_section(section, by=story.office, now=at("2024-04-10", "10:31"))

    assert str(refusal.value) == (
        f"{story.reporter} đã rút mục này về để sửa lúc 10:30; mục sẽ chờ xem xét khi đơn vị gửi lại."
    )
    assert states(story) == ("recalled", "recalled", "in_progress")


def test_a_sending_that_nobody_has_read_is_not_decided_from_an_old_page():
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)
    recall(section.unit_report, by=story.reporter, now=LATER)
    again = send(story, day="2024-04-11", claims_completion=True, results="Bản đã sửa")

    with pytest.raises(TransitionNotAllowed) as refusal:
        reviewing.accept_section(again, by=story.office, now=at("2024-04-11", "10:00"), seen=1)

    assert str(refusal.value) == (
        f"Đơn vị đã rút về và gửi lại mục này lúc 09:00 11/4/2024, người gửi: {story.reporter}. "
        "Xin đọc lần gửi 2 rồi quyết định."
    )


def test_both_sides_are_told_in_the_app_and_it_is_on_record():
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)
    Notice.objects.all().delete()

    recall(section.unit_report, by=story.reporter, now=LATER)

    told = {notice.recipient.username: (notice.title, notice.message) for notice in Notice.objects.all()}
    event = AuditEvent.objects.get(verb="report.recalled")
    assert told == {
        "vanphong": ("Huyện ủy Đắk Hà rút báo cáo về để sửa: 1a.1", None),
        "dakha": ("Đã rút báo cáo về để sửa: 1a.1", None),
    }
    assert (event.actor, event.data["codes"]) == (story.reporter, ["1a.1"])


def with_a_head(story):
    story.unit.needs_head_approval = True
    story.unit.save()
    head = make_user("lanhdao")
    make_membership(head, story.unit, "unit_head")
    return head


@pytest.mark.parametrize("who", ["reporter", "head"])
def test_a_report_with_the_head_is_taken_back_by_whoever_writes_or_approves(who):
    story = make_story(state="redo")
    head = with_a_head(story)
    report = write(story, moment=SENT, claims_completion=True)
    reporting.submit(report, by=story.reporter, now=SENT)

    take_from_head(report, by=story.reporter if who == "reporter" else head, now=LATER)

    assert states(story) == ("draft", "draft", "redo")
    assert ReportRound.objects.count() == 0
    assert Notice.objects.filter(kind="taken_from_head").count() == (1 if who == "reporter" else 0)


def test_a_report_that_came_back_and_waited_for_the_head_is_one_that_came_back():
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)
    reviewing.return_section(section, by=story.office, now=LATER, reason="Thiếu số liệu")
    with_a_head(story)
    report = write(story, moment=LATER, claims_completion=True)
    report.unit.refresh_from_db()
    reporting.submit(report, by=story.reporter, now=LATER)

    take_from_head(report, by=story.reporter, now=LATER)

    assert states(story) == ("returned", "returned", "redo")


def test_who_takes_back_after_the_head_has_sent_it_is_refused():
    story = make_story(state="in_progress")
    head = with_a_head(story)
    report = write(story, moment=SENT, claims_completion=True)
    reporting.submit(report, by=story.reporter, now=SENT)
    stale = UnitReport.objects.get(pk=report.pk)
    reporting.approve_by_head(report, by=head, now=LATER)

    with pytest.raises(Refused):
        take_from_head(stale, by=story.reporter, now=LATER)

    assert states(story) == ("submitted", "submitted", "submitted")


def test_a_second_draft_stands_in_the_way_and_the_sentence_says_so():
    story = make_story(state="in_progress")
    with_a_head(story)
    report = write(story, moment=SENT, claims_completion=True)
    reporting.submit(report, by=story.reporter, now=SENT)
    UnitReport.objects.create(
        unit=story.unit, directive=story.directive, created_by=story.reporter, created_at=SENT, saved_at=SENT
    )

    with pytest.raises(Refused) as refusal:
        take_from_head(report, by=story.reporter, now=LATER)

    assert str(refusal.value) == "Đơn vị đang có một bản nháp khác cho văn bản này; xin gửi bản nháp đó trước."
    assert UnitReport.objects.get(pk=report.pk).state == "awaiting_unit_head"


# --- rounds are append-only ---------------------------------------------------------------------------


def test_a_round_takes_its_one_answer_and_nothing_else():
    story = make_story(state="in_progress")
    send(story)
    round_ = ReportRound.objects.get()
    round_.content = {"results": "Khác"}

    with pytest.raises(TypeError):
        round_.save()
    with pytest.raises(TypeError):
        round_.save(update_fields=["content"])
    with pytest.raises(TypeError):
        round_.delete()

    assert ReportRound.objects.get().content["results"] == "Đã ban hành kế hoạch."


@pytest.mark.pg
@pytest.mark.parametrize(
    ("decided", "statement"),
    [
        (False, "UPDATE tasks_reportround SET content = '{}'"),
        (False, "UPDATE tasks_reportround SET number = 7"),
        (False, "UPDATE tasks_reportround SET submitted_on = '2024-01-01'"),
        (False, "DELETE FROM tasks_reportround"),
        (True, "UPDATE tasks_reportround SET decision = 'returned'"),
        (True, "UPDATE tasks_reportround SET reason = 'x'"),
        (False, "SET CONSTRAINTS ALL IMMEDIATE; SET tracker.emptying = 'off'; TRUNCATE tasks_reportround CASCADE"),
    ],
)
def test_postgresql_takes_the_one_answer_to_a_round_and_nothing_else(decided, statement):
    story = make_story(state="in_progress")
    section = send(story)
    if decided:
        reviewing.accept_section(section, by=story.office, now=LATER)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_of_taking_back_and_deciding_at_the_same_moment_one_wins_and_the_other_is_told():
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)
    begin, answers = threading.Barrier(2), {}

    def press(name, act) -> None:
        mine = ProgressReport.objects.select_related(
            "assignment__task",
            "assignment__unit",
            "assignment__directive",
            "unit_report__unit",
            "unit_report__directive",
        ).get(pk=section.pk)
        try:
            begin.wait(10)
            act(mine)
            answers[name] = "done"
        except TransitionNotAllowed as refusal:
            answers[name] = str(refusal)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(
            target=press,
            args=["unit", lambda one: recall(one.unit_report, by=story.reporter, now=LATER, sections=[one])],
        ),
        threading.Thread(
            target=press, args=["office", lambda one: reviewing.accept_section(one, by=story.office, now=LATER)]
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)

    taken = answers["unit"] == "done"
    assert answers == (
        {
            "unit": "done",
            "office": f"{story.reporter} đã rút mục này về để sửa lúc 10:30; mục sẽ chờ xem xét khi đơn vị gửi lại.",
        }
        if taken
        else {
            "office": "done",
            "unit": f"{story.office} đã xem xét mục này lúc 10:30: chấp nhận. "
            "Báo cáo đã có kết quả thì không rút về được nữa.",
        }
    )
    assert states(story) == (("recalled", "recalled", "in_progress") if taken else ("decided", "accepted", "completed"))
