"""Calling it off."""

from datetime import datetime, timedelta

from django.db import transaction

from appointments import errors
from appointments.models import Appointment, Status
from appointments.permissions import bound_by_cutoff, require_party
from appointments.services.calling_off import call_off
from appointments.services.pools import lock_pool
from appointments.services.queueing import dispatch
from appointments.transitions import ALLOWED
from booking_site.common.actors import Actor


@transaction.atomic
def cancel(appointment: Appointment, *, by: Actor, at: datetime, reason: str = "") -> Appointment:
    """Either side may call it off; the customer until the cutoff they booked under.

    Gives the time back and serves whoever waits for it. Raises ProofRequired, Forbidden,
    CancelTooLate, InvalidTransition.
    """
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    require_party(by, appointment)
    if Status.CANCELLED in ALLOWED[appointment.status] and bound_by_cutoff(by, appointment):
        require_before_cutoff(appointment, "cancel_cutoff_minutes", at)
    cancel_now(appointment, by=by, at=at, reason=reason)
    return appointment


def cancel_now(appointment: Appointment, *, by: Actor, at: datetime, reason: str) -> None:
    """Call it off and serve whoever waits for the time, for those who have checked that it may be;
    pool locked."""
    call_off(appointment, by=by, at=at, reason=reason)
    dispatch(appointment.store, at=at)


def require_before_cutoff(appointment: Appointment, cutoff: str, at: datetime) -> None:
    if appointment.live:
        # Whoever waits may go at any time; what has begun cannot be cancelled anyway.
        return
    minutes = int(appointment.policy.get(cutoff, 0))
    if at >= appointment.starts_at - timedelta(minutes=minutes):
        raise errors.CancelTooLate
