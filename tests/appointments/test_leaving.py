"""Whoever leaves keeps nobody waiting at a closed door, and takes their name with them."""

import pytest

from accounts.services import erase_account
from appointments.models import Claim, Hold, Status
from appointments.services import hold
from booking_site.common.actors import Actor
from tests.races.checker import faults

from .world import LAN, NOW, QIANG, book, clock, confirmed, hire

pytestmark = pytest.mark.django_db


def leave(user):
    erase_account(user, by=Actor.of(user), at=NOW)


def test_a_customer_who_leaves_calls_off_what_is_to_come(store, wei, fang):
    appointment = book(store, clock("14:00"), customer=fang)
    hold(store, starts_at=clock("16:00"), by=Actor.of(fang), at=NOW)

    leave(fang)

    appointment.refresh_from_db()
    assert (appointment.status, appointment.cancel_reason) == (Status.CANCELLED, "account_erased")
    assert not Hold.objects.exists()
    assert not Claim.objects.exists()


def test_whoever_waited_for_that_time_gets_it(store, wei, fang):
    book(store, clock("14:00"), customer=fang)
    waiting = book(store, clock("14:00"), phone=QIANG)

    leave(fang)

    waiting.refresh_from_db()
    assert waiting.realtor == wei
    assert faults(NOW) == []


def test_the_books_keep_the_row_and_not_the_person(store, wei, fang):
    appointment = book(store, clock("14:00"), customer=fang, requirements="a quiet room")

    leave(fang)

    appointment.refresh_from_db()
    assert appointment.starts_at == clock("14:00")
    assert appointment.customer_name == appointment.customer_phone == appointment.requirements == ""


def test_a_realtor_who_leaves_hands_on_to_a_colleague(store, wei, fang):
    asked = book(store, clock("14:00"), customer=fang)
    agreed = confirmed(store, clock("16:00"), phone=QIANG)
    ming = hire(store, "Ming")

    leave(wei.user)

    for appointment, status in ((asked, Status.PENDING), (agreed, Status.CONFIRMED)):
        appointment.refresh_from_db()
        assert (appointment.realtor, appointment.status) == (ming, status)
    assert faults(NOW) == []


def test_with_no_colleague_free_it_is_called_off(store, wei):
    appointment = confirmed(store, clock("14:00"), phone=LAN)

    leave(wei.user)

    appointment.refresh_from_db()
    assert (appointment.status, appointment.cancel_reason) == (Status.CANCELLED, "realtor_left")
    assert not Claim.objects.exists()


def test_a_named_realtor_who_leaves_is_not_replaced(store, wei, ming):
    appointment = book(store, clock("14:00"), realtor=wei)

    leave(wei.user)

    appointment.refresh_from_db()
    assert appointment.status == Status.CANCELLED
