"""What a realtor writes down for themself and the store; customers never read it."""

from datetime import datetime

from django.db import transaction

from appointments.models import Appointment
from appointments.permissions import require_provider_or_staff
from appointments.services.pools import lock_pool
from booking_site.common.actors import Actor
from booking_site.common.errors import ChangedMeanwhile


@transaction.atomic
def write_note(
    appointment: Appointment, *, text: str, by: Actor, at: datetime, seen: str | None = None
) -> Appointment:
    """Replace the note, whatever the status. ``seen``: the note that stood there when this one was
    written, so that nobody replaces what they have not read. Raises ChangedMeanwhile, and
    Forbidden, also for a realtor who has had the appointment until a moment ago."""
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    require_provider_or_staff(by, appointment)
    before = appointment.provider_note
    if seen is not None and before not in (seen, text) and seen.split() != before.split():
        raise ChangedMeanwhile
    appointment.provider_note = text
    appointment.updated_at = at
    appointment.save(update_fields=["provider_note", "updated_at"])
    return appointment
