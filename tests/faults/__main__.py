"""`make faults`: bring what the scenarios need, run all of them. Arguments are handed to pytest."""

import os
import subprocess
import sys

from tests import services


def main(arguments: list[str]) -> int:
    """Run everything marked `faults`, on servers that the scenarios start themselves; the exit code of pytest."""
    services.install([package for package in services.missing_packages() if package != "chromium"])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-m", "faults", *(arguments or ["tests"])]
    return subprocess.run(command, env={**os.environ, "DATABASE_URL": ""}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
