"""manage.py doctor against setups that are really broken: each is said in words, with what to do, within seconds."""

import contextlib
import datetime as dt
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg2
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection
from django.utils import timezone

from directive_tracker.doctor import database, files, services, setup
from directive_tracker.doctor.findings import Check, Lane, Level, ok, run
from directive_tracker.watching import jobs
from notifications.models import ChannelKind, Message, Pulse, UnitAddress
from records import audit, chain
from records.models import AuditEvent
from tests.factories import make_unit, make_user
from tests.services import free_port

ROOT = Path(__file__).resolve().parents[2]
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def told(found: list[tuple]) -> list[tuple[str, str]]:
    return [(level.value, says) for level, says, _ in found]


def doctor(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    base = {"PATH": os.environ["PATH"], "ENV_FILE": "", "VAR_DIR": str(tmp_path / "var"), "DEMO": "true"}
    command = [sys.executable, "manage.py", "doctor", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**base, **variables}, capture_output=True, text=True, check=False, timeout=120
    )


# --- the command -------------------------------------------------------------------------------------


@pytest.mark.embedded
def test_a_setup_without_tables_and_workers_fails_in_words_and_touches_nothing(tmp_path):
    done = doctor(tmp_path, "--json")
    found = {one["check"]: one for one in json.loads(done.stdout)["findings"]}

    assert (done.returncode, json.loads(done.stdout)["ok"]) == (1, False)
    assert found["migrations"] == {
        "check": "migrations",
        "level": "error",
        "says": "Bảng dữ liệu cũ hơn chương trình (tất cả).",
        "do": "manage.py migrate",
    }
    assert found["workers"]["says"] == "Không worker nào trả lời: thư, tệp Excel, PDF đều chờ."
    assert {found[name]["level"] for name in ("settings", "time_zone", "database", "storage")} == {"ok"}
    assert found["tick"]["says"] == "Cơ sở dữ liệu từ chối câu hỏi (OperationalError)."
    assert list((tmp_path / "var" / "media").iterdir()) == []
    assert "Traceback" not in done.stderr


@pytest.mark.embedded
def test_a_variable_that_is_not_understood_is_a_finding_too(tmp_path):
    done = doctor(tmp_path, "--json", DEMO="yes")

    (finding,) = json.loads(done.stdout)["findings"]
    assert (done.returncode, finding["check"], finding["level"]) == (1, "settings", "error")
    assert "DEMO: phải là true hoặc false, không phải “yes”" in finding["says"]


def test_what_hangs_is_said_and_holds_up_nothing_else():
    def hang() -> list:
        time.sleep(30)
        return []

    began = time.monotonic()
    found = run([Lane([Check("a", hang), Check("b", hang)]), Lane([Check("c", lambda: [ok("tốt")])])], limit=0.3)

    assert [(one.check, one.level, one.says) for one in found] == [
        ("a", "error", "Không có câu trả lời trong 0.3 giây."),
        ("b", "skipped", "Chưa kiểm tra được vì phần trước đó không trả lời."),
        ("c", "ok", "tốt"),
    ]
    assert time.monotonic() - began < 5


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_check_that_breaks_is_an_error_not_a_pass():
    def broken() -> list:
        raise RuntimeError

    assert [(one.level, one.says) for one in run([Lane([Check("a", broken)])])] == [
        (Level.ERROR, "Phép kiểm tra này bị lỗi.")
    ]


# --- the database ------------------------------------------------------------------------------------


@contextlib.contextmanager
def other_address(**changes: object):
    """The default connection with another address; it is put back and made anew afterwards."""
    before = connection.settings_dict.copy()
    connection.close()
    connection.settings_dict.update(changes)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)


