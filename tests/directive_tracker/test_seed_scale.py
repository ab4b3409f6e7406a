"""Invented data of any size: the numbers that were asked for, rows that fit each other, the same rows for the same seed."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Count

from accounts.models import User
from directive_tracker.scale import loader, registry
from directive_tracker.scale.build import Size, build
from directive_tracker.scale.directives import share_out
from directive_tracker.scale.work import rounds_of_periods
from notifications.models import Notice
from tasks import tallies
from tasks.enums import OPEN_STATES
from tasks.models import (
    Assignment,
    AssignmentProduct,
    Directive,
    DirectiveTask,
    ExtensionRequest,
    FigureDay,
    IndicatorValue,
    Nudge,
    ProgressReport,
    ReportRound,
    SectionProduct,
    StatusChange,
    Tally,
    UnitReport,
)
from tasks.ranking.days import at_end_of
from tests.factories import at, make_directive
from units.models import Membership, Unit
from veterans.models import Gift, Person, PersonCategory, PlanEntry, SensitiveValue, Visit

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
CHECKED = (
    *(User, Unit, Membership, Directive, DirectiveTask, Assignment, AssignmentProduct, StatusChange, ExtensionRequest),
    *(Nudge, UnitReport, ProgressReport, SectionProduct, ReportRound, IndicatorValue, Tally, FigureDay, Notice, Person),
    *(PersonCategory, PlanEntry, Visit, Gift),
)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 08:00."""
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)


def load(assignments: int = 2000, units: int = 20, users: int = 60, *, seed: int = 1, **more) -> str:
    """Load and return the password."""
    size = Size(assignments=assignments, units=units, users=users, **more)
    return build(size, today=TODAY, seed=seed, say=lambda words: None).password


def rows() -> list[tuple]:
    """Every assignment by what it says, without keys."""
    names = ("task__code", "task__title", "unit__code", "state", "role", "due_current", "completed_on")
    return list(Assignment.objects.order_by("pk").values_list(*names))


def test_there_is_as_much_of_everything_as_was_asked_for():
    load(1234, 10, 33, directives=3, reports=40, people=7)

    counts = (
        Assignment.objects.count(),
        Unit.objects.filter(code__startswith="scale-0").count(),
        User.objects.count(),
        Directive.objects.count(),
        Person.objects.count(),
    )
    assert counts == (1234, 10, 33, 3, 7)
    assert UnitReport.objects.count() <= 40


def test_many_reports_are_as_many_as_were_asked_for_each_with_a_section_and_a_round():
    load(200, 10, 33, directives=2, reports=600)

    reports = UnitReport.objects.annotate(parts=Count("sections"), rounds=Count("sections__rounds"))

    assert 540 <= reports.count() <= 600
    assert not reports.filter(parts=0).exists()
    assert not reports.filter(rounds=0).exists()


def loaded_and_undone(seed: int) -> list[tuple]:
    """What one loading would leave."""
    with transaction.atomic():
        load(300, 10, 12, seed=seed)
        found = rows()
        transaction.set_rollback(True)
    return found


def test_the_same_seed_gives_the_same_rows_and_another_one_others():
    first, again, other = loaded_and_undone(7), loaded_and_undone(7), loaded_and_undone(8)

    assert (len(first), first == again, first == other) == (300, True, False)


def test_many_people_leave_the_tables_with_the_indexes_and_foreign_keys_they_had(monkeypatch):
    """They are set aside on PostgreSQL while so many are written, and made again in the same transaction."""
    monkeypatch.setattr(registry, "MANY", 40)
    monkeypatch.setattr(loader, "BATCH", 60)  # reports are written while the documents they name still wait

    def shape() -> list:
        tables = [table._meta.db_table for table in (Person, PersonCategory, SensitiveValue)]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                return [connection.introspection.get_constraints(cursor, table) for table in tables]
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name IN (%s, %s, %s) ORDER BY name", tables)
            return cursor.fetchall()

    before = shape()
    load(100, 5, 10, people=40)

    assert shape() == before
    assert (Person.objects.count(), PersonCategory.objects.count()) == (40, 40)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonCategory.objects.create(person_id=10**6, category="other")
        connection.check_constraints()


