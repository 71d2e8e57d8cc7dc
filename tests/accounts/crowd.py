"""Many at the same moment."""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

MANY = 20


def at_once(attempt: Callable[[], int]) -> list[int]:
    """The answers of twenty threads that start together, each on a connection of its own.

    Connected before they start, and switched every few microseconds: else the first is done
    before the second begins, and no race is ever seen.
    """
    start = threading.Barrier(MANY)
    interval = sys.getswitchinterval()

    def one(_number: int) -> int:
        try:
            connection.ensure_connection()
            start.wait(30)
            return attempt()
        finally:
            connection.close()

    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(MANY) as threads:
            return sorted(threads.map(one, range(MANY)))
    finally:
        sys.setswitchinterval(interval)
