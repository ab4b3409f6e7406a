"""The figures at the end of days: written once, where something changed, and never invented."""

from datetime import date, timedelta
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from records.models import AuditEvent
from tasks.models import Assignment, Directive, FigureDay
from tasks.ranking import jobs
from tasks.ranking.days import at_end_of, last_noted, note_day, note_days, note_missed
from tests.factories import at, make_assignment, make_directive, make_task, make_unit
from tests.tasks.figures import make_house

pytestmark = pytest.mark.django_db

CLASSES = ("done_on_time", "done_late", "open_in_time", "open_overdue", "open_without_due", "outside", "waiting")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2024, 4, day) for day in (15, 16, 17, 18))


def rows(*, of=None) -> list[tuple]:
    """(day, unit or "whole", the columns that are not 0) in the order of writing."""
    found = FigureDay.objects.filter(directive=of) if of else FigureDay.objects.all()
    return [
        (
            row.day,
            row.unit.short_name if row.unit else "whole",
            {name: getattr(row, name) for name in CLASSES if getattr(row, name)},
        )
        for row in found.select_related("unit").order_by("day", F("unit__sort_order").asc(nulls_last=True))
    ]


def night_after(day: date):
    """Five past midnight of the next day."""
    return at(day + timedelta(days=1), "00:05")


def test_the_first_end_of_day_writes_the_whole_and_each_unit():
    directive = make_directive()
    task, other_task = make_task(directive, "1a.1"), make_task(directive, "1a.2")
    encouraged = make_task(directive, "1a.5", strength="encouraged")
    dak_ha, ngoc_hoi = make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy Ngọc Hồi")
    make_assignment(task, dak_ha, due=date(2024, 4, 12), state="completed", completed_on=date(2024, 4, 12))
    make_assignment(other_task, dak_ha, due=date(2024, 4, 12), state="completed", completed_on=date(2024, 4, 13))
    make_assignment(encouraged, dak_ha, due=None)
    make_assignment(task, ngoc_hoi, due=date(2024, 4, 14))
    make_assignment(other_task, ngoc_hoi, due=None)
    make_assignment(encouraged, ngoc_hoi, due=date(2024, 4, 19), state="submitted")

    written = note_day(MONDAY, now=night_after(MONDAY))

    assert written == 3
    assert rows() == [
        (MONDAY, "Huyện ủy Đắk Hà", {"done_on_time": 1, "done_late": 1, "outside": 1}),
        (MONDAY, "Huyện ủy Ngọc Hồi", {"open_in_time": 1, "open_overdue": 1, "open_without_due": 1, "outside": 1, "waiting": 1}),
        (
            MONDAY,
            "whole",
            {
                "done_on_time": 1,
                "done_late": 1,
                "open_in_time": 1,
                "open_overdue": 1,
                "open_without_due": 1,
                "outside": 2,
                "waiting": 1,
            },
        ),
    ]  # fmt: skip


def test_work_due_on_the_day_is_in_time_at_its_end_and_overdue_at_the_end_of_the_next():
    story = make_assignment(make_task(), make_unit("Huyện ủy Đắk Hà"), due=MONDAY)

    note_day(MONDAY, now=night_after(MONDAY))
    note_day(TUESDAY, now=night_after(TUESDAY))

    assert rows(of=story.directive) == [
        (MONDAY, "Huyện ủy Đắk Hà", {"open_in_time": 1}),
        (MONDAY, "whole", {"open_in_time": 1}),
        (TUESDAY, "Huyện ủy Đắk Hà", {"open_overdue": 1}),
        (TUESDAY, "whole", {"open_overdue": 1}),
    ]


def test_only_the_unit_whose_figures_changed_and_the_whole_get_a_new_row():
    task = make_task()
    mine = make_assignment(task, make_unit("Huyện ủy Đắk Hà"))
    make_assignment(task, make_unit("Huyện ủy Ngọc Hồi"))
    note_day(MONDAY, now=night_after(MONDAY))
    Assignment.objects.filter(pk=mine.pk).update(state="completed", completed_on=TUESDAY)

    assert note_day(TUESDAY, now=night_after(TUESDAY)) == 2
    assert note_day(WEDNESDAY, now=night_after(WEDNESDAY)) == 0
    assert rows()[3:] == [
        (TUESDAY, "Huyện ủy Đắk Hà", {"done_on_time": 1}),
        (TUESDAY, "whole", {"done_on_time": 1, "open_in_time": 1}),
    ]
    assert last_noted() == WEDNESDAY


def test_a_day_that_stands_is_not_written_again_however_things_change():
    mine = make_assignment()
    note_day(MONDAY, now=night_after(MONDAY))
    Assignment.objects.filter(pk=mine.pk).update(state="completed", completed_on=TUESDAY)

    assert note_missed(now=at(TUESDAY, "15:00")) == 0
    assert note_day(date(2024, 4, 12), now=at(TUESDAY, "15:00")) == 0
    assert [(day, figures) for day, _, figures in rows()] == [
        (MONDAY, {"open_in_time": 1}),
        (MONDAY, {"open_in_time": 1}),
    ]
    assert AuditEvent.objects.filter(verb="figures.noted").count() == 1


def test_after_days_without_a_server_only_the_newest_is_noted_and_says_how_late():
    make_assignment(due=MONDAY)
    note_day(MONDAY, now=night_after(MONDAY))

    note_missed(now=at(date(2024, 4, 22), "09:30"))

    newest = FigureDay.objects.order_by("-pk").first()
    assert {day for day, _, _ in rows()} == {MONDAY, date(2024, 4, 21)}
    assert newest.noted_at == at("2024-04-22", "09:30")


