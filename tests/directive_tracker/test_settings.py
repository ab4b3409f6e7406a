"""Settings are read strictly: what is not understood stops the start by name."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher

from directive_tracker import demo, env

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DATABASE_URL": "postgresql://theodoi:m%40t@db:5433/theodoi",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-abcdefgh",
    "FIELD_KEY": "1VeuvRB-wlhaRS55ZPlCGM8Sx8X0yQWGsbKOWXVAblA=",
    "ALLOWED_HOSTS": "theodoi.example, theodoi.lan",
    "CELERY_BROKER_URL": "redis://queue/0",
    "EMAIL_URL": "smtp+tls://nguoi:mat@mail:587",
}


def start(tmp_path: Path, code: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own, with nothing but these variables; `code` then runs."""
    program = f"import json\nfrom django.conf import settings as s\ns.DEBUG\n{code}"
    base = {"PATH": os.environ["PATH"], "ENV_FILE": "", "VAR_DIR": str(tmp_path / "var")}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**base, "DJANGO_SETTINGS_MODULE": "directive_tracker.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def value(tmp_path: Path, expression: str, **environment: str) -> object:
    """Return what an expression over the settings `s` gives in a process of their own."""
    done = start(tmp_path, f"print(json.dumps({expression}))", **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"DEMO": "yes"}, "DEMO: phải là true hoặc false, không phải “yes”; xem .env.example"),
        ({"DEMO": "1"}, "DEMO: phải là true hoặc false, không phải “1”; xem .env.example"),
        ({"DEMO": "True"}, "DEMO: phải là true hoặc false, không phải “True”; xem .env.example"),
        ({"EMBEDDED": "no"}, "EMBEDDED: phải là true hoặc false, không phải “no”; xem .env.example"),
        ({"PORT": "80a"}, "PORT: phải là số nguyên từ 1 đến 65535, không phải “80a”; xem .env.example"),
        ({"PORT": "70000"}, "PORT: phải là số nguyên từ 1 đến 65535, không phải “70000”; xem .env.example"),
        (
            {"DEMO": "true", "TODAY": "15/4/2024"},
            "TODAY: phải là ngày dạng 2024-04-15 hoặc now, không phải “15/4/2024”; xem .env.example",
        ),
        ({"DIGEST_DATA_HOUR": "17h"}, "DIGEST_DATA_HOUR: phải là giờ dạng 17:00, không phải “17h”; xem .env.example"),
        (
            {"DIGEST_DATA_HOUR": "24:30"},
            "DIGEST_DATA_HOUR: phải là giờ dạng 17:00, không phải “24:30”; xem .env.example",
        ),
        (
            {"DIGEST_MAIL_HOUR": "06:00"},
            "DIGEST_MAIL_HOUR: phải từ 07:30 đến 16:30, không phải “06:00”; xem .env.example",
        ),
        ({"DIGEST_WEEKDAY": "8"}, "DIGEST_WEEKDAY: phải là số nguyên từ 1 đến 7, không phải “8”; xem .env.example"),
        ({"TODAY": "2024-04-15"}, "TODAY: chỉ đổi được ngày trong bản dùng thử (DEMO=true); xem .env.example"),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL: phải bắt đầu bằng sqlite:// hoặc postgresql://"),
        ({"DATABASE_URL": "postgresql://u@h:port/x"}, "DATABASE_URL: địa chỉ cơ sở dữ liệu viết sai"),
        ({"EMAIL_URL": "pigeon://x"}, "EMAIL_URL: phải bắt đầu bằng smtp://"),
        ({"CELERY_BROKER_URL": "amqp://x"}, "CELERY_BROKER_URL: phải bắt đầu bằng redis://"),
        ({"FIELD_KEY": "ngắn"}, "FIELD_KEY: phải là khóa 32 byte viết bằng base64"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL: phải là DEBUG, INFO, WARNING hoặc ERROR"),
        ({"SECRET_KEY_FILE": "/nowhere/key"}, "SECRET_KEY_FILE: không đọc được tệp /nowhere/key"),
        ({"DEMO": "true", "ALLOWED_HOSTS": "theodoi.example"}, "DEMO: bản dùng thử chỉ chạy trên máy này"),
    ],
)
def test_a_value_that_is_not_understood_stops_the_start_with_the_variable_s_name(tmp_path, variables, named):
    done = start(tmp_path, **variables)

    assert done.returncode == 1
    assert f"Biến môi trường {named}" in done.stderr


def test_manage_py_says_it_in_one_line_without_a_traceback():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "ENV_FILE": "", "DEMO": "maybe"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    expected = "Biến môi trường DEMO: phải là true hoặc false, không phải “maybe”; xem .env.example\n"
    assert (done.stdout, done.stderr) == ("", expected)


@pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"DATABASE_URL"}))
def test_production_does_not_start_without(tmp_path, name):
    variables = {key: text for key, text in PRODUCTION.items() if key != name}

    done = start(tmp_path, **variables)

    assert done.returncode == 1
    assert f"Biến môi trường {name}: bắt buộc khi chạy thật (EMBEDDED=false); xem .env.example" in done.stderr


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"EMBEDDED": "false", "DEMO": "true"}, "DEMO: không dùng dữ liệu thử trên hệ thống chạy thật"),
        ({"DEMO": "true"}, "DEMO: bản dùng thử chỉ chạy trên máy này"),
        ({"DIGEST_DATA_HOUR": "17h"}, "DIGEST_DATA_HOUR: phải là giờ dạng 17:00, không phải “17h”; xem .env.example"),
        (
            {"DIGEST_DATA_HOUR": "24:30"},
            "DIGEST_DATA_HOUR: phải là giờ dạng 17:00, không phải “24:30”; xem .env.example",
        ),
        (
            {"DIGEST_MAIL_HOUR": "06:00"},
            "DIGEST_MAIL_HOUR: phải từ 07:30 đến 16:30, không phải “06:00”; xem .env.example",
        ),
        ({"DIGEST_WEEKDAY": "8"}, "DIGEST_WEEKDAY: phải là số nguyên từ 1 đến 7, không phải “8”; xem .env.example"),
        ({"TODAY": "2024-04-15"}, "TODAY: chỉ đổi được ngày trong bản dùng thử"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY: phải dài ít nhất 50 ký tự ngẫu nhiên"),
        ({"SECRET_KEY": "x" * 60}, "SECRET_KEY: phải dài ít nhất 50 ký tự ngẫu nhiên"),
        ({"SECRET_KEY": "django-insecure-" + "0123456789" * 5}, "SECRET_KEY: phải dài ít nhất 50 ký tự ngẫu nhiên"),
    ],
)
def test_production_refuses_a_demo_a_shifted_clock_and_weak_secrets(tmp_path, variables, named):
    done = start(tmp_path, **{**PRODUCTION, **variables})

    assert done.returncode == 1
    assert f"Biến môi trường {named}" in done.stderr


def test_production_refuses_the_folder_of_a_demo_whose_clock_was_moved(tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "clock.json").write_text("{}")

    done = start(tmp_path, **PRODUCTION)

    assert done.returncode == 1
    assert "Biến môi trường VAR_DIR: thư mục" in done.stderr


def test_production_is_strict(tmp_path):
    chosen = value(
        tmp_path,
        "[s.EMBEDDED, s.DEBUG, s.ALLOWED_HOSTS, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.SITE_URL]",
        **PRODUCTION,
    )

    assert chosen == [
        False,
        False,
        ["theodoi.example", "theodoi.lan"],
        "__Host-sessionid",
        "__Host-csrftoken",
        True,
        True,
        True,
        31536000,
        "https://theodoi.example",
    ]


def test_production_keeps_connections_and_asks_whether_they_live(tmp_path):
    chosen = value(
        tmp_path,
        "[s.DATABASES['default'][k] for k in ('NAME', 'USER', 'PASSWORD', 'HOST', 'PORT', 'CONN_MAX_AGE', 'CONN_HEALTH_CHECKS')]",
        **PRODUCTION,
    )

    assert chosen == ["theodoi", "theodoi", "m@t", "db", 5433, 600, True]


def test_production_makes_nothing_under_var(tmp_path):
    start(tmp_path, **PRODUCTION)

    assert not (tmp_path / "var").exists()


def test_the_embedded_default_needs_no_variable_and_its_cookies_work_over_plain_http(tmp_path):
    chosen = value(
        tmp_path,
        "[s.EMBEDDED, s.DEMO, s.DEBUG, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.SITE_URL, s.ALLOWED_HOSTS]",
    )

    assert chosen == [
        True,
        False,
        False,
        "sessionid",
        "csrftoken",
        False,
        False,
        False,
        0,
        "http://127.0.0.1:8000",
        ["127.0.0.1", "localhost", "[::1]"],
    ]


def test_the_embedded_default_tunes_sqlite_and_queues_in_folders(tmp_path):
    chosen = value(
        tmp_path,
        "[s.DATABASES['default']['OPTIONS'], s.CELERY_BROKER_TRANSPORT_OPTIONS, s.EMAIL_BACKEND, s.EMAIL_FILE_PATH]",
    )

    var = tmp_path / "var"
    assert chosen == [
        {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
            "PRAGMA cache_size=-20000;PRAGMA mmap_size=134217728;",
        },
        {
            "data_folder_in": f"{var}/broker/queue",
            "data_folder_out": f"{var}/broker/queue",
            "control_folder": f"{var}/broker/control",
        },
        "django.core.mail.backends.filebased.EmailBackend",
        f"{var}/mail",
    ]
    assert (var / "broker" / "queue").is_dir()


