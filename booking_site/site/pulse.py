"""A sign of life of the timed work. With workers it goes the whole way, from beat through Redis to
a worker; without them the loops of this process give it. Seen in ``GET /metrics``."""

from contextlib import suppress
from datetime import datetime

from django.core.cache import cache

KEY = "site.pulse"


def beat(*, at: datetime) -> None:
    """Somebody does what is due."""
    cache.set(KEY, at.timestamp(), None)


def last_beat() -> float | None:
    """Seconds of the epoch; None: not since the cache began."""
    known: float | None = None
    with suppress(Exception):
        known = cache.get(KEY)
    return known
