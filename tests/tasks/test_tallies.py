"""The kept figures equal a live count after every verb and after midnight."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from directive_tracker import clock
from tasks import extensions, issuing, lifecycle, reviewing, tallies
from tasks.models import Assignment, Tally, TaskRecipient
from tasks.whole.kept import read_kept, total_of
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_office_user,
    make_product,
    make_task,
    make_unit,
)
from tests.tasks.story import make_story, send

pytestmark = pytest.mark.django_db

TODAY = date(2024, 4, 15)
NOW = at("2024-04-15", "09:00")


def figures(directive, *, today=TODAY) -> dict:
    """The figures that are not 0, summed over units; both sums and the live count must agree."""
    kept = read_kept(directive, today=today)
    assert tallies.differences(directive, today=today) == []
    assert total_of(kept.units) == total_of(kept.tasks)
    total = total_of(kept.units)
    return {name: getattr(total, name) for name in tallies.FIGURE_NAMES if getattr(total, name)}


def kept(story):
    """The story's figures as issuing would have left them."""
    tallies.refresh(
        story.directive,
        unit_ids=[story.unit.pk, story.other_unit.pk],
        task_ids=[story.task.pk],
        today=date(2024, 2, 15),
    )
    return story


def test_issuing_counts_what_it_gives():
    directive = make_directive(state="draft")
    unit, other = make_unit(), make_unit("Huyện ủy Đắk Tô")
    required = make_task(directive, "1a.1")
    make_product(required, due_kind="fixed", due_date=date(2024, 4, 10))
    encouraged = make_task(directive, "1a.5", strength="encouraged")
    undecided = make_task(directive, "2", condition_state="undecided")
    for task, recipient in ((required, unit), (required, other), (encouraged, unit), (undecided, unit)):
        TaskRecipient.objects.create(task=task, role="lead", unit=recipient)
    TaskRecipient.objects.create(task=undecided, role="coordinating", unit=other)

    issuing.issue(directive, by=make_office_user(), now=at("2024-02-15"))

    assert figures(directive, today=date(2024, 2, 15)) == {
        "open_in_time": 2,
        "outside": 2,
        "undecided": 1,
        "encouraged": 1,
        "not_acknowledged": 4,
    }


def test_midnight_moves_open_work_past_its_day():
    story = kept(make_story(due=date(2024, 4, 14)))

    assert figures(story.directive, today=date(2024, 4, 14)) == {"open_in_time": 2, "not_acknowledged": 2}
    assert figures(story.directive, today=TODAY) == {
        "open_in_time": 1,
        "open_overdue": 1,
        "not_acknowledged": 2,
    }
    assert set(Tally.objects.values_list("day", flat=True)) == {TODAY}


def test_a_closed_directive_keeps_its_figures():
    story = kept(make_story(due=date(2024, 4, 14)))
    story.directive.state, story.directive.closed_on = "closed", date(2024, 4, 14)
    story.directive.save()

    units = read_kept(story.directive, today=TODAY).units

    assert [line.figures.open_overdue for line in units] == [0, 0]


def test_acknowledging():
    story = kept(make_story())

    lifecycle.acknowledge(story.assignment, by=story.reporter, now=NOW)

    assert figures(story.directive) == {"open_in_time": 2, "not_acknowledged": 1}


def test_submitting_accepting_and_reopening():
    story = kept(make_story(due=date(2024, 4, 12)))
    section = send(story, day="2024-04-15", claims_completion=True)
    late = {"open_in_time": 1, "open_overdue": 1, "waiting": 1, "not_acknowledged": 1}
    assert figures(story.directive) == late

    reviewing.accept_section(section, by=story.office, now=NOW)
    assert figures(story.directive) == {"done_late": 1, "open_in_time": 1, "not_acknowledged": 1}

    assignment = Assignment.objects.get(pk=story.assignment.pk)
    lifecycle.reopen(assignment, by=story.office, now=NOW, reason="Số liệu chưa đúng")
    assert figures(story.directive) == {"open_in_time": 1, "open_overdue": 1, "not_acknowledged": 1}


