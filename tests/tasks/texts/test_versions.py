"""A corrected text stands beside the original; drafts move to it, issued work does not."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from records.errors import SecretDocumentRefused
from records.models import AuditEvent, StoredFile
from tasks.drafting import editing
from tasks.drafting.changes import last_step, undo
from tasks.errors import Refused
from tasks.issuing import issue
from tasks.models import DirectiveTask, DirectiveText, TaskSpan
from tasks.recording import uncovered_sentences
from tasks.texts.reading import marks_on, near_sentences, versions_of, waiting_for_marks
from tasks.texts.versions import add_file, add_words
from tests.factories import make_office_user
from tests.tasks.drafting.draft import LETTER, NOW, by_code, make_bodies, record_letter, words_of
from tests.tasks.test_parse_directive import TCVN3

pytestmark = pytest.mark.django_db


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


def correct(directive, office, old, new, *, seen=1, reason="Sửa theo bản ký"):
    body = directive.current_text.body
    assert old in body
    return add_words(directive, body.replace(old, new), reason=reason, seen=seen, by=office, now=NOW)


def words_marked(text):
    return [(mark.task.code, text.body[mark.start : mark.end][:24]) for mark in marks_on(text)]


def spans():
    return list(TaskSpan.objects.order_by("pk").values_list("task__code", "text__version", "start", "end"))


# --- drafts ---------------------------------------------------------------------------------------


def test_tasks_of_a_draft_go_with_their_words(directive, office):
    added = correct(directive, office, "Ban Thường vụ Tỉnh ủy yêu cầu:", "Ban Thường vụ Tỉnh ủy yêu cầu các cơ quan:")
    assert (added.text.version, added.moved, added.left) == (2, 4, [])
    assert [row[:2] for row in spans()] == [("1", 2), ("2a", 2), ("2b", 2), ("3", 2)]
    assert {code: words_of(task)[0][:30] for code, task in by_code(directive).items()} == {
        "1": "Ban Tuyên giáo Tỉnh ủy chủ trì",
        "2a": "Tổ chức ngày hội tại địa bàn t",
        "2b": "Báo cáo kết quả trước ngày 25 ",
        "3": "Hội Người cao tuổi tỉnh vận độ",
    }
    assert waiting_for_marks(directive) == []


def test_a_task_whose_words_changed_keeps_its_old_ones_and_waits(directive, office):
    added = correct(directive, office, "tặng sách cho trường học", "tặng sách, báo cho trường học")
    assert (added.moved, added.left) == (3, ["3"])
    (task,) = waiting_for_marks(directive)
    assert (task.code, task.old_words) == (
        "3",
        ["Hội Người cao tuổi tỉnh vận động hội viên tặng sách cho trường học vùng khó khăn."],
    )
    assert [code for code, _ in words_marked(directive.current_text)] == ["1", "2a", "2b"]


def test_clauses_stand_in_the_new_text_and_hold_its_tasks(directive, office):
    correct(directive, office, "tặng sách cho trường học", "tặng sách, báo cho trường học")
    rows = DirectiveTask.objects.order_by("order").values_list("code", "clause__code", "clause__text__version")
    assert list(rows) == [("1", "1", 2), ("2a", "2a", 2), ("2b", "2b", 2), ("3", "3", 2)]
    clause = by_code(directive)["3"].clause
    assert directive.current_text.body[clause.start : clause.end].endswith(
        "tặng sách, báo cho trường học vùng khó khăn."
    )


def test_sentences_set_aside_stay_so_and_only_the_changed_one_is_open(directive, office):
    before = len(uncovered_sentences(directive.current_text))
    correct(directive, office, "tặng sách cho trường học", "tặng sách, báo cho trường học")
    text = directive.current_text
    opened = [text.body[a:b] for a, b in uncovered_sentences(text)]
    assert (before, opened) == (
        3,
        [
            "Thực hiện Kế hoạch số 12-KH/TU, ngày 05/01/2026 của Ban Thường vụ Tỉnh ủy, Ban Thường vụ Tỉnh ủy yêu cầu:",
            "Các huyện ủy, thành ủy:",
            "Hội Người cao tuổi tỉnh vận động hội viên tặng sách, báo cho trường học vùng khó khăn.",
            "Ngày hội là dịp để mọi người thêm yêu sách.",
        ],
    )


def test_a_task_is_marked_again_from_the_likeliest_sentences(directive, office):
    correct(directive, office, "tặng sách cho trường học", "tặng sách, báo cho trường học")
    (task,) = waiting_for_marks(directive)
    text = directive.current_text
    near = {words: place for place, words in near_sentences(text, task.old_words[0])}
    sentence = "Hội Người cao tuổi tỉnh vận động hội viên tặng sách, báo cho trường học vùng khó khăn."
    editing.mark_again(task, text, [near[sentence]], by=office, now=NOW)
    assert (words_of(by_code(directive)["3"]), waiting_for_marks(directive)) == ([sentence], [])
    assert str(last_step(directive)) == "Đã sửa nhiệm vụ 3"
    undo(directive, by=office, now=NOW)
    assert [task.code for task in waiting_for_marks(directive)] == ["3"]


def test_steps_before_a_correction_are_not_undone_any_more(directive, office):
    editing.check_off(directive, [by_code(directive)["1"]], by=office, now=NOW)
    correct(directive, office, "thêm yêu sách", "yêu sách hơn")
    assert last_step(directive) is None
    with pytest.raises(Refused, match="Không có bước nào để hoàn tác"):
        undo(directive, by=office, now=NOW)


# --- what was issued ------------------------------------------------------------------------------


def issued(directive, office):
    for task in directive.tasks.all():
        editing.check_off(directive, [task], by=office, now=NOW)
    issue(directive, by=office, now=NOW)
    directive.refresh_from_db()
    return directive


def test_issued_work_keeps_its_sentence(directive, office):
    issued(directive, office)
    before = spans()
    clauses = list(DirectiveTask.objects.order_by("pk").values_list("clause", flat=True))
    added = correct(directive, office, "tặng sách cho trường học", "tặng sách, báo cho trường học")
    assert (added.text.version, added.moved, added.left, spans()) == (2, 0, [], before)
    assert list(DirectiveTask.objects.order_by("pk").values_list("clause", flat=True)) == clauses
    assert words_of(by_code(directive)["3"]) == [
        "Hội Người cao tuổi tỉnh vận động hội viên tặng sách cho trường học vùng khó khăn."
    ]


def test_the_newest_text_of_issued_work_shows_the_tasks_whose_words_stand_there(directive, office):
    issued(directive, office)
    correct(directive, office, "tặng sách cho trường học", "tặng sách, báo cho trường học")
    assert words_marked(directive.current_text) == [
        ("1", "Ban Tuyên giáo Tỉnh ủy c"),
        ("2a", "Tổ chức ngày hội tại địa"),
        ("2b", "Báo cáo kết quả trước ng"),
    ]
    assert waiting_for_marks(directive) == []


# --- files and history ----------------------------------------------------------------------------


def test_the_original_stays_with_its_checksum_beside_the_file_of_the_correction(directive, office):
    corrected = LETTER.replace("thêm yêu sách", "yêu sách hơn").encode()
    upload = SimpleUploadedFile("ban-sua.txt", corrected)
    added = add_file(directive, upload, reason="Theo bản ký", seen=1, by=office, now=NOW)
    first, second = directive.texts.order_by("version")
    assert first.source_sha256 == hashlib.sha256(LETTER.encode()).hexdigest()
    assert second.source_sha256 == hashlib.sha256(corrected).hexdigest()
    with first.source_file.file.open() as kept:
        assert kept.read() == LETTER.encode()
    assert (second.source_file.original_name, second.added_by, second.reason) == ("ban-sua.txt", office, "Theo bản ký")
    assert added.moved == 4
    event = AuditEvent.objects.get(verb="text.version_added")
    assert (event.data, event.reason) == ({"version": 2, "moved": 4, "marked_again": 0}, "Theo bản ký")


def test_versions_say_what_changed_newest_first(directive, office):
    correct(directive, office, "thêm yêu sách", "yêu sách hơn")
    correct(directive, office, "vùng khó khăn", "vùng sâu", seen=2, reason="Sửa lần hai")
    said = [
        (version.text.version, ["".join(f"<{p.kind}>" for p in change.pieces) for change in version.changes])
        for version in versions_of(directive)
    ]
    assert [(number, len(changes)) for number, changes in said] == [(3, 1), (2, 1), (1, 0)]


def test_versions_cost_one_statement_and_the_text_two(directive, office, django_assert_num_queries):
    correct(directive, office, "thêm yêu sách", "yêu sách hơn")
    text = directive.current_text
    with django_assert_num_queries(1):
        versions_of(directive)
    with django_assert_num_queries(1):
        marks_on(text)
    correct(directive, office, "vùng khó khăn", "vùng sâu", seen=2)
    newest = directive.current_text
    with django_assert_num_queries(2):
        marks_on(newest)


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "reason", "seen", "said"),
    [
        ("Lời văn mới.", "", 1, "Hãy ghi lý do sửa lời văn"),
        ("Lời văn mới.", "Sửa", 0, "đã thêm bản 1 lúc 09:00 02/3/2026"),
        (" \n ", "Sửa theo bản ký", 1, "Lời văn trống"),
        (None, "Sửa theo bản ký", 1, "không khác bản hiện nay"),
        ("x" * 1_000_001, "Sửa theo bản ký", 1, "quá dài"),
        (TCVN3, "Sửa theo bản ký", 1, "bảng mã cũ"),
    ],
)
def test_what_is_no_correction_is_refused_and_nothing_is_kept(directive, office, words, reason, seen, said):
    words = directive.current_text.body if words is None else words
    with pytest.raises(Refused, match=said):
        add_words(directive, words, reason=reason, seen=seen, by=office, now=NOW)
    assert (DirectiveText.objects.count(), StoredFile.objects.count()) == (1, 1)


@pytest.mark.parametrize("way", ["words", "file"])
def test_a_mark_of_secrecy_is_refused_before_anything_is_kept(directive, office, way):
    secret = f"TỐI MẬT\n{LETTER}"
    with pytest.raises(SecretDocumentRefused):
        if way == "words":
            add_words(directive, secret, reason="Sửa", seen=1, by=office, now=NOW)
        else:
            upload = SimpleUploadedFile("a.txt", secret.encode())
            add_file(directive, upload, reason="Sửa", seen=1, by=office, now=NOW)
    assert (DirectiveText.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_a_closed_document_takes_no_correction(directive, office):
    issued(directive, office)
    type(directive).objects.filter(pk=directive.pk).update(state="closed", closed_on=NOW.date())
    with pytest.raises(Refused, match="đã kết thúc theo dõi"):
        correct(directive, office, "thêm yêu sách", "yêu sách hơn")


def test_footnotes_stay_with_the_words_they_were_called_at(directive, office):
    text = directive.current_text
    at = text.body.index("ngày hội, hướng dẫn")
    DirectiveText.objects.filter(pk=text.pk).update(footnotes=[{"mark": "1", "text": "Kế hoạch", "at": at}])
    correct(directive, office, "Kính gửi:", "Kính gửi các cơ quan:")
    newest = directive.current_text
    assert newest.footnotes == [{"mark": "1", "text": "Kế hoạch", "at": newest.body.index("ngày hội, hướng dẫn")}]
