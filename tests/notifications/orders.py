"""Lin cleans for Fang, who has an account; both read English and can be written to."""

from datetime import datetime
from functools import partial
from typing import Any

from accounts.models import User
from appointments import services
from appointments.models import Appointment
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from realtors.models import Listing
from tests.appointments.orders import order_wish
from tests.appointments.world import NOW, acting

from .edge import at_the_edge

FANGS, LINS, OPS = "fang@example.com", "lin@example.com", "ops@example.com"
HERE = "Huaihai Road 1"


def ordered(
    listing: Listing, customer: User, starts_at: datetime, *, at: datetime = NOW, **more: Any
) -> Appointment:
    """As the edge has it: what is told of it comes last."""
    more = {"email": customer.email or "", "locale": customer.locale, "address": HERE} | more
    wish = order_wish(listing, customer, starts_at, **more)
    return run_in_transaction(partial(services.book, wish, by=Actor.of(customer), at=at))


def accepted(listing: Listing, customer: User, starts_at: datetime, **more: Any) -> Appointment:
    made = ordered(listing, customer, starts_at, **more)
    at_the_edge(services.accept, made, by=acting(listing.realtor), at=NOW)
    made.refresh_from_db()
    return made
