"""Several people pressing at the same moment, each on a thread and a connection of their own."""

import os
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection

from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction

PATIENCE = 120
# What the product's own setting may say; SQLite knows one only.
ISOLATIONS = (
    ["read committed", "repeatable read"] if "mysql" in os.environ.get("DATABASE_URL", "") else [""]
)


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returned, or the refusal it got, as at the edge of a request: each runs in one
    transaction, repeated when it is safe to."""
    return side_by_side(*(partial(run_in_transaction, call) for call in calls))


def side_by_side(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returned, or the refusal it got; anything else that was raised is raised here.
    They start at the same moment."""
    outcomes: list[Any] = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(PATIENCE)
            outcomes[place] = call()
        except BaseException as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(place, call), daemon=True)
        for place, call in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, Refusal):
            raise outcome
    return outcomes


def codes(outcomes: list[Any]) -> list[str]:
    """``"done"`` or the code of the refusal, sorted."""
    return sorted(one.code if isinstance(one, Refusal) else "done" for one in outcomes)
