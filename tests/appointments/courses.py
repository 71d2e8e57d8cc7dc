"""Courses of the engine's tests: Mei teaches piano at Nanjing Road; Fang and Bo want seats."""

from datetime import datetime
from typing import Any

from accounts.models import Child, User
from appointments import services
from appointments.models import Appointment, Claim, Hold, Session
from appointments.services import SeatRequest
from booking_site.common.actors import SYSTEM, Actor
from realtors.models import Listing, Realtor
from stores.models import Store
from tests.appointments.world import NOW, acting, hire
from tests.factories import ListingFactory


def teach(store: Store, name: str = "Mei", *, title: str = "Piano", **fields: Any) -> Listing:
    """A course of this store with its teacher: an hour for 100 yuan, paid in advance, confirmed as
    soon as it is paid."""
    teacher = fields.pop("teacher", None) or hire(store, name)
    fields = {"needs_approval": False, "price": 100, **fields}
    return ListingFactory(course=True, realtor=teacher, store=store, title=title, **fields)


def session_at(course: Listing, starts_at: datetime, **fields: Any) -> Session:
    at = fields.pop("at", NOW)
    return services.open_session(course, starts_at=starts_at, by=SYSTEM, at=at, **fields)


def seat(session: Session, customer: User, **fields: Any) -> SeatRequest:
    return SeatRequest(
        session=session,
        customer=customer,
        customer_name=customer.display_name,
        customer_phone=str(customer.phone or ""),
        **fields,
    )


def take_seat(
    session: Session, customer: User, *, at: datetime = NOW, **fields: Any
) -> Appointment:
    """Booked by the customer, and unpaid where something is due."""
    return services.book_seat(seat(session, customer, **fields), by=Actor.of(customer), at=at)


def paid_seat(
    session: Session, customer: User, *, at: datetime = NOW, **fields: Any
) -> Appointment:
    appointment = take_seat(session, customer, at=at, **fields)
    assert services.note_paid(appointment, at=at)
    return appointment


def take_package(
    sessions: list[Session], customer: User, *, at: datetime = NOW, **fields: Any
) -> list[Appointment]:
    wanted = [seat(session, customer, **fields) for session in sessions]
    return services.book_package(wanted, by=Actor.of(customer), at=at)


def lock(session: Session, customer: User, *, at: datetime = NOW) -> Hold:
    return services.lock_seat(session, by=Actor.of(customer), at=at)


def child_of(parent: User, name: str) -> Child:
    return Child.objects.create(parent=parent, name=name)


def teacher_of(course: Listing) -> Realtor:
    assert course.realtor is not None
    return course.realtor


def teaching(course: Listing) -> Actor:
    return acting(teacher_of(course))


def seat_claims(session: Session) -> int:
    return Claim.objects.seats([session.pk]).count()
