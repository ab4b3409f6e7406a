"""A long list is read by a program of its own, which tells the same and leaves nothing behind."""

import io
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.veterans.lists import hostile
from tests.veterans.lists.books import TODAY, read, xlsx
from tests.veterans.lists.made.generator import make_list
from veterans.committed_areas import committed_areas
from veterans.lists import aside
from veterans.lists.codes import FileRefused

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _every_list_is_long(monkeypatch):
    monkeypatch.setattr(aside, "LONG_BYTES", 0)


def read_aside(data: bytes, name: str = "danh-sach.xlsx", **more) -> list:
    return list(aside.read(io.BytesIO(data), name=name, areas=committed_areas(), today=TODAY, **more))


def long_book(rows: int = 3000) -> bytes:
    heading = ["STT", "Họ và tên", "Năm sinh", "Xã", "Huyện", "Đối tượng"]
    lines = [[number, f"A Thử {number % 90}", 1930, "Đăk Mar", "Đăk Hà", "TNXP"] for number in range(1, rows)]
    return xlsx([heading, *lines]).getvalue()


def readers_of_lists() -> list[int]:
    """Processes of ours that read a list."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "veterans.lists.aside" in line]


@pytest.mark.parametrize("seed", range(12))
def test_every_kind_of_list_is_told_the_same(seed):
    made = make_list(seed)
    assert read_aside(made.data, made.name) == read(io.BytesIO(made.data), made.name)


def test_a_list_of_thousands_is_told_the_same_in_the_same_order():
    told = read_aside(long_book())
    assert len(told) == 3001
    assert told == read(io.BytesIO(long_book()))


def test_what_somebody_put_right_goes_along():
    mended = {"Trang1": {"B": "note", "A": "full_name"}}
    assert read_aside(long_book(9), corrections=mended) == read(io.BytesIO(long_book(9)), corrections=mended)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_workbook"),
        (b"abc", "not_a_workbook"),
        (hostile.wide(), "too_wide"),
        (hostile.locked(), "password_protected"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_its_sentence(data, code):
    with pytest.raises(FileRefused) as aside_said:
        read_aside(data)
    with pytest.raises(FileRefused) as said:
        read(io.BytesIO(data))
    assert (aside_said.value.code, str(aside_said.value)) == (code, str(said.value))


def test_an_unknown_role_is_an_error_of_the_caller():
    with pytest.raises(ValueError, match="unknown role 'khong-co'"):
        read_aside(long_book(9), corrections={"Trang1": {"B": "khong-co"}})


def test_who_stops_reading_ends_the_other_program():
    events = aside.read(io.BytesIO(long_book()), name="a.xlsx", areas=committed_areas(), today=TODAY)
    next(events)
    during = readers_of_lists()
    events.close()
    assert (len(during), readers_of_lists()) == (1, [])


def test_a_program_that_is_killed_is_no_end_of_the_list():
    events = aside.read(io.BytesIO(long_book(60_000)), name="a.xlsx", areas=committed_areas(), today=TODAY)
    next(events)
    os.kill(readers_of_lists()[0], signal.SIGKILL)
    with pytest.raises(aside.ReadingEnded):
        list(events)
    assert readers_of_lists() == []


@pytest.mark.parametrize("thing", [os.getcwd, aside.read, FileRefused])
def test_nothing_but_rows_comes_to_life_from_an_answer(thing):
    answer = io.BytesIO()
    aside._write(answer, ("events", [thing]))
    answer.seek(0)
    with pytest.raises(pickle.UnpicklingError, match="is no part of a list"):
        aside._read(answer)


def test_no_key_goes_along(monkeypatch):
    monkeypatch.setenv("FIELD_KEY", "khoa-thu")
    seen: list[dict] = []
    begin = subprocess.Popen

    def noted(*args, **more):
        seen.append(more["env"])
        return begin(*args, **more)

    monkeypatch.setattr(aside.subprocess, "Popen", noted)
    read_aside(long_book(9))
    assert sorted(seen[0]) == ["LC_ALL", "PATH"]


def test_the_program_by_itself_says_nothing_of_a_list_where_others_could_read_it():
    done = subprocess.run(
        [sys.executable, "-m", "veterans.lists.aside"],
        cwd=ROOT,
        input=b"",
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, b"")


def test_a_short_list_is_read_without_another_program(monkeypatch):
    monkeypatch.setattr(aside, "LONG_BYTES", 10**9)
    monkeypatch.setattr(aside.subprocess, "Popen", None)
    assert read_aside(long_book(9)) == read(io.BytesIO(long_book(9)))


def test_half_a_message_of_a_program_that_was_killed_is_an_ended_reading():
    whole = io.BytesIO()
    aside._write(whole, ("end", None))
    with pytest.raises(aside.ReadingEnded):
        aside._read(io.BytesIO(whole.getvalue()[:-3]))
