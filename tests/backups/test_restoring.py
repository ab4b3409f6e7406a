"""manage.py restore: an empty machine has everything again, or nothing at all; every refusal is a sentence."""

import contextlib
import fcntl
import io
import json
import re
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.backups.places import BACKUP_KEY, OTHER_KEY, ROOT, Home, Place, as_variable

# What a restore writes into after the backup's rows were compared: its line in the log, and the hold.
ALWAYS_WRITTEN = {"records_auditevent", "notifications_pulse"}
# What is due by the moment of the restore; sessions, trusted browsers, open links of accounts, which end.
WRITTEN = {
    *ALWAYS_WRITTEN,
    "notifications_notice",
    "notifications_message",
    "tasks_digest",
    "accounts_session",
    "accounts_trusteddevice",
    "accounts_accountlink",
}
LOG = "SELECT * FROM records_auditevent WHERE id <= %s ORDER BY id"


@pytest.fixture
def wiped(wiped: Place) -> Place:
    """An empty machine with all keys."""
    wiped.settings["BACKUP_KEY"] = BACKUP_KEY
    return wiped


def is_empty(place: Place) -> bool:
    """Whether the database holds no table at all."""
    if place.home.server is None and not Path(place.database).exists():
        return True
    return place.tables() == {}


def without_written(place: Place, written: set[str] = WRITTEN) -> dict[str, tuple[int, str]]:
    """Rows and checksum of all tables but these; SQLite's own counters follow the rows of the others."""
    return {name: each for name, each in place.tables().items() if name not in written | {"sqlite_sequence"}}


def changed(path: Path, target: Path, change: Callable[[dict], Any]) -> Path:
    """A copy of a backup that is not sealed, with another manifest."""
    with tarfile.open(path) as tar, tarfile.open(target, "w") as new:
        for each in tar:
            data = tar.extractfile(each).read()
            if each.name == "manifest.json":
                manifest = json.loads(data)
                change(manifest)
                data = json.dumps(manifest).encode()
                each.size = len(data)
            new.addfile(each, io.BytesIO(data))
    return target


@pytest.fixture(scope="session")
def plain(home: Home, original: Place) -> Path:
    """A backup that is not sealed."""
    copy = home.copy(original)
    assert copy.run("backup")[0] == 0
    return copy.backups / copy.shown()[0]


def test_wiped_and_restored_everything_is_as_it_was(original: Place, backup: Path, wiped: Place):
    code, out, err = wiped.run("restore", str(backup))
    ((last,),) = original.ask("SELECT max(id) FROM records_auditevent")

    assert code == 0, err
    assert without_written(wiped) == without_written(original)
    assert wiped.ask(LOG, (last,)) == original.ask(LOG, (last,))
    assert wiped.schema() == original.schema()
    assert len(wiped.schema()) > 600
    assert wiped.files() == original.files()
    assert wiped.do("read_sealed") == {
        "files": {"bao-cao.txt": "Nội dung báo cáo.\n", "danh-sach.txt": "Nội dung danh sách.\n"},
        "phones": ["0260 3862 111", "0260 3862 111"],
    }
    assert wiped.do("sign_in", username="vanphong", password="mat-khau-van-phong") == "/hom-nay/"
    assert wiped.run("verify_audit")[0] == 0
    assert "Không ai đang đăng nhập." in out
    assert "Mọi thư đang được giữ." in out


def test_at_the_moment_of_the_backup_nothing_differs_but_the_hold_and_one_line_of_the_log(place: Place, wiped: Place):
    place.settings["NOW"] = wiped.settings["NOW"] = "2024-04-15T10:00:00+07:00"
    planned = place.do("plan", now="2024-04-15T10:00:00+07:00")
    ((last,),) = place.ask("SELECT max(id) FROM records_auditevent")
    assert place.run("backup")[0] == 0

    code, _, err = wiped.run("restore", str(place.backups / place.shown()[0]))

    assert code == 0, err
    assert planned == 2
    assert without_written(wiped, ALWAYS_WRITTEN) == without_written(place, ALWAYS_WRITTEN)
    assert wiped.ask(LOG, (last,)) == place.ask(LOG, (last,))
    assert wiped.ask("SELECT verb FROM records_auditevent WHERE id > %s", (last,)) == [("backup.restored",)]


def test_what_a_restore_writes_into_is_said_where_people_read_it():
    text = (ROOT / "docs" / "backup.md").read_text(encoding="utf-8")
    table = text.partition("**Bảng nào khác sau khôi phục.**")[2].partition("**Thư.**")[0]

    assert {word for word in re.findall(r"`(\w+)`", table) if "_" in word} == WRITTEN


def test_new_rows_go_on_after_the_numbers_that_were_given_out(original: Place, backup: Path, wiped: Place):
    wiped.run("restore", str(backup))
    ((last,),) = original.ask("SELECT max(id) FROM records_storedfile")

    wiped.do("store_text", name="moi.txt", text="Mới.\n", sealed=False)

    assert wiped.ask("SELECT max(id) FROM records_storedfile") == [(last + 1,)]


