"""How times read in these lists."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats

from appointments.models import Appointment


def local(instant: datetime | None, appointment: Appointment) -> str:
    """The store's own wall clock, whatever the reader's."""
    return local_in(instant, appointment.store.zone)


def local_in(instant: datetime | None, zone: ZoneInfo) -> str:
    if instant is None:
        return "–"
    return formats.localize(instant.astimezone(zone).replace(tzinfo=None, microsecond=0))
