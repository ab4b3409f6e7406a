"""manage.py backup: everything in one file, whole or not at all; --check finds what was done to it."""

import fcntl
import io
import json
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from records.models import StoredFile
from tests.backups.places import BACKUP_KEY, OTHER_KEY, ROOT, Place

WARNING = "CẢNH BÁO: bản sao lưu KHÔNG được mã hóa vì chưa đặt BACKUP_KEY; ai có tệp đều đọc được."


def made(place: Place) -> Path:
    """The newest backup of the place."""
    return max((place.backups / name for name in place.shown()), key=lambda path: path.stat().st_mtime_ns)


def content(path: Path) -> dict[str, bytes]:
    """The members of a backup that is not sealed."""
    with tarfile.open(path) as tar:
        return {each.name: tar.extractfile(each).read() for each in tar}


def test_a_backup_holds_tables_files_and_what_lies_beside_and_no_key(place: Place):
    code, out, err = place.run("backup")
    members = content(made(place))
    manifest = json.loads(members["manifest.json"])
    counted = {name: rows for name, (rows, _) in place.tables().items()}
    # The log has one row more since: that of the backup itself.
    counted["records_auditevent"] -= 1

    assert code == 0, err
    assert WARNING in err
    assert manifest["format"] == 1
    assert {name: table["rows"] for name, table in manifest["database"]["tables"].items()} == counted
    assert set(manifest["files"]) == set(place.files())
    assert len(manifest["files"]) == 2
    assert set(manifest["kept"]) == {"audit-head.json", "audit-head.log"}
    assert (manifest["missing"], manifest["damaged"]) == ([], [])
    assert manifest["keys"]["field"] == ["47c3a019"]
    assert "FIELD_KEY 47c3a019" in out
    everything = b"".join(members.values())
    assert place.settings["FIELD_KEY"].encode() not in everything
    assert bytes.fromhex(place.settings["FIELD_KEY"]) not in everything
    assert place.home.base["SECRET_KEY"].encode() not in everything


def test_a_sealed_backup_is_read_with_its_key_alone(place: Place):
    place.settings["BACKUP_KEY"] = BACKUP_KEY
    code, out, err = place.run("backup")
    path = made(place)

    assert (code, path.suffix) == (0, ".sealed")
    assert WARNING not in err
    assert b"vanphong" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert place.run("backup", "--check", str(path))[0] == 0
    place.settings["BACKUP_KEY"] = OTHER_KEY
    code, out, err = place.run("backup", "--check", str(path))
    assert (code, out) == (2, "")
    assert "Hãy đặt BACKUP_KEY là khóa đã dùng khi sao lưu." in err
    place.settings["BACKUP_KEY"] = None
    assert place.run("backup", "--check", str(path))[0] == 2