def test_the_clock_of_the_demo_that_jumps_over_days_off_notes_each_of_them():
    make_assignment(due=date(2024, 4, 27))

    written = note_days(date(2024, 4, 26), date(2024, 4, 28), now=at("2024-04-29"))

    assert written == 4
    assert [(day, figures) for day, unit, figures in rows() if unit == "whole"] == [
        (date(2024, 4, 26), {"open_in_time": 1}),
        (date(2024, 4, 28), {"open_overdue": 1}),
    ]
    assert last_noted() == date(2024, 4, 28)


def test_the_beat_rings_for_the_job_that_notes_yesterday_by_the_pages_clock(settings, monkeypatch):
    make_assignment()
    monkeypatch.setattr("directive_tracker.clock.now", lambda: night_after(MONDAY))

    assert settings.CELERY_BEAT_SCHEDULE["tasks.note_day"]["task"] == jobs.note_day.name == "tasks.note_day"
    assert (jobs.note_day(), jobs.note_day(), last_noted()) == (2, 0, MONDAY)


def test_a_day_to_come_is_refused():
    with pytest.raises(ValueError, match="2024-04-16 has not come"):
        note_day(TUESDAY, now=at(MONDAY, "23:59"))
    assert FigureDay.objects.count() == 0


def test_a_directive_issued_after_the_day_has_no_figures_of_it():
    make_assignment(make_task(make_directive(issued_on=TUESDAY)))

    assert note_day(MONDAY, now=at(TUESDAY, "09:00")) == 0
    assert note_day(TUESDAY, now=night_after(TUESDAY)) == 2


def test_drafts_and_empty_offices_leave_nothing_behind():
    make_task(make_directive(state="draft"))

    assert note_day(MONDAY, now=night_after(MONDAY)) == 0
    assert (FigureDay.objects.count(), AuditEvent.objects.filter(verb="figures.noted").count()) == (0, 0)


def test_an_ended_directive_gets_its_last_rows_on_the_day_it_ended_and_none_after():
    mine = make_assignment(due=date(2024, 4, 16))
    note_day(MONDAY, now=night_after(MONDAY))
    Directive.objects.filter(pk=mine.directive_id).update(state="closed", closed_on=WEDNESDAY)

    note_missed(now=at(date(2024, 4, 22), "09:30"))
    note_missed(now=at(date(2024, 4, 23), "09:30"))

    assert [(day, figures) for day, unit, figures in rows() if unit == "whole"] == [
        (MONDAY, {"open_in_time": 1}),
        (WEDNESDAY, {"open_overdue": 1}),
    ]


def test_a_directive_ended_in_the_morning_still_counts_for_the_evening_before():
    mine = make_assignment(due=date(2024, 4, 14))
    Directive.objects.filter(pk=mine.directive_id).update(state="closed", closed_on=TUESDAY)

    note_day(MONDAY, now=at(TUESDAY, "09:00"))
    note_day(TUESDAY, now=night_after(TUESDAY))

    # The whole stands once more on its last day, although nothing changed.
    assert [(day, unit) for day, unit, _ in rows()] == [
        (MONDAY, mine.unit.short_name),
        (MONDAY, "whole"),
        (TUESDAY, "whole"),
    ]


def test_a_unit_whose_work_went_to_another_holds_nothing_from_then_on():
    task, old, new = make_task(), make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy Ngọc Hồi")
    mine = make_assignment(task, old)
    note_day(MONDAY, now=night_after(MONDAY))
    Assignment.objects.filter(pk=mine.pk).update(unit=new)

    note_day(TUESDAY, now=night_after(TUESDAY))
    assert note_day(WEDNESDAY, now=night_after(WEDNESDAY)) == 0

    assert rows()[2:] == [(TUESDAY, "Huyện ủy Đắk Hà", {}), (TUESDAY, "Huyện ủy Ngọc Hồi", {"open_in_time": 1})]


def test_the_figures_of_a_day_are_those_of_the_newest_row_until_then():
    mine = make_assignment(due=date(2024, 4, 30))
    note_day(MONDAY, now=night_after(MONDAY))
    Assignment.objects.filter(pk=mine.pk).update(state="completed", completed_on=WEDNESDAY)
    note_day(WEDNESDAY, now=night_after(WEDNESDAY))
    of_units = FigureDay.objects.filter(unit__isnull=False)

    found = {day: [row.done_on_time for row in at_end_of(of_units, day)] for day in (MONDAY, TUESDAY, WEDNESDAY)}

    assert found == {MONDAY: [0], TUESDAY: [0], WEDNESDAY: [1]}
    assert list(at_end_of(of_units, date(2024, 4, 14))) == []


def test_thirty_works_take_as_many_statements_as_one():
    def statements(units: int, tasks: int, day: date) -> int:
        with transaction.atomic():
            make_house(units=units, tasks=tasks)
            with CaptureQueriesContext(connection) as captured:
                note_day(day, now=night_after(day))
            written = FigureDay.objects.count()
            transaction.set_rollback(True)
        assert written == units + 1
        return len(captured)

    assert statements(10, 3, MONDAY) == statements(1, 1, MONDAY)


def test_a_place_has_one_row_a_day():
    mine = make_assignment()
    values = dict.fromkeys(CLASSES, 0) | {"directive": mine.directive, "day": MONDAY, "noted_at": night_after(MONDAY)}
    FigureDay.objects.create(**values)
    FigureDay.objects.create(unit=mine.unit, **values)

    for unit in (None, mine.unit):
        with pytest.raises(IntegrityError), transaction.atomic():
            FigureDay.objects.create(unit=unit, **values)
    assert FigureDay.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_note_a_day_once():
    make_assignment()

    def work() -> None:
        try:
            note_missed(now=at(TUESDAY, "00:05"))
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert FigureDay.objects.count() == 2
    assert AuditEvent.objects.filter(verb="figures.noted").count() == 1
