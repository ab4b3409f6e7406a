"""What the office does to a draft's breakdown, and that every step can be taken back."""

from datetime import date

import pytest

from records.models import AuditEvent
from tasks.drafting import editing
from tasks.drafting.changes import last_step, undo
from tasks.errors import Refused
from tasks.issuing import issue
from tasks.models import DirectiveTask, DraftChange, Indicator
from tasks.recording import uncovered_sentences
from tests.factories import make_office_user
from tests.tasks.drafting.draft import (
    NOW,
    by_code,
    codes,
    everything,
    given,
    make_bodies,
    products,
    record_letter,
    words_of,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def directive():
    make_bodies()
    return record_letter()


@pytest.fixture
def office(directive):
    return make_office_user()


def place(directive, words):
    start = directive.current_text.body.index(words)
    return start, start + len(words)


def last(directive):
    change = last_step(directive)
    return None if change is None else str(change)


# --- create ---------------------------------------------------------------------------------------


def test_marked_words_become_a_task_with_what_they_name(directive, office):
    marked = place(directive, "Ngày hội là dịp để mọi người thêm yêu sách.")
    task = editing.add_task(directive.current_text, marked, by=office, now=NOW, today=TODAY)
    assert (task.title, task.why, task.is_unchecked) == ("Ngày hội là dịp để mọi người thêm yêu sách.", "", False)
    assert words_of(task) == ["Ngày hội là dịp để mọi người thêm yêu sách."]
    assert codes(directive) == ["1", "2a", "2b", "3", "3.2"]
    assert last(directive) == "Đã tạo nhiệm vụ 3.2"


def test_a_marked_order_brings_its_bodies_and_its_time(directive, office):
    marked = place(directive, "hướng dẫn các địa phương trang trí thư viện; hoàn thành trước ngày 20/3/2026")
    task = editing.add_task(directive.current_text, marked, by=office, now=NOW, today=TODAY)
    assert (task.code, [row[2].isoformat() for row in products(task)]) == ("1.2", ["2026-03-20"])
    assert codes(directive) == ["1", "1.2", "2a", "2b", "3"]


def test_blanks_around_marked_words_do_not_belong_to_the_task(directive, office):
    start, end = place(directive, "Ngày hội là dịp")
    task = editing.add_task(directive.current_text, (start - 2, end + 1), by=office, now=NOW, today=TODAY)
    assert words_of(task) == ["Ngày hội là dịp"]


@pytest.mark.parametrize("marked", [(0, 0), (5, 3), (-1, 20), (0, 10**9), (13, 14)])
def test_nothing_or_places_outside_of_the_text_make_no_task(directive, office, marked):
    with pytest.raises(Refused, match=r"đoạn chữ|không nằm trong"):
        editing.add_task(directive.current_text, marked, by=office, now=NOW, today=TODAY)
    assert (codes(directive), DraftChange.objects.count()) == (["1", "2a", "2b", "3"], 0)


# --- edit and check off ---------------------------------------------------------------------------


def test_an_edited_task_counts_as_looked_at(directive, office):
    task = by_code(directive)["3"]
    editing.edit_task(task, {"title": "Vận động tặng sách", "code": "3.1"}, by=office, now=NOW)
    task.refresh_from_db()
    assert (task.code, task.title, task.checked_by, task.checked_at) == ("3.1", "Vận động tặng sách", office, NOW)


def test_a_code_that_another_task_has_is_refused(directive, office):
    with pytest.raises(Refused, match="Mã “2a” đã dùng cho nhiệm vụ khác"):
        editing.edit_task(by_code(directive)["3"], {"code": "2a"}, by=office, now=NOW)


def test_all_proposals_are_checked_off_in_one_step(directive, office):
    assert editing.check_off(directive, directive.tasks.all(), by=office, now=NOW) == 4
    assert editing.check_off(directive, directive.tasks.all(), by=office, now=NOW) == 0
    assert (directive.tasks.unchecked().count(), last(directive)) == (0, "Đã soát nhiệm vụ 1, 2a, 2b, 3")


# --- split and merge ------------------------------------------------------------------------------


def test_a_paragraph_is_split_by_its_verbs(directive, office):
    made = editing.split_by_verbs(by_code(directive)["1"], by=office, now=NOW)
    assert [(task.code, task.title) for task in made] == [
        ("1.1", "Xây dựng nội dung tuyên truyền về ngày hội"),
        ("1.2", "Hướng dẫn các địa phương trang trí thư viện"),
    ]
    assert codes(directive) == ["1.1", "1.2", "2a", "2b", "3"]
    assert [row[:2] for row in given(made[1])] == [("lead", "Ban Tuyên giáo Tỉnh ủy"), ("coordinating", "Tỉnh đoàn")]
    assert [[row[2] for row in products(task)] for task in made] == [[date(2026, 3, 20)]] * 2
    assert made[0].checked_by == office


def test_one_order_is_not_split(directive, office):
    with pytest.raises(Refused, match="chỉ giao một việc"):
        editing.split_by_verbs(by_code(directive)["3"], by=office, now=NOW)


def test_a_task_is_split_where_the_person_says(directive, office):
    task = by_code(directive)["3"]
    start, _ = place(directive, "tặng sách cho trường học")
    made = editing.split_at(task, [start], by=office, now=NOW)
    assert [words_of(piece) for piece in made] == [
        ["Hội Người cao tuổi tỉnh vận động hội viên"],
        ["tặng sách cho trường học vùng khó khăn."],
    ]
    assert [given(piece) for piece in made] == [[("lead", "", "Hội Người cao tuổi tỉnh", None)]] * 2


def test_tasks_are_merged_with_words_bodies_and_times_of_all(directive, office):
    tasks = by_code(directive)
    merged = editing.merge([tasks["2b"], tasks["2a"]], by=office, now=NOW)
    assert (merged.pk, codes(directive)) == (tasks["2a"].pk, ["1", "2a", "3"])
    assert [words[:10] for words in words_of(merged)] == ["Tổ chức ng", "Báo cáo kế"]
    assert [row[1] for row in given(merged)] == ["Các huyện ủy, thành ủy"]
    assert [row[1] for row in products(merged)] == ["end_of_quarter", "monthly"]


def test_one_task_cannot_be_merged(directive, office):
    task = by_code(directive)["1"]
    with pytest.raises(Refused, match="ít nhất hai"):
        editing.merge([task, task], by=office, now=NOW)


def test_tasks_that_ask_for_the_same_figure_are_not_merged(directive, office):
    tasks = by_code(directive)
    for task in (tasks["2a"], tasks["2b"]):
        Indicator.objects.create(task=task, code="CT01", name="Số buổi", measure="buổi", order=1)
    with pytest.raises(Refused, match="cùng có chỉ tiêu CT01"):
        editing.merge([tasks["2a"], tasks["2b"]], by=office, now=NOW)
    assert codes(directive) == ["1", "2a", "2b", "3"]


# --- remove, move, dismiss ------------------------------------------------------------------------


@pytest.mark.parametrize(("dismiss", "still_open"), [(False, 4), (True, 3)])
def test_the_words_of_a_removed_task_stand_open_or_are_no_task(directive, office, dismiss, still_open):
    editing.remove(by_code(directive)["3"], dismiss=dismiss, by=office, now=NOW)
    assert (codes(directive), len(uncovered_sentences(directive.current_text))) == (["1", "2a", "2b"], still_open)


def test_a_task_is_moved_before_another_and_to_the_end(directive, office):
    tasks = by_code(directive)
    editing.move(tasks["3"], before=tasks["1"], by=office, now=NOW)
    assert codes(directive) == ["3", "1", "2a", "2b"]
    editing.move(by_code(directive)["3"], before=None, by=office, now=NOW)
    assert codes(directive) == ["1", "2a", "2b", "3"]


def test_many_sentences_are_no_task_in_one_step_and_stand_open_again(directive, office):
    text = directive.current_text
    assert editing.dismiss(text, uncovered_sentences(text), by=office, now=NOW) == 3
    assert uncovered_sentences(text) == []
    assert editing.reopen(text, place(directive, "Ngày hội là dịp để mọi người"), by=office, now=NOW) == 1
    assert len(uncovered_sentences(text)) == 1


# --- undo -----------------------------------------------------------------------------------------


def _steps(directive, office):
    tasks = by_code(directive)
    text = directive.current_text
    Indicator.objects.create(task=tasks["2a"], code="CT01", name="Số buổi", measure="buổi", order=1)
    return {
        "add": lambda: editing.add_task(text, place(directive, "Ngày hội là"), by=office, now=NOW, today=TODAY),
        "edit": lambda: editing.edit_task(
            tasks["3"], {"title": "Khác", "code": "9", "monitors": [directive.office]}, by=office, now=NOW
        ),
        "check": lambda: editing.check_off(directive, tasks.values(), by=office, now=NOW),
        "split": lambda: editing.split_by_verbs(tasks["1"], by=office, now=NOW),
        "merge": lambda: editing.merge([tasks["1"], tasks["2a"], tasks["3"]], by=office, now=NOW),
        "remove": lambda: editing.remove(tasks["2a"], dismiss=True, by=office, now=NOW),
        "move": lambda: editing.move(tasks["3"], before=tasks["1"], by=office, now=NOW),
        "dismiss": lambda: editing.dismiss(text, uncovered_sentences(text), by=office, now=NOW),
        "reopen": lambda: editing.reopen(text, (0, 20), by=office, now=NOW),
    }


@pytest.mark.parametrize("verb", ["add", "edit", "check", "split", "merge", "remove", "move", "dismiss", "reopen"])
def test_undoing_brings_back_every_row_under_its_own_id(directive, office, verb):
    steps = _steps(directive, office)
    before = everything(directive)
    steps[verb]()
    assert everything(directive) != before
    undo(directive, by=office, now=NOW)
    assert everything(directive) == before


def test_a_whole_afternoon_can_be_taken_back_step_by_step(directive, office):
    before = everything(directive)
    text = directive.current_text
    editing.split_by_verbs(by_code(directive)["1"], by=office, now=NOW)
    editing.remove(by_code(directive)["2b"], dismiss=False, by=office, now=NOW)
    editing.add_task(text, place(directive, "Ngày hội là"), by=office, now=NOW, today=TODAY)
    editing.move(by_code(directive)["3"], before=by_code(directive)["1.1"], by=office, now=NOW)
    editing.merge([by_code(directive)["1.1"], by_code(directive)["1.2"]], by=office, now=NOW)
    editing.check_off(directive, directive.tasks.all(), by=office, now=NOW)
    while last_step(directive):
        undo(directive, by=office, now=NOW)
    assert everything(directive) == before
    assert directive.draft_changes.count() == 12


def test_undoing_again_takes_back_the_step_before(directive, office):
    editing.move(by_code(directive)["3"], before=by_code(directive)["1"], by=office, now=NOW)
    editing.check_off(directive, directive.tasks.all(), by=office, now=NOW)
    assert str(undo(directive, by=office, now=NOW)) == "Đã soát nhiệm vụ 3, 1, 2a, 2b"
    assert str(undo(directive, by=office, now=NOW)) == "Đã sắp lại thứ tự 3"
    with pytest.raises(Refused, match="Không có bước nào"):
        undo(directive, by=office, now=NOW)


def test_a_page_from_before_anothers_step_undoes_nothing(directive, office):
    editing.move(by_code(directive)["3"], before=by_code(directive)["1"], by=office, now=NOW)
    editing.check_off(directive, directive.tasks.all(), by=office, now=NOW)
    with pytest.raises(Refused, match="Đã có bước khác sau đó"):
        undo(directive, by=office, now=NOW, number=1)
    assert directive.tasks.unchecked().count() == 0


def test_steps_are_never_rewritten(directive, office):
    editing.check_off(directive, directive.tasks.all(), by=office, now=NOW)
    change = DraftChange.objects.get()
    with pytest.raises(TypeError, match="append-only"):
        change.save()


def test_every_step_stands_in_the_log(directive, office):
    editing.check_off(directive, directive.tasks.all(), by=office, now=NOW)
    undo(directive, by=office, now=NOW)
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "directive.recorded",
        "draft.check",
        "draft.undo",
    ]


def test_what_was_issued_is_no_draft_any_more(directive, office):
    editing.check_off(directive, directive.tasks.all(), by=office, now=NOW)
    issue(directive, by=office, now=NOW)
    before = everything(directive)
    steps = _steps(directive, office)
    assert steps.pop("check")() == 0
    for do in steps.values():
        with pytest.raises(Refused, match="không còn là dự thảo"):
            do()
    with pytest.raises(Refused, match="không còn là dự thảo"):
        undo(directive, by=office, now=NOW)
    Indicator.objects.all().delete()
    assert everything(directive) == before


def test_a_stored_task_of_a_person_never_waits(directive):
    assert DirectiveTask(why="", checked_at=None).is_unchecked is False
