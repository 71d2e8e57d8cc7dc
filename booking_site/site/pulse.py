"""A sign of life of the timed work. With workers it goes the whole way, from beat through Redis to
a worker; without them the loops of this process give it. Seen in ``GET /metrics`` and
``GET /health``."""

from contextlib import suppress
from datetime import datetime

from django.core.cache import cache

KEY = "site.pulse"
# It beats every few seconds.
SILENT_SECONDS = 120


def beat(*, at: datetime) -> None:
    """Somebody does what is due."""
    cache.set(KEY, at.timestamp(), None)


def last_beat() -> float | None:
    """Seconds of the epoch; None: not since the cache began."""
    known: float | None = None
    with suppress(Exception):
        known = cache.get(KEY)
    return known


def is_alive(*, at: datetime) -> bool:
    """Whether it has beaten lately; not before the first time."""
    beaten = last_beat()
    return beaten is not None and at.timestamp() - beaten <= SILENT_SECONDS
