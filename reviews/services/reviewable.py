"""When something may be said."""

from django.utils.translation import gettext as _

from appointments.errors import InvalidTransition
from appointments.models import Appointment, Status
from booking_site.common.actors import Actor
from realtors.models import Realtor
from reviews.models import Review
from reviews.permissions import require_customer


def require_reviewable(appointment: Appointment, *, by: Actor) -> Realtor:
    """Whom it is about. Call it in line, on the appointment as it was found before. Raises as
    ``write_review``."""
    # What happened while we stood there.
    appointment.refresh_from_db()
    require_customer(by, appointment)
    if appointment.status != Status.COMPLETED or appointment.realtor is None:
        raise InvalidTransition(_("You can say how it was once the appointment is over."))
    if Review.objects.filter(appointment=appointment).exists():
        message = _("You have reviewed this appointment already.")
        raise InvalidTransition(message, errors={"appointment_id": [message]})
    return appointment.realtor
