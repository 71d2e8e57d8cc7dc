"""The realtor's answer to an appointment put before them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import errors
from appointments.events import AppointmentConfirmed
from appointments.models import Appointment, Offer, OfferStatus, Status
from appointments.permissions import is_staff, require_provider_or_staff
from appointments.services.assignment import close_offer
from appointments.services.ordering import on_confirming
from appointments.services.passing_on import refuse
from appointments.services.pools import lock_pool
from appointments.services.presence import saw_realtor
from appointments.services.queueing import dispatch
from appointments.transitions import move
from booking_site.common.actors import Actor
from booking_site.common.events import publish
from realtors.models import Realtor


@transaction.atomic
def accept(
    appointment: Appointment, *, by: Actor, at: datetime, realtor: Realtor | None = None
) -> Appointment:
    """The realtor (or staff for them) takes it. Raises AlreadyTaken when it went to another or the
    time to answer is over, PaymentRequired, InvalidTransition when it is no longer pending."""
    offer = _answerable(appointment, by, realtor, at)
    if appointment.awaits_payment:
        raise errors.PaymentRequired
    _require_in_time(appointment, offer, at)
    if offer is not None:
        close_offer(offer, OfferStatus.ACCEPTED, at=at)
    move(appointment, to=Status.CONFIRMED, by=by, at=at, **on_confirming(appointment))
    publish(AppointmentConfirmed(appointment_id=appointment.pk, at=at))
    if saw_realtor(appointment, by=by, at=at):
        dispatch(appointment.store, at=at)
    return appointment


@transaction.atomic
def decline(
    appointment: Appointment,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    realtor: Realtor | None = None,
) -> Appointment:
    """The realtor says no: the next best gets it at its kept age; nobody asks the refuser again.

    One whom the customer named is never replaced: the appointment is cancelled. When everybody has
    refused, it stands at the head of its line and a person is asked to help.
    """
    offer = _answerable(appointment, by, realtor, at)
    if appointment.status != Status.PENDING:
        raise errors.InvalidTransition(errors={"status": [appointment.status]})
    if appointment.awaits_payment:
        # Nobody has been asked yet, so nobody's no would be remembered.
        raise errors.PaymentRequired
    _require_in_time(appointment, offer, at)
    saw_realtor(appointment, by=by, at=at)
    refuse(appointment, offer, as_=OfferStatus.DECLINED, by=by, at=at, reason=reason)
    dispatch(appointment.store, at=at, also={appointment.pk})
    appointment.refresh_from_db()
    return appointment


def _answerable(
    appointment: Appointment, by: Actor, realtor: Realtor | None, at: datetime
) -> Offer | None:
    """The open offer, under the pool's lock, if it is still this realtor's to answer."""
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    own = getattr(by.user, "realtor", None) if by.user else None
    # Who runs the store may answer for others, whatever they said for themselves.
    answering = realtor or (None if is_staff(by, appointment.store) else own)
    if answering is not None and answering.pk != appointment.realtor_id:
        was_asked = Offer.objects.filter(appointment=appointment, realtor=answering).exists()
        if was_asked or realtor is not None:
            raise errors.AlreadyTaken
    require_provider_or_staff(by, appointment)
    if appointment.realtor_id is None:
        raise errors.InvalidTransition(errors={"status": [appointment.status]})
    return Offer.objects.filter(appointment=appointment, status=OfferStatus.OPEN).first()


def _require_in_time(appointment: Appointment, offer: Offer | None, at: datetime) -> None:
    """After its deadline an offer is somebody else's, whether or not the sweep has come by; after
    its start nobody can be asked any more."""
    if appointment.status != Status.PENDING:
        return
    if offer is not None and at >= offer.deadline_at:
        raise errors.AlreadyTaken(_("The time to answer is over; somebody else is asked."))
    if not appointment.live and at >= appointment.starts_at:
        raise errors.InvalidTransition(
            _("Its time has come without an answer."), errors={"answer": ["too_late"]}
        )