def test_forty_in_a_hundred_are_open_and_a_third_of_these_overdue():
    load()

    is_open = Assignment.objects.filter(state__in=OPEN_STATES)
    late = is_open.exclude(state="submitted").filter(due_current__lt=TODAY)
    five = Assignment.objects.annotate(rounds=Count("progress_reports__rounds")).filter(rounds=5)

    assert (is_open.count(), late.count(), five.count()) == (792, 248, 230)


def test_each_document_has_ten_weeks_behind_it_and_the_whole_is_the_sum_of_its_units():
    load(600, 10, 30, directives=2)
    directive = Directive.objects.order_by("pk").first()
    mine = FigureDay.objects.filter(directive=directive)
    of_units, whole = mine.filter(unit__isnull=False), list(mine.filter(unit=None).order_by("pk"))

    sums = [sum(row.done_on_time for row in at_end_of(of_units, row.day)) for row in whole]

    assert [row.day for row in whole[:2] + whole[-1:]] == [date(2024, 2, 5), date(2024, 2, 12), date(2024, 4, 8)]
    assert ([row.done_on_time for row in whole] == sums, len(sums), FigureDay.objects.filter(unit=None).count()) == (
        True,
        10,
        20,
    )


def test_every_row_is_one_that_the_pages_would_have_written():
    load(600, 10, 30, people=40)

    for table in CHECKED:
        sample = list(table._base_manager.order_by("pk")[:60])
        assert sample, table
        for row in sample:
            row.full_clean(validate_unique=False, validate_constraints=True)


def test_of_the_verified_a_third_was_called_on_a_third_waits_in_the_plan_and_a_third_is_forgotten():
    load(600, 10, 30, people=300)

    verified = Person.objects.verified_living()
    visited = verified.filter(visits__isnull=False)
    planned = verified.filter(plan_entries__isnull=False, visits__isnull=True)
    assert (verified.count(), planned.count(), visited.count(), Gift.objects.count()) == (43, 15, 14, 14)


def test_the_kept_figures_are_those_counted_live():
    load()

    assert [tallies.differences(directive, today=TODAY) for directive in Directive.objects.all()] == [[]] * 5


def test_the_history_leads_to_the_state_in_which_the_work_is():
    load()

    ends = dict(StatusChange.objects.order_by("pk").values_list("assignment_id", "new_state"))
    starts = dict(StatusChange.objects.order_by("-pk").values_list("assignment_id", "old_state"))

    assert ends == dict(Assignment.objects.values_list("pk", "state"))
    assert Counter(starts.values()) == {"": 2000}


def test_what_was_sent_waits_and_what_is_completed_was_accepted_on_its_day():
    load()

    waiting = set(ReportRound.objects.filter(decision="pending").values_list("section__assignment_id", flat=True))
    accepted = ReportRound.objects.filter(decision="accepted", section__claims_completion=True)
    days = dict(accepted.values_list("section__assignment_id", "submitted_on"))

    assert waiting == set(Assignment.objects.filter(state="submitted").values_list("pk", flat=True))
    assert days == dict(Assignment.objects.filter(state="completed").values_list("pk", "completed_on"))


def test_a_report_stands_as_its_sections_do():
    load()

    wrong = UnitReport.objects.exclude(state="submitted").filter(sections__state="submitted")
    wrong |= UnitReport.objects.filter(state="decided", sections__state="returned")
    empty = UnitReport.objects.filter(sections__isnull=True)

    assert (wrong.count(), empty.count()) == (0, 0)


def test_the_first_account_is_the_offices_the_second_the_committees_and_every_unit_has_a_reporter():
    password = load(200, 10, 30)

    roles = dict(Membership.objects.order_by("pk").values_list("user__username", "role"))
    reporters = Membership.objects.filter(role="reporter").values("unit").distinct().count()

    assert [roles[f"scale{n:06d}"] for n in (1, 2, 3, 12, 13, 22, 23)] == [
        *("office", "reader", "reporter", "reporter", "unit_head", "unit_head", "reporter")
    ]
    assert reporters == 10
    assert User.objects.get(username="scale000030").check_password(password)


