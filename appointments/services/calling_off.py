"""The end of an appointment that will not take place, whoever has decided so."""

from datetime import datetime

from appointments import claims
from appointments.events import AppointmentCancelled
from appointments.models import Appointment, OfferStatus, Status
from appointments.services.assignment import withdraw_offers
from appointments.transitions import move
from booking_site.common.actors import Actor
from booking_site.common.events import publish


def call_off(
    appointment: Appointment,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    offers: OfferStatus = OfferStatus.WITHDRAWN,
) -> None:
    """Move it, take its offers back (as ``offers``) and give its time back. For those who hold the
    pool, have checked that it may be, and dispatch afterwards."""
    move(
        appointment,
        to=Status.CANCELLED,
        by=by,
        at=at,
        reason=reason,
        cancel_reason=reason[:200],
        sequence=appointment.sequence + 1,
    )
    withdraw_offers(appointment, at=at, to=offers)
    claims.release(appointment)
    publish(AppointmentCancelled(appointment_id=appointment.pk, at=at, reason=reason))
