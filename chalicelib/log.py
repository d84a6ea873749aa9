"""Logs as JSON lines: a constant message and fields.

The fields hold ids only, never what a resident said or is called.
"""

import json
import logging
import os
import time
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


def count(metric: str, amount: int = 1, **fields: Any) -> None:
    """Count something in a line of the log; CloudWatch makes a metric of it (embedded format).

    Its namespace is the stack; alarms on it are in infra/resources.yaml. `fields` are ids only, as ever.
    """
    namespace = os.environ.get("METRICS_NAMESPACE") or "suda"
    made_of = {
        "Timestamp": int(time.time() * 1000),
        "CloudWatchMetrics": [
            {
                "Namespace": namespace,
                "Dimensions": [[]],
                "Metrics": [{"Name": metric, "Unit": "Count"}],
            }
        ],
    }
    counted = {**fields, "_aws": made_of, metric: amount}
    logging.getLogger(__name__).warning("counted", extra=counted)


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
