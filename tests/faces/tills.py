"""Places that the customer of the full world pays for: now, and some time ago."""

from datetime import timedelta
from typing import TYPE_CHECKING

from appointments import services as appointments
from appointments.models import Appointment
from appointments.services import SeatRequest
from booking_site.common.actors import SYSTEM, Actor
from payments import services
from payments.gateways import Way, sandbox
from payments.models import ChargeState, Payment, SandboxCharge
from tests.factories import ListingFactory

from . import hostile

if TYPE_CHECKING:
    from .worlds import World

DAY = timedelta(days=1)
WAY = Way(return_url="http://testserver/", notify_url="http://testserver/")


def pay(world: "World") -> None:
    course = ListingFactory(
        course=True,
        realtor=world.realtor,
        store=world.store,
        title=hostile.NAME[:100],
        price=1234567,
        deposit_percent=30,
        needs_approval=False,
        fee_steps=[[2880, 30], [1440, 50]],
    )
    world.things["to_pay"] = _seat(world, course, 40)
    world.things["going"] = _opened(world, _seat(world, course, 41))
    world.things["till"] = _opened(world, _seat(world, course, 42))
    paid = _seat(world, course, 43)
    payment = _opened(world, paid)
    sandbox.press(SandboxCharge.objects.get(number=payment.number), ChargeState.PAID)
    services.apply_state(payment, sandbox.Sandbox().look_up(payment), at=world.at)
    world.things["paid"] = paid


def _seat(world: "World", course: object, days: int) -> Appointment:
    """With time to pay until tomorrow, so that no slow test finds it over."""
    customer, at = world.people["customer"], world.at
    starts = at.replace(minute=0, second=0, microsecond=0) + days * DAY
    session = appointments.open_session(
        course,  # type: ignore[arg-type]
        starts_at=starts,
        by=SYSTEM,
        at=at,
        override=True,
    )
    wish = SeatRequest(
        session=session,
        customer=customer,
        customer_name=customer.display_name,
        customer_phone=str(customer.phone),
    )
    seat = appointments.book_seat(wish, by=SYSTEM, at=at)
    Appointment.objects.filter(pk=seat.pk).update(pay_before=at + DAY)
    seat.refresh_from_db()
    return seat


def _opened(world: "World", seat: Appointment) -> Payment:
    by = Actor.of(world.people["customer"])
    payment, _is_new = services.open_payment(seat, gateway="sandbox", by=by, at=world.at)
    services.visit(payment, WAY, at=world.at)
    payment.refresh_from_db()
    return payment
