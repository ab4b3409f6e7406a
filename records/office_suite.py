"""LibreOffice, where an administrator installed it: a Word file becomes a PDF.

It runs as a program of its own with a profile of its own that allows neither macros nor links, gets nothing of our
environment, and is ended with everything it started when the time is over.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from django.conf import settings

# What an administrator installs (Debian's names): the program, and letters as wide as Times New Roman with ạ, ệ, ữ.
PACKAGES = ("libreoffice-writer-nogui", "fonts-croscore")
SECONDS = 120
_NAMES = ("soffice", "libreoffice")
# No macro runs, no picture or text is fetched from elsewhere, nothing is linked.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


class CannotConvert(Exception):
    """A file that did not become a PDF; the message is for the log and names no file."""


def find_program() -> str | None:
    """The program, or None where there is none: what SOFFICE names, else what the system's path knows."""
    names = (settings.SOFFICE,) if settings.SOFFICE else _NAMES
    return next((found for name in names if (found := shutil.which(name))), None)


def to_pdf(content: bytes, *, program: str, seconds: int = SECONDS) -> bytes:
    """A Word file as PDF.

    Args:
        program: what find_program found.
        seconds: after which it is stopped.

    Errors: CannotConvert when it fails, takes too long or writes nothing.
    """
    with tempfile.TemporaryDirectory(prefix="pdf-") as name:
        folder = Path(name)
        source = folder / "report.docx"
        source.write_bytes(content)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
        command = [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
            *("--convert-to", "pdf:writer_pdf_Export", "--outdir", name, str(source)),
        ]
        _run(command, folder, seconds)
        made = folder / "report.pdf"
        if not made.is_file() or not (data := made.read_bytes()).startswith(b"%PDF-"):
            raise CannotConvert("the office suite wrote no PDF")
        return data


def _run(command: list[str], folder: Path, seconds: int) -> None:
    """Run it in a process group of its own; nothing of the group is left. Errors: CannotConvert."""
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise CannotConvert(f"the office suite does not start: {error.strerror}") from error
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise CannotConvert(f"the office suite took more than {seconds} s") from None
    finally:
        # Also after a clean end: the program is a shell that starts another one.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if code:
        raise CannotConvert(f"the office suite ended with {code}")


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours goes along (keys, passwords); everything it writes goes into the folder."""
    kept = {name: os.environ[name] for name in ("PATH", "FONTCONFIG_FILE") if name in os.environ}
    return {**kept, "HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
