"""The edge of every write: one transaction, repeated when that is safe, given up in time."""

import threading
import time
from contextlib import suppress

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from booking_site.common import transactions
from booking_site.common.errors import Conflict, Unavailable
from booking_site.common.models import SystemConfig
from booking_site.common.transactions import BeginAgain, do_last, run_in_transaction

pytestmark = pytest.mark.engine

DEADLOCK = 1213
LOCK_WAIT = 1205
CHANGED_SINCE_READ = 1020
GONE_AWAY = 2006
LOST = 2013


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(transactions, "FIRST_PAUSE_SECONDS", 0.0001)


def database_says(code: int) -> OperationalError:
    """What this database raises when it has rolled back, or for anything else."""
    if connection.vendor == "sqlite":
        transient = code in transactions.ROLLED_BACK
        return OperationalError("database is locked" if transient else "disk I/O error")
    return OperationalError(code, "said the server")


class Work:
    """Writes a row, then fails so many times."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.tries = 0

    def __call__(self) -> str:
        self.tries += 1
        SystemConfig.objects.create(key=f"try-{self.tries}", value=1)
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def written() -> list[str]:
    return sorted(SystemConfig.objects.values_list("key", flat=True))


@pytest.mark.django_db(transaction=True)
def test_what_is_done_is_kept_and_returned():
    assert run_in_transaction(Work()) == "done"
    assert written() == ["try-1"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", [DEADLOCK, LOCK_WAIT, CHANGED_SINCE_READ])
def test_what_the_database_rolled_back_is_done_again(code):
    work = Work(*[database_says(code)] * 3)

    assert run_in_transaction(work) == "done"
    assert work.tries == 4
    assert written() == ["try-4"]


@pytest.mark.django_db(transaction=True)
def test_what_has_looked_too_early_is_done_again():
    work = Work(BeginAgain())

    assert run_in_transaction(work) == "done"
    assert written() == ["try-2"]


@pytest.mark.django_db(transaction=True)
def test_after_five_tries_it_is_given_up_and_nothing_was_changed():
    work = Work(*[database_says(DEADLOCK)] * 9)

    with pytest.raises(Unavailable) as refused:
        run_in_transaction(work)

    assert refused.value.status == 503
    assert work.tries == 5
    assert written() == []


@pytest.mark.django_db(transaction=True)
def test_two_seconds_after_the_first_refusal_it_is_given_up(monkeypatch):
    monkeypatch.setattr(transactions, "LONGEST_SECONDS", 0.05)
    work = Work(*[database_says(DEADLOCK)] * 9)
    slow = lambda: (time.sleep(0.06), work())  # noqa: E731

    with pytest.raises(Unavailable):
        run_in_transaction(slow)
    assert work.tries == 2


@pytest.mark.django_db(transaction=True)
def test_who_has_waited_long_for_a_lock_is_not_given_up_at_the_first_refusal(monkeypatch):
    monkeypatch.setattr(transactions, "LONGEST_SECONDS", 0.05)
    work = Work(database_says(DEADLOCK))
    waits = [0.06]

    def in_line() -> str:
        if waits:
            time.sleep(waits.pop())
        return work()

    assert run_in_transaction(in_line) == "done"
    assert work.tries == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", [GONE_AWAY, LOST])
def test_what_may_have_happened_is_not_done_again(code):
    work = Work(database_says(code))

    with pytest.raises(Unavailable):
        run_in_transaction(work)
    assert work.tries == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [Conflict(), IntegrityError("no"), KeyError("no")])
def test_a_refusal_or_a_mistake_undoes_all_and_is_passed_on(error):
    work = Work(error)

    with pytest.raises(type(error)):
        run_in_transaction(work)
    assert work.tries == 1
    assert written() == []


@pytest.mark.django_db(transaction=True)
def test_an_edge_inside_an_edge_is_a_mistake_that_is_told():
    with pytest.raises(RuntimeError, match="durable"):
        run_in_transaction(lambda: run_in_transaction(Work()))


@pytest.mark.django_db(transaction=True)
def test_many_writers_wait_for_each_other():
    waits = []

    def write(number: int) -> None:
        try:
            for turn in range(5):
                began = time.monotonic()
                run_in_transaction(
                    lambda turn=turn: SystemConfig.objects.create(key=f"{number}-{turn}", value=1)
                )
                waits.append(time.monotonic() - began)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(waits) == len(written()) == 80


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_for_a_busy_sqlite_is_told(monkeypatch):
    monkeypatch.setattr(transactions, "SQLITE_PATIENCE_SECONDS", 0.05)
    busy, over = threading.Event(), threading.Event()

    def keep_it_busy() -> None:
        try:
            run_in_transaction(lambda: (busy.set(), over.wait(10)))
        finally:
            connection.close()

    keeper = threading.Thread(target=keep_it_busy)
    keeper.start()
    busy.wait(10)
    try:
        if connection.vendor == "sqlite":
            with pytest.raises(Unavailable):
                run_in_transaction(Work())
        else:
            # Others have row locks: nobody is in the way of somebody else's rows.
            assert run_in_transaction(Work()) == "done"
    finally:
        over.set()
        keeper.join()


def test_who_comes_first_writes_first():
    """Nobody of one process passes another, and whoever gives up keeps nobody."""
    order: list[str] = []
    all_are_there = threading.Event()

    def come(name: str, patience: float = 30) -> None:
        with suppress(Unavailable), transactions._first_in_line(time.monotonic() + patience):
            order.append(name)
            assert all_are_there.wait(30)

    people = []
    for number, name in enumerate("abcde"):
        people.append(threading.Thread(target=come, args=[name]))
        people[-1].start()
        while len(transactions._waiting) <= number:
            time.sleep(0.001)
        come("impatient", patience=0.01)
    all_are_there.set()
    for one in people:
        one.join()

    assert order == list("abcde")
    assert not transactions._waiting


@pytest.mark.django_db
def test_inside_a_test_of_one_transaction_it_works_too():
    with transaction.atomic():
        SystemConfig.objects.create(key="before", value=1)
    assert run_in_transaction(Work()) == "done"


@pytest.mark.django_db
def test_what_was_only_tried_leaves_nothing_to_do_last():
    """A check of a file writes all of it, and rolls it back."""
    done: list[list[str]] = []

    def work() -> None:
        do_last(done.append, "told")
        transaction.set_rollback(True)

    run_in_transaction(work)

    assert done == []
