"""Visits that are over, and what was said of them."""

from typing import Any

from appointments import services
from appointments.models import Appointment
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor
from reviews.models import Review
from reviews.services import write_review
from tests.appointments import world


def served(realtor: Realtor, start: str = "10:00", **customer: Any) -> Appointment:
    """With this realtor, and done on time."""
    begins = world.clock(start)
    appointment = world.running(realtor.store, begins, realtor=realtor, **customer)
    return services.complete(appointment, by=SYSTEM, at=appointment.ends_at)


def say(appointment: Appointment, rating: int = 5, comment: str = "", **more: Any) -> Review:
    """As whoever booked it."""
    return write_review(
        appointment,
        rating=rating,
        comment=comment,
        **more,
        by=world.owner(appointment),
        at=appointment.ends_at,
    )
