"""Where sockets ask the database and Redis: in a few threads of their own.

Channels' own way gives all sockets of a process one thread, and a new one of Django's would leave a
connection open in each.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from django.db import close_old_connections, connection

T = TypeVar("T")

# As many connections to the database, at most.
THREADS = 6

_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="sockets")


async def in_thread(work: Callable[..., T], *args: Any, **options: Any) -> T:
    """What it returns or raises. The connection it used is closed if it is broken or old."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool, partial(_run, work, args, options))


def _run(work: Callable[..., T], args: Any, options: Any) -> T:
    if not connection.in_atomic_block:
        close_old_connections()
    try:
        return work(*args, **options)
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
