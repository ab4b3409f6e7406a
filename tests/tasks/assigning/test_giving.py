"""What giving does to groups and their members: one by one, whole rows, exceptions from a group."""

import pytest

from tasks.assigning.giving import give
from tasks.assigning.grid import Cell, build_grid
from tasks.drafting.assigning import fold, unfold
from tasks.drafting.changes import last_step, undo
from tasks.enums import AssignmentRole
from tasks.errors import Refused
from tasks.models import TaskRecipient
from tests.factories import make_directive, make_task
from tests.tasks.assigning.draft import NOW, TODAY, make_draft, rows_of

pytestmark = pytest.mark.django_db
LEAD, COORDINATING, INFORMED = AssignmentRole.LEAD, AssignmentRole.COORDINATING, AssignmentRole.INFORMED


def give_to(draft, keys, role, tasks=None):
    chosen = draft.tasks[:1] if tasks is None else tasks
    return give(draft.directive, [task.pk for task in chosen], keys, role, by=draft.office, now=NOW, on=TODAY)


def key(unit) -> str:
    return f"u{unit.pk}"


@pytest.mark.parametrize(
    ("own", "by_group", "letter", "look", "words"),
    [
        ("lead", "", "C", "c", "chủ trì"),
        ("coordinating", "", "P", "p", "phối hợp"),
        ("informed", "", "B", "b", "để biết"),
        ("", "lead", "C", "c g", "chủ trì theo nhóm"),
        ("lead", "lead", "C", "c g", "chủ trì theo nhóm"),
        ("lead", "coordinating", "C", "c x", "chủ trì, nhóm phối hợp"),
        ("informed", "lead", "C", "c x", "chủ trì theo nhóm, giao riêng để biết không thêm gì"),
        ("", "", "", "", "không giao"),
    ],
)
def test_a_cell_says_what_the_body_will_have_at_issue(own, by_group, letter, look, words):
    cell = Cell(own, by_group)
    assert (cell.letter, cell.look, cell.words) == (letter, look, words)


@pytest.mark.parametrize(
    ("role", "stored", "unfolded"),
    [
        # What the group gives anyway is not written twice.
        (LEAD, [("lead", "Các huyện ủy")], ()),
        (COORDINATING, [("lead", "Huyện ủy Số 1"), ("coordinating", "Huyện ủy Số 0")], ("1.1",)),
        (INFORMED, [("lead", "Huyện ủy Số 1"), ("informed", "Huyện ủy Số 0")], ("1.1",)),
        (None, [("lead", "Huyện ủy Số 1")], ("1.1",)),
    ],
)
def test_a_member_that_shall_have_less_than_its_group_is_taken_out_of_it(role, stored, unfolded):
    draft = make_draft()
    outcome = give_to(draft, [key(draft.units[0])], role)
    assert (rows_of(draft.tasks[0]), outcome.unfolded) == (stored, unfolded)
    assert rows_of(draft.tasks[1]) == [("lead", "Các huyện ủy")]


def test_a_member_that_shall_have_more_than_its_group_gets_it_beside_the_group():
    draft = make_draft()
    give_to(draft, [f"g{draft.group.pk}"], INFORMED)
    outcome = give_to(draft, [key(draft.units[0])], LEAD)
    assert rows_of(draft.tasks[0]) == [("informed", "Các huyện ủy"), ("lead", "Huyện ủy Số 0")]
    assert (outcome.changed, outcome.unfolded) == (1, ())


def test_a_member_is_taken_out_of_both_groups_that_give_it_more():
    draft = make_draft()
    other = type(draft.group).objects.create(code="khac", name="Nhóm khác")
    other.units.add(draft.units[0], draft.units[2])
    give_to(draft, [f"g{other.pk}"], COORDINATING)
    give_to(draft, [key(draft.units[0])], INFORMED)
    assert rows_of(draft.tasks[0]) == [
        ("lead", "Huyện ủy Số 1"),
        ("coordinating", "Huyện ủy Số 2"),
        ("informed", "Huyện ủy Số 0"),
    ]


def test_a_whole_row_of_groups_and_members_writes_the_group_alone():
    draft = make_draft()
    keys = [f"g{draft.group.pk}", *(key(unit) for unit in draft.units)]
    give_to(draft, keys, COORDINATING)
    assert rows_of(draft.tasks[0]) == [("coordinating", "Các huyện ủy"), ("coordinating", "Huyện ủy Số 2")]


def test_a_whole_row_taken_away_leaves_nothing():
    draft = make_draft()
    give_to(draft, [key(draft.units[2])], COORDINATING)
    give_to(draft, [f"g{draft.group.pk}", *(key(unit) for unit in draft.units)], None)
    assert rows_of(draft.tasks[0]) == []


def test_taking_a_member_out_of_its_group_is_one_step_and_can_be_taken_back():
    draft = make_draft()
    before = list(TaskRecipient.objects.values_list("pk", "task", "role", "unit", "group", "written").order_by("pk"))
    give_to(draft, [key(draft.units[0])], None, tasks=draft.tasks)
    assert draft.directive.draft_changes.count() == 1
    assert str(last_step(draft.directive)) == "Đã giao đơn vị 1.1, 1.2: Huyện ủy Số 0 – không giao"
    undo(draft.directive, by=draft.office, now=NOW)
    after = list(TaskRecipient.objects.values_list("pk", "task", "role", "unit", "group", "written").order_by("pk"))
    assert after == before