def damaged(data: bytes, how: str) -> bytes:
    middle = len(data) // 2
    if how == "cut":
        return data[:middle]
    if how == "flipped":
        return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    if how == "end cut":
        return data[: -len(data) // 20]
    if how == "swapped":
        return (
            data[: middle - 4096] + data[middle : middle + 4096] + data[middle - 4096 : middle] + data[middle + 4096 :]
        )
    return b"khong phai ban sao luu" * 1000 if how == "other" else b""


@pytest.mark.parametrize("how", ["cut", "flipped", "end cut", "swapped", "other", "empty"])
@pytest.mark.parametrize("sealed", [True, False])
def test_a_backup_that_something_happened_to_is_refused_in_words(place: Place, tmp_path: Path, how: str, sealed: bool):
    place.settings["BACKUP_KEY"] = BACKUP_KEY if sealed else None
    place.run("backup")
    path = tmp_path / "theodoi.tar"
    path.write_bytes(damaged(made(place).read_bytes(), how))

    code, out, err = place.run("backup", "--check", str(path))

    assert (code, out) == (2, "")
    assert "ản sao lưu" in err
    assert "Traceback" not in err


def test_what_is_not_in_the_manifest_and_what_is_only_there_is_found(place: Place, tmp_path: Path):
    place.run("backup")
    members = content(made(place))
    said = []
    for change in ("more", "less", "twice"):
        path = tmp_path / f"{change}.tar"
        with tarfile.open(path, "w") as tar:
            for name, data in members.items():
                if change == "less" and name.startswith("files/"):
                    continue
                told = tarfile.TarInfo(name)
                told.size = len(data)
                if change == "more" and name == "manifest.json":
                    extra = tarfile.TarInfo("files/aa/them.txt")
                    tar.addfile(extra, io.BytesIO())
                tar.addfile(told, io.BytesIO(data))
                if change == "twice" and name.startswith("files/"):
                    tar.addfile(told, io.BytesIO(data))
        said.append(place.run("backup", "--check", str(path)))

    assert [code for code, _, _ in said] == [2, 2, 2]
    assert "Bản sao lưu có 1 mục không được kê khai, ví dụ files/aa/them.txt." in said[0][2]
    assert "Bản sao lưu thiếu 2 mục, ví dụ files/" in said[1][2]
    assert "Bản sao lưu có mục thừa hoặc mục lặp lại." in said[2][2]


def test_a_name_that_leads_elsewhere_is_refused(place: Place, tmp_path: Path):
    path = tmp_path / "theodoi.tar"
    with tarfile.open(path, "w") as tar:
        tar.addfile(tarfile.TarInfo("files/../../etc/passwd"), io.BytesIO())

    code, _, err = place.run("backup", "--check", str(path))

    assert (code, err) == (2, "Bản sao lưu chứa một mục không do chương trình ghi.")


def test_a_file_that_the_store_lost_is_named_and_takes_no_whole_backup_s_place(place: Place):
    place.settings["BACKUP_KEEP"] = 1
    place.run("backup")
    whole = place.shown()
    name = place.do("store_text", name="mat.txt", text="Sẽ mất.\n", sealed=False)
    place.do("drop", name=name)

    code, _, err = place.run("backup")

    assert code == 1
    assert f"CẢNH BÁO: 1 tệp không có trong kho tệp: {name}" in err
    assert len(place.shown()) == 2
    assert set(whole) < set(place.shown())
    assert sum("-thieu-tep" in each for each in place.shown()) == 1


def test_a_file_whose_bytes_are_no_longer_those_that_were_stored_is_named(place: Place):
    name = place.do("store_text", name="hong.txt", text="Sẽ hỏng.\n", sealed=False)
    (place.media / name).write_text("Đã hỏng.\n")

    code, _, err = place.run("backup")

    assert code == 1
    assert f"CẢNH BÁO: 1 tệp không còn như khi được lưu: {name}" in err


def test_the_newest_stay_and_other_files_are_nobody_s_business(place: Place):
    place.settings["BACKUP_KEEP"] = 2
    place.backups.mkdir()
    (place.backups / "ghi-chu.txt").write_text("của quản trị viên")
    for _ in range(3):
        place.run("backup")
        time.sleep(0.01)
    code, out, _ = place.run("backup")

    assert code == 0
    assert "Đã bỏ 1 bản cũ: theodoi-" in out
    assert len(place.shown()) == 3
    assert "ghi-chu.txt" in place.shown()


def test_where_nothing_can_be_written_it_says_so_and_leaves_nothing(place: Place, tmp_path: Path):
    file = tmp_path / "la-tep"
    file.write_text("")

    code, out, err = place.run("backup", "--to", str(file / "sao-luu"))

    assert (code, out) == (2, "")
    assert f"Không tạo được bản sao lưu ở {file}/sao-luu" in err


def test_a_database_that_is_not_there_is_named(place: Place):
    place.database += "_khong_co"

    code, _, err = place.run("backup")

    assert code == 2
    assert "cơ sở dữ liệu" in err
    assert (place.shown(), place.hidden()) == ([], [])


def test_killed_half_way_it_leaves_nothing_that_looks_like_a_backup_and_the_next_one_tidies_up(place: Place):
    # Large enough to be met in the middle of it.
    place.do("keep", name="to.bin", content="x" * 30_000_000)
    stored = "INSERT INTO records_storedfile (file, original_name, extension, content_type, size, sha256, uploaded_at, is_sealed)"
    for number in range(6):
        place.ask(
            f"{stored} VALUES ('to.bin', 'to.bin', '.bin', 'x', 1, '{number}', '2024-04-15T00:00:00Z', %s)", (True,)
        )
    process = subprocess.Popen(
        [sys.executable, "manage.py", "backup"],
        cwd=ROOT,
        env=place.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    part = place.backups / ".theodoi.part"
    until = time.monotonic() + 60
    while time.monotonic() < until and not (part.is_file() and part.stat().st_size > 1_000_000):
        time.sleep(0.002)
    process.kill()
    process.wait()

    assert place.shown() == []
    assert place.hidden() == [".theodoi.part"]
    assert place.run("backup")[0] == 0
    assert (len(place.shown()), place.hidden()) == (1, [])
    assert list(place.folder.glob(".*backup-copy*")) == []


def test_two_at_once_do_not_write_over_each_other(place: Place):
    place.backups.mkdir()
    with open(place.backups / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, _, err = place.run("backup")

    assert (code, place.shown()) == (2, [])
    assert "Một lần sao lưu khác đang ghi vào" in err


def test_every_file_that_the_program_stores_is_one_that_backups_know():
    """Backups ask records_storedfile alone; a new column with files would be left out silently."""
    found = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.FileField)
    }

    assert found == {"StoredFile.file"}
    assert StoredFile._meta.get_field("file").storage is not None
