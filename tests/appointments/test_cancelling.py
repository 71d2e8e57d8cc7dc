"""Calling it off: who may until when, and what becomes of the time."""

import pytest

from appointments import errors, services
from appointments.models import Claim, Status
from booking_site.common.actors import SYSTEM
from stores.models import BookingPolicy
from tests.races.checker import faults

from .world import (
    MINUTE,
    NOW,
    QIANG,
    acting,
    book,
    claimed,
    clock,
    confirmed,
    hire,
    manager,
    open_store,
    owner,
)

pytestmark = pytest.mark.django_db


def test_lan_cancels_and_nothing_stays_claimed(store, wei):
    appointment = book(store, clock("14:00"))

    services.cancel(appointment, by=owner(appointment), at=NOW, reason="rain")

    appointment.refresh_from_db()
    assert (appointment.status, appointment.cancelled_at) == (Status.CANCELLED, NOW)
    assert appointment.cancel_reason == "rain"
    assert not Claim.objects.exists()
    assert faults(NOW) == []


def test_the_cancelled_time_can_be_booked_by_the_same_customer(store, wei):
    appointment = book(store, clock("14:00"))
    services.cancel(appointment, by=owner(appointment), at=NOW)

    assert book(store, clock("14:00"), queue=False).realtor == wei


def test_cancelling_serves_the_next_in_line(store, wei):
    appointment = book(store, clock("14:00"))
    waiting = book(store, clock("14:00"), phone=QIANG)

    services.cancel(appointment, by=owner(appointment), at=NOW)

    waiting.refresh_from_db()
    assert waiting.realtor == wei
    assert faults(NOW) == []


def test_the_open_offer_is_withdrawn(store, wei):
    appointment = book(store, clock("14:00"))
    services.cancel(appointment, by=owner(appointment), at=NOW)

    assert [offer.status for offer in appointment.offers.all()] == ["withdrawn"]
    with pytest.raises(errors.InvalidTransition) as refused:
        services.accept(appointment, by=acting(wei), at=NOW)
    assert refused.value.errors == {"status": ["cancelled"]}


def test_a_customer_may_cancel_until_the_start(store, wei):
    first, second = confirmed(store, clock("14:00")), confirmed(store, clock("16:00"))

    services.cancel(first, by=owner(first), at=clock("14:00") - MINUTE)
    with pytest.raises(errors.CancelTooLate):
        services.cancel(second, by=owner(second), at=clock("16:00"))


def test_the_cutoff_is_the_one_they_booked_under():
    store = open_store(cancel_cutoff_minutes=60)
    hire(store, "Wei")
    strict = confirmed(store, clock("14:00"))
    BookingPolicy.objects.filter(store=store).update(cancel_cutoff_minutes=0)
    lenient = book(store, clock("15:00"))
    BookingPolicy.objects.filter(store=store).update(cancel_cutoff_minutes=600)

    with pytest.raises(errors.CancelTooLate):
        services.cancel(strict, by=owner(strict), at=clock("13:00"))
    services.cancel(lenient, by=owner(lenient), at=clock("14:59"))
    strict.refresh_from_db()
    assert strict.status == Status.CONFIRMED
    assert claimed(strict)
    services.cancel(strict, by=owner(strict), at=clock("13:00") - MINUTE)


def test_staff_and_the_realtor_are_not_bound_by_the_cutoff():
    store = open_store(cancel_cutoff_minutes=600)
    wei = hire(store, "Wei")
    first, second = confirmed(store, clock("14:00")), confirmed(store, clock("16:00"))

    services.cancel(first, by=acting(wei), at=clock("13:59"))
    services.cancel(second, by=manager(store), at=clock("16:30"))

    assert {first.status, second.status} == {Status.CANCELLED}


def test_it_is_cancelled_once(store, wei):
    appointment = book(store, clock("14:00"))
    services.cancel(appointment, by=owner(appointment), at=NOW)

    with pytest.raises(errors.InvalidTransition) as refused:
        services.cancel(appointment, by=owner(appointment), at=NOW)
    assert refused.value.errors == {"status": ["cancelled"]}


def test_who_waits_may_give_up(store, wei):
    book(store, clock("14:00"))
    waiting = book(store, clock("14:00"), phone=QIANG)

    services.cancel(waiting, by=owner(waiting), at=NOW)

    assert claimed(waiting) == {}
    assert faults(NOW) == []


def test_the_calendar_entry_is_revised(store, wei):
    appointment = book(store, clock("14:00"))

    services.cancel(appointment, by=owner(appointment), at=NOW)

    appointment.refresh_from_db()
    assert appointment.sequence == 1


def test_a_long_reason_is_cut_and_not_refused(store, wei):
    appointment = book(store, clock("14:00"))

    services.cancel(appointment, by=SYSTEM, at=NOW, reason="雨" * 500)

    appointment.refresh_from_db()
    assert appointment.cancel_reason == "雨" * 200
