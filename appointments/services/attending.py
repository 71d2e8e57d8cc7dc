"""Who had a seat was there: said of one of them, where ``complete_session`` says it of all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appointments.errors import InvalidTransition
from appointments.models import Appointment, Status
from appointments.permissions import require_provider_or_staff
from appointments.services.pools import lock_pool
from appointments.services.work import complete, start
from booking_site.common.actors import Actor


@transaction.atomic
def complete_seat(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    """Confirmed or in progress → completed, once the session has begun. Raises Forbidden,
    InvalidTransition."""
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    require_provider_or_staff(by, appointment)
    if appointment.starts_at > at:
        raise InvalidTransition(_("It has not begun yet."))
    if appointment.status == Status.CONFIRMED:
        start(appointment, by=by, at=at)
    return complete(appointment, by=by, at=at)
