"""What amendments would change for whom, before anything is issued."""

import pytest

from tasks.amending.effects import amendments_of, effects_of
from tasks.models import Assignment
from tests.factories import make_assignment, make_membership, make_office, make_unit
from tests.tasks.amending.papers import NEW_DUE, NOW, OLD_DUE, make_papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers():
    return make_papers()


def table(papers, by=None):
    rows = effects_of(amendments_of(papers.later), by=by or papers.office, today=NOW.date())
    return [
        (row.unit.short_name, row.task.code, row.state_word, row.due_now, row.what or f"– {row.why}") for row in rows
    ]


def test_a_new_day_is_for_everybody_at_work_and_leaves_what_is_done(papers):
    papers.amend("due", "1", new_due=NEW_DUE)
    assert table(papers) == [
        ("north", "1", "Đang làm", OLD_DUE, "hạn mới 26/4/2024"),
        ("south", "1", "Xong", OLD_DUE, "– đã xong, giữ nguyên"),
        ("youth", "1", "Mới giao", OLD_DUE, "hạn mới 26/4/2024"),
    ]


def test_a_new_day_for_named_units_is_for_them_alone(papers):
    papers.amend("due", "1", new_due=NEW_DUE, only=[papers.units["youth"]])
    assert table(papers) == [("youth", "1", "Mới giao", OLD_DUE, "hạn mới 26/4/2024")]


def test_an_ended_task_ends_for_whoever_is_at_work(papers):
    papers.amend("ends", "1")
    assert table(papers) == [
        ("north", "1", "Đang làm", OLD_DUE, "không phải làm nữa"),
        ("south", "1", "Xong", OLD_DUE, "– đã xong, giữ nguyên"),
        ("youth", "1", "Mới giao", OLD_DUE, "không phải làm nữa"),
    ]


def test_a_replaced_task_names_the_new_one(papers):
    papers.amend("replaces", "2", new_task=papers.new)
    assert table(papers) == [("north", "2", "Mới giao", OLD_DUE, "không phải làm nữa, thay bằng 1")]


def test_units_are_given_a_task_and_relieved_of_it(papers):
    papers.amend(
        "units", "1", take=[papers.units["north"]], give=[papers.units["west"], papers.units["south"]], role="lead"
    )
    assert table(papers) == [
        ("north", "1", "Đang làm", OLD_DUE, "không phải làm nữa"),
        ("south", "1", "Xong", None, "– đơn vị đã được giao nhiệm vụ này"),
        ("west", "1", "chưa giao", None, "giao thêm, chủ trì"),
    ]


def test_parts_handed_on_end_with_the_work_they_belong_to(papers):
    lead = papers.part("1", "north")
    make_assignment(papers.tasks["1"], papers.units["west"], role="part", parent=lead, due=OLD_DUE)
    papers.amend("units", "1", take=[papers.units["north"]])
    assert table(papers) == [
        ("north", "1", "Đang làm", OLD_DUE, "không phải làm nữa"),
        ("west", "1", "Mới giao", OLD_DUE, "không phải làm nữa"),
    ]


def test_a_part_is_never_due_after_the_work_it_belongs_to(papers):
    lead = papers.part("1", "north")
    make_assignment(papers.tasks["1"], papers.units["west"], role="part", parent=lead, due=OLD_DUE)
    papers.amend("due", "1", new_due=NEW_DUE)
    papers.amend("due", "1", new_due=OLD_DUE.replace(day=12), only=[papers.units["north"]])
    assert [row for row in table(papers) if row[0] == "west"] == [
        ("west", "1", "Mới giao", OLD_DUE, "– đơn vị giao lại đặt hạn, vẫn trong hạn mới"),
        ("west", "1", "Mới giao", OLD_DUE, "hạn mới 12/4/2024"),
    ]


def test_later_rows_go_on_from_the_earlier_ones(papers):
    papers.amend("due", "2", new_due=NEW_DUE)
    papers.amend("due", "2", new_due=NEW_DUE)
    papers.amend("ends", "2")
    papers.amend("units", "2", take=[papers.units["north"]])
    assert [row[3:] for row in table(papers)] == [
        (OLD_DUE, "hạn mới 26/4/2024"),
        (NEW_DUE, "– hạn đã là ngày này"),
        (NEW_DUE, "không phải làm nữa"),
        (NEW_DUE, "– không phải làm nữa theo dòng trên"),
    ]


@pytest.mark.parametrize(
    ("state", "what"),
    [
        ("assigned", "không phải làm nữa"),
        ("in_progress", "không phải làm nữa"),
        ("returned_by_unit", "không phải làm nữa"),
        ("awaiting_unit_head", "không phải làm nữa"),
        ("submitted", "không phải làm nữa"),
        ("redo", "không phải làm nữa"),
        ("paused", "không phải làm nữa"),
        ("completed", "– đã xong, giữ nguyên"),
        ("not_applicable", "– đã ra ngoài thống kê, giữ nguyên"),
        ("cancelled", "– đã ra ngoài thống kê, giữ nguyên"),
    ],
)
def test_every_state_is_ended_or_stays(papers, state, what):
    make_assignment(papers.tasks["4"], papers.units["west"], state=state, due=OLD_DUE)
    papers.amend("ends", "4")
    assert [row[4] for row in table(papers)] == [what]


def test_the_offices_own_work_is_decided_by_the_standing_committee(papers):
    make_assignment(papers.tasks["3"], make_office(), due=OLD_DUE)
    papers.amend("ends", "3")
    assert [row[4] for row in table(papers)] == ["– việc của Văn phòng do Thường trực quyết định riêng"]


def test_nobody_relieves_an_own_unit(papers):
    papers.amend("ends", "2")
    make_membership(papers.office, papers.units["north"], "reporter")
    (row,) = effects_of(amendments_of(papers.later), by=papers.office, today=NOW.date())
    assert (row.is_refused, row.why) == (True, "việc của chính đơn vị bạn: để người khác giao văn bản này")


def test_the_table_costs_the_same_for_one_part_and_three_hundred(papers, django_assert_num_queries):
    papers.amend("due", "1", new_due=NEW_DUE)
    effects_of(amendments_of(papers.later), by=papers.office, today=NOW.date())
    with django_assert_num_queries(STATEMENTS):
        effects_of(amendments_of(papers.later), by=papers.office, today=NOW.date())
    first = papers.part("1", "north")
    rows = []
    for number in range(300):
        unit = make_unit(f"đơn vị {number}")
        rows.append(
            Assignment(
                directive=first.directive,
                task=first.task,
                unit=unit,
                role="lead",
                due_original=OLD_DUE,
                due_current=OLD_DUE,
                assigned_on=first.assigned_on,
                updated_at=NOW,
            )
        )
    Assignment.objects.bulk_create(rows)
    with django_assert_num_queries(STATEMENTS):
        effects = effects_of(amendments_of(papers.later), by=papers.office, today=NOW.date())
    assert len(effects) == 303


STATEMENTS = 6
