"""The customer is there: seen at the desk, or by the realtor."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appointments.errors import InvalidTransition
from appointments.models import Action, Appointment
from appointments.models.appointment import UPCOMING
from appointments.permissions import require_provider_or_staff
from appointments.rules import is_its_day
from appointments.services.pools import lock_pool
from appointments.transitions import write_log
from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid


@transaction.atomic
def check_in(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    """Note that they are there; the status stays. A second time changes nothing.

    Raises Forbidden, InvalidTransition once the work has begun or it is over, and Invalid on a day
    that is not theirs.
    """
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    require_provider_or_staff(by, appointment)
    if appointment.arrived_at is not None:
        return appointment
    if appointment.status not in UPCOMING:
        raise InvalidTransition(errors={"status": [appointment.status]})
    if not appointment.live and not is_its_day(appointment.starts_at, at, appointment.store.zone):
        raise Invalid(_("This appointment is for another day."), errors={"arrived": ["other_day"]})
    appointment.arrived_at = at
    appointment.updated_at = at
    appointment.save(update_fields=["arrived_at", "updated_at"])
    write_log(appointment, Action.ARRIVED, by=by, at=at)
    return appointment