@pytest.mark.pg
def test_a_wrong_password_a_missing_database_and_a_dead_server_are_told_apart(
    settings, postgres_url, django_db_blocker
):
    server = psycopg2.connect(postgres_url)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute("SELECT current_setting('hba_file'), pg_read_file(current_setting('hba_file'))")
        path, rules = cursor.fetchone()
        cursor.execute("DROP ROLE IF EXISTS doctor; CREATE ROLE doctor LOGIN PASSWORD 'dung-mat-khau'")
        strict = f"host all doctor 127.0.0.1/32 scram-sha-256\n{rules}"
        with _written(cursor, path, strict, rules), django_db_blocker.unblock():
            with other_address(USER="doctor", PASSWORD="sai-mat-khau"):
                wrong = database.look_at_database()
            with other_address(NAME="khong-co"):
                missing = database.look_at_database()
            with other_address(PORT=free_port()):
                dead = database.look_at_database()
        cursor.execute("DROP ROLE doctor")
    server.close()

    assert [found[0][2] for found in (wrong, missing, dead)] == [
        "Sai người dùng hoặc mật khẩu trong DATABASE_URL.",
        "Chưa có cơ sở dữ liệu hoặc người dùng đó; tạo theo docs/deployment.md.",
        "Dịch vụ PostgreSQL chưa chạy, hoặc máy/cổng trong DATABASE_URL sai.",
    ]
    assert [found[0][0] for found in (wrong, missing, dead)] == ["error", "error", "error"]
    assert "sai-mat-khau" not in str(wrong)


@contextlib.contextmanager
def _written(cursor, path: str, content: str, before: str):
    """Rules of the server's door, for the length of a block."""
    for text in (content, before):
        lines = text.splitlines()
        cursor.execute("SELECT set_config('doctor.rules', %s, false)", ["\n".join(lines)])
        cursor.execute(
            f"COPY (SELECT unnest(string_to_array(current_setting('doctor.rules'), E'\\n'))) TO '{path}'; "
            "SELECT pg_reload_conf()"
        )
        time.sleep(0.5)
        if text is content:
            yield


@pytest.mark.django_db
def test_a_database_that_answers_is_well_and_its_clock_agrees():
    assert [one[0] for one in database.look_at_database()] == ["ok"]
    assert [one[0] for one in database.look_at_clock()] in (["ok"], ["skipped"])


@pytest.mark.django_db
def test_a_restore_that_stopped_half_way_is_said_until_it_is_through():
    before = told(database.look_at_restore())
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE unfinished_restore (backup text NOT NULL)")

    assert before == [("ok", "Không có lần khôi phục nào dở dang.")]
    assert told(database.look_at_restore()) == [
        ("error", "Lần khôi phục trước dừng giữa chừng: dữ liệu đã nạp nhưng chưa dùng được, mọi thư bị giữ.")
    ]


@pytest.mark.django_db
def test_a_tick_that_stopped_and_sends_that_are_held_are_told():
    user = make_user("a")
    Pulse.objects.update_or_create(
        pk=1,
        defaults={
            "last_tick": timezone.now() - dt.timedelta(hours=5),
            "held_since": timezone.now(),
            "held_reason": "Vừa khôi phục",
        },
    )
    day = dt.date(2024, 4, 15)
    Message.objects.create(key="1", kind="x", recipient=user, day=day, due_at=timezone.now(), state="dead")
    Message.objects.create(key="2", kind="x", recipient=user, day=day, due_at=timezone.now(), attempts=3)

    assert told(database.look_at_tick()) == [("error", "Nhịp nhắc việc dừng 5 giờ rồi: thư nhắc không đi.")]
    assert told(database.look_at_sending()) == [
        ("warning", "Mọi thư đang được giữ lại: Vừa khôi phục"),
        ("warning", "1 thư không gửi được."),
        ("warning", "1 thư đã thử ba lần trở lên mà chưa đi."),
    ]


@pytest.mark.django_db
def test_a_wrong_field_key_is_told_before_somebody_types_under_it(settings):
    address = UnitAddress(unit=make_unit("A"), channel=ChannelKind.WEBHOOK, address="https://a.example/x")
    address.keep_secret("k" * 32)
    address.save()
    right = database.look_at_keys()
    settings.FIELD_KEY = bytes(range(32))

    assert told(right) == [("ok", "FIELD_KEY mở được 1 giá trị vừa thử.")]
    assert told(database.look_at_keys()) == [("error", "FIELD_KEY không mở được 1 trong 1 giá trị đã mã hóa vừa thử.")]


