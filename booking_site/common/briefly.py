"""Writes that nobody waits for and nobody misses, beside a page that is being read."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction

log = logging.getLogger(__name__)

SQLITE_MILLISECONDS = 100
# The shortest there is.
MARIADB_SECONDS = 1


def try_briefly(work: Callable[[], object]) -> bool:
    """Run ``work`` in a transaction, once, without standing in line for long. False where the
    database was busy or refused: then nothing was written, and the caller goes on as if nothing
    had been tried."""
    try:
        with _little_patience(), transaction.atomic():
            work()
    except DatabaseError as error:
        log.info("left out: %.200r", error)
        return False
    return True


@contextmanager
def _little_patience() -> Iterator[None]:
    """How long this connection waits for others; as before, afterwards."""
    if connection.vendor == "sqlite":
        before = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
        less = f"PRAGMA busy_timeout = {SQLITE_MILLISECONDS}"
        again = f"PRAGMA busy_timeout = {before}"
    else:
        less = (
            "SET @patience = @@innodb_lock_wait_timeout, "
            f"innodb_lock_wait_timeout = {MARIADB_SECONDS}"
        )
        again = "SET innodb_lock_wait_timeout = @patience"
    with connection.cursor() as cursor:
        cursor.execute(less)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(again)
