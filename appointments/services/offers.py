"""The realtor's answer to an appointment put before them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import claims, errors
from appointments.events import AppointmentConfirmed, AppointmentUnassigned
from appointments.models import Action, Appointment, Offer, OfferStatus, Status
from appointments.permissions import is_staff, require_provider_or_staff
from appointments.selectors.pictures import availability
from appointments.services.assignment import (
    assign_to_best,
    close_offer,
    period_of,
    refused_by,
)
from appointments.services.cancelling import cancel_now
from appointments.services.pools import lock_pool
from appointments.services.queueing import dispatch
from appointments.transitions import move, write_log
from booking_site.common.actors import Actor
from booking_site.common.events import publish
from realtors.models import Realtor


@transaction.atomic
def accept(
    appointment: Appointment, *, by: Actor, at: datetime, realtor: Realtor | None = None
) -> Appointment:
    """The realtor (or staff for them) takes it. Raises AlreadyTaken when it went to another
    meanwhile, InvalidTransition when it is no longer pending."""
    offer = _answerable(appointment, by, realtor, at)
    _require_in_time(appointment, at)
    if offer is not None:
        close_offer(offer, OfferStatus.ACCEPTED, at=at)
    move(appointment, to=Status.CONFIRMED, by=by, at=at)
    publish(AppointmentConfirmed(appointment_id=appointment.pk, at=at))
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
    _require_in_time(appointment, at)
    if offer is not None:
        close_offer(offer, OfferStatus.DECLINED, at=at, reason=reason)
    if appointment.realtor_named:
        write_log(appointment, Action.DECLINED, by=by, at=at, reason=reason)
        cancel_now(appointment, by=by, at=at, reason=reason)
        return appointment
    refuser = _unassign(appointment, at)
    write_log(
        appointment,
        Action.DECLINED,
        by=by,
        at=at,
        reason=reason,
        details={"realtor_id": refuser},
    )
    publish(AppointmentUnassigned(appointment_id=appointment.pk, at=at, realtor_id=refuser))
    _offer_to_next(appointment, by, at)
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


def _require_in_time(appointment: Appointment, at: datetime) -> None:
    """After its start nobody can be asked any more, and nobody else either."""
    if appointment.status == Status.PENDING and at >= appointment.starts_at:
        raise errors.InvalidTransition(
            _("Its time has come without an answer."), errors={"answer": ["too_late"]}
        )


def _unassign(appointment: Appointment, at: datetime) -> int:
    """Back into its line; the customer's time stays claimed, the realtor's is given back."""
    refuser = appointment.realtor_id
    if refuser is None:
        raise errors.InvalidTransition
    claims.release_realtor(appointment, refuser)
    appointment.realtor = None
    appointment.updated_at = at
    appointment.save(update_fields=["realtor", "updated_at"])
    return refuser


def _offer_to_next(appointment: Appointment, by: Actor, at: datetime) -> None:
    day = appointment.starts_local.date()
    picture = availability(appointment.store, day, day, at=at)
    refused = refused_by(appointment)
    assigned = assign_to_best(appointment, picture, at=at, excluded=refused)
    working = {realtor.pk for realtor in picture.at_work(period_of(appointment))}
    if not assigned and working <= refused:
        appointment.needs_person = True
        appointment.priority = -1
        appointment.save(update_fields=["needs_person", "priority"])
        write_log(appointment, Action.NEEDS_PERSON, by=by, at=at)
    # The refuser's time is free again, for somebody else in line.
    dispatch(appointment.store, at=at)
