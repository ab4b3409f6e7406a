"""Who gets what on a draft: cells, rows, columns, words that are fixed, groups unfolded; each one step."""

import pytest

from tasks.drafting import assigning
from tasks.drafting.changes import last_step, undo
from tasks.errors import Refused
from tests.factories import make_office_user
from tests.tasks.drafting.draft import NOW, by_code, everything, given, make_bodies, record_letter, set_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def bodies():
    return make_bodies()


@pytest.fixture
def directive(bodies):
    return record_letter()


@pytest.fixture
def office(directive):
    return make_office_user()


def test_one_cell_is_given_changed_and_taken_back(directive, bodies, office):
    task = by_code(directive)["3"]
    said = []
    for role in ("lead", "coordinating", "informed", None):
        set_role(directive, [task], [bodies["youth"]], role and assigning.AssignmentRole(role), by=office, now=NOW)
        said.append([row for row in given(task) if row[1]])
    assert said == [
        [("lead", "Tỉnh đoàn", "", None)],
        [("coordinating", "Tỉnh đoàn", "", None)],
        [("informed", "Tỉnh đoàn", "", None)],
        [],
    ]


def test_a_whole_column_and_a_whole_row_are_one_step_each(directive, bodies, office):
    tasks = list(by_code(directive).values())
    informed = assigning.AssignmentRole.INFORMED
    assert set_role(directive, tasks, [bodies["north"]], informed, by=office, now=NOW) == 4
    row = [bodies["north"], bodies["south"], bodies["youth"]]
    assert set_role(directive, [tasks[3]], row, informed, by=office, now=NOW) == 2
    assert str(last_step(directive)) == ("Đã giao đơn vị 3: Huyện ủy Bắc Mây, Huyện ủy Nam Mây, Tỉnh đoàn – để biết")
    assert directive.draft_changes.count() == 2


def test_a_cell_that_is_so_already_is_no_step(directive, bodies, office):
    task = by_code(directive)["1"]
    lead = assigning.AssignmentRole.LEAD
    assert set_role(directive, [task], [bodies["board"]], lead, by=office, now=NOW) == 0
    assert last_step(directive) is None


def test_the_words_of_the_document_stay_when_the_role_changes(directive, bodies, office):
    task = by_code(directive)["1"]
    informed = assigning.AssignmentRole.INFORMED
    set_role(directive, [task], [bodies["board"]], informed, by=office, now=NOW)
    assert given(task)[-1] == ("informed", "Ban Tuyên giáo Tỉnh ủy", "Ban Tuyên giáo Tỉnh ủy", None)


def test_the_offices_own_work_goes_to_the_standing_committee_and_back(directive, bodies, office):
    task = by_code(directive)["3"]
    lead = assigning.AssignmentRole.LEAD
    set_role(directive, [task], [bodies["office"]], lead, by=office, now=NOW)
    assert by_code(directive)["3"].reviewing_unit == bodies["committee"]
    set_role(directive, [by_code(directive)["3"]], [bodies["office"]], None, by=office, now=NOW)
    assert by_code(directive)["3"].reviewing_unit == bodies["office"]


def test_open_words_are_fixed_once_for_every_task_that_has_them(directive, bodies, office):
    tasks = by_code(directive)
    tasks["1"].recipients.create(role="coordinating", written="Hội Người cao tuổi tỉnh")
    recipient = tasks["3"].recipients.get()
    assert assigning.fix_words_everywhere(recipient, [bodies["youth"]], by=office, now=NOW) == 2
    assert given(tasks["3"]) == [("lead", "Tỉnh đoàn", "Hội Người cao tuổi tỉnh", None)]
    # It coordinates task 1 already, and does so once.
    assert given(tasks["1"])[-1] == ("coordinating", "Tỉnh đoàn", "Tỉnh đoàn", 100)


def test_open_words_may_mean_several_bodies(directive, bodies, office):
    task = by_code(directive)["3"]
    assigning.fix_words(task.recipients.get(), [bodies["group"], bodies["youth"]], by=office, now=NOW)
    assert [row[1] for row in given(task)] == ["Các huyện ủy, thành ủy", "Tỉnh đoàn"]
    with pytest.raises(Refused, match="ít nhất một đơn vị"):
        assigning.fix_words(task.recipients.first(), [], by=office, now=NOW)


def test_a_group_unfolds_to_its_members_of_the_day_without_doubling_one(directive, bodies, office):
    tasks = by_code(directive)
    tasks["2a"].recipients.create(role="informed", unit=bodies["south"])
    assert assigning.unfold(directive.tasks.all(), bodies["group"], on=NOW.date(), by=office, now=NOW) == 3
    assert [row[:2] for row in given(tasks["2a"])] == [("informed", "Huyện ủy Nam Mây"), ("lead", "Huyện ủy Bắc Mây")]
    assert [row[:2] for row in given(tasks["2b"])] == [("lead", "Huyện ủy Bắc Mây"), ("lead", "Huyện ủy Nam Mây")]


def test_every_step_of_assigning_can_be_taken_back(directive, bodies, office):
    before = everything(directive)
    tasks = list(by_code(directive).values())
    set_role(directive, tasks, [bodies["youth"]], assigning.AssignmentRole.LEAD, by=office, now=NOW)
    assigning.unfold(tasks, bodies["group"], on=NOW.date(), by=office, now=NOW)
    assigning.fix_words(by_code(directive)["3"].recipients.get(unit=None), [bodies["group"]], by=office, now=NOW)
    assigning.drop(by_code(directive)["1"].recipients.first(), by=office, now=NOW)
    for _ in range(4):
        undo(directive, by=office, now=NOW)
    assert everything(directive) == before
