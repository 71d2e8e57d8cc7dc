"""Whoever leaves gets no more letters, and leaves no address and no word behind."""

import json

import pytest
from django.core import mail
from django.core.serializers.json import DjangoJSONEncoder

from accounts.services import erase_account
from appointments import services
from booking_site.common.actors import Actor
from booking_site.site.export import export_of
from notifications.models import Delivery, DeliveryStatus, OutboxEvent
from notifications.timed import deliver_due
from tests.appointments.world import (
    HOUR,
    NOW,
    QIANG,
    TUESDAY,
    acting,
    clock,
    manager,
)

from .post import LANS, booked, confirmed

pytestmark = pytest.mark.django_db
TWO = clock("14:00")
FANGS = "fang@example.com"


def leave(user) -> None:
    erase_account(user, by=Actor.of(user), at=NOW)


def addresses() -> set[str]:
    return set(Delivery.objects.values_list("address", flat=True))


def test_what_waits_for_a_customer_who_leaves_is_dropped(store, wei, fang):
    booked(store, TWO, customer=fang, email=FANGS)

    leave(fang)
    deliver_due(at=NOW)

    assert FANGS not in addresses()
    assert {letter.to[0] for letter in mail.outbox} == {"wei@example.com"}
    told = Delivery.objects.filter(role="customer")
    assert set(told.values_list("status", flat=True)) == {DeliveryStatus.DROPPED}


def test_the_address_of_what_was_sent_goes_too(store, wei, fang):
    confirmed(store, TWO, customer=fang, email=FANGS)
    deliver_due(at=NOW)
    Delivery.objects.filter(address=FANGS).update(last_error=f"451 {FANGS}: come back later")

    leave(fang)

    assert FANGS not in addresses()
    assert not Delivery.objects.filter(last_error__contains=FANGS).exists()


def test_what_people_said_of_it_goes_and_our_own_reasons_stay(store, wei, ming, fang):
    appointment = booked(store, TWO, customer=fang, email=FANGS)
    services.decline(
        appointment, by=acting(appointment.realtor), at=NOW, reason="Fang owes me a dinner"
    )

    leave(fang)

    facts = json.dumps(list(OutboxEvent.objects.values_list("facts", flat=True)))
    assert "dinner" not in facts
    assert "account_erased" in facts


def test_a_realtor_who_leaves_is_forgotten_as_well(store, wei):
    confirmed(store, TWO)

    leave(wei.user)
    deliver_due(at=NOW)

    assert "wei@example.com" not in addresses()
    assert {letter.to[0] for letter in mail.outbox} == {LANS}


def test_letters_to_others_stay(store, wei, fang):
    booked(store, TWO, customer=fang, email=FANGS)
    booked(store, TWO + HOUR, phone=QIANG)

    leave(fang)

    assert {LANS, "wei@example.com"} <= addresses()


def test_what_a_waiter_would_have_got_while_leaving_goes_nowhere(store, wei, fang):
    """Their second place in line is served while the first one is called off."""
    day = clock("14:00", TUESDAY)
    booked(store, day, phone=QIANG)
    booked(store, day, customer=fang, email=FANGS)
    booked(store, day + HOUR, customer=fang, email=FANGS)

    leave(fang)
    deliver_due(at=NOW)

    assert FANGS not in addresses()
    assert [FANGS] not in [letter.to for letter in mail.outbox]


def test_everybody_may_see_what_they_were_sent(store, wei, fang):
    appointment = booked(store, TWO, customer=fang, email=FANGS)
    booked(store, TWO + HOUR, phone=QIANG)
    services.cancel(appointment, by=manager(store), at=NOW, reason="rain")

    of_fang = json.loads(json.dumps(export_of(fang), cls=DjangoJSONEncoder))["letters"]
    of_wei = export_of(wei.user)["letters"]

    assert [one["letter"] for one in of_fang] == ["booked", "cancelled"]
    assert {one["address"] for one in of_fang} == {FANGS}
    assert [one["letter"] for one in of_wei] == ["asked", "asked", "cancelled"]
