"""Seats of the demo: booked, paid at the sandbox, called off, by the services everybody uses."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from accounts.models import Child, User
from appointments import services
from appointments.models import Appointment, Session, Status
from appointments.models.appointment import LIVE
from appointments.services import SeatRequest
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from realtors.models import Listing

from .listings import PIANO, DemoListing
from .offering import Courses
from .paying import pay, send_back
from .seats import AHEAD, BEHIND, WAITING, Goal, Seat
from .teaching import close_what_is_over, open_one, starts_of
from .wishes import MAILBOX

LOOKED_BACK = 10
BOOKED_BEFORE = timedelta(days=2)
MINUTE = timedelta(minutes=1)
# From the booking to the refund of what is called off: nothing of it happens after now.
TAKES = 4 * MINUTE


@dataclass(frozen=True)
class Class:
    """``pupils`` by number, the demo's customer among them."""

    courses: Courses
    pupils: dict[int, User]
    operator: Actor
    at: datetime


def remember_classes(group: Class) -> None:
    """Once: sessions of the days before, and who was there."""
    if _marks().total():
        return
    held: dict[tuple[DemoListing, int], Session | None] = {}
    for seat in BEHIND:
        course = group.courses.get(seat.course)
        if course is None:
            continue
        key = (seat.course, seat.nth)
        if key not in held:
            held[key] = _held(seat, course, group)
        session = held[key]
        if session is not None:
            _book(seat, [session], group, at=session.starts_at - BOOKED_BEFORE)
    close_what_is_over(group.courses, by=group.operator, at=group.at)


def _held(seat: Seat, course: Listing, group: Class) -> Session | None:
    """Opened long before it took place, so many sessions ago."""
    first = group.at - timedelta(days=LOOKED_BACK)
    planned = starts_of(seat.course, course, first=first, days=LOOKED_BACK)
    starts = [one for one in planned if one < group.at - timedelta(hours=4)]
    if len(starts) < -seat.nth:
        return None
    opened_at = group.at - timedelta(days=LOOKED_BACK + 5)
    return open_one(course, starts[seat.nth], by=group.operator, at=opened_at)


def fill_classes(group: Class) -> int:
    """Book what nobody has booked; returns how many bookings were made. Two queries where all
    is."""
    counts, ahead = _marks(), _ahead(group.at)
    wanted = [seat for seat in AHEAD if seat.mark not in ahead and counts[seat.mark] < seat.most]
    if not wanted:
        return 0
    coming = _coming(group)
    made = 0
    for seat in wanted:
        course = group.courses.get(seat.course)
        sessions = coming.get(course.pk, []) if course else []
        together = course.package_sessions if course else 1
        some = sessions[seat.nth : seat.nth + together]
        if len(some) == together:
            made += len(_book(seat, some, group, at=group.at - TAKES))
    _wish(group, coming)
    return made


def _marks() -> Counter[str]:
    ours = Appointment.objects.filter(
        customer_email__startswith="seat", customer_email__endswith=f"@{MAILBOX}"
    )
    return Counter(ours.order_by().values_list("customer_email", flat=True))


def _ahead(at: datetime) -> set[str]:
    ours = Appointment.objects.filter(
        customer_email__startswith="seat", status__in=LIVE, starts_at__gt=at
    )
    return set(ours.order_by().values_list("customer_email", flat=True))


def _coming(group: Class) -> dict[int, list[Session]]:
    """By course, from tomorrow on: nobody books at the last moment."""
    rows = Session.objects.bookable(group.at + timedelta(hours=12)).filter(
        listing__in=group.courses.values()
    )
    coming: dict[int, list[Session]] = {}
    for session in rows.select_related("listing", "store", "realtor").order_by("starts_at", "pk"):
        coming.setdefault(session.listing_id, []).append(session)
    return coming


def _book(
    seat: Seat, sessions: Sequence[Session], group: Class, *, at: datetime
) -> list[Appointment]:
    """A refusal (somebody took the seat, or the child has something else then) is no mishap."""
    customer = group.pupils[seat.pupil]
    by = Actor.of(customer)
    requests = [_request(seat, session, customer) for session in sessions]
    try:
        if len(requests) > 1:
            booking = partial(services.book_package, requests, by=by, at=at)
            booked = run_in_transaction(booking)
        else:
            booked = [run_in_transaction(partial(services.book_seat, requests[0], by=by, at=at))]
        if seat.goal != Goal.UNPAID and booked[0].awaits_payment:
            pay(booked[0], by=by, at=at + MINUTE)
        if seat.goal == Goal.CANCELLED:
            _call_off(booked[0], by, at=at + 3 * MINUTE)
    except Refusal:
        return []
    return booked


def _request(seat: Seat, session: Session, customer: User) -> SeatRequest:
    child = Child.objects.filter(parent=customer, name=seat.child).first() if seat.child else None
    return SeatRequest(
        session=session,
        customer=customer,
        customer_name=customer.display_name,
        customer_phone=str(customer.phone or ""),
        email=seat.mark,
        child=child,
        note=seat.note,
    )


def _call_off(appointment: Appointment, by: Actor, *, at: datetime) -> None:
    appointment.refresh_from_db()
    if appointment.status in (Status.PENDING, Status.CONFIRMED):
        reason = "那天要出差"
        run_in_transaction(partial(services.cancel, appointment, by=by, at=at, reason=reason))
        send_back(at=at + MINUTE)


def _wish(group: Class, coming: dict[int, list[Session]]) -> None:
    course = group.courses.get(PIANO)
    full = coming.get(course.pk, [])[:1] if course else []
    for session in full:
        wish = partial(services.wish_for_seat, session, group.pupils[WAITING], at=group.at)
        with suppress(Refusal):
            run_in_transaction(wish)
