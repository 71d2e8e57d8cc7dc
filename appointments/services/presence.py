"""What presence means for appointments."""

from datetime import datetime

from appointments.models import Appointment
from appointments.permissions import is_provider
from appointments.services.passing_on import hand_back_live, hand_back_soon, time_out_offers
from appointments.services.pools import lock_pool
from appointments.services.queueing import dispatch
from booking_site.common.actors import Actor
from realtors.models import Presence, Realtor
from realtors.services import note_action


def saw_realtor(appointment: Appointment, *, by: Actor, at: datetime) -> bool:
    """Whoever answers, starts or finishes something is there. True when they had been away
    or silent, so that somebody may wait for them."""
    if appointment.realtor_id is None or not is_provider(by, appointment):
        return False
    return note_action(appointment.realtor_id, at=at)


def follow_presence(realtor: Realtor, *, at: datetime) -> None:
    """Who is there again is given who waits; who has gone hands on what has not begun."""
    lock_pool(realtor.store_id, at=at)
    # What was not answered in time is that, whatever its realtor does now.
    back = time_out_offers(realtor.store, at=at)
    if realtor.presence == Presence.OFFLINE:
        back |= hand_back_soon(realtor, at=at) | hand_back_live(realtor, at=at)
    dispatch(realtor.store, at=at, also=back)
