"""Leaders' words: written down, turned into a nudge, a task or followed, ended; who may do what in which state."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from directive_tracker import clock
from records.models import AuditEvent
from tasks.digests.making import make_now
from tasks.enums import AssignmentState
from tasks.errors import Refused
from tasks.instructions import handling
from tasks.instructions.reading import about_assignment, about_task
from tasks.models import Assignment, DirectiveTask, Instruction, InstructionStep, Nudge
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
from units.models import Role, UnitKind

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15", "09:00")
TODAY = date(2024, 4, 15)
WORDS = "Đẩy nhanh tuyên truyền ở các xã vùng sâu."


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


class House:
    """A document with two tasks, each with two units; the office, a reader, the units' people."""

    def __init__(self):
        self.office = make_office_user()
        standing = make_unit("Thường trực", kind=UnitKind.STANDING_COMMITTEE)
        self.reader = make_user("thuongtruc", full_name="Lê Văn Cường")
        make_membership(self.reader, standing, Role.READER)
        self.near, self.far = make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy Sa Thầy")
        self.reporter = make_reporter(self.near, "dakha")
        self.other = make_reporter(self.far, "sathay")
        self.head = make_user("truong")
        make_membership(self.head, self.near, Role.UNIT_HEAD)
        self.directive = make_directive()
        self.first, self.second = make_task(self.directive, "1a.1"), make_task(self.directive, "1b.1")
        self.works = {
            (task.code, unit.pk): make_assignment(task, unit, state=AssignmentState.IN_PROGRESS)
            for task in (self.first, self.second)
            for unit in (self.near, self.far)
        }

    def write(self, *, tasks=(), units=(), by=None) -> Instruction:
        said = handling.Said(
            WORDS, "Đồng chí Phó Bí thư Thường trực Tỉnh ủy", TODAY, "briefing", list(tasks), list(units)
        )
        return handling.write(self.directive, said, by=by or self.office, now=NOW)

    def browser(self, user) -> Client:
        client = Client()
        client.force_login(user)
        return client


@pytest.fixture
def house():
    return House()


def said(instruction) -> tuple:
    """The state as stored, and the kinds of steps in their order."""
    kinds = list(instruction.steps.order_by("pk").values_list("kind", flat=True))
    return (Instruction.objects.get(pk=instruction.pk).state, kinds)


# --- what becomes of it ---------------------------------------------------------------------------


