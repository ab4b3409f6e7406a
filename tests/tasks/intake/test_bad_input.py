"""Whatever a text holds, reading it ends soon and gives a proposal, perhaps without tasks."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tasks.intake.reading import propose
from tasks.intake.splitting import split
from tasks.textcleaning import clean

PLAN = (Path(__file__).parent / "documents/ke-hoach-co-phu-luc.txt").read_text(encoding="utf-8")
WORDS = some.sampled_from(
    [
        "Sở Y tế", "các Bộ,", "ngành", "phối hợp với", "Giao", "đề nghị", "trước ngày 1/1/2025", "hằng năm", "Đối với", "thì", "(", ")", ";", ". ", ":",
        "\n", "\n\n", "1.", "a)", "-", "+", "*", "I.", "|", "Kính gửi:", "Nơi nhận:", "KẾ HOẠCH", "Số: 1/KH-UBND", "CHỈ THỊ", "PHỤ LỤC", "chủ trì", "số 1/A-B",
        "Điều 1.", "nếu", "để xây dựng", "\u0301", "\x00", "ﬁ", "🙂", "²", "Ⅳ", "İ", "ß",
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        "| a | b |\n" * 50,
        "The committee shall report to the council every year.\n" * 20,
        "Ch\u00f8 tr\u00d7, ph\u00e8i h\u00eep \u00ae\u00f3ng.",
        "\u0000\u0001\ufffd" * 100,
        "ỦY BAN NHÂN DÂN " * 200,
        "Sở Y tế, " * 200,
    ],
    ids=["empty", "blank", "table", "english", "tcvn3", "binary", "capitals", "names"],
)
def test_a_text_that_orders_nothing_has_no_tasks(text):
    body, _ = clean(text)

    assert propose(body).tasks == ()


@given(some.lists(WORDS, max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_mixture_of_its_words_is_read_without_an_error(words):
    body, notes = clean(" ".join(words))

    proposal = propose(body, [note["text"] for note in notes])

    for task in proposal.tasks:
        assert 0 <= task.start <= task.end <= len(body)
        assert len(split(task, body)) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "\n".join("-" * (number % 50) + " Sở Y tế làm việc" for number in range(10_000)),
        "Giao Sở Y tế chủ trì, phối hợp với Sở Nội vụ. " * 5_000,
        "Sở Y tế (" * 10_000,
        "số 1/A-B " * 10_000,
        "ngày 1 tháng " * 10_000,
        "Đối với các xã " * 10_000,
        "để xây dựng " * 10_000,
        "(nếu " * 10_000,
        "A" * 200_000,
    ],
    ids=["bullets", "one-line", "brackets", "numbers", "dates", "about", "purposes", "conditions", "letters"],
)
def test_a_hostile_text_is_read_in_seconds(text):
    body, _ = clean(text)
    begun = time.process_time()

    for task in propose(body).tasks[:50]:
        split(task, body)

    # Four seconds on a quiet machine, ten on a busy one; without care it would be hours.
    assert time.process_time() - begun < 30


def test_ten_times_the_text_takes_about_ten_times_as_long():
    def seconds(text: str) -> float:
        body, _ = clean(text)
        begun = time.process_time()
        propose(body)
        return time.process_time() - begun

    seconds(PLAN)

    once, tenfold = min(seconds(PLAN * 4) for _ in range(3)), seconds(PLAN * 40)

    assert tenfold < once * 25