def test_returning_gives_time_and_so_is_not_overdue():
    story = kept(make_story(due=date(2024, 4, 12)))
    section = send(story, day="2024-04-12", claims_completion=True)

    reviewing.return_section(section, by=story.office, now=NOW, reason="Chưa có số liệu")

    assert figures(story.directive) == {"open_in_time": 2, "not_acknowledged": 1}


def test_pausing_and_resuming():
    story = kept(make_story(state="in_progress", due=date(2024, 4, 12)))

    lifecycle.pause(story.assignment, by=story.office, now=NOW, reason="Chờ hướng dẫn")
    assert figures(story.directive) == {"open_in_time": 1, "outside": 1, "paused": 1, "not_acknowledged": 1}

    lifecycle.resume(story.assignment, by=story.office, now=NOW)
    assert figures(story.directive) == {"open_in_time": 1, "open_overdue": 1, "not_acknowledged": 1}


@pytest.mark.parametrize(
    ("applies", "expected"),
    [
        (True, {"open_overdue": 1, "open_in_time": 2, "not_acknowledged": 3}),
        (False, {"outside": 1, "open_in_time": 2, "not_acknowledged": 2}),
    ],
)
def test_deciding_a_condition(applies, expected):
    story = kept(make_story())
    task = make_task(story.directive, "2", condition_state="undecided")
    make_assignment(task, story.unit, due=date(2024, 4, 12))
    tallies.refresh(story.directive, unit_ids=[story.unit.pk], task_ids=[task.pk], today=TODAY)
    assert figures(story.directive) == {
        "open_in_time": 2,
        "outside": 1,
        "undecided": 1,
        "not_acknowledged": 3,
    }

    lifecycle.decide_condition(task, applies=applies, by=story.office, now=NOW, reason="Văn bản số 5")

    assert figures(story.directive) == expected


def test_an_extension_brings_work_back_into_time():
    story = kept(make_story(state="in_progress", due=date(2024, 4, 12)))
    extensions.permit_extension(
        story.assignment, by=story.office, now=NOW, reason="Chờ các xã", until=date(2024, 4, 16)
    )
    request = extensions.request_extension(
        story.assignment, by=story.reporter, now=NOW, new_due=date(2024, 4, 19), reason="Còn ba xã"
    )
    assert figures(story.directive) == {"open_in_time": 1, "open_overdue": 1, "not_acknowledged": 1}

    extensions.decide_extension(request, by=story.office, now=NOW, approve=True)

    assert figures(story.directive) == {"open_in_time": 2, "not_acknowledged": 1}


def test_cancelling_leaves_the_four_classes():
    story = kept(make_story())

    lifecycle.cancel(story.assignment, by=story.office, now=NOW, reason="Giao nhầm đơn vị")

    assert figures(story.directive) == {"open_in_time": 1, "outside": 1, "not_acknowledged": 1}


def test_coordinating_work_stands_in_no_figure():
    story = kept(make_story())
    contribution = make_assignment(story.task, role="coordinating", due=date(2024, 4, 12))

    lifecycle.acknowledge(contribution, by=story.reporter, now=NOW)

    assert figures(story.directive) == {"open_in_time": 2, "not_acknowledged": 2}


def test_the_command_is_silent_about_right_figures_and_fails_over_wrong_ones(monkeypatch, capsys):
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    story = kept(make_story())

    call_command("check_tallies")
    assert capsys.readouterr().out == "Khớp: 1 văn bản.\n"

    Tally.objects.filter(unit=story.unit).update(done_late=3)
    with pytest.raises(CommandError) as failure:
        call_command("check_tallies")
    assert (failure.value.returncode, str(failure.value)) == (1, "1 con số không khớp.")
    assert capsys.readouterr().out == (f"70 năm Điện Biên Phủ: unit {story.unit.pk}, done_late: giữ 3, đếm lại 0\n")
