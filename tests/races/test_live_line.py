"""The live line when two press at the same moment: one wins, the other hears why, and whoever waits
gets exactly one realtor. At the end the guards are taken away, to see that the races would find it.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.db.transaction import Atomic

from appointments import services
from appointments.events import AppointmentUnassigned
from appointments.models import Appointment, DispatchPool, Offer, Status
from appointments.models.appointment import AppointmentQuerySet
from appointments.selectors.lines import queue_positions
from appointments.services import LiveRequest, assignment
from appointments.timed import run_due
from booking_site.common import events, transactions
from booking_site.common.actors import SYSTEM
from booking_site.common.transactions import run_in_transaction
from realtors.models import Presence
from realtors.services import set_presence
from stores.models import Store
from tests.appointments.world import (
    GUEST,
    LAN,
    MINUTE,
    QIANG,
    acting,
    clock,
    hire,
    join,
    offline,
    online,
    open_store,
    owner,
    phones,
)

from .checker import faults
from .together import codes, side_by_side, together

pytestmark = pytest.mark.django_db(transaction=True)
TEN = clock("10:00")
# A race that is lost once in ten is lost.
AGAIN = pytest.mark.parametrize("again", range(4))
MARIADB = "mysql" in os.environ.get("DATABASE_URL", "")


@pytest.fixture
def store():
    return open_store()


@pytest.fixture
def wei(store):
    return online(hire(store, "Wei"), at=TEN)


def fresh(appointment: Appointment) -> Appointment:
    """As another request would have loaded it."""
    return Appointment.objects.select_related("store", "realtor", "user").get(pk=appointment.pk)


def press(service, appointment, *, by, at=TEN, **more):
    return partial(service, fresh(appointment), by=by, at=at, **more)


def joining(store, phone: str, at=TEN) -> Callable[[], Appointment]:
    request = LiveRequest(store=store, customer_name="Lan", customer_phone=phone)
    return partial(services.join, request, by=GUEST, at=at)


def edge(call: Callable[[], Any]) -> Callable[[], Any]:
    """As one request among others that open transactions of their own."""
    return partial(run_in_transaction, call)


def log_of(appointment: Appointment) -> list[str]:
    return list(appointment.log.values_list("action", flat=True))


# Realtor and customer


@AGAIN
def test_who_leaves_the_line_is_not_accepted_afterwards(store, wei, again):
    lan = join(store, at=TEN)

    accepted, cancelled = together(
        press(services.accept, lan, by=acting(wei)), press(services.cancel, lan, by=owner(lan))
    )

    # To leave after having been accepted is allowed; the other way round is not.
    assert isinstance(cancelled, Appointment)
    if not isinstance(accepted, Appointment):
        assert accepted.errors == {"status": ["cancelled"]}
    assert ("confirmed" in log_of(lan)) == isinstance(accepted, Appointment)
    assert fresh(lan).status == Status.CANCELLED
    assert faults(TEN) == []


@AGAIN
def test_an_answer_in_the_last_moment_counts_or_is_too_late(store, wei, again):
    lan = join(store, at=TEN)
    deadline = Offer.objects.get().deadline_at
    last_moment = deadline - timedelta(milliseconds=1)

    accepted, _swept = side_by_side(
        edge(press(services.accept, lan, by=acting(wei), at=last_moment)),
        partial(run_due, at=deadline),
    )

    in_time = isinstance(accepted, Appointment)
    assert in_time or accepted.code == "already_taken"
    assert (fresh(lan).status == Status.CONFIRMED) == in_time
    assert log_of(lan).count("timed_out") == (0 if in_time else 1)
    assert log_of(lan).count("confirmed") == (1 if in_time else 0)
    wei.refresh_from_db()
    assert (wei.away_since is None) == in_time
    assert faults(deadline) == []


@AGAIN
def test_a_live_customer_came_or_did_not_come(store, wei, again):
    lan = services.accept(join(store, at=TEN), by=acting(wei), at=TEN)

    outcomes = together(
        press(services.start, lan, by=acting(wei), at=TEN + MINUTE),
        press(services.mark_no_show, lan, by=SYSTEM, at=TEN + MINUTE),
    )

    assert codes(outcomes) == ["done", "invalid_transition"]
    refused = next(one for one in outcomes if not isinstance(one, Appointment))
    assert refused.errors == {"status": [fresh(lan).status]}
    assert faults(TEN + MINUTE) == []


@AGAIN
def test_a_realtor_goes_while_they_accept_and_the_customer_keeps_a_place(store, wei, again):
    ming = hire(store, "Ming")
    lan = join(store, at=TEN)

    together(
        press(services.accept, lan, by=acting(wei)),
        partial(set_presence, wei, Presence.OFFLINE, by=acting(wei), at=TEN),
    )
    assert fresh(lan).is_waiting
    online(ming, at=TEN + MINUTE)

    assert (fresh(lan).realtor, fresh(lan).queued_at) == (ming, lan.queued_at)
    assert faults(TEN + MINUTE) == []


# Coming and joining


@AGAIN
def test_a_person_at_two_screens_stands_in_the_line_once(store, wei, again):
    outcomes = together(*(joining(store, LAN) for _ in range(4)))

    assert codes(outcomes) == ["customer_conflict"] * 3 + ["done"]
    assert Appointment.objects.count() == 1
    assert faults(TEN) == []


@AGAIN
def test_who_comes_online_while_somebody_joins_is_given_them(store, wei, again):
    offline(wei, at=TEN)

    together(
        partial(set_presence, wei, Presence.ONLINE, by=acting(wei), at=TEN), joining(store, LAN)
    )

    assert Appointment.objects.get().realtor == wei
    assert faults(TEN) == []


@AGAIN
def test_who_comes_online_for_the_last_one_who_leaves_is_free(store, wei, again):
    offline(wei, at=TEN)
    lan = join(store, at=TEN)

    _there, left = together(
        partial(set_presence, wei, Presence.ONLINE, by=acting(wei), at=TEN),
        press(services.cancel, lan, by=owner(lan)),
    )

    assert isinstance(left, Appointment)
    assert not Offer.objects.filter(status="open").exists()
    assert join(store, phone=QIANG, at=TEN).realtor == wei
    assert faults(TEN) == []


def finish_at_once(store, wei) -> tuple[Appointment, list[Any]]:
    """Two realtors are done at the same moment, and one customer waits."""
    ming = online(hire(store, "Ming"), at=TEN)
    visits = []
    for phone in phones(2):
        one = join(store, phone=phone, at=TEN)
        services.accept(one, by=SYSTEM, at=TEN)
        visits.append((services.start(one, by=SYSTEM, at=TEN), one.realtor))
    assert {realtor.pk for _one, realtor in visits} == {wei.pk, ming.pk}
    lan = join(store, at=TEN + MINUTE)
    done = TEN + 20 * MINUTE
    calls = (press(services.complete, one, by=acting(who), at=done) for one, who in visits)
    return lan, together(*calls)


@AGAIN
def test_of_two_who_finish_at_once_one_gets_the_only_waiter(store, wei, a_moment, again):
    lan, outcomes = finish_at_once(store, wei)

    assert codes(outcomes) == ["done", "done"]
    assert Offer.objects.filter(appointment=lan).count() == 1
    assert log_of(lan).count("assigned") == 1
    assert faults(TEN + 20 * MINUTE) == []


# The sweeps


@pytest.fixture
def unassigned() -> Iterator[list[AppointmentUnassigned]]:
    """What was published and committed."""
    told: list[AppointmentUnassigned] = []

    def hear(news: AppointmentUnassigned) -> None:
        transaction.on_commit(lambda: told.append(news))

    receivers = events._receivers[AppointmentUnassigned]
    receivers.append(hear)
    yield told
    receivers.remove(hear)


@AGAIN
def test_what_is_due_happens_once_however_many_sweep(store, wei, unassigned, again):
    """Two beats have sent it, and three workers were free."""
    hire(store, "Ming")
    lan = join(store, at=TEN)
    too_long = join(store, phone=QIANG, at=TEN)
    # Not answered, and gone on the same day: both at once.
    at = TEN + 121 * MINUTE

    side_by_side(*(partial(run_due, at=at) for _ in range(5)))

    assert log_of(lan).count("timed_out") == 1
    assert [news.appointment_id for news in unassigned] == [lan.pk]
    assert [log_of(one).count("cancelled") for one in (lan, too_long)] == [1, 1]
    assert fresh(too_long).cancel_reason == "queue_timeout"
    wei.refresh_from_db()
    assert wei.presence == Presence.OFFLINE
    assert faults(at) == []


@AGAIN
def test_an_offer_that_is_not_answered_goes_to_the_next_once(store, wei, unassigned, again):
    lan = join(store, at=TEN)
    ming = online(hire(store, "Ming"), at=TEN)
    at = TEN + 5 * MINUTE

    side_by_side(*(partial(run_due, at=at) for _ in range(5)))

    assert log_of(lan) == ["created", "assigned", "timed_out", "assigned"]
    assert [(news.appointment_id, news.realtor_id) for news in unassigned] == [(lan.pk, wei.pk)]
    assert fresh(lan).realtor == ming
    assert faults(at) == []


# Do the races find anything? The same ones, with less and less of a guard.

PEOPLE = 8


@pytest.fixture
def a_moment(monkeypatch) -> None:
    """Between having looked who is free and writing it down lies a moment. It is always there; here
    it is long enough for everybody to be in it at once."""
    claim = assignment.claim_realtor

    def later(*args: Any, **more: Any) -> bool:
        time.sleep(0.1)
        return claim(*args, **more)

    monkeypatch.setattr(assignment, "claim_realtor", later)


@pytest.fixture
def no_pool(monkeypatch) -> None:
    """Nobody stands in line for the store."""
    monkeypatch.setattr(DispatchPool.objects, "bulk_create", lambda *_args, **_more: None)


@pytest.fixture
def read_then_write(monkeypatch, no_pool) -> None:
    """No lock, and each statement is committed on its own. On SQLite that is all there is to take
    away: without row locks, BEGIN IMMEDIATE and the file before it are what makes people wait."""
    monkeypatch.setattr(Atomic, "__enter__", lambda self: None)
    monkeypatch.setattr(Atomic, "__exit__", lambda self, *_error: None)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *_args, **_more: self)
    monkeypatch.setattr(transactions, "_line", nullcontext)


@pytest.fixture
def skip_locked(monkeypatch, no_pool, request) -> None:
    """The lock of a well-known product: on the rows of those who wait, and on nothing else. SQLite
    has no locks to skip; there who has looked at a row first keeps it from the others."""
    queued = AppointmentQuerySet.queued
    looked_at: dict[int, int] = {}

    def locked(self: AppointmentQuerySet) -> AppointmentQuerySet:
        return queued(self).select_for_update(skip_locked=True)

    def kept(self: AppointmentQuerySet) -> AppointmentQuerySet:
        me = threading.get_ident()
        ids = queued(self).values_list("pk", flat=True)
        return queued(self).filter(pk__in=[pk for pk in ids if looked_at.setdefault(pk, me) == me])

    if not MARIADB:
        request.getfixturevalue("read_then_write")
    monkeypatch.setattr(AppointmentQuerySet, "queued", locked if MARIADB else kept)


def crowd(store) -> list[Any]:
    return together(*(joining(store, phone) for phone in phones(PEOPLE)))


def shops() -> Iterator[Store]:
    """To try it in one after another: without a guard a race is lost often, not always."""
    for number in range(5):
        shop = open_store(f"shop-{number}")
        online(hire(shop, f"R{number}"), at=TEN)
        yield shop


@AGAIN
def test_of_many_who_join_at_once_one_is_served_and_the_others_stand_in_line(
    store, wei, a_moment, again
):
    outcomes = crowd(store)

    assert codes(outcomes) == ["done"] * PEOPLE
    assert Appointment.objects.filter(realtor=wei).count() == 1
    positions = sorted(queue_positions(Appointment.objects.all()).values())
    assert positions == list(range(PEOPLE))
    assert faults(TEN) == []


def test_without_the_pool_all_serve_the_first_in_line_at_once_and_hear_of_an_error(
    a_moment, no_unique_key, read_then_write
):
    """The races above are lost then, and not silently: the key of the open offer lets one ask."""
    crowds = map(crowd, shops())

    with pytest.raises(DatabaseError):
        list(crowds)


def test_without_the_pool_two_who_finish_give_the_only_waiter_away_twice(
    store, wei, a_moment, read_then_write
):
    with pytest.raises(DatabaseError):
        finish_at_once(store, wei)


def test_locking_only_those_who_wait_gives_one_realtor_to_many(
    a_moment, no_unique_key, skip_locked
):
    """Each has locked somebody else who waits, sees that the realtor is free, and takes them."""
    found: list[str] = []
    for shop in shops():
        # The keys of other tables may refuse some of it; what is looked for is what got through.
        with suppress(DatabaseError):
            crowd(shop)
        with transaction.atomic():
            found = [fault for fault in faults(TEN) if "promised twice" in fault]
        if found:
            break

    assert found
