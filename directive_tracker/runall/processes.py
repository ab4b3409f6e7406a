"""Child processes that end with their parent, however it ends."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
# Loaded here, once: between fork and exec a child must not import anything.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """Ask the kernel to send this process SIGTERM when its parent ends, even by kill -9 (Linux only)."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


class Child:
    """One program, in a process group of its own so that Ctrl-C reaches only the parent, which ends it in order."""

    def __init__(self, name: str, command: list[str], *, environment: dict[str, str], keep: tuple[int, ...]) -> None:
        """Start the command. `keep`: open files handed on to it."""
        self.name = name
        self._process = subprocess.Popen(
            command,
            env=environment,
            pass_fds=keep,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )

    def ended(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._process.poll()

    def ask_to_end(self) -> None:
        """Send SIGTERM; both programs then finish what they are doing."""
        if self.ended() is None:
            self._process.terminate()

    def wait_or_kill(self, until: float) -> None:
        """Wait until the moment `until` (time.monotonic), then kill the whole process group."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.1, until - time.monotonic()))
        # Also after a clean end: nothing of the group may stay behind.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def stop_all(children: list[Child], *, seconds: float) -> None:
    """Ask all children to end together and wait at most `seconds` for them; what is left is killed."""
    for child in children:
        child.ask_to_end()
    until = time.monotonic() + seconds
    for child in children:
        child.wait_or_kill(until)
