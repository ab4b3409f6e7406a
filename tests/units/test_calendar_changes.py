"""Changing the working calendar: the preview, everything or nothing, what became stale."""

from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from records.models import AuditEvent
from tests.factories import at, make_user
from units import calendar_changes
from units.calendar import LOCK, hold_calendar, work_calendar
from units.calendar_changes import Change, Day, Stale, Year, apply, entry_of, preview, removal_of
from units.errors import Refused
from units.models import CalendarDay, CalendarYear

NOW = at("2024-04-15", "09:00")
OFF = Day(date(2024, 5, 2), False, "Nghỉ thêm", "12-TB/TU")
SWAP = (
    Day(date(2024, 5, 2), False, "Nghỉ hoán đổi", "12-TB/TU", date(2024, 5, 11)),
    Day(date(2024, 5, 11), True, "Nghỉ hoán đổi", "12-TB/TU", date(2024, 5, 2)),
)


def done(change: Change, **values):
    """Apply a change as somebody who has just seen its preview."""
    return apply(change, digest=preview(change).digest, by=values.pop("by", None), now=NOW)


# --- the calendar in force ------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_calendar_is_read_in_one_statement_with_its_reasons_and_years(django_assert_num_queries):
    done(Change(SWAP, (Year(2027, True, "9000/TB-BNV"), Year(2026, False))))

    with django_assert_num_queries(1):
        calendar = work_calendar()

    assert calendar.is_working_day(date(2024, 5, 2)) is False
    assert calendar.why(date(2024, 5, 2)) == "Nghỉ hoán đổi, làm bù ngày 11/5/2024 (văn bản số 12-TB/TU)"
    assert calendar.why_working(date(2024, 5, 11)) == ("Nghỉ hoán đổi, làm bù cho ngày 02/5/2024 (văn bản số 12-TB/TU)")
    assert [calendar.is_announced(year) for year in (2025, 2026, 2027, 2028)] == [True, False, True, False]


@pytest.mark.django_db
def test_a_change_counts_at_once_for_everybody_who_reads_afterwards():
    before = work_calendar().add(date(2024, 5, 7), -3)

    done(Change((Day(date(2024, 5, 6), False, "Đại hội"),)))

    assert (before, work_calendar().add(date(2024, 5, 7), -3)) == (date(2024, 5, 3), date(2024, 5, 2))


# --- preview and apply ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_preview_writes_nothing_and_names_the_entry_that_was_there():
    done(Change((OFF,)))
    other = Day(OFF.day, False, "Nghỉ bù")

    shown = preview(Change((other,)))

    assert shown.days == [(other, OFF)]
    assert CalendarDay.objects.get().reason == "Nghỉ thêm"


@pytest.mark.django_db
def test_applying_writes_days_years_and_one_event():
    person = make_user("quantri")

    done(Change((OFF,), (Year(2027, True, "9000/TB-BNV"),)), by=person)

    assert [entry_of(row) for row in CalendarDay.objects.all()] == [OFF]
    assert list(CalendarYear.objects.values_list("year", "announced", "notice_number", "by", "at")) == [
        (2027, True, "9000/TB-BNV", person.pk, NOW)
    ]
    event = AuditEvent.objects.get()
    assert (event.verb, event.topic, event.actor, event.at) == ("calendar.changed", "units", person, NOW)
    assert event.data == {
        "entries": [
            "02/5/2024 (Thứ Năm): nghỉ – Nghỉ thêm (văn bản số 12-TB/TU)",
            "năm 2027: lịch nghỉ đã công bố (văn bản số 9000/TB-BNV)",
        ],
        "due_days_moved": 0,
        "count": 2,
    }


@pytest.mark.django_db
def test_the_same_change_twice_changes_nothing():
    done(Change((OFF,)))
    again = preview(Change((OFF,)))

    with pytest.raises(Refused, match="lịch đã đúng như vậy"):
        apply(Change((OFF,)), digest=again.digest, by=None, now=NOW)

    assert again.has_work is False
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db
def test_what_somebody_changed_meanwhile_is_shown_anew_instead_of_applied():
    mine = Change((OFF,))
    seen = preview(mine).digest
    done(Change((Day(OFF.day, False, "Người khác ghi"),)))

    with pytest.raises(Stale) as stale:
        apply(mine, digest=seen, by=None, now=NOW)

    assert CalendarDay.objects.get().reason == "Người khác ghi"
    assert stale.value.preview.days == [(OFF, Day(OFF.day, False, "Người khác ghi"))]
    apply(mine, digest=stale.value.preview.digest, by=None, now=NOW)
    assert CalendarDay.objects.get().reason == "Nghỉ thêm"


