"""Staff decide who comes, where the rules would not have."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import claims, errors
from appointments.events import AppointmentUnassigned
from appointments.models import Action, Appointment, Status
from appointments.models.appointment import UPCOMING
from appointments.permissions import is_staff
from appointments.selectors.candidates import Rejected, candidates, job_of, rejection
from appointments.selectors.pictures import availability
from appointments.services.assignment import (
    assign,
    claim_realtor,
    refused_by,
    standings_for,
    withdraw_offers,
)
from appointments.services.moving_seats import keep_the_fee_down
from appointments.services.pools import lock_pool
from appointments.services.queueing import dispatch
from appointments.transitions import write_log
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Invalid, NotFound
from booking_site.common.events import publish
from realtors.models import Realtor

# Percent of the price.
NOTHING_KEPT = 0


@transaction.atomic
def reassign(
    appointment: Appointment,
    realtor: Realtor,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    override: bool = False,
) -> Appointment:
    """Give it to this realtor of the store. What was confirmed stays so, with the new one; what was
    not is put before them.

    ``override`` leaves skills, working hours, presence, daily maximum and earlier refusals aside;
    nobody can be promised twice. Raises Forbidden, NotFound, SlotTaken, InvalidTransition, and
    Invalid with the code of what stands against it in ``errors["rejected"]``.
    """
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    if not is_staff(by, appointment.store):
        raise Forbidden
    if appointment.status not in UPCOMING:
        raise errors.InvalidTransition(errors={"status": [appointment.status]})
    _require_own_time(appointment)
    if not reason.strip():
        raise Invalid(errors={"reason": [_("Please say why; the customer is told.")]})
    day = (at if appointment.live else appointment.starts_at).astimezone(appointment.store.zone)
    picture = availability(appointment.store, day.date(), day.date(), at=at)
    picture = picture.of(appointment.listing).towards(appointment.destination)
    if realtor.pk not in picture.working or realtor.pk == appointment.realtor_id:
        raise NotFound(errors={"realtor_id": [str(NotFound.message)]})
    job = job_of(appointment, at=at, excluded=refused_by(appointment))
    standing = standings_for([appointment], picture, at=at)
    why_not = rejection(realtor, job, picture, standing, at=at)
    if why_not == Rejected.BUSY:
        raise errors.SlotTaken
    if why_not is not None and not override:
        message = _("The rules speak against it. Override them if you know better.")
        raise Invalid(message, errors={"rejected": [str(why_not)]})
    before = _take_from(appointment, at)
    if not claim_realtor(appointment, realtor, picture, job.period, at=at):
        raise errors.SlotTaken
    # What is somebody's own has no line: whoever does it instead is not replaced by a rule either.
    appointment.realtor_named = _has_its_own(appointment)
    if appointment.is_order and appointment.status == Status.CONFIRMED:
        # Somebody else comes than they ordered: to want out costs them nothing.
        keep_the_fee_down(appointment, NOTHING_KEPT)
    appointment.sequence += 1
    appointment.save(update_fields=["realtor_named", "sequence", "policy"])
    details = {"realtor_id": realtor.pk, "before": before, "override": str(why_not or "")}
    write_log(appointment, Action.REASSIGNED, by=by, at=at, reason=reason, details=details)
    if before is not None:
        announced = appointment.status == Status.CONFIRMED
        publish(
            AppointmentUnassigned(
                appointment_id=appointment.pk,
                at=at,
                realtor_id=before,
                reason=reason,
                announced=announced,
            )
        )
    assign(appointment, realtor, picture, at=at, score={"staff": True})
    dispatch(appointment.store, at=at)
    return appointment


@transaction.atomic
def reassign_to_best(
    appointment: Appointment, *, by: Actor, at: datetime, reason: str
) -> Appointment:
    """Give it to whoever the allocation would ask first, leaving out who has it now. Raises what
    ``reassign`` raises; SlotTaken when nobody else can come."""
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    _require_own_time(appointment)
    if _has_its_own(appointment):
        told = _("This house has its own host. Choose yourself who is to show it instead.")
        if appointment.is_order:
            told = _("This service has its own provider. Choose yourself who is to come instead.")
        raise errors.InvalidTransition(told, errors={"realtor_id": ["host"]})
    for realtor in _others_who_can_come(appointment, at):
        try:
            return reassign(appointment, realtor, by=by, at=at, reason=reason)
        except errors.SlotTaken:
            continue
    if appointment.status not in UPCOMING:
        raise errors.InvalidTransition(errors={"status": [appointment.status]})
    raise errors.SlotTaken(errors={"next_free_starts": []})


def _require_own_time(appointment: Appointment) -> None:
    if appointment.is_stay:
        raise errors.InvalidTransition(
            _("A stay is in its sitter's place. Cancel it, or move it to other dates."),
            errors={"realtor_id": ["stay"]},
        )
    if appointment.is_seat:
        raise errors.InvalidTransition(
            _("A seat stays with its session's teacher. Move it to another session instead."),
            errors={"realtor_id": ["seat"]},
        )


def _has_its_own(appointment: Appointment) -> bool:
    """A house with its host, or a service with its provider."""
    listing = appointment.listing
    taken = appointment.is_viewing or appointment.is_order
    return taken and listing is not None and listing.realtor_id is not None


def _others_who_can_come(appointment: Appointment, at: datetime) -> list[Realtor]:
    """The best first."""
    if appointment.status not in UPCOMING:
        return []
    day = (at if appointment.live else appointment.starts_at).astimezone(appointment.store.zone)
    picture = availability(appointment.store, day.date(), day.date(), at=at)
    picture = picture.of(appointment.listing).towards(appointment.destination)
    job = job_of(appointment, at=at, excluded=refused_by(appointment))
    found = candidates(job, picture, standings_for([appointment], picture, at=at), at=at)
    return [
        one.realtor
        for one in found
        if one.rejected is None and one.realtor.pk != appointment.realtor_id
    ]


def _take_from(appointment: Appointment, at: datetime) -> int | None:
    """Whose it was; their time is given back."""
    before = appointment.realtor_id
    if before is not None:
        withdraw_offers(appointment, at=at)
        claims.release_realtor(appointment, before)
    return before
