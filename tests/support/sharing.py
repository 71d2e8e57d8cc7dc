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
    atomic = transaction.atomic()
    # As Django's own test case does it, so that services may open a transaction of their own.
    atomic._from_testcase = True  # type: ignore[attr-defined]
    with blocker.unblock(), atomic:
        yield
        transaction.set_rollback(True)
