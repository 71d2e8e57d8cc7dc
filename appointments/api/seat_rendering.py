"""From booked seats to what the API answers with."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from appointments.api.seat_shapes import SeatShape, SeatsOfPackageShape
from appointments.models import Appointment
from stores.models import Store


def seats_answer(rows: Iterable[Appointment], user: User) -> list[dict[str, Any]]:
    """As this caller sees them. One query more for staff, else none but what the rows lack."""
    seats = list(rows)
    managed: set[int] = set()
    if seats and user.is_staff:
        managed = set(Store.objects.managed_by(user).values_list("pk", flat=True))
    run = {one.pk for one in seats if one.store_id in managed or _teaches(user, one)}
    return list(SeatShape(seats, many=True, context={"run": run}).data)


def seat_answer(seat: Appointment, user: User) -> dict[str, Any]:
    return seats_answer([seat], user)[0]


def package_answer(seats: list[Appointment], user: User) -> dict[str, Any]:
    first = seats[0]
    bounds = [one.pay_before for one in seats if one.pay_before is not None]
    package: dict[str, Any] = {
        "packageId": first.package_id,
        "bookings": [],
        "finalPrice": sum(one.final_price for one in seats),
        "dueNow": sum(one.due_now for one in seats if one.awaits_payment),
        "currency": first.currency,
        "payBefore": min(bounds).astimezone(first.store.zone) if bounds else None,
    }
    return {**SeatsOfPackageShape(package).data, "bookings": seats_answer(seats, user)}


def _teaches(user: User, seat: Appointment) -> bool:
    return seat.realtor is not None and seat.realtor.user_id == user.pk
