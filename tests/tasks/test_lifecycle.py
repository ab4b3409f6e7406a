"""The verbs of an assignment: which states they leave, what they write, what they refuse."""

from datetime import date

import pytest

from notifications.models import Message, Notice
from records.models import AuditEvent
from tasks import lifecycle
from tasks.enums import AssignmentState
from tasks.errors import Refused, TransitionNotAllowed
from tasks.models import Assignment, DirectiveTask, StatusChange
from tests.factories import at, make_assignment, make_office_user, make_task, make_unit
from tests.tasks.story import make_story

pytestmark = pytest.mark.django_db
S = AssignmentState
NOW = at("2024-03-04", "10:15")

VERBS = {
    "acknowledge": lambda a, by: lifecycle.acknowledge(a, by=by, now=NOW),
    "give_back": lambda a, by: lifecycle.give_back(a, by=by, now=NOW, reason="Không đúng chức năng"),
    "keep": lambda a, by: lifecycle.keep(a, by=by, now=NOW, reason="Đúng chức năng của đơn vị"),
    "pause": lambda a, by: lifecycle.pause(a, by=by, now=NOW, reason="Chờ hướng dẫn"),
    "resume": lambda a, by: lifecycle.resume(a, by=by, now=NOW),
    "cancel": lambda a, by: lifecycle.cancel(a, by=by, now=NOW, reason="Trùng việc"),
    "not_applicable": lambda a, by: lifecycle.mark_not_applicable(a, by=by, now=NOW, reason="Không có điểm cầu"),
    "reopen": lambda a, by: lifecycle.reopen(a, by=by, now=NOW, reason="Thiếu số liệu"),
}
# verb → state before → state after; every other state refuses.
ALLOWED = {
    "acknowledge": {"assigned": "in_progress"},
    "give_back": {"assigned": "returned_by_unit"},
    "keep": {"returned_by_unit": "assigned"},
    "pause": {"assigned": "paused", "in_progress": "paused", "redo": "paused"},
    "resume": {"paused": "in_progress"},
    "cancel": {
        "assigned": "cancelled",
        "in_progress": "cancelled",
        "returned_by_unit": "cancelled",
        "awaiting_unit_head": "cancelled",
        "submitted": "cancelled",
        "redo": "cancelled",
        "paused": "cancelled",
    },
    "not_applicable": {
        "assigned": "not_applicable",
        "in_progress": "not_applicable",
        "returned_by_unit": "not_applicable",
        "awaiting_unit_head": "not_applicable",
        "submitted": "not_applicable",
        "redo": "not_applicable",
        "paused": "not_applicable",
    },
    "reopen": {"completed": "redo", "not_applicable": "redo"},
}
STATES = [
    "assigned",
    "in_progress",
    "returned_by_unit",
    "awaiting_unit_head",
    "submitted",
    "redo",
    "paused",
    "completed",
    "not_applicable",
    "cancelled",
]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", sorted(ALLOWED))
def test_a_verb_moves_from_its_states_and_changes_nothing_from_others(verb, state):
    by = make_office_user()
    assignment = make_assignment(state=S(state))

    if state in ALLOWED[verb]:
        VERBS[verb](assignment, by)
        expected, changes = ALLOWED[verb][state], 1
    else:
        with pytest.raises(TransitionNotAllowed):
            VERBS[verb](assignment, by)
        expected, changes = state, 0

    assert Assignment.objects.get(pk=assignment.pk).state == expected
    assert StatusChange.objects.filter(assignment=assignment).count() == changes


def test_acknowledging_writes_the_day_the_person_the_history_and_the_record():
    story = make_story()

    lifecycle.acknowledge(story.assignment, by=story.reporter, now=NOW)

    saved = Assignment.objects.get(pk=story.assignment.pk)
    change = saved.status_changes.get()
    event = AuditEvent.objects.get(verb="assignment.acknowledged")
    assert (saved.acknowledged_on, saved.acknowledged_by) == (date(2024, 3, 4), story.reporter)
    assert (change.old_state, change.new_state, change.by, change.at) == (
        "assigned",
        "in_progress",
        story.reporter,
        NOW,
    )
    assert (event.actor, event.at, event.target_id) == (story.reporter, NOW, saved.pk)


def test_two_people_pressing_at_once_make_one_change_and_the_second_is_told():
    story = make_story()
    mine, yours = (Assignment.objects.get(pk=story.assignment.pk) for _ in range(2))
    lifecycle.acknowledge(mine, by=story.reporter, now=NOW)

    with pytest.raises(TransitionNotAllowed) as refusal:
        lifecycle.acknowledge(yours, by=story.reporter, now=NOW)

    assert str(refusal.value) == (
        "Nguyễn Văn Dakha đã chuyển phần việc này sang “Đang làm” lúc 10:15 04/3/2024. Xin xem lại rồi làm tiếp."
    )
    assert StatusChange.objects.count() == 1


@pytest.mark.parametrize("state", ["assigned", "in_progress", "redo"])
def test_resuming_goes_back_to_where_it_was_paused(state):
    by = make_office_user()
    assignment = make_assignment(state=S(state))
    lifecycle.pause(assignment, by=by, now=NOW, reason="Chờ hướng dẫn")

    lifecycle.resume(assignment, by=by, now=NOW)

    assert Assignment.objects.get(pk=assignment.pk).state == state


@pytest.mark.parametrize("reason", ["", "  ", "ab"])
def test_a_reason_that_is_none_is_refused_and_nothing_changes(reason):
    assignment = make_assignment()

    with pytest.raises(Refused):
        lifecycle.pause(assignment, by=make_office_user(), now=NOW, reason=reason)

    assert Assignment.objects.get(pk=assignment.pk).state == "assigned"


