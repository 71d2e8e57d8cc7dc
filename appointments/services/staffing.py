"""Staff decide who comes, where the rules would not have."""

from datetime import datetime

from appointments.models import Appointment
from booking_site.common.actors import Actor
from realtors.models import Realtor


def reassign(
    appointment: Appointment,
    realtor: Realtor,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    override: bool = False,
) -> Appointment:
    """Give it to this realtor of the store. ``override`` leaves working hours, presence, daily
    maximum and earlier refusals aside; nobody can be promised twice. Raises Forbidden, SlotTaken,
    InvalidTransition, and Invalid with the reason codes of what stands against it."""
    raise NotImplementedError
