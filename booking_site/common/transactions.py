"""The edge of every write: one durable transaction, repeated as a whole when it is safe to.

Services open plain ``atomic`` blocks inside. Errors after which the server has rolled back are
retried; a connection lost in the middle has an unknown outcome and is reported, never repeated.
"""

import fcntl
import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Any, TypeVar

from django.db import OperationalError, connection, transaction

from .errors import Unavailable
from .files import remembered, take_back
from .meters import TRANSACTION_RETRIES, TRANSACTIONS_GIVEN_UP

T = TypeVar("T")
log = logging.getLogger(__name__)

# MariaDB: deadlock, record changed since read, lock wait timeout. (1205 undoes the statement
# only; leaving atomic() with the error rolls the rest back.)
ROLLED_BACK = {1213, 1020, 1205}
TRIES = 5
FIRST_PAUSE_SECONDS = 0.02
LONGEST_SECONDS = 2.0
SQLITE_PATIENCE_SECONDS = 20

Last = Callable[[list[Any]], object]
# Who of this process wants to write to SQLite, in the order in which they came; the first may.
_waiting: deque[threading.Event] = deque()
_waiting_guard = threading.Lock()
_to_do_last: ContextVar[dict[Last, list[Any]] | None] = ContextVar("to_do_last", default=None)


class BeginAgain(OperationalError):
    """A row stands in the way that this transaction does not see, because it has looked before that
    was there (REPEATABLE READ); the next try sees it."""


def run_in_transaction(work: Callable[[], T]) -> T:
    """Run ``work`` in a transaction of its own and return what it returns.

    Raises Unavailable (503) when the database keeps refusing for two seconds; then nothing
    was changed. To wait in line for a lock is no refusal and uses none of that time.
    """
    refused_since: float | None = None
    for attempt in range(TRIES):
        try:
            with _line(), _files_with_it(), transaction.atomic(durable=True), _done_last():
                return work()
        except OperationalError as error:
            now = time.monotonic()
            refused_since = refused_since or now
            last_try = attempt == TRIES - 1 or now - refused_since > LONGEST_SECONDS
            if not _may_be_repeated(error) or last_try:
                TRANSACTIONS_GIVEN_UP.inc()
                log.warning("transaction given up at try %d: %s", attempt + 1, error.args[:1])
                raise Unavailable from error
            TRANSACTION_RETRIES.inc()
            log.info("transaction repeated after try %d: %s", attempt + 1, error.args[:1])
        # Full jitter, so that those who collided do not collide again in step.
        time.sleep(random.uniform(0, FIRST_PAUSE_SECONDS * 2**attempt))
    raise Unavailable


def all_in_turn(works: Iterable[Callable[[], object]]) -> None:
    """Call each, whatever becomes of the others: one that fails must not keep the rest waiting.
    Raises an ExceptionGroup of all that was raised."""
    errors: list[Exception] = []
    for work in works:
        try:
            work()
        except Exception as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup("some of the work failed", errors)


def do_last(work: Last, item: Any) -> None:
    """Have ``work`` called with all such items at once, after everything else in the transaction of
    the edge: for rows that many transactions write, so that they wait for each other at its end
    only, and in one order. Where no edge has opened one, it is called now.

    What a savepoint has rolled back meanwhile is not taken out: ``work`` looks whether it is there.
    """
    waiting = _to_do_last.get()
    if waiting is None:
        work([item])
    else:
        waiting.setdefault(work, []).append(item)


@contextmanager
def _done_last() -> Iterator[None]:
    waiting: dict[Last, list[Any]] = {}
    token = _to_do_last.set(waiting)
    try:
        yield
        # One may give others something to do. What was tried only is told to nobody.
        while waiting and not connection.needs_rollback:
            work = next(iter(waiting))
            work(waiting.pop(work))
    finally:
        _to_do_last.reset(token)


@contextmanager
def _files_with_it() -> Iterator[None]:
    """Files stand and fall with the transaction. Of a connection that was lost at the end nobody
    knows the outcome: what was written then stays, and is swept when no row names it."""
    with remembered() as written:
        try:
            yield
        except OperationalError as error:
            if _may_be_repeated(error):
                take_back(written)
            raise
        except BaseException:
            take_back(written)
            raise


@contextmanager
def _line() -> Iterator[None]:
    """SQLite has one writer at a time, and those who wait sleep longer from try to try: under load
    some sleep through all of their 20 seconds. Here those of this process wait one behind the
    other, and the first of them for a file, of which a killed process lets go. Others have row
    locks, and a server that hands them out."""
    database = connection.settings_dict["NAME"]
    if connection.vendor != "sqlite" or connection.in_atomic_block or not Path(database).exists():
        yield
        return
    until = time.monotonic() + SQLITE_PATIENCE_SECONDS
    with _first_in_line(until), Path(f"{database}-line").open("w") as line:
        _wait_for(line, until)
        yield


@contextmanager
def _first_in_line(until: float) -> Iterator[None]:
    """As long as nobody of this process is before us. Raises Unavailable."""
    mine = threading.Event()
    with _waiting_guard:
        _waiting.append(mine)
        _waiting[0].set()
    try:
        if not mine.wait(until - time.monotonic()):
            raise Unavailable
        yield
    finally:
        with _waiting_guard:
            _waiting.remove(mine)
            if _waiting:
                _waiting[0].set()


def _wait_for(line: IO[str], until: float) -> None:
    while True:
        try:
            return fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise Unavailable from error
        time.sleep(random.uniform(0.001, 0.006))


def _may_be_repeated(error: OperationalError) -> bool:
    if isinstance(error, BeginAgain):
        return True
    if connection.vendor == "sqlite":
        return "locked" in str(error)
    return bool(error.args) and error.args[0] in ROLLED_BACK
