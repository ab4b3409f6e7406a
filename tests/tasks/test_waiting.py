"""A task that waits for another one of its document: set by the office, told to the units, without effect on anything else."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from records.models import AuditEvent
from tasks import waiting
from tasks.breakdown import BrokenBreakdown, _record_waits
from tasks.drafting import changes, editing
from tasks.errors import Refused
from tasks.models import Assignment, TaskWait
from tasks.permissions import can_report
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_office_user,
    make_reporter,
    make_task,
    make_text,
    make_unit,
    make_user,
)
from units.models import Role

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
NOW = at("2024-04-15", "08:30")
# State of the lead work on the other task → whether it is still waited for.
STATES = {
    "assigned": True,
    "in_progress": True,
    "returned_by_unit": True,
    "awaiting_unit_head": True,
    "submitted": True,
    "redo": True,
    "paused": True,
    "completed": False,
    "not_applicable": False,
    "cancelled": False,
}
EXTRA = {
    "paused": {"paused_from": "in_progress"},
    "completed": {"completed_on": date(2024, 4, 1)},
    "submitted": {"submitted_on": date(2024, 4, 1)},
}


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 08:30."""
    monkeypatch.setattr("directive_tracker.clock.now", lambda: NOW)
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)


@pytest.fixture
def office():
    return make_office_user()


@pytest.fixture
def chain(office):
    """1b.1, 1b.2 and 1b.3 of an issued document."""
    directive = make_directive()
    return [make_task(directive, code, short_title=f"Việc {code}") for code in ("1b.1", "1b.2", "1b.3")]


def wait(task, other, office, **values) -> TaskWait:
    return waiting.add_wait(task, other, by=office, now=NOW, **values)


def lead(task, unit=None, **values) -> Assignment:
    values = {**EXTRA.get(values.get("state", ""), {}), **values}
    return make_assignment(task, unit, **values)


# --- the rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_a_task_is_waited_for_until_its_lead_work_is_done_or_will_not_be_done(chain, office, state):
    wait(chain[1], chain[0], office)
    lead(chain[0], state=state)
    assert TaskWait.objects.open().exists() is STATES[state]


def test_every_lead_has_to_finish_and_nobody_waits_for_who_only_helps(chain, office):
    wait(chain[1], chain[0], office)
    lead(chain[0], state="completed", due=date(2024, 3, 15))
    lead(chain[0], state="in_progress", role="coordinating", due=date(2024, 6, 1))
    assert waiting.waits_of(office, chain[1].pk).open == []
    lead(chain[0], state="in_progress", due=date(2024, 3, 20))
    lead(chain[0], state="in_progress", due=None)
    lead(chain[0], state="submitted", due=date(2024, 3, 29))
    (found,) = waiting.waits_of(office, chain[1].pk).open
    assert (found.other, found.due, waiting.open_words([found])) == (
        chain[0],
        date(2024, 3, 29),
        "1b.1 Việc 1b.1 (hạn 29/3/2024)",
    )


def test_a_task_nobody_leads_is_not_waited_for(chain, office):
    wait(chain[1], chain[0], office)
    assert waiting.waits_of(office, chain[1].pk).open == []


def test_both_sides_are_told_in_the_order_of_the_document(chain, office):
    wait(chain[2], chain[1], office)
    wait(chain[2], chain[0], office)
    waits = waiting.waits_of(office, chain[2].pk)
    assert [one.other.code for one in waits.before] == ["1b.1", "1b.2"]
    assert [one.other.code for one in waiting.waits_of(office, chain[0].pk).after] == ["1b.3"]
    assert bool(waiting.waits_of(office, make_task(chain[0].directive).pk)) is False


# --- setting ----------------------------------------------------------------------------------------------------------


def test_a_circle_is_refused_with_the_way_round(chain, office):
    wait(chain[1], chain[0], office)
    wait(chain[2], chain[1], office)
    with pytest.raises(
        Refused, match=r"1b\.1 không thể chờ 1b\.3, vì 1b\.3 đang chờ 1b\.1 \(thứ tự làm: 1b\.1 → 1b\.2 → 1b\.3\)"
    ):
        wait(chain[0], chain[2], office)
    assert TaskWait.objects.count() == 2


def test_itself_another_document_and_the_same_again_are_refused(chain, office):
    wait(chain[1], chain[0], office)
    refused = [(chain[0], chain[0]), (chain[0], make_task(make_directive())), (chain[1], chain[0])]
    for task, other in refused:
        with pytest.raises(Refused):
            wait(task, other, office)
    with pytest.raises(Refused, match="dài nhất 200 ký tự; đang có 201"):
        wait(chain[2], chain[0], office, words="a" * 201)
    assert TaskWait.objects.count() == 1


def test_the_database_holds_that_no_task_waits_for_itself_or_twice(chain, office):
    TaskWait.objects.create(task=chain[1], waits_for=chain[0], set_at=NOW)
    for task, other in ((chain[0], chain[0]), (chain[1], chain[0])):
        with pytest.raises(IntegrityError), transaction.atomic():
            TaskWait.objects.create(task=task, waits_for=other, set_at=NOW)


