"""`make check`: linters, types, and what must not drift apart. Runs all of them, then says which failed."""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

BIN = Path(sys.executable).parent
PYTHON = sys.executable
CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("ruff check", [str(BIN / "ruff"), "check", "."]),
    ("ruff format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    ("djlint", [str(BIN / "djlint"), "--lint", "--quiet", "templates"]),
    ("mypy", [str(BIN / "mypy"), "."]),
    ("manage.py check", [PYTHON, "manage.py", "check", "--fail-level", "WARNING"]),
    ("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("translations", [PYTHON, "manage.py", "compilevi", "--check"]),
)
# Sees the settings of a production server; nothing is connected to.
DEPLOY = [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
PRODUCTION = {
    "EMBEDDED": "false",
    "DEMO": "false",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1/nothing",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "FIELD_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"),
    "ALLOWED_HOSTS": "theodoi.example",
    "CELERY_BROKER_URL": "redis://127.0.0.1/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
}


def passed(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Run one check and show what it says when it fails; return whether it passed."""
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name}", flush=True)
    if done.returncode:
        print(done.stdout, done.stderr, sep="", flush=True)
    return done.returncode == 0


def main() -> int:
    """Run every check; return 0 when all passed."""
    with tempfile.TemporaryDirectory() as scratch:
        base = {**os.environ, "ENV_FILE": "", "VAR_DIR": scratch}
        results = [passed(name, command, {**base, "DEMO": "true"}) for name, command in CHECKS]
        results.append(passed("check --deploy", DEPLOY, {**base, **PRODUCTION}))
        # Every file that a style sheet or a source map names must be there, or production cannot collect.
        collect = [PYTHON, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        results.append(passed("collectstatic", collect, {**base, **PRODUCTION, "STATIC_ROOT": f"{scratch}/static"}))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
