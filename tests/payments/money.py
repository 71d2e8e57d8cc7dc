"""A course that costs 300 yuan, and what becomes of what is paid for it.

Wei teaches at Nanjing Road, which Hua manages. Fang pays. It is eight on a Monday morning.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from appointments import services as appointments
from appointments.models import Appointment, Session
from appointments.services import SeatRequest
from appointments.services.paying import end_unpaid
from booking_site.common.actors import SYSTEM, Actor
from payments import services, timed
from payments.gateways import Way, sandbox
from payments.models import ChargeState, Payment, PaymentShare, Refund, SandboxCharge
from realtors.models import Listing, Realtor
from tests.appointments.world import HOUR, MINUTE, NOW, TUESDAY, clock
from tests.factories import ListingFactory

NINE = clock("09:00", TUESDAY)
WAY = Way(return_url="http://testserver/back", notify_url="http://testserver/callback")
PRICE = Decimal("300.00")


def course(teacher: Realtor, **fields: Any) -> Listing:
    return ListingFactory(
        course=True,
        realtor=teacher,
        title="Salsa",
        **{"price": PRICE, "deposit_percent": 100} | {"needs_approval": False} | fields,
    )


def session(listing: Listing, starts_at: datetime = NINE, **fields: Any) -> Session:
    return appointments.open_session(
        listing, starts_at=starts_at, by=SYSTEM, at=NOW, override=True, **fields
    )


def seat(of: Session, customer: User, *, at: datetime = NOW) -> Appointment:
    return appointments.book_seat(_wish(of, customer), by=Actor.of(customer), at=at)


def package(of: list[Session], customer: User, *, at: datetime = NOW) -> list[Appointment]:
    wishes = [_wish(one, customer) for one in of]
    return appointments.book_package(wishes, by=Actor.of(customer), at=at)


def _wish(of: Session, customer: User) -> SeatRequest:
    return SeatRequest(
        session=of,
        customer=customer,
        customer_name=customer.display_name,
        customer_phone="+8613800000001",
    )


def opened(
    appointment: Appointment, *, gateway: str = "sandbox", at: datetime = NOW, visited: bool = True
) -> Payment:
    """The payment of what is due for it, and, if ``visited``, known to the gateway."""
    assert appointment.user is not None
    by = Actor.of(appointment.user)
    payment, _is_new = services.open_payment(appointment, gateway=gateway, by=by, at=at)
    if visited:
        services.visit(payment, WAY, at=at)
        payment.refresh_from_db()
    return payment


def charge(payment: Payment) -> SandboxCharge:
    return SandboxCharge.objects.get(number=payment.number)


def event(payment: Payment, kind: str, *, at: datetime = NOW) -> tuple[Mapping[str, str], bytes]:
    """A callback of the sandbox as it would be signed then: "paid", "failed", "closed" or
    "refunded"."""
    names = {str(state): name for state, name in sandbox.EVENTS.items()}
    names["refunded"] = sandbox.REFUNDED
    return sandbox.event_of(charge(payment), kind=names[kind], at=at)


def hear(payment: Payment, kind: str, *, at: datetime = NOW) -> None:
    """Such a callback comes in."""
    headers, body = event(payment, kind, at=at)
    services.receive("sandbox", headers, body, at=at)


def pay(payment: Payment, *, at: datetime = NOW, heard: bool = True) -> Payment:
    """The customer presses the sandbox' button; unless ``heard``, its callback is lost."""
    sandbox.press(charge(payment), ChargeState.PAID)
    if heard:
        hear(payment, "paid", at=at)
    payment.refresh_from_db()
    return payment


def paid_seat(of: Session, customer: User, *, at: datetime = NOW) -> Appointment:
    appointment = seat(of, customer, at=at)
    pay(opened(appointment, at=at), at=at)
    appointment.refresh_from_db()
    return appointment


def share_of(appointment: Appointment) -> PaymentShare:
    return PaymentShare.objects.select_related("payment__store").get(appointment=appointment)


def refunds(of: Appointment) -> list[tuple[str, str, Decimal]]:
    """(reason, state, sum) of each."""
    rows = Refund.objects.filter(share__appointment=of).order_by("pk")
    return [(str(one.reason), str(one.status), one.amount) for one in rows]


def sweep(at: datetime) -> None:
    """A round of what is due: unpaid bookings first, then payments."""
    end_unpaid(at=at)
    timed.run_due(at=at)


LATER = timedelta(minutes=6)

__all__ = ["HOUR", "LATER", "MINUTE", "NINE", "NOW", "PRICE", "TUESDAY", "WAY"]
