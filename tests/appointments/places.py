"""Houses and boarding places of the engine's tests: Jing shows houses, Tao takes in pets, Fang and
Bo have accounts and pets."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import Pet, User
from appointments import services
from appointments.models import Appointment, Claim
from appointments.rules import house_key, place_key
from appointments.services import StayRequest
from booking_site.common.actors import Actor
from realtors.models import Listing, Realtor
from stores.models import Store
from tests.appointments.world import NOW, hire
from tests.factories import ListingFactory

# Kilometres apart, by the blocks: next door, across the city, in the next one.
HERE = (Decimal("31.230000"), Decimal("121.470000"))
NEXT_DOOR = (Decimal("31.231000"), Decimal("121.470000"))
ACROSS_TOWN = (Decimal("31.230000"), Decimal("121.580000"))


def house(store: Store, title: str = "Two rooms with a view", **fields: Any) -> Listing:
    """For rent at 5000 a month; half an hour to see it. ``place``: (latitude, longitude)."""
    if place := fields.pop("place", None):
        fields |= {"latitude": place[0], "longitude": place[1]}
    fields = {"price": 5000, "price_unit": "month", "duration_minutes": 30, **fields}
    return ListingFactory(kind="house", store=store, title=title, **fields)


def host_of(listing: Listing) -> Realtor:
    assert listing.realtor is not None
    return listing.realtor


def boarding(store: Store, name: str = "Tao", *, units: int = 2, **fields: Any) -> Listing:
    """A sitter's place: 80 yuan a night and pet, nothing in advance, confirmed at once."""
    sitter = fields.pop("sitter", None) or hire(store, name)
    attributes = fields.pop("attributes", {})
    fields = {
        "price": 80,
        "price_unit": "night",
        "capacity": units,
        "needs_approval": False,
        "deposit_percent": 0,
        "attributes": attributes,
        **fields,
    }
    return ListingFactory(kind="boarding", store=store, realtor=sitter, title="Home", **fields)


def pet_of(owner: User, name: str = "Doubao", species: str = "cat", **fields: Any) -> Pet:
    return Pet.objects.create(owner=owner, name=name, species=species, **fields)


def stay(place: Listing, customer: User, check_in: date, check_out: date, **fields: Any):
    """A request of theirs, for all of their pets or those named."""
    pets = fields.pop("pets", None) or list(Pet.objects.filter(owner=customer))
    return StayRequest(
        listing=place,
        customer=customer,
        pets=pets,
        check_in=check_in,
        check_out=check_out,
        customer_name=customer.display_name,
        customer_phone=str(customer.phone or ""),
        **fields,
    )


def book_stay(
    place: Listing,
    customer: User,
    check_in: date,
    check_out: date,
    *,
    at: datetime = NOW,
    **fields: Any,
) -> Appointment:
    request = stay(place, customer, check_in, check_out, **fields)
    return services.book_stay(request, by=Actor.of(customer), at=at)


def night_claims(place: Listing) -> int:
    return Claim.objects.filter(resource=place_key(place.pk)).count()


def house_claims(listing: Listing) -> int:
    return Claim.objects.filter(resource=house_key(listing.pk)).count()
