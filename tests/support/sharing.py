"""Rows that the tests of one file share: made once, and found by each as they were made."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def rolled_back_at_last(blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a fixture of a whole file, around what it makes and its ``yield``.

    A test that asks for ``db`` rolls its own changes back to here. One that commits cannot be in
    the same file, for this transaction would still be open around it.
    """
    with blocker.unblock(), _around_services():
        yield
        transaction.set_rollback(True)


@contextmanager
def taken_back() -> Iterator[None]:
    """What happens in it has not happened afterwards: for many who each find the same. Objects in
    memory keep what they were told."""
    with _around_services():
        yield
        transaction.set_rollback(True)


def _around_services() -> transaction.Atomic:
    """As Django's own test case does it, so that services may open a transaction of their own."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]
    return atomic
