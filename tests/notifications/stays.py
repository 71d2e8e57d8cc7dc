"""Nights at Tao's at Nanjing Road, and houses that Jing shows there. Fang, Tao and Jing read
English and can be written to; Fang's cat is called Doubao."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from accounts.models import User
from appointments import services
from appointments.models import Appointment
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from realtors.models import Listing, Realtor
from tests.appointments import places, world
from tests.appointments.world import NOW, TUESDAY

FANGS, TAOS, JINGS = "fang@example.com", "tao@example.com", "jing@example.com"
DAY = timedelta(days=1)
THURSDAY = TUESDAY + 2 * DAY


def reads_english(realtor: Realtor) -> Realtor:
    assert realtor.user is not None
    realtor.user.locale = "en"
    realtor.user.save()
    return realtor


def stay_of(
    place: Listing, customer: User, *, at: datetime = NOW, by: Actor | None = None, **more: Any
) -> Appointment:
    """Two nights from Tuesday on, as the edge has it: what is told of it comes last."""
    more = {"email": customer.email or "", "locale": customer.locale} | more
    request = places.stay(place, customer, TUESDAY, THURSDAY, **more)
    by = by or Actor.of(customer)
    return run_in_transaction(partial(services.book_stay, request, by=by, at=at))


def viewing_of(house: Listing, customer: User, starts_at: datetime, **more: Any) -> Appointment:
    more = {"email": customer.email or "", "locale": customer.locale} | more
    book = partial(world.book, house.store, starts_at, listing=house, customer=customer, **more)
    return run_in_transaction(book)
