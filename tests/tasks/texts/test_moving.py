"""Words of one text found again in another version of it."""

import time

import pytest

from tasks.texts.moving import Mover
from tasks.texts.reading import changes_between


def standing(mover, words, how="exact"):
    """Which words of the new text stand for these of the old one."""
    start = mover.old.index(words)
    place = getattr(mover, how)(start, start + len(words))
    return mover.new[place[0] : place[1]] if place else None


OLD = "1. Sở Văn hoá lập kế hoạch.\n2. Các huyện treo cờ.\n3. Báo cáo kết quả.\n4. Báo cáo kết quả.\n5. Công an giữ trật tự."


@pytest.mark.parametrize(
    ("new", "words", "found"),
    [
        (OLD.replace("treo cờ", "treo cờ Tổ quốc"), "Sở Văn hoá lập kế hoạch.", "Sở Văn hoá lập kế hoạch."),
        (OLD.replace("treo cờ", "treo cờ Tổ quốc"), "Công an giữ trật tự.", "Công an giữ trật tự."),
        (OLD.replace("treo cờ", "treo cờ Tổ quốc"), "Các huyện treo cờ.", None),
        ("Mở đầu. " + OLD + " Hết.", "Các huyện treo cờ.", "Các huyện treo cờ."),
        ("Mở đầu. " + OLD + " Hết.", "Báo cáo kết quả.", None),
        (OLD.replace("Các huyện treo cờ", "Các huyện\ntreo  cờ"), "Các huyện treo cờ.", "Các huyện\ntreo  cờ."),
        (
            OLD.replace("kế hoạch", "chương trình") + "\n6. Các huyện treo cờ.",
            "Các huyện treo cờ.",
            None,
        ),
        ("Các huyện treo cờ.hoa\n" + OLD[:28] + "\nHết", "Các huyện treo cờ.", "Các huyện treo cờ."),
        ("Các huyện treo cờ. Các huyện treo cờ.", "Các huyện treo cờ.", None),
        ("", "Các huyện treo cờ.", None),
    ],
)
def test_words_are_found_where_they_stand_exactly_once_or_nothing_changed_on_one_side(new, words, found):
    assert standing(Mover(OLD, new), words) == found


def test_the_second_of_two_equal_sentences_behind_a_change_stays_the_second():
    mover = Mover(OLD, OLD.replace("kế hoạch", "chương trình"))
    second = OLD.rindex("Báo cáo kết quả.")
    place = mover.exact(second, second + 16)
    assert place == (second + len("chương trình") - len("kế hoạch"), second + 20)


def test_a_word_inside_a_longer_one_is_another_word():
    assert standing(Mover("a\ntreo cờ\nb", "x\ntreo cờn\ny"), "treo cờ") is None


def test_marks_that_stand_as_often_as_before_keep_their_order():
    old, new = "đầu\n---\ngiữa\n---\ncuối", "đầu tiên\n---\ngiữa đây\n---\ncuối cùng"
    mover = Mover(old, new)
    first, second = old.index("---"), old.rindex("---")
    places = [mover.alike(first, first + 3), mover.alike(second, second + 3)]
    assert places == [(new.index("---"), new.index("---") + 3), (new.rindex("---"), new.rindex("---") + 3)]


def test_a_mended_line_stands_in_the_place_of_the_old_one():
    old, new = "một\nhai ba\nbốn", "một!\nhai, ba\nbốn!"
    assert standing(Mover(old, new), "hai ba", "near") == "hai, ba"


def test_lines_that_are_gone_have_no_place():
    assert standing(Mover("một\nhai ba\nbốn", "một!\nbốn!\nnăm\nsáu"), "hai ba", "near") is None


def test_a_footnote_goes_with_the_words_before_it():
    old, new = "Một việc lớn; hai việc nhỏ.", "Thêm: Một việc lớn; hai việc rất nhỏ!"
    assert Mover(old, new).after(old.index(";")) == new.index(";")


def test_every_place_of_an_unchanged_text_stays():
    mover = Mover(OLD, OLD)
    assert [mover.exact(at, at + 1) for at in range(len(OLD))] == [(at, at + 1) for at in range(len(OLD))]


def test_what_changed_is_said_passage_by_passage():
    changes = list(changes_between("một\nhai\nba\nbốn", "một\nhai rưỡi\nba\nbốn\nnăm"))
    said = [(change.line, [(piece.kind, piece.text) for piece in change.pieces]) for change in changes]
    assert said == [(2, [("del", "hai"), ("ins", "hai rưỡi")]), (5, [("ins", "năm")])]


def test_long_texts_are_compared_within_a_second():
    old = "\n".join(f"{number}. Đơn vị thứ {number} báo cáo kết quả thực hiện." for number in range(3000))
    begins = time.process_time()
    changes = list(changes_between(old, old.replace("thứ 1500 ", "thứ một nghìn năm trăm ")))
    assert (len(changes), time.process_time() - begins < 1) == (1, True)