def test_nothing_is_set_in_a_document_that_is_no_longer_followed(office):
    directive = make_directive(state="closed")
    first, second = make_task(directive), make_task(directive)
    row = TaskWait.objects.create(task=second, waits_for=first, set_at=NOW)
    with pytest.raises(Refused, match="đã kết thúc theo dõi"):
        wait(first, make_task(directive), office)
    with pytest.raises(Refused, match="đã kết thúc theo dõi"):
        waiting.remove_wait(row, by=office, now=NOW)


def test_setting_and_taking_away_stand_in_the_log(chain, office):
    row = wait(chain[1], chain[0], office, words="  từ  danh sách ")
    waiting.remove_wait(row, by=office, now=NOW)
    events = AuditEvent.objects.filter(verb__startswith="task.wait").order_by("pk")
    assert [(event.verb, event.target_id, event.data, event.reason) for event in events] == [
        ("task.wait_added", chain[1].pk, {"waits_for": "1b.1"}, "từ danh sách"),
        ("task.wait_removed", chain[1].pk, {"waits_for": "1b.1"}, ""),
    ]
    with pytest.raises(Refused, match="đã được bỏ trước đó"):
        waiting.remove_wait(row, by=office, now=NOW)


# --- drafts -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def draft():
    """Three tasks of a draft, each on words of its own, the third waiting for the second and this for the first."""
    directive = make_directive(state="draft", issued_on=None)
    body = "Rà soát danh sách. Lập kế hoạch thăm hỏi. Tổ chức thăm hỏi."
    text = make_text(directive, body)
    tasks = []
    for number, words in enumerate(("Rà soát danh sách.", "Lập kế hoạch thăm hỏi.", "Tổ chức thăm hỏi."), start=1):
        task = make_task(directive, f"1b.{number}", order=number)
        task.spans.create(text=text, start=body.index(words), end=body.index(words) + len(words))
        tasks.append(task)
    for task, other in ((tasks[1], tasks[0]), (tasks[2], tasks[1])):
        TaskWait.objects.create(task=task, waits_for=other, words="sau", set_at=NOW)
    return tasks


def pairs(directive) -> set[tuple[str, str]]:
    rows = TaskWait.objects.filter(task__directive=directive)
    return set(rows.values_list("task__code", "waits_for__code"))


BEFORE = {("1b.2", "1b.1"), ("1b.3", "1b.2")}


def test_in_a_draft_setting_a_wait_is_a_step_that_can_be_undone(draft, office):
    directive = draft[0].directive
    wait(draft[2], draft[0], office)
    assert pairs(directive) == BEFORE | {("1b.3", "1b.1")}
    changes.undo(directive, by=office, now=NOW)
    assert pairs(directive) == BEFORE


def test_a_removed_task_takes_its_waits_along_and_undoing_brings_both_sides_back(draft, office):
    directive = draft[0].directive
    rows = set(TaskWait.objects.values_list("pk", "task", "waits_for", "words"))
    editing.remove(draft[1], dismiss=False, by=office, now=NOW)
    assert pairs(directive) == set()
    changes.undo(directive, by=office, now=NOW)
    assert set(TaskWait.objects.values_list("pk", "task", "waits_for", "words")) == rows


def test_the_pieces_of_a_split_task_wait_and_are_waited_for_like_the_whole(draft, office):
    directive = draft[0].directive
    place = draft[1].spans.get().start + len("Lập kế hoạch")
    editing.split_at(draft[1], [place], by=office, now=NOW)
    assert pairs(directive) == {
        ("1b.2.1", "1b.1"),
        ("1b.2.2", "1b.1"),
        ("1b.3", "1b.2.1"),
        ("1b.3", "1b.2.2"),
    }
    changes.undo(directive, by=office, now=NOW)
    assert pairs(directive) == BEFORE


def test_of_merged_tasks_no_wait_for_itself_and_no_circle_remains(draft, office):
    directive = draft[0].directive
    editing.merge([draft[0], draft[2]], by=office, now=NOW)
    # 1b.2 waits for 1b.1 still; that 1b.1, now with the words of 1b.3, waits for 1b.2 would be a circle.
    assert pairs(directive) == {("1b.2", "1b.1")}
    changes.undo(directive, by=office, now=NOW)
    assert pairs(directive) == BEFORE
    editing.merge([draft[0], draft[1]], by=office, now=NOW)
    assert pairs(directive) == {("1b.3", "1b.1")}


# --- pages ------------------------------------------------------------------------------------------------------------


def told(client, url: str, user) -> str:
    client.force_login(user)
    return client.get(url).content.decode()


