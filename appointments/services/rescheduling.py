"""Moving an appointment to another start: own claims go and new ones come, or nothing changes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import claims
from appointments.errors import InvalidTransition, TooFarAhead, TooSoon
from appointments.events import AppointmentRescheduled, AppointmentUnassigned
from appointments.models import Action, Appointment
from appointments.models.appointment import UPCOMING, Status
from appointments.permissions import bound_by_cutoff, is_customer, require_customer_or_staff
from appointments.selectors.availability import Availability
from appointments.selectors.candidates import candidates, job_of
from appointments.selectors.costs import percent_by_policy
from appointments.selectors.finding import FIRST_DATE, LAST_DATE
from appointments.services.assignment import (
    BUFFERS,
    assign,
    claim_realtor,
    refused_by,
    standings_for,
    withdraw_offers,
)
from appointments.services.booking import claim_customer, claim_house, slot_taken
from appointments.services.cancel_requests import pending_request
from appointments.services.cancelling import require_before_cutoff
from appointments.services.moving_seats import (
    keep_the_fee,
    keep_the_fee_down,
    move_seat_to_start,
)
from appointments.services.paying import settle_payments
from appointments.services.pools import lock_pool
from appointments.services.queueing import dispatch, let_go_of_own_holds, settle
from appointments.services.starts import checked_start
from appointments.services.stays import move_stay
from appointments.transitions import write_log
from booking_site.common.actors import Actor
from booking_site.common.events import publish
from booking_site.common.periods import Period
from realtors.models import Realtor


@transaction.atomic
def reschedule(
    appointment: Appointment, *, starts_at: datetime, by: Actor, at: datetime, reason: str = ""
) -> Appointment:
    """Move to another start with the same realtor if free, else another (never a named one).

    Keeps code and age; what was confirmed stays so. A seat moves to the session of its course that
    begins then, with the refusals of ``move_seat``; a stay to as many nights from that date on,
    with those of ``move_stay``. Else raises those of ``checked_start``, SlotTaken,
    CustomerConflict, CancelTooLate, InvalidTransition, ProofRequired, Forbidden.
    """
    lock_pool(appointment.store_id, at=at)
    if appointment.is_seat:
        return move_seat_to_start(appointment, starts_at, by=by, at=at, reason=reason)
    if appointment.is_stay:
        # Near the edges of the calendar no other clock can be read.
        if starts_at.date() < FIRST_DATE:
            raise TooSoon
        if starts_at.date() > LAST_DATE:
            raise TooFarAhead
        check_in = starts_at.astimezone(appointment.store.zone).date()
        return move_stay(appointment, check_in, by=by, at=at, reason=reason)
    # May give this very appointment to somebody, if it waits: look at it afterwards.
    settle(appointment.store, at=at)
    settle_payments(appointment.store, at=at)
    appointment.refresh_from_db()
    require_customer_or_staff(by, appointment)
    if appointment.status not in UPCOMING:
        raise InvalidTransition(errors={"status": [appointment.status]})
    if appointment.live:
        raise InvalidTransition(
            _("A place in the live line has no time to move. Leave the line and book a time."),
            errors={"reschedule": ["live"]},
        )
    _require_nothing_pending(appointment)
    if bound_by_cutoff(by, appointment):
        require_before_cutoff(appointment, "reschedule_cutoff_minutes", at)
    if by.user is not None and by.user_id == appointment.user_id:
        let_go_of_own_holds(by.user, appointment.store, at=at)
        appointment.refresh_from_db()
    if appointment.is_order:
        _keep_what_it_costs(appointment, by, at)
    previous = appointment.starts_at
    claims.release(appointment)
    picture, period = checked_start(
        appointment.store,
        starts_at=starts_at,
        duration_minutes=appointment.duration_minutes,
        at=at,
        listing=appointment.listing,
    )
    picture = picture.towards(appointment.destination)
    _place(appointment, picture, period, at)
    details = {"from": previous.isoformat(), "to": period.start.isoformat()}
    write_log(appointment, Action.RESCHEDULED, by=by, at=at, reason=reason, details=details)
    publish(AppointmentRescheduled(appointment_id=appointment.pk, at=at, previous_start=previous))
    dispatch(appointment.store, at=at)
    return appointment


def _keep_what_it_costs(appointment: Appointment, by: Actor, at: datetime) -> None:
    """Moving an order changes nothing of what calling it off costs: not for less when its customer
    moves it, and not for more when anybody else does."""
    if bound_by_cutoff(by, appointment):
        keep_the_fee(appointment, at)
    elif not is_customer(by, appointment):
        keep_the_fee_down(appointment, percent_by_policy(appointment, at))


def _require_nothing_pending(appointment: Appointment) -> None:
    """What calling an order off costs was said when it was asked for: by its start of then."""
    if appointment.is_order and pending_request(appointment) is not None:
        raise InvalidTransition(
            _("One side wants to call it off. Please settle that first."),
            errors={"reschedule": ["cancel_request"]},
        )


def _place(appointment: Appointment, picture: Availability, period: Period, at: datetime) -> None:
    before, previous = appointment.realtor, appointment.starts_at
    if before is not None:
        # Its claims are gone from the picture; its place in a full day goes too.
        picture.forget(before, appointment.starts_at)
    appointment.starts_at, appointment.ends_at = period.start, period.end
    appointment.sequence += 1
    appointment.updated_at = at
    # Whoever was here came for the other time.
    appointment.arrived_at = None
    changed = ["starts_at", "ends_at", "sequence", "updated_at", "arrived_at", "policy"]
    appointment.save(update_fields=changed)
    claim_customer(appointment, at=at)
    claim_house(appointment, at=at)
    chosen = _choose(appointment, picture, period, at)
    if chosen == before and appointment.status == Status.CONFIRMED:
        appointment.save(update_fields=BUFFERS)
        return
    withdraw_offers(appointment, at=at)
    if before is not None and before != chosen:
        publish(
            AppointmentUnassigned(
                appointment_id=appointment.pk,
                at=at,
                realtor_id=before.pk,
                previous_start=previous,
            )
        )
    assign(appointment, chosen, picture, at=at, score={"rescheduled": True})


def _choose(
    appointment: Appointment, picture: Availability, period: Period, at: datetime
) -> Realtor:
    """Claim the present realtor if they are free then, else the best other."""
    present = appointment.realtor_id
    named = present if appointment.realtor_named else None
    job = job_of(appointment, at=at, only=named, excluded=refused_by(appointment))
    standing = standings_for([appointment], picture, at=at)
    found = candidates(job, picture, standing, at=at)
    free = [one.realtor for one in found if one.rejected is None]
    free.sort(key=lambda realtor: realtor.pk != present)
    for realtor in free:
        if claim_realtor(appointment, realtor, picture, period, at=at):
            return realtor
    raise slot_taken(appointment.store, period, at, realtor_id=named, listing=appointment.listing)
