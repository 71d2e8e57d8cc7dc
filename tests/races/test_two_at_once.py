"""Two people press at the same moment: exactly one wins, and the other hears why.

Each race is run several times, because a race that is lost once in ten is lost.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from appointments import services
from appointments.models import Appointment, Claim, DispatchPool, Hold, Status
from appointments.services.holds import sweep_expired_holds
from appointments.timed import run_due
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.transactions import run_in_transaction
from tests.appointments.world import (
    GUEST,
    LAN,
    MINUTE,
    NOW,
    QIANG,
    TUESDAY,
    acting,
    book,
    clock,
    confirmed,
    hire,
    open_store,
    owner,
    phones,
    register,
    running,
    wish,
)

from .checker import faults
from .together import ISOLATIONS, codes, side_by_side, together

pytestmark = pytest.mark.django_db(transaction=True)
STARTS = [
    clock(f"{hour:02}:00", day)
    for day in (TUESDAY, TUESDAY + timedelta(days=1))
    for hour in (9, 11, 13, 15)
]


def fresh(appointment: Appointment) -> Appointment:
    """As another request would have loaded it."""
    return Appointment.objects.select_related("store", "realtor", "user").get(pk=appointment.pk)


def press(service, appointment, *, by, at=NOW, **more):
    return partial(service, fresh(appointment), by=by, at=at, **more)


@pytest.fixture
def store():
    return open_store()


@pytest.fixture
def wei(store):
    return hire(store, "Wei")


@pytest.mark.parametrize("start", STARTS)
def test_of_two_who_cancel_one_does(store, wei, start):
    appointment = book(store, start)

    outcomes = together(
        press(services.cancel, appointment, by=owner(appointment)),
        press(services.cancel, appointment, by=acting(wei)),
    )

    assert codes(outcomes) == ["done", "invalid_transition"]
    assert appointment.log.filter(action="cancelled").count() == 1
    assert faults(NOW) == []


@pytest.mark.parametrize("start", STARTS)
def test_a_cancelled_appointment_is_never_accepted_afterwards(store, wei, start):
    appointment = book(store, start)

    accepted, cancelled = together(
        press(services.accept, appointment, by=acting(wei)),
        press(services.cancel, appointment, by=owner(appointment)),
    )

    # Cancelling what was accepted a moment before is allowed; the other way round is not.
    assert isinstance(cancelled, Appointment)
    if not isinstance(accepted, Appointment):
        assert accepted.errors == {"status": ["cancelled"]}
    steps = list(appointment.log.values_list("to_status", flat=True))
    assert steps[-1] == "cancelled"
    assert ("confirmed" in steps) == isinstance(accepted, Appointment)
    assert faults(NOW) == []


@pytest.mark.parametrize("start", STARTS)
def test_of_accepting_and_declining_one_happens(store, wei, start):
    appointment = book(store, start)

    outcomes = together(
        press(services.accept, appointment, by=acting(wei)),
        press(services.decline, appointment, by=acting(wei)),
    )

    assert codes(outcomes)[0] in ("already_taken", "done")
    assert sorted(code == "done" for code in codes(outcomes)) == [False, True]
    assert faults(NOW) == []


@pytest.mark.parametrize("start", STARTS)
def test_an_appointment_is_accepted_by_one_of_two(store, wei, start):
    appointment = book(store, start)

    outcomes = together(
        press(services.accept, appointment, by=acting(wei)),
        press(services.accept, appointment, by=SYSTEM),
    )

    assert codes(outcomes) == ["done", "invalid_transition"]
    assert faults(NOW) == []


@pytest.mark.parametrize("start", STARTS)
def test_a_customer_came_or_did_not_come(store, wei, start):
    appointment = confirmed(store, start)

    outcomes = together(
        press(services.start, appointment, by=acting(wei), at=start),
        press(services.mark_no_show, appointment, by=SYSTEM, at=start),
    )

    assert codes(outcomes) == ["done", "invalid_transition"]
    refused = next(one for one in outcomes if not isinstance(one, Appointment))
    appointment.refresh_from_db()
    assert refused.errors == {"status": [appointment.status]}
    assert faults(start) == []


@pytest.mark.parametrize("start", STARTS)
def test_work_is_finished_once(store, wei, start):
    appointment = running(store, start)

    outcomes = together(
        press(services.complete, appointment, by=acting(wei), at=start + 20 * MINUTE),
        press(services.complete, appointment, by=SYSTEM, at=start + 40 * MINUTE),
    )

    assert codes(outcomes) == ["done", "invalid_transition"]
    assert faults(start + 40 * MINUTE) == []


@pytest.mark.parametrize("start", STARTS)
def test_what_is_moved_and_cancelled_at_once_claims_nothing(store, wei, start):
    appointment = book(store, start)

    moved, cancelled = together(
        press(
            services.reschedule, appointment, by=owner(appointment), starts_at=start + 60 * MINUTE
        ),
        press(services.cancel, appointment, by=owner(appointment)),
    )

    assert isinstance(cancelled, Appointment)
    assert isinstance(moved, Appointment) or moved.errors == {"status": ["cancelled"]}
    assert not Claim.objects.exists()
    assert faults(NOW) == []


@pytest.mark.parametrize("start", STARTS)
def test_of_two_who_move_to_the_same_time_one_does(store, wei, start):
    lan, qiang = book(store, start), book(store, start + 120 * MINUTE, phone=QIANG)
    wanted = start + 60 * MINUTE

    outcomes = together(
        press(services.reschedule, lan, by=owner(lan), starts_at=wanted),
        press(services.reschedule, qiang, by=owner(qiang), starts_at=wanted),
    )

    assert codes(outcomes) == ["done", "slot_taken"]
    assert faults(NOW) == []


@pytest.mark.parametrize("start", STARTS)
def test_one_customer_books_in_two_stores_at_once_and_gets_one(start):
    shops = [open_store("bund"), open_store("hongqiao")]
    for n, shop in enumerate(shops):
        hire(shop, f"R{n}")

    outcomes = together(
        *(
            partial(
                services.book,
                wish(shop, start + n * 30 * MINUTE, queue=False),
                by=GUEST,
                at=NOW,
            )
            for n, shop in enumerate(shops)
        )
    )

    assert codes(outcomes) == ["customer_conflict", "done"]
    assert faults(NOW) == []


@pytest.mark.parametrize("start", STARTS[:4])
def test_one_customer_swaps_two_appointments_in_two_stores_without_a_deadlock_that_is_seen(start):
    shops = [open_store("bund"), open_store("hongqiao")]
    for n, shop in enumerate(shops):
        hire(shop, f"R{n}")
    first = book(shops[0], start)
    second = book(shops[1], start + 60 * MINUTE)

    outcomes = together(
        press(services.reschedule, first, by=owner(first), starts_at=start + 60 * MINUTE),
        press(services.reschedule, second, by=owner(second), starts_at=start),
    )

    # Nobody may be in two places, so neither can move before the other has.
    assert "unavailable" not in codes(outcomes)
    assert "customer_conflict" in codes(outcomes)
    assert faults(NOW) == []


# Holds


@pytest.mark.parametrize("start", STARTS)
def test_a_hold_is_booked_by_one_of_two(store, wei, start):
    held = services.hold(store, starts_at=start, by=GUEST, at=NOW)

    outcomes = together(
        *(
            partial(
                services.book,
                wish(store, start, phone=phone, hold_token=held.token),
                by=GUEST,
                at=NOW + MINUTE,
            )
            for phone in (LAN, QIANG)
        )
    )

    assert codes(outcomes) == ["done", "hold_expired"]
    assert faults(NOW + MINUTE) == []


@pytest.mark.parametrize("start", STARTS)
def test_a_hold_is_booked_or_swept_and_never_half_of_each(store, wei, start):
    held = services.hold(store, starts_at=start, by=GUEST, at=NOW)
    waiting = book(store, start, phone=QIANG, at=NOW + MINUTE)
    last_moment = held.expires_at - timedelta(milliseconds=1)

    request = wish(store, start, hold_token=held.token)
    booked, _ = side_by_side(
        partial(run_in_transaction, partial(services.book, request, by=GUEST, at=last_moment)),
        partial(run_due, at=held.expires_at),
    )

    waiting.refresh_from_db()
    assert isinstance(booked, Appointment) == (waiting.realtor is None)
    if not isinstance(booked, Appointment):
        assert booked.code == "hold_expired"
    assert not Hold.objects.exists()
    assert faults(held.expires_at) == []


@pytest.mark.parametrize("start", STARTS)
def test_an_expired_hold_is_let_go_by_two_who_want_the_time(store, wei, start):
    held = services.hold(store, starts_at=start, by=GUEST, at=NOW)

    outcomes = together(
        *(
            partial(
                services.book,
                wish(store, start, phone=phone, queue=False),
                by=GUEST,
                at=held.expires_at,
            )
            for phone in (LAN, QIANG)
        )
    )

    assert codes(outcomes) == ["done", "slot_taken"]
    assert faults(held.expires_at) == []


@pytest.mark.parametrize("start", STARTS[:4])
def test_one_person_at_two_screens_holds_one_time(store, wei, start):
    hire(store, "Ming")
    fang = Actor.of(register("Fang"))

    outcomes = together(
        *(
            partial(services.hold, store, starts_at=start + n * 30 * MINUTE, by=fang, at=NOW)
            for n in range(4)
        )
    )

    assert codes(outcomes) == ["done"] * 4
    assert Hold.objects.count() == 1
    assert faults(NOW) == []


def test_the_timed_work_may_run_twice_at_once(store, wei):
    for n, start in enumerate(STARTS):
        services.hold(store, starts_at=start, by=GUEST, at=NOW)
        book(store, start, phone=phones(20)[n], at=NOW)
    at = NOW + 6 * MINUTE

    # Each opens transactions of its own.
    side_by_side(*(partial(run_due, at=at) for _ in range(4)))

    assert not Hold.objects.exists()
    assert Appointment.objects.filter(realtor=wei).count() == len(STARTS)
    assert faults(at) == []


# The last free realtor


@pytest.mark.parametrize("people", [40])
def test_of_many_who_want_the_only_realtor_one_is_booked(store, wei, people):
    outcomes = together(
        *(
            partial(
                services.book, wish(store, STARTS[0], phone=phone, queue=False), by=GUEST, at=NOW
            )
            for phone in phones(people)
        )
    )

    assert codes(outcomes) == ["done"] + ["slot_taken"] * (people - 1)
    assert faults(NOW) == []


def test_of_many_who_hold_or_book_the_only_realtor_one_gets_them(store, wei):
    outcomes = together(
        *(partial(services.hold, store, starts_at=STARTS[0], by=GUEST, at=NOW) for _ in range(20)),
        *(
            partial(
                services.book, wish(store, STARTS[0], phone=phone, queue=False), by=GUEST, at=NOW
            )
            for phone in phones(20)
        ),
    )

    assert codes(outcomes) == ["done"] + ["slot_taken"] * 39
    assert Hold.objects.count() + Appointment.objects.count() == 1
    assert faults(NOW) == []


@pytest.fixture(params=ISOLATIONS)
def isolation(request, monkeypatch) -> None:
    """What the connections of the threads are opened with."""
    if request.param:
        options = connection.settings_dict["OPTIONS"]
        monkeypatch.setitem(options, "isolation_level", request.param)


@pytest.fixture
def repetitions(caplog) -> Callable[[], int]:
    """How many transactions the database has refused and had to be done again."""
    caplog.set_level(logging.INFO, "booking_site.common.transactions")
    return lambda: len([one for one in caplog.records if "transaction" in one.message])


def test_the_first_bookings_of_a_new_store_come_at_once_and_nobody_stumbles(isolation, repetitions):
    shop = open_store("bund")
    wei = hire(shop, "Wei")
    assert not DispatchPool.objects.exists()

    outcomes = together(
        *(
            partial(services.book, wish(shop, STARTS[0], phone=phone), by=GUEST, at=NOW)
            for phone in phones(40)
        )
    )

    assert codes(outcomes) == ["done"] * 40
    assert Appointment.objects.filter(realtor=wei).count() == 1
    assert Appointment.objects.queued().count() == 39
    assert faults(NOW) == []
    assert repetitions() == 0


def test_many_cancel_and_those_in_line_are_served_in_order(store):
    realtors = [hire(store, f"R{n}") for n in range(8)]
    start = STARTS[0]
    booked = [book(store, start, phone=phone) for phone in phones(8)]
    line = [
        book(store, start, phone=phone, at=NOW + n * MINUTE)
        for n, phone in enumerate(phones(12, first=500))
    ]

    outcomes = together(
        *(press(services.cancel, one, by=owner(one), at=NOW + 20 * MINUTE) for one in booked)
    )

    assert codes(outcomes) == ["done"] * 8
    served = [fresh(one).realtor for one in line]
    assert {one.pk for one in served[:8]} == {realtor.pk for realtor in realtors}
    assert served[8:] == [None] * 4
    assert faults(NOW + 20 * MINUTE) == []
    assert Appointment.objects.filter(status=Status.CANCELLED).count() == 8


def test_a_sweep_of_nothing_changes_nothing(store, wei):
    book(store, STARTS[0])

    sweep_expired_holds(at=NOW)

    assert faults(NOW) == []
