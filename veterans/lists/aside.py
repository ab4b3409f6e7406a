"""A long list is read by a program of its own: it judges the next rows while the caller seals and stores the last ones.

It gets the file and all it has to know through its standard input and answers through its standard output; nothing of a
list is written to the disk, and none of our keys or passwords goes along.
"""

import io
import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

from directive_tracker import collecting
from veterans.lists.codes import FileRefused
from veterans.lists.places import AreaRows, Places
from veterans.lists.reading import Corrections, Event, read_list

# A shorter file is read before another program would have begun.
LONG_BYTES = 400_000
ROOT = Path(__file__).parents[2]
_EVENTS = 200
_LENGTH = struct.Struct(">I")
# What an answer is made of; nothing else is brought to life from it.
_KNOWN = ("veterans.lists.", "veterans.enums", "datetime")


class ReadingEnded(RuntimeError):
    """The program ended before the list did (stopped by the system, out of memory); the words name no file."""


def read(
    file: BinaryIO, *, name: str, areas: AreaRows, today: date, corrections: Corrections | None = None
) -> Generator[Event]:
    """The same as read_list, whatever the length. Arguments: areas, what Places are made of.

    Closed early, the other program is ended too. Errors: those of read_list; ReadingEnded.
    """
    if _size(file) < LONG_BYTES:
        yield from read_list(file, name=name, places=Places(areas), today=today, corrections=corrections)
    else:
        yield from _read_aside(file, (name, areas, today, corrections))


def _size(file: BinaryIO) -> int:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


def _read_aside(file: BinaryIO, asked: tuple) -> Iterator[Event]:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    program = subprocess.Popen(
        [sys.executable, "-m", "veterans.lists.aside"],
        cwd=ROOT,
        env={**kept, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # A traceback could quote what stands in the list.
        stderr=subprocess.DEVNULL,
    )
    try:
        yield from _answered(program, file, asked)
    finally:
        # Also where the caller stops reading.
        program.kill()
        for stream in (program.stdin, program.stdout):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]
        program.wait()


def _answered(program: subprocess.Popen, file: BinaryIO, asked: tuple) -> Iterator[Event]:
    with suppress(BrokenPipeError), closing(program.stdin) as given:  # type: ignore[type-var]
        _write(given, asked)  # type: ignore[arg-type]
        while data := file.read(1 << 20):
            given.write(data)  # type: ignore[union-attr]
    while True:
        kind, said = _read(program.stdout)  # type: ignore[arg-type]
        if kind == "end":
            return
        if kind == "refused":
            raise FileRefused(*said)
        if kind == "wrong":
            raise ValueError(said)
        yield from said


def _write(stream: BinaryIO, message: Any) -> None:
    packed = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(packed)) + packed)


def _read(stream: BinaryIO) -> Any:
    head = stream.read(_LENGTH.size)
    length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else 0
    packed = stream.read(length)
    # A program that is killed may leave half a message.
    if not packed or len(packed) < length:
        raise ReadingEnded("the reading of a list ended before the list did")
    return _Unpickler(io.BytesIO(packed)).load()


class _Unpickler(pickle.Unpickler):
    """Brings rows and what they hold to life and nothing else: the other program reads what strangers sent."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module.startswith(_KNOWN) else None
        # Rows, kinds and days; no function, whatever else a module of ours knows.
        if not (isinstance(found, type) and (is_dataclass(found) or issubclass(found, (tuple, Enum, date)))):
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a list")
        return found


# --- the other program ----------------------------------------------------------------------------


def answer(given: BinaryIO, answered: BinaryIO) -> None:
    """Read the list that comes in and answer with its events, some at a time; the last word is how it ended."""
    name, areas, today, corrections = _read(given)
    file = io.BytesIO(given.read())
    try:
        events = read_list(file, name=name, places=Places(areas), today=today, corrections=corrections)
        for some in _chunks(events):
            _write(answered, ("events", some))
            answered.flush()
    except FileRefused as refusal:
        _write(answered, ("refused", (refusal.code, refusal.name, refusal.why)))
    except ValueError as error:
        _write(answered, ("wrong", str(error)))
    else:
        _write(answered, ("end", None))
    answered.flush()


def _chunks(events: Iterable[Event]) -> Iterator[list[Event]]:
    waiting: list[Event] = []
    for event in events:
        waiting.append(event)
        if len(waiting) == _EVENTS:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


if __name__ == "__main__":
    with collecting.seldom(), suppress(BrokenPipeError):
        answer(sys.stdin.buffer, sys.stdout.buffer)
