"""Piano with Mei at Nanjing Road: Fang books a seat, reads English, and pays 100 yuan."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Session
from appointments.services import SeatRequest
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from notifications.models import Notification, Type
from payments.models import ChargeState, Payment
from realtors.models import Listing
from tests.appointments import courses
from tests.appointments.world import NOW, TUESDAY, clock
from tests.payments import money

TEN = clock("10:00", TUESDAY)
FANGS, MEIS = "fang@example.com", "mei@example.com"
LATE = NOW + timedelta(minutes=6)


def booked(session: Session, customer: User, *, at: datetime = NOW, **more: Any) -> Appointment:
    """As the edge has it: what is told of it comes last."""
    request = _request(session, customer, **more)
    by = Actor.of(customer)
    return run_in_transaction(partial(services.book_seat, request, by=by, at=at))


def booked_together(
    sessions: list[Session], customer: User, *, at: datetime = NOW
) -> list[Appointment]:
    requests = [_request(one, customer) for one in sessions]
    by = Actor.of(customer)
    return run_in_transaction(partial(services.book_package, requests, by=by, at=at))


def paid(appointment: Appointment, *, at: datetime = NOW) -> Payment:
    """By the customer, at the sandbox, whose callback comes in."""
    payment = money.pay(money.opened(appointment, at=at), at=at)
    appointment.refresh_from_db()
    return payment


def failed(appointment: Appointment, *, at: datetime = NOW) -> Payment:
    payment = money.opened(appointment, at=at)
    money.sandbox.press(money.charge(payment), ChargeState.FAILED)
    money.hear(payment, "failed", at=at)
    return payment


def weekly(course: Listing, count: int) -> list[Session]:
    return [courses.session_at(course, TEN + timedelta(days=n)) for n in range(count)]


def told(user: User) -> list[str]:
    """The kinds of what they were told on the site, oldest first."""
    rows = Notification.objects.filter(user=user).order_by("u")
    return [Type(row.type).kind for row in rows]


def last_told(user: User) -> Notification:
    return Notification.objects.filter(user=user).latest("u")


def _request(session: Session, customer: User, **more: Any) -> SeatRequest:
    return SeatRequest(
        session=session,
        customer=customer,
        customer_name=customer.display_name,
        customer_phone="+8613800000009",
        **{"email": customer.email or "", "locale": customer.locale} | more,
    )