PATIENCE = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", {**PATIENCE, "options": "-c jit=off"}),
        ("?options=-c%20jit%3Don&connect_timeout=10", {**PATIENCE, "connect_timeout": 10, "options": "-c jit=on"}),
    ],
)
def test_postgresql_does_not_compile_statements_unless_the_address_says_so(tmp_path, query, options):
    address = f"postgresql://u@127.0.0.1/x{query}"

    assert value(tmp_path, "s.DATABASES['default']['OPTIONS']", DEMO="true", DATABASE_URL=address) == options


def test_the_demo_on_postgresql_needs_no_other_variable(tmp_path):
    assert value(tmp_path, "s.EMBEDDED", DEMO="true", DATABASE_URL="postgresql://u@127.0.0.1/x") is True


def test_only_the_demo_watches_a_folder_of_its_own(tmp_path):
    assert value(tmp_path, "s.INCOMING_DIR") == ""
    assert value(tmp_path, "s.INCOMING_DIR", DEMO="true") == str(tmp_path / "var" / "van-ban-den")
    assert (tmp_path / "var" / "van-ban-den").is_dir()


def test_the_secrets_of_the_embedded_default_are_made_once_and_are_the_owner_s_alone(tmp_path):
    first = value(tmp_path, "[s.SECRET_KEY, s.FIELD_KEY.hex()]")
    second = value(tmp_path, "[s.SECRET_KEY, s.FIELD_KEY.hex()]")

    assert first == second
    assert [len(first[0]) >= 50, len(first[1])] == [True, 64]
    for name in ("secret-key", "field-key"):
        assert stat.S_IMODE((tmp_path / "var" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_a_secret_may_come_from_a_file(tmp_path):
    (tmp_path / "key").write_text("from-the-file\n")

    assert value(tmp_path, "s.SECRET_KEY", SECRET_KEY_FILE=str(tmp_path / "key")) == "from-the-file"


def test_a_secret_given_twice_is_refused(tmp_path):
    (tmp_path / "key").write_text("from-the-file")

    done = start(tmp_path, SECRET_KEY="typed", SECRET_KEY_FILE=str(tmp_path / "key"))

    assert "SECRET_KEY: chỉ đặt một trong hai, SECRET_KEY hoặc SECRET_KEY_FILE" in done.stderr


def test_a_password_that_begins_with_a_dollar_sign_is_taken_as_it_stands(tmp_path):
    assert value(tmp_path, "s.SECRET_KEY", SECRET_KEY="$HOME") == "$HOME"


def test_variables_may_stand_in_a_file_and_the_environment_wins(tmp_path):
    (tmp_path / "env").write_text("PORT=8123\nUPLOAD_MAX_MB=7\n")

    chosen = value(tmp_path, "[s.PORT, s.UPLOAD_MAX_BYTES]", ENV_FILE=str(tmp_path / "env"), PORT="8200")

    assert chosen == [8200, 7340032]


def test_what_is_not_the_demo_keeps_to_a_folder_of_its_own(tmp_path):
    chosen = value(tmp_path, "str(s.VAR_DIR.relative_to(s.BASE_DIR))", **{**PRODUCTION, "VAR_DIR": ""})

    assert chosen == "var/pilot"


def test_every_variable_the_code_reads_stands_in_the_example():
    files = (ROOT / "directive_tracker" / "settings.py", ROOT / "deploy" / "gunicorn_conf.py")
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    read = set(re.findall(r'env\.[a-z_]+\(\s*"([A-Z_]+)"', code)) | {"ENV_FILE"}
    described = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))

    assert read - described == set()
    assert described - read == {"TEST_POSTGRES_URL", "TEST_REDIS_URL"}


def test_passwords_are_hashed_with_argon2_outside_tests(tmp_path):
    assert value(tmp_path, "s.PASSWORD_HASHERS[0]") == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert get_hasher().algorithm == "md5"


def test_the_demo_s_password_is_made_once_long_enough_and_the_owner_s_alone(tmp_path, settings):
    settings.VAR_DIR = tmp_path

    password = demo.demo_password()

    assert demo.demo_password() == password
    assert re.fullmatch(r"([a-z]+-){4}\d{4}", password)
    assert len(password) >= 12
    assert stat.S_IMODE((tmp_path / "demo-password").stat().st_mode) == 0o600


def test_the_first_of_two_processes_decides_the_secret(tmp_path):
    assert env.kept(tmp_path / "key", "first") == "first"
    assert env.kept(tmp_path / "key", "second") == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_pages_may_load_nothing_from_elsewhere_and_no_inline_code():
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] == {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