def test_nobody_is_signed_in_and_no_browser_is_trusted_afterwards(place: Place, wiped: Place):
    assert place.do("sign_in", username="vanphong", password="mat-khau-van-phong") == "/hom-nay/"
    assert place.ask("SELECT count(*) FROM accounts_session") != [(0,)]
    place.run("backup")

    wiped.run("restore", str(place.backups / place.shown()[0]))

    assert wiped.ask("SELECT count(*) FROM accounts_session") == [(0,)]
    assert wiped.ask("SELECT count(*) FROM accounts_trusteddevice") == [(0,)]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"BACKUP_KEY": OTHER_KEY}, "Hãy đặt BACKUP_KEY là khóa đã dùng khi sao lưu."),
        ({"BACKUP_KEY": None}, "Hãy đặt BACKUP_KEY là khóa đã dùng khi sao lưu."),
        ({"FIELD_KEY": OTHER_KEY}, "bản sao lưu cần khóa 47c3a019"),
    ],
)
def test_another_key_is_refused_before_anything_is_done(backup: Path, wiped: Place, settings: dict, words: str):
    wiped.settings |= settings

    code, out, err = wiped.run("restore", str(backup))

    assert (code, out) == (2, "")
    assert words in err
    assert is_empty(wiped)
    assert wiped.files() == {}


def test_a_lost_field_key_is_no_end_where_one_says_so(backup: Path, wiped: Place):
    wiped.settings["FIELD_KEY"] = OTHER_KEY

    code, _, err = wiped.run("restore", str(backup), "--without-field-key")

    assert code == 1
    assert "CẢNH BÁO: Thiếu khóa FIELD_KEY 47c3a019" in err
    assert wiped.do("sign_in", username="vanphong", password="mat-khau-van-phong") == "/hom-nay/"


@pytest.mark.parametrize("how", ["cut", "flipped"])
def test_a_damaged_backup_is_refused_before_anything_is_done(backup: Path, wiped: Place, tmp_path: Path, how: str):
    data = backup.read_bytes()
    middle = len(data) // 2
    path = tmp_path / "hong.tar.sealed"
    path.write_bytes(data[:middle] if how == "cut" else data[:middle] + bytes([data[middle] ^ 4]) + data[middle + 1 :])

    code, _, err = wiped.run("restore", str(path))

    assert code == 2
    assert "Bản sao lưu bị hỏng hoặc bị cắt" in err
    assert is_empty(wiped)
    assert wiped.files() == {}


def later_program(manifest: dict) -> None:
    manifest["database"]["migrations"].append("tasks.9999_later")


def later_format(manifest: dict) -> None:
    manifest["format"] = 2


def other_database(manifest: dict) -> None:
    manifest["database"]["engine"] = "oracle"


def other_rows(manifest: dict) -> None:
    manifest["database"]["tables"]["accounts_user"]["rows"] += 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (later_program, "không biết bước tasks.9999_later. Hãy cài bản mới rồi chạy lại."),
        (later_format, "Bản sao lưu ghi theo mẫu 2; chương trình này chỉ đọc mẫu 1."),
        (other_database, "Bản sao lưu là của oracle"),
        (other_rows, "Dữ liệu nạp vào không khớp bản sao lưu: accounts_user."),
    ],
)
def test_a_backup_that_does_not_fit_is_refused_and_nothing_stands(plain, wiped, tmp_path, change, words):
    code, _, err = wiped.run("restore", str(changed(plain, tmp_path / "khac.tar", change)))

    assert code == 2
    assert words in err
    assert is_empty(wiped)


def test_a_database_with_data_is_left_as_it_is(place: Place, backup: Path):
    place.settings["BACKUP_KEY"] = BACKUP_KEY
    before = place.tables()

    said = [place.run("restore", str(backup)), place.run("restore", str(backup), "--to-empty")]

    assert [code for code, _, _ in said] == [2, 2]
    assert "Cơ sở dữ liệu đích đang có dữ liệu (accounts_user 3 dòng" in said[0][2]
    assert "Nếu chắc chắn, hãy " in said[0][2]
    assert place.tables() == before


def test_tables_in_which_nobody_worked_are_replaced_on_demand(original: Place, backup: Path, wiped: Place):
    wiped.run("migrate")

    refused = wiped.run("restore", str(backup))
    code, _, err = wiped.run("restore", str(backup), "--to-empty")

    assert refused[0] == 2
    assert "Thêm --to-empty để thay các bảng trống đó" in refused[2]
    assert code == 0, err
    assert wiped.tables()["accounts_user"] == original.tables()["accounts_user"]
    assert wiped.schema() == original.schema()


