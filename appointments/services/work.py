"""The appointment itself: starting, finishing, and the customer who did not come."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import claims
from appointments.errors import InvalidTransition
from appointments.events import AppointmentCompleted, AppointmentNoShow, AppointmentStarted
from appointments.models import Appointment, Status
from appointments.permissions import require_provider_or_staff
from appointments.rules import START_EARLY, cell_of
from appointments.services.pools import lock_pool
from appointments.services.queueing import dispatch
from appointments.transitions import move
from booking_site.common.actors import Actor
from booking_site.common.events import publish


@transaction.atomic
def start(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    """Confirmed → in progress, from 15 minutes before the start."""
    _open(appointment, by, at)
    if appointment.status == Status.CONFIRMED and at < appointment.starts_at - START_EARLY:
        raise InvalidTransition(
            _("It can be started from 15 minutes before its time."),
            errors={"start": ["too_early"]},
        )
    move(appointment, to=Status.IN_PROGRESS, by=by, at=at)
    publish(AppointmentStarted(appointment_id=appointment.pk, at=at))
    return appointment


@transaction.atomic
def complete(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    """In progress → completed. What is left of the claimed time is free at once."""
    _open(appointment, by, at)
    move(appointment, to=Status.COMPLETED, by=by, at=at)
    publish(AppointmentCompleted(appointment_id=appointment.pk, at=at))
    _free_the_rest(appointment, at)
    return appointment


@transaction.atomic
def mark_no_show(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    """Confirmed → no-show, not before the start."""
    _open(appointment, by, at)
    if appointment.status == Status.CONFIRMED and at < appointment.starts_at:
        raise InvalidTransition(
            _("Nobody has failed to come before the start."), errors={"no_show": ["too_early"]}
        )
    move(appointment, to=Status.NO_SHOW, by=by, at=at)
    publish(AppointmentNoShow(appointment_id=appointment.pk, at=at))
    _free_the_rest(appointment, at)
    return appointment


def _open(appointment: Appointment, by: Actor, at: datetime) -> None:
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    require_provider_or_staff(by, appointment)


def _free_the_rest(appointment: Appointment, at: datetime) -> None:
    claims.release_from(appointment, cell_of(at))
    dispatch(appointment.store, at=at)
