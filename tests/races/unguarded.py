"""Settings of a server whose guard is switched off: the negative control of the races.

Every `atomic` block and every row lock does nothing, each statement is committed on its own, and
the test drops the unique key on claims. What is left is the classic look-then-insert: everybody
looks whether the realtor is free, everybody finds that they are, everybody writes. If the races did
not find that, they would find nothing.

Only tests/races/test_last_slot.py starts a server on this module.
"""

from contextlib import ContextDecorator, nullcontext
from typing import Any

from django.apps import AppConfig
from django.db import transaction
from django.db.models import QuerySet

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS


class Ineffective(ContextDecorator):
    """An `atomic` that is none."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_error: object) -> None:
        return None


def no_transaction(using: Any = None, *_args: Any, **_options: Any) -> Any:
    return using if callable(using) else Ineffective()


class UnguardedConfig(AppConfig):
    name = "tests.races"
    label = "unguarded"

    def ready(self) -> None:
        from booking_site.common import transactions
        from notifications.services import outbox

        transactions._line = nullcontext
        # Whoever is told would stumble over the numbers of streams, which need a transaction, too,
        # and the bookings that this is about would be answered with an error.
        outbox.do_last = lambda *_all: None


INSTALLED_APPS = [*INSTALLED_APPS, "tests.races.unguarded.UnguardedConfig"]
# Before any module of the product is imported, so that their decorators take this one.
transaction.atomic = no_transaction
QuerySet.select_for_update = lambda self, *_args, **_options: self
