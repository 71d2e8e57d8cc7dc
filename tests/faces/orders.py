"""Services in the full world, and what their customer has ordered of them: to be confirmed, to be
paid, and to be called off."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from appointments import services
from appointments.models import Appointment
from appointments.presenters.times import stamp
from appointments.selectors.slots import days_of_slots
from appointments.services import BookingRequest, OrderTerms
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.periods import Period
from booking_site.common.places import Point
from chat.services import open_direct, order_in
from realtors.models import Listing
from tests.factories import ListingFactory

from . import hostile

if TYPE_CHECKING:
    from .worlds import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOUSE = Point(31.2123, 121.4412)


def order(world: "World") -> None:
    """Of the realtor who looks at the console."""
    service = ListingFactory(
        store=world.store,
        realtor=world.realtor,
        description=hostile.NOTE[:500],
        kind="service",
        title=hostile.NAME[:100],
        price=1234567,
        price_unit="hour",
        deposit_percent=30,
        fee_steps=[[2880, 30], [1440, 50]],
        attributes={"radius_km": 2000},
    )
    world.things["service"] = service
    free = _free_starts(world, service)
    world.things["order_start"] = {"start": stamp(next(free)), "minutes": "120"}
    world.things["proposed"] = _ordered(world, service, next(free), amount=1000000)
    world.things["order"] = _agreed(_ordered(world, service, next(free)), world.at)
    asked = _agreed(_ordered(world, service, next(free)), world.at)
    realtor = Actor.of(world.people["realtor"])
    services.ask_to_cancel(asked, by=realtor, at=world.at, reason=hostile.NOTE[:200])
    world.things["asked_order"] = asked
    own = _agreed(_ordered(world, service, next(free)), world.at)
    by = Actor.of(world.people["customer"])
    services.ask_to_cancel(own, by=by, at=world.at, reason=hostile.NOTE[:200])
    world.things["own_asked_order"] = own
    _ordered_in_a_talk(world, service, free)


def _free_starts(world: "World", service: Listing) -> Iterator[datetime]:
    """From the third day on, hours apart; whatever the time of day is now, and whatever else the
    realtor and the customer have in that week."""
    first = (world.at + 3 * DAY).astimezone(world.store.zone).date()
    days = days_of_slots(
        world.store, first=first, days=4, at=world.at, duration_minutes=120, listing=service
    )
    own = Appointment.objects.filter(user=world.people["customer"])
    taken = [Period(*ends) for ends in own.values_list("starts_at", "ends_at")]
    last = world.at
    for slot in (slot for day in days for slot in day.slots if slot.available):
        wanted = Period(slot.starts_at, slot.starts_at + 2 * HOUR)
        if wanted.start >= last + 6 * HOUR and not any(one.overlaps(wanted) for one in taken):
            last = wanted.start
            yield last


def _ordered_in_a_talk(world: "World", service: Listing, free: Iterator[datetime]) -> None:
    """To be confirmed; and another, which the customer would like to call off."""
    customer, realtor = world.people["customer"], world.people["realtor"]
    by = Actor.of(customer)
    talk = open_direct(realtor, listing=service, by=by, at=world.at).conversation
    asked = order_in(talk, _wish(world, service, next(free)), by=by, at=world.at)
    services.accept(asked, by=Actor.of(realtor), at=world.at)
    services.ask_to_cancel(asked, by=by, at=world.at, reason=hostile.NOTE[:200])
    proposal = _wish(world, service, next(free), amount=1000000)
    order_in(talk, proposal, by=by, at=world.at)
    world.things["order_talk"] = talk


def _agreed(ordered: Appointment, at: datetime) -> Appointment:
    return services.accept(ordered, by=SYSTEM, at=at)


def _ordered(
    world: "World", service: Listing, starts_at: datetime, *, amount: int | None = None
) -> Appointment:
    wish = _wish(world, service, starts_at, amount=amount)
    return services.book(wish, by=SYSTEM, at=world.at)


def _wish(
    world: "World", service: Listing, starts_at: datetime, *, amount: int | None = None
) -> BookingRequest:
    customer = world.people["customer"]
    return BookingRequest(
        store=service.store,
        listing=service,
        starts_at=starts_at,
        duration_minutes=120,
        customer=customer,
        customer_name=customer.display_name,
        customer_phone=str(customer.phone),
        requirements=hostile.NOTE[:1000],
        terms=OrderTerms(address=(hostile.SCRIPT * 9)[:200], place=HOUSE, amount=amount),
    )
