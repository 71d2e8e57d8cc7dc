"""Every change stands in line at its store's pool before it looks at anything.

What was read before the lock may be old by the time it is got; under REPEATABLE READ everything
that is read afterwards would be as old. And one order of locks for all means no deadlocks.
"""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments import services
from appointments.models import Appointment
from appointments.services.pools import lock_pool
from appointments.services.queueing import dispatch
from booking_site.common.actors import SYSTEM

from .world import GUEST, NOW, book, clock, confirmed, owner, running, wish

pytestmark = pytest.mark.django_db

POOL = "appointments_dispatchpool"


def first_look(call) -> str:
    """The first statement of the call that reads or writes."""
    with CaptureQueriesContext(connection) as statements:
        call()
    said = [one["sql"] for one in statements if not one["sql"].startswith("SAVEPOINT")]
    return said[0]


def as_an_app_finds_it(appointment) -> Appointment:
    return Appointment.objects.with_people().get(pk=appointment.pk)


CHANGES = {
    "book": lambda store: lambda: services.book(wish(store, clock("14:00")), by=GUEST, at=NOW),
    "hold": lambda store: lambda: services.hold(store, starts_at=clock("14:00"), by=GUEST, at=NOW),
    "dispatch": lambda store: lambda: dispatch(store, at=NOW),
}


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_the_pool_comes_first_when_it_is_about_a_store(store, wei, change):
    assert POOL in first_look(CHANGES[change](store))


PRESSES = {
    "cancel": (book, lambda one: services.cancel(one, by=owner(one), at=NOW)),
    "reschedule": (
        book,
        lambda one: services.reschedule(one, starts_at=clock("16:00"), by=owner(one), at=NOW),
    ),
    "accept": (book, lambda one: services.accept(one, by=SYSTEM, at=NOW)),
    "decline": (book, lambda one: services.decline(one, by=SYSTEM, at=NOW)),
    "start": (confirmed, lambda one: services.start(one, by=SYSTEM, at=clock("14:00"))),
    "no_show": (confirmed, lambda one: services.mark_no_show(one, by=SYSTEM, at=clock("14:00"))),
    "complete": (running, lambda one: services.complete(one, by=SYSTEM, at=clock("14:30"))),
}


@pytest.mark.parametrize("press", sorted(PRESSES))
def test_the_pool_comes_first_when_it_is_about_an_appointment(store, wei, press):
    made, pressed = PRESSES[press]
    appointment = as_an_app_finds_it(made(store, clock("14:00")))

    assert POOL in first_look(lambda: pressed(appointment))


@pytest.mark.parametrize("press", sorted(PRESSES))
def test_the_pool_comes_first_again_when_the_transaction_is_repeated(store, wei, press):
    """The first try has looked at the row again, and with that forgotten its store."""
    made, pressed = PRESSES[press]
    appointment = as_an_app_finds_it(made(store, clock("14:00")))
    appointment.refresh_from_db()

    assert POOL in first_look(lambda: pressed(appointment))


@pytest.mark.django_db(transaction=True)
def test_the_lock_is_a_lock(store, wei):
    """Somebody else's change of the same store waits until this one is through."""
    through, waited = threading.Event(), []

    def another() -> None:
        try:
            with transaction.atomic():
                lock_pool(store.pk, at=NOW)
                waited.append(through.is_set())
        finally:
            connection.close()

    other = threading.Thread(target=another)
    with transaction.atomic():
        lock_pool(store.pk, at=NOW)
        other.start()
        other.join(0.3)
        through.set()
    other.join(10)

    assert waited == [True]
