"""What is asked about orders on every surface."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from appointments.models import (
    Appointment,
    CancelRequest,
    Order,
    PaymentStatus,
    Side,
    Status,
)
from appointments.selectors.costs import cost_of_cancelling

NOTHING = Decimal(0)
# After the work is done, its customer may say so long that it was not right.
COMPLAINTS_FOR = timedelta(days=7)


def order_of(appointment: Appointment) -> Order | None:
    """None for what is no order. No query where it was selected with the appointment."""
    return getattr(appointment, "order", None) if appointment.is_order else None


def latest_request(appointment: Appointment) -> CancelRequest | None:
    """The newest wish to call it off, settled or not. One query, none for what is no order."""
    if not appointment.is_order:
        return None
    return appointment.cancel_requests.order_by("-pk").first()


def may_complain(appointment: Appointment, request: CancelRequest | None, at: datetime) -> bool:
    """Of paid work that is done, for a while, and once. ``request``: the newest one. No query."""
    done_at = appointment.completed_at
    if appointment.status != Status.COMPLETED or done_at is None or not appointment.is_order:
        return False
    if appointment.payment_status != PaymentStatus.PAID or at >= done_at + COMPLAINTS_FOR:
        return False
    return request is None or (not request.is_pending and request.asked_at < done_at)


def pending_requests(appointments: Iterable[Appointment]) -> dict[int, CancelRequest]:
    """By appointment, those that are not settled. One query."""
    ids = [one.pk for one in appointments]
    rows = CancelRequest.objects.pending().filter(appointment__in=ids) if ids else []
    return {one.appointment_id: one for one in rows}


def back_if_agreed(appointment: Appointment, request: CancelRequest) -> Decimal:
    """What of the customer's money comes back should the other side agree. No query."""
    if appointment.payment_status != PaymentStatus.PAID:
        return NOTHING
    if request.side == Side.PROVIDER:
        return appointment.due_now
    return appointment.due_now - cost_of_cancelling(appointment, request.asked_at).amount