def test_the_office_writes_down_what_was_said_as_it_was_said(house):
    response = house.browser(house.office).post(
        reverse("tasks:instruction_new", args=[house.directive.pk]),
        {
            "words": f"  {WORDS} ",
            "said_by": "Đồng chí Phó Bí thư  Thường trực Tỉnh ủy",
            "said_on": "12/4/2024",
            "source": "meeting",
            "tasks": [house.first.pk],
            "units": [house.near.pk, house.far.pk],
        },
    )

    row = Instruction.objects.get()
    assert response.url == row.get_absolute_url()
    assert (row.words, row.said_by, row.said_on, row.source, row.state) == (
        WORDS,
        "Đồng chí Phó Bí thư Thường trực Tỉnh ủy",
        date(2024, 4, 12),
        "meeting",
        "open",
    )
    assert (set(row.tasks.all()), set(row.units.all())) == ({house.first}, {house.near, house.far})
    event = AuditEvent.objects.get(verb="instruction.written")
    assert WORDS not in f"{event.data} {event.target_label} {event.reason}"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"words": " "}, "Hãy ghi nội dung ý kiến chỉ đạo."),
        ({"said_by": ""}, "Hãy ghi người cho ý kiến"),
        ({"said_on": "16/4/2024"}, "chưa tới"),
        ({"said_on": "hôm qua"}, "hôm qua"),
        ({"said_on": ""}, "Hãy ghi ngày cho ý kiến"),
        ({"source": "x"}, "x"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(house, changed, sentence):
    typed = {"words": WORDS, "said_by": "Đồng chí Bí thư", "said_on": "15/4/2024", "source": "note", **changed}

    response = house.browser(house.office).post(reverse("tasks:instruction_new", args=[house.directive.pk]), typed)

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert typed["words"] in page
    assert Instruction.objects.count() == 0


@pytest.mark.parametrize("name", ["tasks:brief", "tasks:overview"])
def test_a_reader_writes_in_one_field_on_the_page_and_comes_back_to_it(house, name):
    page_url = reverse(name, args=[house.directive.pk])
    reader = house.browser(house.reader)
    assert 'name="words"' in reader.get(page_url).content.decode()

    response = reader.post(
        reverse("tasks:instruction_new", args=[house.directive.pk]), {"words": WORDS, "ve": page_url}
    )

    row = Instruction.objects.get()
    assert response.url == page_url
    assert (row.words, row.said_by, row.said_on, row.source) == (WORDS, "Lê Văn Cường", TODAY, "page")


def test_a_reader_speaks_about_one_unit_on_the_page_of_its_work(house):
    work = house.works["1a.1", house.near.pk]
    reader = house.browser(house.reader)
    page = reader.get(work.get_absolute_url()).content.decode()

    reader.post(
        reverse("tasks:instruction_new", args=[house.directive.pk]),
        {"words": WORDS, "tasks": house.first.pk, "units": house.near.pk, "ve": "//xau.example"},
    )

    row = Instruction.objects.get()
    assert f'name="units" value="{house.near.pk}"' in page
    assert (list(row.tasks.all()), list(row.units.all())) == ([house.first], [house.near])


def test_it_becomes_a_nudge_to_chosen_units_about_its_tasks(house):
    row = house.write(tasks=[house.first])

    house.browser(house.office).post(row.get_absolute_url(), {"do": "nudge", "n-units": [house.near.pk]})

    nudge = Nudge.objects.get()
    assert nudge.assignment == house.works["1a.1", house.near.pk]
    assert nudge.message == (f"Ý kiến chỉ đạo của Đồng chí Phó Bí thư Thường trực Tỉnh ủy ngày 15/4/2024: “{WORDS}”")
    assert said(row) == ("followed", ["nudged"])
    assert row.steps.get().words == "1 việc của Huyện ủy Đắk Hà"


def test_it_becomes_a_task_with_a_code_and_due_day_of_its_own(house):
    row = house.write(units=[house.near])

    response = house.browser(house.office).post(
        row.get_absolute_url(),
        {
            "do": "task",
            "t-title": "Tổ chức chiếu phim lưu động ở các xã vùng sâu",
            "t-due": "26/4/2024",
            "t-units": [house.near.pk],
        },
    )

    task = DirectiveTask.objects.get(code="CĐ1")
    work = Assignment.objects.get(task=task)
    assert response.status_code == 302
    assert task.title == "Tổ chức chiếu phim lưu động ở các xã vùng sâu (theo ý kiến chỉ đạo ngày 15/4/2024)"
    assert (work.unit, work.role, work.due_current, work.state) == (house.near, "lead", date(2024, 4, 26), "assigned")
    assert said(row) == ("followed", ["tasked"])
    assert [about_task(house.office, task), about_assignment(house.reporter, work)] == [[row], [row]]


def test_the_second_task_gets_the_next_code(house):
    row = house.write(units=[house.near])
    new = handling.NewTask("Việc thứ nhất", "Việc thứ nhất", date(2024, 4, 26), [house.near])

    codes = [handling.make_task(row, new, by=house.office, now=NOW).code for _ in range(2)]

    assert codes == ["CĐ1", "CĐ2"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"t-due": "12/4/2024"}, "đã qua"),
        ({"t-due": ""}, "Hãy ghi hạn"),
        ({"t-title": ""}, "Hãy ghi việc phải làm."),
        ({"t-units": []}, "Hãy chọn ít nhất một đơn vị."),
    ],
)
def test_a_task_that_cannot_be_given_is_told_in_words(house, changed, sentence):
    row = house.write(units=[house.near])
    typed = {"do": "task", "t-title": "Chiếu phim lưu động", "t-due": "26/4/2024", "t-units": [house.near.pk]}

    response = house.browser(house.office).post(row.get_absolute_url(), {**typed, **changed})

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert said(row) == ("open", [])


