"""A machine in a box: this one's files (what is written stays in memory), a network of its own, and a real systemd.

Wants root with the right to mount, Debian with systemd; nothing of it outlives the process that made it.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests.services import Unavailable

SCRIPT = Path(__file__).with_name("box.sh")
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "TERM": "dumb",
}


def _killed_with_parent() -> None:
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


class Box:
    """One machine that has started."""

    def __init__(self) -> None:
        """Start it and wait for its services. Raises Unavailable where this machine does not allow it."""
        if os.geteuid() != 0 or not Path("/lib/systemd/systemd").exists() or not Path("/etc/debian_version").exists():
            raise Unavailable("cần quyền root trên Debian có systemd")
        self._folder = Path(tempfile.mkdtemp(prefix="tracker-box-"))
        self._log = (self._folder / "log").open("w+b")
        (self._folder / "box").mkdir()
        spaces = ["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child=SIGKILL"]
        self._process = subprocess.Popen(
            ["unshare", *spaces, "bash", str(SCRIPT), str(self._folder / "box")],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            preexec_fn=_killed_with_parent,
        )
        self.pid = 0
        try:
            self._wait()
        except BaseException:
            self.close()
            raise

    def _wait(self) -> None:
        """Find systemd and wait until it has started everything."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise Unavailable(f"máy này không cho dựng một máy riêng: {self.said()[-300:]}")
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
            with contextlib.suppress(OSError):
                if children and Path(f"/proc/{children[0]}/comm").read_text().strip() == "systemd":
                    self.pid = int(children[0])
                    if self.run("systemctl is-system-running --wait", check=False).stdout.strip() in (
                        "running",
                        "degraded",
                    ):
                        return
            time.sleep(0.2)
        raise Unavailable(f"systemd không khởi động được: {self.said()[-300:]}")

    def said(self) -> str:
        """What the start printed."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    @property
    def root(self) -> Path:
        """The box's files, seen from outside."""
        return Path(f"/proc/{self.pid}/root")

    def run(
        self, script: str, *, typed: str = "", check: bool = True, seconds: float = 600
    ) -> subprocess.CompletedProcess[str]:
        """Run a script of bash on it as root; any failing command ends it. Raises AssertionError with what was said.

        typed: what stands on the standard input.
        """
        done = subprocess.run(
            ["nsenter", "--target", str(self.pid), "--all", "bash", "-euo", "pipefail", "-c", script],
            env=ENVIRONMENT,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
        if check:
            assert done.returncode == 0, (
                f"{script}\n--- {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
            )
        return done

    def in_its_network(self, *command: str) -> list[str]:
        """The command as one that runs here, with our files, in the box's network."""
        return ["nsenter", "--target", str(self.pid), "--net", *command]

    def journal(self, unit: str = "") -> str:
        """What its services wrote."""
        chosen = f"-u '{unit}'" if unit else ""
        return self.run(f"journalctl --no-pager -o cat {chosen}").stdout

    def close(self) -> None:
        """Switch it off; nothing stays behind."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(30)
        self._log.close()
        # The mounts ended with the namespace; only the empty folders are ours.
        shutil.rmtree(self._folder, ignore_errors=True)
