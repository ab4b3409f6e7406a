"""One finding, and how a row of checks is run so that none of them can hang."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.db import Error

# Seconds one check may take; whatever hangs (a disk, a network that drops everything) is itself the finding.
LIMIT = 5.0


class Level(StrEnum):
    """How bad it is: only an error makes the command fail."""

    OK = "ok"
    SKIPPED = "skipped"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """What one check says.

    Args:
        check: which one ("database").
        level: how bad.
        says: one sentence.
        do: what to do about it, "" where nothing.
    """

    check: str
    level: Level
    says: str
    do: str = ""

    def as_json(self) -> dict[str, str]:
        """For programs."""
        return asdict(self)


@dataclass(frozen=True)
class Check:
    """A named question; its answers, one finding each."""

    name: str
    ask: Callable[[], list[tuple[Level, str, str]]]


def ok(says: str) -> tuple[Level, str, str]:
    """All is well."""
    return Level.OK, says, ""


def warning(says: str, do: str) -> tuple[Level, str, str]:
    """It works, but somebody should look."""
    return Level.WARNING, says, do


def error(says: str, do: str) -> tuple[Level, str, str]:
    """Something does not work."""
    return Level.ERROR, says, do


def skipped(says: str) -> tuple[Level, str, str]:
    """It could not be looked at, or does not apply here."""
    return Level.SKIPPED, says, ""


class Lane:
    """Checks one after the other in a thread of their own; the first of them may close the way for the rest."""

    def __init__(self, checks: Sequence[Check], *, last: Callable[[], None] = lambda: None, gate: bool = False) -> None:
        """last: called in the thread at the end; gate: an error of the first check leaves the others out."""
        self.checks, self._last, self._gate = checks, last, gate
        self.found: dict[str, list[Finding]] = {}
        self._closed = False
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._began = time.monotonic()
        self._thread.start()

    def _run(self) -> None:
        try:
            for place, check in enumerate(self.checks):
                self._began = time.monotonic()
                self.found[check.name] = [Finding(check.name, *one) for one in self._asked(check)]
                if self._gate and place == 0 and any(one.level == Level.ERROR for one in self.found[check.name]):
                    self._closed = True
                    return
        finally:
            self._last()

    def _asked(self, check: Check) -> list[tuple[Level, str, str]]:
        try:
            return check.ask()
        except Error as problem:
            # Tables that are missing, a right that the user lacks: the checks before say why.
            return [error(f"Cơ sở dữ liệu từ chối câu hỏi ({problem.__class__.__name__}).", "Xem các mục phía trên.")]

    def results(self, limit: float) -> list[Finding]:
        """Wait for the end, for each check at most so many seconds; what did not come is said."""
        while self._thread.is_alive() and time.monotonic() - self._began < limit:
            self._thread.join(0.05)
        if self._thread.is_alive():
            missing = error(f"Không có câu trả lời trong {limit:g} giây.", "Xem mạng, ổ đĩa hoặc máy chủ của phần này.")
        else:
            missing = error("Phép kiểm tra này bị lỗi.", "Gửi những dòng lỗi phía trên cho người làm chương trình.")
        left_out = skipped("Chưa kiểm tra được vì phần trước đó không trả lời.")
        told, has_ended = [], self._closed
        for check in self.checks:
            if check.name in self.found:
                told += self.found[check.name]
                continue
            told.append(Finding(check.name, *(left_out if has_ended else missing)))
            has_ended = True
        return told


def run(lanes: Sequence[Lane], *, limit: float = LIMIT) -> list[Finding]:
    """All findings, in the order of the lanes, which run side by side."""
    for lane in lanes:
        lane.start()
    return [finding for lane in lanes for finding in lane.results(limit)]


def is_well(findings: Sequence[Finding]) -> bool:
    """Whether nothing is an error."""
    return all(finding.level != Level.ERROR for finding in findings)


def report(findings: Sequence[Finding]) -> dict[str, Any]:
    """The whole answer for programs."""
    return {"ok": is_well(findings), "findings": [finding.as_json() for finding in findings]}
