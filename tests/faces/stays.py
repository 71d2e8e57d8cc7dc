"""Houses that are seen and a boarding place in the full world, with a customer's viewings and
stays."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from accounts.models import Pet, User
from appointments import services
from appointments.models import Appointment
from appointments.services import BookingRequest, StayRequest
from booking_site.common.actors import SYSTEM, Actor
from realtors.models import Listing
from tests.factories import ListingFactory, RealtorFactory, StoreFactory, UserFactory

from . import hostile

if TYPE_CHECKING:
    from .worlds import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def stay(world: "World") -> None:
    """In a store of their own, for the same reason as courses."""
    store = StoreFactory(name=world.store.name, slug="homes", address=world.store.address)
    host = RealtorFactory(store=store, name=hostile.NAME[:50], bio=hostile.NOTE[:500])
    facts = {"store": store, "title": hostile.NAME[:100], "description": hostile.NOTE[:500]}
    house = ListingFactory(
        **facts, house=True, realtor=host, address=(hostile.SCRIPT * 9)[:200], duration_minutes=30
    )
    world.things["shown_house"] = house
    world.things["agencys_house"] = ListingFactory(**facts, house=True, realtor=None)
    hour = world.at.replace(minute=0, second=0, microsecond=0)
    world.things["viewing"] = _viewing(world, house, hour + 4 * DAY)
    world.things["seen"] = _over(_viewing(world, house, hour - 3 * DAY))
    sitter = RealtorFactory(store=store, name=hostile.NAME[:50], bio=hostile.NOTE[:500])
    place = ListingFactory(
        **facts,
        boarding=True,
        realtor=sitter,
        price=1234567,
        price_unit="night",
        capacity=2,
        needs_approval=False,
        deposit_percent=0,
        fee_steps=[[43200, 50]],
        attributes={"species": ["dog", "cat"], "vaccination_needed": True},
    )
    world.things["boarding"] = place
    _book_nights(world, place)


def _viewing(world: "World", house: Listing, starts_at: datetime) -> Appointment:
    customer = world.people["customer"]
    wish = BookingRequest(
        store=house.store,
        listing=house,
        starts_at=starts_at,
        customer=customer,
        customer_name=customer.display_name,
        customer_phone=str(customer.phone),
        requirements=hostile.NOTE[:500],
    )
    return services.book(wish, by=SYSTEM, at=min(world.at, starts_at - 3 * HOUR))


def _over(viewing: Appointment) -> Appointment:
    start = viewing.starts_at
    assert viewing.realtor is not None
    # At once: an offer does not stand for long.
    services.accept(viewing, by=SYSTEM, at=start - 3 * HOUR)
    services.start(viewing, by=SYSTEM, at=start)
    return services.complete(viewing, by=SYSTEM, at=start + HOUR / 2)


def _book_nights(world: "World", place: Listing) -> None:
    """The customer's own, one of them unpaid; and nights in which nobody else can come."""
    customer, today = world.people["customer"], world.at.astimezone(place.store.zone).date()
    own = [_pet(customer, f"{number}{hostile.NAME}"[:50]) for number in range(2)]
    world.things["stay"] = _stay(world, place, customer, own, today + 7 * DAY)
    Listing.objects.filter(pk=place.pk).update(deposit_percent=30)
    place.refresh_from_db()
    world.things["unpaid_stay"] = _stay(world, place, customer, own[:1], today + 12 * DAY)
    for number in range(2):
        other = UserFactory(display_name=hostile.NAME[:50], phone=f"+86136{number:08d}")
        _stay(world, place, other, [_pet(other, "Mimi")], today + 20 * DAY)
    world.things["free_nights"] = _dates(today + 40 * DAY)
    world.things["full_nights"] = _dates(today + 19 * DAY)


def _dates(day: date) -> dict[str, str]:
    return {"check_in": day.isoformat(), "check_out": (day + 3 * DAY).isoformat()}


def _pet(owner: User, name: str) -> Pet:
    until = date(2099, 1, 1)
    return Pet.objects.create(owner=owner, name=name, species="cat", vaccinated_until=until)


def _stay(
    world: "World", place: Listing, customer: User, pets: list[Pet], day: date
) -> Appointment:
    request = StayRequest(
        listing=place,
        customer=customer,
        pets=pets,
        check_in=day,
        check_out=day + 3 * DAY,
        customer_name=customer.display_name,
        customer_phone=str(customer.phone),
        note=hostile.NOTE[:1000],
    )
    return services.book_stay(request, by=Actor.of(customer), at=world.at)