def test_only_the_cells_that_changed_come_back():
    draft = make_draft()
    outcome = give_to(draft, [key(draft.units[0]), key(draft.units[2])], COORDINATING, tasks=draft.tasks)
    first, second, third = (key(unit) for unit in draft.units)
    row = {
        f"g{draft.group.pk}": Cell(),
        first: Cell("coordinating"),
        second: Cell("lead"),
        third: Cell("coordinating"),
    }
    assert outcome.cells == {draft.tasks[0].pk: row, draft.tasks[1].pk: row}


def test_nothing_is_a_step_when_nothing_changes():
    draft = make_draft()
    outcome = give_to(draft, [key(draft.units[0])], LEAD)
    assert (outcome.changed, outcome.cells, draft.directive.draft_changes.count()) == (0, {}, 0)


@pytest.mark.parametrize("keys", [["u987654321"], ["g987654321"], []])
def test_a_body_that_is_not_there_is_refused(keys):
    draft = make_draft()
    with pytest.raises(Refused):
        give_to(draft, keys, LEAD)
    assert draft.directive.draft_changes.count() == 0


def test_a_task_of_another_document_is_refused():
    draft = make_draft()
    stranger = make_task(make_directive(state="draft"), "9")
    with pytest.raises(Refused, match="không còn trong dự thảo"):
        give_to(draft, [key(draft.units[0])], LEAD, tasks=[stranger])
    assert rows_of(stranger) == []


@pytest.mark.parametrize("state", ["issued", "closed"])
def test_what_was_issued_is_not_given_here(state):
    draft = make_draft()
    values = {"issued_on": TODAY, "closed_on": TODAY if state == "closed" else None}
    type(draft.directive).objects.filter(pk=draft.directive.pk).update(state=state, **values)
    with pytest.raises(Refused, match="không còn là dự thảo"):
        give_to(draft, [key(draft.units[2])], LEAD)
    assert rows_of(draft.tasks[0]) == [("lead", "Các huyện ủy")]


# --- members and groups in each other's place -------------------------------------------------------


def test_a_group_comes_back_where_all_its_members_have_one_role():
    draft = make_draft(tasks=4)
    before = [rows_of(task) for task in draft.tasks]
    unfold(draft.tasks, draft.group, on=TODAY, by=draft.office, now=NOW)
    # One member has another role, one has a second one, one is missing.
    give_to(draft, [key(draft.units[0])], INFORMED, tasks=draft.tasks[1:2])
    draft.tasks[2].recipients.create(role="informed", unit=draft.units[0])
    give_to(draft, [key(draft.units[1])], None, tasks=draft.tasks[3:])
    others = [rows_of(task) for task in draft.tasks[1:]]
    assert fold(draft.directive, draft.group, on=TODAY, by=draft.office, now=NOW) == 1
    assert rows_of(draft.tasks[0]) == before[0]
    assert draft.tasks[0].recipients.get().written == "Các huyện ủy"
    assert [rows_of(task) for task in draft.tasks[1:]] == others
    assert str(last_step(draft.directive)) == "Đã giao đơn vị 1.1: Các huyện ủy, gộp từ từng đơn vị"


def test_nothing_is_folded_where_the_group_stands_or_has_nobody():
    draft = make_draft()
    for unit in draft.units[:2]:
        draft.tasks[0].recipients.create(role="lead", unit=unit)
    assert fold(draft.directive, draft.group, on=TODAY, by=draft.office, now=NOW) == 0
    draft.group.group_members.update(valid_to="2026-03-01")
    assert fold(draft.directive, draft.group, on=TODAY, by=draft.office, now=NOW) == 0
    assert draft.directive.draft_changes.count() == 0


# --- columns ---------------------------------------------------------------------------------------


def names(draft, **options) -> list[str]:
    return [column.name for column in build_grid(draft.directive, on=TODAY, **options).columns]


def test_groups_come_first_and_open_to_their_members_of_the_day():
    draft = make_draft()
    group = f"g{draft.group.pk}"
    assert names(draft) == ["Các huyện ủy", "HU Số 2"]
    assert names(draft, opened=[group]) == ["Các huyện ủy", "HU Số 0", "HU Số 1", "HU Số 2"]


def test_a_member_with_a_role_of_its_own_stands_once_among_the_units_or_behind_its_opened_group():
    draft = make_draft()
    give_to(draft, [f"g{draft.group.pk}"], INFORMED)
    give_to(draft, [key(draft.units[1])], LEAD)
    assert names(draft) == ["Các huyện ủy", "HU Số 1", "HU Số 2"]
    assert names(draft, opened=[f"g{draft.group.pk}"]) == ["Các huyện ủy", "HU Số 0", "HU Số 1", "HU Số 2"]


def test_bodies_are_added_once_and_unknown_ones_left_out():
    draft = make_draft()
    added = [key(draft.units[0]), key(draft.units[2]), "u987654321"]
    assert names(draft, added=added) == ["Các huyện ủy", "HU Số 0", "HU Số 2"]


def test_the_members_are_those_of_the_day():
    draft = make_draft()
    draft.group.group_members.filter(unit=draft.units[0]).update(valid_to="2026-03-01")
    assert names(draft, opened=[f"g{draft.group.pk}"]) == ["Các huyện ủy", "HU Số 1", "HU Số 2"]


def test_words_that_no_body_stands_for_stay_in_their_row():
    draft = make_draft()
    draft.tasks[1].recipients.create(role="coordinating", written="các đơn vị liên quan")
    grid = build_grid(draft.directive, on=TODAY)
    assert [[row.written for row in line.open_texts] for line in grid.rows] == [[], ["các đơn vị liên quan"]]
    assert [written for _, written in grid.preview.open_texts] == ["các đơn vị liên quan"]
