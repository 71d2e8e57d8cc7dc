"""Moving a booked seat to another session of the same course."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import claims, errors
from appointments.events import AppointmentRescheduled
from appointments.models import Action, Appointment, Session, SessionStatus, Status
from appointments.models.appointment import UPCOMING
from appointments.permissions import bound_by_cutoff, require_customer_or_staff
from appointments.selectors.costs import cost_of_cancelling
from appointments.selectors.sessions import bookable_window, policy_of_listing
from appointments.services.assignment import put_before, withdraw_offers
from appointments.services.cancelling import is_before_cutoff, require_before_cutoff
from appointments.services.paying import end_overdue
from appointments.services.pools import lock_pool
from appointments.services.seat_wishes import tell_wishers
from appointments.services.seats import claim_attendee
from appointments.transitions import write_log
from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from booking_site.common.events import publish

# Of whoever may not cancel any more nothing goes back.
WHOLE_PRICE = 100


@transaction.atomic
def move_seat(
    appointment: Appointment, session: Session, *, by: Actor, at: datetime, reason: str = ""
) -> Appointment:
    """Own seat and time go and new ones come, or nothing changes. What was paid stays paid, so the
    other session costs the same; what was confirmed stays so. What cancelling costs by now it costs
    afterwards, too, where its customer moves it; the whole price where they could not cancel.

    Raises SessionNotFound, SeatTaken, SessionUnavailable, AttendeeConflict, CancelTooLate,
    InvalidTransition, Invalid for another price, ProofRequired, Forbidden.
    """
    lock_pool(appointment.store_id, at=at)
    # Before it is looked at: it may be one of those that were not paid in time.
    end_overdue(appointment.store_id, at=at)
    appointment.refresh_from_db()
    require_customer_or_staff(by, appointment)
    if appointment.status not in UPCOMING or not appointment.is_seat:
        raise errors.InvalidTransition(errors={"status": [appointment.status]})
    if bound_by_cutoff(by, appointment):
        require_before_cutoff(appointment, "reschedule_cutoff_minutes", at)
        keep_the_fee(appointment, at)
    session = _wanted(appointment, session, at)
    left, previous = appointment.session_id, appointment.starts_at
    claims.release(appointment)
    _sit_there(appointment, session, at)
    details = {"from": previous.isoformat(), "to": session.starts_at.isoformat()}
    write_log(appointment, Action.RESCHEDULED, by=by, at=at, reason=reason, details=details)
    publish(AppointmentRescheduled(appointment_id=appointment.pk, at=at, previous_start=previous))
    _ask_again(appointment, at)
    tell_wishers([left] if left is not None else [], at=at)
    return appointment


def move_seat_to_start(
    appointment: Appointment, starts_at: datetime, *, by: Actor, at: datetime, reason: str = ""
) -> Appointment:
    """The same, to the session of its course that begins then. Raises SessionNotFound, too."""
    rows = Session.objects.filter(listing=appointment.listing_id, starts_at=starts_at)
    session = rows.exclude(status=SessionStatus.CANCELLED).first()
    if session is None:
        raise errors.SessionNotFound
    return move_seat(appointment, session, by=by, at=at, reason=reason)


def _wanted(appointment: Appointment, session: Session, at: datetime) -> Session:
    """As it is now, if this seat may move there."""
    rows = Session.objects.select_related("listing", "store", "realtor")
    # Of this store's pool, which is the one that is locked.
    found = rows.filter(
        pk=session.pk, listing=appointment.listing_id, store=appointment.store_id
    ).first()
    if found is None or found.pk == appointment.session_id:
        raise errors.SessionNotFound
    if found.status != SessionStatus.OPEN or not bookable_window(
        found, policy_of_listing(found.listing), at
    ):
        raise errors.SessionUnavailable
    if (found.price, found.listing.currency) != (appointment.price, appointment.currency):
        message = _("That session costs differently. Please cancel this one and book the other.")
        raise Invalid(message)
    return found


def keep_the_fee(appointment: Appointment, at: datetime) -> None:
    """Else whoever is too late to cancel for nothing, or to cancel at all, would move it far ahead,
    and then cancel. An order is never too late to be called off, for what that costs."""
    percent = cost_of_cancelling(appointment, at).percent
    is_too_late = not is_before_cutoff(appointment, "cancel_cutoff_minutes", at)
    if is_too_late and not appointment.awaits_payment and not appointment.is_order:
        percent = WHOLE_PRICE
    if percent:
        appointment.policy = {**appointment.policy, "fee_floor": percent}


def keep_the_fee_down(appointment: Appointment, most: int) -> None:
    """What the other side does costs the customer no more than before."""
    if most < int(appointment.policy.get("fee_ceiling", WHOLE_PRICE)):
        appointment.policy = {**appointment.policy, "fee_ceiling": most}


def _sit_there(appointment: Appointment, session: Session, at: datetime) -> None:
    appointment.session = session
    appointment.realtor = session.realtor
    appointment.starts_at, appointment.ends_at = session.starts_at, session.ends_at
    appointment.duration_minutes = session.duration_minutes
    appointment.sequence += 1
    appointment.updated_at = at
    # Whoever was here came for the other time.
    appointment.arrived_at = None
    if appointment.pay_before is not None:
        appointment.pay_before = min(appointment.pay_before, session.starts_at)
    appointment.save(
        update_fields=[
            "session",
            "realtor",
            "starts_at",
            "ends_at",
            "duration_minutes",
            "policy",
            "sequence",
            "updated_at",
            "arrived_at",
            "pay_before",
        ]
    )
    try:
        claims.take_seat(appointment, session, at=at)
    except claims.Refused as error:
        raise errors.SeatTaken from error
    claim_attendee(appointment, at=at)


def _ask_again(appointment: Appointment, at: datetime) -> None:
    """A teacher who has not said yes is asked for the new time."""
    if appointment.status == Status.PENDING and not appointment.awaits_payment:
        withdraw_offers(appointment, at=at)
        put_before(appointment, at=at)
