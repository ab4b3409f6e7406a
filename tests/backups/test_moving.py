"""manage.py move_to_postgresql: everything of the pilot, equal, or an empty target and a sentence."""

import contextlib
import fcntl
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg2
import pytest

from directive_tracker.backups.moving import Sum, canonical
from tests.backups.places import OTHER_KEY, ROOT, Home, Place, as_variable

pytestmark = pytest.mark.pg
# The log of the new system has a line about the move itself; each database keeps its own book of migrations.
OWN = {"records_auditevent", "django_migrations"}


@pytest.fixture(scope="module")
def pilots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Where pilots are made, on SQLite."""
    made = Home(None, tmp_path_factory.mktemp("pilots"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def first_pilot(pilots: Home) -> Place:
    place = pilots.empty()
    place.do("prepare")
    # A number that was given out and is gone: nobody may get it again.
    place.ask("UPDATE sqlite_sequence SET seq = 900 WHERE name = 'records_storedfile'")
    return place


@pytest.fixture
def pilot(pilots: Home, first_pilot: Place) -> Place:
    """A pilot that is stopped."""
    return pilots.copy(first_pilot)


def counts(place: Place) -> dict[str, int]:
    return {name: rows for name, (rows, _) in place.tables().items() if name not in OWN and name != "sqlite_sequence"}


def is_untouched(target: Place) -> bool:
    """Whether nobody and nothing of the pilot is there."""
    tables = target.tables()
    return not tables or all(not tables[name][0] for name in ("accounts_user", "records_auditevent", "tasks_directive"))


def test_everything_is_there_and_equal(pilot: Place, wiped: Place):
    code, out, err = wiped.run("move_to_postgresql", "--from", str(pilot.folder))
    log = "SELECT uid, token, number, hash FROM records_auditevent WHERE verb NOT LIKE 'backup.%%' ORDER BY id"

    assert code == 0, err
    assert "số dòng và mã kiểm của mọi bảng khớp nhau." in out
    assert "đừng chạy lại bản một máy với dữ liệu cũ" in out
    assert counts(wiped) == counts(pilot)
    assert wiped.files() == pilot.files()
    assert [row[1:] for row in wiped.ask(log)] == [row[1:] for row in pilot.ask(log.replace("%%", "%"))]
    assert wiped.do("read_sealed") == {
        "files": {"bao-cao.txt": "Nội dung báo cáo.\n", "danh-sach.txt": "Nội dung danh sách.\n"},
        "phones": ["0260 3862 111", "0260 3862 111"],
    }
    assert wiped.do("sign_in", username="vanphong", password="mat-khau-van-phong") == "/hom-nay/"
    assert wiped.run("verify_audit")[0] == 0
    wiped.do("store_text", name="moi.txt", text="Mới.\n", sealed=False)
    assert wiped.ask("SELECT max(id) FROM records_storedfile") == [(901,)]


def test_a_target_with_data_is_left_as_it_is(pilot: Place, place: Place):
    before = place.tables()

    code, _, err = place.run("move_to_postgresql", "--from", str(pilot.folder))

    assert code == 2
    assert "Cơ sở dữ liệu đích đang có dữ liệu (accounts_user 3 dòng" in err
    assert place.tables() == before


def test_a_pilot_that_runs_is_not_moved(pilot: Place, wiped: Place):
    with open(pilot.folder / "run.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, _, err = wiped.run("move_to_postgresql", "--from", str(pilot.folder))

    assert code == 2
    assert f"Chương trình đang chạy với dữ liệu trong {pilot.folder}; hãy dừng (Ctrl+C) rồi chạy lại." in err
    assert wiped.tables() == {}


def test_sealed_values_need_their_key(pilot: Place, wiped: Place):
    wiped.settings["FIELD_KEY"] = OTHER_KEY

    code, _, err = wiped.run("move_to_postgresql", "--from", str(pilot.folder))

    assert code == 2
    assert "Dữ liệu được mã hóa bằng khóa 47c3a019" in err
    assert is_untouched(wiped)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            "DELETE FROM django_migrations WHERE app = 'veterans'",
            "bước nâng cấp chưa chạy",
        ),
        ("INSERT INTO django_migrations (app, name, applied) VALUES ('tasks', '9999_later', '2024-04-15')", "mới hơn"),
        ("CREATE TABLE cua_ai (id integer)", "có bảng cua_ai mà chương trình này không biết"),
        (
            f"UPDATE accounts_user SET full_name = '{'A' * 500}' WHERE username = 'mttq'",
            "Bảng accounts_user, dòng 3, cột full_name:",
        ),
        (
            "UPDATE accounts_user SET email = 'a' || char(0) || 'b' WHERE username = 'mttq'",
            "Bảng accounts_user, dòng 3, cột email:",
        ),
    ],
)
def test_what_postgresql_cannot_take_is_named_and_the_target_stays_empty(pilot: Place, wiped: Place, change, words):
    pilot.ask(change)

    code, _, err = wiped.run("move_to_postgresql", "--from", str(pilot.folder))

    assert (code, words in err) == (2, True), err
    assert is_untouched(wiped)


def test_there_has_to_be_a_pilot(wiped: Place):
    code, _, err = wiped.run("move_to_postgresql", "--from", str(wiped.folder / "khong-co"))

    assert code == 2
    assert "Không thấy cơ sở dữ liệu" in err


def test_a_file_that_the_pilot_lost_is_named(pilot: Place, wiped: Place):
    name = next(iter(pilot.files()))
    (pilot.media / name).unlink()

    code, _, err = wiped.run("move_to_postgresql", "--from", str(pilot.folder))

    assert code == 1
    assert f"CẢNH BÁO: Tệp {name} không có trong {pilot.media}." in err


def terminate_in_the_middle(target: Place, *, seconds: float) -> bool:
    """End the session of the move while it copies."""
    until = time.monotonic() + seconds
    with contextlib.closing(psycopg2.connect(target.home.server)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        while time.monotonic() < until:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s AND query LIKE 'COPY %%'",
                [target.database],
            )
            if cursor.fetchone()[0]:
                return True
            time.sleep(0.001)
    return False


def test_cut_off_half_way_the_target_is_empty_and_the_same_command_works(pilot: Place, wiped: Place):
    field_key = as_variable(wiped.settings["FIELD_KEY"])
    process = subprocess.Popen(
        [sys.executable, "manage.py", "move_to_postgresql", "--from", str(pilot.folder)],
        cwd=ROOT,
        env=wiped.environment(FIELD_KEY=field_key),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    cut = terminate_in_the_middle(wiped, seconds=120)
    _, err = process.communicate(timeout=120)

    assert cut
    assert process.returncode == 2
    assert "Kết nối tới PostgreSQL bị ngắt" in err
    assert "Cơ sở dữ liệu đích vẫn trống; sửa xong hãy chạy lại lệnh này." in err
    assert is_untouched(wiped)
    assert wiped.run("move_to_postgresql", "--from", str(pilot.folder))[0] == 0
    assert counts(wiped) == counts(pilot)


def test_a_checksum_sees_a_changed_value_and_not_the_order_of_rows():
    rows = [(1, "a", None), (2, "b", True)]

    assert Sum().with_rows(rows) == Sum().with_rows(rows[::-1])
    assert Sum().with_rows(rows) != Sum().with_rows([(1, "a", None), (2, "b", False)])
    assert Sum().with_rows(rows) != Sum().with_rows(rows[:1])
    assert [canonical(each) for each in (True, 1, "1", None, "-", b"1")][:5] == ["b1", "n1", "s1", "-", "s-"]
