"""A web server of its own process over the test's database: it can be killed as a machine kills it."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from accounts.models import User
from tests import services
from tests.browser.stage import PASSWORD, ROOT

PATIENCE = 30  # seconds


class Server:
    """The program as it is run, in a process that kill -9 reaches; started again it stands at the same address.

    Args:
        var_dir: the folder of the demo's clock and files.
    """

    def __init__(self, var_dir: Path) -> None:
        self.var_dir, self.port = var_dir, services.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None

    def _environment(self) -> Mapping[str, str]:
        if connection.vendor == "sqlite":
            address = f"sqlite:///{connection.settings_dict['NAME']}"
        else:
            now = connection.settings_dict
            address = f"postgres://{now['USER']}:{now['PASSWORD']}@{now['HOST']}:{now['PORT']}/{now['NAME']}"
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "directive_tracker.settings",
            "DATABASE_URL": address,
            "DEMO": "true",
            "EMBEDDED": "true",
            "VAR_DIR": str(self.var_dir),
            "AUDIT_HEAD_FILE": str(self.var_dir / "head-of-the-served.json"),
        }

    def start(self) -> None:
        """Start it and wait for its first page."""
        # The tests' quick hashes are no passwords to the program itself.
        quick = User.objects.filter(password__startswith="md5")
        quick.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "muoichonguoithu"))
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", "--workers", "2"]
        self.process = subprocess.Popen(
            [*command, "--log-level", "error", "directive_tracker.wsgi"],
            cwd=ROOT,
            env=self._environment(),
            start_new_session=True,
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2).close()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        raise AssertionError("the server did not answer")

    def kill(self) -> None:
        """End it and its workers at once, as a power cut does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
