"""What the next draft says has changed since the one before."""

from datetime import date

import pytest

from tasks.lifecycle import cancel, reopen
from tasks.summary.making import make
from tests.factories import at
from tests.tasks.summary.story import DAK_HA, NGOC_HOI, NOTHING, make_play, play_until_15_march

pytestmark = pytest.mark.django_db


def names(rows) -> list[tuple[str, str, str]]:
    return [(row["code"], row["unit"], row["how"]) for row in rows]


def test_the_first_draft_has_nothing_to_compare_with():
    play = make_play()

    assert make(play.directive, by=None, now=at("2024-03-01"), typed=NOTHING).data["changes"] is None


def test_the_next_draft_says_what_came_what_went_and_what_is_new():
    play = make_play()
    make(play.directive, by=None, now=at("2024-02-20"), typed=NOTHING)
    play_until_15_march(play)

    changes = make(play.directive, by=None, now=at("2024-03-15", "20:00"), typed=NOTHING).data["changes"]

    assert (changes["draft_number"], changes["previous_as_of"]) == (1, "2024-02-20")
    assert changes["figures"] == {
        "counted": [4, 4],
        "done_on_time": [0, 1],
        "done_late": [0, 0],
        "open_in_time": [4, 1],
        "open_overdue": [0, 2],
        "outside": [2, 2],
        "waiting": [0, 1],
    }
    assert names(changes["done"]) == [("1a.1", DAK_HA, "")]
    assert names(changes["overdue"]) == [("1a.2", DAK_HA, ""), ("1a.2", NGOC_HOI, "")]
    assert (changes["undone"], changes["recovered"]) == ([], [])
    assert [(paper["unit"], paper["identity"]) for paper in changes["papers"]] == [(DAK_HA, "12-KH/HU")]
    assert [(line["name"], line["before"], line["now"]) for line in changes["indicators"]] == [
        ("Buổi sinh hoạt", "", "5")
    ]
    assert names(changes["narratives"]) == [("1a.1", DAK_HA, "mới có báo cáo"), ("1a.2", NGOC_HOI, "mới có báo cáo")]
    assert changes["words"] == [
        "Hoàn thành thêm 1 việc.",
        "2 việc mới quá hạn.",
        "Thêm 1 văn bản triển khai.",
        "1 chỉ tiêu có số liệu mới.",
        "2 việc có nội dung báo cáo mới.",
    ]


def test_work_that_left_a_class_says_what_became_of_it():
    play = make_play()
    play_until_15_march(play)
    make(play.directive, by=None, now=at("2024-03-15", "20:00"), typed=NOTHING)
    reopen(play.work("1a.1", DAK_HA), by=play.office, now=at("2024-03-18"), reason="Thiếu hai xã")
    cancel(play.work("1a.2", DAK_HA), by=play.office, now=at("2024-03-18"), reason="Thôi làm")
    done = play.send("1a.2", NGOC_HOI, at("2024-03-19"), results="Xong.", claims_completion=True)
    play.accept(done, at("2024-03-19", "10:00"))

    changes = make(play.directive, by=None, now=at("2024-03-20"), typed=NOTHING).data["changes"]

    assert names(changes["undone"]) == [("1a.1", DAK_HA, "cần bổ sung")]
    assert names(changes["recovered"]) == [
        ("1a.2", DAK_HA, "ra ngoài thống kê"),
        ("1a.2", NGOC_HOI, "đã hoàn thành"),
    ]
    assert names(changes["narratives"]) == [("1a.2", NGOC_HOI, "nội dung đã khác")]


def test_a_moved_day_is_named():
    play = make_play()
    play_until_15_march(play)
    make(play.directive, by=None, now=at("2024-03-15", "20:00"), typed=NOTHING)
    work = play.work("1a.2", DAK_HA)
    work.set_due(date(2024, 4, 1), source="text", by=play.office, now=at("2024-03-18"), reason="Theo văn bản mới")

    changes = make(play.directive, by=None, now=at("2024-03-20"), typed=NOTHING).data["changes"]

    assert names(changes["recovered"]) == [("1a.2", DAK_HA, "hạn mới 01/4/2024")]


def test_nothing_changed_is_said_in_words():
    play = make_play()
    make(play.directive, by=None, now=at("2024-03-01", "08:00"), typed=NOTHING)

    changes = make(play.directive, by=None, now=at("2024-03-01", "09:00"), typed=NOTHING).data["changes"]

    assert changes["words"] == ["Không có thay đổi."]
