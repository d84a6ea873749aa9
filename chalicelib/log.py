"""Logs as JSON lines: a constant message and fields.

The fields hold ids only, never what a resident said or is called.
"""

import json
import logging
from typing import Any

FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
"""What every log record has anyway; anything else was given with `extra`."""


class JsonFormatter(logging.Formatter):
    """One JSON object per record: level, logger, message, and the fields given with `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({key: value for key, value in vars(record).items() if key not in FIELDS})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = self.formatException(record.exc_info).splitlines()[-6:]
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up() -> None:
    """Make the root logger write JSON at INFO; the libraries' own chatter starts at WARNING."""
    root = logging.getLogger()
    for handler in root.handlers or [logging.StreamHandler()]:
        handler.setFormatter(JsonFormatter())
        if handler not in root.handlers:
            root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in ("botocore", "boto3", "urllib3", "pynamodb"):
        logging.getLogger(name).setLevel(logging.WARNING)
