"""What happens in these tests, as a request would have it happen: each in one transaction."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from appointments import services
from appointments.models import Appointment
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.transactions import run_in_transaction
from notifications.services import Happening, stream
from stores.models import Store
from tests.appointments import world


def soon(hours: int = 0) -> datetime:
    """Ten o'clock of the day after tomorrow by the store's clock, or later."""
    day = (timezone.now() + timedelta(days=2)).date()
    return world.clock("10:00", day) + timedelta(hours=hours)


def booked(store: Store, customer: User | None, *, hours: int = 0, **more: Any) -> Appointment:
    at = timezone.now()
    return run_in_transaction(
        lambda: world.book(store, soon(hours), customer=customer, at=at, **more)
    )


def accepted(appointment: Appointment) -> Appointment:
    by = Actor.of(appointment.realtor.user)  # type: ignore[union-attr]
    return run_in_transaction(lambda: services.accept(appointment, by=by, at=timezone.now()))


def cancelled(appointment: Appointment, by: Actor = SYSTEM) -> Appointment:
    return run_in_transaction(lambda: services.cancel(appointment, by=by, at=timezone.now()))


def moved(appointment: Appointment, *, hours: int, by: Actor) -> Appointment:
    return run_in_transaction(
        lambda: services.reschedule(appointment, starts_at=soon(hours), by=by, at=timezone.now())
    )


def told(user: User, count: int = 1, *, size: int = 10) -> None:
    """So many events in one transaction, of no meaning but with the shape of one."""
    at = timezone.now()

    def write() -> None:
        for number in range(count):
            data = {
                "appointment_code": None,
                "queue_position": number,
                "estimated_wait_minutes": size,
            }
            stream(Happening(user.pk, "queue-updated", {"data": data}, at))

    run_in_transaction(write)