def test_a_condition_that_does_not_apply_frees_the_units_and_is_decided_once():
    task = make_task(condition_state="undecided")
    open_one, done = make_assignment(task), make_assignment(task, state=S.COMPLETED)
    by = make_office_user()

    lifecycle.decide_condition(task, applies=False, by=by, now=NOW, reason="Công văn của Đài THVN")
    with pytest.raises(Refused):
        lifecycle.decide_condition(task, applies=True, by=by, now=NOW, reason="Nghĩ lại")

    states = dict(Assignment.objects.values_list("pk", "state"))
    task.refresh_from_db()
    assert states == {open_one.pk: "not_applicable", done.pk: "completed"}
    assert task.condition_state == "not_applies"


@pytest.mark.parametrize(
    ("verb", "state", "title", "mails"),
    [
        ("cancel", "in_progress", "Không phải làm nữa: việc 1a.1 Tuyên truyền", 1),
        ("not_applicable", "in_progress", "Ghi là không phát sinh: việc 1a.1 Tuyên truyền", 1),
        ("pause", "in_progress", "Tạm dừng việc 1a.1 Tuyên truyền", 0),
        ("resume", "paused", "Tiếp tục việc 1a.1 Tuyên truyền, hạn 29/3/2024", 0),
    ],
)
def test_the_unit_is_told_what_was_decided_about_its_work(verb, state, title, mails):
    story = make_story(state=S(state), due=date(2024, 3, 29))

    VERBS[verb](story.assignment, story.office)

    assert [(row.recipient, row.title) for row in Notice.objects.all()] == [(story.reporter, title)]
    assert Message.objects.count() == mails


def test_a_condition_gets_its_day_and_its_decider_and_counts_from_the_new_day():
    task = make_task(condition_state="undecided")
    by, decider = make_office_user(), make_unit("Ban Thường vụ")

    changed = lifecycle.set_condition(task, decide_by=date(2024, 3, 5), decider=decider, by=by, now=NOW)
    same = lifecycle.set_condition(task, decide_by=date(2024, 3, 5), decider=decider, by=by, now=NOW)

    task.refresh_from_db()
    assert (changed, same, task.condition_decide_by, task.condition_decider) == (True, False, date(2024, 3, 5), decider)
    late = DirectiveTask.objects.undecided_late
    assert (list(late(today=date(2024, 3, 5))), list(late(today=date(2024, 3, 6)))) == ([], [task])
    (event,) = AuditEvent.objects.filter(verb="task.condition_set")
    assert (event.data["from"], event.data["to"]) == (
        "chưa đặt ngày, chưa rõ bên quyết định",
        "trước 05/3/2024, Ban Thường vụ",
    )


@pytest.mark.parametrize(
    ("meanwhile", "day", "words"),
    [
        ({}, date(2024, 3, 3), "Ngày phải quyết định đã qua"),
        ({"condition_decide_by": date(2024, 3, 20)}, date(2024, 3, 15), "vừa được người khác sửa"),
        (
            {"condition_state": "applies", "condition_decided_at": NOW, "condition_reason": "Công văn số 5"},
            date(2024, 3, 15),
            "vừa được người khác sửa hoặc quyết định",
        ),
    ],
)
def test_a_day_that_is_over_or_changed_by_somebody_else_is_refused(meanwhile, day, words):
    task, by = make_task(condition_state="undecided"), make_office_user()
    if "condition_state" in meanwhile:
        meanwhile = meanwhile | {"condition_decided_by": by}
    DirectiveTask.objects.filter(pk=task.pk).update(**meanwhile)

    with pytest.raises(Refused, match=words):
        lifecycle.set_condition(task, decide_by=day, decider=None, by=by, now=NOW)


def test_the_page_of_a_condition_says_what_is_wrong_and_overwrites_nobody(client):
    story = make_story()
    task = make_task(story.directive, "9", condition_state="undecided")
    address = f"/nhiem-vu/{task.pk}/dieu-kien/dat/"
    client.force_login(story.office)

    wrong = client.post(address, {"decide_by": "31/02/2999", "seen": "|"})
    stale = client.post(address, {"decide_by": "29/4/2999", "seen": "2024-03-20|"})
    saved = client.post(address, {"decide_by": "29/4/2999", "decider": story.other_unit.pk, "seen": "|"})

    assert (wrong.status_code, "Không có ngày này" in wrong.content.decode()) == (422, True)
    assert (stale.status_code, "vừa được người khác sửa" in stale.content.decode()) == (422, True)
    assert (saved.status_code, saved["Location"]) == (302, f"/nhiem-vu/{task.pk}/")
    task.refresh_from_db()
    assert (task.condition_decide_by, task.condition_decider) == (date(2999, 4, 29), story.other_unit)
    assert "trước 29/4/2999" in client.get(f"/nhiem-vu/{task.pk}/").content.decode()


def test_a_nudge_is_kept_and_refused_once_the_work_is_done():
    by = make_office_user()
    open_one, done = make_assignment(), make_assignment(state=S.COMPLETED)

    lifecycle.nudge(open_one, by=by, now=NOW, message="Đề nghị báo cáo trước 17 giờ.")
    with pytest.raises(TransitionNotAllowed):
        lifecycle.nudge(done, by=by, now=NOW, message="Đề nghị báo cáo.")

    assert [n.message for n in open_one.nudges.all()] == ["Đề nghị báo cáo trước 17 giờ."]
    assert done.nudges.count() == 0
