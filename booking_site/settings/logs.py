"""Logs go to standard error, a line an event. Query strings and bodies are never logged, and what
looks like a phone number or an address is masked in whatever is."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from .env import BASE_DIR, DEBUG, DEMO, env

# json: an object a line, for whatever gathers logs; line: for people.
LOG_FORMAT = env.str("LOG_FORMAT", "line" if DEMO or DEBUG else "json")
LOG_LEVEL = env.str("LOG_LEVEL", "INFO").upper()
# Besides standard error; it may be moved away while the process runs.
LOG_FILE = env.str("LOG_FILE", "")

if LOG_FORMAT not in ("json", "line"):
    raise ImproperlyConfigured("LOG_FORMAT is json or line.")
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
    raise ImproperlyConfigured("LOG_LEVEL is DEBUG, INFO, WARNING or ERROR.")

_HANDLERS: dict[str, dict[str, Any]] = {
    "stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
    "brief": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["brief"]},
}
_EVERYWHERE, _BRIEFLY = ["stderr"], ["brief"]
if LOG_FILE:
    _path = Path(BASE_DIR, LOG_FILE)
    _path.parent.mkdir(parents=True, exist_ok=True)
    _file = {
        "class": "logging.handlers.WatchedFileHandler",
        "filename": str(_path),
        "encoding": "utf-8",
        "delay": True,
        "formatter": LOG_FORMAT,
    }
    _HANDLERS |= {"file": _file, "brief_file": _file | {"filters": ["brief"]}}
    _EVERYWHERE, _BRIEFLY = [*_EVERYWHERE, "file"], [*_BRIEFLY, "brief_file"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "booking_site.common.logs.Line",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
        "json": {"()": "booking_site.common.logs.Json"},
    },
    "filters": {"brief": {"()": "booking_site.common.logs.WithoutTraceback"}},
    "handlers": _HANDLERS,
    "root": {"handlers": _EVERYWHERE, "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": _EVERYWHERE, "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        # Odd requests that were refused: whoever sends them must not fill the log with tracebacks.
        "django.security": {"handlers": _BRIEFLY, "level": "WARNING", "propagate": False},
    },
}