class _Refuser:
    """A room that finds one thing to move and cannot move it."""

    class _Found:
        mark = ("refuser",)
        move = calendar_changes.Move("Đơn vị", "1", date(2024, 5, 3), date(2024, 5, 2))

    def find(self, old, new):
        return [self._Found()]

    def apply(self, found, *, by, now, reason):
        raise Refused("Hạn vừa được người khác thay đổi.")


@pytest.mark.django_db
def test_when_one_room_cannot_move_its_days_nothing_is_saved():
    calendar_changes.movers.append(refuser := _Refuser())
    try:
        with pytest.raises(Refused, match="vừa được người khác"):
            done(Change((OFF,), (Year(2027, True),)))
    finally:
        calendar_changes.movers.remove(refuser)

    assert not CalendarDay.objects.exists()
    assert not CalendarYear.objects.exists()
    assert not AuditEvent.objects.exists()


# --- swaps ----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("half", SWAP)
def test_half_a_swap_is_refused(half):
    with pytest.raises(Refused, match="một ngày phải nghỉ và một ngày phải làm việc"):
        preview(Change((half,)))


@pytest.mark.django_db
def test_taking_away_one_day_of_a_swap_takes_both():
    done(Change(SWAP))
    row = CalendarDay.objects.get(date=date(2024, 5, 2))

    change = removal_of(row, CalendarDay.objects.filter(date=row.swapped_with))
    done(change)

    assert change == Change((Day(date(2024, 5, 2), None), Day(date(2024, 5, 11), None)))
    assert not CalendarDay.objects.exists()
    assert AuditEvent.objects.order_by("pk").last().data["entries_before"] == [
        "02/5/2024 (Thứ Năm): nghỉ – Nghỉ hoán đổi, làm bù ngày 11/5/2024 (văn bản số 12-TB/TU)",
        "11/5/2024 (Thứ Bảy): làm việc – Nghỉ hoán đổi, làm bù cho ngày 02/5/2024 (văn bản số 12-TB/TU)",
    ]


@pytest.mark.django_db
def test_a_day_of_a_swap_is_not_made_something_else_alone():
    done(Change(SWAP))

    with pytest.raises(Refused, match="hoán đổi với ngày 02/5/2024"):
        preview(Change((Day(date(2024, 5, 2), None),)))


@pytest.mark.django_db
def test_a_day_said_twice_is_refused():
    with pytest.raises(Refused, match="Ngày 02/5/2024 được nhắc hai lần"):
        preview(Change((OFF, Day(OFF.day, True, "Làm bù"))))


# --- the sealed text of a page ---------------------------------------------------------------------

WORDS = st.text(max_size=30)
SOME_DAY = st.dates(min_value=date(1995, 1, 1), max_value=date(2099, 12, 31))
CHANGES = st.builds(
    Change,
    st.lists(
        st.builds(Day, SOME_DAY, st.sampled_from([True, False, None]), WORDS, WORDS, st.none() | SOME_DAY), max_size=5
    ).map(tuple),
    st.lists(st.builds(Year, st.integers(1995, 2099), st.booleans(), WORDS), max_size=3).map(tuple),
)


@given(CHANGES)
def test_a_sealed_change_opens_as_it_was(change):
    assert Change.unsealed(change.sealed()) == change


@pytest.mark.parametrize("text", ["", "x", "W10:1abc:def"])
def test_a_text_that_nobody_sealed_is_refused(text):
    with pytest.raises(Refused, match="Không đọc được thay đổi này"):
        Change.unsealed(text)


# --- two at once -----------------------------------------------------------------------------------


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_nobody_computes_days_while_the_calendar_is_being_changed():
    other = connection.copy()
    try:
        with transaction.atomic():
            hold_calendar(to_change=True)
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [LOCK])
                while_changing = cursor.fetchone()[0]
        with transaction.atomic():
            hold_calendar()
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [LOCK])
                while_computing = cursor.fetchone()[0]
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
                to_change = cursor.fetchone()[0]
    finally:
        other.close()

    assert (while_changing, while_computing, to_change) == (False, True, False)
