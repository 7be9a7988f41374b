"""Log lines: one JSON object a line for machines, one short line for a person at a terminal."""

import contextvars
import datetime as dt
import json
import logging
import os
import sys

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

_STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "request"}


class JsonFormatter(logging.Formatter):
    """One object a line: at (UTC), level, logger, message, request id and whatever was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            line["request_id"] = request_id.get()
        line |= {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def build_logging(*, debug: bool) -> dict:
    """The logging settings. `AFTERCARE_LOG` is json or plain; by default plain at a terminal, json elsewhere."""
    kind = os.environ.get("AFTERCARE_LOG") or ("plain" if sys.stderr.isatty() else "json")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "aftercare.config.logs.JsonFormatter"},
            "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s", "datefmt": "%H:%M:%S"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": kind}},
        "root": {"handlers": ["stderr"], "level": "DEBUG" if debug else "WARNING"},
        "loggers": {
            "aftercare": {"level": "INFO"},
            # at a terminal a line for each request is noise
            "aftercare.request": {"level": "INFO" if kind == "json" else "WARNING"},
            "django": {"level": "WARNING", "handlers": [], "propagate": True},
            "django.request": {"level": "ERROR"},  # the request's own line tells of 4xx already
            "django.db.backends": {"level": "WARNING"},
        },
    }
