"""A customer's places in the full world: to be paid, in a package, and waited for."""

from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.models import User
from appointments import services
from appointments.models import Session
from appointments.services import SeatRequest
from booking_site.common.actors import SYSTEM, Actor
from realtors.models import Listing, Realtor
from tests.factories import ListingFactory, RealtorFactory, StoreFactory

from . import hostile

if TYPE_CHECKING:
    from .worlds import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sit(world: "World") -> None:
    """Two courses in a store of their own: another teacher in the busy one would be free at the
    time for which people stand in line."""
    customer, at = world.people["customer"], world.at
    hour = at.replace(minute=0, second=0, microsecond=0)
    store = StoreFactory(name=world.store.name, slug="school", address=world.store.address)
    teacher = RealtorFactory(store=store, name=hostile.NAME[:50], bio=hostile.NOTE[:500])
    lessons = _course(teacher, attributes=_particulars(), fee_steps=[[2880, 30], [1440, 50]])
    free = [_open(world, lessons, hour + 8 * DAY + number * HOUR) for number in range(8)]
    world.things["lessons"], world.things["open_session"] = lessons, free[0]
    services.lock_seat(free[0], by=Actor.of(customer), at=at)
    world.things["unpaid_seat"] = services.book_seat(_seat(free[1], customer), by=SYSTEM, at=at)
    services.wish_for_seat(free[2], customer, at=at)

    package = _course(teacher, attributes={"package_sessions": 5}, deposit_percent=30)
    chosen = [_open(world, package, hour + (9 + number) * DAY) for number in range(6)]
    world.things["package"], world.things["package_session"] = package, chosen[-1]
    seats = [_seat(session, customer) for session in chosen[:5]]
    world.things["packed_seat"], *_others = services.book_package(seats, by=SYSTEM, at=at)


def _course(teacher: Realtor, **fields: object) -> Listing:
    return ListingFactory(
        course=True,
        realtor=teacher,
        store=teacher.store,
        title=hostile.NAME[:100],
        description=hostile.NOTE * 3,
        price=1234567,
        needs_approval=True,
        capacity=2,
        **fields,
    )


def _particulars() -> dict[str, object]:
    return {"age_from": 6, "age_to": 12, "level": "beginner", "bring": hostile.SHORT_NOTE[:100]}


def _open(world: "World", course: Listing, starts_at: object) -> Session:
    return services.open_session(
        course,
        starts_at=starts_at,  # type: ignore[arg-type]
        by=SYSTEM,
        at=world.at,
        override=True,
    )


def _seat(session: Session, customer: User) -> SeatRequest:
    return SeatRequest(
        session=session,
        customer=customer,
        customer_name=customer.display_name,
        customer_phone=str(customer.phone),
        note=hostile.NOTE[:1000],
    )
