"""`make test`: the suite on SQLite, then on a real PostgreSQL with Redis; ends with pytest's summary.

Arguments are handed to pytest. The second round leaves out what is about the embedded default, and starts only when the
first one passed: its summary is then the last line.
"""

import contextlib
import os
import subprocess
import sys

from tests import services


def suite(arguments: list[str], **environment: str) -> int:
    """Run pytest with these additional variables; return its exit code."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
        *arguments,
    ]
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


def main(arguments: list[str]) -> int:
    """Bring the services, run both rounds; return the exit code."""
    services.install(services.missing_packages())
    ci = os.environ.get("CI") == "true"
    with contextlib.ExitStack() as stack:
        try:
            postgres = stack.enter_context(services.postgres())
            redis = stack.enter_context(services.redis_server())
        except services.Unavailable as reason:
            print(f"Bỏ qua vòng PostgreSQL: {reason}", flush=True)
            return 1 if ci else suite(arguments, DATABASE_URL="")
        print("== SQLite ==", flush=True)
        code = suite(arguments, DATABASE_URL="")
        if code:
            return code
        print("== PostgreSQL, Redis ==", flush=True)
        return suite(arguments, DATABASE_URL=postgres, TEST_POSTGRES_URL=postgres, TEST_REDIS_URL=redis)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
