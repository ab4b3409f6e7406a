"""One JSON object a line, for whoever collects the log of a production server."""

import json
import logging

# What logging itself puts on a record; anything else was given by the caller as `extra=` and belongs in the line.
OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request", "server_time"}


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
