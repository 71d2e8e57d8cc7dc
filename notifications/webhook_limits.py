"""How often one person may have us call somebody at once, and how many may wait for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from booking_site.common.errors import Unavailable
from booking_site.common.limits import Limit, use_up
from notifications.gateways.webhooks_guard import Place, look_up

TESTS = Limit("webhook-test", most=10, per=timedelta(minutes=1))
LOOK_UPS = Limit("webhook-look-up", most=10, per=timedelta(minutes=1))
# Somebody else decides how long a name or an answer takes. So many requests of a process may wait
# for one; its other threads serve everybody else.
WAITING_AT_ONCE = 3
_waiting = BoundedSemaphore(WAITING_AT_ONCE)


def count_test(user_id: int, at: datetime) -> None:
    """Call it before, outside of any transaction. Raises TooMany."""
    use_up([(TESTS, f"user:{user_id}")], at=at)


def look_up_for(user_id: int, url: str, at: datetime) -> Place:
    """In a request, outside of any transaction. Raises TooMany, Unavailable and AddressRefused."""
    use_up([(LOOK_UPS, f"user:{user_id}")], at=at)
    with one_of_few():
        return look_up(url)


@contextmanager
def one_of_few() -> Iterator[None]:
    """Raises Unavailable at once: who would wait for their turn would keep a thread as well."""
    if not _waiting.acquire(blocking=False):
        raise Unavailable
    try:
        yield
    finally:
        _waiting.release()