@pytest.mark.django_db(transaction=True)
def test_a_log_whose_end_was_cut_off_is_told(settings, tmp_path):
    settings.AUDIT_HEAD_FILE = tmp_path / "head.json"
    user = make_user("a")
    for _ in range(3):
        audit.record("account.signed_in", by=user, at=timezone.now())
    chain.seal()
    whole = database.look_at_log()
    head = json.loads(settings.AUDIT_HEAD_FILE.read_text())
    settings.AUDIT_HEAD_FILE.write_text(json.dumps({**head, "count": head["count"] + 1}))
    cut = database.look_at_log()

    count = AuditEvent.objects.count()
    assert told(whole) == [("ok", f"Nhật ký khớp với tệp đuôi ({count} dòng).")]
    assert told(cut) == [("error", f"Nhật ký trong cơ sở dữ liệu không còn dòng {count + 1} mà tệp head.json đã ghi.")]


# --- queue, workers, mail ----------------------------------------------------------------------------


def test_a_dead_redis_is_told_with_its_place_and_without_its_password(settings):
    port = free_port()
    settings.CELERY_BROKER_URL = f"redis://:mat-khau@127.0.0.1:{port}/0"

    ((level, says, do),) = services.look_at_queue()
    assert (level, says.partition(": trang")[0]) == ("error", f"Redis (127.0.0.1:{port}) không trả lời")
    assert "mat-khau" not in says + do
    assert told(services.look_at_workers()) == [("error", "Không hỏi được worker vì hàng đợi không trả lời.")]


def test_a_redis_that_may_throw_things_away_is_told(settings, redis_url):
    settings.CELERY_BROKER_URL = redis_url
    client = services.redis.Redis.from_url(redis_url)
    well = services.look_at_queue()
    client.config_set("maxmemory", "100mb")
    client.config_set("maxmemory-policy", "allkeys-lru")
    bad = services.look_at_queue()
    client.config_set("maxmemory", "0")
    client.config_set("maxmemory-policy", "noeviction")
    client.close()

    assert [one[0] for one in well] == ["ok"]
    assert told(bad) == [("warning", "Redis được phép bỏ dữ liệu khi đầy (allkeys-lru): có thể mất việc đang chờ.")]


def test_nobody_works_on_a_queue_that_only_answers(settings, redis_url):
    settings.CELERY_BROKER_URL = redis_url

    assert told(services.look_at_workers()) == [("error", "Không worker nào trả lời: thư, tệp Excel, PDF đều chờ.")]


class _Door:
    """A mail server that lets one person in."""

    def __call__(self, server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"dung", handled=False)


@pytest.fixture
def mail_server(settings):
    handler = type("Handler", (), {})()
    controller = Controller(
        handler, hostname="127.0.0.1", port=free_port(), authenticator=_Door(), auth_require_tls=False
    )
    controller.start()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", controller.port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "ai", "dung"
    settings.DEFAULT_FROM_EMAIL = "a@example.vn"
    yield settings
    controller.stop()


def test_a_mail_server_is_tried_with_its_password(mail_server):
    right = services.look_at_mail()
    mail_server.EMAIL_HOST_PASSWORD = "sai"
    wrong = services.look_at_mail()
    mail_server.EMAIL_PORT = free_port()
    dead = services.look_at_mail()

    where = f"127.0.0.1:{mail_server.EMAIL_PORT}"
    assert [one[0] for one in right] == ["ok"]
    assert wrong[0][1].endswith("từ chối người dùng hoặc mật khẩu.")
    assert told(dead) == [("error", f"Máy gửi thư {where} không nhận: ConnectionRefusedError.")]


def test_a_mail_server_that_says_nothing_is_not_waited_for(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", silent.getsockname()[1]
        settings.EMAIL_HOST_USER = ""
        began = time.monotonic()
        found = services.look_at_mail()

    assert found[0][0] == "error"
    assert time.monotonic() - began < 5


# --- the certificate ---------------------------------------------------------------------------------


def _certificate(folder: Path, days: int) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=60))
        .not_valid_after(now + dt.timedelta(days=days, minutes=5))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    path = folder / f"{days}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + pem)
    (folder / f"{days}.trusted").write_bytes(pem)
    return path


@contextlib.contextmanager
def _site(certificate: Path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    line, _ = server.accept()
                    with contextlib.suppress(OSError), context.wrap_socket(line, server_side=True) as safe:
                        safe.recv(1)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    ("days", "level", "says"),
    [
        (90, "ok", "Chứng chỉ của localhost còn 90 ngày."),
        (15, "warning", "Chứng chỉ của localhost còn 15 ngày."),
        (3, "error", "Chứng chỉ của localhost còn 3 ngày."),
        (-1, "error", "Chứng chỉ của localhost không dùng được: certificate has expired."),
    ],
)
def test_a_certificate_is_told_before_it_ends(settings, monkeypatch, tmp_path, days, level, says):
    path = _certificate(tmp_path, days)
    monkeypatch.setenv("SSL_CERT_FILE", str(path.with_suffix(".trusted")))
    with _site(path) as port:
        settings.SITE_URL = f"https://localhost:{port}"
        assert told(services.look_at_certificate()) == [(level, says)]