def test_it_is_followed_noted_finished_and_opened_again_and_every_step_stays(house):
    row, doing = house.write(), {"by": house.office, "now": NOW}

    handling.follow(row, **doing)
    handling.note(row, words="Đắk Hà đã họp.", **doing)
    handling.finish(row, words="Các huyện đã làm.", **doing)
    handling.reopen(row, words="Sa Thầy chưa làm.", **doing)

    assert said(row) == ("followed", ["followed", "noted", "done", "reopened"])
    with pytest.raises(TypeError):
        row.steps.first().save()


def test_what_a_colleague_has_finished_says_who_did_so_when(house):
    row = house.write()
    stale = Instruction.objects.get(pk=row.pk)
    handling.finish(row, by=house.office, now=NOW, words="Đã làm xong.")

    with pytest.raises(Refused, match=rf"{house.office} đã kết thúc lúc 09:00"):
        handling.nudge(stale, [house.near], by=house.office, now=NOW)

    assert Nudge.objects.count() == 0


def test_a_nudge_that_finds_nothing_leaves_the_instruction_open(house):
    Assignment.objects.update(state=AssignmentState.COMPLETED, completed_on=TODAY)
    row = house.write()

    with pytest.raises(Refused, match="Không còn việc nào cần đôn đốc"):
        handling.nudge(row, [house.near], by=house.office, now=NOW)

    assert said(row) == ("open", [])


def test_nobody_handles_what_names_the_own_unit(house):
    make_membership(house.office, house.near, Role.REPORTER)
    row = house.write(units=[house.near])

    with pytest.raises(Refused, match="tự xử lý"):
        handling.finish(row, by=house.office, now=NOW, words="Đã làm xong.")


# --- who may, in which state ------------------------------------------------------------------------

PEOPLE = ("office", "reader", "reporter", "head", "other")
DEEDS = ("follow", "note", "done", "nudge", "task", "reopen")
# state → deed → what the office gets (302: done or told why not); everybody else the same in every state.
MOVES = {
    ("open", "follow"): "followed",
    ("open", "note"): "open",
    ("open", "done"): "done",
    ("open", "nudge"): "followed",
    ("open", "task"): "followed",
    ("open", "reopen"): "open",
    ("followed", "follow"): "followed",
    ("followed", "note"): "followed",
    ("followed", "done"): "done",
    ("followed", "nudge"): "followed",
    ("followed", "task"): "followed",
    ("followed", "reopen"): "followed",
    ("done", "follow"): "done",
    ("done", "note"): "done",
    ("done", "done"): "done",
    ("done", "nudge"): "done",
    ("done", "task"): "done",
    ("done", "reopen"): "followed",
}
ANSWERS = {"office": 302, "reader": 403, "reporter": 403, "head": 403, "other": 404}


def _typed(house, deed) -> dict:
    return {
        "do": deed,
        "w-words": "Đã giao các xã.",
        "n-units": [house.near.pk],
        "t-title": "Chiếu phim lưu động",
        "t-due": "26/4/2024",
        "t-units": [house.near.pk],
    }


@pytest.mark.parametrize(("state", "deed"), MOVES)
def test_every_deed_in_every_state_by_everybody(house, state, deed):
    row = house.write(units=[house.near])
    Instruction.objects.filter(pk=row.pk).update(state=state)

    answers = {}
    for person in reversed(PEOPLE):  # the office last: it moves the state
        answers[person] = (
            house.browser(getattr(house, person)).post(row.get_absolute_url(), _typed(house, deed)).status_code
        )

    assert answers == ANSWERS
    assert said(row)[0] == MOVES[state, deed]


