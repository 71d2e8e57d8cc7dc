"""Services and orders of the engine's tests: Lin cleans, Fang and Bo have accounts and order."""

from datetime import datetime
from typing import Any

from accounts.models import User
from appointments import services
from appointments.models import Appointment
from appointments.services import BookingRequest, OrderTerms
from booking_site.common.actors import SYSTEM, Actor
from realtors.models import Listing
from stores.models import Store
from tests.appointments.world import NOW, hire
from tests.factories import ListingFactory

TERMS = ("address", "place", "amount", "listed_price")


def service(store: Store, name: str = "Lin", **fields: Any) -> Listing:
    """Two hours of cleaning for 200 yuan, paid for when Lin has said yes."""
    provider = fields.pop("provider", None) or hire(store, name)
    fields = {
        "title": "Cleaning",
        "price": 200,
        "price_unit": "visit",
        "duration_minutes": 120,
        **fields,
    }
    return ListingFactory(kind="service", store=store, realtor=provider, **fields)


def order_wish(
    listing: Listing, customer: User | None, starts_at: datetime, **more: Any
) -> BookingRequest:
    """``more``: of OrderTerms or of BookingRequest."""
    terms = {name: more.pop(name) for name in TERMS if name in more}
    return BookingRequest(
        store=listing.store,
        listing=listing,
        starts_at=starts_at,
        customer=customer,
        customer_name=customer.display_name if customer else "Lan",
        customer_phone=str(customer.phone or "") if customer else "+8613800000001",
        terms=OrderTerms(**terms),
        **more,
    )


def order(
    listing: Listing, customer: User, starts_at: datetime, *, at: datetime = NOW, **more: Any
) -> Appointment:
    wish = order_wish(listing, customer, starts_at, **more)
    return services.book(wish, by=Actor.of(customer), at=at)


def agreed(
    listing: Listing, customer: User, starts_at: datetime, *, at: datetime = NOW, **more: Any
) -> Appointment:
    """Ordered, and confirmed by its provider."""
    return services.accept(order(listing, customer, starts_at, at=at, **more), by=SYSTEM, at=at)


def paid(appointment: Appointment, *, at: datetime = NOW) -> Appointment:
    """The books say so; no gateway is asked."""
    assert services.note_paid(appointment, at=at)
    appointment.refresh_from_db()
    return appointment