@pytest.mark.parametrize("who", ["scale000001", "scale000002", "scale000003"])
def test_the_pages_open_for_everybody(client, who):
    password = load(400, 10, 30)
    assert client.login(username=who, password=password)
    part = Assignment.objects.visible_to(User.objects.get(username=who)).first()
    directive = Directive.objects.first()

    paths = ["/phan-viec/", f"/phan-viec/{part.pk}/", f"/tong-quan/{directive.pk}/", f"/van-ban/{directive.pk}/"]
    paths += ["/don-vi/", "/don-vi/bao-cao/", "/thong-bao/"] if who == "scale000003" else []

    assert [client.get(path).status_code for path in paths] == [200] * len(paths)


def test_rows_written_afterwards_get_keys_of_their_own():
    load(100, 5, 10)
    last = Nudge.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    nudge = Nudge.objects.create(
        assignment=Assignment.objects.first(), by=User.objects.first(), at=at(TODAY), message="Xin báo cáo"
    )

    assert nudge.pk > last


@pytest.mark.parametrize(
    ("assignments", "units", "directives", "tasks"),
    [(0, 5, 0, []), (7, 3, 1, [3]), (10, 5, 4, [1, 1, 1, 1]), (2, 9, 3, [1, 1, 1])],
)
def test_the_parts_are_shared_out_exactly_and_never_twice_to_a_unit(assignments, units, directives, tasks):
    shares = share_out(assignments, units, directives)

    assert [len(one) for one in shares] == tasks
    assert sum(len(found) for one in shares for found in one) == assignments
    assert all(len(found) == len(set(found)) for one in shares for found in one)


@pytest.mark.parametrize(("periods", "expected"), [(1, [5]), (2, [2, 3]), (3, [1, 2, 2]), (7, [0, 0, 1, 1, 1, 1, 1])])
def test_five_updates_are_spread_over_the_periods(periods, expected):
    assert rounds_of_periods(periods) == expected


def test_the_command_says_what_it_loaded_and_prints_the_password_once():
    said = StringIO()
    call_command("seed_scale", assignments=100, units=5, users=10, today=TODAY, stdout=said, stderr=StringIO())

    lines = said.getvalue().splitlines()

    assert [line for line in lines if line.endswith(" phần việc của đơn vị")] == ["         100 phần việc của đơn vị"]
    assert sum(line.startswith("Mật khẩu chung: ") for line in lines) == 1


@pytest.mark.parametrize("real", [True, False])
def test_invented_data_never_stand_among_real_ones_nor_twice(real):
    if real:
        make_directive()
    else:
        load(20, 5, 5)
    before = Assignment.objects.count()

    with pytest.raises(CommandError) as refused:
        call_command("seed_scale", assignments=100, units=5, users=10, stdout=StringIO(), stderr=StringIO())

    words = "Cơ sở dữ liệu đã có văn bản" if real else "Dữ liệu giả định đã nạp rồi"
    assert str(refused.value).startswith(words)
    assert Assignment.objects.count() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--assignments", "-1"], "“-1” phải là số nguyên từ 0 đến 5000000, ví dụ 20000"),
        (["--assignments", "5", "--units", "0"], "“0” phải là số nguyên từ 1 đến 5000000"),
        (["--assignments", "nhiều"], "“nhiều” phải là số nguyên"),
        (
            ["--assignments", "5", "--units", "2", "--users", "2", "--today", "31/2"],
            "“31/2” không phải ngày dạng 2024-04-15",
        ),
        (
            ["--assignments", "5", "--units", "2", "--users", "2", "--today", "9999-01-01"],
            "phải trong các năm 1990–2100",
        ),
    ],
)
def test_a_wrong_number_or_day_is_named(arguments, words):
    with pytest.raises(CommandError) as refused:
        call_command("seed_scale", *arguments)

    assert words in str(refused.value)
