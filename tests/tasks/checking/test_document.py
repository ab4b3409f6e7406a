"""The text cut for the page: what is a task, open, set aside; where each begins and ends; headings with what waits under them."""

import pytest

from tasks.checking.document import checked_paragraphs, sections_of
from tasks.checking.lines import open_sentences
from tasks.textcleaning import uncovered

BODY = "Mở đầu.\n1. Việc một; việc hai.\nCâu 𝒳 lạ. Câu cuối."


def place(words: str, body: str = BODY) -> tuple[int, int]:
    start = body.index(words)
    return start, start + len(words)


def shown(paragraphs) -> list[list[tuple]]:
    return [
        [(piece.text, piece.tasks, bool(piece.open), bool(piece.aside)) for piece in paragraph.pieces]
        for paragraph in paragraphs
    ]


def test_every_stretch_says_what_it_is():
    spans = [(*place("Việc một"), 7), (*place("1. Việc một; việc hai."), 8)]
    found = checked_paragraphs(BODY, spans, [place("Câu 𝒳 lạ.")], [place("Mở đầu."), place("Câu cuối.")])
    assert shown(found) == [
        [("Mở đầu.", (), False, True)],
        [("1. ", (8,), False, False), ("Việc một", (7, 8), False, False), ("; việc hai.", (8,), False, False)],
        [("Câu 𝒳 lạ.", (), True, False), (" ", (), False, False), ("Câu cuối.", (), False, True)],
    ]


def test_places_are_code_points_also_behind_a_letter_of_two_utf_16_units():
    found = checked_paragraphs(BODY, [], [place("Câu cuối.")], [])
    assert (found[2].start, found[2].pieces[-1].start) == (31, 41)
    assert BODY[41:50] == "Câu cuối."


def test_a_task_begins_once_and_ends_at_each_of_its_stretches():
    spans = [(*place("Mở đầu."), 7), (*place("Việc một"), 7), (*place("Việc một"), 9)]
    pieces = [
        piece for paragraph in checked_paragraphs(BODY, spans, [], []) for piece in paragraph.pieces if piece.tasks
    ]
    assert [(piece.begins, piece.ends) for piece in pieces] == [((7,), (7,)), ((9,), (7, 9))]


@pytest.mark.parametrize("end", [7, 8])
def test_a_stretch_with_its_own_line_end_ends_with_the_words_of_the_line(end):
    (first, *_) = checked_paragraphs(BODY, [(0, end, 7)], [], [])
    assert [(piece.text, piece.tasks, piece.ends) for piece in first.pieces] == [("Mở đầu.", (7,), (7,))]


def test_a_stretch_over_several_lines_is_marked_in_each_and_ends_in_the_last():
    found = checked_paragraphs(BODY, [(0, 20, 7)], [], [])
    assert [[(piece.text, piece.tasks, piece.ends) for piece in one.pieces] for one in found[:2]] == [
        [("Mở đầu.", (7,), ())],
        [("1. Việc một;", (7,), (7,)), (" việc hai.", (), ())],
    ]


def test_a_footnote_stands_where_it_was_called():
    notes = [{"mark": "1", "text": "Lời chú", "at": 6}, {"mark": "2", "text": "Không rõ chỗ", "at": None}]
    (first, *_) = checked_paragraphs(BODY, [], [], [], notes)
    assert [(piece.text, piece.notes) for piece in first.pieces] == [("Mở đầu", ("1",)), (".", ())]


PLAN = """I. Mục đích
1. Nâng cao nhận thức.
2. Huy động nguồn lực.
II. Nhiệm vụ
- Rà soát danh sách.
Lời kết."""


def test_a_heading_offers_to_set_aside_what_is_open_under_it():
    waiting = [place(words, PLAN) for words in ("Nâng cao nhận thức.", "Huy động nguồn lực.", "Rà soát danh sách.")]
    found = sections_of(PLAN, waiting)
    assert [(section.start, section.waiting) for section in found.values()] == [(0, 2)]
    assert PLAN[found[0].start : found[0].end].splitlines()[-1] == "2. Huy động nguồn lực."


def test_nothing_is_offered_where_hardly_anything_is_open():
    assert sections_of(PLAN, [place("Nâng cao nhận thức.", PLAN)]) == {}


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], ["Mở đầu.", "Việc một;", "việc hai.", "Câu 𝒳 lạ.", "Câu cuối."]),
        ([(0, 7)], ["Việc một;", "việc hai.", "Câu 𝒳 lạ.", "Câu cuối."]),
        ([(7, 8)], ["Mở đầu.", "Việc một;", "việc hai.", "Câu 𝒳 lạ.", "Câu cuối."]),
        ([(0, 50)], []),
        ([(12, 13), (0, 1), (0, 3), (31, 32)], ["việc hai.", "Câu cuối."]),
    ],
)
def test_sentences_that_nothing_touches(taken, left):
    assert [BODY[start:end] for start, end in uncovered(BODY, taken)] == left


WRAPPED = """Thực hiện Kế hoạch số 12 của Ban Thường vụ Tỉnh ủy, đề nghị các cơ quan
quan tâm chỉ đạo các nội dung sau đây và gửi báo cáo về Văn phòng Tỉnh ủy
trước ngày 20/3/2026 để tổng hợp.
1. Tỉnh đoàn tổ chức hội thi đọc sách trong thanh niên, thiếu niên toàn tỉnh
trong tháng ba và báo cáo kết quả về Văn phòng.
2. Hội Phụ nữ vận động hội viên tặng sách cho các trường học ở vùng khó khăn
và tổ chức các buổi đọc sách cho thiếu nhi.
"""


def test_lines_that_the_width_of_the_page_has_broken_are_one_paragraph_with_every_sign_in_its_place():
    task = place("Tỉnh đoàn tổ chức hội thi đọc sách trong thanh niên, thiếu niên toàn tỉnh\ntrong tháng ba", WRAPPED)
    found = checked_paragraphs(WRAPPED, [(*task, 7)], [], [])
    assert [paragraph.start for paragraph in found] == [0, WRAPPED.index("1."), WRAPPED.index("2.")]
    for paragraph in found:
        words = "".join(piece.text for piece in paragraph.pieces)
        assert words == WRAPPED[paragraph.start : paragraph.start + len(words)]
    # The line end inside of the task's words is marked with them.
    assert [(piece.text[-4:], piece.tasks) for piece in found[1].pieces if piece.tasks] == [
        ("ỉnh\n", (7,)),
        ("g ba", (7,)),
    ]


def test_a_sentence_over_several_lines_is_one_open_sentence():
    assert [
        WRAPPED[start:end][:14] for start, end in open_sentences(WRAPPED, [(WRAPPED.index("1."), len(WRAPPED))])
    ] == ["Thực hiện Kế h"]
