"""Processes that are killed while they book, one after the other.

    python -m tests.races.process victims '{"bodies": […], "how": "before_a_statement"}'

Each is a fork that makes one request to the product's own URLs and kills itself with SIGKILL before
a certain SQL statement, or is killed by its parent at any moment. Returned is how each ended.
"""

import os
import random
import signal
import time
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connections

from tests.callers import caller

WRITES = ("INSERT", "UPDATE", "DELETE")
# The wrapper of this thread itself, whose methods are replaced in the victims.
connection = connections["default"]


def main(task: dict[str, Any]) -> list[str]:
    # Once before, so that what is loaded at the first request is loaded in all.
    caller().get("stores")
    connection.close()
    if task["how"] == "before_a_statement":
        return [_before_a_statement(number, body) for number, body in enumerate(task["bodies"])]
    began = time.monotonic()
    _end_of(_forked(-1, task["spared"], lambda: None))
    life = time.monotonic() - began
    return [_at_any_moment(number, body, life) for number, body in enumerate(task["bodies"])]


def _before_a_statement(number: int, body: dict[str, Any]) -> str:
    """The first from the first write on, the second, and so on; those for whom the transaction has
    too few die before COMMIT or right after it, by turns."""
    seen = 0

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal seen
        seen += bool(seen) or sql.startswith(WRITES)
        if seen > number:
            _die()
        return execute(sql, *rest)

    def commit() -> None:
        if number % 2:
            type(connection)._commit(connection)
        _die()

    def prepare() -> None:
        connection.execute_wrappers.append(count)
        connection._commit = commit

    return _end_of(_forked(number, body, prepare))


def _at_any_moment(number: int, body: dict[str, Any], life: float) -> str:
    """A life is how long one takes that is spared."""
    victim = _forked(number, body, lambda: None)
    time.sleep(life * random.Random(number).uniform(0.2, 1.3))
    os.kill(victim, signal.SIGKILL)
    return _end_of(victim)


def _forked(number: int, body: dict[str, Any], prepare: Callable[[], None]) -> int:
    victim = os.fork()
    if victim:
        return victim
    try:
        connection.ensure_connection()
        prepare()
        caller().post("appointments", body, Idempotency_Key=f"key-{number}")
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _end_of(victim: int) -> str:
    _pid, status = os.waitpid(victim, 0)
    return "killed" if os.WIFSIGNALED(status) else "finished"
