"""Where sockets ask the database and Redis: in a few threads of their own.

Channels' own way gives all sockets of a process one thread.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")

# As many connections to the database, at most.
THREADS = 6
# Of a connection. Pages close theirs after each request (CONN_MAX_AGE); these threads are few.
KEPT_SECONDS = 60.0

_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="sockets")


async def in_thread(work: Callable[..., T], *args: Any, **options: Any) -> T:
    """What it returns or raises. The thread's connection is kept for a while: making one costs more
    than most of what is asked here."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool, partial(_run, work, args, options))


def _run(work: Callable[..., T], args: Any, options: Any) -> T:
    if connection.in_atomic_block:
        return work(*args, **options)
    if connection.connection is not None and not _may_go_on():
        connection.close()
    was_there = connection.connection is not None
    try:
        return work(*args, **options)
    finally:
        if not was_there and connection.connection is not None:
            connection.close_at = time.monotonic() + KEPT_SECONDS
        connection.close_if_unusable_or_obsolete()


def _may_go_on() -> bool:
    """A server that was started anew, or has grown tired of waiting, is found out here and not by
    whoever asks it something."""
    return time.monotonic() < (connection.close_at or 0) and connection.is_usable()