def test_a_running_pilot_is_left_alone(backup: Path, wiped: Place):
    with open(wiped.folder / "run.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, _, err = wiped.run("restore", str(backup))

    assert code == 2
    assert "đang chạy với" in err
    assert is_empty(wiped)


@pytest.mark.pg
def test_whoever_is_still_connected_is_named(backup: Path, wiped: Place):
    with contextlib.closing(psycopg2.connect(wiped.home.url(wiped.database), application_name="gunicorn")):
        code, _, err = wiped.run("restore", str(backup))

    assert code == 2
    assert "Còn 1 kết nối khác vào cơ sở dữ liệu (gunicorn từ 127.0.0.1); hãy dừng web, worker và beat trước." in err


def test_who_was_erased_after_the_backup_does_not_come_back(place: Place, wiped: Place):
    place.run("backup")
    place.do("erase", name="A Thih")
    (wiped.folder / "erased.jsonl").write_bytes((place.folder / "erased.jsonl").read_bytes())

    code, _, err = wiped.run("restore", str(place.backups / place.shown()[0]))

    assert code == 0, err
    assert "Trong sổ xóa có 1 hồ sơ; đã xóa lại 1 hồ sơ." in err
    assert wiped.ask("SELECT count(*) FROM veterans_person WHERE full_name = 'A Thih'") == [(0,)]
    assert wiped.ask("SELECT count(*) FROM veterans_sensitivevalue") == [(1,)]


def test_one_that_could_not_be_finished_is_no_use_until_the_same_command_goes_on(
    backup: Path, plain: Path, wiped: Place
):
    (wiped.folder / "erased.jsonl").write_text("không phải sổ xóa\n")
    stopped = wiped.run("restore", str(backup))
    ready = wiped.do("readyz")
    other = wiped.run("restore", str(plain))
    held = wiped.ask("SELECT held_reason FROM notifications_pulse")
    (wiped.folder / "erased.jsonl").unlink()
    code, _, err = wiped.run("restore", str(backup))

    assert stopped[0] == 2
    assert "Dữ liệu đã nạp nhưng chưa dùng được; sửa sổ xóa rồi chạy lại lệnh này." in stopped[2]
    assert ready == 503
    assert other[0] == 2
    assert "đang dở một lần khôi phục từ bản sao lưu khác" in other[2]
    assert "chưa xong, phải chạy lại manage.py restore" in held[0][0]
    assert code == 0, err
    assert "Lần khôi phục trước dừng giữa chừng; làm tiếp từ đó." in err
    assert wiped.do("readyz") == 200
    assert "unfinished_restore" not in wiped.tables()


def in_the_middle(wiped: Place) -> bool:
    """Whether the database is being filled at this moment."""
    if wiped.home.server is None:
        made = wiped.folder / ".tracker.sqlite3.restoring"
        return made.exists() and made.stat().st_size > 0
    with contextlib.closing(psycopg2.connect(wiped.home.server)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state IN ('active', 'idle in transaction')"
            " AND xact_start IS NOT NULL AND query <> ''",
            [wiped.database],
        )
        return cursor.fetchone()[0] > 0


def test_killed_in_the_middle_it_leaves_an_empty_database_and_can_be_run_again(
    original: Place, backup: Path, wiped: Place
):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "restore", str(backup)],
        cwd=ROOT,
        env=wiped.environment(BACKUP_KEY=as_variable(BACKUP_KEY), FIELD_KEY=as_variable(wiped.settings["FIELD_KEY"])),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None and not in_the_middle(wiped):
        time.sleep(0.001)
    process.kill()
    process.wait()
    time.sleep(0.5)

    assert is_empty(wiped)
    code, _, err = wiped.run("restore", str(backup))
    assert code == 0, err
    assert wiped.tables()["tasks_assignment"] == original.tables()["tasks_assignment"]


def test_the_head_file_that_knows_more_is_set_aside_and_the_loss_is_said(place: Place, wiped: Place):
    place.run("backup")
    place.do("store_text", name="sau.txt", text="Sau bản sao lưu.\n", sealed=False)
    place.run("verify_audit")
    backup = place.backups / place.shown()[0]
    told = json.loads((place.folder / "audit-head.json").read_text())
    told["database"] = told["database"].replace(place.database, wiped.database)
    (wiped.folder / "audit-head.json").write_text(json.dumps(told))

    code, out, err = wiped.run("restore", str(backup))

    assert code == 0, err
    assert "2 dòng ghi sau bản sao lưu đã mất." in out
    assert wiped.run("verify_audit")[0] == 0
    assert len(list(wiped.folder.glob("audit-head.truoc-khoi-phuc-*.json"))) == 1


def test_a_file_left_half_by_a_killed_restore_is_written_anew(original: Place, backup: Path, wiped: Place):
    name = next(iter(original.files()))
    (wiped.media / name).parent.mkdir(parents=True)
    (wiped.media / name).write_bytes((original.media / name).read_bytes()[:5])

    code, _, err = wiped.run("restore", str(backup))

    assert code == 0, err
    assert wiped.files() == original.files()
