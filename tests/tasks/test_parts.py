"""What others do for a unit's work, on the unit's page: bounded, what waits first, and a page with all of it."""

from datetime import date

import pytest

from directive_tracker.vietnamese import fold
from tasks.enums import SectionState
from tasks.handing.parts import Contribution, first_parts, page_of_parts
from tasks.models import Assignment, ProgressReport, UnitReport
from tests.factories import at, make_assignment, make_directive, make_reporter, make_task, make_unit, make_user
from tests.tasks.story import make_story
from units.models import Unit

pytestmark = pytest.mark.django_db
NOW, TODAY = at("2024-04-15"), date(2024, 4, 15)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr("directive_tracker.clock.now", lambda: NOW)
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)


def units(count: int, name: str = "Đơn vị") -> list[Unit]:
    """So many units in the order of their numbers."""
    made = [
        Unit(
            name=f"{name} {n}", short_name=f"{name} {n}", code=f"{fold(name)}-{n}", kind="other", sort_order=100 + n,
            search_key=fold(f"{name} {n}"),
        )
        for n in range(count)
    ]  # fmt: skip
    return Unit.objects.bulk_create(made)


def help_with(task, helpers: list[Unit]) -> list[Assignment]:
    """They coordinate the task."""
    return Assignment.objects.bulk_create(
        Assignment(
            directive=task.directive, task=task, unit=unit, role="coordinating", state="in_progress", assigned_on=TODAY,
            updated_at=NOW,
        )
        for unit in helpers
    )  # fmt: skip


def send(assignment: Assignment, person, state: SectionState = SectionState.SUBMITTED) -> ProgressReport:
    """The unit has sent something about it."""
    report = UnitReport.objects.create(
        directive=assignment.directive, unit=assignment.unit, state="submitted", created_by=person, created_at=NOW,
        saved_by=person, saved_at=NOW, submitted_by=person, submitted_at=NOW,
    )  # fmt: skip
    return ProgressReport.objects.create(unit_report=report, assignment=assignment, state=state)


def works(count: int):
    """A unit that leads so many tasks, each with one helper who has sent nothing; its person and the helpers' work."""
    lead, directive = make_unit("Ban chủ trì"), make_directive()
    helpers = units(count)
    helping = []
    for number in range(count):
        task = make_task(directive, f"{number}", title=f"Việc {number}", order=number)
        make_assignment(task, lead, state="in_progress")
        helping += help_with(task, [helpers[number]])
    return lead, make_reporter(lead, "chutri"), helping


def test_what_waits_for_acceptance_comes_first_then_the_order_of_the_document():
    lead, person, helping = works(10)
    send(helping[9], person)
    send(helping[4], person, SectionState.ACCEPTED)

    first = first_parts(person, lead)

    assert [work.code for work in first.works] == ["9", "0", "1", "2", "3", "4", "5", "6"]
    assert first.more is True
    assert [(work.total, work.contributed, work.waiting) for work in first.works[:6]] == [
        *((1, 1, 1), (1, 0, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0), (1, 1, 0)),
    ]


def test_eight_works_are_all_there_is_to_show():
    lead, person, _ = works(8)

    first = first_parts(person, lead)

    assert (len(first.works), first.more) == (8, False)


def test_of_one_work_five_that_sent_and_twelve_that_did_not_are_named_and_the_others_counted():
    story = make_story(state="in_progress")
    helping = help_with(story.task, units(30))
    for assignment in helping[10:17]:
        send(assignment, story.office, SectionState.ACCEPTED)
    waiting = send(helping[20], story.office)

    (work,) = first_parts(story.reporter, story.unit).works

    assert (work.total, work.contributed, work.waiting) == (30, 8, 1)
    assert work.rows[0] == Contribution("Đơn vị 20", waiting.pk, SectionState.SUBMITTED)
    assert [row.unit_name for row in work.rows[1:]] == ["Đơn vị 10", "Đơn vị 11", "Đơn vị 12", "Đơn vị 13"]
    assert work.more_rows == 3
    assert work.missing == [*(f"Đơn vị {n}" for n in range(10)), "Đơn vị 17", "Đơn vị 18"]
    assert work.more_missing == 10


def test_a_section_that_waits_speaks_for_its_unit_though_a_newer_one_was_accepted():
    story = make_story(state="in_progress")
    (helping,) = help_with(story.task, units(1))
    waiting = send(helping, story.office)
    send(helping, story.office, SectionState.ACCEPTED)

    (work,) = first_parts(story.reporter, story.unit).works

    assert work.rows == [Contribution("Đơn vị 0", waiting.pk, SectionState.SUBMITTED)]


def test_a_draft_has_not_been_sent_and_work_set_aside_is_not_waited_for():
    story = make_story(state="in_progress")
    draft, paused, cancelled = help_with(story.task, units(3))
    send(draft, story.office, SectionState.DRAFT)
    Assignment.objects.filter(pk=paused.pk).update(state="paused", paused_from="in_progress")
    Assignment.objects.filter(pk=cancelled.pk).update(state="cancelled")

    (work,) = first_parts(story.reporter, story.unit).works

    assert (work.total, work.rows, work.missing) == (1, [], ["Đơn vị 0"])


