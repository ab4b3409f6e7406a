"""Whoever ends a document and whoever writes into it at the same moment: one of them is first, and the other knows."""

import threading
from datetime import date

import pytest
from django.db import connections, transaction

from tasks.closing.ending import Ending, end
from tasks.errors import Refused
from tasks.lifecycle import cancel
from tasks.models import Assignment, Directive, UnitReport
from tasks.reporting import submit
from tests.factories import at
from tests.tasks.story import make_story, send, write

NOW = at("2024-04-15", "09:00")
ENDING = Ending(date(2024, 4, 15), "125-BC/VPTU", anyway=True)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pg]


def in_a_thread(act, answers: list[str]) -> threading.Thread:
    """Run it on a connection of its own; "done" or the words of the refusal go into answers."""

    def run() -> None:
        try:
            act()
            answers.append("done")
        except Refused as refusal:
            answers.append(str(refusal))
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_the_ending_waits_for_what_is_being_written():
    story, answers = make_story(), []

    with transaction.atomic():
        cancel(story.assignment, by=story.office, now=NOW, reason="Không phải làm nữa.")
        thread = in_a_thread(lambda: end(story.directive, ENDING, by=story.office, now=NOW), answers)
        thread.join(1)
        while_writing = (thread.is_alive(), list(answers))
    thread.join(30)

    assert while_writing == (True, [])
    assert answers == ["done"]
    assert Directive.objects.get().state == "closed"
    assert Assignment.objects.get(pk=story.assignment.pk).state == "cancelled"


def test_what_is_written_while_it_is_being_ended_is_refused():
    story, answers = make_story(), []

    with transaction.atomic():
        end(story.directive, ENDING, by=story.office, now=NOW)
        mine = Assignment.objects.select_related("directive", "task", "unit").get(pk=story.assignment.pk)
        thread = in_a_thread(lambda: cancel(mine, by=story.office, now=NOW, reason="Không phải làm nữa."), answers)
        thread.join(1)
        while_ending = (thread.is_alive(), list(answers))
    thread.join(30)

    assert while_ending == (True, [])
    assert answers == ["Văn bản đã kết thúc theo dõi; chỉ xem, không sửa được nữa."]
    assert Assignment.objects.get(pk=story.assignment.pk).state == "assigned"


def test_the_ending_waits_for_a_report_that_is_being_sent():
    story, answers = make_story(state="in_progress"), []

    with transaction.atomic():
        send(story, day="2024-04-15")
        thread = in_a_thread(lambda: end(story.directive, ENDING, by=story.office, now=NOW), answers)
        thread.join(1)
        while_sending = (thread.is_alive(), list(answers))
    thread.join(30)

    assert while_sending == (True, [])
    assert (answers, Directive.objects.get().state, UnitReport.objects.get().state) == (["done"], "closed", "submitted")


def test_a_report_sent_while_it_is_being_ended_is_refused_and_stays_as_typed():
    story, answers = make_story(state="in_progress"), []
    report = write(story, moment=NOW)

    with transaction.atomic():
        end(story.directive, ENDING, by=story.office, now=NOW)
        mine = UnitReport.objects.select_related("unit", "directive").get(pk=report.pk)
        thread = in_a_thread(lambda: submit(mine, by=story.reporter, now=NOW), answers)
        thread.join(1)
        while_ending = (thread.is_alive(), list(answers))
    thread.join(30)

    assert while_ending == (True, [])
    assert answers == ["Văn bản đã kết thúc theo dõi; chỉ xem, không sửa được nữa."]
    kept = UnitReport.objects.get()
    assert (kept.state, kept.sections.get().results) == ("draft", "Đã ban hành kế hoạch.")


def test_two_who_end_it_at_once_make_one_archive():
    story, answers = make_story(), []

    threads = [
        in_a_thread(lambda: end(Directive.objects.get(), ENDING, by=story.office, now=NOW), answers) for _ in range(2)
    ]
    for thread in threads:
        thread.join(30)

    assert sorted(answers) == [f"{story.office} đã kết thúc theo dõi văn bản này ngày 15/4/2024.", "done"]
