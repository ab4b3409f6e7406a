"""The units of systemd: as systemd itself reads them, and what they promise each other."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.deploying import DEPLOY, ROOT, program

UNITS = DEPLOY / "systemd"
SERVICES = ["theodoi-backup", "theodoi-beat", "theodoi-migrate", "theodoi-web", "theodoi-worker"]
RUNNING = ["theodoi-beat", "theodoi-web", "theodoi-worker"]
# Why a rating above 2 would be too much: MemoryDenyWriteExecute breaks LibreOffice, the network is what the program is for.
MOST_EXPOSED = 20


def read(name: str) -> dict[str, list[str]]:
    """The settings of a unit, in order; a setting may stand several times."""
    found: dict[str, list[str]] = {}
    for line in (UNITS / name).read_text("utf-8").splitlines():
        if line and line[0] not in "#[;":
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def one(name: str, key: str) -> str:
    """A setting that stands once."""
    (value,) = read(name)[key]
    return value


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units with the Python of the tests in the place of the one that is installed on a server."""
    for unit in UNITS.iterdir():
        text = unit.read_text("utf-8").replace("/opt/theodoi/current/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text.replace("/opt/theodoi/current", str(ROOT)), "utf-8")
    return tmp_path


def test_systemd_understands_every_unit(installed):
    units = [str(unit) for unit in sorted(installed.iterdir()) if unit.suffix in (".service", ".socket", ".timer")]

    done = subprocess.run(
        [program("systemd-analyze", "systemd"), "verify", "--recursive-errors=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(units) == 7
    about_ours = [line for line in done.stderr.splitlines() if "theodoi" in line]
    assert (done.returncode, about_ours) == (0, [])


def test_systemd_notices_a_setting_it_does_not_know(installed):
    unit = installed / "theodoi-web.service"
    unit.write_text(unit.read_text("utf-8").replace("ProtectHome=yes", "ProtectHomes=yes"), "utf-8")

    done = subprocess.run(
        [program("systemd-analyze", "systemd"), "verify", str(unit)], capture_output=True, text=True, check=False
    )

    assert "Unknown key 'ProtectHomes'" in done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_systemd_rates_every_service_as_well_protected(installed, name):
    done = subprocess.run(
        [
            program("systemd-analyze", "systemd"),
            "security",
            "--offline=true",
            f"--threshold={MOST_EXPOSED}",
            "--no-pager",
            str(installed / f"{name}.service"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout[-300:]}{done.stderr}"


def test_the_protection_is_the_same_in_all_of_them():
    def block(name: str) -> str:
        text = (UNITS / f"{name}.service").read_text("utf-8")
        return text.partition("# --- What it may do")[2].partition("\n\n[Install]")[0].strip()

    blocks = {block(name) for name in SERVICES}

    assert len(blocks) == 1
    assert "NoNewPrivileges=yes" in blocks.pop()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_holds_no_secret_and_no_root(name):
    found = read(f"{name}.service")

    assert (found["User"], found["Group"]) == (["theodoi"], ["theodoi"])
    assert found["Environment"][0] in ("ENV_FILE=/etc/theodoi/theodoi.env", "WORKER_CONCURRENCY=2")
    assert not re.search(r"SECRET|PASSWORD|_KEY|_URL=", (UNITS / f"{name}.service").read_text("utf-8"))


@pytest.mark.parametrize("name", RUNNING)
def test_what_runs_all_the_time_is_started_again_for_ever_and_has_35_seconds_to_end(name):
    unit = f"{name}.service"

    assert (one(unit, "Restart"), one(unit, "StartLimitIntervalSec")) == ("always", "0")
    assert one(unit, "TimeoutStopSec") == "35"


def test_gunicorn_gives_up_waiting_before_systemd_kills():
    text = (DEPLOY / "gunicorn_conf.py").read_text("utf-8")

    (graceful,) = re.findall(r"^graceful_timeout = (\d+)$", text, re.MULTILINE)
    (timeout,) = re.findall(r"^timeout = (\d+)$", text, re.MULTILINE)
    (reading,) = re.findall(r"^proxy_read_timeout (\d+)s;$", (DEPLOY / "nginx/theodoi-proxy.conf").read_text(), re.M)
    assert int(graceful) == 30 < int(one("theodoi-web.service", "TimeoutStopSec"))
    assert int(timeout) == 60 < int(reading) == 65


def test_the_socket_is_where_nginx_looks_for_it():
    assert f"server unix:{one('theodoi-web.socket', 'ListenStream')} " in (DEPLOY / "nginx/theodoi.conf").read_text(
        "utf-8"
    )
    assert (one("theodoi-web.socket", "SocketMode"), one("theodoi-web.socket", "SocketGroup")) == ("0660", "www-data")


def test_a_job_whose_worker_is_killed_at_the_end_of_the_35_seconds_is_not_lost():
    assert settings.CELERY_TASK_ACKS_LATE is True
    assert one("theodoi-worker.service", "KillMode") == "mixed"


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_calls_exists(name):
    command = one(f"{name}.service", "ExecStart").split()

    assert command[0] == "/opt/theodoi/current/.venv/bin/python"
    if command[1] == "manage.py":
        assert (ROOT / "manage.py").exists()
        if command[2] != "migrate":
            assert list(ROOT.glob(f"*/management/commands/{command[2]}.py")), command[2]
    else:
        assert command[1:3] in (["-m", "gunicorn"], ["-m", "celery"])


def test_the_folders_of_the_units_are_made_with_their_owners():
    made = {}
    for line in (UNITS / "theodoi.tmpfiles").read_text("utf-8").splitlines():
        if line.startswith("d "):
            _, path, mode, user, group, _ = line.split()
            made[path] = (mode, user, group)

    assert made == {
        "/etc/theodoi": ("0750", "root", "theodoi"),
        "/run/theodoi": ("0755", "root", "root"),
        "/var/lib/theodoi": ("0750", "theodoi", "theodoi"),
        "/var/backups/theodoi": ("0700", "theodoi", "theodoi"),
    }
    assert (UNITS / "theodoi.sysusers").read_text("utf-8").splitlines()[1].startswith("u theodoi - ")
