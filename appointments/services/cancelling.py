"""Calling it off."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from appointments import errors
from appointments.models import Appointment, Status
from appointments.permissions import bound_by_cutoff, decides_on, require_party
from appointments.selectors.costs import cost_of_cancelling
from appointments.services.calling_off import NO_FEE, call_off
from appointments.services.pools import lock_pool
from appointments.services.queueing import dispatch
from appointments.services.seat_wishes import tell_wishers_of
from appointments.transitions import may_become
from booking_site.common.actors import Actor, ActorKind

# Of an order: the provider has said yes, so that both sides are bound.
BINDING = (Status.CONFIRMED, Status.IN_PROGRESS)


@transaction.atomic
def cancel(appointment: Appointment, *, by: Actor, at: datetime, reason: str = "") -> Appointment:
    """Either side may call it off; the customer until the cutoff they booked under, and for the fee
    of that policy.

    Gives the time back and serves whoever waits for it. Raises ProofRequired, Forbidden,
    CancelTooLate, InvalidTransition; NeedsAgreement for a confirmed order, which one side does not
    call off (see agreeing).
    """
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    require_party(by, appointment)
    if appointment.status in BINDING and appointment.is_order and not _may_alone(by, appointment):
        raise errors.NeedsAgreement
    fee = NO_FEE
    if may_become(appointment, Status.CANCELLED) and bound_by_cutoff(by, appointment):
        if not _binds_nobody(appointment):
            require_before_cutoff(appointment, "cancel_cutoff_minutes", at)
        fee = cost_of_cancelling(appointment, at).amount
    cancel_now(appointment, by=by, at=at, reason=reason, fee=fee)
    return appointment


def cancel_now(
    appointment: Appointment, *, by: Actor, at: datetime, reason: str, fee: Decimal = NO_FEE
) -> None:
    """Call it off and serve whoever waits for the time, for those who have checked that it may be;
    pool locked."""
    call_off(appointment, by=by, at=at, reason=reason, fee=fee)
    tell_wishers_of(appointment, at=at)
    dispatch(appointment.store, at=at)


def require_before_cutoff(appointment: Appointment, cutoff: str, at: datetime) -> None:
    if not is_before_cutoff(appointment, cutoff, at):
        raise errors.CancelTooLate


def is_before_cutoff(appointment: Appointment, cutoff: str, at: datetime) -> bool:
    """``cutoff`` is ``cancel_cutoff_minutes`` or ``reschedule_cutoff_minutes``."""
    if appointment.live:
        # Whoever waits may go at any time; what has begun cannot be cancelled anyway.
        return True
    minutes = int(appointment.policy.get(cutoff, 0))
    return at < appointment.starts_at - timedelta(minutes=minutes)


def _binds_nobody(appointment: Appointment) -> bool:
    """Not paid yet, or an order to which its provider has not said yes."""
    return appointment.awaits_payment or appointment.is_order


def _may_alone(by: Actor, appointment: Appointment) -> bool:
    """Who stands above both sides."""
    return by.kind == ActorKind.SYSTEM or decides_on(by, appointment)
