"""Online, busy, offline, heartbeat, silence and being away. They bind the live line only."""

import pytest

from appointments import services
from appointments.models import Appointment, Offer, Status
from appointments.services.queueing import dispatch
from appointments.timed import run_due
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden
from realtors.models import Presence, Realtor
from realtors.services import heartbeat, mark_away, set_presence

from .world import (
    HOUR,
    LAN,
    MINUTE,
    NOW,
    QIANG,
    acting,
    book,
    clock,
    confirmed,
    join,
    manager,
    offline,
    online,
    register,
)

TEN = clock("10:00")


def test_a_booking_for_a_time_needs_nobody_online(store, wei):
    assert book(store, clock("14:00")).realtor == wei


def test_busy_keeps_what_was_offered_and_takes_nobody_else(store, wei):
    online(wei, at=TEN)
    lan = join(store, at=TEN)

    set_presence(wei, Presence.BUSY, by=acting(wei), at=TEN + MINUTE)

    lan.refresh_from_db()
    assert lan.realtor == wei
    services.accept(lan, by=acting(wei), at=TEN + 2 * MINUTE)
    assert join(store, phone=QIANG, at=TEN + 2 * MINUTE).is_waiting


def test_going_offline_passes_on_unanswered_bookings_that_start_soon(store, wei, ming):
    soon = book(store, clock("11:00"), at=TEN)
    later = book(store, clock("15:00"), at=TEN, phone=QIANG)
    held = {one.realtor_id: one for one in (soon, later)}
    assert len(held) == 2
    first = soon.realtor
    online(first, at=TEN)

    offline(first, at=TEN + MINUTE)

    soon.refresh_from_db()
    later.refresh_from_db()
    assert soon.realtor != first
    assert soon.queued_at == TEN
    assert soon.log.filter(action="declined", reason="realtor_offline").exists()
    offline(later.realtor, at=TEN + MINUTE)
    later.refresh_from_db()
    assert later.realtor is not None
    assert Offer.objects.filter(appointment=later).count() == 1


def test_a_confirmed_booking_stays_with_who_goes_offline(store, wei, ming):
    soon = confirmed(store, clock("11:00"), at=TEN)
    before = soon.realtor

    offline(before, at=TEN + MINUTE)

    soon.refresh_from_db()
    assert (soon.realtor, soon.status) == (before, Status.CONFIRMED)


def test_a_named_realtor_who_goes_offline_is_not_replaced(store, wei, ming):
    soon = book(store, clock("11:00"), at=TEN, realtor=wei)

    offline(wei, at=TEN + MINUTE)

    soon.refresh_from_db()
    assert (soon.realtor, soon.status) == (wei, Status.PENDING)


@pytest.mark.django_db(transaction=True)
def test_half_an_hour_of_silence_is_going_offline(store, wei, ming):
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    services.accept(lan, by=acting(wei), at=TEN)

    run_due(at=TEN + 30 * MINUTE)
    wei.refresh_from_db()
    assert wei.presence == Presence.ONLINE
    run_due(at=TEN + 31 * MINUTE)

    wei.refresh_from_db()
    lan.refresh_from_db()
    assert wei.presence == Presence.OFFLINE
    assert (lan.status, lan.realtor, lan.queued_at) == (Status.PENDING, None, TEN)


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_keeps_somebody_there(store, wei):
    online(wei, at=TEN)
    heartbeat(wei, by=acting(wei), at=TEN + 20 * MINUTE)

    run_due(at=TEN + 45 * MINUTE)

    wei.refresh_from_db()
    assert wei.presence == Presence.ONLINE


def test_a_heartbeat_neither_brings_anybody_online_nor_takes_anything_from_them(store, wei, ming):
    soon = book(store, clock("11:00"), at=TEN)
    asked = soon.realtor

    heartbeat(asked, by=acting(asked), at=TEN)

    asked.refresh_from_db()
    soon.refresh_from_db()
    assert (asked.presence, asked.last_seen_at) == (Presence.OFFLINE, TEN)
    assert soon.realtor == asked


@pytest.mark.parametrize("sign", ["heartbeat", "status", "accept", "decline", "start", "complete"])
def test_every_sign_of_life_ends_being_away(store, wei, sign):
    at = clock("14:00")
    appointment = book(store, at, at=clock("13:00") - HOUR)
    if sign in ("start", "complete"):
        services.accept(appointment, by=acting(wei), at=clock("12:00"))
    if sign == "complete":
        services.start(appointment, by=acting(wei), at=at)
    mark_away(wei.pk, at=clock("12:00"))
    signs = {
        "heartbeat": lambda: heartbeat(wei, by=acting(wei), at=clock("12:01")),
        "status": lambda: set_presence(wei, Presence.BUSY, by=acting(wei), at=clock("12:01")),
        "accept": lambda: services.accept(appointment, by=acting(wei), at=clock("12:00")),
        "decline": lambda: services.decline(appointment, by=acting(wei), at=clock("12:00")),
        "start": lambda: services.start(appointment, by=acting(wei), at=at),
        "complete": lambda: services.complete(appointment, by=acting(wei), at=at),
    }

    signs[sign]()

    wei.refresh_from_db()
    assert wei.away_since is None
    assert wei.last_seen_at is not None


@pytest.mark.parametrize("there", [True, False])
def test_only_who_said_they_are_there_is_away_when_they_do_not_answer(store, wei, there):
    if there:
        online(wei, at=TEN)
    book(store, clock("11:30"), at=TEN)

    dispatch(store, at=TEN + 6 * MINUTE)

    wei.refresh_from_db()
    assert (wei.away_since is not None) is there


def test_what_staff_do_is_no_sign_of_the_realtor(store, wei):
    boss = manager(store)
    appointment = book(store, clock("14:00"))
    mark_away(wei.pk, at=NOW)

    services.accept(appointment, by=boss, at=NOW)

    wei.refresh_from_db()
    assert wei.away_since == NOW


@pytest.mark.parametrize("who", ["customer", "colleague", "guest"])
def test_presence_is_ones_own_and_the_stores(store, wei, ming, who):
    by = {
        "customer": Actor.of(register("Fang")),
        "colleague": acting(ming),
        "guest": Actor.guest(),
    }[who]

    with pytest.raises(Forbidden):
        set_presence(wei, Presence.ONLINE, by=by, at=TEN)
    with pytest.raises(Forbidden):
        heartbeat(wei, by=by, at=TEN)
    assert set_presence(wei, Presence.ONLINE, by=manager(store), at=TEN).presence == "online"


def test_being_online_again_after_a_lost_word_is_found_by_the_round(store, wei):
    """The row says online, and nobody was told of it."""
    lan = join(store, phone=LAN, at=TEN)
    Realtor.objects.filter(pk=wei.pk).update(presence=Presence.ONLINE, last_seen_at=TEN)

    dispatch(store, at=TEN + MINUTE)

    assert Appointment.objects.get(pk=lan.pk).realtor == wei


def test_who_answers_after_a_long_silence_is_sent_who_waits_meanwhile(store, wei):
    online(wei, at=TEN)
    later = book(store, clock("16:00"), at=TEN)
    silent_until = TEN + 31 * MINUTE
    lan = join(store, phone=QIANG, at=silent_until)
    assert lan.is_waiting

    services.accept(later, by=acting(wei), at=silent_until)

    lan.refresh_from_db()
    assert lan.realtor == wei
