"""The end of an appointment that will not take place, whoever has decided so."""

from datetime import datetime
from decimal import Decimal

from appointments import claims
from appointments.events import AppointmentCancelled
from appointments.models import Appointment, OfferStatus, Status
from appointments.selectors.sessions import unpaid_of_its_package
from appointments.services.assignment import withdraw_offers
from appointments.services.cancel_requests import overtake
from appointments.transitions import move
from booking_site.common.actors import Actor
from booking_site.common.events import publish

NO_FEE = Decimal(0)


def call_off(
    appointment: Appointment,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    offers: OfferStatus = OfferStatus.WITHDRAWN,
    fee: Decimal = NO_FEE,
) -> None:
    """Move it, take its offers back (as ``offers``) and give its time back; ``fee`` is what it
    costs the customer. What was to be paid in one go with it, and is not, goes with it. For those
    who hold the pool, have checked that it may be, and dispatch afterwards."""
    together = unpaid_of_its_package(appointment)
    _call_off_alone(appointment, by=by, at=at, reason=reason, offers=offers, fee=fee)
    for other in together:
        if other.pk != appointment.pk:
            _call_off_alone(other, by=by, at=at, reason=reason, offers=offers, fee=NO_FEE)


def _call_off_alone(
    appointment: Appointment,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    offers: OfferStatus,
    fee: Decimal,
) -> None:
    move(
        appointment,
        to=Status.CANCELLED,
        by=by,
        at=at,
        reason=reason,
        cancel_reason=reason[:200],
        cancel_fee=fee,
        sequence=appointment.sequence + 1,
    )
    withdraw_offers(appointment, at=at, to=offers)
    overtake(appointment)
    claims.release(appointment)
    publish(AppointmentCancelled(appointment_id=appointment.pk, at=at, reason=reason))
