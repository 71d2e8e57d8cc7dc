"""What pages and API do around a service: one transaction, and at its end what is told of it."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from booking_site.common.transactions import run_in_transaction

T = TypeVar("T")


def at_the_edge(work: Callable[..., T], *args: Any, **options: Any) -> T:
    return run_in_transaction(partial(work, *args, **options))
