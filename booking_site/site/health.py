"""Whether this process could serve, and what about each part it leans on."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from booking_site.site import pulse


@dataclass(frozen=True)
class Part:
    """One dependency. ``needed``: requests fail without it."""

    name: str
    ok: bool
    needed: bool
    milliseconds: float


def parts() -> list[Part]:
    """Each part tried once, now. Nothing is raised, and nothing said about why: logs know."""
    found = [
        _try("database", _database, needed=True),
        _try("migrations", _migrations, needed=True),
    ]
    if settings.REDIS_URL:
        # Without it limits are per process and news arrives later, but bookings are made.
        found.append(_try("redis", cache_answers, needed=False))
    # Pages and calls are answered all the same; what is due waits.
    found.append(_try("timed_work", _timed_work, needed=False))
    return found


def _try(name: str, check: Callable[[], bool], *, needed: bool) -> Part:
    began = time.monotonic()
    ok = answers(check)
    return Part(name, ok, needed, round((time.monotonic() - began) * 1000, 1))


def answers(check: Callable[[], bool]) -> bool:
    """Whatever goes wrong is a no."""
    try:
        return check()
    except Exception:
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        row = cursor.fetchone()
    return bool(row and row[0] == 1)


def _migrations() -> bool:
    """Whether this code's tables are there."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _timed_work() -> bool:
    return pulse.is_alive(at=timezone.now())


def cache_answers() -> bool:
    key, value = f"health:{secrets.token_hex(8)}", secrets.token_hex(8)
    cache.set(key, value, 10)
    return bool(cache.get(key) == value)
