"""What goes into the log: one JSON object a line on a production server, and nowhere the secret of a mailed link."""

import json
import logging
import re

# What logging itself puts on a record; anything else was given by the caller as `extra=` and belongs in the line.
OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request", "server_time"}

# The addresses of accounts/urls.py and tasks/urls/links.py of which one part opens an account or a report.
SECRET_PATH = re.compile(r"(/(?:accounts/(?:loi-moi|dat-lai)|bc)/)[^/\s'\"]+")


class HideLinks(logging.Filter):
    """Takes the secret of a mailed link out of every line: Django logs the path of whatever it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, with its text masked."""
        text = record.getMessage()
        masked = SECRET_PATH.sub(r"\1…", text)
        if masked != text:
            record.msg, record.args = masked, None
        return True


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON line: time (UTC), level, logger, text, the caller's extras, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for `record`."""
        line: dict[str, object] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: value for name, value in vars(record).items() if name not in OWN_FIELDS})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
