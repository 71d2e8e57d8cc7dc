"""A course in the full world: sessions in every state, and as many people in one as fit."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from accounts.models import Child, User
from appointments import services
from appointments.models import Appointment, Session, SessionRule, SkippedSession
from appointments.services import SeatRequest
from booking_site.common.actors import SYSTEM, Actor
from realtors.models import Listing
from tests.factories import ListingFactory, UserFactory

from . import hostile

if TYPE_CHECKING:
    from .worlds import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def teach(world: "World") -> None:
    """Of the realtor who looks at the console, and beside what else they have to do."""
    course = ListingFactory(
        course=True,
        realtor=world.realtor,
        store=world.store,
        title=hostile.NAME[:100],
        description=hostile.NOTE[:500],
        price=199,
        needs_approval=False,
        capacity=30,
    )
    world.things["course"] = course
    hour = world.at.replace(minute=0, second=0, microsecond=0)
    full = _open(course, hour + 6 * DAY, world.at)
    _fill(world, full)
    world.things["session"] = full
    world.things["begun"] = _begun(course, hour, world.at)
    off = _open(course, hour + 6 * DAY + 3 * HOUR, world.at, capacity=500)
    services.call_off_session(off, by=SYSTEM, at=world.at, reason=hostile.SHORT_NOTE)
    shut = _open(course, hour + 6 * DAY + 6 * HOUR, world.at)
    world.things["blocked"] = services.block_session(
        shut, by=SYSTEM, at=world.at, reason=hostile.SHORT_NOTE
    )
    world.things["rule"] = _rule(course, world.at)


def _open(course: Listing, starts_at: datetime, at: datetime, **more: int) -> Session:
    return services.open_session(
        course, starts_at=starts_at, by=SYSTEM, at=at, override=True, **more
    )


def _begun(course: Listing, hour: datetime, at: datetime) -> Session:
    """Yesterday's, which nobody has closed."""
    return _open(course, hour - DAY + 4 * HOUR, at - 3 * DAY)


def _fill(world: "World", session: Session) -> None:
    """Paid, unpaid, for a child, waiting for a yes, and called off."""
    customer = world.people["customer"]
    child = Child.objects.filter(parent=customer).first()
    world.things["seat"] = _paid(_seat(session, customer, world.at, child=child), world.at)
    for number in range(24):
        _seat(session, _pupil(number), world.at)
    gone = _paid(_seat(session, _pupil(50), world.at), world.at)
    services.cancel(gone, by=SYSTEM, at=world.at, reason=hostile.SHORT_NOTE)
    Listing.objects.filter(pk=session.listing_id).update(needs_approval=True)
    world.things["asking"] = _paid(_seat(session, _pupil(60), world.at), world.at)


def _pupil(number: int) -> User:
    return UserFactory(display_name=f"{number}{hostile.NAME}"[:50], phone=f"+86137{number:08d}")


def _seat(session: Session, user: User, at: datetime, *, child: Child | None = None) -> Appointment:
    request = SeatRequest(
        session=session,
        customer=user,
        customer_name=user.display_name,
        customer_phone=str(user.phone),
        child=child,
        note=hostile.NOTE[:1000],
    )
    return services.book_seat(request, by=Actor.of(user), at=at)


def _paid(appointment: Appointment, at: datetime) -> Appointment:
    services.note_paid(appointment, at=at)
    return appointment


def _rule(course: Listing, at: datetime) -> SessionRule:
    """Some of its sessions meet others, and a time off."""
    today = at.astimezone(course.store.zone).date()
    rule = services.add_rule(
        course,
        weekdays=range(7),
        starts=time(3),
        first_date=today + 7 * DAY,
        last_date=today + 20 * DAY,
        by=SYSTEM,
        at=at,
    )
    SkippedSession.objects.get_or_create(
        rule=rule, date=today + 8 * DAY, defaults={"reason": SkippedSession.Reason.CLOSED}
    )
    return rule
