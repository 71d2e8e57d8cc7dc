"""What a realtor writes down for themself and the store; customers never read it."""

from datetime import datetime

from django.db import transaction

from appointments.models import Appointment
from appointments.permissions import require_provider_or_staff
from booking_site.common.actors import Actor


@transaction.atomic
def write_note(appointment: Appointment, *, text: str, by: Actor, at: datetime) -> Appointment:
    """Replace the note, whatever the status. Raises Forbidden."""
    require_provider_or_staff(by, appointment)
    appointment.provider_note = text
    appointment.updated_at = at
    appointment.save(update_fields=["provider_note", "updated_at"])
    return appointment
