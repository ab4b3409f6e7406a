"""What goes into the log: one JSON object a line on a production server, with the number of its request, and nowhere
anybody's data: no secret of a mailed link, no address as it was typed, no value that an error was about.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from types import TracebackType

from celery.exceptions import CeleryError
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError
from django.db.utils import Error as DatabaseProblem
from django.http import HttpRequest
from django.template import TemplateSyntaxError
from kombu.exceptions import KombuError

from directive_tracker import outages
from directive_tracker.watching import ids
from directive_tracker.watching.routes import place_of

# What logging itself puts on a record; anything else was given by the caller as `extra=` and belongs in the line.
OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "request",
    "server_time",
    "template",
}

# The addresses of accounts/urls.py, tasks/urls/links.py and feeds.py of which one part opens an account, a report or a
# calendar.
SECRET_PATH = re.compile(r"(/(?:accounts/(?:loi-moi|dat-lai)|bc|lich/ics)/)[^/\s'\"]+")
# Keys of the interface (units/tokens.py), wherever somebody puts one by mistake.
SECRET_KEY_WORD = re.compile(r"\bdt_[0-9A-Za-z]{20,}")
# PostgreSQL tells of a row it refused all that stands in it, of one that came by COPY twice.
_REFUSED_ROW = re.compile(r"(DETAIL:|CONTEXT:\s+COPY [^,\n]+,).*?(?=\n\n|\nTraceback|\nHINT:|\nCONTEXT:|\Z)", re.DOTALL)
# Twelve figures of a citizen's number (nine of an old one are no sign of anything), telephone numbers, mail addresses.
_NUMBER = re.compile(r"(?<![\w.-])(?:\+84|0)\d(?:[ .]?\d){7,10}(?![\w-])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Errors whose words are about the program or a machine. The words of all others may repeat what somebody typed
# (ValueError, KeyError, UnicodeError …, and DataError of the database): of those the log holds kind and place.
_SAYING = (
    OSError,
    DatabaseProblem,
    ImportError,
    NameError,
    AttributeError,
    TypeError,
    RecursionError,
    MemoryError,
    ImproperlyConfigured,
    TemplateSyntaxError,
    CeleryError,
    KombuError,
)
HIDDEN = "…"
Caught = tuple[type[BaseException], BaseException, TracebackType | None]


def masked(text: str) -> str:
    """The text without secrets of links, keys of the interface, citizens' and telephone numbers, mail addresses, values of
    refused rows."""
    if "/" in text:
        text = SECRET_PATH.sub(r"\1…", text)
    if "dt_" in text:
        text = SECRET_KEY_WORD.sub("dt_…", text)
    if "@" in text:
        text = _MAIL.sub(HIDDEN, text)
    return _NUMBER.sub(HIDDEN, without_values(text))


def words_of(error: BaseException) -> str:
    """An error as the log may name it: "OperationalError: connection refused", "ValueError: …"."""
    said = said_by(error)
    return f"{type(error).__qualname__}: {said}" if said else type(error).__qualname__


def said_by(error: BaseException) -> str:
    """The words of an error where they are about the program or a machine, "…" where they may be somebody's, "" without."""
    text = str(error)
    if not text:
        return ""
    return masked(text) if isinstance(error, _SAYING) and not isinstance(error, DataError) else HIDDEN


def trace_of(error: BaseException) -> str:
    """Where it happened, with the errors it came from, the first one first."""
    parts = []
    for one in reversed(list(chain(error))):
        frames = traceback.format_tb(one.__traceback__)
        parts.append("".join(["Traceback (most recent call last):\n", *frames, words_of(one)]))
    return "\n\n".join(parts)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from, as Python would print them."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def without_values(text: str) -> str:
    """The text without what stands in rows that the database refused: the log is no place for what people entered."""
    return _REFUSED_ROW.sub(r"\1 …", text) if "DETAIL:" in text or "COPY" in text else text


class HideLinks(logging.Filter):
    """Takes out of a line what does not belong there: secrets of mailed links, addresses as they were typed, errors' values.

    Django logs the path of whatever it refuses, Celery the words of the error a job ended with.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, with its text masked."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            # Django writes paths with their letters escaped.
            typed = {request.path, request.path.encode("unicode_escape").decode("ascii")}
            record.args = tuple(place_of(request) if value in typed else value for value in record.args)
        error = record.exc_info[1] if record.exc_info else None
        if record.name == "celery.app.trace" and isinstance(record.args, dict) and "exc" in record.args:
            record.args = {**record.args, "exc": words_of(error) if error else HIDDEN}
        text = record.getMessage()
        hidden = masked(text)
        if hidden != text or record.args:
            # Whoever reads the record after us (watching/errors.py) still finds the words without what was put into them.
            record.template = record.msg
            record.msg, record.args = hidden, None
        return True


class AwayIsNoFault(logging.Filter):
    """A page that failed because the database does not answer is a warning in one line, not a fault of the program."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if record.name == "django.request" and outages.is_away(error):
            record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
        return True


class PlainFormatter(logging.Formatter):
    """Formats a record as a line to be read by somebody; from warnings on with the number of its request."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for `record`, its traceback below."""
        line = super().format(record)
        number = ids.current()
        if number and record.levelno >= logging.WARNING:
            first, newline, rest = line.partition("\n")
            line = f"{first} [{number}]{newline}{rest}"
        return line

    def formatException(self, ei) -> str:
        """The traceback without values."""
        return _traceback(ei)

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line without values."""
        return masked(super().formatMessage(record))


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON line: time (UTC), level, logger, text, request and job, the caller's extras, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for `record`."""
        line: dict[str, object] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        running = ids.running()
        if running is not None:
            line["request_id"] = running.request_id
            if running.job:
                line |= {"job": running.job, "job_id": running.job_id}
        line.update({name: _plain(value) for name, value in vars(record).items() if name not in OWN_FIELDS})
        if record.exc_info:
            line["traceback"] = _traceback(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _traceback(caught: Caught | tuple[None, None, None] | bool) -> str:
    error = caught[1] if isinstance(caught, tuple) else None
    return trace_of(error) if error is not None else ""


# What Celery's worker adds to its lines about jobs: the words of the error, and what the job was called with.
_OF_JOBS = frozenset({"exc", "traceback", "args", "kwargs", "return_value"})


def _plain(value: object) -> object:
    """An extra as JSON holds it."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items() if name not in _OF_JOBS}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return masked(str(value))