def test_parts_stand_under_the_work_they_were_taken_from_and_helpers_under_the_lead():
    story = make_story(state="in_progress")
    below = make_unit("Đảng ủy xã", short_name="Xã", parent=story.unit)
    make_assignment(story.task, below, role="part", parent=story.assignment, state="in_progress")
    help_with(story.task, units(1))
    of_others = make_assignment(make_task(story.directive, "2b"), story.other_unit)
    help_with(of_others.task, units(1, "Nơi khác"))

    (work,) = first_parts(story.reporter, story.unit).works

    assert (work.for_work, sorted(work.missing)) == (story.assignment.pk, ["Xã", "Đơn vị 0"])


def test_a_unit_that_helps_itself_is_not_among_the_others():
    story = make_story(state="in_progress")
    part = make_assignment(make_task(story.directive, "1b"), story.unit, role="coordinating", state="in_progress")

    assert part.unit == story.unit
    assert first_parts(story.reporter, story.unit).works == []


def test_what_others_do_for_a_units_work_is_some_of_what_its_people_may_see_and_nobody_elses_business():
    story = make_story(state="in_progress")
    below = make_unit("Đảng ủy xã", short_name="Xã", parent=story.unit)
    part = make_assignment(story.task, below, role="part", parent=story.assignment, state="in_progress")
    (helping,) = help_with(story.task, units(1))
    of_others = make_assignment(make_task(story.directive, "2b"), story.other_unit)
    help_with(of_others.task, units(1, "Nơi khác"))
    stranger = make_reporter(helping.unit, "nguoiphoihop")
    admin = make_user("quantri", is_superuser=True, is_staff=True)

    def seen(user) -> list[int]:
        return sorted(Assignment.objects.visible_for_work_of(story.unit.pk, user).values_list("pk", flat=True))

    assert seen(story.reporter) == sorted([part.pk, helping.pk])
    assert set(seen(story.reporter)) <= set(Assignment.objects.visible_to(story.reporter).values_list("pk", flat=True))
    assert seen(story.office) == sorted([part.pk, helping.pk])
    assert seen(stranger) == []
    assert seen(admin) == []


@pytest.mark.parametrize("count", [1, 300])
def test_the_page_of_the_unit_asks_the_same_statements_for_one_helper_and_three_hundred(
    client, count, django_assert_num_queries
):
    story = make_story(state="in_progress")
    for assignment in help_with(story.task, units(count)):
        send(assignment, story.office)
    client.force_login(story.reporter)
    client.get("/don-vi/")

    with django_assert_num_queries(20):
        page = client.get("/don-vi/").content.decode()

    assert page.count("Xem và chấp nhận") == min(count, 5)


@pytest.mark.parametrize("count", [1, 300])
def test_the_page_of_all_works_asks_the_same_statements_for_one_and_three_hundred(
    client, count, django_assert_num_queries
):
    _, person, _ = works(count)
    client.force_login(person)
    client.get("/don-vi/?nhom=phoi-hop")

    with django_assert_num_queries(6):
        page = client.get("/don-vi/?nhom=phoi-hop").content.decode()

    assert page.count("<details") - page.count('<details class="dt-menu') >= min(count, 25)
    assert ("1–25 trong 300 việc" in page) is (count == 300)


def test_the_last_page_of_all_works_holds_the_last_ones():
    lead, person, _ = works(30)

    page, last = page_of_parts(person, lead, "9")

    assert (page.number, page.paginator.count) == (2, 30)
    assert [work.code for work in last] == ["25", "26", "27", "28", "29"]


def test_more_rows_than_a_statement_has_places_for_are_no_error(client):
    story = make_story(state="in_progress")
    help_with(story.task, units(33_000))
    client.force_login(story.reporter)

    page = client.get("/don-vi/").content.decode()

    assert "0/33.000 đã góp" in page
    assert "và 32.988 đơn vị khác" in page


def test_the_page_of_the_works_of_a_unit_below_is_not_the_persons(client):
    story = make_story(state="in_progress")
    below = make_unit("Đảng ủy xã", parent=story.unit)
    client.force_login(story.reporter)

    page = client.get(f"/don-vi/?nhom=phoi-hop&don-vi={below.pk}")

    assert "works" not in page.context


def menu(client, address: str) -> list[str]:
    return [entry.label for entry in client.get(address).context["look"].nav]


def test_the_menu_leads_a_lead_to_the_queue_while_others_help_it(client):
    story = make_story(state="in_progress")
    client.force_login(story.reporter)
    alone = menu(client, "/don-vi/")
    (helping,) = help_with(story.task, units(1))

    helped = [menu(client, "/don-vi/"), menu(client, "/don-vi/bao-cao/")]
    Assignment.objects.filter(pk=helping.pk).update(state="cancelled")
    again = menu(client, "/don-vi/")

    assert ("Chờ xem xét" in alone, ["Chờ xem xét" in entries for entries in helped]) == (False, [True, True])
    assert "Chờ xem xét" not in again


def test_the_menu_leads_a_reviewing_unit_to_the_queue_and_others_not(client):
    story = make_story(state="in_progress")
    story.task.reviewing_unit = story.other_unit
    story.task.save()

    entries = {}
    for name, person in (("reviewing", story.stranger), ("other", story.reporter)):
        client.force_login(person)
        entries[name] = "Chờ xem xét" in menu(client, "/don-vi/")

    assert entries == {"reviewing": True, "other": False}


def test_the_office_reaches_queue_and_instructions_from_its_menu(client):
    client.force_login(make_story().office)

    entries = menu(client, "/hom-nay/")

    assert {"Chờ xem xét", "Ý kiến chỉ đạo"} <= set(entries)