def test_a_closed_document_takes_no_instruction_and_moves_none(house):
    row = house.write()
    house.directive.state, house.directive.closed_on = "closed", TODAY
    house.directive.save()
    office = house.browser(house.office)

    assert office.get(reverse("tasks:instruction_new", args=[house.directive.pk])).status_code == 403
    assert office.post(row.get_absolute_url(), _typed(house, "done")).status_code == 403
    assert office.get(row.get_absolute_url()).status_code == 200


# --- who reads it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tasks", "units", "seen_by"),
    [
        ([], ["near"], {"office", "reader", "reporter", "head"}),
        ([], ["near", "far"], {"office", "reader", "reporter", "head", "other"}),
        (["first"], [], {"office", "reader", "reporter", "head", "other"}),
        (["first"], ["far"], {"office", "reader", "other"}),
        ([], [], {"office", "reader"}),
    ],
)
def test_units_read_what_concerns_their_work_and_nothing_else(house, tasks, units, seen_by):
    row = house.write(tasks=[getattr(house, name) for name in tasks], units=[getattr(house, name) for name in units])

    seen = {person for person in PEOPLE if row in Instruction.objects.visible_to(getattr(house, person))}

    assert seen == seen_by


def test_it_waits_in_hom_nay_until_it_has_become_something(house):
    row = house.write()
    office = house.browser(house.office)
    today = reverse("tasks:today")
    before = office.get(today).content.decode()
    handling.follow(row, by=house.office, now=NOW)

    after = office.get(today).content.decode()

    assert (WORDS in before, WORDS in after) == (True, False)


def test_the_brief_shows_what_is_not_finished(house):
    open_, done = house.write(), house.write(units=[house.near])
    handling.finish(done, by=house.office, now=NOW, words="Đã làm xong.")

    page = house.browser(house.reader).get(reverse("tasks:brief", args=[house.directive.pk])).content.decode()

    assert (open_.get_absolute_url() in page, done.get_absolute_url() in page) == (True, False)


def test_the_list_begins_with_what_is_open(house):
    rows = {state: house.write() for state in ("done", "followed", "open")}
    for state, row in rows.items():
        Instruction.objects.filter(pk=row.pk).update(state=state)

    page = house.browser(house.office).get(reverse("tasks:instruction_list"))

    assert [row.state for row in page.context["page"]] == ["open", "followed", "done"]


def test_the_list_takes_the_same_statements_at_1_and_at_60(house, django_assert_num_queries):
    office, url = house.browser(house.office), reverse("tasks:instruction_list")
    house.write(tasks=[house.first], units=[house.near])
    with django_assert_num_queries(7):
        office.get(url)
    for _ in range(59):
        house.write(tasks=[house.first, house.second], units=[house.near, house.far])

    with django_assert_num_queries(7):
        office.get(url)


def test_steps_hang_on_their_instruction_alone(house):
    row = house.write(units=[house.near])
    handling.follow(row, by=house.office, now=NOW)

    assert list(InstructionStep.objects.visible_to(house.other)) == []
    assert InstructionStep.objects.visible_to(house.reporter).count() == 1


def test_the_digest_names_what_is_not_finished_on_its_page_and_only_counts_it_in_its_mail(house):
    house.write()
    finished = house.write(units=[house.near])
    handling.finish(finished, by=house.office, now=NOW, words="Đã làm xong.")

    digest = make_now(by=house.office, now=NOW, send=False)

    page = house.browser(house.reader).get(reverse("tasks:digest", args=[digest.pk])).content.decode()
    assert [row["state"] for row in digest.data["instructions"]] == ["Chưa xử lý"]
    assert page.count(WORDS) == 1