def test_a_certificate_that_nobody_trusts_is_told(settings, tmp_path):
    with _site(_certificate(tmp_path, 90)) as port:
        settings.SITE_URL = f"https://localhost:{port}"
        assert told(services.look_at_certificate()) == [
            ("error", "Chứng chỉ của localhost không dùng được: self-signed certificate.")
        ]


# --- files -------------------------------------------------------------------------------------------


def test_files_can_be_kept_and_leave_nothing_behind(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media").mkdir(mode=0o700)

    assert [one[0] for one in files.look_at_storage()] in (["ok"], ["warning"])
    assert list((tmp_path / "media").iterdir()) == []


def test_a_full_disk_is_told(settings, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("một ổ đĩa nhỏ chỉ root gắn được")
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], check=False).returncode:
        pytest.skip("máy này không cho gắn tmpfs")
    try:
        with contextlib.suppress(OSError):
            (small / "fill").write_bytes(b"x" * 128 * 1024)
        settings.MEDIA_ROOT = small
        assert told(files.look_at_storage()) == [("error", f"Không ghi được tệp vào {small}: hết chỗ trên đĩa.")]
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_files_that_everybody_on_the_machine_can_read_are_told(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media").mkdir()
    (tmp_path / "media").chmod(0o755)

    assert ("warning", f"Ai trên máy cũng xem được thư mục tệp {tmp_path / 'media'}.") in told(files.look_at_storage())


@pytest.mark.parametrize(
    ("hours", "level", "says"),
    [
        (None, "warning", "Chưa có bản sao lưu nào trong"),
        (2, "ok", "Bản sao lưu mới nhất cách đây 2 giờ."),
        (27, "error", "Bản sao lưu mới nhất đã 27 giờ."),
    ],
)
def test_how_old_the_newest_backup_is(settings, tmp_path, hours, level, says):
    settings.BACKUP_DIR = tmp_path
    if hours is not None:
        path = tmp_path / "theodoi-20240415-010000.tar"
        path.write_text("x")
        os.utime(path, (time.time() - hours * 3600,) * 2)

    ((found, words, _),) = files.look_at_backups()
    assert (found, words[: len(says)]) == (level, says)


def test_a_folder_for_the_log_s_end_that_is_missing_is_told(settings, tmp_path):
    settings.AUDIT_HEAD_FILE = tmp_path / "khong-co" / "head.json"
    settings.ERASED_FILE = str(tmp_path / "erased.jsonl")

    assert told(files.look_at_kept_files()) == [
        ("error", f"Không ghi được AUDIT_HEAD_FILE ({tmp_path / 'khong-co' / 'head.json'}).")
    ]


# --- the settings ------------------------------------------------------------------------------------


def test_a_key_that_others_can_read_is_told(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    (tmp_path / "field-key").write_text("x")
    (tmp_path / "field-key").chmod(0o644)

    assert told(setup.look_at_settings())[0] == (
        "error",
        f"Người khác trên máy đọc được khóa {tmp_path / 'field-key'}.",
    )


def test_files_of_the_look_that_were_never_collected_are_told(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path

    assert told(setup.look_at_static()) == [("error", f"Chưa gom tệp giao diện: không có {tmp_path}/staticfiles.json.")]


def test_a_scanner_that_is_not_there_is_told(settings):
    settings.VIRUS_SCAN_COMMAND = ["khong-co-chuong-trinh-nay", "-"]

    assert ("error", "Không có chương trình quét vi-rút “khong-co-chuong-trinh-nay”: không tệp nào được nhận.") in told(
        setup.look_at_programs()
    )


def test_two_beats_are_named(settings, monkeypatch):
    jobs._note_beat("may-1:100")
    jobs._note_beat("may-2:200")

    assert told(services.beats()) == [("warning", "2 beat cùng chạy (may-1:100, may-2:200): không hại, nhưng thừa.")]
