"""How times read in these lists."""

from datetime import datetime

from django.utils import formats

from appointments.models import Appointment


def local(instant: datetime | None, appointment: Appointment) -> str:
    """The store's own wall clock, whatever the reader's."""
    if instant is None:
        return "–"
    zone = appointment.store.zone
    return formats.localize(instant.astimezone(zone).replace(tzinfo=None, microsecond=0))