def test_unit_task_and_assignment_say_what_is_waited_for_until_it_is_done(client, chain, office):
    unit = make_unit("Huyện ủy Đắk Hà")
    reporter = make_reporter(unit)
    first = lead(chain[0], due=date(2024, 3, 29), state="in_progress")
    work = lead(chain[1], unit, state="in_progress")
    wait(chain[1], chain[0], office, words="lập từ danh sách")
    pages = [
        (reverse("tasks:unit_home"), reporter),
        (reverse("tasks:assignment_detail", args=[work.pk]), reporter),
        (reverse("tasks:task_detail", args=[chain[1].pk]), reporter),
    ]
    before = [told(client, *page) for page in pages]
    Assignment.objects.filter(pk=first.pk).update(state="completed", completed_on=date(2024, 4, 1))
    after = [told(client, *page) for page in pages]
    assert [("Đang chờ" in page and "(hạn 29/3/2024)" in page) for page in before] == [True, True, True]
    # The column of the lists has its own word.
    assert [("Đang chờ:" in page or "<strong>Đang chờ</strong>" in page) for page in after] == [False, False, False]
    assert "Đã xong trước" in after[2]


def test_waiting_blocks_no_report_and_moves_no_day(chain, office):
    unit = make_unit("Huyện ủy Đắk Hà")
    reporter = make_reporter(unit)
    lead(chain[0], state="in_progress")
    work = lead(chain[1], unit, state="in_progress")
    before = Assignment.objects.filter(pk=work.pk).values().get()
    wait(chain[1], chain[0], office)
    assert can_report(reporter, unit.pk, chain[1].directive) is True
    assert Assignment.objects.filter(pk=work.pk).values().get() == before


@pytest.mark.parametrize("count", [1, 40])
def test_the_units_list_costs_no_statement_more_for_waits(client, chain, office, django_assert_num_queries, count):
    unit = make_unit("Huyện ủy Đắk Hà")
    client.force_login(make_reporter(unit))
    lead(chain[0], state="in_progress")
    tasks = [make_task(chain[0].directive) for _ in range(count)]
    for task in tasks:
        lead(task, unit, state="in_progress")
    client.get(reverse("tasks:unit_home"))
    with django_assert_num_queries(20):
        without = client.get(reverse("tasks:unit_home")).content.decode()
    for task in tasks:
        wait(task, chain[0], office)
    with django_assert_num_queries(20):
        page = client.get(reverse("tasks:unit_home")).content.decode()
    assert (without.count("Đang chờ: 1b.1"), page.count("Đang chờ: 1b.1")) == (0, count)


def test_the_office_adds_by_code_and_a_wrong_code_is_told_with_those_there_are(client, chain, office):
    client.force_login(office)
    url = reverse("tasks:task_waits", args=[chain[1].pk])
    wrong = client.post(url, {"code": "9z", "words": "lập từ danh sách"})
    circle = client.post(reverse("tasks:task_waits", args=[chain[1].pk]), {"code": "1b.2"})
    good = client.post(url, {"code": " 1B.1 ", "words": "lập từ danh sách"})
    assert [answer.status_code for answer in (wrong, circle, good)] == [422, 422, 302]
    page = wrong.content.decode()
    assert "Văn bản này không có nhiệm vụ “9z”. Các mã có: 1b.1, 1b.3." in page
    assert ('value="9z"' in page, 'value="lập từ danh sách"' in page) == (True, True)
    assert TaskWait.objects.get().words == "lập từ danh sách"


@pytest.mark.parametrize("number", ["1" * 30, "x", "²", "-1"])
def test_a_wait_that_is_not_there_is_not_found(client, chain, office, number):
    client.force_login(office)
    answer = client.post(reverse("tasks:task_waits", args=[chain[1].pk]), {"remove": number})
    assert answer.status_code == 404


def test_a_wait_is_taken_away_on_its_own_task_alone(client, chain, office):
    row = wait(chain[1], chain[0], office)
    client.force_login(office)
    other = client.post(reverse("tasks:task_waits", args=[chain[2].pk]), {"remove": row.pk})
    own = client.post(reverse("tasks:task_waits", args=[chain[1].pk]), {"remove": row.pk})
    assert (other.status_code, own.status_code, TaskWait.objects.count()) == (404, 302, 0)


def test_readers_see_the_order_but_do_not_change_it(client, chain, office):
    reader = make_user("docgia")
    make_membership(reader, make_unit("Thường trực"), Role.READER)
    wait(chain[1], chain[0], office)
    client.force_login(reader)
    page = client.get(reverse("tasks:task_detail", args=[chain[1].pk])).content.decode()
    answer = client.get(reverse("tasks:task_waits", args=[chain[1].pk]))
    assert ("1b.1 Việc 1b.1" in page, "/cho/" in page, answer.status_code) == (True, False, 403)


def test_a_data_file_that_names_a_code_nobody_has_is_refused(chain):
    class Recorder:
        directive, by, now = chain[0].directive, None, NOW
        content = {"tasks": [{"code": "1b.2", "waits_for": [{"code": "1b.9", "words": "sau"}]}]}

    with pytest.raises(BrokenBreakdown):
        _record_waits(Recorder())
