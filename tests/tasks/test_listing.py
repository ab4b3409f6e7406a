"""The list of assignments: what it shows of whom, how far it counts, and that its short ways find the same rows."""

from datetime import date

import pytest

from directive_tracker.vietnamese import fold
from tasks import lifecycle, tallies
from tasks.chosen import Chosen
from tasks.history import history_of
from tasks.listing import page_of
from tasks.models import Assignment
from tasks.timeliness import Timeliness
from tests.factories import at, make_assignment, make_directive, make_office_user, make_reporter, make_task, make_unit
from tests.tasks.story import make_story
from units.models import Unit

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
STATES = (
    *("assigned", "in_progress", "returned_by_unit", "awaiting_unit_head", "submitted", "redo"),
    *("paused", "completed", "not_applicable", "cancelled"),
)
DUES = (None, date(2024, 4, 9), date(2024, 4, 10), date(2024, 4, 14), TODAY, date(2024, 4, 16))


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 08:00."""
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)


def every_kind():
    """One directive with lead work in every state, with every sort of due day and task."""
    directive = make_directive()
    units = [make_unit() for _ in STATES]
    kinds = [{}, {"strength": "encouraged"}, {"condition_state": "undecided"}]
    tasks = [make_task(directive, **kind) for kind in kinds for _ in DUES]
    for task, due in zip(tasks, DUES * len(kinds), strict=True):
        for unit, state in zip(units, STATES, strict=True):
            make_assignment(task, unit, state=state, due=due)
        make_assignment(task, make_unit(), state="in_progress", due=due, role="coordinating")
    return directive, units, tasks


def many(count: int) -> None:
    """So many units with one open part each, the earliest due first."""
    task = make_task(make_directive())
    units = Unit.objects.bulk_create(
        Unit(name=f"Đơn vị {n}", short_name=f"Đơn vị {n}", code=f"dv-{n}", kind="other", search_key=fold(f"Đơn vị {n}"))
        for n in range(count)
    )
    Assignment.objects.bulk_create(
        Assignment(directive=task.directive, task=task, unit=unit, role="lead", assigned_on=TODAY, updated_at=at(TODAY))
        for unit in units
    )


@pytest.mark.parametrize("wanted", list(Timeliness))
def test_a_class_of_timeliness_is_the_same_rows_however_it_is_asked_for(wanted):
    every_kind()

    short = set(Assignment.objects.in_time_class(wanted, today=TODAY).values_list("pk", flat=True))
    plain = Assignment.objects.with_timeliness(today=TODAY).filter(timeliness=wanted)

    assert short
    assert short == set(plain.values_list("pk", flat=True))


def test_figures_counted_by_a_writer_are_those_counted_by_the_database():
    directive, units, tasks = every_kind()

    tallies.refresh(directive, unit_ids=[u.pk for u in units], task_ids=[t.pk for t in tasks], today=TODAY)

    assert tallies.differences(directive, today=TODAY) == []


def test_a_small_list_is_counted_to_the_end_and_a_large_one_as_far_as_its_pages_go(client):
    many(530)
    client.force_login(make_office_user())

    first, twentieth, beyond = (client.get(f"/phan-viec/?page={n}") for n in (1, 20, 999))

    assert "Hơn 500 phần việc" in first.content.decode()
    assert "1–25 trong hơn 500 phần việc" in first.content.decode()
    assert '<a href="?page=20">' in first.content.decode()
    assert "476–500 trong 530 phần việc" in twentieth.content.decode()
    assert (beyond.context["page"].number, len(beyond.context["rows"])) == (22, 5)


@pytest.mark.parametrize("asked", [None, "", "0", "-1", "x", "1.5", "٣", "9" * 40])
def test_a_page_that_is_none_is_the_first(asked):
    many(30)

    page, rows = page_of(make_office_user(), Chosen(), asked, today=TODAY)

    assert (page.number, len(rows), page.paginator.count, page.paginator.capped) == (1, 25, 30, False)


def test_an_empty_list_has_one_empty_page():
    page, rows = page_of(make_office_user(), Chosen(), "3", today=TODAY)

    assert (page.number, rows, page.paginator.count) == (1, [], 0)


def test_names_are_shown_as_they_are_typed_and_never_read_as_markup(client):
    story = make_story(state="in_progress")
    story.task.short_title, story.unit.short_name = "<b>1</b>", "A & <i>B</i>"
    story.reporter.full_name, story.reporter.phone = "Y <u>Linh", "0260 3862 524"
    for row in (story.task, story.unit, story.reporter):
        row.save()
    client.force_login(story.office)

    page = client.get("/phan-viec/").content.decode()

    assert "&lt;b&gt;1&lt;/b&gt;</a>" in page
    assert "A &amp; &lt;i&gt;B&lt;/i&gt;" in page
    assert 'Y &lt;u&gt;Linh<span class="dt-sub"><a href="tel:02603862524">0260 3862 524</a>' in page


def test_a_person_who_monitors_a_task_finds_the_work_of_others_in_the_list(client):
    story = make_story()
    story.task.monitors.add(story.unit)
    client.force_login(story.reporter)

    found = {row.assignment.unit_id for row in client.get("/phan-viec/").context["rows"]}

    assert found == {story.unit.pk, story.other_unit.pk}


@pytest.mark.parametrize(("query", "expected"), [("", {"lead", "coordinating"}), ("?role=lead", {"lead"})])
def test_a_lead_finds_the_contributions_of_others_in_the_list(client, query, expected):
    story = make_story()
    make_assignment(story.task, make_unit("Đài"), role="coordinating")
    client.force_login(story.reporter)

    found = [row.assignment for row in client.get(f"/phan-viec/{query}").context["rows"]]

    assert {assignment.role for assignment in found} == expected
    assert {assignment.unit_id for assignment in found if assignment.role == "lead"} == {story.unit.pk}


def test_of_twenty_one_documents_the_newest_can_be_chosen_and_the_one_a_link_has_chosen(client):
    old = make_directive(short_title="Cũ nhất", issued_on=date(2024, 1, 2))
    for number in range(20):
        make_directive(short_title=f"Mới {number}")
    client.force_login(make_office_user())

    plain, linked = (client.get(f"/phan-viec/{query}").content.decode() for query in ("", f"?directive={old.pk}"))

    assert (plain.count("<option value="), "Cũ nhất" in plain) == (20 + 1 + 7 + 6 + 4, False)
    assert f'<option value="{old.pk}" selected>Cũ nhất</option>' in linked


@pytest.mark.parametrize("directive", ["x", "0", "-1", "9" * 30, "1e3"])
def test_a_document_that_is_none_is_ignored(client, directive):
    make_story()
    client.force_login(make_reporter(make_unit()))

    assert client.get("/phan-viec/", {"directive": directive}).status_code == 200


def test_the_history_tells_moves_due_days_and_nudges_newest_first():
    story = make_story()
    lifecycle.acknowledge(story.assignment, by=story.reporter, now=at("2024-04-10"))
    story.assignment.set_due(
        date(2024, 4, 26), source="extended", by=story.office, now=at("2024-04-11"), reason="Chờ các xã"
    )
    lifecycle.nudge(story.assignment, by=story.office, now=at("2024-04-12"), message="Xin báo cáo sớm")

    told = [(event.what, event.who, event.note) for event in history_of(story.assignment)]

    assert told == [
        ("Đôn đốc", "Nguyễn Văn Vanphong", "Xin báo cáo sớm"),
        ("Hạn: 19/4/2024 → 26/4/2024 (đã gia hạn)", "Nguyễn Văn Vanphong", "Chờ các xã"),
        ("Đang làm", "Nguyễn Văn Dakha", "Đã tiếp nhận, thống nhất hạn 19/4/2024"),
    ]
