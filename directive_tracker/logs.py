"""What goes into the log: one JSON object a line on a production server, and nowhere the secret of a mailed link."""

import json
import logging
import re

from directive_tracker import outages

# What logging itself puts on a record; anything else was given by the caller as `extra=` and belongs in the line.
OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request", "server_time"}

# The addresses of accounts/urls.py, tasks/urls/links.py and feeds.py of which one part opens an account, a report or a
# calendar.
SECRET_PATH = re.compile(r"(/(?:accounts/(?:loi-moi|dat-lai)|bc|lich/ics)/)[^/\s'\"]+")
# PostgreSQL tells of a row it refused all that stands in it, of one that came by COPY twice.
_REFUSED_ROW = re.compile(r"(DETAIL:|CONTEXT:\s+COPY [^,\n]+,).*?(?=\n\n|\nTraceback|\nHINT:|\nCONTEXT:|\Z)", re.DOTALL)


def without_values(text: str) -> str:
    """The text without what stands in rows that the database refused: the log is no place for what people entered."""
    return _REFUSED_ROW.sub(r"\1 …", text)


class HideLinks(logging.Filter):
    """Takes the secret of a mailed link out of every line: Django logs the path of whatever it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, with its text masked."""
        text = record.getMessage()
        masked = SECRET_PATH.sub(r"\1…", text)
        if masked != text:
            record.msg, record.args = masked, None
        return True


class AwayIsNoFault(logging.Filter):
    """A page that failed because the database does not answer is a warning in one line, not a fault of the program."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if record.name == "django.request" and outages.is_database_away(error):
            record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
        return True


class PlainFormatter(logging.Formatter):
    """Formats a record as a line to be read by somebody, without values of refused rows."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for `record`, its traceback below."""
        return without_values(super().format(record))


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON line: time (UTC), level, logger, text, the caller's extras, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for `record`."""
        line: dict[str, object] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_values(record.getMessage()),
        }
        line.update({name: _plain(value) for name, value in vars(record).items() if name not in OWN_FIELDS})
        if record.exc_info:
            line["traceback"] = without_values(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def _plain(value: object) -> object:
    """An extra as JSON holds it; the worker gives a job's error and its traceback as texts in a dictionary."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return without_values(str(value))
