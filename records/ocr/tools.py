"""The program that reads pictures: where it is, and how such programs are run."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass

LANGUAGE = "vie"
# Of one program, kilobytes of address space: a page of 4200 points needs less than half of it.
MEMORY_KB = 450_000
# What an administrator installs (Debian's names).
PACKAGES = ("tesseract-ocr", "tesseract-ocr-vie")
_ASKING_SECONDS = 10


class CannotRead(Exception):
    """A page that could not be turned into a picture or read; the message is for the log and names no file."""


@dataclass(frozen=True)
class Tools:
    """The path of the program. version: "tesseract 5.3.0 (vie)"."""

    tesseract: str
    version: str


def find_tools() -> Tools | None:
    """The program, or None where it or the Vietnamese letters are missing (asked anew each time)."""
    tesseract = shutil.which("tesseract")
    if tesseract is None:
        return None
    languages, version = _said([tesseract, "--list-langs"]), _said([tesseract, "--version"])
    if LANGUAGE not in languages.split():
        return None
    number = re.search(r"tesseract\s+v?(\d[\w.]*)", version)
    return Tools(tesseract, f"tesseract {number[1] if number else '?'} ({LANGUAGE})")


def run(command: list[str], data: bytes, *, seconds: int) -> bytes:
    """What a program writes to its standard output when it gets `data` on its standard input.

    Args:
        seconds: of the processor and of the clock, after which it is stopped.

    Errors: CannotRead when it fails, takes too long or wants too much memory.
    """
    # By the shell: limits set between fork and exec by Python are not safe beside threads.
    limits = f'ulimit -v {MEMORY_KB} 2>/dev/null; ulimit -t {seconds} 2>/dev/null; exec "$@"'
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", limits, "sh", *command],
            input=data,
            capture_output=True,
            timeout=seconds,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotRead(f"{_name_of(command)} took more than {seconds} s") from error
    except OSError as error:
        raise CannotRead(f"{_name_of(command)} does not start: {error.strerror}") from error
    if done.returncode:
        raise CannotRead(f"{_name_of(command)} ended with {done.returncode}")
    return done.stdout


def _name_of(command: list[str]) -> str:
    """What the log calls it: no path, no argument but the name of our own program."""
    return next((part for part in map(os.path.basename, command) if part.endswith(".py")), os.path.basename(command[0]))


def _said(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_ASKING_SECONDS, env=_environment(), check=False, text=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return f"{done.stdout}\n{done.stderr}"


def _environment() -> dict[str, str]:
    """Nothing of ours goes along (keys, passwords); one core for each page."""
    kept = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
    return {**kept, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}
